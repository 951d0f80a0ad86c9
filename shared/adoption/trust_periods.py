"""Of which of the periods asked for a trust check speaks, by their labels."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from shared.records import Check, PeriodRow


def labels(rows: Iterable[PeriodRow]) -> list[str]:
    """All of them."""
    return [row.label for row in rows]


def with_days(rows: Iterable[PeriodRow], days: Collection[date]) -> list[str]:
    """Those that touch one of the days."""
    return [row.label for row in rows if any(day in days for day in row.period.days())] if days else []


def touching(rows: Iterable[PeriodRow], first: date, last: date = date.max) -> list[str]:
    """Those that touch one of the days from the first to the last."""
    return [row.label for row in rows if row.period.start.date() <= last and first <= row.period.last_day]


def in_months(rows: Iterable[PeriodRow], months: Collection[str]) -> list[str]:
    """Those that touch one of the months, ``YYYY-MM``."""
    return [row.label for row in rows if any(f"{day:%Y-%m}" in months for day in row.period.days())]


def in_order(rows: Iterable[PeriodRow], found: Collection[str]) -> list[str]:
    """Those that were found, oldest first, each once."""
    return [row.label for row in rows if row.label in found]


def usable(source: str, checks: Iterable[Check], rows: Iterable[PeriodRow]) -> set[str]:
    """The periods that the source covers and in which none of its checks fails."""
    spoilt = {label for check in checks if check.status == "fail" for label in check.periods}
    return {
        row.label
        for row in rows
        for cover in row.sources
        if cover.source == source and cover.covered and row.label not in spoilt
    }


def listed(days: Collection[object]) -> str:
    """The first three in words, and how many there are besides."""
    shown = ", ".join(str(day) for day in sorted(days, key=str)[:3])
    return shown if len(days) <= 3 else f"{shown} and {len(days) - 3} more days"
