"""Where two sources tell of one population, do they tell the same?

The better one counts, and the other one is a witness. Between two looks the vendor's dashboard added some
number of lines; the days of the live source say that it was no fewer than those of the days that lie wholly
within, and no more than those of the days touched, as late as the dashboard may have been. Two live sources
are compared week by week, where both know every day of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from shared.adoption.looks import ShownLook
from shared.adoption.timeline import Added
from shared.heads import Bounds, Disagreement, Miscounted
from shared.periods import ONE_DAY, Period, midnight, period_of
from shared.records import DayState

_FOR_GOOD: frozenset[DayState] = frozenset({"complete", "empty_expected"})
_PEOPLE = 2
_UNKNOWN: frozenset[DayState] = frozenset({"failed", "never_fetched", "provisional"})


@dataclass(frozen=True, slots=True)
class Allowance:
    """Two figures agree unless they differ by more than so many lines, and by more than this share of the
    larger one."""

    lines: int = 50
    share: Fraction = Fraction(5, 100)

    def allows(self, one: int, other: int) -> bool:
        """Whether the two figures agree."""
        apart = abs(one - other)
        return apart <= self.lines or apart <= self.share * max(one, other)


@dataclass(frozen=True, slots=True)
class Between:
    """The days of which the dashboard may have spoken between two looks at it."""

    inside: tuple[date, ...]
    touched: tuple[date, ...]


def days_between_looks(start: ShownLook, end: ShownLook, lag: timedelta) -> Between:
    """The days that lie within both looks whatever the lag, and those that may have counted at all."""
    touched = _days(start.earliest - lag, end.latest)
    inside = [day for day in touched if midnight(day) >= start.latest]
    return Between(
        tuple(day for day in inside if midnight(day + ONE_DAY) <= end.earliest - lag), tuple(touched)
    )


def _days(start: datetime, end: datetime) -> list[date]:
    """The UTC days of which a part lies in the span."""
    days: list[date] = []
    day = start.date()
    while midnight(day) < end:
        days.append(day)
        day += ONE_DAY
    return days


@dataclass(frozen=True, slots=True)
class Witness:
    """A live source's word on one population: the state of each day it knows, and the lines of a day."""

    source: str
    states: Mapping[date, DayState]
    lines_of: Callable[[date], int]


def disagreement(
    period: Period,
    population: str,
    exported: Iterable[Added],
    between: Between,
    witness: Witness,
    allowance: Allowance,
) -> Disagreement | None:
    """How a live source contradicts the exports of a period; None where both can be right.

    A day that is not there, or still running, may yet hold anything: then nothing is too much.
    """
    parts = list(exported)
    said = Bounds(sum(part.low for part in parts), _total(part.high for part in parts))
    unknown = any(witness.states.get(day, "never_fetched") in _UNKNOWN for day in between.touched)
    low = sum(map(witness.lines_of, between.inside))
    high = None if unknown else sum(map(witness.lines_of, between.touched))
    too_few = said.high is not None and not _agree(low, said.high, allowance)
    too_many = high is not None and not _agree(said.low, high, allowance)
    if not too_few and not too_many:
        return None
    silent = too_many and any(witness.states.get(day) == "empty_suspect" for day in between.touched)
    return Disagreement(witness.source, population, period, said, Bounds(low, high), silent)


@dataclass(frozen=True, slots=True)
class Rival:
    """What a live source says of one population day by day: the state of each day it knows, and its lines,
    which are None where they were not counted."""

    source: str
    states: Mapping[date, DayState]
    lines: Mapping[date, int | None]


def apart(better: Rival, other: Rival, population: str, allowance: Allowance) -> list[Disagreement]:
    """The weeks of which two live sources know every day, and tell different sums."""
    weeks = {period_of("week", day) for day in better.states.keys() & other.states.keys()}
    found = []
    for week in sorted(weeks):
        one, two = _sum(better, week), _sum(other, week)
        if one is not None and two is not None and not allowance.allows(one, two):
            bounds = Bounds(one, one), Bounds(two, two)
            found.append(Disagreement(other.source, population, week, *bounds, False, better.source))
    return found


def _sum(rival: Rival, week: Period) -> int | None:
    """The week's lines; None where some day of it is not known for good."""
    lines = [rival.lines.get(day, 0) for day in week.days()]
    known = all(rival.states.get(day) in _FOR_GOOD for day in week.days())
    return sum(one or 0 for one in lines) if known and None not in lines else None


def miscounts(
    counted: Mapping[date, int], shown: Mapping[date, int], allowance: Allowance
) -> list[Miscounted]:
    """The days on which a source's own count of people at work is off what its rows show: by more than two,
    and by more than the allowed share."""
    people = Allowance(_PEOPLE, allowance.share)
    return [
        Miscounted(day, count, shown[day])
        for day, count in sorted(counted.items())
        if day in shown and not people.allows(count, shown[day])
    ]


def _agree(low: int, high: int, allowance: Allowance) -> bool:
    """Whether what is at least ``low`` can be what is at most ``high``."""
    return low <= high or allowance.allows(low, high)


def _total(highs: Iterable[int | None]) -> int | None:
    found = list(highs)
    return None if None in found else sum(high for high in found if high is not None)
