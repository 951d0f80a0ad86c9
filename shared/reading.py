"""What one request reads: the periods asked for, and those that the answer of now may be of.

The timer reads the default request in the same way, to see whether what readers are told has changed.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from shared.adoption.answer import OLDEST, chain, weeks_that_answer
from shared.periods import ONE_DAY, Calendar, Granularity, Period, midnight, period_of
from shared.records import PeriodRow

if TYPE_CHECKING:
    from shared.app import App
    from shared.store.manifests import Heads

DEFAULT_PERIODS = 12

#: How far back the answer looks: its period may be as old as ``OLDEST``, and the one before it counts.
LOOKED_BACK = OLDEST + timedelta(days=14)


class Span(msgspec.Struct, frozen=True):
    """The periods whose ends lie in ``first_end``..``last_end``, both included, of one granularity (None: of
    the kind that the answer uses)."""

    first_day: date
    last_day: date
    first_end: datetime
    last_end: datetime
    granularity: Granularity | None = None


def span_of(granularity: Granularity | None, first: date | None, last: date | None, *, today: date) -> Span:
    """The span between two days, by default that of the 12 newest periods, the running one among them.

    A ``last`` that is given is taken at its word: a period that ends after it is not in the span, the
    running one neither. Days are UTC days.
    """
    if granularity == "export":
        return _of_exports(first, last, today)
    calendar: Calendar = granularity or "week"
    if last is not None:
        newest = _newest_ended(calendar, last)
        last_end = midnight(last + ONE_DAY)
    else:
        newest = period_of(calendar, today)
        last_end = newest.end
    if first is not None:
        first_day, first_end = first, midnight(first + ONE_DAY)
    else:
        oldest = newest
        for _ in range(DEFAULT_PERIODS - 1):
            oldest = oldest.previous()
        first_day, first_end = oldest.last_day, oldest.end
    return Span(first_day, last or today, first_end, last_end, granularity)


def _of_exports(first: date | None, last: date | None, today: date) -> Span:
    """Export periods end at any moment of a day: one that ends at midnight belongs to the day before."""
    last_day = last or today
    first_day = first or last_day - timedelta(days=7 * DEFAULT_PERIODS)
    first_end, last_end = midnight(first_day) + timedelta(minutes=1), midnight(last_day + ONE_DAY)
    return Span(first_day, last_day, first_end, last_end, "export")


def _newest_ended(granularity: Calendar, day: date) -> Period:
    """The newest period whose last day is not after the day."""
    period = period_of(granularity, day)
    return period if period.last_day <= day else period.previous()


class Reading(NamedTuple):
    """The weeks, the row that the exports' answer is of, and the periods that were asked for."""

    weeks: list[PeriodRow]
    exported: PeriodRow | None
    granularity: Granularity
    asked: list[PeriodRow]

    def recent(self, now: datetime) -> list[PeriodRow]:
        """The weeks that the answer can be of, and those before them."""
        return [row for row in self.weeks if row.period.end >= now - LOOKED_BACK]


def read(app: App, span: Span, heads: Heads, now: datetime) -> Reading:
    """Range queries in one partition each; where weeks are asked for, one alone."""
    running = period_of("week", now.date())
    oldest = now - LOOKED_BACK
    of_weeks = span.granularity in ("week", None)
    first = min(span.first_end, oldest) if of_weeks else oldest
    last = max(span.last_end, running.end) if of_weeks else running.end
    weeks = app.periods.read("week", first, last)
    exported = app.periods.read_answer() if heads.exports.looks else None
    by_weeks = exported is None or weeks_that_answer(weeks, exported, now) is not None
    granularity = span.granularity or ("week" if by_weeks else "export")
    if granularity == "week":
        asked = [row for row in weeks if span.first_end <= row.period.end <= span.last_end]
    else:
        asked = app.periods.read(granularity, span.first_end, span.last_end)
    if granularity == "export":
        asked = chain(asked, exported)
    return Reading(weeks, exported, granularity, asked)
