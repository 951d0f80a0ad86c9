"""Daily rows and exports of the same people: the better source counts, the other one reconciles it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, time, timedelta
from typing import Any

import pytest

from local.vendor import SimulatedVendor, Use, World
from shared.app import App
from tests.adoption.asking import Answered, ask, ask_status
from tests.adoption.weekly import FRI_6, FRI_13, FRI_20, MONDAY, address, look, rebuilt, roster
from tests.conftest import MakeApp, TestClock
from tests.jobs.dropping import drop

Serve = Callable[..., SimulatedVendor]
Stage = Callable[..., App]

ADMIN = "claude_code_admin"
TEAM = ("ana", "ben", "cara", "dan")
SINCE, TODAY = date(2026, 10, 19), MONDAY.date()


def working_days(first: date, last: date) -> list[date]:
    days = [first + timedelta(days) for days in range((last - first).days + 1)]
    return [day for day in days if day.weekday() < 5]


def uses(days: Iterable[date], team: Iterable[str] = TEAM, lines: int = 20) -> list[Use]:
    """Everybody's lines at ten in the morning of each of these days, with other tokens on each."""
    return [
        Use.on(
            day,
            address(who),
            "subscription",
            at=time(10),
            sessions=1,
            lines_accepted=lines,
            tokens_input=day.toordinal(),
        )
        for day in days
        for who in team
    ]


def shown(at: str, team: Iterable[str] = TEAM, lines: int = 20) -> dict[str, int]:
    """What an export of that moment shows of those who write so many lines each working day."""
    day = date.fromisoformat(at[:10])
    return dict.fromkeys(team, lines * len(working_days(day.replace(day=1), day)))


@pytest.fixture
def stage(make_app: MakeApp, clock: TestClock, serve: Serve) -> Stage:
    """An app whose vendor knows these uses, on the Monday after three Friday exports."""

    def make(seen: Iterable[Use], exports: Iterable[tuple[str, dict[str, int]]] = ()) -> App:
        clock.at = MONDAY
        world = World.of_uses(list(seen))
        app = make_app(
            serve(world),
            BACKFILL_DAYS="40",
            EXPECTED_ORGANIZATIONS=f"console:{world.organization.id}",
        )
        roster(app, *TEAM)
        for at, counts in exports:
            look(app, at, counts)
        return rebuilt(app)

    return make


FRIDAYS = [(at, shown(at)) for at in (FRI_6, FRI_13, FRI_20)]


def check(answered: Answered, name: str, source: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        one for one in answered.document["trust"]["checks"] if (one["name"], one["source"]) == (name, source)
    )
    return found


def test_daily_rows_of_everybody_answer_by_weeks_whatever_was_exported(stage: Stage) -> None:
    """Example 16: the two ISO weeks, on any activity; the exports are not added to them."""
    answered = ask(stage(uses(working_days(SINCE, TODAY)), FRIDAYS), from_="2026-10-19")
    assert (answered.status, answered.document["granularity"]) == (200, "week")
    week = answered.periods["2026-W47"]
    assert week["figures"]["linesAccepted"]["value"] == 4 * 5 * 20
    answer = answered.document["answer"]
    assert (answer["verdict"], answer["basis"], answer["counts"]["held"]) == ("no", "anyActivity", 4)
    assert check(answered, "reconciliation", ADMIN)["status"] == "pass"
    assert check(answered, "silence", ADMIN)["status"] == "pass"
    assert answered.document["trust"]["state"] == "trusted"


def test_an_export_period_of_daily_rows_ranges_over_the_days_that_it_touches(stage: Stage) -> None:
    """Between two looks the better source still counts: from the whole days inside to the days touched."""
    app = stage(uses(working_days(SINCE, TODAY)), FRIDAYS)
    period = ask(app, granularity="export").document["periods"][-1]
    lines = period["figures"]["linesAccepted"]
    assert (lines["low"], lines["high"]) == (4 * 4 * 20, 4 * 6 * 20)  # 14 to 19, and 13 to 20 November
    assert period["active"]["anyActivity"]["value"] == 4


def test_where_a_daily_source_fell_silent_the_exports_answer(stage: Stage) -> None:
    """Example 29: nothing since Wednesday, and an export shows that work went on: the exports count there."""
    app = stage(uses(working_days(SINCE, date(2026, 11, 17))), FRIDAYS)
    answered = ask(app)
    assert (answered.status, answered.document["granularity"]) == (200, "export")
    period = answered.document["periods"][-1]
    assert period["figures"]["linesAccepted"]["value"] == 4 * 5 * 20
    assert [cover["source"] for cover in period["sources"]] == ["exports"]
    answer = answered.document["answer"]
    assert (answer["verdict"], answer["basis"]) == ("no", "linesAccepted")
    assert answer["counts"]["held"] == 4
    silence = check(answered, "silence", ADMIN)
    assert silence["status"] == "fail"
    assert "2026-11-18" in silence["seen"]
    for source in (ADMIN, "exports"):
        assert check(answered, "reconciliation", source)["status"] == "warn"
    assert answered.document["trust"]["state"] == "partial"


def test_exports_that_show_more_than_the_days_are_a_disagreement(stage: Stage) -> None:
    """The better source counts, and the other one is heard: both figures, and how to settle it."""
    tenfold = [(at, shown(at, lines=200)) for at in (FRI_6, FRI_13, FRI_20)]
    answered = ask(stage(uses(working_days(SINCE, TODAY)), tenfold))
    assert answered.periods["2026-W47"]["figures"]["linesAccepted"]["value"] == 4 * 5 * 20
    found = check(answered, "reconciliation", ADMIN)
    assert found["status"] == "warn"
    assert "4000 lines by the exports and 240 to 560 lines" in found["seen"]
    assert found["action"]
    assert answered.document["trust"]["state"] == "partial"


def test_a_silence_that_no_export_contradicts_is_only_doubted(stage: Stage) -> None:
    """Example 30: nothing since Wednesday and no export: silence warns, and the weeks before stand."""
    answered = ask(stage(uses(working_days(SINCE, date(2026, 11, 17)))))
    assert check(answered, "silence", ADMIN)["status"] == "warn"
    assert answered.document["trust"]["state"] == "partial"
    assert answered.periods["2026-W46"]["figures"]["linesAccepted"]["value"] == 4 * 5 * 20


def test_a_holidays_file_makes_a_free_week_believable(stage: Stage) -> None:
    """Days that an admin's file calls free are no silence, from the next rebuild on."""
    app = stage(uses(working_days(SINCE, date(2026, 11, 17))))
    text = "date,name\n" + "".join(f"2026-11-{day},Founders' days\n" for day in range(18, 24))
    assert drop(app, "2026-11-01/holidays.csv", text.encode()).state == "accepted"
    answered = ask(rebuilt(app))
    assert check(answered, "silence", ADMIN)["status"] == "pass"
    assert answered.periods["2026-W47"]["figures"]["linesAccepted"]["value"] == 4 * 2 * 20
    assert ask_status(app).document["sources"][0]["coverage"][-2]["state"] == "empty_expected"


def test_a_rerun_notes_nothing_new(stage: Stage) -> None:
    """Nothing changed: the exports' manifest is not written again."""
    app = stage(uses(working_days(SINCE, TODAY)), FRIDAYS)
    before = app.exports.read().etag
    rebuilt(app)
    assert app.exports.read().etag == before


# --- first use ---------------------------------------------------------------------------------


def test_who_is_on_a_later_roster_counts_from_first_use_in_any_source(stage: Stage) -> None:
    """The newcomer's daily rows came before the roster that names her: she is on it from her first row."""
    app = stage(uses(working_days(SINCE, TODAY), (*TEAM, "eve")))
    assert ask(app).periods["2026-W45"]["of"] == 4
    roster(app, *TEAM, "eve", "fay", day="2026-11-20")
    answered = ask(rebuilt(app))
    assert [answered.periods[week]["of"] for week in ("2026-W44", "2026-W45", "2026-W46")] == [5, 5, 5]
    assert answered.periods["2026-W47"]["of"] == 6


def test_first_use_is_found_again_when_older_days_arrive(stage: Stage) -> None:
    """An older look that shows the newcomer moves her first day back, in rows that it does not touch."""
    app = stage([])
    for at, counts in FRIDAYS:
        look(app, at, counts)
    roster(app, *TEAM, "eve", day="2026-11-18")
    assert ask(rebuilt(app), granularity="export").document["periods"][-2]["of"] == 4
    look(app, "2026-10-30T16:00Z", {"eve": 30})
    assert ask(rebuilt(app), granularity="export").document["periods"][-2]["of"] == 5


# --- canaries ----------------------------------------------------------------------------------


def test_a_canary_that_a_source_stops_showing_is_missed(stage: Stage) -> None:
    """Cara worked every day, and for a week the API has shown everybody but her."""
    days = working_days(SINCE, TODAY)
    gone = date(2026, 11, 16)
    seen = [*uses(days, ("ana", "ben")), *uses([day for day in days if day < gone], ("cara",))]
    app = stage(seen)
    assert check(ask(app), "humans-present", ADMIN)["status"] == "pass"
    for canaries, status in (("ana", "pass"), ("cara", "warn")):
        text = f"email\n{address(canaries)}\n".encode()
        assert drop(app, f"2026-11-{20 + (canaries == 'cara')}/canaries.csv", text).state == "accepted"
        assert check(ask(rebuilt(app)), "humans-present", ADMIN)["status"] == status
