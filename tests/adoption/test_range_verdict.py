"""What a comparison over ranges comes to."""

from __future__ import annotations

from shared.adoption.range_verdict import decide
from shared.adoption.ranges import UNKNOWN, Range, ways_to_move
from shared.records import Spread


def exact(number: int) -> Range:
    return Range(number, number)


def test_exact_ranges_give_exact_counts() -> None:
    """Where every figure is a number each count is one."""
    decided = decide([ways_to_move(exact(100), exact(150)), ways_to_move(exact(0), exact(0))])
    assert decided.verdict == "yes"
    assert decided.counts is not None
    assert (decided.counts.gained, decided.counts.active_before, decided.counts.active) == (1, 1, 1)
    assert not decided.flat


def test_a_range_leaves_counts_open_and_may_leave_the_verdict() -> None:
    """Example 22's f: started or not, and the answer does not depend on it."""
    decided = decide([ways_to_move(exact(100), exact(150)), ways_to_move(exact(0), Range(0, 50))])
    assert (decided.verdict, decided.counts) == ("yes", None)
    assert decided.ranges["active"] == Spread(1, 2)
    assert decided.ranges["started"] == Spread(0, 1)


def test_an_unknown_can_be_everything() -> None:
    """[0, ∞) against [0, ∞) allows every movement, so no verdict stands."""
    decided = decide([ways_to_move(UNKNOWN, UNKNOWN)])
    assert (decided.verdict, decided.counts) == (None, None)
    assert set(decided.ranges.values()) == {Spread(0, 1)}


def test_nobody_is_flat() -> None:
    """Nobody in either period: no, flat."""
    decided = decide([])
    assert decided.verdict == "no"
    assert decided.flat
