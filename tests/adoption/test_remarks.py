"""Laws of remarks: what a month's looks say of each other, counted, without a name, in any order."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adoption.lines import LeftBy, Tolerance
from shared.adoption.looks import ShownLook, final_from, look_of_day
from shared.adoption.remarks import remarks
from shared.adoption.standing import Referee, settle
from tests.adoption.looking import LAG, laws, look, month_of, seen, timeline


def nobody_left(_person: str, _at: object) -> bool:
    return False


def told(
    looks: Iterable[ShownLook],
    left_by: LeftBy = nobody_left,
    *,
    zone: str = "UTC",
    lag: timedelta = LAG,
) -> dict[str, list[str]]:
    referee = Referee(Tolerance(), left_by)
    looks = list(looks)
    return remarks(looks, settle(looks, referee), referee, lag=lag, zone=ZoneInfo(zone))


def of(*looks: ShownLook, left_by: LeftBy = nobody_left, zone: str = "UTC") -> list[list[str]]:
    """The remarks on each look, in the order given."""
    found = told(looks, left_by, zone=zone)
    return [found[one.look_id] for one in looks]


def test_looks_that_agree_say_nothing() -> None:
    """What is as it should be needs no remark."""
    assert of(look("6 Nov 16:00", ana=5), look("13 Nov 16:00", ana=5, ben=7)) == [[], []]
    assert of() == []


def test_a_leaver_keeps_the_last_count() -> None:
    """Who vanishes and has left is counted, on each receipt that lacks them."""
    looks = look("6 Nov 16:00", ana=5, ben=7, cy=9), look("13 Nov 16:00", cy=9)
    assert of(*looks, left_by=lambda person, _at: person != "cy") == [
        [],
        ["2 people who have left the roster are not in it: their last counts hold."],
    ]
    assert of(*looks, left_by=lambda person, _at: person == "ana")[1][0] == (
        "1 person who has left the roster is not in it: the last count holds."
    )


def test_a_small_fall_is_the_vendors_correction() -> None:
    """Worked example 6."""
    assert of(look("13 Nov 16:00", ana=1600, ben=100), look("20 Nov 16:00", ana=1598, ben=100)) == [
        [],
        ["1 count is a little below the highest so far: taken as the vendor's correction."],
    ]
    assert of(look("13 Nov 16:00", ana=1600, ben=100), look("20 Nov 16:00", ana=1598, ben=97))[1] == [
        "2 counts are a little below the highest so far: taken as the vendor's corrections."
    ]


def test_a_fall_is_told_on_both_receipts() -> None:
    """Worked example 7: each names the other file."""
    before, after = look("13 Nov 16:00", ana=1600), look("20 Nov 16:00", ana=1400)
    assert of(before, after) == [
        [
            f"1 person has fallen or vanished between this and {other.in_words}: a count cannot fall, so "
            "that each figure of that person's which rests on either is unknown."
        ]
        for other in (after, before)
    ]


def test_who_vanishes_may_be_who_is_new() -> None:
    """Worked example 8: the receipt asks whether they are one person, and says what settles it."""
    cure = (
        " An alias tells that an address has changed, and a `left` date in the roster that somebody has left."
    )
    before = look("13 Nov 16:00", ana=10, ben=200)
    assert of(before, look("20 Nov 16:00", ana=10))[1][1:] == [f"1 person has vanished from it.{cure}"]
    assert of(before, look("20 Nov 16:00", ana=10, cy=250))[1][1:] == [
        f"1 person has vanished from it, and 1 is new in it: are they one person?{cure}"
    ]
    assert of(before, look("20 Nov 16:00", dee=10, cy=250))[1] == [
        f"2 people have fallen or vanished between this and {before.in_words}: a count cannot fall, so that "
        "each of their figures which rests on either is unknown.",
        f"2 people have vanished from it, and 2 are new in it: are some of them one person?{cure}",
    ]
    assert len(of(before, look("20 Nov 16:00", ana=10, cy=250))[0]) == 1


def test_of_many_files_three_are_named() -> None:
    """A month of daily exports does not make a receipt of thirty lines."""
    first = look("2 Nov 16:00", ana=500)
    later = [look(f"{day} Nov 16:00", ana=100 + day) for day in range(3, 9)]
    (remark,) = of(first, *later)[0]
    assert remark.startswith("1 person has fallen or vanished between this and 3 more and the export of 6 ")
    assert remark.count("(receipt") == 3


def test_what_stands_against_a_contested_file_says_so() -> None:
    """Why a file counts that another one contradicts; a contested one has the reason, a refused one none."""
    team = "abcdefgh"
    wrong, right, further = (
        seen(text, dict.fromkeys(team, count))
        for text, count in (("6 Nov 16:00", 500), ("13 Nov 16:00", 100), ("20 Nov 16:00", 150))
    )
    against, counts, also = of(wrong, right, further)
    assert against[0].startswith("8 of 8 people have fallen or vanished")
    assert counts == [
        f"It counts, and {wrong.in_words} does not: they contradict each other, and a further export fits "
        "this one only."
    ]
    assert also == []
    assert of(wrong, right) == [[], []]


CLOSES = "It is the final file of October 2026: it closes the month."


def test_a_final_look_closes_its_month() -> None:
    """Of two the larger counts hold, and each names the other."""
    one, two = look("2 Nov 09:00", of="Oct", ana=5), look("3 Nov 09:00", of="Oct", ana=7)
    assert of(one) == [[CLOSES]]
    assert of(one, two) == [
        [CLOSES, f"So is {two.in_words}: of each person the larger count holds."],
        [CLOSES, f"So is {one.in_words}: of each person the larger count holds."],
    ]


def test_a_final_look_that_equals_the_last_ordinary_one_is_warned_about() -> None:
    """Was it downloaded late enough? Not to be listed is to be at 0."""
    ordinary, final = look("30 Oct 16:00", ana=5), look("2 Nov 09:00", of="Oct", ana=5, ben=0)
    warning = (
        f"It shows the same as the month's last ordinary export, {ordinary.in_words}: was it downloaded late "
        "enough?"
    )
    assert of(ordinary, final) == [[], [CLOSES, warning]]
    assert of(ordinary, look("2 Nov 09:00", of="Oct", ana=6))[1] == [CLOSES]
    earlier = look("23 Oct 16:00", ana=5)
    assert of(earlier, look("30 Oct 16:00", ana=6), look("2 Nov 09:00", of="Oct", ana=6))[2][1:] != []
    assert of(earlier, look("30 Oct 16:00", ana=6), look("2 Nov 09:00", of="Oct", ana=7))[2][1:] == []


def test_after_the_months_end_and_not_final() -> None:
    """It says from which day on it would be."""
    late = look("1 Nov", of="Oct", ana=5)
    text = (
        "October 2026 is over, but the vendor's dashboard may be 24 hours behind: the file does not close "
        "the month. Export October again on {} November 2026 or later."
    )
    assert of(late) == [[text.format(2)]]
    assert of(late, zone="Asia/Tokyo") == [[text.format(3)]]


@pytest.mark.parametrize(
    ("zone", "hours", "day"),
    [
        ("UTC", 24, 2),
        ("Asia/Tokyo", 24, 3),
        ("Europe/Berlin", 24, 3),
        ("America/Los_Angeles", 24, 2),
        ("UTC", 0, 1),
        ("UTC", 25, 3),
        ("Asia/Tokyo", 15, 2),
        ("Pacific/Kiritimati", 24, 3),
    ],
)
def test_from_which_day_on_a_file_is_final(zone: str, hours: int, day: int) -> None:
    """The first day of that zone which begins the lag after the month's end, or later; no day before it."""
    lag = timedelta(hours=hours)
    found = final_from(month_of("Oct"), lag, ZoneInfo(zone))
    assert found == date(2026, 11, day)
    assert "closes the month" in told([day_in(found, zone)], zone=zone, lag=lag)["look"][0]
    before = told([day_in(found - timedelta(days=1), zone)], zone=zone, lag=lag)["look"]
    assert not any("closes the month" in remark for remark in before)


def day_in(day: date, zone: str) -> ShownLook:
    """October's file, of which only the day of the download is known."""
    begins = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return look_of_day("look", month_of("Oct"), day, {"ana": 5}, begins=begins)


COUNTS = st.dictionaries(st.sampled_from("abcde"), st.sampled_from([0, 50, 98, 100, 200]), max_size=5)
MONTHS = st.lists(st.tuples(st.integers(20, 33), COUNTS), max_size=5, unique_by=lambda one: one[0])


@laws(100)
@given(MONTHS, st.sets(st.sampled_from("abcde")), st.randoms(use_true_random=False))
def test_remarks_follow_from_the_looks(
    drawn: list[tuple[int, dict[str, int]]], left: set[str], chance: random.Random
) -> None:
    """In any order; no person is named; and what they count is what the timeline counts."""
    days = [f"{day} Oct 16:00" if day <= 31 else f"{day - 31} Nov 16:00" for day, _ in drawn]
    looks = [seen(day, counts, "Oct") for day, (_, counts) in zip(days, drawn, strict=True)]

    def left_by(person: str, _at: object) -> bool:
        return person in left

    found = told(looks, left_by)
    assert told(chance.sample(looks, len(looks)), left_by) == found
    standings = settle(looks, Referee(Tolerance(), left_by))
    accepted = [one for one in looks if standings[one.look_id].state == "accepted"]
    line = timeline(accepted, left_by=left_by)
    said = [remark for one in accepted for remark in found[one.look_id]]
    assert any("cannot fall" in remark for remark in said) == bool(line.conflicts())
    assert any("correction" in remark for remark in said) == bool(line.corrections())
    assert all(not found[one.look_id] for one in looks if standings[one.look_id].state == "refused")
