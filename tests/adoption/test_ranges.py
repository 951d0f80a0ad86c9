"""Laws of verdicts over ranges: decided exactly, as if every history within them were tried."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adoption.ranges import NOTHING, UNKNOWN, Range, Ways, reach, verdicts, ways_to_move
from tests.adoption.looking import laws

TEN_PER_CENT = Fraction(1, 10)


def exactly(number: int) -> Range:
    return Range(number, number)


def told(lines: str) -> list[Ways]:
    """``a 100→[90, 130], f 0→[0, 50]``: how each may have moved."""
    parts = [part.split("→") for part in lines.split("; ")]
    return [ways_to_move(range_(before), range_(after)) for before, after in parts]


def range_(text: str) -> Range:
    low, _, high = text.partition("..")
    return Range(int(low), None if high == "∞" else int(high or low))


AS_18 = "100→150; 200→205; 300→200; 400→0; 500→700; {}; 0→10; 0→0"

EXAMPLES = [
    pytest.param(AS_18.format("0→50"), {"yes"}, id="18"),
    pytest.param("100→300; 100→300; 100→300; 100→0; 0→0; 0→0; 0→0; 0→0", {"mixed"}, id="19"),
    pytest.param("100→100; 200→200; 300→300", {"no"}, id="20"),
    pytest.param("100→20; 200→90; 0→5; 0→5", {"mixed"}, id="21"),
    pytest.param(AS_18.format("0→0..50"), {"yes"}, id="22"),
    pytest.param("100→90..130; 100→100", {"yes", "no"}, id="23"),
    pytest.param("100→100; 200→200; 300→300", {"no"}, id="24-without-its-joiner"),
    pytest.param("100→90; 100→110", {"no"}, id="25"),
    pytest.param("0..∞→0..∞", {"yes", "no"}, id="one unknown"),
    pytest.param("0..∞→0..∞; 100→0; 100→0; 100→0", {"no"}, id="an unknown that cannot turn it"),
    pytest.param(
        "0..∞→0..∞; 100→200; 100→200; 100→200", {"yes", "mixed"}, id="an unknown that may have stopped"
    ),
]


@pytest.mark.parametrize(("lines", "expected"), EXAMPLES)
def test_worked_example(lines: str, expected: set[str]) -> None:
    """From the ranges of two periods follow the verdicts that they allow."""
    assert verdicts(told(lines)) == expected


def test_nobody_is_flat() -> None:
    """Where nobody may have moved nothing is gained, which is a no."""
    assert verdicts([]) == verdicts(told("0→0; 0→0")) == {"no"}


@pytest.mark.parametrize(
    ("before", "after", "ways"),
    [
        (NOTHING, NOTHING, {None}),
        (NOTHING, UNKNOWN, {None, "started"}),
        (UNKNOWN, NOTHING, {None, "stopped"}),
        (UNKNOWN, UNKNOWN, {None, "started", "stopped", "gained", "held", "declined"}),
        (exactly(100), UNKNOWN, {"stopped", "gained", "held", "declined"}),
        (UNKNOWN, exactly(1), {"started", "held", "declined"}),
        (exactly(100), exactly(110), {"held"}),
        (exactly(100), exactly(111), {"gained"}),
        (exactly(100), exactly(90), {"held"}),
        (exactly(100), exactly(89), {"declined"}),
        (Range(0, 0), Range(0, 1), {None, "started"}),
    ],
)
def test_who_may_have_moved_how(before: Range, after: Range, ways: set[str | None]) -> None:
    """Both edges of ten per cent are held; who may be at nothing may have started or stopped."""
    assert ways_to_move(before, after) == ways


@pytest.mark.parametrize(
    ("threshold", "held", "gained", "declined"),
    [
        (Fraction(1125, 10_000), 890, 891, 709),
        (Fraction(1, 2), 1200, 1201, 399),
        (Fraction(7, 10), 1360, 1361, 239),
    ],
)
def test_a_wider_threshold_is_exact(threshold: Fraction, held: int, gained: int, declined: int) -> None:
    """Worked examples 13 and 15a: *gained* begins beyond +11.25 %, beyond +50 %, to the single line."""
    assert ways_to_move(exactly(800), exactly(held), threshold) == {"held"}
    assert ways_to_move(exactly(800), exactly(gained), threshold) == {"gained"}
    assert ways_to_move(exactly(800), exactly(declined), threshold) == {"declined"}
    assert ways_to_move(exactly(800), exactly(declined + 1), threshold) == {"held"}


def test_large_numbers_are_as_exact() -> None:
    """No count is too large to tell a tenth from a tenth and one line."""
    assert ways_to_move(exactly(10**18), exactly(11 * 10**17)) == {"held"}
    assert ways_to_move(exactly(10**18), exactly(11 * 10**17 + 1)) == {"gained"}
    assert ways_to_move(Range(10**18, 10**18), Range(9 * 10**17 - 1, 11 * 10**17)) == {"held", "declined"}


# --- every history within the ranges -------------------------------------------------------------


def way(before: int, after: int, threshold: Fraction) -> str | None:
    """How who wrote so many lines moved, in the words of docs/metrics.md."""
    if not before or not after:
        return "started" if after else "stopped" if before else None
    change, allowed = (after - before) * threshold.denominator, before * threshold.numerator
    return "gained" if change > allowed else "declined" if change < -allowed else "held"


#: Far enough for an open range: enough to gain on the largest least number by half of it twice, and back.
FAR = 60


def numbers(one: Range) -> Iterable[int]:
    """Every number of a range, or as many as can make a difference."""
    return range(one.low, (FAR if one.high is None else one.high) + 1)


RANGES = st.builds(
    lambda low, width: Range(low, None if width is None else low + width),
    st.integers(0, 15),
    st.none() | st.integers(0, 15),
)
THRESHOLDS = st.sampled_from(
    [TEN_PER_CENT, Fraction(1125, 10_000), Fraction(1, 2), Fraction(1), Fraction(3, 2)]
)


@laws(150)
@given(RANGES, RANGES, THRESHOLDS)
def test_the_ways_are_those_of_all_numbers(before: Range, after: Range, threshold: Fraction) -> None:
    """Every pair of numbers within the ranges moves in one of the ways, and each way is that of some pair."""
    tried = {way(*pair, threshold) for pair in product(numbers(before), numbers(after))}
    assert ways_to_move(before, after, threshold) == tried


GROWTH: Mapping[str | None, tuple[int, int]] = {
    "started": (1, 1),
    "gained": (0, 1),
    "held": (0, 0),
    "declined": (0, -1),
    "stopped": (-1, -1),
    None: (0, 0),
}


def every_pair_of_sums(team: Iterable[Iterable[str | None]]) -> set[tuple[int, int]]:
    """How many more are active and how many more went up than down, for every choice of one way each."""
    return {
        (sum(GROWTH[one][0] for one in chosen), sum(GROWTH[one][1] for one in chosen))
        for chosen in product(*team)
    }


def verdict(more_active: int, more_up: int) -> str:
    """The answer, in the words of docs/metrics.md."""
    if more_active >= 0 and more_up > 0:
        return "yes"
    if more_active <= 0 and more_up <= 0:
        return "no"
    return "mixed"


TEAMS = st.lists(st.tuples(RANGES, RANGES), max_size=6)


@laws(150)
@given(TEAMS, THRESHOLDS)
def test_the_verdicts_are_those_of_all_choices(team: list[tuple[Range, Range]], threshold: Fraction) -> None:
    """A verdict is possible if and only if some choice of a way for each engineer gives it."""
    ways = [ways_to_move(before, after, threshold) for before, after in team]
    assert verdicts(ways) == {verdict(*sums) for sums in every_pair_of_sums(ways)}


@laws(30)
@given(st.lists(st.tuples(RANGES, RANGES), max_size=2))
def test_the_verdicts_are_those_of_all_numbers(team: list[tuple[Range, Range]]) -> None:
    """Two engineers' every number tried, one by one, gives just these verdicts."""
    tried = [
        {way(*pair, TEN_PER_CENT) for pair in product(numbers(before), numbers(after))}
        for before, after in team
    ]
    ways = [ways_to_move(before, after) for before, after in team]
    assert verdicts(ways) == {verdict(*sums) for sums in every_pair_of_sums(tried)}


@laws(100)
@given(TEAMS)
def test_what_can_be_reached_is_bounded_tightly(team: list[tuple[Range, Range]]) -> None:
    """For each number of more active the least and the largest second sum are those of a choice."""
    ways = [ways_to_move(before, after) for before, after in team]
    found = reach(ways)
    by_active: dict[int, list[int]] = {}
    for more_active, more_up in every_pair_of_sums(ways):
        by_active.setdefault(more_active, []).append(more_up)
    assert list(range(found.first, found.first + len(found.least))) == sorted(by_active)
    assert found.least == [min(by_active[active]) for active in sorted(by_active)]
    assert found.largest == [max(by_active[active]) for active in sorted(by_active)]


@laws(50)
@given(TEAMS, st.tuples(RANGES, RANGES))
def test_knowing_more_never_adds_a_verdict(team: list[tuple[Range, Range]], one: tuple[Range, Range]) -> None:
    """A team with an unknown allows every verdict that it allows once the unknown is known."""
    ways = [ways_to_move(*two) for two in team]
    assert verdicts([*ways, ways_to_move(*one)]) <= verdicts([*ways, ways_to_move(UNKNOWN, UNKNOWN)])


def test_ten_thousand_engineers_are_decided_like_a_few() -> None:
    """A thousand copies of ten engineers: sums a thousand times as large, and the same verdict."""
    ten = told(AS_18.format("0→0..50") + "; 100→90..130; 0..∞→0..∞")
    many = reach(ten * 1000)
    few = reach(ten)
    assert (many.first, many.least[0], many.largest[-1]) == (
        few.first * 1000,
        few.least[0] * 1000,
        few.largest[-1] * 1000,
    )
    assert verdicts(ten * 1000) == verdicts(ten)
