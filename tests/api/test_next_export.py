"""What an admin is told to export next: of the moment at which it is asked, whenever the rows were made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.app import App
from tests.adoption.asking import ask, ask_status
from tests.adoption.weekly import FRI_6, FRI_13, MONDAY, look, rebuilt, two_weeks
from tests.conftest import MakeApp, TestClock


@pytest.fixture
def app(make_app: MakeApp, clock: TestClock) -> App:
    clock.at = MONDAY
    return make_app()


def answer(app: App) -> dict[str, Any]:
    found: dict[str, Any] = ask(app).document["answer"]
    return found


def check(document: dict[str, Any], name: str) -> dict[str, Any]:
    checks = document.get("checks") or document["trust"]["checks"]
    return next(one for one in checks if (one["name"], one["source"]) == (name, "exports"))


def test_the_advice_moves_on_with_the_clock_alone(app: App, clock: TestClock) -> None:
    """Nothing is stored between these readings: Friday is ahead, then it is now, then it is past."""
    clock.at = datetime(2026, 11, 18, 9, tzinfo=UTC)
    for at, count in ((FRI_6, 100), (FRI_13, 200), ("2026-11-17T16:00Z", 300)):
        look(app, at, {"ana": count})
    rebuilt(app)
    assert answer(app)["action"].startswith("Export again on Friday 20 November 2026 at about 16:10 UTC")
    clock.at = datetime(2026, 11, 20, 18, tzinfo=UTC)
    assert answer(app)["action"].startswith("Export again now, before 04:10 UTC on Saturday 21 November")
    clock.at = datetime(2026, 11, 21, 9, tzinfo=UTC)
    assert answer(app)["action"].startswith("Export again on Tuesday 24 November 2026")
    clock.at = datetime(2026, 11, 30, 9, tzinfo=UTC)
    assert "drop/2026-11-30/" in answer(app)["action"]


def test_a_team_that_exports_every_friday_has_an_answer_each_week(app: App, clock: TestClock) -> None:
    """With each finished month's file it has one every Friday, and is told the next export every day."""
    fridays = [datetime(2026, 10, 16, 16, tzinfo=UTC) + timedelta(days=7 * week) for week in range(8)]
    finals = {
        datetime(2026, 11, 2, 9, tzinfo=UTC): "2026-10",
        datetime(2026, 12, 2, 9, tzinfo=UTC): "2026-11",
    }
    count, answers, advised = 0, [], []
    for at in sorted([*fridays, *finals]):
        clock.at = at
        count = 10 if at in fridays and at.day <= 7 else count + 10
        look(app, f"{at:%Y-%m-%dT%H:%MZ}", {"ana": count}, month=finals.get(at, ""))
        said = answer(rebuilt(app))
        advised.append(said["action"].partition(":")[0].partition(" and drop")[0])
        if at in fridays:
            answers.append(said["verdict"])
    assert answers[:2] == ["unknown", "unknown"]
    assert "unknown" not in answers[2:]
    assert advised[:5] == [
        "Export again on Friday 23 October 2026 at about 16",
        "Export again on Friday 30 October 2026 at about 16",
        "Export October's file again on Monday 2 November 2026 or later,",
        "Export again on Friday 6 November 2026 at about 16",
        "Export again on Friday 13 November 2026 at about 16",
    ]


def test_the_missing_month_is_named_until_its_file_is_there(app: App, clock: TestClock) -> None:
    """With its folder and the period that it settles; then the next Friday is."""
    clock.at = datetime(2026, 11, 9, 12, tzinfo=UTC)
    for at, count in (("2026-10-23T16:00Z", 10), ("2026-10-30T16:00Z", 20), (FRI_6, 5)):
        look(app, at, {"ana": count})
    said = answer(rebuilt(app))
    assert said["verdict"] == "unknown"
    assert said["action"].startswith(
        "Export October's file again now, and drop it in drop/2026-11-09/: it settles Friday 30 October to "
        "Friday 6 November."
    )
    assert "last evening" in said["action"]
    look(app, "2026-11-09T10:00Z", {"ana": 24}, month="2026-10")
    assert answer(rebuilt(app))["action"].startswith("Export again on Friday 13 November 2026")


def test_days_are_those_of_the_admins_zone(make_app: MakeApp, clock: TestClock) -> None:
    """East of UTC a finished month's file is final from the 3rd, and the setting acts without a rebuild."""
    clock.at = datetime(2026, 10, 31, 9, tzinfo=UTC)
    app = make_app()
    for day, count in ((16, 10), (23, 20), (30, 30)):
        look(app, f"2026-10-{day}T15:00Z", {"ana": count})
    rebuilt(app)
    assert "on Monday 2 November 2026 or later" in answer(app)["action"]
    berlin = make_app(EXPORT_TIMEZONE="Europe/Berlin")
    assert "on Tuesday 3 November 2026 (Europe/Berlin) or later" in answer(berlin)["action"]
    hasty = make_app(EXPORT_LAG_HOURS="0")
    assert "on Sunday 1 November 2026 or later" in answer(hasty)["action"]


def test_stored_periods_name_no_day_to_export_on(app: App) -> None:
    """What is kept with a period is kept for ever: a day in it would be past when it is read."""
    look(app, "2026-10-20T16:00Z", {"ana": 50})
    two_weeks(app, {"ana": 100}, {"ana": 120})
    rows = [
        *app.periods.read("export", MONDAY - timedelta(days=60), MONDAY),
        *app.periods.read("week", MONDAY - timedelta(days=60), MONDAY),
    ]
    actions = [row.answer.action for row in rows if row.answer.action]
    assert actions
    assert all(action.startswith("Export October's file again: it settles") for action in actions)
    stored = app.periods.read_answer()
    assert stored is not None
    assert stored.answer.action is None
    assert answer(app)["action"].startswith("Export again on Friday 27 November 2026")


def test_every_place_that_advises_says_the_same(app: App, clock: TestClock) -> None:
    """An answer that grew too old, the freshness of the exports here and in the status: one look is named."""
    two_weeks(app, {"ana": 100}, {"ana": 120})
    clock.at = datetime(2026, 12, 7, 9, tzinfo=UTC)
    said = ask(app).document
    assert "16 days ago" in said["answer"]["reason"]
    assert said["answer"]["action"].startswith("Export again now, and drop it in drop/2026-12-07/")
    freshness = check(said, "freshness")
    assert (freshness["status"], freshness["action"]) == ("fail", said["answer"]["action"])
    assert check(ask_status(app).document, "freshness") == freshness


def test_who_has_nothing_yet_is_told_the_first_export(app: App) -> None:
    """Where exports are the only way there is."""
    refused = ask(app)
    assert (refused.status, refused.document["type"]) == (409, "/problems/no-data-yet")
    assert refused.document["action"].startswith(
        "Export the current month's team table now, and drop it in drop/"
    )
