"""Which days a refresh asks for: those that can have changed, and those that are not there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from shared.periods import days_between
from shared.records import DayEntry

if TYPE_CHECKING:
    from shared.app import App

#: How far back a manifest reaches; older days leave it, and their period rows stand as they are.
KEPT_DAYS = 400


def first_day(entries: Mapping[date, DayEntry], today: date, backfill_days: int) -> date:
    """The day from which the source is to be complete: it never moves forward but by age."""
    wanted = today - timedelta(days=backfill_days - 1)
    return max(min([wanted, *entries]), today - timedelta(days=KEPT_DAYS - 1))


def oldest_month(app: App) -> str:
    """The oldest month of which it is still kept what each engineer did."""
    return f"{app.clock.now().date() - timedelta(days=app.settings.fact_retention_days):%Y-%m}"


def days_to_ask(
    entries: Mapping[date, DayEntry], today: date, *, backfill_days: int, trailing_days: int
) -> list[date]:
    """The days to fetch now, newest first."""
    since = first_day(entries, today, backfill_days)
    return [
        day
        for day in days_between(since, today)
        if can_have_changed(entries.get(day), (today - day).days, trailing_days)
    ]


def can_have_changed(entry: DayEntry | None, age: int, trailing_days: int) -> bool:
    """Whether a day ``age`` days old may say something else than what is kept of it."""
    return (
        entry is None
        or entry.content == "none"
        or entry.last_attempt != "ok"
        or not entry.settled
        or age <= trailing_days
    )
