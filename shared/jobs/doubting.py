"""Empty days that a run has come to doubt, told in the log: empty is never a zero (law 1)."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from datetime import date
from typing import TYPE_CHECKING

from shared.adoption.days import classify, coverage_start
from shared.events import emit
from shared.records import DayEntry

if TYPE_CHECKING:
    from shared.app import App

#: An event names so many days, the newest ones, and counts the others.
DAYS_NAMED = 10


def tell_doubt(
    app: App, source: str, before: Mapping[date, DayEntry], after: Mapping[date, DayEntry]
) -> None:
    """Say which days are suspect now and were not before; and of which of them the vendor had shown rows that
    it shows no more. Holidays are asked for only where it may depend on them."""
    if not _suspect(after) - _suspect(before) and not _emptied(after) - _emptied(before):
        return
    holidays = app.manifests.heads().exports.noted.holidays
    emptied = _emptied(after) - _emptied(before)
    days = sorted((_suspect(after, holidays) - _suspect(before, holidays)) | emptied, reverse=True)
    if days:
        emit(
            "day.empty_suspect",
            level=logging.WARNING,
            source=source,
            count=len(days),
            days=days[:DAYS_NAMED],
            emptied=sorted(emptied, reverse=True)[:DAYS_NAMED],
        )


def _suspect(days: Mapping[date, DayEntry], holidays: Collection[date] = ()) -> set[date]:
    """The days that are suspect, but for those before the source's first rows: they prove nothing."""
    since = coverage_start(days) or date.min
    return {
        day for day, state in classify(days, holidays).items() if state == "empty_suspect" and day >= since
    }


def _emptied(days: Mapping[date, DayEntry]) -> set[date]:
    return {day for day, entry in days.items() if entry.fault == "emptied"}
