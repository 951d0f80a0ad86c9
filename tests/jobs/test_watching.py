"""What the timer says of its own accord: that something is overdue, and that trust has changed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.vendor import SimulatedVendor
from shared.app import App
from shared.jobs.refresh import refresh
from tests.adoption.asking import ask, ask_status
from tests.adoption.weekly import look
from tests.conftest import MakeApp, TestClock
from tests.hearing import heard
from tests.jobs.stage import instance
from tests.store.wire import Watch, etags

OURS = "0f5e2e7a-6c1e-4f0e-9a55-6f0d3f6f2b11"
TOLD = ("trust.changed", "export.overdue", "month-final.missing", "overdue.ended")

Events = Callable[[], list[dict[str, Any]]]
Serve = Callable[..., SimulatedVendor]


@pytest.fixture
def events(caplog: pytest.LogCaptureFixture) -> Iterator[Events]:
    """What was said since this was asked last."""

    def said() -> list[dict[str, Any]]:
        return [one for one in heard(caplog) if one["event"] in TOLD]

    with caplog.at_level(logging.INFO, "scoreboard"):
        yield said


def exported(app: App, at: str, count: int, *, month: str = "") -> None:
    look(app, at, {"ana": count, "ben": count}, month=month, of=OURS)


def names(said: list[dict[str, Any]]) -> list[str]:
    return [one["event"] for one in said]


def trust(said: list[dict[str, Any]]) -> tuple[str | None, str]:
    (one,) = (one for one in said if one["event"] == "trust.changed")
    return one["from"], one["to"]


def check(app: App, name: str) -> dict[str, Any]:
    found = ask(app).document["trust"]["checks"]
    return next(one for one in found if (one["name"], one["source"]) == (name, "exports"))


def test_what_is_overdue_is_said_once_a_day_until_it_comes(
    make_app: MakeApp, clock: TestClock, events: Events
) -> None:
    """A month's file and a weekly export, each with the step that status and trust name, too. Trust changes
    both ways, and a change is said once. A run that finds nothing new says nothing and writes its record."""
    clock.at = datetime(2026, 10, 30, 17, tzinfo=UTC)
    app = make_app(EXPECTED_ORGANIZATIONS=f"claude_ai:{OURS}")
    for day, count in ((16, 10), (23, 20), (30, 30)):
        exported(app, f"2026-10-{day}T16:00Z", count)

    def later(**by: float) -> list[dict[str, Any]]:
        clock.move(**by)
        refresh(app, "timer")
        return events()

    said = later(hours=0)
    assert (names(said), trust(said)) == (["trust.changed"], (None, "trusted"))
    assert ask_status(app).document["overdue"] == []

    clock.at = datetime(2026, 11, 6, 16, tzinfo=UTC)
    exported(app, "2026-11-06T16:00Z", 5)
    said = later(hours=1)  # October's file is missing, and its day of grace runs
    assert (names(said), trust(said)) == (["trust.changed"], ("trusted", "partial"))
    (warned,) = said[0]["checks"]
    assert (warned["name"], warned["source"], warned["status"]) == ("coverage", "exports", "warn")
    assert later(hours=23) == []

    (said_of_month,) = later(hours=1)
    assert (said_of_month["event"], said_of_month["month"]) == ("month-final.missing", "2026-10")
    assert said_of_month["since"] == "2026-11-07T16:00:00Z"
    assert said_of_month["action"].startswith("Export October's file again now, and drop it in drop/2026-11-")
    told = [ask_status(app).document["overdue"][0]["action"], check(app, "coverage")["action"]]
    assert told == [said_of_month["action"]] * 2
    assert later(hours=6) == []
    assert names(later(hours=1)) == ["month-final.missing"]  # another day has begun

    clock.move(hours=9)
    exported(app, "2026-11-08T09:00Z", 35, month="2026-10")
    said = later(hours=1)
    assert (names(said), trust(said)) == (["trust.changed", "overdue.ended"], ("partial", "trusted"))
    assert said[1]["of"] == "claude_code_team 2026-10"

    clock.at = datetime(2026, 11, 14, 15, 30, tzinfo=UTC)
    assert later(minutes=30) == []
    said = later(minutes=1)
    assert (names(said), trust(said)) == (["trust.changed", "export.overdue"], ("trusted", "partial"))
    assert said[1]["dashboard"] == "claude_code_team"
    told = [ask_status(app).document["overdue"][0]["action"], check(app, "freshness")["action"]]
    assert told == [said[1]["action"]] * 2

    before = etags(app.storage)
    watch = Watch()
    refresh(instance(app, watch), "timer")
    assert events() == []
    after = etags(app.storage)
    assert [key[0] for key in after if after[key] != before.get(key)] == ["runs"]

    clock.move(hours=1)
    exported(app, "2026-11-14T17:00Z", 9)
    said = later(hours=1)
    assert (names(said), trust(said)) == (["trust.changed", "overdue.ended"], ("partial", "trusted"))
    assert said[1]["of"] == "claude_code_team"


def test_a_live_source_of_everybody_reminds_nobody_of_an_export(
    make_app: MakeApp, clock: TestClock, serve: Serve, events: Events
) -> None:
    """An export that was dropped once is not waited for; and a first run says how far it can be trusted."""
    app = make_app(serve("honest"), BACKFILL_DAYS="30")
    look(app, "2026-11-05T16:00Z", {"ana": 10})
    refresh(app, "timer")
    assert trust(events())[0] is None
    clock.at += timedelta(days=1)
    refresh(app, "timer")
    assert "export.overdue" not in names(events())
    assert ask_status(app).document["overdue"] == []
