"""What a day of a daily source is worth: empty is a classification, never a zero (law 1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from itertools import pairwise

from shared.heads import Silence
from shared.periods import ONE_DAY, days_between, period_of
from shared.records import DayEntry, DayState

#: From the second empty working day running on, with nothing after it, none of them is believed.
QUIET_WORKING_DAYS = 1


def classify(
    entries: Mapping[date, DayEntry], holidays: Collection[date] = frozenset()
) -> dict[date, DayState]:
    """The state of each day from the first to the newest that the source's manifest knows.

    A day with rows is true. A settled empty day is true where the source shows use on both sides of
    it, and after the last use while no more than one working day of it has passed; it proves nothing
    before the Monday of the source's first rows, nor anywhere in a silence that lasts longer. One that an
    admin has accepted is true wherever it lies.
    """
    if not entries:
        return {}
    first, newest = min(entries), max(entries)
    with_rows = [day for day, entry in entries.items() if entry.content == "rows"]
    covered_from = coverage_start(entries)
    last_rows = max(with_rows, default=None)
    silence = silence_of(entries, holidays)
    silent = silence is not None and silence.working_days > QUIET_WORKING_DAYS
    states: dict[date, DayState] = {}
    for day in reversed(days_between(first, newest)):
        entry = entries.get(day, DayEntry())
        if entry.content == "none":
            states[day] = "failed" if entry.last_attempt == "failed" else "never_fetched"
        elif entry.accepted_empty:
            states[day] = "empty_expected"
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


def is_working_day(day: date, holidays: Collection[date] = frozenset()) -> bool:
    """Monday to Friday, but for holidays; and for the days from 24 December to 1 January, unless the holidays
    name some days of that turn of the year: then these alone."""
    if day.weekday() >= 5 or day in holidays:
        return False
    winter = day.year if day.month == 12 else day.year - 1
    eve, new_year = date(winter, 12, 24), date(winter + 1, 1, 1)
    return not eve <= day <= new_year or any(eve <= holiday <= new_year for holiday in holidays)


def silence_of(entries: Mapping[date, DayEntry], holidays: Collection[date] = frozenset()) -> Silence | None:
    """How long a source has been silent, and how long it ever was before; None where it never showed use.

    Only settled empty days are silent: one that failed, or is still running, says nothing, and one that an
    admin has accepted is explained.
    """
    with_rows = sorted(day for day, entry in entries.items() if entry.content == "rows")
    if not with_rows:
        return None
    silent = {
        day
        for day, entry in entries.items()
        if entry.content == "empty"
        and entry.settled
        and not entry.accepted_empty
        and is_working_day(day, holidays)
    }
    last = with_rows[-1]
    longest = max(
        (sum(before < day < after for day in silent) for before, after in pairwise(with_rows)), default=0
    )
    return Silence(last + ONE_DAY, sum(day > last for day in silent), longest)
