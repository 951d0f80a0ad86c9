"""Where a live source and the exports tell of one population, do they tell the same?

The better one counts, and the other one is a witness. Between two looks the vendor's dashboard added some
number of lines; the days of the live source say that it was no fewer than those of the days that lie wholly
within, and no more than those of the days touched, as late as the dashboard may have been.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from shared.adoption.looks import ShownLook
from shared.adoption.timeline import Added
from shared.heads import Bounds, Disagreement
from shared.periods import ONE_DAY, Period, midnight
from shared.records import DayState

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


def _agree(low: int, high: int, allowance: Allowance) -> bool:
    """Whether what is at least ``low`` can be what is at most ``high``."""
    return low <= high or allowance.allows(low, high)


def _total(highs: Iterable[int | None]) -> int | None:
    found = list(highs)
    return None if None in found else sum(high for high in found if high is not None)
