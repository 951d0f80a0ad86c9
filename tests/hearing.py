"""What a test hears of the app: the events in its log."""

from __future__ import annotations

import json
from typing import Any

import pytest


def heard(caplog: pytest.LogCaptureFixture, beginning: str = "") -> list[dict[str, Any]]:
    """The events told since this was asked last, of those whose names begin so."""
    told = [json.loads(one.message) for one in caplog.records if one.name == "scoreboard"]
    caplog.clear()
    return [one for one in told if one["event"].startswith(beginning)]
