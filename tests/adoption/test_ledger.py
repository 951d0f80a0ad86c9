"""Laws of spend reports: exact for their ranges, for sums and for differences of them, and never for more."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.adoption.ledger import Ledger, ShownRange
from shared.adoption.timeline import Added
from tests.adoption.looking import laws, moment

PEOPLE = ("eana", "eben")


def day(number: int) -> datetime:
    return moment("1 Nov") + timedelta(days=number - 1)


def report(first: int, last: int, /, name: str = "", **amounts: int) -> ShownRange:
    """A report of these days of November, both included."""
    return ShownRange(
        f"{name}{first}-{last}", day(first), day(last + 1), amounts, f"the report {name}{first}-{last}"
    )


def exactly(amount: int) -> Added:
    return Added(amount, amount)


def test_example_9_a_report_is_exact_for_its_own_range() -> None:
    """Who is listed used so much, who is listed elsewhere only used nothing, and no other range is told."""
    ledger = Ledger([report(9, 15, eana=1_200_000), report(2, 8, eben=5)])
    assert ledger.added(day(9), day(16)) == {"eana": exactly(1_200_000), "eben": exactly(0)}
    assert ledger.added(day(9), day(15)) is None
    assert ledger.added(day(9) + timedelta(hours=1), day(16)) is None


def test_ranges_that_meet_are_added_and_ranges_with_one_edge_are_differenced() -> None:
    """Two weeks make a fortnight; a fortnight less its first week is its second one, and the other way."""
    week, fortnight = report(2, 8, eana=5), report(2, 15, eana=12)
    assert Ledger([week, report(9, 15, eana=7)]).added(day(2), day(16)) == {"eana": exactly(12)}
    assert Ledger([week, fortnight]).added(day(9), day(16)) == {"eana": exactly(7)}
    assert Ledger([report(9, 15, eana=7), fortnight]).added(day(2), day(9)) == {"eana": exactly(5)}


def test_overlapping_reports_that_disagree_are_named() -> None:
    """About whom they disagree nothing is known of any range that they touch; the others stay exact."""
    ledger = Ledger(
        [
            report(2, 8, eana=5, eben=1),
            report(9, 15, eana=7),
            report(2, 15, eana=13, eben=1),
            report(16, 22, eana=3),
        ]
    )
    (words,) = ledger.conflicts()
    assert words == "the report 2-8, the report 2-15 and the report 9-15 contradict each other"
    for start, end in ((2, 9), (9, 16), (2, 16)):
        found = ledger.added(day(start), day(end))
        assert found is not None
        assert found["eana"] == Added(0, None, words)
        assert found["eben"] == exactly(1 if start == 2 else 0)
    assert ledger.added(day(16), day(23)) == {"eana": exactly(3), "eben": exactly(0)}


def test_two_reports_of_one_range_agree_or_are_named() -> None:
    """Downloaded twice is as if downloaded once; a restated one is a contradiction."""
    once, again = report(2, 8, eana=5), report(2, 8, name="again ", eana=5)
    assert Ledger([once, again]).conflicts() == []
    assert Ledger([once, report(2, 8, name="again ", eana=6)]).conflicts() == [
        "the report 2-8 and the report again 2-8 contradict each other"
    ]


def test_reports_of_other_days_that_disagree_leave_no_difference_to_be_taken() -> None:
    """A fortnight less its second week is its first one; of two second weeks nobody knows which to take."""
    weeks = [report(9, 15, name=name, eana=amount, eben=1) for name, amount in (("", 5), ("again ", 6))]
    found = Ledger([*weeks, report(2, 15, eana=9, eben=3), report(16, 22, eana=2)])
    words = "the report 9-15 and the report again 9-15 contradict each other"
    assert found.added(day(2), day(9)) == {"eana": Added(0, None, words), "eben": exactly(2)}
    assert found.added(day(16), day(23)) == {"eana": exactly(2), "eben": exactly(0)}


def test_use_cannot_become_less_and_money_can() -> None:
    """A longer range with fewer tokens than a part of it contradicts that part; money is corrected."""
    reports = [report(2, 8, eana=5), report(2, 15, eana=4)]
    found = Ledger(reports).added(day(9), day(16))
    assert found == {"eana": Added(0, None, "the report 2-8 and the report 2-15 contradict each other")}
    assert Ledger(reports, may_fall=True).added(day(9), day(16)) == {"eana": exactly(-1)}


def test_without_reports_nothing_is_told() -> None:
    """No report, no figure."""
    assert Ledger([]).added(day(1), day(2)) is None


# --- any history -----------------------------------------------------------------------------------

USES = st.lists(st.tuples(st.integers(1, 28), st.sampled_from(PEOPLE), st.integers(1, 9)), max_size=20)
RANGES = st.lists(
    st.tuples(st.integers(1, 28), st.integers(1, 28)).map(lambda two: (min(two), max(two))), max_size=8
)


def used(uses: list[tuple[int, str, int]], first: int, last: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for on, person, tokens in uses:
        if first <= on <= last:
            found[person] = found.get(person, 0) + tokens
    return found


@laws(100)
@given(USES, RANGES, st.randoms(use_true_random=False))
def test_whatever_is_told_is_the_truth_in_any_order(
    uses: list[tuple[int, str, int]], ranges: list[tuple[int, int]], chance: random.Random
) -> None:
    """Reports of one history never contradict each other, and each figure that they give is what happened."""
    reports = [report(*one, name=f"{at} ", **used(uses, *one)) for at, one in enumerate(ranges)]
    ledger = Ledger(reports)
    shuffled = Ledger(chance.sample(reports, len(reports)))
    assert ledger.conflicts() == []
    for first in range(1, 29):
        for last in range(first, 29):
            found = ledger.added(day(first), day(last + 1))
            assert found == shuffled.added(day(first), day(last + 1))
            if found is not None:
                truth = used(uses, first, last)
                assert all(found[person] == exactly(truth.get(person, 0)) for person in found)
                assert truth.keys() <= found.keys()


@laws(100)
@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(0, 9)), min_size=3, max_size=6),
    st.randoms(use_true_random=False),
)
def test_who_has_a_figure_has_the_same_by_every_way(
    told: list[tuple[int, int, int]], chance: random.Random
) -> None:
    """Whatever the reports say: each way from one day to another that visits none twice is walked."""
    reports = [
        report(first, first + days - 1, name=f"{at} ", eana=count)
        for at, (first, days, count) in enumerate(told)
    ]
    ledger = Ledger(reports)
    start, end = (day(one) for one in sorted(chance.sample(range(1, 7), 2)))
    found = ledger.added(start, end)
    if found and found["eana"].high is not None:
        assert {*ways(reports, start, end)} == {found["eana"].high}


def ways(reports: list[ShownRange], here: datetime, end: datetime, *seen: datetime) -> Iterator[int]:
    """What was used by each way."""
    if here == end:
        yield 0
        return
    for one in reports:
        for origin, there, sign in ((one.begin, one.end, 1), (one.end, one.begin, -1)):
            if origin == here and there not in seen:
                for rest in ways(reports, there, end, *seen, here):
                    yield sign * one.amounts["eana"] + rest


@laws(50)
@given(RANGES)
def test_every_range_that_steps_lead_over_is_told(ranges: list[tuple[int, int]]) -> None:
    """Exactly where some sum and difference of reports makes up the range, by an independent closure."""
    known = {(first, last + 1) for first, last in ranges}
    while True:
        steps = known | {(end, start) for start, end in known}
        further = {(one[0], two[1]) for one in steps for two in steps if one[1] == two[0]} - known
        if not further:
            break
        known |= further
    ledger = Ledger([report(*one, name=f"{at} ") for at, one in enumerate(ranges)])
    for start in range(1, 30):
        for end in range(start + 1, 30):
            assert (ledger.added(day(start), day(end)) is not None) == ((start, end) in known)
