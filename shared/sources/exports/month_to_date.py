"""A month-to-date export: what each person had done since the month began, at one moment.

Read whole or refused: a person missing from a look counts 0 at it, so one bad row refuses the file.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from shared.records import Actor, Number
from shared.sources.exports.actors import PersonColumn
from shared.sources.exports.columns import NumberColumn
from shared.sources.exports.findings import Findings
from shared.sources.exports.kinds import Column, MonthToDateKind, Population, Surface
from shared.sources.exports.moments import Arrival, Evidence, moment_of, month_of
from shared.sources.exports.names import organization_of, read_name
from shared.sources.exports.table import Table
from shared.sources.exports.totals import total_row

__all__ = ["MonthToDate", "read_month_to_date"]


class MonthToDate(msgspec.Struct, frozen=True):
    """What one export says. ``actors`` holds each once, in the file's order; ``values`` holds, for each
    of ``measures``, one value for each of them: counts are ``int``, money is a Decimal in US dollars.

    ``surface`` tells whose UUID ``organization`` is. ``moment`` is in UTC, ``evidence`` says where it
    comes from. ``rows_in`` = ``rows_accepted`` + ``rows_rejected``: what is rejected in a good file is
    a total row, and ``notes`` names it.
    """

    kind: str
    surface: Surface
    population: Population
    organization: str | None
    month: str
    moment: datetime
    date_only: bool
    evidence: Evidence
    measures: tuple[str, ...]
    actors: tuple[Actor, ...]
    values: tuple[tuple[Number, ...], ...]
    rows_in: int
    notes: tuple[str, ...]

    @property
    def explicit(self) -> bool:
        """Whether somebody said the moment: then the same content again is a quiet week's look."""
        return self.evidence != "last modified"

    @property
    def rows_accepted(self) -> int:
        return len(self.actors)

    @property
    def rows_rejected(self) -> int:
        return self.rows_in - self.rows_accepted

    @property
    def rows(self) -> tuple[tuple[Actor, tuple[Number, ...]], ...]:
        """Each actor with its values, in the order of ``measures``."""
        return tuple(zip(self.actors, zip(*self.values, strict=True), strict=True))

    def of(self, measure: str) -> tuple[Number, ...]:
        """Each actor's value of one measure. Raises ValueError where the export has no such measure."""
        return self.values[self.measures.index(measure)]

    def total(self, measure: str) -> Number:
        """The sum of everybody's value. Raises as ``of``."""
        return sum(self.of(measure))


def read_month_to_date(
    table: Table, kind: MonthToDateKind, arrival: Arrival, findings: Findings
) -> MonthToDate:
    """Read the rest of the table. Raises ExportRefused with everything that is wrong."""
    before = findings.total
    said = read_name(arrival.name, findings)
    moment = moment_of(arrival, said, findings)
    month = month_of(said, moment, findings) if moment and findings.total == before else None
    people, numbers = _read_columns(table, kind, findings)
    if moment is None or month is None or findings:
        findings.refuse()
    kept = {column.gives: of.values() for column, of in numbers if column.gives and not of.says_nothing}
    silent = [column.label for column, of in numbers if of.says_nothing]
    notes = [*table.notes(kind), *(f"No row has a value in the column {label}." for label in silent)]
    total = total_row(people, list(kept.values()), findings)
    if findings:
        findings.refuse()
    if total:
        place, line = total
        del people.actors[place]
        for values in kept.values():
            del values[place]
        notes.append(f"Line {line} is a total row, the sum of all others: it counts for nobody.")
    return MonthToDate(
        kind=kind.name,
        surface=kind.surface,
        population=kind.population,
        organization=organization_of(arrival.name),
        month=month,
        moment=moment.at,
        date_only=moment.date_only,
        evidence=moment.evidence,
        measures=tuple(kept),
        actors=tuple(people.actors),
        values=tuple(map(tuple, kept.values())),
        rows_in=table.rows_in,
        notes=tuple(notes),
    )


def _read_columns(
    table: Table, kind: MonthToDateKind, findings: Findings
) -> tuple[PersonColumn, list[tuple[Column, NumberColumn]]]:
    """Whom the rows speak of, and each column of numbers that the file has, read to the end."""
    people = PersonColumn(kind.columns[0].label, findings)
    numbers: list[tuple[Column, NumberColumn]] = []
    readers: list[tuple[int, PersonColumn | NumberColumn]] = []
    for column in kind.columns:
        place = table.position(column)
        if place is None:
            continue
        if column.type == "person":
            readers.append((place, people))
        else:
            numbers.append((column, NumberColumn(column, findings)))
            readers.append((place, numbers[-1][1]))
    for lines, columns in table.batches():
        for place, reader in readers:
            reader.read(lines, columns[place])
    for _, reader in readers:
        reader.settle()
    return people, numbers
