"""The trust checks of the exports: of whom they are, what they cover, how old they are, if they agree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from shared.records import Check, CheckStatus, ExportsHead, PeriodRow

EXPORTS = "exports"

#: A weekly export is late after eight days; after sixteen nothing can be said of now.
CADENCE = timedelta(days=8)
OLDEST = timedelta(days=16)

_CONTRADICT = "contradict each other"


def check_exports(
    exports: ExportsHead,
    rows: Sequence[PeriodRow],
    now: datetime,
    expected: str | None,
    next_look: str = "",
) -> list[Check]:
    """Every check of the exports for these periods. ``next_look``: which look would help most next."""
    mine = [row for row in rows if any(cover.source == EXPORTS for cover in row.sources)]
    return [
        _organization(exports, expected),
        _coverage(mine, next_look),
        _freshness(exports, now, next_look),
        _reconciliation(exports, mine),
    ]


def exports_usable(checks: Iterable[Check], rows: Iterable[PeriodRow]) -> set[str]:
    """The periods that the exports cover, where no check but that of their age fails."""
    if any(check.status == "fail" and check.name != "freshness" for check in checks):
        return set()
    return {
        row.label
        for row in rows
        for cover in row.sources
        if cover.source == EXPORTS and cover.covered and row.completeness != "uncovered"
    }


def _organization(exports: ExportsHead, expected: str | None) -> Check:
    seen = ", ".join(exports.organizations) or "no id in any file's name"
    if expected is None:
        action = "Set EXPECTED_ORGANIZATIONS=claude_ai:<uuid>." if exports.organizations else ""
        return _check("expected-organization", "unknown", "not configured", seen, action)
    if set(exports.organizations) - {expected}:
        action = "Retract the other organisation's exports, or correct EXPECTED_ORGANIZATIONS."
        return _check("expected-organization", "fail", expected, seen, action)
    if exports.unnamed and not exports.organizations:
        action = "Compare the people in the export with your team."
        return _check("expected-organization", "warn", expected, seen, action)
    return _check("expected-organization", "pass", expected, seen)


def _coverage(rows: Sequence[PeriodRow], next_look: str) -> Check:
    expected = "looks at both ends of each period, and every finished month's file"
    ranges = [row.label for row in rows if row.completeness != "complete"]
    if not rows:
        return _check("coverage", "unknown", expected, "no period lies between two exports", next_look)
    if not ranges:
        return _check("coverage", "pass", expected, f"{len(rows)} periods")
    shown = ", ".join(ranges[:3]) + (f" and {len(ranges) - 3} more" if len(ranges) > 3 else "")
    action = "See each figure's reason: it names what would settle it."
    return _check("coverage", "warn", expected, f"only ranges for {shown}", action)


def _freshness(exports: ExportsHead, now: datetime, next_look: str) -> Check:
    expected = f"an export since {now - CADENCE:%Y-%m-%d}"
    if exports.newest is None:
        return _check("freshness", "unknown", expected, "none")
    age = now - exports.newest
    status: CheckStatus = "pass" if age <= CADENCE else "warn" if age <= OLDEST else "fail"
    action = "" if status == "pass" else next_look
    return _check("freshness", status, expected, f"the newest of {exports.newest:%Y-%m-%d %H:%M}", action)


def _reconciliation(exports: ExportsHead, rows: Sequence[PeriodRow]) -> Check:
    expected = "files that agree"
    doubts = {
        figure.reason
        for row in rows
        for figure in (*row.figures.values(), *row.active.values())
        if figure.reason and _CONTRADICT in figure.reason
    }
    if doubts:
        action = (
            "One of each pair is of another organisation, month or day: find out which, and export it again."
        )
        return _check("reconciliation", "warn", expected, sorted(doubts)[0], action)
    months = {day.strftime("%Y-%m") for row in rows for day in row.period.days()}
    set_aside = sum(count for month, count in exports.set_aside.items() if month in months)
    if set_aside:
        some = "1 file is" if set_aside == 1 else f"{set_aside} files are"
        seen = f"{some} set aside, because others contradict what is said there"
        return _check("reconciliation", "warn", expected, seen, "See their receipts in /api/status.")
    return _check("reconciliation", "pass", expected, "they do")


def _check(name: str, status: CheckStatus, expected: str, seen: str, action: str = "") -> Check:
    return Check(name, EXPORTS, status, expected, seen, action)
