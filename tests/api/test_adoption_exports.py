"""Worked examples on exports, from the drop container to the reader's body."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from local.vendor import SimulatedVendor, Use, World
from shared.app import App
from tests.adoption.asking import Answered, ask
from tests.adoption.weekly import (
    FRI_6,
    FRI_13,
    FRI_20,
    MONDAY,
    TEAM,
    address,
    lines,
    look,
    name_of,
    rebuilt,
    roster,
    two_weeks,
)
from tests.conftest import MakeApp, TestClock
from tests.jobs.dropping import drop

Serve = Callable[..., SimulatedVendor]

OURS = "c2d90e4e-8f5b-4b7e-a1a6-3f0b9d7c2e55"


@pytest.fixture
def app(make_app: MakeApp, clock: TestClock) -> App:
    clock.at = MONDAY
    return make_app()


def of_exports(app: App, **params: str) -> Answered:
    answered = ask(app, granularity="export", **params)
    assert answered.status == 200, answered.text
    return answered


def newest(answered: Answered) -> dict[str, Any]:
    found: dict[str, Any] = answered.document["periods"][-1]
    return found


def row(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts of the answer without the zeros."""
    return {name: count for name, count in counts.items() if count}


def range_of(figure: Mapping[str, Any]) -> tuple[Any, Any]:
    return figure["low"], figure["high"]


# --- from looks to figures ---------------------------------------------------------------------


def test_between_two_looks_a_figure_is_exact(app: App) -> None:
    """Example 1: both edges are looks, and who was not listed before counts 0."""
    look(app, FRI_6, {"ana": 1000, "ben": 200})
    look(app, FRI_13, {"ana": 1600, "ben": 200, "cara": 50})
    period = newest(of_exports(rebuilt(app)))
    assert period["label"] == "2026-11-06T16:00Z/2026-11-13T16:10Z"
    assert (period["basis"], period["active"]["linesAccepted"]["value"]) == ("linesAccepted", 2)
    assert period["figures"]["linesAccepted"]["value"] == 650
    assert (period["completeness"], period["closed"]) == ("complete", True)


def test_weekly_exports_do_not_settle_weeks(app: App) -> None:
    """Example 2: an ISO week between Friday exports is a range, and is not served as exact."""
    for at, count in ((FRI_6, 1000), (FRI_13, 1600), (FRI_20, 2500)):
        look(app, at, {"ana": count})
    rebuilt(app)
    week = ask(app, granularity="week").periods["2026-W46"]
    assert range_of(week["figures"]["linesAccepted"]) == (0, 1500)
    assert week["figures"]["linesAccepted"]["value"] is None
    assert (week["completeness"], week["answer"]["verdict"]) == ("incomplete", "unknown")


def test_a_finished_months_file_makes_the_period_over_its_end_exact(app: App) -> None:
    """Example 4: October's file of the 2nd tells the month's last day and a half."""
    look(app, "2026-10-30T16:00Z", {"ana": 5000})
    look(app, "2026-11-02T09:00Z", {"ana": 5300}, month="2026-10")
    look(app, FRI_6, {"ana": 700})
    period = newest(of_exports(rebuilt(app)))
    assert period["label"] == "2026-10-30T16:00Z/2026-11-06T16:00Z"
    assert period["figures"]["linesAccepted"]["value"] == 1000


def test_without_it_the_period_has_no_high_and_the_file_is_asked_for(app: App) -> None:
    """Example 5: [700, null], and the period says which file settles it."""
    look(app, "2026-10-23T16:00Z", {"ana": 4000})
    look(app, "2026-10-30T16:00Z", {"ana": 5000})
    look(app, FRI_6, {"ana": 700})
    answered = of_exports(rebuilt(app))
    assert range_of(newest(answered)["figures"]["linesAccepted"]) == (700, None)
    assert newest(answered)["answer"]["action"].startswith(
        "Export October's file again: it settles Friday 30 October to Friday 6 November."
    )


def test_a_look_on_the_months_last_evening_brings_the_low_closer_and_no_high(app: App) -> None:
    """Example 5 where October can no longer be exported: 900 at least, and nothing bounds its last hours."""
    look(app, "2026-10-30T16:00Z", {"ana": 5000})
    look(app, "2026-10-31T22:00Z", {"ana": 5200})
    look(app, FRI_6, {"ana": 700})
    period = newest(of_exports(rebuilt(app)))
    assert period["label"] == "2026-10-30T16:00Z/2026-11-06T16:00Z"
    assert range_of(period["figures"]["linesAccepted"]) == (900, None)


def test_a_small_fall_is_the_vendors_correction(app: App) -> None:
    """Example 6: two lines fewer are 0, not a contradiction."""
    look(app, FRI_13, {"ana": 1600, "ben": 5})
    look(app, FRI_20, {"ana": 1598, "ben": 5})
    answered = of_exports(rebuilt(app))
    assert newest(answered)["figures"]["linesAccepted"]["value"] == 0
    assert answered.statuses["reconciliation"] == "pass"


@pytest.mark.parametrize("later", [{"ana": 1400, "ben": 200}, {"ana": 1600}])
def test_a_fall_or_a_vanished_person_is_unknown_and_both_files_are_named(
    app: App, later: Mapping[str, int]
) -> None:
    """Examples 7 and 8: what two files contradict is unknown, and reconciliation names both."""
    first = look(app, FRI_13, {"ana": 1600, "ben": 200})
    second = look(app, FRI_20, later)
    answered = of_exports(rebuilt(app))
    period = newest(answered)
    assert range_of(period["figures"]["linesAccepted"]) == (0, None)
    assert range_of(period["active"]["linesAccepted"]) == (0, 1)
    check = next(one for one in answered.document["trust"]["checks"] if one["name"] == "reconciliation")
    assert check["status"] == "warn"
    assert first.receipt_id in check["seen"]
    assert second.receipt_id in check["seen"]
    assert answered.document["trust"]["state"] == "partial"


def test_dropped_twice_is_as_if_dropped_once(app: App) -> None:
    """Example 12: one look, and two of the three receipts say duplicate."""
    look(app, FRI_6, {"ana": 1000})
    name, content = name_of("2026-11"), lines({"ana": 1600})
    moment = {"as_of": "2026-11-13T16:10+00:00"}
    states = [drop(app, name, each, moment).state for each in (content, content)]
    states.append(drop(app, name, content.replace(b"\n", b"\r\n"), moment).state)
    assert states == ["accepted", "duplicate", "duplicate"]
    assert newest(of_exports(rebuilt(app)))["figures"]["linesAccepted"]["value"] == 600


def test_a_quiet_week_is_evidence(app: App) -> None:
    """Example 12a: the same bytes under a new day's folder are 0 for everybody."""
    drop(app, f"2026-11-13/{name_of('2026-11')}", lines({"ana": 1600}))
    assert drop(app, f"2026-11-20/{name_of('2026-11')}", lines({"ana": 1600})).state == "accepted"
    period = newest(of_exports(rebuilt(app)))
    assert period["figures"]["linesAccepted"]["value"] == 0
    assert period["active"]["linesAccepted"]["value"] == 0


def test_the_same_bytes_without_a_date_prove_nothing(app: App, clock: TestClock) -> None:
    """Example 12b: a duplicate, whose receipt says how to say that it is a quiet week."""
    clock.at = max(clock.at, datetime.now(UTC) + timedelta(minutes=1))  # storage itself dates the second
    drop(app, f"2024-01-12/{name_of('2024-01')}", lines({"ana": 1600}))
    again = drop(app, name_of("2024-01"), lines({"ana": 1600}))
    assert again.state == "duplicate"
    assert "12 January 2024" in again.notes[-1]
    assert f"drop it under {clock.at.date()}/" in again.notes[-1]
    assert len(app.exports.read().manifest.looks) == 1


def test_another_months_file_is_refused_and_moves_no_figure(app: App) -> None:
    """Example 12d: five of eight people below the file before are no week's work."""
    look(app, FRI_6, dict.fromkeys(TEAM, 100))
    look(app, FRI_13, dict.fromkeys(TEAM, 400))
    before = of_exports(rebuilt(app)).document["periods"]
    falls = {name: 200 if name in "abcde" else 500 for name in TEAM}
    assert look(app, FRI_20, falls).state == "refused"
    answered = of_exports(rebuilt(app))
    assert answered.document["periods"] == before
    assert answered.statuses["reconciliation"] == "warn"


# --- comparable or not -------------------------------------------------------------------------


def test_fridays_are_compared_and_the_missed_minutes_widen_the_threshold(app: App) -> None:
    """Example 13: gained begins at +11.25 %, so 111 after 100 is held and 112 is not."""
    two_weeks(app, {"ana": 1000, "ben": 1000}, {"ana": 1112, "ben": 1113})
    answer = of_exports(app).document["answer"]
    assert answer["verdict"] == "yes"
    assert row(answer["counts"]) == {"activeBefore": 2, "active": 2, "held": 1, "gained": 1}
    assert answer["period"]["start"] == answer["previous"]["end"]


def test_a_look_in_between_ends_a_period_that_no_answer_uses(app: App) -> None:
    """Example 14: 6 → 13 → 20 is the chain, whatever was exported on the 19th."""
    look(app, FRI_6, {"ana": 100})
    look(app, FRI_13, {"ana": 200})
    look(app, "2026-11-19T16:00Z", {"ana": 250})
    look(app, FRI_20, {"ana": 350})
    answered = of_exports(rebuilt(app))
    assert list(answered.periods) == [
        "2026-11-01T00:00Z/2026-11-06T16:00Z",
        "2026-11-06T16:00Z/2026-11-13T16:10Z",
        "2026-11-13T16:10Z/2026-11-20T15:50Z",
    ]
    assert [one.period.label for one in app.periods.read("export", MONDAY - timedelta(9), MONDAY)] == [
        "2026-11-13T16:10Z/2026-11-19T16:00Z",
        "2026-11-13T16:10Z/2026-11-20T15:50Z",
    ]


def test_an_irregular_team_is_told_the_export_that_helps_most(app: App, clock: TestClock) -> None:
    """Example 15: nothing is comparable, and an export on Friday 20 November would change that."""
    clock.at = datetime(2026, 11, 18, 9, tzinfo=UTC)
    for at, count in ((FRI_6, 100), (FRI_13, 200), ("2026-11-17T16:00Z", 300)):
        look(app, at, {"ana": count})
    rebuilt(app)
    for answered in (ask(app), of_exports(app)):
        answer = answered.document["answer"]
        assert answer["verdict"] == "unknown"
        assert "Friday 20 November" in answer["action"]


def test_fortnights_stand_for_weeks_where_a_newer_look_needs_them(app: App, clock: TestClock) -> None:
    """Example 15b: 13 → 27 November with 27 November → 11 December, and the sentence says 14 days."""
    clock.at = datetime(2026, 12, 14, 12, tzinfo=UTC)
    look(app, FRI_6, {"ana": 100})
    look(app, FRI_13, {"ana": 200})
    look(app, "2026-11-27T16:00Z", {"ana": 400})
    look(app, "2026-12-02T09:00Z", {"ana": 450}, month="2026-11")
    look(app, "2026-12-11T16:00Z", {"ana": 300})
    answer = of_exports(rebuilt(app)).document["answer"]
    assert (answer["previous"]["start"], answer["period"]["end"]) == (
        "2026-11-13T16:10:00Z",
        "2026-12-11T16:00:00Z",
    )
    assert "(14 days)" in answer["sentence"]
    assert answer["verdict"] == "yes"


def test_populations_add_and_a_straddling_day_counts_once(
    make_app: MakeApp, clock: TestClock, serve: Serve
) -> None:
    """Example 16a: two API users by day and six exports' people: two export periods, each Friday once."""
    clock.at = MONDAY
    week = [date(2026, 10, 26) + timedelta(days) for days in range(28)]
    world = World.of_uses(
        [
            Use.on(day, address(who), "api", at=time(10), sessions=1, lines_accepted=100)
            for day in week
            for who in ("x", "y")
        ]
    )
    app = make_app(serve(world), BACKFILL_DAYS="30")
    two_weeks(app, dict.fromkeys("abcdef", 100), dict.fromkeys("abcdef", 300))
    period = newest(of_exports(app))
    # 6 subscription users × 300; each API user: 6 whole days inside, 8 days touched.
    assert range_of(period["figures"]["linesAccepted"]) == (1800 + 2 * 600, 1800 + 2 * 800)
    assert period["active"]["linesAccepted"]["value"] == 8
    answer = ask(app).document["answer"]
    assert (answer["basis"], answer["verdict"]) == ("linesAccepted", "yes")
    assert row(answer["counts"]) == {"activeBefore": 8, "active": 8, "gained": 6, "held": 2}


# --- the answer --------------------------------------------------------------------------------

Lines = Mapping[str, tuple[int, int]]


def answer_for(app: App, lines: Lines, *rows: str) -> dict[str, Any]:
    roster(app, *(rows or TEAM))
    two_weeks(app, {a: b for a, (b, _) in lines.items()}, {a: b for a, (_, b) in lines.items()})
    found: dict[str, Any] = ask(app).document["answer"]
    return found


@pytest.mark.parametrize(
    ("added", "verdict", "counts"),
    [
        pytest.param(
            {
                "a": (100, 150),
                "b": (200, 205),
                "c": (300, 200),
                "d": (400, 0),
                "e": (500, 700),
                "f": (0, 50),
                "g": (0, 10),
                "h": (0, 0),
            },
            "yes",
            {
                "activeBefore": 5,
                "active": 6,
                "started": 2,
                "gained": 2,
                "held": 1,
                "declined": 1,
                "stopped": 1,
            },
            id="18",
        ),
        pytest.param(
            {"a": (100, 300), "b": (100, 300), "c": (100, 300), "d": (100, 0)},
            "mixed",
            {"activeBefore": 4, "active": 3, "gained": 3, "stopped": 1},
            id="19",
        ),
        pytest.param(
            {"a": (100, 100), "b": (200, 200), "c": (300, 300)},
            "no",
            {"activeBefore": 3, "active": 3, "held": 3},
            id="20",
        ),
        pytest.param(
            {"a": (100, 20), "b": (200, 90), "c": (0, 5), "d": (0, 5)},
            "mixed",
            {"activeBefore": 2, "active": 4, "started": 2, "declined": 2},
            id="21",
        ),
        pytest.param(
            {"a": (100, 90), "b": (100, 110)}, "no", {"activeBefore": 2, "active": 2, "held": 2}, id="25"
        ),
    ],
)
def test_the_verdicts_worked_by_hand(app: App, added: Lines, verdict: str, counts: Mapping[str, int]) -> None:
    """Examples 18 to 21 and 25, each as three Friday exports and a roster of eight."""
    answer = answer_for(app, added)
    assert (answer["verdict"], row(answer["counts"])) == (verdict, counts)
    assert "of 8 engineers" in answer["sentence"]


def test_a_verdict_that_every_value_in_the_ranges_gives_stands(app: App) -> None:
    """Example 22: f is new where z vanished and may be z, so [0, 50]; the answer is yes all the same."""
    roster(app, *TEAM)
    before = {"a": 100, "b": 200, "c": 300, "d": 400, "e": 500}
    start = dict.fromkeys("abcdegh", 1000)
    middle = {who: count + before.get(who, 0) for who, count in start.items()}
    after = {"a": 150, "b": 205, "c": 200, "e": 700, "g": 10}
    look(app, FRI_6, {**start, "z": 1})
    look(app, FRI_13, {**middle, "z": 1})
    look(app, FRI_20, {**{who: count + after.get(who, 0) for who, count in middle.items()}, "f": 50})
    answer = ask(rebuilt(app)).document["answer"]
    assert answer["verdict"] == "yes"
    assert answer["counts"] is None
    assert answer["ranges"]["active"] == {"low": 5, "high": 6}
    assert answer["ranges"]["started"] == {"low": 1, "high": 2}


def test_ranges_that_allow_two_verdicts_leave_it_unknown_and_name_the_file(
    app: App, clock: TestClock
) -> None:
    """Example 23: no at one end and yes at the other, and October's file settles it."""
    clock.at = datetime(2026, 11, 9, 12, tzinfo=UTC)
    roster(app, *TEAM)
    look(app, "2026-10-23T16:00Z", {"a": 1000, "b": 1000})
    look(app, "2026-10-30T16:00Z", {"a": 1100, "b": 1100})
    look(app, FRI_6, {"a": 90, "b": 100})
    answer = ask(rebuilt(app)).document["answer"]
    assert answer["verdict"] == "unknown"
    assert "October's file" in answer["action"]
    look(app, "2026-11-02T09:00Z", {"a": 1140, "b": 1100}, month="2026-10")
    assert ask(rebuilt(app)).document["answer"]["verdict"] == "yes"


def test_a_joiner_is_beside_the_verdict(app: App) -> None:
    """Example 24: flat among the eight, and one active joiner."""
    answer = answer_for(
        app, {"a": (100, 100), "b": (200, 200), "c": (300, 300), "x": (0, 900)}, *TEAM, "x,2026-11-16"
    )
    assert (answer["verdict"], row(answer["counts"])) == ("no", {"activeBefore": 3, "active": 3, "held": 3})
    assert answer["joiners"] == {"low": 1, "high": 1}
    assert answer["sentence"].startswith("No, flat: 3 of 8 engineers")


def test_usage_off_the_roster_is_in_the_totals_and_never_within_n_of_eight(app: App) -> None:
    """A stranger's lines count, and the stranger does not."""
    answer_for(app, {"a": (100, 100), "stranger": (50, 70)})
    period = newest(of_exports(app))
    assert period["figures"]["linesAccepted"]["value"] == 170
    assert (period["active"]["linesAccepted"]["value"], period["of"]) == (1, 8)


# --- trust -------------------------------------------------------------------------------------


@pytest.mark.parametrize("world", ["api-only", "trap"])
def test_a_dead_key_beside_good_exports_is_shown_and_shouts_at_nobody(
    make_app: MakeApp, clock: TestClock, serve: Serve, world: str
) -> None:
    """Example 33: answered from the exports; the key's failing checks do not lower the state."""
    clock.at = MONDAY
    vendor = serve(world)
    ours = "0f5e2e7a-6c1e-4f0e-9a55-6f0d3f6f2b11"
    console = vendor.world.expected_organization
    app = make_app(vendor, BACKFILL_DAYS="30", EXPECTED_ORGANIZATIONS=f"console:{console},claude_ai:{ours}")
    roster(app, *TEAM)
    for at, count in ((FRI_6, 100), (FRI_13, 200), (FRI_20, 300)):
        look(app, at, dict.fromkeys(TEAM, count), of=ours)
    answered = ask(rebuilt(app), from_="2026-11-07")
    assert answered.status == 200, answered.text
    assert answered.document["granularity"] == "export"
    assert answered.document["answer"]["verdict"] == "no"
    checks = answered.document["trust"]["checks"]
    assert any(one["source"] != "exports" and one["status"] == "fail" for one in checks)
    assert {one["status"] for one in checks if one["source"] == "exports"} == {"pass"}
    assert answered.document["trust"]["state"] == "trusted"


def test_zero_of_eight_is_not_trusted_where_everybody_who_shows_is_a_stranger(app: App) -> None:
    """A roster of addresses that nobody logs in with, beside an export of the right organisation: "0 of 8" is
    doubted, with what to do, until an aliases file says who is who."""
    roster(app, *TEAM)
    others = [f"{who}@login.example" for who in TEAM]
    for at, count in ((FRI_6, 100), (FRI_13, 150), (FRI_20, 200)):
        look(app, at, dict.fromkeys(others, count), of=OURS)
    doubted = of_exports(rebuilt(app))
    assert newest(doubted)["active"]["linesAccepted"]["value"] == 0
    assert (doubted.document["trust"]["state"], doubted.statuses["humans-present"]) == ("partial", "warn")
    (check,) = [one for one in doubted.document["trust"]["checks"] if one["name"] == "humans-present"]
    assert check["seen"] == "8 people, never on the roster"
    assert "aliases file" in check["action"]
    aliases = "alias,email\n" + "".join(
        f"{one},{address(who)}\n" for one, who in zip(others, TEAM, strict=True)
    )
    drop(app, "2026-10-01/aliases.csv", aliases.encode())
    settled = of_exports(rebuilt(app))
    assert newest(settled)["active"]["linesAccepted"]["value"] == 8
    assert settled.statuses["humans-present"] == "pass"


def test_an_old_answer_is_no_answer_of_now(app: App, clock: TestClock) -> None:
    """Where the newest comparable period ended more than 16 days ago the answer is unknown."""
    two_weeks(app, {"a": 100}, {"a": 300})
    clock.at = datetime(2026, 12, 6, 15, 50, tzinfo=UTC)
    assert ask(app).document["answer"]["verdict"] == "yes"
    clock.move(minutes=1)
    answered = of_exports(app)
    assert answered.document["answer"]["verdict"] == "unknown"
    assert "16 days ago" in answered.document["answer"]["reason"]
    assert answered.statuses["freshness"] == "fail"
    assert answered.document["trust"]["state"] == "partial"
    assert newest(answered)["figures"]["linesAccepted"]["value"] == 300
    clock.move(days=60)
    assert "16 days ago" in ask(app, from_="2026-11-07").document["answer"]["reason"]


# --- how it is served --------------------------------------------------------------------------


def test_the_default_kind_is_the_one_the_answer_uses(app: App) -> None:
    """Export periods where exports answer, weeks where they are asked for by name."""
    two_weeks(app, {"a": 100}, {"a": 300})
    assert ask(app).document["granularity"] == "export"
    assert ask(app).document["periods"] == of_exports(app).document["periods"]
    weeks = ask(app, granularity="week")
    assert weeks.document["granularity"] == "week"
    assert weeks.document["answer"] == ask(app).document["answer"]


def test_export_periods_are_served_as_csv(app: App) -> None:
    """The same periods, one a line, with their edges."""
    two_weeks(app, {"a": 100}, {"a": 300})
    answered = ask(app, granularity="export", format="csv")
    assert answered.status == 200
    assert answered.text.count("2026-11-13T16:10Z/2026-11-20T15:50Z") == 1
    assert len(answered.text.splitlines()) > len(of_exports(app).document["periods"])


def test_a_file_of_another_measure_takes_nothing_from_the_answer(app: App) -> None:
    """One contribution export long ago does not leave every later period without an end."""
    old = b"Email,Lines with CC,PRs with CC\na@quux.example,10,1\n"
    drop(app, name_of("2026-10"), old, {"as_of": "2026-10-20T16:00+00:00"})
    two_weeks(app, {"a": 100}, {"a": 300})
    answer = ask(app).document["answer"]
    assert (answer["verdict"], answer["basis"]) == ("yes", "linesAccepted")


def test_who_lost_a_source_did_not_stop(app: App) -> None:
    """Use that only one of two periods tells of leaves the verdict unknown."""
    console = "User,Lines this Month,Spend this Month (USD)\na@quux.example,{},1.00\n"
    for at, count in (("2026-10-23", 10), ("2026-10-30", 20)):
        drop(app, name_of("2026-10"), console.format(count).encode(), {"as_of": f"{at}T16:00+00:00"})
    for at, count in (("2026-10-23", 10), ("2026-10-30", 20), ("2026-11-06", 5), ("2026-11-13", 15)):
        look(app, f"{at}T16:00Z", {"b": count})
    look(app, "2026-11-02T09:00Z", {"b": 20}, month="2026-10")
    answer = ask(rebuilt(app)).document["answer"]
    assert answer["verdict"] == "unknown"
