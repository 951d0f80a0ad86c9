"""Which days a refresh asks for: those that can have changed, and those that are not there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from itertools import zip_longest
from typing import TYPE_CHECKING

from shared.periods import ONE_DAY, days_between, midnight
from shared.records import DayEntry

if TYPE_CHECKING:
    from shared.app import App

#: How far back a manifest reaches; older days leave it, and their period rows stand as they are.
KEPT_DAYS = 400


#: What may be revised for weeks is read again by the first run after this long.
AGAIN_EVERY = timedelta(hours=20)


def first_day(entries: Mapping[date, DayEntry], today: date, backfill_days: int) -> date:
    """The day from which the source is to be complete: it never moves forward but by age."""
    wanted = today - timedelta(days=backfill_days - 1)
    return max(min([wanted, *entries]), today - timedelta(days=KEPT_DAYS - 1))


def oldest_month(app: App) -> str:
    """The oldest month of which it is still kept what each engineer did."""
    return f"{app.clock.now().date() - timedelta(days=app.settings.fact_retention_days):%Y-%m}"


def days_to_ask(
    entries: Mapping[date, DayEntry],
    today: date,
    *,
    backfill_days: int,
    trailing_days: int,
    since: date = date.min,
    newest: date | None = None,
    also: Collection[date] = (),
) -> list[date]:
    """The days to fetch now: none before ``since``, and these ``also``.

    First, newest first, those down to the newest that is there: how far the source reaches is known by then.
    After it those that are not there and those that are to be read again take turns, of either the newest
    first, so that a run which has time for few days is further with both.

    ``newest``: the last day that the source showed, where its days end before today: the trailing days are
    counted back from there, and the days after it are asked for, lest there be more by now.
    """
    first = max(first_day(entries, today, backfill_days), since)
    running = today if newest is None else min(today, newest + ONE_DAY)
    asked = [
        day
        for day in days_between(first, today)
        if day in also or can_have_changed(entries.get(day), (running - day).days, trailing_days)
    ]
    is_there = {day: day in entries and entries[day].content != "none" for day in asked}
    first_there = next((at for at, day in enumerate(asked, start=1) if is_there[day]), len(asked))
    newer, others = asked[:first_there], asked[first_there:]
    turns = zip_longest(
        [day for day in others if not is_there[day]], [day for day in others if is_there[day]]
    )
    return [*newer, *(day for turn in turns for day in turn if day is not None)]


def days_to_read_again(entries: Mapping[date, DayEntry], now: datetime, revisable: timedelta) -> set[date]:
    """The days that were last heard while the vendor could still revise them, for so long after their end:
    once a day, and once when that is over, however long nobody could ask."""
    return {
        day
        for day, entry in entries.items()
        if entry.fetched_at is not None
        and entry.fetched_at < midnight(day + ONE_DAY) + revisable
        and now - entry.fetched_at >= AGAIN_EVERY
    }


def can_have_changed(entry: DayEntry | None, age: int, trailing_days: int) -> bool:
    """Whether a day ``age`` days old may say something else than what is kept of it."""
    return (
        entry is None
        or entry.content == "none"
        or entry.last_attempt != "ok"
        or not entry.settled
        or age <= trailing_days
    )
