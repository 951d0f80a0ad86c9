"""What a day of a daily source is worth: empty is a classification, never a zero (law 1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from shared.periods import ONE_DAY, days_between, period_of
from shared.records import DayEntry, DayState

#: From the second empty working day running on, with nothing after it, none of them is believed.
QUIET_WORKING_DAYS = 1


def classify(entries: Mapping[date, DayEntry]) -> dict[date, DayState]:
    """The state of each day from the first to the newest that the source's manifest knows.

    A day with rows is true. A settled empty day is true where the source shows use on both sides of
    it, and after the last use while no more than one working day of it has passed; it proves nothing
    before the Monday of the source's first rows, nor anywhere in a silence that lasts longer.
    """
    if not entries:
        return {}
    first, newest = min(entries), max(entries)
    with_rows = [day for day, entry in entries.items() if entry.content == "rows"]
    covered_from = coverage_start(entries)
    last_rows = max(with_rows, default=None)
    silent = last_rows is not None and _is_silent(entries, last_rows)
    states: dict[date, DayState] = {}
    for day in reversed(days_between(first, newest)):
        entry = entries.get(day, DayEntry())
        if entry.content == "none":
            states[day] = "failed" if entry.last_attempt == "failed" else "never_fetched"
        elif not entry.settled:
            states[day] = "provisional"
        elif entry.content == "rows":
            states[day] = "complete"
        elif covered_from is None or last_rows is None or day < covered_from:
            states[day] = "empty_suspect"
        elif day < last_rows or not silent:
            states[day] = "empty_expected"
        else:
            states[day] = "empty_suspect"
    return states


def coverage_start(entries: Mapping[date, DayEntry]) -> date | None:
    """The Monday of the week of the source's first rows: before it, empty days prove nothing."""
    with_rows = [day for day, entry in entries.items() if entry.content == "rows"]
    return period_of("week", min(with_rows)).start.date() if with_rows else None


def is_working_day(day: date) -> bool:
    """Monday to Friday, but for the days from 24 December to 1 January."""
    holidays = (day.month == 12 and day.day >= 24) or (day.month == 1 and day.day == 1)
    return day.weekday() < 5 and not holidays


def _is_silent(entries: Mapping[date, DayEntry], last_rows: date) -> bool:
    """Whether more working days than one have passed between the last rows and the newest empty day."""
    empty = [day for day, entry in entries.items() if entry.content == "empty" and entry.settled]
    since = days_between(last_rows + ONE_DAY, max(empty, default=last_rows))
    return sum(map(is_working_day, since)) > QUIET_WORKING_DAYS
