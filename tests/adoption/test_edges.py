"""Laws of edges: which looks were taken together, and which export periods can be compared."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adoption.edges import Comparison, Edge, Taken, comparison, edges_of, nearest, partner
from tests.adoption.looking import laws, moment

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def edge(text: str) -> Edge:
    return Edge(moment(text), {"team": text})


def edges(*texts: str) -> list[Edge]:
    return [edge(text) for text in texts]


def compared(*texts: str) -> tuple[str, ...] | None:
    """The edges that are compared: a, b, L, each by the text it was given as; and the weeks between."""
    found = comparison(edges(*texts))
    return None if found is None else (*(one.looks["team"] for one in found[:3]), f"{found.step.days // 7}")


FRIDAYS = ("6 Nov 16:00", "13 Nov 16:10", "20 Nov 15:50")

EXAMPLES = [
    pytest.param(FRIDAYS, (*FRIDAYS, "1"), id="13"),
    pytest.param(
        ("6 Nov 16:00", "13 Nov 16:00", "19 Nov 16:00", "20 Nov 16:00"),
        ("6 Nov 16:00", "13 Nov 16:00", "20 Nov 16:00", "1"),
        id="14",
    ),
    pytest.param(("6 Nov 16:00", "13 Nov 16:00", "17 Nov 16:00"), None, id="15"),
    pytest.param(
        ("6 Nov 09:00", "13 Nov 17:00", "20 Nov 09:00"),
        ("6 Nov 09:00", "13 Nov 17:00", "20 Nov 09:00", "1"),
        id="15a",
    ),
    pytest.param(
        ("6 Nov 16:00", "13 Nov 16:00", "27 Nov 16:00", "11 Dec 16:00"),
        ("13 Nov 16:00", "27 Nov 16:00", "11 Dec 16:00", "2"),
        id="15b",
    ),
]


@pytest.mark.parametrize(("texts", "expected"), EXAMPLES)
def test_worked_example(texts: Sequence[str], expected: tuple[str, ...] | None) -> None:
    """Which two export periods are compared, and how many weeks each stands for."""
    assert compared(*texts) == expected


def made(*texts: str) -> Comparison:
    a, b, latest = edges(*texts)
    return Comparison(a, b, latest, 7 * DAY)


def test_the_threshold_widens_exactly() -> None:
    """10 %, and 2.5 % for each hour by which the two periods together miss their length, minutes pro rata."""
    assert made("6 Nov 16:00", "13 Nov 16:00", "20 Nov 16:00").threshold == Fraction(10, 100)
    assert made(*FRIDAYS).missed_hours == Fraction(1, 2)
    assert made(*FRIDAYS).threshold == Fraction(1125, 10_000)
    assert made("6 Nov 09:00", "13 Nov 17:00", "20 Nov 09:00").threshold == Fraction(50, 100)
    assert made("6 Nov 16:00", "13 Nov 16:20", "20 Nov 16:20").missed_hours == Fraction(1, 3)


def test_a_longer_step_misses_its_own_length() -> None:
    """Two weeks that stand for one are held against two weeks."""
    a, b, latest = edges("13 Nov 16:00", "27 Nov 15:00", "11 Dec 16:00")
    assert Comparison(a, b, latest, 14 * DAY).missed_hours == 2


def test_twelve_hours_are_within_reach() -> None:
    """Each edge may miss the wanted moment by twelve hours, and not by a minute more."""
    assert compared("6 Nov 16:00", "14 Nov 04:00", "21 Nov 16:00") is not None
    assert compared("6 Nov 16:00", "14 Nov 04:01", "21 Nov 16:00") is None
    assert compared("6 Nov 16:00", "13 Nov 04:00", "20 Nov 04:00") is not None
    assert compared("6 Nov 16:00", "13 Nov 04:00", "20 Nov 16:01") is None


def test_the_nearest_counts_and_of_two_as_near_the_later() -> None:
    """Of several edges about the wanted moment the nearest stands for it, the later one on a tie."""
    near = edges("13 Nov 14:00", "13 Nov 17:00", "13 Nov 18:00")
    assert nearest(near, moment("13 Nov 16:00")) == near[1]
    assert nearest(near, moment("13 Nov 16:00")) == nearest(near[::-1], moment("13 Nov 16:00"))
    assert nearest(near[::2], moment("13 Nov 16:00")) == near[2]
    assert nearest(near, moment("14 Nov 06:01")) is None
    assert nearest([], moment("14 Nov 06:00")) is None


def test_an_edge_in_between_never_takes_an_answer_away() -> None:
    """Where the nearest edge has no partner of its own, another within reach that has one stands for it."""
    assert compared("6 Nov 06:00", "13 Nov 12:00", "20 Nov 20:00") == (
        "6 Nov 06:00",
        "13 Nov 12:00",
        "20 Nov 20:00",
        "1",
    )
    assert compared("6 Nov 06:00", "13 Nov 12:00", "13 Nov 20:00", "20 Nov 20:00") == (
        "6 Nov 06:00",
        "13 Nov 12:00",
        "20 Nov 20:00",
        "1",
    )


def test_a_longer_step_is_taken_only_for_a_newer_edge() -> None:
    """A week is preferred for the newest edge that can be compared, and the newest edge to a week."""
    weekly = ("6 Nov 16:00", "13 Nov 16:00", "20 Nov 16:00")
    assert compared(*weekly, "4 Dec 16:00") == ("6 Nov 16:00", "20 Nov 16:00", "4 Dec 16:00", "2")
    assert compared(*weekly, "25 Dec 16:00") == (*weekly, "1")
    assert compared("23 Oct 16:00", *weekly, "25 Dec 16:00") == (*weekly, "1")
    every_third = ("9 Oct 16:00", "30 Oct 16:00", "20 Nov 16:00")
    assert compared(*every_third) == (*every_third, "3")
    every_fourth = ("25 Sep 16:00", "23 Oct 16:00", "20 Nov 16:00")
    assert compared(*every_fourth) == (*every_fourth, "4")
    assert compared("11 Sep 16:00", "16 Oct 16:00", "20 Nov 16:00") is None


TEXTS = st.lists(st.integers(0, 70 * 8), max_size=9, unique=True)


@laws(200)
@given(TEXTS)
def test_the_comparison_is_the_best_of_all(times: list[int]) -> None:
    """Of all comparable triples of edges it has the newest L, the least step, the nearest b, then a."""
    found = [Edge(datetime(2026, 10, 1, tzinfo=UTC) + 3 * HOUR * at, {}) for at in sorted(times)]
    comparable = []
    for (a, b, latest), weeks in product(product(found, repeat=3), (1, 2, 3, 4)):
        off = [
            one - two - timedelta(days=7 * weeks)
            for one, two in ((latest.moment, b.moment), (b.moment, a.moment))
        ]
        if all(abs(one) <= timedelta(hours=12) for one in off):
            rank = (-latest.moment.timestamp(), weeks, abs(off[0]), off[0], abs(off[1]), off[1])
            comparable.append((rank, (a.moment, b.moment, latest.moment)))
    best = min(comparable)[1] if comparable else None
    got = comparison(found)
    assert (got and tuple(one.moment for one in got[:3])) == best


# --- edges from looks ----------------------------------------------------------------------------


def taken(*looks: str) -> list[Taken]:
    """Looks told as ``stream moment``; what they are told as is their id."""
    return [Taken(moment(one.partition(" ")[2]), one.partition(" ")[0], one) for one in looks]


def grouped(*looks: str) -> list[tuple[str, ...]]:
    """The looks of each edge, and that each is named by the latest of them."""
    found = edges_of(taken(*looks))
    for one in found:
        assert one.moment == max(moment(look.partition(" ")[2]) for look in one.looks.values())
        assert all(look.startswith(f"{stream} ") for stream, look in one.looks.items())
    return [tuple(one.looks.values()) for one in found]


def test_looks_of_different_streams_within_twelve_hours_of_the_first_are_one_edge() -> None:
    """Twelve hours included, counted from the first of them and not from each to the next."""
    assert grouped("a 6 Nov 08:00", "b 6 Nov 20:00") == [("a 6 Nov 08:00", "b 6 Nov 20:00")]
    assert grouped("a 6 Nov 08:00", "b 6 Nov 20:01") == [("a 6 Nov 08:00",), ("b 6 Nov 20:01",)]
    assert grouped("a 6 Nov 08:00", "b 6 Nov 15:00", "c 6 Nov 22:00") == [
        ("a 6 Nov 08:00", "b 6 Nov 15:00"),
        ("c 6 Nov 22:00",),
    ]


def test_a_streams_next_look_is_another_edge() -> None:
    """Two looks of one organisation and kind are two edges; others go with the one just before."""
    assert grouped("a 6 Nov 08:00", "a 6 Nov 09:00") == [("a 6 Nov 08:00",), ("a 6 Nov 09:00",)]
    assert grouped("a 6 Nov 08:00", "a 6 Nov 09:00", "b 6 Nov 09:30") == [
        ("a 6 Nov 08:00",),
        ("a 6 Nov 09:00", "b 6 Nov 09:30"),
    ]
    assert grouped("a 6 Nov 08:00", "b 6 Nov 08:30", "a 6 Nov 09:00", "b 6 Nov 09:30") == [
        ("a 6 Nov 08:00", "b 6 Nov 08:30"),
        ("a 6 Nov 09:00", "b 6 Nov 09:30"),
    ]


def test_of_one_streams_looks_at_one_moment_the_larger_is_the_edges() -> None:
    """Two looks of one day stand at one moment: there is one edge there, at the later of the two."""
    noon = moment("6 Nov 12:00")
    less, more = Taken(noon, "a", "less", 10), Taken(noon, "a", "a fuller one", 20)
    twins = [Taken(noon, "a", name, 20) for name in "xy"]
    assert edges_of(twins) == edges_of(twins[::-1])
    assert edges_of([more, less]) == edges_of([less, more]) == [Edge(noon, {"a": "a fuller one"})]


def test_no_looks_no_edges() -> None:
    """Nothing begins or ends where nobody looked."""
    assert edges_of([]) == []
    assert comparison([]) is None


LOOKS = st.lists(
    st.builds(
        lambda at, stream, total: Taken(moment("6 Nov") + at * HOUR, stream, f"{stream}{at}{total}", total),
        st.integers(0, 60),
        st.sampled_from("abc"),
        st.integers(0, 2),
    ),
    max_size=9,
    unique_by=lambda look: look.look_id,
)


@laws(150)
@given(LOOKS, st.randoms(use_true_random=False))
def test_edges_are_made_of_the_looks_alone(looks: list[Taken], chance: random.Random) -> None:
    """No two edges at one moment, each look in one at most, no edge wider than twelve hours."""
    found = edges_of(looks)
    assert edges_of(chance.sample(looks, len(looks))) == found
    moments = [one.moment for one in found]
    assert moments == sorted(set(moments))
    by_id = {look.look_id: look for look in looks}
    used = [look_id for one in found for look_id in one.looks.values()]
    assert len(used) == len(set(used))
    assert {(by_id[one].moment, by_id[one].stream) for one in used} == {
        (one.moment, one.stream) for one in looks
    }
    for one in found:
        within = [by_id[look_id].moment for look_id in one.looks.values()]
        assert max(within) - min(within) <= timedelta(hours=12)


# --- stored periods --------------------------------------------------------------------------------


def test_a_stored_period_begins_a_week_earlier_else_at_the_edge_before() -> None:
    """Each edge ends one export period: from the edge a week before, else the latest one before."""
    four = edges("6 Nov 16:00", "13 Nov 16:00", "19 Nov 16:00", "20 Nov 14:00")
    assert [partner(four, one) for one in four] == [None, four[0], four[1], four[1]]
    assert partner(edges("6 Nov 16:00", "10 Nov 16:00"), edge("12 Nov 16:00")) == edge("10 Nov 16:00")
