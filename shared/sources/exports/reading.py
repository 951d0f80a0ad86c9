"""A dropped file, from its bytes to what it says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.sources.exports.configuration import Configuration, read_configuration
from shared.sources.exports.console_cost import ConsoleCost, read_console_cost
from shared.sources.exports.content import Content
from shared.sources.exports.findings import Findings
from shared.sources.exports.forms import (
    ConfigurationKind,
    ConsoleCostKind,
    Kind,
    MembersAnalyticsKind,
    MembersKind,
    MonthToDateKind,
    SpendReportKind,
)
from shared.sources.exports.kinds import known_kinds, recognise, speaks_of_columns
from shared.sources.exports.labels import sayable_labels
from shared.sources.exports.members import Members, read_members
from shared.sources.exports.members_analytics import MembersAnalytics, read_members_analytics
from shared.sources.exports.moments import Arrival
from shared.sources.exports.month_to_date import MonthToDate, read_month_to_date
from shared.sources.exports.spend_report import SpendReport, read_spend_report
from shared.sources.exports.table import Table

__all__ = ["Said", "read_dropped"]

#: What a good file says, by the form of its kind.
Said = MonthToDate | MembersAnalytics | Members | SpendReport | ConsoleCost | Configuration


def read_dropped(
    content: Content,
    *,
    name: str,
    metadata: Mapping[str, str],
    last_modified: datetime,
    arrived: datetime,
    timezone: ZoneInfo,
    most_people: int = 1_000_000,
) -> Said:
    """Read a file to its end, whatever its kind; its bytes may come in pieces, each of which is read once.

    ``name`` is the blob's within its container; dates without a time are days in ``timezone``.
    No more than ``most_people`` are read: rows of a kind whose every row is kept, and of one whose rows are
    summed, users or keys of Claude Code.
    Raises ExportRefused, and nothing else, with everything that is wrong.
    """
    findings = Findings()
    arrival = Arrival(name, metadata, last_modified, arrived, timezone)
    table = Table(content, findings)
    found = _kind(table, name, findings)
    if found:
        table.most = found.most(most_people)
    match found:
        case MonthToDateKind() as kind:
            return read_month_to_date(table, kind, arrival, findings)
        case MembersAnalyticsKind() as kind:
            return read_members_analytics(table, kind, arrival, findings)
        case MembersKind() as kind:
            return read_members(table, kind, arrival, findings)
        case SpendReportKind() as kind:
            return read_spend_report(table, kind, arrival, findings, most_people)
        case ConsoleCostKind() as kind:
            return read_console_cost(table, kind, arrival, findings, most_people)
        case ConfigurationKind() as kind:
            return read_configuration(table, kind, arrival, findings)
        case _:
            return findings.refuse()


def _kind(table: Table, name: str, findings: Findings) -> Kind | None:
    if not table.labels:
        return None
    kind = recognise(table.labels)
    if kind is None:
        said = sayable_labels(table.labels) if speaks_of_columns(table.labels) else None
        findings.add(
            "missing-label",
            "no known kind of export has this header" if said else "the first line is not a header",
            line=1,
            found=said,
            expected=known_kinds(),
            action="export one of these kinds; the names of the columns must stand in the first line",
        )
    elif isinstance(kind, ConfigurationKind) and kind.named not in name.casefold():
        findings.add(
            "missing-label",
            f"a file with these columns alone is of the kind {kind.name} only where its name says so",
            line=1,
            expected=f"a file whose name holds {kind.named}, or a header of more columns",
            action=f"name it {kind.name}.csv if that is what it is",
        )
    return kind
