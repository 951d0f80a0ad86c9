"""A period out of exports and daily sources: who counts, how far, and what cannot be compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from shared.adoption.comparing import compare
from shared.adoption.daily import Daily
from shared.adoption.mixed import OPEN_END, Mixed
from shared.adoption.mixed_rows import build
from shared.adoption.ranges import Range
from shared.adoption.tallies import Tally
from shared.adoption.timeline import Added
from shared.adoption.told import Told
from shared.adoption.verdict import THRESHOLD
from shared.periods import Period
from shared.records import Measures, SourceCover


def period(first: int, last: int) -> Period:
    return Period(
        datetime(2026, 11, first, 16, tzinfo=UTC), datetime(2026, 11, last, 16, tzinfo=UTC), "export"
    )


BEFORE, AFTER = period(6, 13), period(13, 20)


def exported(added: dict[str, int], *, to: str = "subscription", measure: str = "linesAccepted") -> Told:
    return Told(
        frozenset({to}),
        measure,
        {who: Added(lines, lines) for who, lines in added.items()},
        Added(0, 0),
    )


def tally(lines: dict[str, int]) -> Tally:
    return Tally({who: {"api": Measures(lines_accepted=count)} for who, count in lines.items()})


def daily(inside: int, touched: int, ended: int, doubt: str | None = None) -> Daily:
    sums = [tally({"e9": lines}) for lines in (inside, touched, ended)]
    return Daily(SourceCover("admin", True, ["api"], []), sums[0], sums[1], sums[2], doubt, doubt)


def mixed(
    which: Period, *looks: Told, by_day: tuple[Daily, ...] = (), roster: frozenset[str] | None = None
) -> Mixed:
    return Mixed(which, by_day, looks, True, roster)


def test_populations_add_and_a_verdicts_day_counts_once() -> None:
    """A daily source gives [whole days inside, days touched]; in a verdict the days that end in it."""
    one = mixed(AFTER, exported({"e1": 10, "e9": 5}), by_day=(daily(20, 40, 30),))
    assert one.ranges("linesAccepted") == {"e1": Range(10, 10), "e9": Range(25, 45)}
    assert replace(one, by_ended_days=True).ranges("linesAccepted")["e9"] == Range(35, 35)


def test_a_daily_source_in_doubt_bounds_nobody() -> None:
    """A missing day may hold the use of anybody, also of those whom it never showed."""
    one = mixed(AFTER, exported({"e1": 0}), by_day=(daily(20, 40, 30, "Sunday is missing"),))
    assert one.ranges("linesAccepted") == {"e1": Range(0, None), "e9": Range(20, None)}
    flat = compare(mixed(BEFORE, exported({"e1": 0}), by_day=(daily(20, 20, 20),)), one, THRESHOLD, "do it")
    assert (flat.verdict, flat.action) == ("unknown", "do it")
    assert "Sunday is missing" in (flat.reason or "")


def test_nobodys_lines_are_in_the_total_and_never_active() -> None:
    """An unmapped key's lines are unattributed."""
    one = mixed(AFTER, exported({"e1": 10, "k1": 7}))
    row = build(one, compare(one, one, THRESHOLD, ""))
    assert row.figures["linesAccepted"].value == 17
    assert row.unattributed["linesAccepted"].value == 7
    assert row.active["linesAccepted"].value == 1
    assert row.figures["sessions"].value is None


def test_what_only_one_period_tells_of_is_not_compared() -> None:
    """A population whose file is missing from one of the two periods did not stop, and did not start."""
    both = (exported({"e1": 10}), exported({"e2": 10}, to="api"))
    for before, after, silent in ((both, both[:1], AFTER), (both[:1], both, BEFORE)):
        answer = compare(mixed(BEFORE, *before), mixed(AFTER, *after), THRESHOLD, "")
        assert answer.verdict == "unknown"
        assert answer.reason == f"nothing tells of api use in {silent.in_words()}"


def test_periods_are_compared_on_a_basis_that_both_have() -> None:
    """Merged lines say nothing of accepted ones."""
    merged = mixed(BEFORE, exported({"e1": 10}, measure="linesMerged"))
    answer = compare(merged, mixed(AFTER, exported({"e1": 10})), THRESHOLD, "")
    assert answer.reason == "the two periods have no basis in common"


def test_an_open_end_leaves_strangers_without_a_roster_and_the_roster_without_a_bound() -> None:
    """Nobody knows who else was active, unless a roster says who there is."""
    subscription = frozenset({"subscription"})
    closed = exported({"e1": 10})
    opened = Told(subscription, "linesAccepted", {"e1": Added(10, None)}, Added(0, None))
    assert mixed(AFTER, closed).is_bounded
    assert not mixed(AFTER, opened).is_bounded
    assert mixed(AFTER, closed, Told(subscription, "pullRequests", {}, Added(0, None))).is_bounded
    row = build(mixed(AFTER, opened), compare(mixed(BEFORE, closed), mixed(AFTER, opened), THRESHOLD, ""))
    assert (row.answer.verdict, row.answer.reason) == ("unknown", OPEN_END)
    assert (row.active["linesAccepted"].low, row.active["linesAccepted"].high) == (1, None)
    of_two = build(mixed(AFTER, opened, roster=frozenset({"e1", "e2"})), row.answer)
    assert (of_two.of, of_two.active["linesAccepted"].high) == (2, 2)


def test_joiners_and_leavers_are_beside_the_verdict() -> None:
    """Only who is on the roster of both periods moves."""
    before = mixed(BEFORE, exported({"e1": 10, "e2": 10, "e3": 0}), roster=frozenset({"e1", "e2"}))
    after = mixed(AFTER, exported({"e1": 10, "e2": 0, "e3": 10}), roster=frozenset({"e1", "e3"}))
    answer = compare(before, after, THRESHOLD, "")
    assert answer.counts is not None
    assert (answer.verdict, answer.counts.active, answer.counts.active_before) == ("no", 1, 1)
    assert answer.joiners == answer.leavers
    assert answer.joiners is not None
    assert answer.joiners.low == answer.joiners.high == 1


def test_who_shows_in_one_source_may_show_in_another_that_is_not_closed() -> None:
    """Each source has its own word on everybody: listed by one, an engineer is still open in the other."""
    opened = Told(frozenset({"api"}), "linesAccepted", {}, Added(0, None))
    one = mixed(AFTER, exported({"e1": 10}), opened)
    assert one.ranges("linesAccepted") == {"e1": Range(10, None)}
    assert one.unlisted("linesAccepted") == Range(0, None)


def test_what_is_not_told_of_a_population_is_not_bounded() -> None:
    """Sessions of those whom a daily source shows are a part; the exports tell lines only."""
    one = mixed(AFTER, exported({"e1": 10}), by_day=(daily(20, 20, 20),))
    assert (one.total("linesAccepted"), one.untold("linesAccepted")) == (Range(30, 30), frozenset())
    assert (one.total("sessions"), one.untold("sessions")) == (Range(0, None), frozenset({"subscription"}))
    assert (one.bases, one.basis) == (["linesAccepted"], "linesAccepted")


def test_daily_sources_alone_keep_their_basis_between_looks() -> None:
    """An export period in which daily sources show everybody counts any activity, over days touched."""
    one = mixed(AFTER, by_day=(daily(0, 40, 40),))
    assert one.bases == ["anyActivity", "tokens", "linesAccepted"]
    row = build(one, compare(one, one, THRESHOLD, ""))
    assert (row.basis, row.active["anyActivity"].low, row.active["anyActivity"].high) == ("anyActivity", 0, 1)
    assert [cover.source for cover in row.sources] == ["admin"]
    assert (row.answer.basis, row.answer.compared_on) == ("anyActivity", "linesAccepted")


def test_the_day_in_which_a_period_ends_does_not_hold_up_its_verdict() -> None:
    """Friday is still running when the export of Friday afternoon is there: it counts in the next period."""
    before = mixed(BEFORE, exported({"e1": 10}), by_day=(daily(20, 20, 20),))
    running = replace(daily(20, 40, 20), doubt="its last days can still change", doubt_of_ended=None)
    after = mixed(AFTER, exported({"e1": 20}), by_day=(running,))
    assert after.total("linesAccepted") == Range(40, None)
    assert compare(before, after, THRESHOLD, "").verdict == "yes"


def test_money_is_told_by_daily_rows_and_by_the_consoles_spend() -> None:
    """Metered use costs; the estimate on subscription rows never does."""
    sums = Tally({"e9": {"api": Measures(cost=Decimal("1.25")), "subscription": Measures(cost=Decimal(9))}})
    cover = SourceCover("admin", True, ["api", "subscription"], [])
    figures = build(
        one := mixed(AFTER, by_day=(Daily(cover, sums, sums, sums),)), compare(one, one, THRESHOLD, "")
    ).figures
    assert (figures["meteredCost"].value, figures["apiEquivalentCost"].value) == (Decimal("1.25"), Decimal(9))
    spend = exported({"e1": 2_500_000, "k1": 10_000}, to="api", measure="meteredCost")
    console = mixed(AFTER, exported({"e1": 10}, to="api"), spend)
    row = build(console, compare(console, console, THRESHOLD, ""))
    assert row.figures["meteredCost"].value == Decimal("2.51")
    assert row.unattributed["meteredCost"].value == Decimal("0.01")
    assert (row.figures["cost"].low, row.figures["cost"].high) == (Decimal("2.51"), None)


def test_movement_is_of_amounts_where_activity_is_told_otherwise() -> None:
    """On the basis of any activity somebody without a line is active: 0 to 0 lines held, 0 to n gained."""
    questions = Tally({"e1": {"api": Measures(sessions=3)}, "e2": {"api": Measures(sessions=3)}})
    lines = Tally(
        {"e1": {"api": Measures(sessions=3)}, "e2": {"api": Measures(sessions=1, lines_accepted=5)}}
    )
    cover = SourceCover("admin", True, ["api"], [])
    first, second = (
        mixed(which, by_day=(Daily(cover, sums, sums, sums),))
        for which, sums in ((BEFORE, questions), (AFTER, lines))
    )
    counts = compare(first, second, THRESHOLD, "").counts
    assert counts is not None
    assert (counts.active_before, counts.active, counts.held, counts.gained) == (2, 2, 1, 1)
