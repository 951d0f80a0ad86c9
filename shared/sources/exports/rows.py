"""The rows of an export as values, each column read by its own reader and numbers by the whole column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import starmap
from typing import TypeVar

import msgspec

from shared.sources.exports.cells import CellColumn, ColumnLaw
from shared.sources.exports.columns import NumberColumn
from shared.sources.exports.findings import AGAIN, Findings
from shared.sources.exports.forms import Column, Kind
from shared.sources.exports.table import Table

__all__ = ["rows_of"]

#: Rows that wait, unread, for one that decides how the numbers of its column are written.
_MOST_WAITING = 250_000

Row = TypeVar("Row", bound=msgspec.Struct)


def rows_of(
    table: Table, kind: Kind, row: type[Row], findings: Findings, laws: Mapping[Column, ColumnLaw]
) -> Iterator[Row]:
    """Each row as a value of that type, each field of which is what one of the kind's columns gives.

    A row comes as soon as nothing about it is in doubt, and none is kept. After a finding none comes any
    more, but the file is read to its end, so that everything that is wrong with it is said.
    """
    present = table.present(kind)
    numbers = {column: NumberColumn(column, findings) for column in present if column.is_number}
    cells = {
        column: CellColumn(column, findings, laws.get(column))
        for column in present
        if column.gives and not column.is_number
    }
    readers: Mapping[Column, NumberColumn | CellColumn] = {**numbers, **cells}
    giving = {column.gives: of for column, of in readers.items() if column.gives}
    fields = [giving[field] for field in row.__struct_fields__]
    taken = 0
    for _ in table.read_into(readers):
        if all(of.is_decided for of in fields) and not findings:
            taken = table.rows_in
            yield from starmap(row, zip(*(of.take() for of in fields), strict=True))
        elif table.rows_in - taken > _MOST_WAITING and not findings:
            findings.add(
                "constraint-error",
                f"more than {_MOST_WAITING:,} rows, and none of them tells how numbers are written",
                action=f"{AGAIN}; if it is as the vendor wrote it, export in English",
            )
