"""Spans of time: UTC days, ISO weeks, months. All half-open, all UTC.

Nothing is called a week unless its edges are Monday 00:00 and Monday 00:00 UTC.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

Granularity = Literal["week", "day", "month"]
GRANULARITIES: tuple[Granularity, ...] = ("week", "day", "month")

ONE_DAY = timedelta(days=1)


class Period(msgspec.Struct, frozen=True, order=True, rename="camel"):
    """A half-open span ``[start, end)`` of whole UTC days with the name of its kind."""

    start: datetime
    end: datetime
    kind: Granularity

    @property
    def label(self) -> str:
        """``2026-W46``, ``2026-11-09`` or ``2026-11``: the field's own short names."""
        if self.kind == "week":
            iso = self.start.isocalendar()
            return f"{iso.year}-W{iso.week:02d}"
        return self.start.strftime("%Y-%m-%d" if self.kind == "day" else "%Y-%m")

    @property
    def last_day(self) -> date:
        """The day on which the last instant falls."""
        return (self.end - ONE_DAY).date()

    def days(self) -> Iterator[date]:
        """The UTC days inside, in order."""
        day = self.start.date()
        while day <= self.last_day:
            yield day
            day += ONE_DAY

    def previous(self) -> Period:
        """The period of the same kind that ends where this one starts."""
        return period_of(self.kind, (self.start - ONE_DAY).date())

    def in_words(self) -> str:
        """For a sentence: ``the week of 9 to 15 November 2026``."""
        first, last = self.start.date(), self.last_day
        if self.kind == "day":
            return _day_in_words(first)
        if self.kind == "month":
            return f"{first:%B %Y}"
        if first.year != last.year:
            return f"the week of {_day_in_words(first)} to {_day_in_words(last)}"
        if first.month != last.month:
            return f"the week of {first.day} {first:%B} to {_day_in_words(last)}"
        return f"the week of {first.day} to {_day_in_words(last)}"


def _day_in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def midnight(day: date) -> datetime:
    """The first instant of a UTC day."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def period_of(kind: Granularity, day: date) -> Period:
    """The period of that kind in which the day lies."""
    match kind:
        case "day":
            first, after = day, day + ONE_DAY
        case "week":
            first = day - timedelta(days=day.weekday())
            after = first + timedelta(days=7)
        case "month":
            first = day.replace(day=1)
            after = (first + timedelta(days=32)).replace(day=1)
    return Period(midnight(first), midnight(after), kind)


def periods_touching(kind: Granularity, days: set[date]) -> list[Period]:
    """Each period in which one of the days lies, once, in order."""
    return sorted({period_of(kind, day) for day in days})


def days_between(first: date, last: date) -> list[date]:
    """The days from the first to the last, both included, newest first."""
    return [last - timedelta(days=back) for back in range((last - first).days + 1)]
