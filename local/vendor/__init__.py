"""A simulated vendor: the APIs of the contracts, over a history whose truth is known.

It imports nothing from the app. `python -m local.vendor --help` lists the worlds; tests use
`SimulatedVendor`.
"""

from local.vendor.amounts import Amounts
from local.vendor.enterprise import ANALYTICS_KEY, REVOKED_ANALYTICS_KEY, Enterprise
from local.vendor.misbehaviour import KINDS, Misbehaviour
from local.vendor.truth import Truth
from local.vendor.usage import Use
from local.vendor.vendor import LoggedRequest, SimulatedVendor
from local.vendor.world import ADMIN_KEY, REVOKED_KEY, World
from local.vendor.worlds import DEFAULT_WORLD, build_world, worlds

__all__ = [
    "ADMIN_KEY",
    "ANALYTICS_KEY",
    "DEFAULT_WORLD",
    "KINDS",
    "REVOKED_ANALYTICS_KEY",
    "REVOKED_KEY",
    "Amounts",
    "Enterprise",
    "LoggedRequest",
    "Misbehaviour",
    "SimulatedVendor",
    "Truth",
    "Use",
    "World",
    "build_world",
    "worlds",
]
