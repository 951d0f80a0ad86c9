"""Laws of liveness."""

from __future__ import annotations

import json

from shared import __version__
from shared.api.health import get_health
from shared.api.responses import Request


def test_liveness_says_nothing_but_the_version() -> None:
    """Liveness carries no data and no secret, and nobody keeps it."""
    response = get_health(Request("GET"), demo=False)
    assert response.status == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert json.loads(response.body) == {"status": "ok", "version": __version__}


def test_a_demo_says_so() -> None:
    """Each response of a demo says that it is one."""
    assert json.loads(get_health(Request("GET"), demo=True).body)["demo"] is True
