"""Corners in which a figure or a verdict is easily got wrong, each found by an independent computation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from local.vendor import SimulatedVendor, Use, World
from shared.adoption.lines import Tolerance
from shared.adoption.looks import look_of_moment
from shared.adoption.standing import Referee, settle
from shared.app import App
from shared.jobs.rebuild import rebuild
from shared.jobs.retract import retract
from shared.records import PeriodRow, Receipt
from tests.adoption.asking import ask
from tests.adoption.reporting import ORGANIZATION, analytics, spend
from tests.adoption.weekly import (
    FRI_6,
    FRI_13,
    FRI_20,
    MONDAY,
    address,
    lines,
    look,
    name_of,
    rebuilt,
    roster,
)
from tests.conftest import MakeApp, TestClock
from tests.hidden_history.account import app_in_memory
from tests.jobs.dropping import drop

A, B = "3a0f6a1e-52a1-4c7f-9d1e-0a8c6c9b7f01", "b1c2d3e4-0000-4000-8000-00000000beef"


def console(app: App, at: str, counts: Mapping[str, int], month: str = "", of: str | None = None) -> Receipt:
    body = "User,Spend this Month (USD),Lines this Month\n"
    body += "".join(f"{address(who)},$1.00,{count}\n" for who, count in counts.items())
    return drop(app, name_of(month or at[:7], of), body.encode(), {"as_of": at.replace("Z", "+00:00")})


def rows(app: App) -> dict[str, PeriodRow]:
    found = app.periods.read("export", MONDAY - timedelta(150), MONDAY + timedelta(60))
    return {row.label: row for row in found}


def week(app: App, label: str) -> PeriodRow:
    rebuild(app)
    found = app.periods.read("week", MONDAY - timedelta(150), MONDAY + timedelta(60))
    return next(row for row in found if row.label == label)


def answer(app: App) -> dict[str, Any]:
    asked = ask(rebuilt(app), granularity="export")
    assert asked.status == 200, asked.text
    found: dict[str, Any] = asked.document["answer"]
    return found


def test_a_month_without_a_dashboards_looks_is_unknown_and_not_zero(
    make_app: MakeApp, clock: TestClock
) -> None:
    """Six of eight are on claude.ai, whose November file nobody dropped: that is no zero."""
    clock.at = MONDAY
    app = make_app()
    roster(app, *"abcdefgh")
    for at, count in (("2026-10-23T16:00Z", 200), ("2026-10-30T16:00Z", 300)):
        look(app, at, dict.fromkeys("abcdef", count))
        console(app, at, dict.fromkeys("gh", count))
    look(app, "2026-11-02T16:00Z", dict.fromkeys("abcdef", 320), month="2026-10")
    console(app, "2026-11-02T16:00Z", dict.fromkeys("gh", 320), month="2026-10")
    for at, count in ((FRI_6, 100), (FRI_13, 200), (FRI_20, 300)):
        console(app, at, dict.fromkeys("gh", count))
    told = answer(app)
    assert told["verdict"] == "unknown", told["sentence"]
    last = rows(app)["2026-11-13T16:10Z/2026-11-20T15:50Z"]
    assert last.figures["linesAccepted"].high is None


def test_weeks_of_the_api_alone_do_not_answer_for_those_whose_exports_have_stopped(
    make_app: MakeApp, clock: TestClock, serve: Callable[..., SimulatedVendor]
) -> None:
    """Two API users by day; six by exports, none of them since November: 24 days on the answer is unknown."""
    clock.at = datetime(2026, 12, 21, 12, tzinfo=UTC)
    days = [date(2026, 10, 26) + timedelta(day) for day in range(57)]
    uses = [
        Use.on(day, address(who), "api", at=time(10), sessions=1, lines_accepted=100)
        for day in days
        for who in "gh"
    ]
    app = make_app(serve(World.of_uses(uses)), BACKFILL_DAYS="57")
    roster(app, *"abcdefgh")
    for at, count in ((FRI_6, 100), (FRI_13, 200), (FRI_20, 300), ("2026-11-27T16:00Z", 400)):
        look(app, at, dict.fromkeys("abcdef", count))
    look(app, "2026-12-02T16:00Z", dict.fromkeys("abcdef", 450), month="2026-11")
    asked = ask(rebuilt(app))
    assert asked.status == 200, asked.text
    assert asked.statuses["freshness"] == "fail"
    told = asked.document["answer"]
    assert told["verdict"] == "unknown", told["sentence"]


def test_a_console_exports_own_id_is_no_other_organisation(make_app: MakeApp, clock: TestClock) -> None:
    """Each surface has an expected id; an export whose name bears its surface's is of the right one."""
    clock.at = MONDAY
    app = make_app(EXPECTED_ORGANIZATIONS=f"console:{B},claude_ai:{A}")
    for at, count in ((FRI_6, 100), (FRI_13, 200), (FRI_20, 300)):
        look(app, at, dict.fromkeys("abc", count), of=A)
        assert console(app, at, dict.fromkeys("gh", count), of=B).state == "accepted"
    asked = ask(rebuilt(app))
    assert asked.status == 200, asked.text


def test_exports_of_the_console_alone_are_held_to_its_id(make_app: MakeApp, clock: TestClock) -> None:
    """With nothing expected of claude.ai the Console's expected id decides."""
    clock.at = MONDAY
    app = make_app(EXPECTED_ORGANIZATIONS=f"console:{B}")
    for at, count in ((FRI_6, 100), (FRI_13, 200), (FRI_20, 300)):
        console(app, at, dict.fromkeys("gh", count), of=B)
    asked = ask(rebuilt(app), granularity="export")
    assert asked.statuses["expected-organization"] == "pass"


def test_a_verdict_that_an_open_end_cannot_change_stands(make_app: MakeApp, clock: TestClock) -> None:
    """100 → [500, no bound] for everybody is a yes, and three of three were active."""
    clock.at = datetime(2026, 11, 9, 12, tzinfo=UTC)
    app = make_app()
    roster(app, *"abc")
    for at, count in (("2026-10-23T16:00Z", 100), ("2026-10-30T16:00Z", 200), (FRI_6, 500)):
        look(app, at, dict.fromkeys("abc", count))
    told = answer(app)
    assert told["verdict"] == "yes", told["reason"]
    shown = ask(app, granularity="export").document["periods"][-1]
    assert shown["active"]["linesAccepted"]["value"] == 3


def test_a_late_look_of_another_month_reaches_the_roster_of_each_row(
    make_app: MakeApp, clock: TestClock, other_storage: str
) -> None:
    """First use is told by any month's look: rows are the same in whatever order the files came."""
    clock.at = MONDAY
    seen = []
    for late in (False, True):
        app = make_app(**({"DATA_STORAGE": other_storage} if late else {}))
        roster(app, "a", day="2026-09-01")
        roster(app, "a", "p", day="2026-11-10")
        if not late:
            look(app, "2026-09-25T16:00Z", {"a": 10, "p": 10})
        look(app, "2026-10-16T16:00Z", {"a": 100})
        look(app, "2026-10-23T16:00Z", {"a": 200})
        rebuilt(app)
        if late:
            look(app, "2026-09-25T16:00Z", {"a": 10, "p": 10})
            rebuilt(app)
        seen.append(rows(app)["2026-10-16T16:00Z/2026-10-23T16:00Z"].of)
    assert seen[0] == seen[1]


def test_who_was_ever_seen_is_the_same_in_each_order(
    make_app: MakeApp, clock: TestClock, other_storage: str
) -> None:
    """Without a roster the verdict runs over everybody ever seen, in whichever month."""
    clock.at = MONDAY
    seen = []
    for late in (False, True):
        app = make_app(**({"DATA_STORAGE": other_storage} if late else {}))
        if not late:
            look(app, "2026-09-25T16:00Z", {"z": 10})
        for at, count in (("2026-10-23T16:00Z", 100), ("2026-10-30T16:00Z", 200), (FRI_6, 500)):
            look(app, at, {"a": count})
        rebuilt(app)
        if late:
            look(app, "2026-09-25T16:00Z", {"z": 10})
            rebuilt(app)
        seen.append(rows(app)["2026-10-30T16:00Z/2026-11-06T16:00Z"].answer.ranges)
    assert seen[0] == seen[1]


def test_the_newest_configuration_holds_in_each_order_of_arrival(make_app: MakeApp, clock: TestClock) -> None:
    """c left and came back: the roster of 10 November is the newest, whenever that of the 1st arrives."""
    clock.at = MONDAY
    app = make_app()
    look(app, FRI_6, dict.fromkeys("abc", 100))
    look(app, FRI_13, dict.fromkeys("abc", 200))
    roster(app, *"abc", day="2026-10-01")
    roster(app, *"abc", day="2026-11-10")
    roster(app, *"ab", day="2026-11-01")
    assert rows(rebuilt(app))["2026-11-06T16:00Z/2026-11-13T16:10Z"].of == 3


def test_a_file_that_a_contested_one_contradicted_counts_again() -> None:
    """Another organisation's dashboard, exported twice by mistake among six good exports."""
    month, start = date(2026, 11, 1), datetime(2026, 11, 3, 12, tzinfo=UTC)
    ours = [{f"p{who}": 100 * (1 + week) for who in range(8)} for week in range(6)]
    others = [{f"q{who}": 100 * (1 + week) for who in range(8)} for week in range(2)]
    looks = [look_of_moment(f"L{at}", month, start + timedelta(3 * at), one) for at, one in enumerate(ours)]
    looks += [
        look_of_moment(f"W{at}", month, start + timedelta(4 + 3 * at), one) for at, one in enumerate(others)
    ]
    states = {
        look_id: one.state for look_id, one in settle(looks, Referee(Tolerance(), lambda *_: False)).items()
    }
    assert {look_id for look_id, state in states.items() if state == "accepted"} == {
        f"L{at}" for at in range(6)
    }


def test_another_organisations_file_counts_nobody_twice(make_app: MakeApp, clock: TestClock) -> None:
    """Exports without an id and exports with one are one dashboard's; a stray file must not part them."""
    clock.at = MONDAY
    app = make_app()
    roster(app, "a")
    look(app, FRI_6, {"a": 100})
    look(app, "2026-11-10T16:00Z", {"a": 200}, of=A)
    look(app, "2026-11-11T16:00Z", {"a": 300}, of=A)
    look(app, "2026-11-12T16:00Z", {"a": 400}, of=A)
    look(app, FRI_13, {"a": 500})
    assert rows(rebuilt(app))["2026-11-06T16:00Z/2026-11-13T16:10Z"].figures["linesAccepted"].value == 400
    look(app, "2026-11-18T16:00Z", {"stranger": 7}, of=B)
    figure = rows(rebuilt(app))["2026-11-06T16:00Z/2026-11-13T16:10Z"].figures["linesAccepted"]
    assert figure.low is not None
    assert figure.low <= 400, figure


def test_without_a_roster_the_answer_runs_over_everybody_ever_seen(
    make_app: MakeApp, clock: TestClock
) -> None:
    """All three gained for certain; nobody else is asked about."""
    clock.at = datetime(2026, 11, 9, 12, tzinfo=UTC)
    app = make_app()
    for at, count in (("2026-10-23T16:00Z", 100), ("2026-10-30T16:00Z", 200), (FRI_6, 500)):
        look(app, at, dict.fromkeys("abc", count))
    assert answer(app)["verdict"] == "yes"


def test_who_was_announced_and_never_came_is_on_no_roster(make_app: MakeApp, clock: TestClock) -> None:
    """c was to join on the 13th and is not in the roster of the 1st any more."""
    clock.at = MONDAY
    app = make_app()
    roster(app, "a", "b", "c,2026-11-13", day="2026-10-01")
    roster(app, "a", "b", day="2026-11-01")
    look(app, FRI_6, {"a": 100})
    look(app, FRI_13, {"a": 200})
    assert rows(rebuilt(app))["2026-11-06T16:00Z/2026-11-13T16:10Z"].of == 2


def test_a_leavers_name_still_means_the_leaver(make_app: MakeApp, clock: TestClock) -> None:
    """A roster without Ana takes nothing from the weeks in which Ana was on it."""
    clock.at = MONDAY
    app = make_app()
    head = b"email,name,team,joined,left\n"
    drop(
        app,
        "2026-10-01/roster.csv",
        head + b"ana@quux.example,Ana Lopez,core,,\nben@quux.example,Ben,core,,\n",
    )
    look(app, FRI_6, {"Ana Lopez": 70, "ben": 100})
    look(app, FRI_13, {"Ana Lopez": 170, "ben": 200})
    label = "2026-11-06T16:00Z/2026-11-13T16:10Z"
    before = rows(rebuilt(app))[label]
    assert (before.of, before.active["linesAccepted"].value) == (2, 2)
    drop(app, "2026-11-16/roster.csv", head + b"ben@quux.example,Ben,core,,\n")
    after = rows(rebuilt(app))[label]
    assert (after.of, after.active["linesAccepted"].value) == (2, 2)


def test_first_use_is_told_by_each_source(
    make_app: MakeApp, clock: TestClock, serve: Callable[..., SimulatedVendor]
) -> None:
    """p is in the second roster, and used the API from October on."""
    clock.at = MONDAY
    days = [date(2026, 10, 12) + timedelta(day) for day in range(40)]
    world = World.of_uses(
        [Use.on(day, address("p"), "api", at=time(10), sessions=1, lines_accepted=10) for day in days]
    )
    app = make_app(serve(world), BACKFILL_DAYS="60")
    roster(app, "a", day="2026-10-01")
    roster(app, "a", "p", day="2026-11-16")
    look(app, FRI_6, {"a": 100})
    look(app, FRI_13, {"a": 200})
    assert rows(rebuilt(app))["2026-11-06T16:00Z/2026-11-13T16:10Z"].of == 2


def test_noon_in_auckland_is_no_other_month(make_app: MakeApp, clock: TestClock) -> None:
    """Sunday exports, the second on the 1st, whose noon is on the day before in UTC."""
    clock.at = datetime(2026, 11, 9, 12, tzinfo=UTC)
    app = make_app(EXPORT_TIMEZONE="Pacific/Auckland")
    for day, month, count in (("2026-10-25", "10", 50), ("2026-11-01", "11", 0), ("2026-11-08", "11", 100)):
        receipt = drop(app, f"{day}/{name_of(f'2026-{month}')}", lines({"a": count, "b": 5}))
        assert receipt.state == "accepted"
    assert "2026-11-01T00:00Z" in " ".join(rows(rebuilt(app)))


@pytest.mark.parametrize("roster_of", ["ab", ""])
def test_an_unknown_verdict_names_the_periods_that_it_compared(
    make_app: MakeApp, clock: TestClock, roster_of: str
) -> None:
    """The reader sees which two periods leave it open, and on which basis."""
    clock.at = datetime(2026, 11, 9, 12, tzinfo=UTC)
    app = make_app()
    if roster_of:
        roster(app, *roster_of)
    for at, count in (("2026-10-23T16:00Z", 1000), ("2026-10-30T16:00Z", 1100), (FRI_6, 90)):
        look(app, at, dict.fromkeys("ab", count))
    told = answer(app)
    assert told["verdict"] == "unknown"
    assert told["previous"] is not None
    assert told["basis"] == "linesAccepted"


def test_a_contribution_export_of_another_weekday_takes_nothing_from_exact_fridays(
    make_app: MakeApp, clock: TestClock
) -> None:
    """Merged lines are another measure: an answer begins and ends where accepted lines were looked at."""
    clock.at = datetime(2026, 11, 23, 18, tzinfo=UTC)
    app = make_app()
    for at, count in ((FRI_6, 100), (FRI_13, 200), (FRI_20, 300)):
        look(app, at, dict.fromkeys("abc", count))
    for day, count in ((9, 10), (16, 20), (23, 30)):
        merged = f"Email,Lines with CC,PRs with CC\n{address('a')},{count},1\n".encode()
        drop(app, name_of("2026-11"), merged, {"as_of": f"2026-11-{day:02}T12:00+00:00"})
    told = answer(app)
    assert (told["verdict"], told["basis"]) == ("no", "linesAccepted")
    assert told["period"]["end"] == "2026-11-20T15:50:00Z"


def test_an_empty_export_ends_a_dashboard(make_app: MakeApp, clock: TestClock) -> None:
    """Two people moved to claude.ai: the last, empty table of the Console says that nobody is left."""
    clock.at = MONDAY
    app = make_app()
    roster(app, *"abgh")
    console(app, "2026-09-25T16:00Z", dict.fromkeys("gh", 50))
    for at, count in ((FRI_6, 100), (FRI_13, 200), (FRI_20, 300)):
        look(app, at, dict.fromkeys("abgh", count))
    assert answer(app)["verdict"] == "unknown"
    console(app, "2026-10-30T16:00Z", {})
    assert answer(app)["verdict"] == "no"


def test_who_used_it_by_a_report_may_have_added_lines_that_no_table_shows_yet(clock: TestClock) -> None:
    """a is absent; z worked in the week after the last look, and is listed by the spend report alone."""
    clock.at = MONDAY
    app = app_in_memory(clock)
    look(app, FRI_6, {"a": 100}, of=ORGANIZATION)
    spend(app, "2026-11-09", "2026-11-15", {"z": 30})
    figure = week(app, "2026-W46").figures["linesAccepted"]
    assert (figure.low, figure.high) == (0, None)


def test_a_bare_name_is_not_absent_where_a_report_lists_addresses(clock: TestClock) -> None:
    """The table says Ana Lopez, the report says ana@…, and nothing says that they are one."""
    clock.at = MONDAY
    app = app_in_memory(clock)
    for at, count in ((FRI_6, 100), (FRI_13, 200), (FRI_20, 300)):
        look(app, at, {"Ana Lopez": count}, of=ORGANIZATION)
    spend(app, "2026-11-09", "2026-11-15", {"ana": 30})
    figure = week(app, "2026-W46").figures["linesAccepted"]
    assert (figure.low, figure.high) == (0, 200)


def test_a_bare_name_of_another_month_is_nobody_of_this_one(clock: TestClock) -> None:
    """Nobody used it in that week, says the report: a name that stands in September's table alone opens no
    figure of November."""
    clock.at = MONDAY
    app = app_in_memory(clock)
    roster(app, "a", day="2026-08-01")
    look(app, FRI_6, {"a": 100}, of=ORGANIZATION)
    spend(app, "2026-11-09", "2026-11-15", {})
    before = week(app, "2026-W46")
    assert before.figures["linesAccepted"].value == 0
    look(app, "2026-09-25T16:00Z", {"Ana Lopez": 700}, of=ORGANIZATION)
    rebuild(app, everything=True)
    assert week(app, "2026-W46") == before


def test_work_is_merged_while_whoever_did_it_is_absent(clock: TestClock) -> None:
    """A merge is no use: 30 lines of a's were merged after the 6th, and a used nothing from the 9th on."""
    clock.at = MONDAY
    app = app_in_memory(clock)
    for day, count in ((6, 10), (16, 40)):
        merged = f"Email,Lines with CC,PRs with CC\n{address('a')},{count},1\n".encode()
        drop(app, name_of("2026-11", ORGANIZATION), merged, {"as_of": f"2026-11-{day:02}T12:00+00:00"})
    spend(app, "2026-11-09", "2026-11-15", {"b": 30})
    figure = week(app, "2026-W46").figures["linesMerged"]
    assert (figure.low, figure.high) == (0, None)


def test_members_whom_no_table_lists_are_absent_by_what_members_analytics_says(clock: TestClock) -> None:
    """b had no session; nobody knows that of somebody who is no member."""
    clock.at = MONDAY
    app = app_in_memory(clock)
    roster(app, "a", "b")
    look(app, FRI_6, {"a": 100}, of=ORGANIZATION)
    analytics(app, "2026-11-09", "2026-11-15", {"a": (3, "2026-11-15"), "b": (0, "")}, "2026-11-18")
    active = week(app, "2026-W46").active["linesAccepted"]
    assert (active.low, active.high) == (0, 1)


def test_a_report_of_september_has_a_week_of_november_computed_again(clock: TestClock) -> None:
    """That week is the first report less the others; without September's nothing tells of it."""
    clock.at = MONDAY
    app = app_in_memory(clock)
    roster(app, "a", day="2026-08-01")
    spend(app, "2026-09-01", "2026-11-08", {"a": 100})
    spend(app, "2026-10-01", "2026-11-01", {"a": 30})
    assert week(app, "2026-W45").figures["tokens"].value is None
    september = spend(app, "2026-09-01", "2026-09-30", {"a": 60})
    assert week(app, "2026-W45").figures["tokens"].value == 10
    retract(app, september.receipt_id)
    assert week(app, "2026-W45").figures["tokens"].value is None


def test_a_report_that_is_retracted_leaves_nothing_unknown_in_later_months(clock: TestClock) -> None:
    """It was the only one that showed use of claude.ai; November is the Console's alone."""
    clock.at = MONDAY
    app = app_in_memory(clock)
    roster(app, "a", day="2026-08-01")
    for at, count in ((FRI_6, 100), (FRI_13, 200)):
        console(app, at, {"a": count})
    stray = spend(app, "2026-09-07", "2026-09-13", {"a": 30})
    label = "2026-11-06T16:00Z/2026-11-13T16:10Z"
    rebuild(app)
    assert rows(app)[label].figures["linesAccepted"].high is None
    retract(app, stray.receipt_id)
    assert rows(app)[label].figures["linesAccepted"].value == 100


def test_a_report_says_of_which_organisation_unnamed_tables_are(clock: TestClock) -> None:
    """A spend report's name holds the id, the table's does not: they are one organisation's, and what the
    report does not tell of is no reason to doubt the table."""
    clock.at = MONDAY
    app = app_in_memory(clock)
    roster(app, "a", "b", day="2026-08-01")
    for at, count in ((FRI_6, 100), (FRI_13, 200), (FRI_20, 300)):
        look(app, at, {"a": count})
    spend(app, "2026-11-02", "2026-11-08", {"a": 30})
    rebuild(app)
    stored = app.periods.read_answer()
    assert stored is not None
    assert (stored.answer.verdict, stored.answer.basis) == ("no", "linesAccepted")
    assert week(app, "2026-W45").active["linesAccepted"].high == 1


def test_two_reports_that_disagree_prove_nobodys_absence(clock: TestClock) -> None:
    """One shows z at work in that week, the other does not list z: lines that no table shows may be any."""
    clock.at = MONDAY
    app = app_in_memory(clock)
    look(app, FRI_6, {"a": 100}, of=ORGANIZATION)
    spend(app, "2026-11-09", "2026-11-15", {"z": 30}, day="2026-11-18")
    spend(app, "2026-11-09", "2026-11-15", {}, day="2026-11-19")
    figure = week(app, "2026-W46").figures["linesAccepted"]
    assert (figure.low, figure.high) == (0, None)


@pytest.mark.parametrize("count", range(1, 5))
def test_of_tables_looked_at_last_on_one_day_each_says_what_is_not_known(
    clock: TestClock, count: int
) -> None:
    """October's last day of looks showed lines accepted and merged, November was not looked at: whoever was
    active is not known on either basis, whichever of the two files has the smaller id."""
    clock.at = MONDAY
    app = app_in_memory(clock)
    roster(app, "a", day="2026-08-01")
    drop(app, f"2026-10-30/{name_of('2026-10')}", lines({"a": count}))
    merged = f"Email,Lines with CC,PRs with CC\n{address('a')},{count},1\n".encode()
    drop(app, "2026-10-30/code-analytics-2026-10-30.csv", merged)
    spend(app, "2026-10-26", "2026-11-01", {"a": 30}, day="2026-11-02")
    rebuild(app)
    months = app.periods.read("month", MONDAY - timedelta(60), MONDAY + timedelta(60))
    row = next(one for one in months if one.label == "2026-11")
    assert {basis: (one.low, one.high) for basis, one in row.active.items()} == {
        "linesAccepted": (0, 1),
        "linesMerged": (0, 1),
    }


@pytest.mark.parametrize("day", range(17, 21))
def test_the_newest_report_of_a_last_day_says_whether_use_goes_on(clock: TestClock, day: int) -> None:
    """Nobody used it in October's last week, says a report of that week; one of the whole month that ends on
    the same day does not say otherwise, whichever of the two has the smaller id."""
    clock.at = MONDAY
    app = app_in_memory(clock)
    roster(app, "a", day="2026-08-01")
    spend(app, "2026-10-01", "2026-10-31", {"a": 30})
    spend(app, "2026-10-25", "2026-10-31", {}, day=f"2026-11-{day}")
    for at, count in ((FRI_6, 100), (FRI_13, 200)):
        console(app, at, {"a": count})
    assert rows(rebuilt(app))["2026-11-06T16:00Z/2026-11-13T16:10Z"].figures["linesAccepted"].value == 100


@pytest.mark.parametrize("last", range(16, 20))
def test_of_cost_files_of_one_day_the_one_that_shows_more_counts(clock: TestClock, last: int) -> None:
    """As of looks: nobody knows which was downloaded later, and cost is seldom taken back."""
    clock.at = MONDAY
    app = app_in_memory(clock)
    for day, cents in ((15, "1.50"), (last, "2.50")):
        costs = "".join(
            f"2026-11-{on:02},opus,Claude Code,claude_code_key_x_abcd,standard,≤ 200k,output,{cents},token\n"
            for on in range(9, 16)
        )
        name = f"2026-11-20/claude_api_cost_2026_11_01_to_2026_11_{day}.csv"
        head = (
            "usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,cost_type\n"
        )
        assert drop(app, name, (head + costs).encode()).state == "accepted"
    look(app, FRI_13, {"a": 100})
    assert week(app, "2026-W46").figures["meteredCost"].low == Decimal("17.50")


def test_an_address_without_a_last_day_takes_nothing_from_the_other_ones_absence(clock: TestClock) -> None:
    """a was last seen in October under one address; the other one's last day is not told, and it was at work
    until the 6th. Neither had a session in the week after: that is no contradiction."""
    clock.at = MONDAY
    app = app_in_memory(clock)
    drop(app, "2026-10-01/aliases.csv", f"alias,email\n{address('old')},{address('a')}\n".encode())
    look(app, FRI_6, {"old": 100}, of=ORGANIZATION)
    seen = {"a": (0, "2026-10-20"), "old": (0, "")}
    analytics(app, "2026-11-09", "2026-11-15", seen, "2026-11-18")
    spend(app, "2026-11-09", "2026-11-15", {})
    assert week(app, "2026-W46").figures["linesAccepted"].value == 0
