"""The trust checks of a live source that ask about its days: are they there, fresh, credible, agreed on?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from shared.adoption.days import QUIET_WORKING_DAYS
from shared.adoption.trust_exports import FIND_OUT, WORST, contradicted, in_words, touches
from shared.adoption.trust_live import SourceEvidence
from shared.adoption.trust_periods import labels, listed, touching, with_days
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
        return evidence.check(
            "coverage", "unknown", expected, "no day is known", action, periods=labels(rows)
        )
    doubted: dict[str, set[date]] = {}
    for day in days:
        doubted.setdefault(_doubt(evidence.head, day), set()).add(day.day)
    found = [doubt for doubt in _DOUBTS if doubt in doubted]
    if not found:
        return evidence.check("coverage", "pass", expected, f"{len({day.day for day in days})} days")
    seen = "; ".join(f"{listed(doubted[doubt])} {_DOUBTS[doubt][1]}" for doubt in found)
    worst, _, action = min((_DOUBTS[doubt] for doubt in found), key=lambda one: WORST.index(one[0]))
    of_worst = {day for doubt in found if _DOUBTS[doubt][0] == worst for day in doubted[doubt]}
    periods = with_days(rows, of_worst)
    return evidence.check("coverage", worst, expected, seen, action, periods=periods)


def _doubt(head: Head, day: DayCover) -> str:
    """What is wrong with the day. Before the Monday of its first rows a source covers nothing."""
    if day.state != "empty_suspect":
        return day.state
    if head.first_row_day is None:
        return "never_used"
    return "before_use" if day.day < period_of("week", head.first_row_day).start.date() else "empty_suspect"


def freshness(evidence: SourceEvidence, now: datetime) -> Check:
    """Whether the newest usable day is the one that the source's lag allows by now."""
    if evidence.lag is None:
        return evidence.check("freshness", "unknown", "the newest days", "not known how far its days reach")
    due = (now - evidence.lag - REFRESH_SLACK).date() - timedelta(days=1)
    newest = evidence.head.newest_settled_day
    expected = f"days up to {due.isoformat()}"
    if newest is None or evidence.silence is None:
        return evidence.check("freshness", "unknown", expected, "no day that proves anything")
    if evidence.silence.working_days > QUIET_WORKING_DAYS:  # those of a silence prove nothing
        newest = min(newest, evidence.silence.since - timedelta(days=1))
    seen = f"days up to {newest.isoformat()}"
    if newest >= due:
        return evidence.check("freshness", "pass", expected, seen)
    behind = (due - newest).days
    status: CheckStatus = "fail" if behind > STALE_DAYS else "warn"
    return evidence.check("freshness", status, expected, seen, "Look at the last runs in /api/status.")


#: So many more working days than ever before a source may be silent, before nothing is believed of it.
SILENT_BEYOND_LONGEST = 3

_MOVED = (
    "Ask whether people moved to subscription log-in, which this API does not show, and whether the key is "
    "still of their organisation."
)


def silence(evidence: SourceEvidence, rows: Sequence[PeriodRow] = ()) -> Check:
    """Whether the source went quiet, or many of its engineers at once.

    From the second empty working day on a source is doubted, and it fails where that lasts longer than it
    ever did, or where an export shows that work went on.
    """
    found, expected = evidence.silence, "use on working days"
    if found is None:
        action = "Drop an export: it can tell whether anybody works with it."
        return evidence.check("silence", "unknown", expected, "no use at all so far", action)
    last = found.since - timedelta(days=1)
    silent = touching(rows, found.since)
    if found.working_days <= QUIET_WORKING_DAYS or (rows and not silent):
        return _departed(evidence, rows) or evidence.check("silence", "pass", expected, f"use up to {last}")
    seen = f"nothing since {found.since}, {found.working_days} working days; {found.longest} at most before"
    proof = [one for one in evidence.disagreements if one.silent and one.period.end.date() >= found.since]
    if proof:
        seen = f"{seen}, while exports show {proof[-1].exported.low} lines in {proof[-1].period.in_words()}"
        action = f"{_MOVED} The exports answer meanwhile."
        return evidence.check("silence", "fail", expected, seen, action, periods=silent)
    status: CheckStatus = "fail" if found.working_days > found.longest + SILENT_BEYOND_LONGEST else "warn"
    return evidence.check("silence", status, expected, seen, _ASK, periods=silent)


def _departed(evidence: SourceEvidence, rows: Sequence[PeriodRow]) -> Check | None:
    """The warning of engineers who fell silent together, where they did in the periods asked for."""
    found = evidence.departed
    if found is None:
        return None
    periods = touching(rows, found.since, found.until)
    if rows and not periods:
        return None
    return evidence.check(
        "silence",
        "warn",
        "use by those who used it, while they hold their seats",
        f"nothing since {found.since} of {found.silent} of the {found.before} engineers who were active in "
        "the four weeks before, while others go on",
        f"{_MOVED} Export what the subscription's dashboard shows.",
        periods=periods,
    )


def reconciliation(evidence: SourceEvidence, rows: Sequence[PeriodRow]) -> Check:
    """Whether other sources of the same people, and the source's own count of them, tell the same of the
    periods asked for."""
    expected = "sources of the same people that agree"
    if not evidence.head.days_known:
        return evidence.check("reconciliation", "unknown", expected, "no day is known")
    found = [one for one in evidence.disagreements if touches(one, rows)]
    if not found and (miscounted := _miscounted(evidence, rows)) is not None:
        return miscounted
    if not found:
        return evidence.check("reconciliation", "pass", expected, "nothing that contradicts it")
    periods = contradicted(found, rows)
    return evidence.check("reconciliation", "warn", expected, in_words(found), FIND_OUT, periods=periods)


def _miscounted(evidence: SourceEvidence, rows: Sequence[PeriodRow]) -> Check | None:
    """The warning of a source whose rows show others than it counts itself, in the periods asked for."""
    days = [one.day for one in evidence.miscounted]
    periods = with_days(rows, days)
    if not days or (rows and not periods):
        return None
    one = evidence.miscounted[-1]
    seen = f"on {one.day} {one.shown} people in the rows, {one.counted} by the source's own count"
    more = f", and {len(days) - 1} more days" if len(days) > 1 else ""
    action = "Compare the day with the vendor's own page: some of its rows may be missing."
    return evidence.check(
        "reconciliation", "warn", "as many people as are counted", seen + more, action, periods=periods
    )
