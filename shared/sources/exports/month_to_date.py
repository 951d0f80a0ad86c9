"""A month-to-date export: what each person had done since the month began, at one moment.

Read whole or refused: a person missing from a look counts 0 at it, so one bad row refuses the file.
"""

from __future__ import annotations

from shared.records import Actor, Number
from shared.sources.exports.actors import PersonColumn
from shared.sources.exports.columns import NumberColumn
from shared.sources.exports.dropped import Export, export_facts_of
from shared.sources.exports.findings import Findings
from shared.sources.exports.forms import MonthToDateKind
from shared.sources.exports.moments import Arrival, moment_of, month_of, within_month
from shared.sources.exports.names import read_name
from shared.sources.exports.table import Table
from shared.sources.exports.totals import total_row

__all__ = ["MonthToDate", "read_month_to_date"]


class MonthToDate(Export, frozen=True, kw_only=True):
    """What one export says. ``actors`` holds each once, in the file's order; ``values`` holds, for each
    of ``measures``, one value for each of them: counts are ``int``, money is a Decimal in US dollars.

    What is rejected in a good file is a total row.
    """

    month: str
    measures: tuple[str, ...]
    actors: tuple[Actor, ...]
    values: tuple[tuple[Number, ...], ...]

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
    people = PersonColumn(kind.columns[0].label, findings)
    numbers = {column: NumberColumn(column, findings) for column in table.present(kind) if column.is_number}
    for _ in table.read_into({kind.columns[0]: people, **numbers}):
        pass  # a look is judged as a whole
    if moment is None or month is None or findings:
        findings.refuse()
    told = {column.gives: of for column, of in numbers.items() if column.gives and not of.says_nothing}
    kept = {measure: of.take() for measure, of in told.items()}
    silent = [column.label for column, of in numbers.items() if of.says_nothing]
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
    actors = people.take()
    return MonthToDate(
        **export_facts_of(table, kind, within_month(moment, month), arrival),
        rows_accepted=len(actors),
        month=month,
        measures=tuple(kept),
        actors=actors,
        values=tuple(tuple(kept.pop(measure)) for measure in list(kept)),
        notes=tuple(notes),
    )
