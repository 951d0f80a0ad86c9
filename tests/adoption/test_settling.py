"""Laws of what a file settles: the periods that rest on it, and what is missing where there are none."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from shared.adoption.looks import ShownLook, look_of_moment
from shared.adoption.settling import Counting, Settled, settled_by
from tests.adoption.looking import LAG, laws, look, moment, month_of

FRI_30, FRI_6, FRI_13, FRI_20 = "30 Oct 16:00", "6 Nov 16:00", "13 Nov 16:10", "20 Nov 15:50"


def counting(*looks: ShownLook, stream: str = "team") -> list[Counting]:
    return [Counting(stream, one, one.total) for one in looks]


def settled(looks: Iterable[Counting], zone: str = "UTC") -> dict[str, Settled]:
    return settled_by(looks, lag=LAG, zone=ZoneInfo(zone))


def told(*looks: ShownLook, zone: str = "UTC") -> list[list[str]]:
    """The periods that each of these settles, in the order given."""
    found = settled(counting(*looks), zone)
    return [found[one.look_id].in_words for one in looks]


def missing(*looks: ShownLook, zone: str = "UTC") -> list[list[str]]:
    found = settled(counting(*looks), zone)
    return [found[one.look_id].missing for one in looks]


BEGINNING = "Sunday 1 November 00:00 to Friday 6 November 2026 16:00 UTC"
FIRST_WEEK = "Friday 6 November 16:00 to Friday 13 November 2026 16:10 UTC"
SECOND_WEEK = "Friday 13 November 16:10 to Friday 20 November 2026 15:50 UTC"


def test_a_period_rests_on_the_looks_at_its_edges() -> None:
    """Three Fridays: the first begins a period and ends the month's first days, the second does both."""
    assert told(look(FRI_6), look(FRI_13), look(FRI_20)) == [
        [BEGINNING, FIRST_WEEK],
        [FIRST_WEEK, SECOND_WEEK],
        [SECOND_WEEK],
    ]
    assert missing(look(FRI_6), look(FRI_13), look(FRI_20)) == [[], [], []]


OVER_THE_END = "Friday 30 October 16:00 to Friday 6 November 2026 16:00 UTC"


def test_the_final_file_settles_the_period_over_the_months_end() -> None:
    """Worked example 4: 30 October to 6 November rests on three files."""
    october, november = look(FRI_30), look(FRI_6)
    final = look("2 Nov 09:00", of="Oct")
    assert [one[-1:] for one in told(october, november, final)] == [[OVER_THE_END]] * 3
    assert missing(october, november, final) == [[], [], []]


def test_without_the_final_file_it_is_missing() -> None:
    """Worked example 5: the file to export is named, and the first day that will do, which the zone tells."""
    october, november = look(FRI_30), look(FRI_6)
    assert told(october, november)[1] == []
    needed = f"{OVER_THE_END} needs October's file, exported on {{}} November 2026 or later."
    assert missing(october, november) == [[needed.format(2)]] * 2
    assert missing(october, november, zone="Asia/Tokyo") == [[needed.format(3)]] * 2
    assert missing(october, november, zone="America/Los_Angeles") == [[needed.format(2)]] * 2


def test_a_look_after_its_months_end_that_is_not_final_settles_nothing() -> None:
    """It closes no month and is no edge."""
    looks = look(FRI_30), look("1 Nov 12:00", of="Oct"), look(FRI_6)
    assert [one[1:] for one in told(*looks)] == [[], [], []]
    assert missing(*looks)[1] == []


def test_a_skipped_month_needs_each_months_final_file() -> None:
    """Of a month that nobody looked at, only its final file tells."""
    before, after = look("25 Sep 16:00"), look(FRI_6)
    september, october = look("5 Oct 09:00", of="Sep"), look("5 Nov 09:00", of="Oct")
    assert missing(before, after)[1] == [
        "Friday 25 September 16:00 to Friday 6 November 2026 16:00 UTC needs September's file, exported on "
        "2 October 2026 or later and October's file, exported on 2 November 2026 or later."
    ]
    assert len(missing(before, after, september)[1]) == 1
    assert told(before, after, september, october)[1] == [
        "Friday 25 September 16:00 to Friday 6 November 2026 16:00 UTC"
    ]


def test_a_look_alone_is_told_what_would_settle_a_week() -> None:
    """A week earlier or later; and the finished month's file, where that week reaches into another month."""
    assert missing(look(FRI_13)) == [
        [
            "With an export of about a week earlier (6 November 2026 16:10 UTC) or later (20 November 2026 "
            "16:10 UTC), within 12 hours, it settles the week between them."
        ]
    ]
    assert missing(look("2 Nov 16:00"))[0][1:] == [
        "The week before it reaches into October: it needs October's final file as well."
    ]
    assert missing(look("27 Nov 16:00"))[0][1:] == [
        "The week after it reaches beyond November: it needs November's final file as well."
    ]
    assert missing(look("2 Nov 16:00"), look("3 Nov 09:00", of="Oct"))[0][1:] == []


def test_over_the_turn_of_the_year_both_years_are_told() -> None:
    """A period is named by its edges, with the year of each where they differ."""
    looks = look("28 Dec 16:00"), look("4 Jan 2027 16:00"), look("2 Jan 2027 09:00", of="Dec 2026")
    assert told(*looks)[2] == ["Monday 28 December 2026 16:00 to Monday 4 January 2027 16:00 UTC"]


def test_two_final_files_both_carry_the_month() -> None:
    """The larger counts of both hold, so each is part of what is exact."""
    finals = look("2 Nov 09:00", of="Oct"), look("3 Nov 09:00", of="Oct")
    assert told(look(FRI_30), look(FRI_6), *finals)[2:] == [[OVER_THE_END]] * 2


def test_of_two_looks_of_one_moment_the_one_that_is_the_edge_settles() -> None:
    """Two exports of one day: the larger one is the later, and the other one no edge."""
    small, large = look("13 Nov", ana=5), look_of_moment("later", month_of("Nov"), moment("13 Nov 12:00"), {})
    found = settled([*counting(look(FRI_6), small), Counting("team", large, 9)])
    assert found[small.look_id] == Settled()
    assert len(found["later"].periods) == 1


def test_each_stream_settles_its_own() -> None:
    """A stream that was not looked at where a period begins tells a range there, whatever others do; edges
    are named by the latest of the looks that were taken together."""
    team = counting(look(FRI_6), look(FRI_13))
    console = counting(look("13 Nov 18:00"), stream="console")
    found = settled([*team, *console])
    named = "Friday 6 November 16:00 to Friday 13 November 2026 18:00 UTC"
    assert found[look(FRI_13).look_id].in_words == [named]
    assert found["Nov, 13 Nov 18:00"].in_words == []
    assert found["Nov, 13 Nov 18:00"].missing[0].startswith("With an export of about a week earlier")
    closed = counting(look("2 Dec 09:00", of="Nov"), stream="console")
    assert settled([*team, *closed])["Nov, 2 Dec 09:00"] == Settled()


LOOKS = st.lists(
    st.tuples(st.integers(1, 1000), st.sampled_from(["ordinary", "after"])),
    max_size=9,
    unique_by=lambda one: one[0],
)


def months(drawn: list[tuple[int, str]]) -> list[Counting]:
    """Looks of two months at various hours; ``after`` are those of the month before."""
    found = []
    for hours, kind in drawn:
        at = moment("1 Oct") + timedelta(hours=hours)
        month = at.date().replace(day=1)
        if kind == "after":
            month = (month - timedelta(days=1)).replace(day=1)
        found.append(Counting("team", look_of_moment(str(hours), month, at, {}), 0))
    return found


@laws(150)
@given(LOOKS, st.randoms(use_true_random=False))
def test_without_a_look_what_rests_on_it_is_gone(drawn: list[tuple[int, str]], chance: random.Random) -> None:
    """A file settles what is exact with it and would not be without it, unless another final file of its
    month is there; and the order of arrival does not matter."""
    looks = months(drawn)
    found = settled_by(looks, lag=LAG, zone=UTC)
    assert settled_by(chance.sample(looks, len(looks)), lag=LAG, zone=UTC) == found
    exact = {label for one in found.values() for label in one.in_words}
    finals = [one.look.month for one in looks if one.look.is_final(LAG)]
    for one in looks:
        others = settled_by([other for other in looks if other != one], lag=LAG, zone=UTC)
        lost = exact - {label for other in others.values() for label in other.in_words}
        if one.look.is_final(LAG) and finals.count(one.look.month) > 1:
            assert not lost
        else:
            assert lost == set(found[one.look.look_id].in_words)
