"""Whether the figures can be defended: checks with what was expected, what was seen, what would mend it.

Evaluated from what is stored, never by calling a vendor. ``access`` and ``freshness`` speak of now: they
lower the state, and never make a closed period unusable.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.adoption.trust_days import coverage, freshness, reconciliation, silence
from shared.adoption.trust_exports import EXPORTS, ExportsEvidence, check_exports, exports_usable
from shared.adoption.trust_live import (
    SourceEvidence,
    access,
    expected_organization,
    humans_present,
    is_of_others,
    months_hidden,
    only_keys,
    roster_visible,
)
from shared.records import Check, PeriodRow, Trust, TrustState


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
        hidden = months_hidden(evidence.head, exports.head, rows)
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
    if never_showed or only_keys(head) or is_of_others(evidence) or "roster-visible" in failing:
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
