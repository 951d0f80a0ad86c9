"""One export, from its bytes to what it says: kind, moment, month and each person's count."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from shared.records import Actor
from shared.sources.exports.actors import PersonColumn
from shared.sources.exports.findings import Findings
from shared.sources.exports.kinds import Kind, known_kinds, label_key, recognise
from shared.sources.exports.moments import Evidence, place
from shared.sources.exports.names import organization_of
from shared.sources.exports.numbers import CountColumn
from shared.sources.exports.table import Table, sayable_labels
from shared.sources.exports.totals import Row, without_total

__all__ = ["ReadExport", "read_export"]


class ReadExport(msgspec.Struct, frozen=True):
    """What one file says. ``counts`` holds each actor once, in the order of the rows.

    ``rows_in`` = ``rows_accepted`` + ``rows_rejected``: what is rejected in a good file is a total
    row, and ``notes`` names it. ``moment`` is in UTC.
    """

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
    """Read a month-to-date export whole.

    ``name`` is the blob's within its container; dates without a time are days in ``timezone``.
    Raises ExportRefused with everything that is wrong: a person missing from a look counts 0 at
    it, so one bad row refuses the file.
    """
    findings = Findings()
    table = Table(content, findings)
    kind = _kind(table, findings)
    if kind is None:
        findings.refuse()
    placed = place(
        name=name,
        metadata=metadata,
        last_modified=last_modified,
        arrived=arrived,
        timezone=timezone,
        findings=findings,
    )
    rows = _rows(table, kind, findings)
    if findings or placed is None:
        findings.refuse()
    people, total_notes = without_total(rows, kind.label("person"), findings)
    if findings:
        findings.refuse()
    return ReadExport(
        kind=kind.name,
        measure=kind.measure,
        organization=organization_of(name),
        month=placed.month,
        moment=placed.moment.at,
        date_only=placed.moment.date_only,
        evidence=placed.moment.evidence,
        counts=tuple((row.actor, row.count) for row in people),
        rows_in=table.rows_in,
        notes=(*table.notes, *_further_columns(table, kind), *total_notes),
    )


def _kind(table: Table, findings: Findings) -> Kind | None:
    if not table.labels:
        return None
    kind = recognise(table.labels)
    if kind is None:
        said = sayable_labels(table.labels)
        findings.add(
            "missing-label",
            "no known kind of export has this header" if said else "the first line is not a header",
            line=1,
            found=said,
            expected=known_kinds(),
            action="export one of these kinds; the names of the columns must stand in the first line",
        )
    return kind


def _rows(table: Table, kind: Kind, findings: Findings) -> list[Row]:
    who, what = kind.label("person"), kind.label("count")
    at_who, at_what = table.position(who), table.position(what)
    people, counts = PersonColumn(who, findings), CountColumn(what, findings)
    rows = []
    for line, cells in table.rows():
        actor, count = people.read(line, cells[at_who]), counts.read(line, cells[at_what])
        if actor is not None and count is not None:
            rows.append(Row(line, actor, count))
    return rows


def _further_columns(table: Table, kind: Kind) -> list[str]:
    known = {label_key(column.label) for column in kind.columns}
    further = [label for label in table.labels if label_key(label) not in known]
    if not further:
        return []
    said = sayable_labels(further)
    return [f"Further columns, passed over: {said if said else len(further)}."]
