"""Laws of the timeline in general: whatever happened and whichever looks were taken at it."""

from __future__ import annotations

import math
import random
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import combinations_with_replacement, pairwise, product
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from shared.adoption.looks import ShownLook, look_of_day, look_of_moment
from shared.adoption.timeline import Added, Point, Timeline
from tests.adoption.looking import laws

PEOPLE = ("ana", "ben", "cara")
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)

# --- any history, told to the minute -----------------------------------------------------------


@dataclass(frozen=True)
class History:
    """What truly happened: the moment of every single line of everybody."""

    lines: dict[str, list[datetime]]

    def before(self, person: str, at: datetime) -> int:
        """How many lines the person had ever written before that moment."""
        return bisect_left(self.lines[person], at)


@dataclass(frozen=True)
class Glance:
    """A look as it truly was: what the dashboard showed is the history of the moment ``shown``."""

    look: ShownLook
    shown: datetime


def first_of(year: int, month: int) -> datetime:
    return datetime(year + (month - 1) // 12, (month - 1) % 12 + 1, 1, tzinfo=UTC)


class World(NamedTuple):
    """A true history, and looks taken at it through a dashboard that lags by no more than ``lag``."""

    history: History
    begin: datetime
    end: datetime
    lag: timedelta
    glances: list[Glance]

    def timeline(self, without: frozenset[str] = frozenset()) -> Timeline:
        return Timeline([one.look for one in self.glances if one.look.look_id not in without], lag=self.lag)

    def total_at(self, point: Point, person: str) -> int:
        """All that the person had added up to a point: as shown there, or as it truly was."""
        for one in self.glances:
            if one.look.look_id == point.look_id:
                begin = first_of(one.look.month.year, one.look.month.month)
                return self.history.before(person, begin) + one.look.counts.get(person, 0)
        return self.history.before(person, point.moment)

    def truth(self, start: Point, end: Point, person: str) -> int:
        """What the person added: between two looks, what the dashboard added."""
        return max(0, self.total_at(end, person) - self.total_at(start, person))


#: Months on end, over the end of a year and the end of February, in a leap year and in another.
MONTHS = st.sampled_from([(2026, 11, 3), (2026, 12, 2), (2027, 2, 2), (2028, 2, 2), (2026, 10, 1)])
LAGS = st.sampled_from([timedelta(0), 6 * HOUR, DAY, 40 * HOUR])
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles"])


def minutes(begin: datetime, end: datetime) -> st.SearchStrategy[datetime]:
    """Any minute, and often one near a midnight or in a month's first days."""
    last = (end - begin) // MINUTE
    anywhere = st.integers(0, last)
    near = st.builds(
        lambda day, by: min(max(0, day * 1440 + by), last), st.integers(0, last // 1440), st.integers(-90, 90)
    )
    return (anywhere | near).map(lambda minute: begin + minute * MINUTE)


@st.composite
def worlds(draw: st.DrawFn, finals: bool = False) -> World:
    """A history and looks taken at it; ``finals`` adds every month's final look."""
    year, month, number = draw(MONTHS)
    begin, end = first_of(year, month), first_of(year, month + number)
    people = PEOPLE[: draw(st.integers(1, 3))]
    bursts = st.lists(st.tuples(minutes(begin, end - MINUTE), st.sampled_from([1, 3, 40])), max_size=9)
    lines = {person: sorted(at for at, many in draw(bursts) for _ in range(many)) for person in people}
    history, lag, zone = History(lines), draw(LAGS), ZoneInfo(draw(ZONES))
    taken = [
        (at, draw(st.booleans()), draw(st.booleans()))
        for at in draw(st.lists(minutes(begin, end + 4 * DAY), max_size=8))
    ]
    if finals:
        taken += [(first_of(year, month + at + 1) + lag, True, True) for at in range(number)]
    glances: list[Glance] = []
    shown = begin
    for number_, (at, of_last_month, exact) in enumerate(sorted(taken)):
        month_begins = at.replace(day=1, hour=0, minute=0)
        if (of_last_month and at.day < 5 and month_begins > begin) or at >= end:
            month_begins = (month_begins - DAY).replace(day=1)
        shown = max(shown, at - draw(st.integers(0, lag // MINUTE).map(lambda late: late * MINUTE)))
        glances.append(
            Glance(
                _look(f"r{number_}", history, month_begins, at, exact, shown, zone, draw(st.booleans())),
                shown,
            )
        )
    return World(history, begin, end, lag, glances)


def _look(
    look_id: str,
    history: History,
    month: datetime,
    at: datetime,
    exact: bool,
    shown: datetime,
    zone: ZoneInfo,
    zeros: bool,
) -> ShownLook:
    month_end = first_of(month.year, month.month + 1)
    seen = min(max(shown, month), month_end)
    counts = {
        person: count
        for person in history.lines
        if (count := history.before(person, seen) - history.before(person, month)) or zeros
    }
    if exact:
        return look_of_moment(look_id, month.date(), at, counts)
    day = at.astimezone(zone).date()
    begins = datetime(day.year, day.month, day.day, tzinfo=zone)
    return look_of_day(look_id, month.date(), day, counts, begins=begins)


def points(world: World) -> st.SearchStrategy[Point]:
    """Any moment, and any look."""
    moments = minutes(world.begin, world.end + 4 * DAY).map(Point)
    looked = [Point(one.look.counts_at, one.look.look_id) for one in world.glances]
    return moments | st.sampled_from(looked) if looked else moments


@st.composite
def periods(draw: st.DrawFn, world: World) -> tuple[Point, Point]:
    """Any period of a world, its edges moments or looks."""
    start, end = sorted((draw(points(world)), draw(points(world))), key=lambda point: point.moment)
    return start, end


def most(found: Added) -> float:
    return math.inf if found.high is None else found.high


@laws(100)
@given(st.data())
def test_the_truth_lies_within_the_range(data: st.DataObject) -> None:
    """For any history, any looks at it and any period, what was truly added is not outside what is said."""
    world = data.draw(worlds())
    timeline = world.timeline()
    assert timeline.conflicts() == []
    assert timeline.corrections() == 0
    for _ in range(4):
        start, end = data.draw(periods(world))
        for person, found in timeline.added(start, end, world.history.lines).items():
            assert found.low <= world.truth(start, end, person) <= most(found)
            assert found.doubt is None


@laws(75)
@given(st.data())
def test_another_look_never_widens_a_range(data: st.DataObject) -> None:
    """More of the same truth never makes anything less certain."""
    world = data.draw(worlds())
    start, end = data.draw(periods(world))
    others = [
        one.look.look_id for one in world.glances if one.look.look_id not in (start.look_id, end.look_id)
    ]
    without = frozenset(data.draw(st.sets(st.sampled_from(others)))) if others else frozenset()
    less = world.timeline(without).added(start, end, world.history.lines)
    for person, more in world.timeline().added(start, end, world.history.lines).items():
        assert more.low >= less[person].low
        assert most(more) <= most(less[person])


@laws(40)
@given(st.data(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(data: st.DataObject, chance: random.Random) -> None:
    """The same looks say the same, whichever came first."""
    world = data.draw(worlds())
    start, end = data.draw(periods(world))
    shuffled = world._replace(glances=chance.sample(world.glances, len(world.glances)))
    assert shuffled.timeline().added(start, end) == world.timeline().added(start, end)
    assert shuffled.timeline().people == world.timeline().people


@laws(50)
@given(worlds(finals=True))
def test_the_parts_sum_to_the_whole(world: World) -> None:
    """Look to look, month edges and finals included, every part is exact and together they are the whole."""
    timeline = world.timeline()
    order = {look.look_id: at for at, look in enumerate(_in_true_order(world))}
    edges = [
        Point(one.look.counts_at, one.look.look_id)
        for one in sorted(world.glances, key=lambda one: (one.look.month, order[one.look.look_id]))
        if not one.look.is_final(world.lag)
    ]
    parts = [timeline.added(start, end, world.history.lines) for start, end in pairwise(edges)]
    if parts:
        whole = timeline.added(edges[0], edges[-1], world.history.lines)
        for person, found in whole.items():
            assert found.low == found.high == world.truth(edges[0], edges[-1], person)
            assert sum(part[person].low for part in parts) == found.low
            assert all(part[person].low == part[person].high for part in parts)


def _in_true_order(world: World) -> list[ShownLook]:
    return [one.look for one in sorted(world.glances, key=lambda one: one.shown)]


@laws(50)
@given(st.data())
def test_two_equal_looks_close_everything_between(data: st.DataObject) -> None:
    """Where a count is the same at two looks of a month, nothing was added at any moment between them."""
    world = data.draw(worlds())
    timeline = world.timeline()
    for one, other in product([glance.look for glance in world.glances], repeat=2):
        first, last = one.latest, other.earliest - world.lag
        if one.month != other.month or first > last or last > other.month_end:
            continue
        start, end = sorted((data.draw(minutes(first, last)), data.draw(minutes(first, last))))
        for person, found in timeline.added(Point(start), Point(end), world.history.lines).items():
            if one.counts.get(person, 0) == other.counts.get(person, 0):
                assert (found.low, found.high) == (0, 0)


# --- every small history -----------------------------------------------------------------------
#
# A month of four slots, each of four cells. A history is where its lines lie, a cell or nowhere; the last
# line may be a flood: it stands for any number of lines. What is true of the looks is found by trying every
# history and, for each look, every moment that it may speak of. Nothing is shared with the code under test.

MONTH = date(2026, 11, 1)
SLOTS, CELLS, DAY_CELLS = 4, 16, 8
CELL = timedelta(days=30) / CELLS
FLOOD = 4


def at_cell(cell: int) -> datetime:
    return datetime(2026, 11, 1, tzinfo=UTC) + cell * CELL


def every_history(lines: int) -> Iterator[tuple[int, ...]]:
    """The counts at the cells' 17 edges, for each way to lay that many lines."""
    for laid in combinations_with_replacement(range(CELLS + 1), lines):
        yield tuple(sum(cell < edge for cell in laid) for edge in range(CELLS + 1))


HISTORIES = list(every_history(FLOOD))
WITHOUT_FLOOD = [one for one in HISTORIES if one[-1] < FLOOD]


class Seen(NamedTuple):
    """A look at the small month, in cells: taken between ``first`` and ``last``, it ``showed`` a count."""

    first: int
    last: int
    showed: int

    def as_look(self, number: int, **others: int) -> ShownLook:
        first, last = at_cell(self.first), at_cell(self.last)
        return ShownLook(
            f"r{number}", MONTH, first + (last - first) / 2, first, last, {"ana": self.showed} | others
        )


def spoken_of(seen: Seen, lag: int) -> range:
    """The cells' edges of which the look may speak."""
    return range(max(0, seen.first - lag), seen.last + 1)


def explains(history: Sequence[int], seen: Seen, lag: int) -> bool:
    """Whether some moment that the look may speak of had that count."""
    return any(history[min(edge, CELLS)] == seen.showed for edge in spoken_of(seen, lag))


@st.composite
def small_worlds(draw: st.DrawFn) -> tuple[list[Seen], int]:
    """Up to three looks at one of the histories, at a slot's edge or on a day of two slots, and the lag."""
    history = draw(st.sampled_from(WITHOUT_FLOOD))
    lag = 4 * draw(st.integers(0, 2))
    looks: list[Seen] = []
    shown = 0
    for taken in sorted(draw(st.lists(st.integers(0, CELLS + 10), max_size=3))):
        exact = taken % 4 == 0
        first = taken if exact else taken // DAY_CELLS * DAY_CELLS
        shown = max(shown, taken - draw(st.integers(0, lag)))
        looks.append(Seen(first, first if exact else first + DAY_CELLS, history[min(shown, CELLS)]))
    return looks, lag


def best(looks: Sequence[Seen], lag: int, start: int | Seen, end: int) -> tuple[int, int | None]:
    """The least and the most that any history adds which explains the looks: None for any number."""

    def begin(history: Sequence[int]) -> int:
        return start.showed if isinstance(start, Seen) else history[start]

    possible = [one for one in HISTORIES if all(explains(one, seen, lag) for seen in looks)]
    least = min(one[end] - begin(one) for one in possible)
    if any(one[end] == FLOOD for one in possible):
        return max(0, least), None
    return max(0, least), max(0, *(one[end] - begin(one) for one in possible))


@laws(100)
@given(st.data())
def test_no_tighter_range_is_true(data: st.DataObject) -> None:
    """Between any two moments the range is the best that is found by trying all histories and lags."""
    looks, lag = data.draw(small_worlds())
    start = 4 * data.draw(st.integers(0, SLOTS - 1))
    end = 4 * data.draw(st.integers(start // 4 + 1, SLOTS))
    timeline = Timeline([one.as_look(number) for number, one in enumerate(looks)], lag=lag * CELL)
    (found,) = timeline.added(Point(at_cell(start)), Point(at_cell(end)), ["ana"]).values()
    assert (found.low, found.high) == best(looks, lag, start, end)


@laws(50)
@given(st.data())
def test_no_tighter_range_is_true_from_a_look_on(data: st.DataObject) -> None:
    """From what a look showed to any later moment, too, the range is the best that there is."""
    looks, lag = data.draw(small_worlds().filter(lambda world: any(one.last < CELLS for one in world[0])))
    number = data.draw(st.sampled_from([at for at, one in enumerate(looks) if one.last < CELLS]))
    end = 4 * data.draw(st.integers(looks[number].last // 4 + 1, SLOTS))
    timeline = Timeline([one.as_look(at) for at, one in enumerate(looks)], lag=lag * CELL)
    start = Point(at_cell(looks[number].first), f"r{number}")
    (found,) = timeline.added(start, Point(at_cell(end)), ["ana"]).values()
    assert (found.low, found.high) == best(looks, lag, looks[number], end)


#: Histories of the month's first half, whatever comes later.
HALF = CELLS // 2
EARLY = [one for one in HISTORIES if one[HALF] == one[CELLS]]


@st.composite
def pairs_of_looks(draw: st.DrawFn) -> tuple[list[tuple[Seen, Seen]], int]:
    """Two looks at what two people did in the month's first half, and the lag."""
    histories = [draw(st.sampled_from([one for one in EARLY if one[-1] < FLOOD])) for _ in range(2)]
    lag = 4 * draw(st.integers(0, 1))
    looks = []
    shown = 0
    for taken in sorted(draw(st.lists(st.integers(0, HALF), min_size=2, max_size=2))):
        shown = max(shown, taken - draw(st.integers(0, lag)))
        first = taken // 4 * 4
        last = first if taken % 4 == 0 else first + 4
        ana, ben = (Seen(first, last, one[shown]) for one in histories)
        looks.append((ana, ben))
    return looks, lag


@laws(30)
@given(st.data())
def test_what_others_did_makes_no_tighter_range_true(data: st.DataObject) -> None:
    """A look speaks of one moment for everybody, and still nobody's range could be tighter for it."""
    looks, lag = data.draw(pairs_of_looks())
    start, end = data.draw(st.sampled_from([(0, 4), (0, 8), (4, 8)]))
    timeline = Timeline(
        [ana.as_look(at, ben=ben.showed) for at, (ana, ben) in enumerate(looks)], lag=lag * CELL
    )
    possible = []
    for shown in product(*(spoken_of(ana, lag) for ana, _ in looks)):
        anas, bens = (tuple(one[who].showed for one in looks) for who in (0, 1))
        if any(tuple(one[edge] for edge in shown) == bens for one in EARLY):
            possible += [one for one in EARLY if tuple(one[edge] for edge in shown) == anas]
    found = timeline.added(Point(at_cell(start)), Point(at_cell(end)))["ana"]
    assert found.low == min(one[end] - one[start] for one in possible)
    flooded = any(one[end] == FLOOD for one in possible)
    assert found.high == (None if flooded else max(one[end] - one[start] for one in possible))
