"""A configuration file: what an admin says, from an effective day on, in place of what was said before.

The roster, aliases, the owners of keys and holidays arrive like any export. A header alone is a valid
file: it says that there is nobody, or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice

import msgspec

from shared.sources.exports.cells import READERS, Fault, is_formula
from shared.sources.exports.entries import Entry
from shared.sources.exports.findings import Findings
from shared.sources.exports.kinds import Column, ConfigurationKind
from shared.sources.exports.moments import Arrival, Evidence, moment_of
from shared.sources.exports.names import read_name
from shared.sources.exports.table import Table

__all__ = ["Configuration", "read_configuration"]

_CORRECT_IT = "correct the line and drop the file again"
_LINES_SAID = 10


class Configuration(msgspec.Struct, frozen=True):
    """What one file says, in the order of its rows; ``entries`` are all of one type.

    ``moment`` (UTC) is from when on it holds, found as a look's; ``notes`` is for the admin.
    """

    kind: str
    moment: datetime
    date_only: bool
    evidence: Evidence
    entries: tuple[Entry, ...]
    rows_in: int
    notes: tuple[str, ...]

    @property
    def explicit(self) -> bool:
        """Whether somebody said the moment."""
        return self.evidence != "last modified"

    @property
    def rows_accepted(self) -> int:
        return len(self.entries)

    @property
    def rows_rejected(self) -> int:
        return self.rows_in - self.rows_accepted


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
        kind=kind.name,
        moment=moment.at,
        date_only=moment.date_only,
        evidence=moment.evidence,
        entries=tuple(entry for _, entry in entries),
        rows_in=table.rows_in,
        notes=(*table.notes(kind), *reader.notes()),
    )


class _Reader:
    """The rows of one configuration file, on their way to entries."""

    def __init__(self, table: Table, kind: ConfigurationKind, findings: Findings) -> None:
        self._table = table
        self._kind = kind
        self._findings = findings
        self._line_of: dict[object, int] = {}
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

    def _value(self, line: int, column: Column, cell: str) -> str | date | None:
        value = READERS[column.type](cell)
        if isinstance(value, Fault):
            self._findings.add(
                value.code,
                value.note,
                line=line,
                column=column.label,
                found=value.found,
                expected=value.expected,
                action=_CORRECT_IT,
            )
            return None
        if column.type == "text" and isinstance(value, str) and is_formula(value):
            self._formulas[line] = None
        if column.label == self._kind.once:
            first = self._line_of.setdefault(value, line)
            if first != line:
                self._findings.add(
                    "constraint-error",
                    f"the same {column.label} stands on line {first} already",
                    line=line,
                    column=column.label,
                    expected="each once",
                    action=_CORRECT_IT,
                )
        return value
