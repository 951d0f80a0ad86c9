"""Laws of standing: when so many people fall at once that a file must be wrong, and which one it is."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adoption.lines import LeftBy, Tolerance
from shared.adoption.looks import ShownLook, in_order
from shared.adoption.standing import Referee, Standing, settle
from tests.adoption.looking import laws, look, seen

TEAM = "abcdefgh"


def referee(left_by: LeftBy = lambda _person, _at: False) -> Referee:
    return Referee(Tolerance(), left_by)


def states(*looks: ShownLook, left_by: LeftBy = lambda _person, _at: False) -> str:
    """The state of each look, in the order given: accepted, refused or contested by its first letter."""
    standings = settle(looks, referee(left_by))
    return "".join(standings[one.look_id].state[0] for one in looks)


def all_at(text: str, count: int, **others: int) -> ShownLook:
    """A look at which everybody of the team has the same count, but for others."""
    return seen(text, dict.fromkeys(TEAM, count) | others)


def below(*people: str, by: int = 50) -> dict[str, int]:
    return dict.fromkeys(people, 100 - by)


def test_worked_example_12d() -> None:
    """Of 8 people the file of 20 November shows 5 below the one of the 13th: refused, both named."""
    before = all_at("13 Nov 16:00", 100)
    after = all_at("20 Nov 16:00", 110, **below(*"abcde"))
    standings = settle([before, after], referee())
    assert standings[before.look_id] == Standing("accepted")
    assert standings[before.look_id].reason == ""
    assert standings[after.look_id] == Standing("refused", before, 5, 8)
    assert standings[after.look_id].reason == (
        f"5 of 8 people have fallen or vanished between this and {before.in_words}: "
        "one of the two is of another organisation, month or day"
    )


@pytest.mark.parametrize("of", range(1, 26))
def test_more_than_a_fifth_and_at_least_three(of: int) -> None:
    """A file is refused where more than a fifth of the people, and at least 3, are in conflict; no sooner."""
    people = [f"p{number}" for number in range(of)]
    before = seen("13 Nov 16:00", dict.fromkeys(people, 100))
    for fallen in range(of + 1):
        for vanished in range(fallen + 1):
            after = dict.fromkeys(people[vanished:], 100) | dict.fromkeys(people[vanished:fallen], 50)
            refused = states(before, seen("20 Nov 16:00", after | {"newcomer": 7})) == "ar"
            assert refused == (fallen >= 3 and 5 * fallen > of)


def test_newcomers_are_not_of_the_people_in_both_files() -> None:
    """Who is in the later file only neither falls nor makes the fifth of the others smaller."""
    before = look("13 Nov 16:00", a=100, b=100, c=100)
    many = {f"new{number}": 9 for number in range(40)}
    assert states(before, seen("20 Nov 16:00", {"a": 1, "b": 1, "c": 1} | many)) == "ar"


def test_corrections_are_no_conflicts() -> None:
    """A fall within the tolerance is the vendor's correction, however many have one."""
    assert states(all_at("13 Nov 16:00", 100), all_at("20 Nov 16:00", 95)) == "aa"
    assert states(all_at("13 Nov 16:00", 100), all_at("20 Nov 16:00", 94)) == "ar"


def test_leavers_do_not_count() -> None:
    """Who vanishes and has left is no conflict, and not one of those who could have been in one."""
    before = all_at("13 Nov 16:00", 100)
    after = seen("20 Nov 16:00", dict.fromkeys("defgh", 110))
    assert states(before, after) == "ar"
    assert states(before, after, left_by=lambda person, _at: person == "a") == "aa"
    assert states(before, after, left_by=lambda _person, at: at == after.moment) == "aa"
    assert states(before, after, left_by=lambda _person, at: at == before.moment) == "ar"
    of_fifteen = seen("13 Nov 16:00", dict.fromkeys("abcdefghijklmno", 50))
    three_fell = dict.fromkeys("abc", 1)
    others = dict.fromkeys("defghijklmno", 50)
    assert states(of_fifteen, seen("20 Nov 16:00", three_fell | others)) == "aa"
    rest_left = seen("20 Nov 16:00", three_fell | {"d": 50})
    assert states(of_fifteen, rest_left, left_by=lambda person, _at: person > "d") == "ar"


def test_who_was_at_nothing_cannot_vanish() -> None:
    """A person missing counts 0, so those at 0 may go unlisted."""
    before = seen("13 Nov 16:00", dict.fromkeys("abcd", 0) | {"e": 5})
    assert states(before, look("20 Nov 16:00", e=5)) == "aa"


def test_nobody_is_a_look_of_0_in_a_fresh_month_only() -> None:
    """A header-only export is a look of 0 for everybody, and refused where somebody counted before."""
    assert states(look("6 Nov 16:00")) == "a"
    assert states(look("6 Nov 16:00"), look("13 Nov 16:00", ana=5)) == "aa"
    assert states(look("6 Nov 16:00", ana=5), look("13 Nov 16:00")) == "ar"
    assert states(look("6 Nov 16:00", ana=0), look("13 Nov 16:00")) == "aa"
    assert states(look("6 Nov 16:00", ana=5), look("13 Nov 16:00"), left_by=lambda _who, _at: True) == "aa"


def test_nobody_proves_nothing() -> None:
    """Header-only exports contest no file, neither two of them nor one beside another organisation's."""
    first, nobody = look("6 Nov 16:00", ana=5, ben=6, cara=7), look("13 Nov 16:00")
    assert states(first, nobody, look("20 Nov 16:00")) == "arr"
    assert states(first, nobody, look("20 Nov 16:00", xan=5, yan=6, zoe=7)) == "arr"


A = all_at("6 Nov 16:00", 500)
B = all_at("13 Nov 16:00", 100)
C = all_at("20 Nov 16:00", 150)


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        pytest.param([A, B], "ar", id="the later moment is refused"),
        pytest.param([A, B, C], "caa", id="a further file fits the refused one and not the earlier"),
        pytest.param([A, B, all_at("20 Nov 16:00", 600)], "ara", id="a further file fits both"),
        pytest.param([A, B, all_at("20 Nov 16:00", 50)], "arr", id="a further file fits neither"),
        pytest.param([A, all_at("9 Nov 16:00", 600), B], "aar", id="two before it"),
        pytest.param([A, all_at("9 Nov 16:00", 600), B, C], "ccaa", id="two before it, and one beside it"),
        pytest.param([all_at("2 Nov 16:00", 50), A, B, C], "acaa", id="one high file among good ones"),
        pytest.param([A, B, all_at("27 Nov 16:00", 700), C], "caaa", id="a further file that all fit"),
        pytest.param([A, B, all_at("16 Nov 16:00", 600), C], "caar", id="another high one between"),
        pytest.param(
            [A, B, all_at("16 Nov 16:00", 600), C, all_at("27 Nov 16:00", 200)],
            "cacaa",
            id="until a further file speaks against that one too",
        ),
        pytest.param([A, B, C, all_at("27 Nov 16:00", 200)], "caaa", id="and goes on"),
    ],
)
def test_whoever_arrived_first(looks: list[ShownLook], expected: str) -> None:
    """Which file stands depends on the moments and on what fits, never on the order of arrival."""
    wanted = {one.look_id: state for one, state in zip(looks, expected, strict=True)}
    for arrived in permutations(looks):
        found = {look_id: standing.state[0] for look_id, standing in settle(arrived, referee()).items()}
        assert found == wanted


def test_the_contested_and_the_accepted_are_told_of_each_other() -> None:
    """An earlier file that is contested names the later one that is accepted instead, and how many fell."""
    standings = settle([A, B, C], referee())
    assert standings[A.look_id] == Standing("contested", B, 8, 8)


def test_of_two_refused_looks_that_do_not_fit_each_other_the_earlier_is_accepted() -> None:
    """A further file that fits both takes the earlier one's side, and the contested look names that one."""
    other = all_at("16 Nov 16:00", 110, **below(*"abcd"))
    standings = settle([A, B, other, C], referee())
    assert standings[A.look_id] == Standing("contested", B, 8, 8)
    assert standings[other.look_id] == Standing("refused", B, 4, 8)
    assert standings[B.look_id] == standings[C.look_id] == Standing("accepted")


def test_a_refused_look_names_one_that_stands() -> None:
    """Of those that it contradicts a refused look names the newest that stands itself."""
    newer = all_at("9 Nov 16:00", 600)
    assert settle([A, newer, B], referee())[B.look_id].against == newer
    third = all_at("16 Nov 16:00", 400, **dict.fromkeys("abcd", 40))
    standings = settle([A, B, third, C], referee())
    assert standings[A.look_id].state == "contested"
    assert standings[third.look_id] == Standing("refused", B, 4, 8)


def test_a_further_file_must_contradict_all_that_the_refused_one_does() -> None:
    """One that fits an earlier file, of those that the refused one contradicts, takes nobody's side."""
    first = all_at("2 Nov 16:00", 120)
    further = all_at("20 Nov 16:00", 130)
    assert states(first, A, B, further) == "aarr"


COUNTS = st.dictionaries(st.sampled_from(TEAM), st.sampled_from([0, 10, 20, 40, 80, 160]), max_size=8)
MONTHS = st.lists(st.tuples(st.integers(1, 28), COUNTS), max_size=6)


def month(days: list[tuple[int, dict[str, int]]]) -> list[ShownLook]:
    """Looks at a moment of those days, and of each third day as a whole; several of one day, too."""
    return [
        replace(
            seen(f"{day} Nov" if day % 3 == 0 else f"{day} Nov {10 + number}:00", counts), look_id=str(number)
        )
        for number, (day, counts) in enumerate(days)
    ]


@laws(100)
@given(MONTHS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(
    days: list[tuple[int, dict[str, int]]], chance: random.Random
) -> None:
    """Any permutation of the same looks gives the same standings."""
    looks = month(days)
    assert settle(chance.sample(looks, len(looks)), referee()) == settle(looks, referee())


@laws(100)
@given(MONTHS)
def test_what_stands_stands_together(days: list[tuple[int, dict[str, int]]]) -> None:
    """No two accepted looks contradict each other, and a refused one names an earlier that stands."""
    looks = in_order(month(days))
    judge = referee()
    standings = settle(looks, judge)
    assert standings.keys() == {one.look_id for one in looks}
    accepted = [one for one in looks if standings[one.look_id].state == "accepted"]
    for at, later in enumerate(accepted):
        assert not any(judge.quarrel(earlier, later) for earlier in accepted[:at])
    for one in looks:
        against = standings[one.look_id].against
        assert (against is None) == (standings[one.look_id].state == "accepted")
        if standings[one.look_id].state == "refused" and against is not None:
            assert standings[against.look_id].state == "accepted"
            assert against.moment <= one.moment


@laws(50)
@given(st.lists(st.tuples(st.integers(1, 28), st.integers(0, 50)), max_size=6))
def test_a_true_history_stands(days: list[tuple[int, int]]) -> None:
    """Looks at one dashboard, taken at any days, are all accepted."""
    total, looks = 0, []
    for number, (day, grown) in enumerate(sorted(days)):
        total += grown
        looks.append(all_at(f"{day} Nov {number:02}:00", total))
    assert set(states(*looks)) <= {"a"}
