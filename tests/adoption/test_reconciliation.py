"""Laws of reconciliation: honest sources never disagree, whatever the dashboard's lag; others are named."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adoption.looks import ShownLook
from shared.adoption.reconciliation import (
    Allowance,
    Between,
    Rival,
    Witness,
    apart,
    days_between_looks,
    disagreement,
    miscounts,
)
from shared.adoption.timeline import Added
from shared.heads import Bounds, Disagreement, Miscounted
from shared.periods import ONE_DAY, Period, midnight, period_of
from shared.records import DayState
from tests.adoption.looking import LAG, laws, look, moment

NONE = Allowance(0, Fraction(0))
FRIDAY, NEXT = look("6 Nov 16:00"), look("13 Nov 16:10")
PERIOD = Period(FRIDAY.moment, NEXT.moment, "export")


def days(first: int, last: int) -> tuple[date, ...]:
    return tuple(date(2026, 11, day) for day in range(first, last + 1))


def witness(lines: dict[date, int], states: dict[date, DayState] | None = None) -> Witness:
    known: dict[date, DayState] = dict.fromkeys(days(1, 30), "complete")
    return Witness("admin", known | (states or {}), lambda day: lines.get(day, 0))


def found(
    said: Added,
    lines: dict[date, int],
    states: dict[date, DayState] | None = None,
    allowance: Allowance = NONE,
) -> Disagreement | None:
    between = days_between_looks(FRIDAY, NEXT, LAG)
    return disagreement(PERIOD, "subscription", [said], between, witness(lines, states), allowance)


def exactly(lines: int) -> Added:
    return Added(lines, lines)


def test_example_16_the_days_within_and_the_days_touched() -> None:
    """Days wholly inside [start, end − lag] at least; days touched by [start − lag, end] at most."""
    assert days_between_looks(FRIDAY, NEXT, LAG) == Between(days(7, 11), days(5, 13))


def test_a_mere_date_widens_what_may_have_counted() -> None:
    """A look of some hour of the 13th: its day is touched whole, the lag reaches back from its morning."""
    assert days_between_looks(look("6 Nov"), look("13 Nov"), LAG) == Between(days(7, 11), days(5, 13))
    assert days_between_looks(look("6 Nov"), look("13 Nov"), timedelta(0)) == Between(
        days(7, 12), days(6, 13)
    )


@pytest.mark.parametrize(
    ("said", "agrees"),
    [
        (exactly(5), True),
        (exactly(9), True),
        (exactly(4), False),
        (exactly(10), False),
        (Added(0, None), True),
    ],
)
def test_a_figure_lies_between_the_days_within_and_the_days_touched(said: Added, agrees: bool) -> None:
    """A line on each day: five within, nine touched; what has no end contradicts nothing."""
    assert (found(said, dict.fromkeys(days(1, 30), 1)) is None) == agrees


def test_both_figures_and_the_period_are_told() -> None:
    """A disagreement says what each source says, and of when."""
    one = found(exactly(10), dict.fromkeys(days(1, 30), 1))
    assert one == Disagreement("admin", "subscription", PERIOD, Bounds(10, 10), Bounds(5, 9), False)


def test_a_silent_day_is_told() -> None:
    """More by the exports than by the days, on some of which the source shows nobody: it fell silent."""
    silent: dict[date, DayState] = dict.fromkeys(days(11, 13), "empty_suspect")
    one = found(exactly(400), dict.fromkeys(days(1, 10), 20), silent)
    assert one is not None
    assert (one.silent, one.daily) == (True, Bounds(80, 120))


@pytest.mark.parametrize("state", ["failed", "never_fetched", "provisional"])
def test_a_day_that_may_hold_more_contradicts_nothing_larger(state: DayState) -> None:
    """Any number can be on a day that is not there yet; too few lines contradict all the same."""
    states: dict[date, DayState] = {date(2026, 11, 13): state}
    assert found(exactly(10_000), dict.fromkeys(days(1, 12), 1), states) is None
    assert found(exactly(0), dict.fromkeys(days(1, 12), 1), states) is not None


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        (0, 50, True),
        (0, 51, False),
        (950, 1000, True),
        (949, 1000, False),
        (1900, 2000, True),
        (1899, 2000, False),
        (2000, 1900, True),
    ],
)
def test_disagreement_needs_both_more_lines_and_a_larger_share(one: int, other: int, agree: bool) -> None:
    """By more than 50 lines, and by more than 5 % of the larger figure."""
    assert Allowance().allows(one, other) == agree


# --- honest sources --------------------------------------------------------------------------------

MONTH = date(2026, 11, 1)
BEGIN = midnight(MONTH)
MINUTES = st.integers(0, 30 * 24 * 60 - 1)


def seen(at: datetime, lines: list[datetime], shown: datetime, *, day_only: bool) -> ShownLook:
    """The export of that moment, of a dashboard that shows the lines up to ``shown``."""
    counts = {"ana": sum(one < shown for one in lines)}
    first = midnight(at.date()) if day_only else at
    last = first + ONE_DAY if day_only else at
    return ShownLook(at.isoformat(), MONTH, at, first, last, counts)


@laws(150)
@given(
    st.lists(MINUTES, max_size=30),
    st.tuples(MINUTES, MINUTES).map(sorted),
    st.tuples(st.integers(0, 24 * 60), st.integers(0, 24 * 60)),
    st.booleans(),
)
def test_honest_sources_never_disagree(
    minutes: list[int], edges: list[int], late: tuple[int, int], day_only: bool
) -> None:
    """Whenever lines were written, whenever it was exported, and however late the dashboard was."""
    lines = [BEGIN + timedelta(minutes=one) for one in minutes]
    first, last = (
        seen(
            at := BEGIN + timedelta(minutes=edge),
            lines,
            max(BEGIN, at - timedelta(minutes=behind)),
            day_only=day_only,
        )
        for edge, behind in zip(edges, late, strict=True)
    )
    added = last.counts["ana"] - first.counts["ana"]
    by_day = Counter(one.date() for one in lines)
    between = days_between_looks(first, last, LAG)
    if added >= 0:  # a dashboard that shows less than before is no honest one
        told = witness(dict(by_day), {MONTH - ONE_DAY: "complete"})
        period = Period(moment("1 Nov"), moment("2 Nov"), "export")
        assert disagreement(period, "subscription", [exactly(added)], between, told, NONE) is None


def rival(source: str, lines: dict[date, int | None], state: DayState = "complete") -> Rival:
    """What a source says of 2 to 15 November, two weeks."""
    return Rival(source, dict.fromkeys(days(2, 15), state), dict.fromkeys(days(2, 15), 0) | lines)


def test_two_live_sources_are_compared_by_weeks_that_both_know() -> None:
    """The better one is named beside the other, with the sums of both; what is allowed is no disagreement,
    and neither is a week of which one of them knows a day not yet, or did not count the lines."""
    better = rival("better", {date(2026, 11, 3): 400, date(2026, 11, 10): 400})
    other = rival("other", {date(2026, 11, 5): 300, date(2026, 11, 10): 390})
    (found,) = apart(better, other, "subscription", Allowance())
    first = period_of("week", date(2026, 11, 2))
    assert found == Disagreement(
        "other", "subscription", first, Bounds(400, 400), Bounds(300, 300), False, "better"
    )
    unknown: list[Rival] = [
        rival("other", {}, "provisional"),
        rival("other", dict.fromkeys(days(2, 15))),
        Rival("other", {}, {}),
    ]
    assert [apart(better, one, "subscription", Allowance()) for one in unknown] == [[], [], []]
    assert apart(better, better, "subscription", NONE) == []


@given(
    st.lists(st.integers(0, 900), min_size=14, max_size=14),
    st.lists(st.integers(0, 900), min_size=14, max_size=14),
)
def test_which_of_two_is_better_changes_only_the_names(one: list[int], two: list[int]) -> None:
    """A disagreement is of both."""
    first, second = (
        rival(name, dict(zip(days(2, 15), lines, strict=True))) for name, lines in (("a", one), ("b", two))
    )
    found, turned = (apart(*pair, "api", Allowance()) for pair in ((first, second), (second, first)))
    assert [(each.exported, each.daily) for each in found] == [(each.daily, each.exported) for each in turned]


def test_a_sources_own_count_of_people_is_a_witness() -> None:
    """Where it is off by more than two people and by more than the allowed share; days that its rows do not
    tell of are none of it."""
    first, second, third = days(2, 4)
    counted = {first: 8, second: 8, third: 8}
    assert miscounts(counted, {first: 6, second: 5}, Allowance()) == [Miscounted(second, 8, 5)]
    assert miscounts({first: 1_000}, {first: 960}, Allowance()) == []
