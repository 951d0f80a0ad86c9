"""Whether the figures can be defended: checks with what was expected, what was seen, what would mend it.

Evaluated from what is stored, never by calling a vendor. ``access`` and ``freshness`` speak of now: they
lower the state, and never make a closed period unusable.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.adoption.trust_days import coverage, freshness, reconciliation, silence
from shared.adoption.trust_exports import EXPORTS, ExportsEvidence, check_exports, exports_usable
from shared.adoption.trust_live import (
    SourceEvidence,
    access,
    expected_organization,
    humans_present,
    roster_visible,
)
from shared.adoption.trust_periods import usable
from shared.adoption.trust_rows import contract, plausibility
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

    A period is usable where every source that its figures come from covers it and fails no check in it. A
    source that no figure comes from is shown, and does not lower the state.
    """
    checks: list[Check] = []
    usable_by: dict[str, set[str]] = {}
    for evidence in sources:
        of_source = [
            expected_organization(evidence, rows),
            roster_visible(evidence, rows),
            humans_present(evidence, exports.head, rows),
            access(evidence),
            coverage(evidence, rows),
            freshness(evidence, now),
            silence(evidence, rows),
            reconciliation(evidence, rows),
            plausibility(evidence, rows),
            contract(evidence, rows),
        ]
        checks += of_source
        ever_showed = evidence.head.first_row_day is not None
        usable_by[evidence.source] = usable(evidence.source, of_source, rows) if ever_showed else set()
    if exports.head.looks or exports.head.reports:
        of_exports = check_exports(exports, rows, now)
        checks += of_exports
        usable_by[EXPORTS] = exports_usable(of_exports, rows)
    good = {
        row.label
        for row in rows
        if row.sources and all(row.label in usable_by.get(cover.source, ()) for cover in row.sources)
    }
    return Evaluation(Trust(_state(checks, good, rows), checks), frozenset(good))


def _state(checks: Sequence[Check], good: Collection[str], rows: Sequence[PeriodRow]) -> TrustState:
    if not good:
        return "untrusted" if any(check.status == "fail" for check in checks) else "unknown"
    used = {cover.source for row in rows for cover in row.sources}
    statuses = {check.status for check in checks if check.source in used}
    everything = all(row.label in good for row in rows)
    return "trusted" if everything and statuses == {"pass"} else "partial"
