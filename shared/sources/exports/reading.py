"""A dropped file, from its bytes to what it says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from shared.records import Actor
from shared.sources.exports.configuration import Configuration, read_configuration
from shared.sources.exports.findings import Findings
from shared.sources.exports.kinds import (
    ConfigurationKind,
    Kind,
    MonthToDateKind,
    known_kinds,
    recognise,
    speaks_of_columns,
)
from shared.sources.exports.moments import Arrival, Evidence
from shared.sources.exports.month_to_date import MonthToDate, read_month_to_date
from shared.sources.exports.table import Table, sayable_labels

__all__ = ["ReadExport", "read_dropped", "read_export"]


def read_dropped(
    content: bytes,
    *,
    name: str,
    metadata: Mapping[str, str],
    last_modified: datetime,
    arrived: datetime,
    timezone: ZoneInfo,
) -> MonthToDate | Configuration:
    """Read a file whole, whatever its kind.

    ``name`` is the blob's within its container; dates without a time are days in ``timezone``.
    Raises ExportRefused, and nothing else, with everything that is wrong.
    """
    findings = Findings()
    arrival = Arrival(name, metadata, last_modified, arrived, timezone)
    table = Table(content, findings)
    kind = _kind(table, findings)
    if isinstance(kind, MonthToDateKind):
        return read_month_to_date(table, kind, arrival, findings)
    if isinstance(kind, ConfigurationKind):
        return read_configuration(table, kind, arrival, findings)
    return findings.refuse()


def _kind(table: Table, findings: Findings) -> Kind | None:
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
    return kind


class ReadExport(msgspec.Struct, frozen=True):
    """A Claude Code team export as ``read_export`` gives it: the first measure of a MonthToDate."""

    kind: str
    measure: str
    organization: str | None
    month: str
    moment: datetime
    date_only: bool
    evidence: Evidence
    counts: tuple[tuple[Actor, int], ...]
    rows_in: int
    notes: tuple[str, ...]

    @property
    def explicit(self) -> bool:
        """Whether somebody said the moment: then the same content again is a quiet week's look."""
        return self.evidence != "last modified"

    @property
    def rows_accepted(self) -> int:
        return len(self.counts)

    @property
    def rows_rejected(self) -> int:
        return self.rows_in - self.rows_accepted

    @property
    def total(self) -> int:
        """The sum of all counts."""
        return sum(count for _, count in self.counts)


def read_export(
    content: bytes,
    *,
    name: str,
    metadata: Mapping[str, str],
    last_modified: datetime,
    arrived: datetime,
    timezone: ZoneInfo,
) -> ReadExport:
    """As ``read_dropped``, for the one kind that ingest records so far; it goes when ingest knows all.

    Raises ExportRefused for the other kinds too.
    """
    export = read_dropped(
        content,
        name=name,
        metadata=metadata,
        last_modified=last_modified,
        arrived=arrived,
        timezone=timezone,
    )
    if not isinstance(export, MonthToDate) or export.kind != "claude_code_team":
        findings = Findings()
        findings.add(
            "constraint-error",
            f"the file is of the kind {export.kind}, which is read but not yet recorded",
            expected="claude_code_team",
            action="keep the file; drop it again when this kind is recorded",
        )
        findings.refuse()
    further = ", ".join(export.measures[1:])
    return ReadExport(
        kind=export.kind,
        measure=export.measures[0],
        organization=export.organization,
        month=export.month,
        moment=export.moment,
        date_only=export.date_only,
        evidence=export.evidence,
        counts=tuple(zip(export.actors, map(int, export.values[0]), strict=True)),
        rows_in=export.rows_in,
        notes=(*export.notes, f"Read but not yet recorded: {further}.") if further else export.notes,
    )
