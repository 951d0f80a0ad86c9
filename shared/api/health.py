"""Liveness: that this process answers, and which version it is.

No data, no secrets, no storage, no sign-in.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from shared import __version__
from shared.api.parameters import no_query
from shared.api.responses import Request, Response, uncached_response


class Health(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """What ``GET /api/health`` says."""

    status: Literal["ok"]
    version: str
    demo: bool = False


def get_health(request: Request, *, demo: bool) -> Response:
    """200 for as long as there is a process to say so. Needs no settings, so bad ones do not hide it."""
    no_query(request.params)
    return uncached_response(Health(status="ok", version=__version__, demo=demo))
