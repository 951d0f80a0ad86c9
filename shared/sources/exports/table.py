"""A CSV file as a header and rows of one width, each with the number of its line.

The codes are those of Frictionless Data. Reading goes on after an error wherever the rest can
still be told apart, so that one report names everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple, Protocol

from shared.sources.exports.content import Content
from shared.sources.exports.delimited import DELIMITERS, Delimited
from shared.sources.exports.findings import Findings
from shared.sources.exports.forms import KEPT_ROWS, Column, Kind
from shared.sources.exports.labels import label_key, sayable_labels

__all__ = ["Batch", "ColumnReader", "Table"]

_FIRST = itemgetter(0)

#: Rows at a time: so many that a batch is worth more than its rows, so few that they weigh nothing.
BATCH = 1024


#: So many lines without content may stand before the header.
_LINES_BEFORE = 1000

#: So many rows without content are passed over.
_MOST_BLANK = 1_000_000


class Batch(NamedTuple):
    """Some consecutive rows, column by column, and the line on which each begins."""

    lines: Sequence[int]
    columns: Sequence[Sequence[str]]


class ColumnReader(Protocol):
    """What reads one column, batch by batch; `settle` comes after the last."""

    def read(self, lines: Sequence[int], cells: Sequence[str]) -> None: ...

    def settle(self) -> None: ...


class Table:
    """The header and the rows of one file. ``labels`` is empty where there is no usable header.

    ``rows_in`` counts the rows met so far, good or bad, but for those without any content. ``most`` is how
    much is read: what comes after is a finding.
    """

    def __init__(self, content: Content, findings: Findings) -> None:
        self.rows_in = 0
        self.most = KEPT_ROWS
        self._blank_rows = 0
        self._blank_lines = 0
        self._findings = findings
        self._file = Delimited(content, findings)
        self.labels = self._header()

    def position(self, column: Column) -> int | None:
        """Where a kind's column stands, from 0; None where it is missing."""
        keys = [label_key(label) for label in self.labels]
        return keys.index(label_key(column.label)) if label_key(column.label) in keys else None

    def present(self, kind: Kind) -> list[Column]:
        """Those of a kind's columns that the file has."""
        return [column for column in kind.columns if self.position(column) is not None]

    def notes(self, kind: Kind) -> list[str]:
        """What the admin should know of a file that is good."""
        notes = []
        if self._file.delimiter != ",":
            notes.append(f"Cells are separated by {DELIMITERS[self._file.delimiter]}.")
        if self._blank_rows:
            notes.append(f"Rows without any content, passed over: {self._blank_rows}.")
        known = {label_key(column.label) for column in kind.columns}
        further = [label for label in self.labels if label_key(label) not in known]
        if further:
            notes.append(f"Further columns, passed over: {sayable_labels(further) or len(further)}.")
        return notes

    def read_into(self, readers: Mapping[Column, ColumnReader]) -> Iterator[None]:
        """Read the rest of the file, each column by its reader; pause after each batch, and settle last."""
        places = {place: of for column, of in readers.items() if (place := self.position(column)) is not None}
        for lines, columns in self.batches():
            for place, reader in places.items():
                reader.read(lines, columns[place])
            yield
        for reader in readers.values():
            reader.settle()

    def batches(self) -> Iterator[Batch]:
        """The rows of the header's width, a batch at a time; rows of another width are findings."""
        while True:
            lines, rows = self._file.take(BATCH)
            if not rows:
                return
            met = lines
            if set(map(len, rows)) != {len(self.labels)} or not all(map(str.strip, map(_FIRST, rows))):
                rows, lines = self._sifted(lines, rows)
            self.rows_in += len(rows)
            if self._is_too_long(met):
                return
            if rows:
                yield Batch(lines, tuple(zip(*rows, strict=True)))

    def _is_too_long(self, lines: Sequence[int]) -> bool:
        """Whether, with the lines read last, there is more than may be kept; that is a finding."""
        further = self.rows_in - self.most.rows
        blank = self._blank_rows + self._blank_lines > _MOST_BLANK
        if further <= 0 and not blank and self._file.characters <= self.most.characters:
            return False
        self._findings.add(
            "source-error",
            "the file is longer than any export of its kind; nothing from here on was read",
            line=lines[-further] if 0 < further <= len(lines) else lines[0],
            expected=f"at most {self.most.rows:,} rows and {self.most.characters:,} characters",
        )
        return True

    def _sifted(self, lines: Sequence[int], rows: list[list[str]]) -> tuple[list[list[str]], list[int]]:
        """The rows of the header's width and their lines, without those that have no content."""
        width = len(self.labels)
        kept: list[list[str]] = []
        their_lines: list[int] = []
        for line, cells in zip(lines, rows, strict=True):
            if not any(map(str.strip, cells)):
                self._blank_lines += not cells
                self._blank_rows += bool(cells)
            elif len(cells) == width:
                kept.append(cells)
                their_lines.append(line)
            else:
                self.rows_in += 1
                self._findings.add(
                    "extra-cell" if len(cells) > width else "missing-cell",
                    f"the row has {'more' if len(cells) > width else 'fewer'} cells than the header",
                    line=line,
                    found=f"{len(cells)} cells",
                    expected=f"{width} cells",
                )
        return kept, their_lines

    def _header(self) -> tuple[str, ...]:
        line, labels = self._first_record()
        if not labels and not self._findings:
            self._findings.add("blank-header", "the file has no header", line=1)
        seen: dict[str, int] = {}
        for place, label in enumerate(labels, start=1):
            if not label:
                self._findings.add("blank-label", f"column {place} has no name", line=line)
            elif (first := seen.setdefault(label_key(label), place)) != place:
                self._findings.add(
                    "duplicate-label", f"columns {first} and {place} have the same name", line=line
                )
        return labels

    def _first_record(self) -> tuple[int, tuple[str, ...]]:
        """The first record with any content; a file that was saved twice has two byte order marks."""
        for _ in range(_LINES_BEFORE):
            lines, records = self._file.take(1)
            if not records:
                break
            labels = tuple(cell.strip("\ufeff").strip() for cell in records[0])
            if any(labels):
                return lines[0], labels
        return 1, ()
