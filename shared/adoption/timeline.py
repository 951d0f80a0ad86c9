"""From month-to-date looks to what happened in any period: exact between looks, else the tightest range.

Inside a month a person's count only grows, from 0. A look says what it was at some moment of
``[earliest - lag, latest]``: the vendor's dashboard may lag. So the count at a moment ``t`` is

* at least what the last look showed that certainly speaks of a moment not after ``t``,
* at most what the first look showed that certainly speaks of a moment not before ``t``,

0 at the month's beginning, and at its end at most what a *final* look showed. What was added from ``s`` to
``e`` then lies in ``[least(e) - most(s), most(e) - least(s)]``, month by month, and nothing tighter is true:
both ends are reached by histories that show the same looks. Between two looks of the same dashboard it is
their difference, exactly, whatever the lag.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from shared.adoption.lines import LeftBy, Line, Tolerance, lines_of, with_one_final
from shared.adoption.looks import ShownLook, in_order
from shared.periods import Period, period_of

#: Instead of a look: where the count is 0, at the month's beginning, and where no look bounds it.
ZERO, OPEN = -1, None

#: Why nothing is certain of a newcomer who may have another name in an earlier file.
NEW = "is the first to list this person, and somebody vanished from it: are they one?"


class Added(NamedTuple):
    """What one person added in a period: from ``low`` up to ``high`` (None: no bound); ``doubt`` tells which
    files have to be explained before more can be said."""

    low: int
    high: int | None
    doubt: str | None = None


class Point(NamedTuple):
    """A moment; with ``look_id``, exactly what that look showed."""

    moment: datetime
    look_id: str | None = None


class Absence(NamedTuple):
    """A span in which a person certainly added nothing; ``in_words`` names the file that says so."""

    begin: datetime
    end: datetime
    in_words: str

    def covers(self, begin: datetime, end: datetime) -> bool:
        """Whether both moments lie in it, its edges included."""
        return self.begin <= begin and end <= self.end


#: When a person is known to have been absent; also somebody whom no look lists.
AbsentIn = Callable[[str], tuple[Absence, ...]]


class Timeline:
    """The looks of one stream: one organisation, kind and measure.

    ``left_by`` says whether a person had left the roster by a moment: a leaver may vanish from an export.
    ``absent_in`` says when a person added nothing: the count is the same throughout.
    """

    def __init__(
        self,
        looks: Iterable[ShownLook],
        *,
        lag: timedelta,
        tolerance: Tolerance | None = None,
        left_by: LeftBy = lambda _person, _moment: False,
        absent_in: AbsentIn = lambda _person: (),
    ) -> None:
        by_month: dict[date, list[ShownLook]] = defaultdict(list)
        for look in looks:
            by_month[look.month].append(look)
        tolerance = tolerance or Tolerance()
        self._months = {
            month: _read(month, found, lag, tolerance, left_by) for month, found in sorted(by_month.items())
        }
        self._month_of = {look.look_id: month for month, found in by_month.items() for look in found}
        self._lag = lag
        self._absent_in = absent_in
        self.people = sorted({person for month in self._months.values() for person in month.lines})

    def added(self, start: Point, end: Point, people: Iterable[str] | None = None) -> dict[str, Added]:
        """What each person who was ever listed added from ``start`` to ``end``; or each of ``people``, listed
        or not: who is not in a look counts 0 at it."""
        stretches: dict[tuple[Absence, ...], list[_Stretch]] = {}
        found: dict[str, Added] = {}
        since = min(start.moment, self._span(start).end)  # a look of a month may be taken in the next one
        for person in self.people if people is None else people:
            absences = tuple(
                one for one in self._absent_in(person) if one.begin <= end.moment and since <= one.end
            )
            if absences not in stretches:
                stretches[absences] = list(self._stretches(start, end, absences))
            found[person] = _sum([stretch.added(person) for stretch in stretches[absences]])
        return found

    def look(self, look_id: str) -> ShownLook:
        """A look, as closely as its neighbours tell when it was taken."""
        month = self._months[self._month_of[look_id]]
        return month.looks[month.places[look_id]]

    def conflicts(self) -> list[str]:
        """Which looks contradict each other, in words, each pair once."""
        return list(dict.fromkeys(one.words for line in self._lines() for one in line.conflicts))

    def corrections(self) -> int:
        """How many counts fell by so little that they count as the vendor's corrections."""
        return sum(len(line.corrected_at) for line in self._lines())

    def closed_months(self) -> list[date]:
        """The months that a final look closes."""
        return [month for month, found in self._months.items() if found.looks[-1].is_final(self._lag)]

    def _lines(self) -> Iterator[Line]:
        return (line for month in self._months.values() for line in month.lines.values())

    def _stretches(self, start: Point, end: Point, absences: tuple[Absence, ...]) -> Iterator[_Stretch]:
        """The period, month by month; inside its edges a month goes from 0 to what it ends with."""
        span, last = self._span(start), self._span(end)
        while span <= last:
            month = self._months.get(span.start.date()) or _Month(span, self._lag)
            yield month.stretch(start, end if span == last else Point(span.end), absences)
            span = period_of("month", span.end.date())
            start = Point(span.start)

    def _span(self, point: Point) -> Period:
        """The month in which a point lies: that of its look, also where others were taken in the next one."""
        return period_of("month", self._month_of.get(point.look_id or "", point.moment.date()))


class _Bounds(NamedTuple):
    """Which looks bound the count at one moment: at least, and at most."""

    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class _Month:
    """One month of one stream: its looks in order, and a line for everybody who is in one of them."""

    span: Period
    lag: timedelta
    looks: Sequence[ShownLook] = ()
    places: Mapping[str, int] = field(default_factory=dict)
    lines: Mapping[str, Line] = field(default_factory=dict)

    def stretch(self, start: Point, end: Point, absences: Iterable[Absence]) -> _Stretch:
        """The part of the month between two points, for whoever was absent so."""
        near = [one for one in absences if one.begin <= end.moment and start.moment <= one.end]
        return _Stretch(
            self,
            self._bounds(start, near),
            self._bounds(end, near),
            {one: _Bounds(self._least(one.end), self._most(one.begin)) for one in near},
            start.look_id is None
            and end.look_id is None
            and any(one.covers(start.moment, end.moment) for one in near),
        )

    def _bounds(self, point: Point, absences: Iterable[Absence]) -> _Bounds:
        """The looks that bound the count at a point of the month. Where the count is the same throughout an
        absence, a look before it bounds what it was at the end, and a look after it what it was before."""
        place = self.places.get(point.look_id or "")
        if place is not None:
            return _Bounds(place, place)
        around = [one for one in absences if one.covers(point.moment, point.moment)]
        return _Bounds(
            self._least(max((one.end for one in around), default=point.moment)),
            self._most(min((one.begin for one in around), default=point.moment)),
        )

    def _least(self, moment: datetime) -> int:
        """The last look that certainly speaks of a moment not after this one."""
        if moment <= self.span.start:
            return ZERO
        certain = (at for at, look in enumerate(self.looks) if min(look.latest, self.span.end) <= moment)
        return max(certain, default=ZERO)

    def _most(self, moment: datetime) -> int | None:
        """The first look that certainly speaks of a moment not before this one."""
        if moment <= self.span.start:
            return ZERO
        certain = (at for at, look in enumerate(self.looks) if look.earliest - self.lag >= moment)
        return next(certain, OPEN)


class _Stretch(NamedTuple):
    """A part of a period that lies within one month, and the looks that bound the count at its edges.

    ``absences``, with the looks that bound the count at the one end of each from below and at the other from
    above; in a stretch that is ``idle`` one of them covers it all.
    """

    month: _Month
    start: _Bounds
    end: _Bounds
    absences: Mapping[Absence, _Bounds]
    idle: bool

    def added(self, person: str) -> Added:
        """What the person added in it."""
        line = self.month.lines.get(person)
        if line is None:
            return Added(0, None if self.end.most is OPEN and not self.idle else 0)
        if line.conflicts and (doubt := self._doubt(line)):
            return Added(0, None, doubt)
        for absence, bounds in self.absences.items():
            if bounds.most is not OPEN and line.counts[bounds.least] > line.counts[bounds.most]:
                return Added(0, None, self._denial(absence, bounds))
        if self.idle:
            return Added(0, 0)
        low, high, doubt = 0, None, None
        if self.start.most is not OPEN:
            low = max(0, line.counts[self.end.least] - line.counts[self.start.most])
            if low and line.new_in is not None and self.start.most <= line.new_in:
                low, doubt = 0, f"{self.month.looks[line.new_in].in_words} {NEW}"
        if self.end.most is not OPEN:
            high = max(0, line.counts[self.end.most] - line.counts[self.start.least])
        return Added(low, high, doubt)

    def _denial(self, absence: Absence, bounds: _Bounds) -> str:
        """The looks between which somebody added something who was absent, in words, with who says so."""
        shown = [
            self.month.looks[at].in_words for at in (bounds.most, bounds.least) if at not in (OPEN, ZERO)
        ]
        return f"{', '.join([*shown, absence.in_words])} contradict each other"

    def _doubt(self, line: Line) -> str | None:
        """The conflict, in words, of which a look is used here; of several the one most used."""
        bounding = {self.end.least, self.start.most} if self.start.most is not OPEN else set()
        bounding |= {self.end.most, self.start.least} if self.end.most is not OPEN else set()
        used = bounding | {line.taken_from.get(at) for at in bounding}
        worst = max(line.conflicts, key=lambda conflict: len(conflict.looks & used))
        return worst.words if worst.looks & used else None


def _read(
    month: date, looks: Iterable[ShownLook], lag: timedelta, tolerance: Tolerance, left_by: LeftBy
) -> _Month:
    ordered = in_order(looks)
    held = with_one_final(ordered, lag)
    places = {look.look_id: min(at, len(held) - 1) for at, look in enumerate(ordered)}
    return _Month(period_of("month", month), lag, held, places, lines_of(held, tolerance, left_by))


def _sum(parts: Sequence[Added]) -> Added:
    """What was added in all of them."""
    if len(parts) == 1:
        return parts[0]
    highs = [part.high for part in parts if part.high is not None]
    return Added(
        sum(part.low for part in parts),
        sum(highs) if len(highs) == len(parts) else None,
        "; ".join(part.doubt for part in parts if part.doubt) or None,
    )
