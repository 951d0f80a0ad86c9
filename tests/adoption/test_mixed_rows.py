"""A period out of exports and daily sources: who counts, how far, and what cannot be compared."""

from __future__ import annotations

from datetime import UTC, datetime

from shared.adoption.mixed_rows import OPEN_END, Daily, Exported, Mixed, build, compare, is_bounded
from shared.adoption.ranges import Range
from shared.adoption.tallies import Tally
from shared.adoption.timeline import Added
from shared.adoption.verdict import THRESHOLD
from shared.periods import Period
from shared.records import Measures, SourceCover


def period(first: int, last: int) -> Period:
    return Period(
        datetime(2026, 11, first, 16, tzinfo=UTC), datetime(2026, 11, last, 16, tzinfo=UTC), "export"
    )


BEFORE, AFTER = period(6, 13), period(13, 20)


def exported(added: dict[str, int], *, to: str = "subscription", measure: str = "linesAccepted") -> Exported:
    return Exported(
        to,
        measure,
        {who: Added(lines, lines) for who, lines in added.items()},
        Added(0, 0),
        {who: who if who.startswith("e") else None for who in added},
    )


def tally(lines: dict[str, int]) -> Tally:
    return Tally({who: {"api": Measures(lines_accepted=count)} for who, count in lines.items()})


def daily(inside: int, touched: int, ended: int, doubt: str | None = None) -> Daily:
    sums = [tally({"e9": lines}) for lines in (inside, touched, ended)]
    return Daily(SourceCover("admin", True, ["api"], []), sums[0], sums[1], sums[2], doubt)


def mixed(
    which: Period, *looks: Exported, by_day: tuple[Daily, ...] = (), roster: frozenset[str] | None = None
) -> Mixed:
    return Mixed(which, by_day, looks, True, roster)


def test_populations_add_and_a_verdicts_day_counts_once() -> None:
    """A daily source gives [whole days inside, days touched]; in a verdict the days that end in it."""
    one = mixed(AFTER, exported({"e1": 10, "e9": 5}), by_day=(daily(20, 40, 30),))
    assert one.ranges("linesAccepted") == {"e1": Range(10, 10), "e9": Range(25, 45)}
    assert one.ranges("linesAccepted", ended=True)["e9"] == Range(35, 35)


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
    closed = exported({"e1": 10})
    opened = Exported("subscription", "linesAccepted", {"e1": Added(10, None)}, Added(0, None), {"e1": "e1"})
    assert is_bounded([closed])
    assert not is_bounded([opened])
    assert is_bounded([closed, Exported("subscription", "pullRequests", {}, Added(0, None))])
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
