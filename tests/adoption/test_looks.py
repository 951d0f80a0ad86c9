"""Laws of looks: of which moments one speaks, and in which order they were taken."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adoption.looks import ShownLook, in_order, look_of_day, look_of_moment
from tests.adoption.looking import LAG, laws, look, moment

NOVEMBER = date(2026, 11, 1)
HOUR = timedelta(hours=1)


def test_a_known_moment_is_all_that_a_look_was_taken_at() -> None:
    """Where the time is known, the look was taken then and at no other moment."""
    one = look("6 Nov 16:00", ana=1000)
    assert one.earliest == one.moment == one.latest == moment("6 Nov 16:00")


def test_a_day_stands_at_noon_and_means_all_of_itself() -> None:
    """A look of which only the day is known stands at noon and was taken between its two midnights."""
    one = look("6 Nov", ana=1000)
    assert (one.earliest, one.moment, one.latest) == tuple(
        moment(text) for text in ("6 Nov", "6 Nov 12:00", "7 Nov")
    )


@pytest.mark.parametrize(
    ("zone", "day", "first", "noon", "after"),
    [
        ("Pacific/Auckland", date(2026, 11, 13), "12 Nov 11:00", "12 Nov 23:00", "13 Nov 11:00"),
        ("America/Los_Angeles", date(2026, 11, 13), "13 Nov 08:00", "13 Nov 20:00", "14 Nov 08:00"),
        ("Europe/Berlin", date(2026, 10, 25), "24 Oct 22:00", "25 Oct 11:00", "25 Oct 23:00"),
        ("Europe/Berlin", date(2026, 3, 29), "28 Mar 23:00", "29 Mar 10:00", "29 Mar 22:00"),
    ],
)
def test_a_day_is_that_of_its_time_zone(zone: str, day: date, first: str, noon: str, after: str) -> None:
    """A day begins and ends at that zone's midnights, also when it has 25 hours or 23; all is told in UTC."""
    begins = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    one = look_of_day("r1", day.replace(day=1), day, {}, begins=begins)
    assert (one.earliest, one.moment, one.latest) == (moment(first), moment(noon), moment(after))
    assert {at.tzinfo for at in (one.earliest, one.moment, one.latest)} == {UTC}


def test_a_look_is_named_by_what_is_known_of_its_moment() -> None:
    """In words: the moment in UTC, or the admin's own day, and the receipt; never a file's name."""
    assert look_of_moment("r7", NOVEMBER, moment("6 Nov 16:00"), {}).in_words == (
        "the export of 6 November 2026, 16:00 UTC (receipt r7)"
    )
    begins = datetime(2026, 11, 13, tzinfo=ZoneInfo("Pacific/Auckland"))
    one = look_of_day("r8", NOVEMBER, date(2026, 11, 13), {}, begins=begins)
    assert one.in_words == "the export of 13 November 2026 (receipt r8)"


@pytest.mark.parametrize(
    ("text", "lag", "final"),
    [
        ("1 Nov 00:00", 0 * HOUR, True),
        ("31 Oct 23:59", 0 * HOUR, False),
        ("1 Nov 23:59", LAG, False),
        ("2 Nov 00:00", LAG, True),
        ("1 Nov", LAG, False),
        ("2 Nov", LAG, True),
        ("2 Nov", LAG + HOUR, False),
    ],
)
def test_a_look_is_final_once_its_earliest_moment_less_the_lag_is_not_before_the_months_end(
    text: str, lag: timedelta, final: bool
) -> None:
    """Downloaded on the 2nd or later, with a dashboard that lags by a day, a month's file closes it."""
    assert look(text, of="Oct", ana=1).is_final(lag) is final


def test_a_finished_months_file_counts_at_the_months_end() -> None:
    """A look counts at the earlier of its moment and its month's end."""
    assert look("30 Oct 16:00").counts_at == moment("30 Oct 16:00")
    assert look("1 Nov 08:00", of="Oct").counts_at == moment("1 Nov")
    assert look("1 Jan 2027 08:00", of="Dec").counts_at == moment("1 Jan 2027")
    assert look("29 Feb 2028 08:00").month_end == moment("1 Mar 2028")


def ids(looks: list[ShownLook]) -> list[str]:
    return [one.look_id for one in looks]


def test_the_larger_of_two_looks_of_one_day_is_the_later() -> None:
    """Of two with the same date-only moment the one with the larger total is later."""
    less, more = (
        look_of_day(name, NOVEMBER, date(2026, 11, 6), {"ana": n}) for name, n in [("b", 1), ("a", 2)]
    )
    assert ids(in_order([more, less])) == ["b", "a"]


@pytest.mark.parametrize(
    ("total", "order", "window"),
    [
        (50, ["day", "9", "15"], ("6 Nov", "6 Nov 09:00", "6 Nov 09:00")),
        (150, ["9", "day", "15"], ("6 Nov 09:00", "6 Nov 12:00", "6 Nov 15:00")),
        (250, ["9", "15", "day"], ("6 Nov 15:00", "6 Nov 15:00", "7 Nov")),
    ],
)
def test_the_looks_within_a_day_narrow_what_the_day_can_mean(
    total: int, order: list[str], window: tuple[str, str, str]
) -> None:
    """A look of a day stands where its total puts it among those with a time, and was taken between them."""
    looks = [
        look_of_moment("15", NOVEMBER, moment("6 Nov 15:00"), {"ana": 200}),
        look_of_day("day", NOVEMBER, date(2026, 11, 6), {"ana": total}),
        look_of_moment("9", NOVEMBER, moment("6 Nov 09:00"), {"ana": 100}),
    ]
    ordered = in_order(looks)
    assert ids(ordered) == order
    (narrowed,) = (one for one in ordered if one.look_id == "day")
    assert (narrowed.earliest, narrowed.moment, narrowed.latest) == tuple(map(moment, window))


def test_midnights_do_not_belong_to_the_day_between_them() -> None:
    """A look at a day's first moment is before one of that day, a look at its end is behind."""
    looks = [look("7 Nov 00:00", ana=1), look("6 Nov", ana=9), look("6 Nov 00:00", ana=99)]
    assert [one.total for one in in_order(looks)] == [99, 9, 1]


def test_a_wrong_file_among_them_does_not_tear_the_order_apart() -> None:
    """Where a later count is smaller than an earlier one, the looks with a time keep their moments' order."""
    looks = [look("6 Nov 10:00", ana=100), look("6 Nov 15:00", ana=50), look("6 Nov", ana=70)]
    assert [one.total for one in in_order(looks)] == [100, 50, 70]


LOOKS = st.lists(
    st.builds(
        lambda number, day, hour, total: (
            look_of_day(str(number), NOVEMBER, date(2026, 11, day), {"ana": total})
            if hour is None
            else look_of_moment(
                str(number), NOVEMBER, datetime(2026, 11, day, hour, tzinfo=UTC), {"ana": total}
            )
        ),
        st.integers(0, 10**6),
        st.integers(1, 4),
        st.none() | st.integers(0, 23),
        st.integers(0, 5),
    ),
    max_size=7,
    unique_by=lambda one: one.look_id,
)


@laws(150)
@given(LOOKS, st.randoms(use_true_random=False))
def test_the_order_is_the_looks_own(looks: list[ShownLook], chance: random.Random) -> None:
    """The order depends on the looks, not on how they arrived; what is in order stays as it is."""
    ordered = in_order(looks)
    assert in_order(chance.sample(looks, len(looks))) == ordered
    assert in_order(ordered) == ordered
    assert sorted(ids(ordered)) == sorted(ids(looks))


@laws(150)
@given(LOOKS)
def test_in_order_nothing_goes_backwards(looks: list[ShownLook]) -> None:
    """The earliest, standing and latest moments of the looks never fall, each within its own day."""
    ordered = in_order(looks)
    for before, after in pairwise(ordered):
        assert before.earliest <= after.earliest
        assert before.moment <= after.moment
        assert before.latest <= after.latest
    given_as = {one.look_id: one for one in looks}
    for one in ordered:
        assert given_as[one.look_id].earliest <= one.earliest <= one.moment <= one.latest
        assert one.latest <= given_as[one.look_id].latest
