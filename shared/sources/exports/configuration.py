"""A configuration file: what an admin says, from an effective day on, in place of what was said before.

The roster, aliases, the owners of keys, holidays, seat prices and canaries arrive like any export. A
header alone is a valid file: it says that there is nobody, or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import msgspec

from shared.sources.exports.cells import CORRECT_IT, Value, is_formula, once, read_cell
from shared.sources.exports.dropped import Dropped, facts_of
from shared.sources.exports.entries import Entry
from shared.sources.exports.findings import Findings
from shared.sources.exports.forms import Column, ConfigurationKind
from shared.sources.exports.moments import Arrival, moment_of
from shared.sources.exports.names import read_name
from shared.sources.exports.table import Table

__all__ = ["Configuration", "read_configuration"]

_LINES_SAID = 10


class Configuration(Dropped, frozen=True, kw_only=True):
    """What one file says, in the order of its rows; ``entries`` are all of one type.

    Its moment is from when on it holds.
    """

    entries: tuple[Entry, ...]


def read_configuration(
    table: Table, kind: ConfigurationKind, arrival: Arrival, findings: Findings
) -> Configuration:
    """Read the rest of the table. Raises ExportRefused with everything that is wrong."""
    moment = moment_of(arrival, read_name(arrival.name, findings), findings)
    reader = _Reader(table, kind, findings)
    entries = list(reader.entries())
    for law in kind.laws:
        law(entries, findings)
    if moment is None or findings:
        findings.refuse()
    return Configuration(
        **facts_of(table, kind, moment),
        rows_accepted=len(entries),
        entries=tuple(entry for _, entry in entries),
        notes=(*table.notes(kind), *reader.notes()),
    )


class _Reader:
    """The rows of one configuration file, on their way to entries."""

    def __init__(self, table: Table, kind: ConfigurationKind, findings: Findings) -> None:
        self._table = table
        self._kind = kind
        self._findings = findings
        self._once = {
            column: once(column, findings, CORRECT_IT) for column in kind.columns if column.label == kind.once
        }
        self._formulas: dict[int, None] = {}  # a set that keeps its order

    def entries(self) -> Iterator[tuple[int, Entry]]:
        """Each good row with its line; what is wrong with the others is a finding."""
        places = [(column, self._table.position(column)) for column in self._kind.columns]
        present = [(column, place) for column, place in places if place is not None]
        for lines, cells in self._table.batches():
            for line, row in zip(lines, zip(*cells, strict=True), strict=True):
                before = self._findings.total
                fields = {column.gives: self._value(line, column, row[place]) for column, place in present}
                if self._findings.total == before:
                    yield line, msgspec.convert(fields, self._kind.entry)

    def notes(self) -> list[str]:
        """What the admin should know of the cells."""
        if not self._formulas:
            return []
        said = ", ".join(map(str, islice(self._formulas, _LINES_SAID)))
        more = len(self._formulas) - _LINES_SAID
        return [
            "Text that a spreadsheet would run as a formula, kept as it stands: "
            f"lines {said}{f' and {more} more' if more > 0 else ''}."
        ]

    def _value(self, line: int, column: Column, cell: str) -> Value:
        before = self._findings.total
        value = read_cell(column, line, cell, self._findings, CORRECT_IT)
        if self._findings.total > before:
            return None
        if column.type == "text" and isinstance(value, str) and is_formula(value):
            self._formulas[line] = None
        if column in self._once:
            self._once[column](line, value)
        return value
