"""The trust checks of a live source that ask about its days: are they there, fresh, credible, agreed on?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from shared.adoption.days import QUIET_WORKING_DAYS
from shared.adoption.trust_exports import FIND_OUT, WORST, in_words, touches
from shared.adoption.trust_live import SourceEvidence
from shared.heads import Head
from shared.periods import period_of
from shared.records import Check, CheckStatus, DayCover, PeriodRow

#: How far behind its lag a source's newest settled day may be: the hourly refresh needs time, too.
REFRESH_SLACK = timedelta(hours=2)
STALE_DAYS = 16

_ASK = "Ask an engineer whether they used Claude Code on one of these days, or drop an export."

#: What can be wrong with a day: how bad that is, in words, and what would mend it.
_DOUBTS: Mapping[str, tuple[CheckStatus, str, str]] = {
    "failed": (
        "fail",
        "could not be fetched",
        "Nothing, if it is a day or two: they are asked for again.",
    ),
    "never_fetched": ("unknown", "not fetched yet", "Wait for the backfill, or raise BACKFILL_DAYS."),
    "empty_suspect": ("warn", "empty, and nothing proves that they were", _ASK),
    "never_used": ("unknown", "empty, and nothing proves that they were", _ASK),
    "before_use": ("unknown", "empty, before the first rows", "Ask for periods from the first rows on."),
}


def coverage(evidence: SourceEvidence, rows: Sequence[PeriodRow]) -> Check:
    """Whether each day of the periods asked for was fetched, and proves what it shows."""
    days = [
        day for row in rows for cover in row.sources if cover.source == evidence.source for day in cover.days
    ]
    expected = "every day fetched and proven"
    if not days:
        action = "Wait for the refresh, or ask for periods that it has fetched."
        return evidence.check("coverage", "unknown", expected, "no day is known", action)
    doubted: dict[str, set[date]] = {}
    for day in days:
        doubted.setdefault(_doubt(evidence.head, day), set()).add(day.day)
    found = [doubt for doubt in _DOUBTS if doubt in doubted]
    if not found:
        return evidence.check("coverage", "pass", expected, f"{len({day.day for day in days})} days")
    seen = "; ".join(f"{_days(sorted(doubted[doubt]))} {_DOUBTS[doubt][1]}" for doubt in found)
    worst, _, action = min((_DOUBTS[doubt] for doubt in found), key=lambda one: WORST.index(one[0]))
    return evidence.check("coverage", worst, expected, seen, action)


def _doubt(head: Head, day: DayCover) -> str:
    """What is wrong with the day. Before the Monday of its first rows a source covers nothing."""
    if day.state != "empty_suspect":
        return day.state
    if head.first_row_day is None:
        return "never_used"
    return "before_use" if day.day < period_of("week", head.first_row_day).start.date() else "empty_suspect"


def freshness(evidence: SourceEvidence, now: datetime) -> Check:
    """Whether the newest settled day is the one that the source's lag allows by now."""
    due = (now - evidence.lag - REFRESH_SLACK).date() - timedelta(days=1)
    newest = evidence.head.newest_settled_day
    expected = f"settled up to {due.isoformat()}"
    if newest is None:
        return evidence.check("freshness", "unknown", expected, "no settled day")
    seen = f"settled up to {newest.isoformat()}"
    if newest >= due:
        return evidence.check("freshness", "pass", expected, seen)
    behind = (due - newest).days
    status: CheckStatus = "fail" if behind > STALE_DAYS else "warn"
    return evidence.check("freshness", status, expected, seen, "Look at the last runs in /api/status.")


#: So many more working days than ever before a source may be silent, before nothing is believed of it.
SILENT_BEYOND_LONGEST = 3


def silence(evidence: SourceEvidence) -> Check:
    """Whether the source went quiet: from the second empty working day on it is doubted, and it fails where
    that lasts longer than it ever did, or where an export shows that work went on."""
    found, expected = evidence.silence, "use on working days"
    if found is None:
        action = "Drop an export: it can tell whether anybody works with it."
        return evidence.check("silence", "unknown", expected, "no use at all so far", action)
    if found.working_days <= QUIET_WORKING_DAYS:
        return evidence.check("silence", "pass", expected, f"use up to {found.since - timedelta(days=1)}")
    seen = f"nothing since {found.since}, {found.working_days} working days; {found.longest} at most before"
    proof = [one for one in evidence.disagreements if one.silent and one.period.end.date() >= found.since]
    if proof:
        return evidence.check(
            "silence",
            "fail",
            expected,
            f"{seen}, while exports show {proof[-1].exported.low} lines in {proof[-1].period.in_words()}",
            "Ask whether people moved to subscription log-in, which this API does not show, and whether the "
            "key is still of their organisation. The exports answer meanwhile.",
        )
    status: CheckStatus = "fail" if found.working_days > found.longest + SILENT_BEYOND_LONGEST else "warn"
    return evidence.check("silence", status, expected, seen, _ASK)


def reconciliation(evidence: SourceEvidence, rows: Sequence[PeriodRow]) -> Check:
    """Whether the exports of the same people tell the same of the periods asked for."""
    expected = "exports of the same people that agree"
    found = [one for one in evidence.disagreements if touches(one, rows)]
    if not evidence.head.days_known:
        return evidence.check("reconciliation", "unknown", expected, "no day is known")
    if not found:
        return evidence.check("reconciliation", "pass", expected, "nothing that contradicts it")
    return evidence.check("reconciliation", "warn", expected, in_words(found), FIND_OUT)


def _days(days: Sequence[object]) -> str:
    shown = ", ".join(str(day) for day in days[:3])
    return shown if len(days) <= 3 else f"{shown} and {len(days) - 3} more days"
