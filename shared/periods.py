"""Spans of time: UTC days, ISO weeks, months. All half-open, all UTC.

Nothing is called a week unless its edges are Monday 00:00 and Monday 00:00 UTC.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

Calendar = Literal["week", "day", "month"]
CALENDAR: tuple[Calendar, ...] = ("week", "day", "month")

#: An export period begins and ends with a look at the vendor's dashboard, at any moment.
Granularity = Literal["week", "day", "month", "export"]
GRANULARITIES: tuple[Granularity, ...] = ("week", "export", "day", "month")

ONE_DAY = timedelta(days=1)
RESOLUTION = timedelta.resolution


class Period(msgspec.Struct, frozen=True, order=True, rename="camel"):
    """A half-open span ``[start, end)`` with the name of its kind: whole UTC days, or between two looks."""

    start: datetime
    end: datetime
    kind: Granularity

    @property
    def label(self) -> str:
        """``2026-W46``, ``2026-11-09``, ``2026-11``; an export period is named by its two edges."""
        if self.kind == "export":
            return f"{self.start:%Y-%m-%dT%H:%MZ}/{self.end:%Y-%m-%dT%H:%MZ}"
        if self.kind == "week":
            iso = self.start.isocalendar()
            return f"{iso.year}-W{iso.week:02d}"
        return self.start.strftime("%Y-%m-%d" if self.kind == "day" else "%Y-%m")

    @property
    def last_day(self) -> date:
        """The day on which the last instant falls."""
        return (self.end - RESOLUTION).date()

    def days(self) -> Iterator[date]:
        """The UTC days that it touches, in order."""
        day = self.start.date()
        while day <= self.last_day:
            yield day
            day += ONE_DAY

    def previous(self) -> Period:
        """The period of the same kind that ends where this one starts; a look has no such period."""
        if self.kind == "export":
            raise ValueError("what comes before an export period is for the looks to say")
        return period_of(self.kind, (self.start - ONE_DAY).date())

    def in_words(self) -> str:
        """For a sentence: ``the week of 9 to 15 November 2026``."""
        first, last = self.start.date(), self.last_day
        if self.kind == "export":
            return _edges_in_words(self.start, self.end)
        if self.kind == "day":
            return _day_in_words(first)
        if self.kind == "month":
            return f"{first:%B %Y}"
        if first.year != last.year:
            return f"the week of {_day_in_words(first)} to {_day_in_words(last)}"
        if first.month != last.month:
            return f"the week of {first.day} {first:%B} to {_day_in_words(last)}"
        return f"the week of {first.day} to {_day_in_words(last)}"


def _edges_in_words(start: datetime, end: datetime) -> str:
    """With the length where it is no week: ``6 November 2026 16:00 to 20 November 2026 16:00 (14 days)``."""
    days = round((end - start) / ONE_DAY)
    length = "" if days == 7 else f" ({days} days)" if days != 1 else " (1 day)"
    first, last = (f"{_day_in_words(edge.date())} {edge:%H:%M}" for edge in (start, end))
    return f"the exports from {first} to {last} UTC{length}"


def _day_in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def midnight(day: date) -> datetime:
    """The first instant of a UTC day."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def period_of(kind: Calendar, day: date) -> Period:
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


def periods_touching(kind: Calendar, days: set[date]) -> list[Period]:
    """Each period in which one of the days lies, once, in order."""
    return sorted({period_of(kind, day) for day in days})


def days_between(first: date, last: date) -> list[date]:
    """The days from the first to the last, both included, newest first."""
    return [last - timedelta(days=back) for back in range((last - first).days + 1)]
