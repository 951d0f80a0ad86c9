"""The trust checks of a live source that ask who answers: whose key it is, whom it sees, if it does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from shared.adoption.trust_exports import EXPORTS
from shared.heads import CanariesSeen, Disagreement, ExportsHead, Head, Silence
from shared.records import Check, CheckStatus, PeriodRow

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

    def check(
        self,
        name: str,
        status: CheckStatus,
        expected: str,
        seen: str,
        action: str = "",
        *,
        reason: str | None = None,
    ) -> Check:
        """A check of this source."""
        return Check(name, self.source, status, expected, seen, action, reason)


def expected_organization(evidence: SourceEvidence) -> Check:
    """Whether the key, and the days that are stored, belong to the organisation that was meant."""
    expected, view, stored = evidence.expected_organization, evidence.head.view, evidence.head.organization
    if not view.organization:
        return evidence.check("expected-organization", "unknown", expected or "any", "not asked yet")
    seen = f"{view.organization} ({view.organization_name})" if view.organization_name else view.organization
    if stored and stored != view.organization:
        seen = f"{seen}; the stored days are of {stored}"
    if expected is None:
        return evidence.check(
            "expected-organization",
            "unknown",
            "not configured",
            seen,
            "Compare the id with your organisation's, and set "
            f"EXPECTED_ORGANIZATIONS=console:{view.organization}.",
        )
    if {view.organization, stored or view.organization} == {expected}:
        return evidence.check("expected-organization", "pass", expected, seen)
    return evidence.check(
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
        return evidence.check(
            "roster-visible",
            "unknown",
            "no independent roster",
            seen,
            "Compare the number of members with the size of your team.",
        )
    share_seen = evidence.roster_seen / evidence.roster if evidence.roster else 1.0
    status: CheckStatus = "fail" if share_seen < 0.5 else "warn" if share_seen < 0.9 else "pass"
    return evidence.check(
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
    if only_keys(head):
        return evidence.check("humans-present", "fail", expected, seen, cure)
    hidden = sorted(months_hidden(head, exports, ()) if hides is None else hides)
    if hidden:
        people = max(exports.people_by_month[month] for month in hidden)
        return evidence.check(
            "humans-present",
            "fail",
            f"subscription use by {people} people, as the exports of {', '.join(hidden)} show",
            "no subscription row in those months",
            cure,
        )
    if not head.people_rows:
        return evidence.check(
            "humans-present", "unknown", expected, "no rows at all", "Drop an export: it can tell."
        )
    canaries = evidence.canaries
    if canaries is not None and canaries.unseen:
        return evidence.check(
            "humans-present",
            "warn",
            f"{canaries.canaries} canary engineers within five working days",
            f"{canaries.unseen} of them not at all",
            "Ask them whether they used Claude Code: if they did, this API does not show all of its use.",
        )
    return evidence.check("humans-present", "pass", expected, seen)


def access(evidence: SourceEvidence) -> Check:
    """How the source answered last. Locked pages nobody: the plan does not include it."""
    said = evidence.head.access
    expected = "an answer"
    match said.state:
        case "ok":
            return evidence.check("access", "pass", expected, "answers")
        case "never":
            return evidence.check("access", "unknown", expected, "not asked yet")
        case "locked":
            return evidence.check(
                "access",
                "unknown",
                expected,
                "not supported for this plan",
                said.action,
                reason="locked",
            )
        case "denied":
            return evidence.check("access", "fail", expected, said.detail, said.action)
        case "failed":
            return evidence.check("access", "warn", expected, said.detail, said.action)


def is_of_others(evidence: SourceEvidence) -> bool:
    """Whether the stored days are another organisation's; a key swapped later takes nothing from them."""
    of = evidence.head.organization or evidence.head.view.organization
    return evidence.expected_organization not in (None, of)


def only_keys(head: Head) -> bool:
    return head.key_rows > 0 and head.people_rows == 0


def months_hidden(head: Head, exports: ExportsHead, rows: Iterable[PeriodRow]) -> frozenset[str]:
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
