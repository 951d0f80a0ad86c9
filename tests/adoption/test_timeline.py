"""Laws of the timeline, by example: the worked examples row by row, and what falls, vanishes and turns up."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest

from shared.adoption.lines import Tolerance
from shared.adoption.looks import ShownLook
from shared.adoption.timeline import Added, Point, Timeline
from tests.adoption.looking import LAG, added, look, moment, month_of, point, ranges, seen, timeline

Ranges = dict[str, tuple[int, int | None]]
Where = ShownLook | str

NOV_6 = look("6 Nov 16:00", ana=1000)
NOV_13 = look("13 Nov 16:10", ana=1600)
NOV_20 = look("20 Nov 16:10", ana=2500)
WEEKLY = [NOV_6, NOV_13, NOV_20]

FIRST = look("6 Nov 16:00", ana=1000, ben=200)
SECOND = look("13 Nov 16:10", ana=1600, ben=200, cara=50)

OCT_30 = look("30 Oct 16:00", ana=5000)
FINAL = look("2 Nov 09:00", of="Oct", ana=5300)
NOV_700 = look("6 Nov 16:00", ana=700)

DAN = [look("6 Nov 16:00", dan=300), look("20 Nov 16:00", dan=300)]
QUIET = [look("13 Nov 16:00", ana=1600, ben=200), look("20 Nov", ana=1600, ben=200)]
ZOE = [look("13 Nov 16:00", zoe=1600), look("16 Nov 16:00", zoe=1598), look("20 Nov 16:00", zoe=1700)]

DECEMBER = [look("25 Dec 16:00", ana=800), look("1 Jan 2027 16:00", of="Dec", ana=900)]
DECEMBER_FINAL = look("2 Jan 2027 16:00", of="Dec", ana=930)
JANUARY = [look("1 Jan 2027 16:00", ana=5), look("8 Jan 2027 16:00", ana=400)]

EXAMPLES = [
    pytest.param(
        [FIRST, SECOND], FIRST, SECOND, {"ana": (600, 600), "ben": (0, 0), "cara": (50, 50)}, id="1"
    ),
    pytest.param(WEEKLY, "9 Nov", "16 Nov", {"ana": (0, 1500)}, id="2"),
    pytest.param(
        [*WEEKLY, look("8 Nov 23:50", ana=1050), look("15 Nov 23:50", ana=1900)],
        "9 Nov",
        "16 Nov",
        {"ana": (300, 1450)},
        id="3",
    ),
    pytest.param([OCT_30, FINAL, NOV_700], OCT_30, NOV_700, {"ana": (1000, 1000)}, id="4"),
    pytest.param([OCT_30, NOV_700], OCT_30, NOV_700, {"ana": (700, None)}, id="5"),
    pytest.param(
        [NOV_13, look("20 Nov 16:00", ana=1598)], NOV_13, "20 Nov 16:00", {"ana": (0, None)}, id="6-moment"
    ),
    pytest.param(DAN, "9 Nov", "16 Nov", {"dan": (0, 0)}, id="11"),
    pytest.param(
        [SECOND, SECOND, FIRST], FIRST, SECOND, {"ana": (600, 600), "ben": (0, 0), "cara": (50, 50)}, id="12"
    ),
    pytest.param(QUIET, QUIET[0], QUIET[1], {"ana": (0, 0), "ben": (0, 0)}, id="12a"),
    pytest.param(QUIET[:1], QUIET[0], "20 Nov 16:00", {"ana": (0, None), "ben": (0, None)}, id="12b"),
    pytest.param(ZOE, ZOE[0], ZOE[2], {"zoe": (100, 100)}, id="12c"),
    pytest.param(ZOE, ZOE[0], ZOE[1], {"zoe": (0, 0)}, id="12c-part-1"),
    pytest.param(ZOE, ZOE[1], ZOE[2], {"zoe": (100, 100)}, id="12c-part-2"),
    pytest.param(
        [*DECEMBER, DECEMBER_FINAL, *JANUARY], DECEMBER[0], JANUARY[0], {"ana": (135, 135)}, id="15c"
    ),
    pytest.param([*DECEMBER, *JANUARY], DECEMBER[0], JANUARY[0], {"ana": (105, None)}, id="15c-not-final"),
    pytest.param([*DECEMBER, DECEMBER_FINAL, *JANUARY], *JANUARY, {"ana": (395, 395)}, id="15c-next"),
]


@pytest.mark.parametrize(("looks", "start", "end", "figures"), EXAMPLES)
def test_worked_example(looks: list[ShownLook], start: Where, end: Where, figures: Ranges) -> None:
    """From the looks follow everybody's figures, and no doubt is left where nothing contradicts."""
    found = added(looks, start, end)
    assert ranges(found) == figures
    assert {one.doubt for one in found.values()} == {None}


def test_a_small_fall_is_a_correction() -> None:
    """Worked example 6: a fall within the tolerance is nothing added, and is counted as a correction."""
    end = look("20 Nov 16:00", ana=1598)
    found = timeline([NOV_13, end])
    assert found.added(point(NOV_13), point(end)) == {"ana": Added(0, 0)}
    assert found.corrections() == 1
    assert found.conflicts() == []


def test_a_deep_fall_is_unknown_and_names_both_files() -> None:
    """Worked example 7: a count cannot fall, so nothing is known of it and both files are named."""
    end = look("20 Nov 16:00", ana=1400)
    found = timeline([NOV_13, end])
    words = f"{NOV_13.in_words} and {end.in_words} contradict each other"
    assert found.added(point(NOV_13), point(end)) == {"ana": Added(0, None, words)}
    assert found.conflicts() == [words]
    assert found.corrections() == 0


def test_who_vanishes_is_unknown_and_both_files_are_named() -> None:
    """Worked example 8: a person cannot vanish within a month; nobody else is touched by it."""
    end = look("20 Nov 16:00", ana=1700, cara=60)
    found = added([SECOND, end], SECOND, end)
    assert found["ben"] == Added(0, None, f"{SECOND.in_words} and {end.in_words} contradict each other")
    assert found["ana"] == Added(100, 100)
    assert found["cara"] == Added(10, 10)


@pytest.mark.parametrize(
    ("highest", "later", "falls"),
    [
        (100, 95, False),
        (100, 94, True),
        (500, 495, False),
        (600, 594, False),
        (600, 593, True),
        (3, 0, False),
    ],
)
def test_the_tolerance_is_the_larger_of_five_lines_and_one_per_cent(
    highest: int, later: int, falls: bool
) -> None:
    """Both edges of the tolerance are corrections; one line further is a conflict."""
    assert Tolerance().allows(highest, highest - later) is not falls
    looks = [look("6 Nov 16:00", ana=highest), look("13 Nov 16:00", ana=later)]
    assert bool(timeline(looks).conflicts()) is falls


def test_the_tolerance_is_a_setting() -> None:
    """What counts as a correction is told from outside, its share as a decimal number or exactly."""
    assert not Tolerance(0, 0).allows(1600, 1)
    assert Tolerance(0, 0.5).allows(100, 50)
    assert Tolerance(0, Fraction(1, 3)).allows(99, 33)
    assert not Tolerance(0, Fraction(1, 3)).allows(99, 34)


def test_who_is_not_listed_has_vanished_however_few_lines_it_were() -> None:
    """The tolerance forgives a count that is there; who is missing altogether is in conflict."""
    looks = [look("6 Nov 16:00", ana=3), look("13 Nov 16:00", ben=9)]
    assert added(looks, *looks)["ana"].doubt is not None


def test_who_was_listed_with_nothing_may_go_unlisted() -> None:
    """A person missing from a look counts 0 at it, so from 0 nobody vanishes."""
    looks = [
        look("6 Nov 16:00", ana=0, ben=5),
        look("13 Nov 16:00", ben=9),
        look("20 Nov 16:00", ana=4, ben=9),
    ]
    assert added(looks, looks[0], looks[1])["ana"] == Added(0, 0)
    assert added(looks, looks[0], looks[2])["ana"] == Added(4, 4)


#: Friday looks of whom the second is too high: 1 600 on the 13th, below it on the 20th, above it on the 27th.
FALLEN = [
    look("6 Nov 16:00", ana=1000, ben=10),
    look("13 Nov 16:00", ana=1600, ben=20),
    look("20 Nov 16:00", ana=1400, ben=30),
    look("27 Nov 16:00", ana=1900, ben=40),
]


@pytest.mark.parametrize(
    ("start", "end", "range_", "doubted"),
    [
        (0, 1, (0, None), True),
        (1, 2, (0, None), True),
        (2, 3, (0, None), True),
        (0, 3, (900, 900), False),
        (1, 3, (0, None), True),
    ],
)
def test_only_figures_that_use_either_look_are_unknown(
    start: int, end: int, range_: tuple[int, int | None], doubted: bool
) -> None:
    """Of two looks in conflict neither can be used; what two other looks say still stands, for others all."""
    found = added(FALLEN, FALLEN[start], FALLEN[end])
    assert (found["ana"].low, found["ana"].high) == range_
    words = f"{FALLEN[1].in_words} and {FALLEN[2].in_words} contradict each other"
    assert found["ana"].doubt == (words if doubted else None)
    assert found["ben"] == Added(10 * (end - start), 10 * (end - start))


@pytest.mark.parametrize(
    ("start", "end", "range_", "spoilt_by"),
    [
        ("5 Nov 16:00", "27 Nov 16:00", (900, 2000), None),
        ("21 Nov", "30 Nov", (100, None), None),
        ("29 Nov", "30 Nov", (0, None), None),
        ("7 Nov", "27 Nov 16:00", (0, None), "the first look behind the start"),
        ("21 Nov", "27 Nov 16:00", (0, None), "the last look before the start"),
        ("1 Nov", "12 Nov", (0, None), "the first look behind the end"),
        ("5 Nov 16:00", "26 Nov 16:00", (0, None), "the last look before the end"),
    ],
)
def test_of_a_range_only_the_looks_that_bound_it_are_used(
    start: str, end: str, range_: tuple[int, int | None], spoilt_by: str | None
) -> None:
    """What sound looks bound stands, whatever contradicts between them; one doubted look spoils it."""
    looks = [*FALLEN, look("28 Nov 18:00", ana=2000, ben=50)]
    found = added(looks, start, end)["ana"]
    assert (found.low, found.high) == range_
    assert found.doubt == (timeline(looks).conflicts()[0] if spoilt_by else None)


def test_where_nothing_bounds_nothing_is_doubted() -> None:
    """A period behind the last look is open for want of a later one, not for a conflict before it."""
    assert added(FALLEN[:3], "21 Nov", "25 Nov")["ana"] == Added(0, None)


def test_every_look_that_shows_the_highest_count_contradicts_the_fall() -> None:
    """Where two looks show the same highest count, both set it: a wrong file may have been exported twice."""
    looks = [
        look("6 Nov 16:00", ana=1600),
        look("13 Nov 16:00", ana=1600),
        look("20 Nov 16:00", ana=1400),
        look("27 Nov 16:00", ana=1700),
    ]
    assert added(looks, looks[0], looks[3])["ana"].doubt == timeline(looks).conflicts()[0]
    assert added(looks, looks[1], looks[3])["ana"].doubt == timeline(looks).conflicts()[1]
    assert added(looks, looks[1], looks[2])["ana"].doubt == timeline(looks).conflicts()[1]


def test_a_correction_of_a_count_in_conflict_is_in_conflict_too() -> None:
    """A look that counts as the maximum uses the look that set it: where that one is doubted, so is this."""
    looks = [
        look("6 Nov 16:00", ana=1600),
        look("13 Nov 16:00", ana=1500),
        look("20 Nov 16:00", ana=1590),
        look("27 Nov 16:00", ana=1700),
    ]
    found = added(looks, looks[2], looks[3])["ana"]
    assert (found.low, found.high) == (0, None)
    assert found.doubt == f"{looks[0].in_words} and {looks[1].in_words} contradict each other"


def left_on(text: str) -> dict[str, object]:
    """Ben left the roster then."""
    return {"left_by": lambda person, at: person == "ben" and at >= moment(text)}


def test_a_leaver_may_vanish() -> None:
    """Who vanishes and has left the roster keeps the last count: nothing was added, without a doubt."""
    end = look("20 Nov 16:00", ana=1700, cara=60)
    assert added([SECOND, end], SECOND, end, **left_on("18 Nov"))["ben"] == Added(0, 0)
    assert added([SECOND, end], "1 Nov", end, **left_on("18 Nov"))["ben"] == Added(200, 200)
    assert added([SECOND, end], SECOND, end, **left_on("21 Nov"))["ben"].doubt is not None


def test_what_a_leaver_keeps_is_no_surer_than_the_look_it_was_in() -> None:
    """Who fell, and then left and vanished, keeps a count that is in conflict."""
    counts = ({"ana": 10, "ben": 200}, {"ana": 20, "ben": 100}, {"ana": 30}, {"ana": 40})
    looks = [seen(f"{6 + 7 * week} Nov 16:00", one) for week, one in enumerate(counts)]
    found = added(looks, looks[2], looks[3], **left_on("18 Nov"))["ben"]
    assert found == Added(0, None, f"{looks[0].in_words} and {looks[1].in_words} contradict each other")


def test_a_leaver_may_not_fall() -> None:
    """Who left and is still listed is bound to the law that a count cannot fall."""
    end = look("20 Nov 16:00", ana=1700, ben=100, cara=60)
    assert added([SECOND, end], SECOND, end, **left_on("18 Nov"))["ben"].doubt is not None


RENAMED = [
    look("6 Nov 16:00", old=100, ana=10),
    look("13 Nov 16:00", new=150, ana=20),
    look("20 Nov 16:00", new=190, ana=30),
]


@pytest.mark.parametrize(
    ("start", "end", "range_", "doubted"),
    [
        (RENAMED[0], RENAMED[1], (0, 150), True),
        (RENAMED[1], RENAMED[2], (0, 40), True),
        (RENAMED[0], RENAMED[2], (0, 190), True),
        ("1 Nov", RENAMED[1], (0, 150), True),
        ("14 Nov 16:00", RENAMED[2], (0, 40), False),
    ],
)
def test_a_newcomer_to_a_file_from_which_somebody_vanished_has_low_0(
    start: Where, end: Where, range_: tuple[int, int], doubted: bool
) -> None:
    """They may be one person under two names; nobody else is touched by it."""
    found = added(RENAMED, start, end)
    assert (found["new"].low, found["new"].high) == range_
    assert (found["new"].doubt is not None) is doubted
    assert found["ana"].doubt is None


def test_what_a_newcomer_adds_later_is_certain() -> None:
    """Whoever it is: between two looks behind the one in doubt the difference was added."""
    fourth = look("27 Nov 16:00", new=210, ana=40)
    assert added([*RENAMED, fourth], RENAMED[2], fourth)["new"] == Added(20, 20)


def test_a_newcomer_is_one_where_the_vanished_has_left() -> None:
    """A date of leaving settles it: a newcomer's whole count is new."""
    options = {"left_by": lambda person, _at: person == "old"}
    assert added(RENAMED, RENAMED[0], RENAMED[1], **options)["new"] == Added(150, 150)


def test_a_newcomer_is_one_in_a_file_from_which_nobody_vanished() -> None:
    """Who turned up before somebody vanished is nobody else."""
    looks = [
        look("6 Nov 16:00", old=100),
        look("13 Nov 16:00", old=110, new=50),
        look("20 Nov 16:00", new=70),
    ]
    assert added(looks, looks[0], looks[1])["new"] == Added(50, 50)
    assert added(looks, looks[1], looks[2])["new"] == Added(20, 20)


def test_a_dashboard_may_lag() -> None:
    """What a look shows may be as old as the lag: it bounds no moment from above that is nearer than that."""
    looks = [look("13 Nov 16:00", ana=100), look("20 Nov 16:00", ana=300)]
    assert ranges(added(looks, "1 Nov", "12 Nov 16:00")) == {"ana": (0, 100)}
    assert ranges(added(looks, "1 Nov", "12 Nov 16:01")) == {"ana": (0, 300)}
    assert ranges(added(looks, "1 Nov", "13 Nov 16:00")) == {"ana": (100, 300)}
    assert ranges(added(looks, "1 Nov", "13 Nov 16:00", lag=timedelta(0))) == {"ana": (100, 100)}


def test_a_day_is_used_at_its_pessimistic_end() -> None:
    """A look of a day bounds from below at its end, from above at its beginning less the lag."""
    looks = [look("13 Nov", ana=100), look("20 Nov", ana=300)]
    assert ranges(added(looks, "1 Nov", "13 Nov 23:59")) == {"ana": (0, 300)}
    assert ranges(added(looks, "1 Nov", "14 Nov")) == {"ana": (100, 300)}
    assert ranges(added(looks, "1 Nov", "12 Nov")) == {"ana": (0, 100)}
    assert ranges(added(looks, "1 Nov", "12 Nov 00:01")) == {"ana": (0, 300)}


def test_days_and_moments_of_one_day_are_used_together() -> None:
    """A look of a day that shows more than one at 15:00 was taken later: nothing fell, and each is used."""
    morning, some_time, evening = (
        look("13 Nov 15:00", ana=100),
        look("13 Nov", ana=140),
        look("13 Nov 18:00", ana=190),
    )
    looks = [evening, some_time, morning]
    assert timeline(looks).conflicts() == []
    assert ranges(added(looks, some_time, morning)) == {"ana": (0, 0)}  # backwards, nothing was added
    assert ranges(added(looks, morning, some_time)) == {"ana": (40, 40)}
    assert ranges(added(looks, some_time, evening)) == {"ana": (50, 50)}
    assert ranges(added(looks, "1 Nov", "12 Nov 15:00")) == {"ana": (0, 100)}
    assert ranges(added(looks, "1 Nov", "13 Nov 17:00")) == {"ana": (100, None)}


def test_of_two_final_looks_the_larger_counts_hold() -> None:
    """A finished month's file may be downloaded again: person by person the larger count closes the month."""
    start = look("30 Oct 16:00", ana=5000, ben=10)
    finals = [
        look("2 Nov 09:00", of="Oct", ana=5300, ben=90),
        look("5 Nov 09:00", of="Oct", ana=5200, ben=95, cara=7),
    ]
    found = added([start, *finals], start, "1 Nov")
    assert found == {"ana": Added(300, 300), "ben": Added(85, 85), "cara": Added(7, 7)}
    assert added([start, *finals], start, finals[0]) == added([start, *finals], start, finals[1]) == found
    assert timeline([start, *finals]).conflicts() == []


def test_a_final_look_of_a_day_behind_another_is_final_too() -> None:
    """What is later than a final look is final, also where its own day alone would not prove it."""
    begins = moment("1 Nov 11:00")  # 2 November where the clock is 13 hours ahead
    later = ShownLook("day", month_of("Oct"), moment("1 Nov 23:00"), begins, begins + LAG, {"ana": 5400})
    found = added([OCT_30, FINAL, later], OCT_30, "1 Nov", lag=timedelta(hours=33))
    assert found == {"ana": Added(400, 400)}


def test_a_late_file_that_is_not_final_leaves_its_month_open() -> None:
    """A file of 1 November may lack October's last day, so it bounds the month's end from below only."""
    late = look("1 Nov 08:00", of="Oct", ana=5100)
    assert ranges(added([OCT_30, late], OCT_30, "1 Nov")) == {"ana": (100, None)}
    assert ranges(added([OCT_30, late, FINAL], OCT_30, "1 Nov")) == {"ana": (300, 300)}


def test_a_month_is_that_of_the_look_whatever_the_edges_moment() -> None:
    """An edge may be named by a look of another stream in the next month: each look ends what is its own."""
    last = look("31 Oct 20:00", ana=5100)
    edge = Point(moment("1 Nov 02:00"), last.look_id)
    found = timeline([OCT_30, last, FINAL, NOV_700])
    assert ranges(found.added(point(OCT_30), edge)) == {"ana": (100, 100)}
    assert ranges(found.added(edge, point(NOV_700))) == {"ana": (900, 900)}
    assert ranges(found.added(point(OCT_30), point(NOV_700))) == {"ana": (1000, 1000)}


def test_a_look_of_another_stream_is_a_mere_moment() -> None:
    """Between two edges each stream contributes what its own looks say, so others' are moments."""
    stranger = Point(moment("9 Nov"), "another stream's")
    assert timeline(WEEKLY).added(stranger, point(NOV_20)) == timeline(WEEKLY).added(
        Point(moment("9 Nov")), point(NOV_20)
    )


def test_an_open_start_leaves_nothing_certain() -> None:
    """Where no look bounds the start from above, all of it may have been done before."""
    assert ranges(added(WEEKLY, "25 Nov", "1 Dec")) == {"ana": (0, None)}
    assert ranges(added(WEEKLY, "25 Nov", "4 Dec")) == {"ana": (0, None)}


def test_a_month_without_looks_is_open() -> None:
    """Nothing is known of a month that nobody exported, and nothing of its neighbours is lost by it."""
    december = look("4 Dec 16:00", ana=30)
    assert ranges(added([OCT_30, FINAL, december], OCT_30, december)) == {"ana": (330, None)}


def test_who_was_never_listed_added_nothing_as_far_as_the_looks_reach() -> None:
    """A person missing from a look counts 0 at it: so does who is asked for by name and was never in one."""
    found = timeline(WEEKLY)
    assert found.added(point(NOV_6), point(NOV_20), people=["eve"]) == {"eve": Added(0, 0)}
    assert found.added(point(NOV_6), Point(moment("25 Nov")), people=["eve"]) == {"eve": Added(0, None)}


def test_without_looks_nobody_is_known() -> None:
    """A timeline of nothing says nothing of anybody."""
    nothing = Timeline([], lag=LAG)
    assert nothing.people == []
    assert nothing.added(Point(moment("9 Nov")), Point(moment("16 Nov"))) == {}
    assert nothing.added(Point(moment("9 Nov")), Point(moment("16 Nov")), ["ana"]) == {"ana": Added(0, None)}
    assert nothing.closed_months() == nothing.conflicts() == []


def test_closed_months_are_those_with_a_final_look() -> None:
    """A month is closed by a look that speaks of it finished, whatever other looks it has."""
    late = look("1 Dec 08:00", of="Nov", ana=900)
    assert timeline([OCT_30, FINAL, NOV_700, late]).closed_months() == [month_of("Oct")]


def test_doubts_of_several_months_are_told_together() -> None:
    """A figure over two months with a conflict in each names them all, and each pair of files once."""
    months = [
        [look(f"{day} {month} 16:00", ana=n, ben=n) for day, n in [(6, 900), (13, 800)]]
        for month in ("Oct", "Nov")
    ]
    looks = [one for month in months for one in month]
    found = added(looks, looks[0], looks[3])["ana"]
    assert found.doubt == "; ".join(timeline(looks).conflicts())
    assert len(timeline(looks).conflicts()) == 2


def test_the_end_of_february_is_the_calendars() -> None:
    """A leap year's February ends with its 29th day."""

    for year, last in ((2027, 28), (2028, 29)):
        looks = [
            look(f"{last} Feb {year} 12:00", ana=5),
            look(f"2 Mar {year} 00:00", of=f"Feb {year}", ana=9),
            look(f"2 Mar {year} 12:00", ana=1),
        ]
        assert added(looks, looks[0], f"1 Mar {year}") == {"ana": Added(4, 4)}
        assert added(looks, looks[0], looks[2]) == {"ana": Added(5, 5)}
