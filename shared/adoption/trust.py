"""Whether the figures can be defended: checks with what was expected, what was seen, what would mend it.

Evaluated from what is stored, never by calling a vendor. ``access`` and ``freshness`` speak of now: they
lower the state, and never make a closed period unusable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.adoption.days import QUIET_WORKING_DAYS
from shared.adoption.trust_exports import (
    EXPORTS,
    FIND_OUT,
    WORST,
    ExportsEvidence,
    check_exports,
    exports_usable,
    in_words,
    touches,
)
from shared.periods import period_of
from shared.records import (
    CanariesSeen,
    Check,
    CheckStatus,
    DayCover,
    Disagreement,
    ExportsHead,
    Head,
    PeriodRow,
    Silence,
    Trust,
    TrustState,
)

#: How far behind its lag a source's newest settled day may be: the hourly refresh needs time, too.
REFRESH_SLACK = timedelta(hours=2)
STALE_DAYS = 16

SUBSCRIPTION = "subscription"


@dataclass(frozen=True, slots=True)
class SourceEvidence:
    """What is stored of one live source, beside what the operator says should be.

    ``expected_organization`` is None where none is configured; ``roster`` is the size of an independent
    roster and ``roster_seen`` how many of it the key sees, None without a roster. ``lag`` is how long
    after its end a day can still change. ``silence`` is None where it never showed any use;
    ``canaries`` tells of those who should show every working day; ``disagreements`` are those with the
    exports of the same people.
    """

    source: str
    head: Head
    expected_organization: str | None
    lag: timedelta
    roster: int | None = None
    roster_seen: int | None = None
    silence: Silence | None = None
    canaries: CanariesSeen | None = None
    disagreements: tuple[Disagreement, ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The trust of a request, and which of its periods a usable source covers, by label."""

    trust: Trust
    usable: frozenset[str]


def evaluate(
    sources: Sequence[SourceEvidence],
    exports: ExportsEvidence,
    rows: Sequence[PeriodRow],
    now: datetime,
) -> Evaluation:
    """The trust of these periods (docs/metrics.md).

    A period is usable where every source that its figures come from is. A source that no figure comes
    from is shown, and does not lower the state.
    """
    checks: list[Check] = []
    usable: dict[str, set[str]] = {}
    for evidence in sources:
        hidden = _months_hidden(evidence.head, exports.head, rows)
        of_source = [
            expected_organization(evidence),
            roster_visible(evidence),
            humans_present(evidence, exports.head, hidden),
            access(evidence),
            coverage(evidence, rows),
            freshness(evidence, now),
            silence(evidence),
            reconciliation(evidence, rows),
        ]
        checks += of_source
        usable[evidence.source] = _usable(evidence, hidden, of_source, rows)
    if exports.head.looks or exports.head.reports:
        of_exports = check_exports(exports, rows, now)
        checks += of_exports
        usable[EXPORTS] = exports_usable(of_exports, rows)
    good = {
        row.label
        for row in rows
        if row.sources and all(row.label in usable.get(cover.source, ()) for cover in row.sources)
    }
    return Evaluation(Trust(_state(checks, good, rows), checks), frozenset(good))


def _usable(
    evidence: SourceEvidence, hidden: frozenset[str], checks: Iterable[Check], rows: Sequence[PeriodRow]
) -> set[str]:
    """The periods that the source covers and in which none of its checks fails."""
    failing = {check.name for check in checks if check.status == "fail"}
    head = evidence.head
    never_showed = head.first_row_day is None
    if never_showed or _only_keys(head) or _is_of_others(evidence) or "roster-visible" in failing:
        return set()
    return {
        row.label
        for row in rows
        for cover in row.sources
        if cover.source == evidence.source
        and cover.covered
        and not (hidden and any(day.day.strftime("%Y-%m") in hidden for day in cover.days))
    }


def _state(checks: Sequence[Check], usable: set[str], rows: Sequence[PeriodRow]) -> TrustState:
    if not usable:
        return "untrusted" if any(check.status == "fail" for check in checks) else "unknown"
    used = {cover.source for row in rows for cover in row.sources}
    statuses = {check.status for check in checks if check.source in used}
    everything = all(row.label in usable for row in rows)
    return "trusted" if everything and statuses == {"pass"} else "partial"


def expected_organization(evidence: SourceEvidence) -> Check:
    """Whether the key, and the days that are stored, belong to the organisation that was meant."""
    expected, view, stored = evidence.expected_organization, evidence.head.view, evidence.head.organization
    if not view.organization:
        return _check(evidence, "expected-organization", "unknown", expected or "any", "not asked yet")
    seen = f"{view.organization} ({view.organization_name})" if view.organization_name else view.organization
    if stored and stored != view.organization:
        seen = f"{seen}; the stored days are of {stored}"
    if expected is None:
        return _check(
            evidence,
            "expected-organization",
            "unknown",
            "not configured",
            seen,
            "Compare the id with your organisation's, and set "
            f"EXPECTED_ORGANIZATIONS=console:{view.organization}.",
        )
    if {view.organization, stored or view.organization} == {expected}:
        return _check(evidence, "expected-organization", "pass", expected, seen)
    return _check(
        evidence,
        "expected-organization",
        "fail",
        expected,
        seen,
        "Use an Admin API key of the expected organisation, or correct EXPECTED_ORGANIZATIONS. "
        "Two organisations can bear the same name; only the id tells them apart.",
    )


def roster_visible(evidence: SourceEvidence) -> Check:
    """Whether the key sees the people who should be there. 1 of 8 is the trap that made this program."""
    members = evidence.head.view.members
    seen = "1 member" if members == 1 else f"{members} members"
    if evidence.roster is None or evidence.roster_seen is None:
        return _check(
            evidence,
            "roster-visible",
            "unknown",
            "no independent roster",
            seen,
            "Compare the number of members with the size of your team.",
        )
    share_seen = evidence.roster_seen / evidence.roster if evidence.roster else 1.0
    status: CheckStatus = "fail" if share_seen < 0.5 else "warn" if share_seen < 0.9 else "pass"
    return _check(
        evidence,
        "roster-visible",
        status,
        f"{evidence.roster} engineers on the roster",
        f"{evidence.roster_seen} of them",
        ""
        if status == "pass"
        else "Check that the key belongs to the organisation whose engineers these are.",
    )


def humans_present(
    evidence: SourceEvidence, exports: ExportsHead, hides: frozenset[str] | None = None
) -> Check:
    """Whether people show at all: an API that hides subscription users answers 200 without them.

    ``hides``: the months in which exports show use that no figure takes from them.
    """
    head, expected = evidence.head, "rows of people"
    seen = f"{head.people_rows} rows of people, {head.key_rows} of API keys"
    cure = (
        "This API does not show subscription users. On a Team plan, drop the CSV exports; otherwise check "
        "that the key belongs to the right organisation, and drop a keys file where keys are people's."
    )
    if _only_keys(head):
        return _check(evidence, "humans-present", "fail", expected, seen, cure)
    hidden = sorted(_months_hidden(head, exports, ()) if hides is None else hides)
    if hidden:
        people = max(exports.people_by_month[month] for month in hidden)
        return _check(
            evidence,
            "humans-present",
            "fail",
            f"subscription use by {people} people, as the exports of {', '.join(hidden)} show",
            "no subscription row in those months",
            cure,
        )
    if not head.people_rows:
        return _check(
            evidence, "humans-present", "unknown", expected, "no rows at all", "Drop an export: it can tell."
        )
    canaries = evidence.canaries
    if canaries is not None and canaries.unseen:
        return _check(
            evidence,
            "humans-present",
            "warn",
            f"{canaries.canaries} canary engineers within five working days",
            f"{canaries.unseen} of them not at all",
            "Ask them whether they used Claude Code: if they did, this API does not show all of its use.",
        )
    return _check(evidence, "humans-present", "pass", expected, seen)


def access(evidence: SourceEvidence) -> Check:
    """How the source answered last. Locked pages nobody: the plan does not include it."""
    said = evidence.head.access
    expected = "an answer"
    match said.state:
        case "ok":
            return _check(evidence, "access", "pass", expected, "answers")
        case "never":
            return _check(evidence, "access", "unknown", expected, "not asked yet")
        case "locked":
            return _check(
                evidence,
                "access",
                "unknown",
                expected,
                "not supported for this plan",
                said.action,
                reason="locked",
            )
        case "denied":
            return _check(evidence, "access", "fail", expected, said.detail, said.action)
        case "failed":
            return _check(evidence, "access", "warn", expected, said.detail, said.action)


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
        return _check(evidence, "coverage", "unknown", expected, "no day is known", action)
    doubted: dict[str, set[date]] = {}
    for day in days:
        doubted.setdefault(_doubt(evidence.head, day), set()).add(day.day)
    found = [doubt for doubt in _DOUBTS if doubt in doubted]
    if not found:
        return _check(evidence, "coverage", "pass", expected, f"{len({day.day for day in days})} days")
    seen = "; ".join(f"{_days(sorted(doubted[doubt]))} {_DOUBTS[doubt][1]}" for doubt in found)
    worst, _, action = min((_DOUBTS[doubt] for doubt in found), key=lambda one: WORST.index(one[0]))
    return _check(evidence, "coverage", worst, expected, seen, action)


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
        return _check(evidence, "freshness", "unknown", expected, "no settled day")
    seen = f"settled up to {newest.isoformat()}"
    if newest >= due:
        return _check(evidence, "freshness", "pass", expected, seen)
    behind = (due - newest).days
    status: CheckStatus = "fail" if behind > STALE_DAYS else "warn"
    return _check(evidence, "freshness", status, expected, seen, "Look at the last runs in /api/status.")


#: So many more working days than ever before a source may be silent, before nothing is believed of it.
SILENT_BEYOND_LONGEST = 3


def silence(evidence: SourceEvidence) -> Check:
    """Whether the source went quiet: from the second empty working day on it is doubted, and it fails where
    that lasts longer than it ever did, or where an export shows that work went on."""
    found, expected = evidence.silence, "use on working days"
    if found is None:
        action = "Drop an export: it can tell whether anybody works with it."
        return _check(evidence, "silence", "unknown", expected, "no use at all so far", action)
    if found.working_days <= QUIET_WORKING_DAYS:
        return _check(evidence, "silence", "pass", expected, f"use up to {found.since - timedelta(days=1)}")
    seen = f"nothing since {found.since}, {found.working_days} working days; {found.longest} at most before"
    proof = [one for one in evidence.disagreements if one.silent and one.period.end.date() >= found.since]
    if proof:
        return _check(
            evidence,
            "silence",
            "fail",
            expected,
            f"{seen}, while exports show {proof[-1].exported.low} lines in {proof[-1].period.in_words()}",
            "Ask whether people moved to subscription log-in, which this API does not show, and whether the "
            "key is still of their organisation. The exports answer meanwhile.",
        )
    status: CheckStatus = "fail" if found.working_days > found.longest + SILENT_BEYOND_LONGEST else "warn"
    return _check(evidence, "silence", status, expected, seen, _ASK)


def reconciliation(evidence: SourceEvidence, rows: Sequence[PeriodRow]) -> Check:
    """Whether the exports of the same people tell the same of the periods asked for."""
    expected = "exports of the same people that agree"
    found = [one for one in evidence.disagreements if touches(one, rows)]
    if not evidence.head.days_known:
        return _check(evidence, "reconciliation", "unknown", expected, "no day is known")
    if not found:
        return _check(evidence, "reconciliation", "pass", expected, "nothing that contradicts it")
    return _check(evidence, "reconciliation", "warn", expected, in_words(found), FIND_OUT)


def _is_of_others(evidence: SourceEvidence) -> bool:
    """Whether the stored days are another organisation's; a key swapped later takes nothing from them."""
    of = evidence.head.organization or evidence.head.view.organization
    return evidence.expected_organization not in (None, of)


def _only_keys(head: Head) -> bool:
    return head.key_rows > 0 and head.people_rows == 0


def _months_hidden(head: Head, exports: ExportsHead, rows: Iterable[PeriodRow]) -> frozenset[str]:
    """Months in which exports show subscription use and the source, which answers for them, shows none; but
    not those whose figures the exports give.

    A source that answers and never had a row answers for every month.
    """
    if not head.days_known:
        return frozenset()
    given = {
        day.strftime("%Y-%m")
        for row in rows
        if any(cover.source == EXPORTS for cover in row.sources)
        for day in row.period.days()
    }
    first = head.first_row_day.strftime("%Y-%m") if head.first_row_day else ""
    return frozenset(
        month
        for month, people in exports.people_by_month.items()
        if people
        and month >= first
        and month not in given
        and SUBSCRIPTION not in head.populations_by_month.get(month, ())
    )


def _days(days: Sequence[object]) -> str:
    shown = ", ".join(str(day) for day in days[:3])
    return shown if len(days) <= 3 else f"{shown} and {len(days) - 3} more days"


def _check(
    evidence: SourceEvidence,
    name: str,
    status: CheckStatus,
    expected: str,
    seen: str,
    action: str = "",
    *,
    reason: str | None = None,
) -> Check:
    return Check(name, evidence.source, status, expected, seen, action, reason)
