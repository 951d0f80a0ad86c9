"""What is known of a person who was absent: nothing was added, whatever the looks leave open."""

from __future__ import annotations

import math
from bisect import bisect_left
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.adoption.looks import ShownLook, look_of_moment
from shared.adoption.timeline import Absence, Added, Point
from tests.adoption.looking import LAG, laws, look, moment, point, timeline

SOURCE = "the members analytics of 16 November 2026"

LOOKS = [look("6 Nov 16:00", ana=1000), look("13 Nov 16:10", ana=1600), look("20 Nov 16:00", ana=2500)]
WEEK = (point("9 Nov"), point("16 Nov"))


def away(begin: str, end: str) -> Absence:
    return Absence(moment(begin), moment(end), SOURCE)


def added(looks: list[ShownLook], start: Point, end: Point, *absences: Absence, who: str = "ana") -> Added:
    """What one person added, who was absent so."""
    return timeline(looks, absent_in=lambda _person: absences).added(start, end, [who])[who]


def test_an_absence_closes_a_range_at_nothing() -> None:
    """Between two looks that are no edges of it the week is open; who was away added nothing."""
    assert added(LOOKS, *WEEK) == Added(0, 1500)
    assert added(LOOKS[1:], *WEEK, away("9 Nov", "16 Nov"))[:2] == (0, 0)
    assert added(LOOKS[1:], *WEEK, away("1 Nov", "30 Nov"), who="nobody's name")[:2] == (0, 0)


def test_an_absence_carries_a_bound_from_its_one_end_to_the_other() -> None:
    """Away from the 14th to the 17th: what the 20th shows later was not there on the 16th; the look of the
    13th holds on the 16th too."""
    looks = [*LOOKS[:2], look("15 Nov 12:00", ana=1600), LOOKS[2]]
    assert added(looks, *WEEK) == Added(0, 1500)
    assert added(looks, *WEEK, away("13 Nov 00:00", "17 Nov 00:00")) == Added(0, 600)


def test_who_was_away_needs_no_final_file() -> None:
    """Example 5 for somebody who left on 28 October: nothing happened in October's last day and a half."""
    looks = [look("30 Oct 16:00", ana=5000), look("6 Nov 16:00", ana=700)]
    edges = (point(looks[0]), point(looks[1]))
    assert added(looks, *edges) == Added(700, None)
    assert added(looks, *edges, away("28 Oct", "1 Nov")) == Added(700, 700)


def test_example_10_who_added_something_was_not_away() -> None:
    """Last active on 3 November, and the counts rose from 6 to 13 November: unknown, three files named."""
    found = added(LOOKS, *WEEK, away("4 Nov", "15 Nov 12:00"))
    assert (found.low, found.high) == (0, None)
    for name in (*(one.in_words for one in LOOKS[:2]), SOURCE):
        assert name in (found.doubt or "")
    later = (point("21 Nov"), point("22 Nov"))
    assert added(LOOKS, *later, away("4 Nov", "15 Nov 12:00")).doubt is None


def test_an_absence_elsewhere_changes_nothing() -> None:
    """Neither one that is over before the period, nor one after it."""
    for absence in (away("1 Nov", "8 Nov"), away("16 Nov 00:01", "30 Nov"), away("17 Nov 18:00", "18 Nov")):
        assert added(LOOKS, *WEEK, absence) == added(LOOKS, *WEEK)


def test_an_absence_that_meets_the_period_bounds_it() -> None:
    """Away until the 9th, at 1000 since the 6th: all 600 are of the week. Away from the 16th on: so are the
    900 that the 20th shows. Away until the 9th since before the 6th: the looks contradict that."""
    assert added(LOOKS[:2], *WEEK, away("5 Nov", "9 Nov")) == Added(600, None)
    assert added(LOOKS, *WEEK, away("16 Nov", "30 Nov")) == Added(900, 1500)
    assert added(LOOKS, *WEEK, away("1 Nov", "9 Nov")).high is None


# --- any history -----------------------------------------------------------------------------------

BEGIN, HOURS = moment("1 Nov"), 30 * 24


def at(hour: int) -> datetime:
    return BEGIN + timedelta(hours=hour)


@laws(200)
@given(
    st.lists(st.integers(0, HOURS - 1), max_size=8),
    st.lists(st.tuples(st.integers(0, HOURS), st.integers(0, 24)), max_size=5),
    st.tuples(st.integers(0, HOURS), st.integers(0, HOURS)).map(sorted),
    st.tuples(st.integers(0, HOURS), st.integers(0, HOURS)).map(sorted),
)
def test_the_truth_lies_within_and_knowing_of_an_absence_never_widens(
    lines: list[int], taken: list[tuple[int, int]], away_in: list[int], asked: list[int]
) -> None:
    """For any history with an absence in it, any looks through a lagging dashboard, and any period."""
    written = sorted(hour for hour in lines if not away_in[0] <= hour < away_in[1])
    looks: list[ShownLook] = []
    shown = 0
    for hour, late in sorted(taken):
        shown = max(shown, hour - late)
        counts = {"ana": bisect_left(written, max(0, shown))}
        looks.append(look_of_moment(f"{len(looks)}", BEGIN.date(), at(hour), counts))
    absence = Absence(at(away_in[0]), at(away_in[1]), SOURCE)
    start, end = (Point(at(hour)) for hour in asked)
    without, found = added(looks, start, end), added(looks, start, end, absence)
    truth = bisect_left(written, asked[1]) - bisect_left(written, asked[0])
    assert found.doubt is None
    assert found.low <= truth <= (math.inf if found.high is None else found.high)
    assert found.low >= without.low
    assert (math.inf if found.high is None else found.high) <= (
        math.inf if without.high is None else without.high
    )
    assert timedelta(hours=24) == LAG
