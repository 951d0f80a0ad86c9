"""Vendors to ask, and a client that asks them as the contract wants it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest

from local.vendor import SimulatedVendor
from tests.local.vendor.asking import Client

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)  # a Monday, 03:00: last week is settled

StartVendor = Callable[..., tuple[SimulatedVendor, Client]]


@pytest.fixture
def start() -> Iterator[StartVendor]:
    """Starts a vendor, as of `NOW` unless told otherwise, and a client of it; both end with the test."""
    with ExitStack() as open_things:

        def start(world: Any = "honest", **told: Any) -> tuple[SimulatedVendor, Client]:
            vendor = open_things.enter_context(SimulatedVendor(world, **{"now": NOW, **told}))
            return vendor, open_things.enter_context(Client(vendor.url, vendor.key))

        yield start


@pytest.fixture(scope="session")
def honest() -> Iterator[tuple[SimulatedVendor, Client]]:
    """The honest world, for tests that only read it."""
    with SimulatedVendor("honest", now=NOW) as vendor, Client(vendor.url, vendor.key) as client:
        yield vendor, client
