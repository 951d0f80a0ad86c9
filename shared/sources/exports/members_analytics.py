"""Members analytics: what was counted for each member in a window of days, the inactive included.

It proves presence by sessions of Claude Code, and absence by their lack: over its window, and over nothing
after it (`spans`). Whoever exports it late, or drops it late, learns no more than the window.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from shared.sources.exports.cells import once
from shared.sources.exports.dropped import Export, export_facts_of
from shared.sources.exports.findings import Findings
from shared.sources.exports.forms import MembersAnalyticsKind
from shared.sources.exports.members import at_least_one_member, is_assigned
from shared.sources.exports.moments import Arrival
from shared.sources.exports.rows import rows_of
from shared.sources.exports.spans import Span, days_known, moment_and_span
from shared.sources.exports.table import Table

__all__ = ["MemberActivity", "MembersAnalytics", "read_members_analytics"]


class MemberActivity(msgspec.Struct, frozen=True):
    """One row. Role and tier stand as the vendor wrote them.

    ``last_active``, ``days_active`` and ``estimated_spend`` (US dollars) are of every product, so that none
    of them proves use of Claude Code; ``code_sessions`` does. ``last_active`` may lie before the window.
    """

    address: str
    name: str
    role: str
    tier: str
    last_active: date | None
    days_active: int
    code_sessions: int
    estimated_spend: Decimal

    @property
    def holds_seat(self) -> bool:
        """Whether a seat is assigned. Who is inactive or invited is for the members file to tell."""
        return is_assigned(self.tier)


class MembersAnalytics(Export, frozen=True, kw_only=True):
    """What one export says, in the order of its rows, of the days in ``window``.

    The window's last day is no evidence of the moment; it may be that of the download, and is told in part
    then. So what the file proves ends at the earlier of the window's end and the moment less the lag.
    """

    window: Span
    members: tuple[MemberActivity, ...]


def read_members_analytics(
    table: Table, kind: MembersAnalyticsKind, arrival: Arrival, findings: Findings
) -> MembersAnalytics:
    """Read the rest of the table. Raises ExportRefused with everything that is wrong."""
    moment, window = moment_and_span(arrival, kind, findings)
    columns = {column.gives: column for column in kind.columns}
    laws = {
        columns["address"]: once(columns["address"], findings),
        columns["last_active"]: days_known(columns["last_active"], moment, None, findings),
    }
    members = tuple(rows_of(table, kind, MemberActivity, findings, laws))
    at_least_one_member(table, findings)
    if moment is None or window is None or findings:
        findings.refuse()
    return MembersAnalytics(
        **export_facts_of(table, kind, moment, arrival),
        rows_accepted=len(members),
        window=window,
        members=members,
        notes=tuple(table.notes(kind)),
    )
