"""The trust checks of a live source that ask who answers: whose key it is, whom it sees, if it does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from shared.adoption.trust_exports import EXPORTS, missed
from shared.adoption.trust_periods import in_months, labels, listed, with_days
from shared.heads import (
    CanariesSeen,
    Departed,
    Disagreement,
    ExportsHead,
    Head,
    Miscounted,
    OddCost,
    Repeated,
    Silence,
)
from shared.records import Check, CheckStatus, PeriodRow

SUBSCRIPTION = "subscription"


@dataclass(frozen=True, slots=True)
class SourceEvidence:
    """What is stored of one live source, beside what the operator says should be.

    ``expected_organization`` is None where none is configured. ``has_roster``: there is an independent one;
    ``roster`` of those on it are shown by no other source, ``exported`` are the rest, and the key sees
    ``roster_seen`` of the former; None where that is not known. ``lag`` is how long after its end a day can
    still change, None where the source has not told yet; ``surface`` says whose id its organisation bears,
    and ``key`` is how a sentence calls its key. ``silence`` is None where it never showed any use,
    ``departed`` where nobody is missed; ``canaries`` tells of those who should show every working day,
    ``disagreements`` of other sources of the same people. ``people_by_keys``: it shows people by keys that
    the admin mapped. ``miscounted``: days on which it counts others itself; ``shown_elsewhere``: the months
    in which another live source shows subscription use.
    """

    source: str
    head: Head
    expected_organization: str | None
    lag: timedelta | None
    surface: str = "console"
    key: str = "Admin API key"
    roster: int | None = None
    roster_seen: int | None = None
    exported: int = 0
    silence: Silence | None = None
    canaries: CanariesSeen | None = None
    disagreements: tuple[Disagreement, ...] = ()
    has_roster: bool = False
    departed: Departed | None = None
    people_by_keys: bool = False
    repeats: tuple[Repeated, ...] = ()
    odd_costs: tuple[OddCost, ...] = ()
    miscounted: tuple[Miscounted, ...] = ()
    shown_elsewhere: frozenset[str] = frozenset()

    def check(
        self,
        name: str,
        status: CheckStatus,
        expected: str,
        seen: str,
        action: str = "",
        *,
        reason: str | None = None,
        periods: Sequence[str] = (),
    ) -> Check:
        """A check of this source."""
        return Check(name, self.source, status, expected, seen, action, reason, list(periods))


_OTHER_KEY = (
    "Use an {key} of the expected organisation, or correct EXPECTED_ORGANIZATIONS. "
    "Two organisations can bear the same name; only the id tells them apart."
)


def expected_organization(evidence: SourceEvidence, rows: Sequence[PeriodRow] = ()) -> Check:
    """Whether the key, the days that are stored and each row belong to the organisation that was meant.

    A key that was swapped for another organisation's takes nothing from the days of the right one.
    """
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
            f"EXPECTED_ORGANIZATIONS={evidence.surface}:{view.organization}.",
        )
    other_key = _OTHER_KEY.format(key=evidence.key)
    if is_of_others(evidence):
        return evidence.check(
            "expected-organization", "fail", expected, seen, other_key, periods=labels(rows)
        )
    periods = with_days(rows, evidence.head.others_days)
    if periods or (evidence.head.others_days and not rows):
        seen = f"{seen}; rows of another organisation on {listed(evidence.head.others_days)}"
        return evidence.check("expected-organization", "fail", expected, seen, other_key, periods=periods)
    if view.organization != expected:
        return evidence.check("expected-organization", "fail", expected, seen, other_key)
    return evidence.check("expected-organization", "pass", expected, seen)


def roster_visible(evidence: SourceEvidence, rows: Sequence[PeriodRow] = ()) -> Check:
    """Whether the key sees the people who should be there. 1 of 8 is the trap that made this program."""
    members = evidence.head.view.members
    seen = "1 member" if members == 1 else f"{members} members"
    if evidence.has_roster and evidence.roster is None:
        expected = "the engineers on the roster"
        return evidence.check("roster-visible", "unknown", expected, "not asked yet", "Wait for the refresh.")
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
        f"{evidence.roster} engineer{'' if evidence.roster == 1 else 's'} on the roster"
        + (" whom no other source shows" if evidence.exported else ""),
        f"{evidence.roster_seen} of them",
        ""
        if status == "pass"
        else "Check that the key belongs to the organisation whose engineers these are.",
        periods=labels(rows) if status == "fail" else (),
    )


def humans_present(evidence: SourceEvidence, exports: ExportsHead, rows: Sequence[PeriodRow] = ()) -> Check:
    """Whether people show at all: an API that hides subscription users answers 200 without them."""
    head, expected = evidence.head, "rows of people"
    seen = f"{head.people_rows} rows of people, {head.key_rows} of API keys"
    cure = (
        "This API does not show subscription users. On a Team plan, drop the CSV exports; otherwise check "
        "that the key belongs to the right organisation, and drop a keys file where keys are people's."
    )
    if only_keys(head) and not evidence.people_by_keys:
        return evidence.check("humans-present", "fail", expected, seen, cure, periods=labels(rows))
    hidden = sorted(months_hidden(head, exports, rows) - evidence.shown_elsewhere)
    if hidden:
        people = max(exports.people_by_month[month] for month in hidden)
        return evidence.check(
            "humans-present",
            "fail",
            f"subscription use by {people} people, as the exports of {', '.join(hidden)} show",
            "no subscription row in those months",
            cure,
            periods=in_months(rows, hidden),
        )
    if not head.people_rows and not evidence.people_by_keys:
        return evidence.check(
            "humans-present", "unknown", expected, "no rows at all", "Drop an export: it can tell."
        )
    canaries = evidence.canaries
    if canaries is not None and canaries.unseen:
        return evidence.check("humans-present", "warn", *missed(canaries))
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
