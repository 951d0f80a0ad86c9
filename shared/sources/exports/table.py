"""A CSV file as a header and rows of one width, each with the number of its line.

The codes are those of Frictionless Data. Reading goes on after an error wherever the rest can
still be told apart, so that one report names everything.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence

from shared.sources.exports import content as raw
from shared.sources.exports.findings import Findings
from shared.sources.exports.kinds import label_key

__all__ = ["Table", "sayable_labels"]

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_LABELS_SAID = 20


class Table:
    """The header and the rows of one file. ``labels`` is empty where there is no usable header.

    ``rows_in`` counts the rows met so far, good or bad; ``notes`` says what was passed over.
    """

    def __init__(self, content: bytes, findings: Findings) -> None:
        self.labels: tuple[str, ...] = ()
        self.rows_in = 0
        self._blank_rows = 0
        self._findings = findings
        self._content = content
        self._encoding = raw.encoding_of(content, findings)
        self._delimiter = ","
        if self._encoding is None:
            return
        first = raw.first_line(content, self._encoding)
        self._delimiter = max(_DELIMITERS, key=first.count)  # the comma, unless another is more frequent
        self._records = self._read(self._encoding)
        self.labels = self._header()

    @property
    def notes(self) -> list[str]:
        """What the admin should know of a file that is good."""
        notes = []
        if self._delimiter != ",":
            notes.append(f"Cells are separated by {_DELIMITERS[self._delimiter]}.")
        if self._blank_rows:
            notes.append(f"Rows without any content, passed over: {self._blank_rows}.")
        return notes

    def position(self, label: str) -> int:
        """Where the column of that label stands, from 0."""
        return [label_key(mine) for mine in self.labels].index(label_key(label))

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Each row of the header's width, with the line on which it begins; the others are findings."""
        width = len(self.labels)
        for line, cells in self._records:
            self.rows_in += 1
            if len(cells) == width:
                yield line, cells
            else:
                self._findings.add(
                    "extra-cell" if len(cells) > width else "missing-cell",
                    "the row has more cells than the header"
                    if len(cells) > width
                    else "the row has fewer cells than the header",
                    line=line,
                    found=f"{len(cells)} cells",
                    expected=f"{width} cells",
                )

    def _read(self, encoding: str) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(raw.lines(self._content, encoding), delimiter=self._delimiter, strict=True)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except UnicodeDecodeError:
                raw.locate(self._content, encoding, self._findings)
                return
            except raw.LineTooLong:
                self._stop(line, f"the line is longer than {raw.LONGEST_LINE:,} characters")
                return
            except csv.Error as error:
                self._stop(line, _in_words(error))
                return
            if any(map(str.strip, cells)):
                yield line, cells
            elif cells:
                self._blank_rows += 1

    def _stop(self, line: int, why: str) -> None:
        self._findings.add("source-error", f"{why}; nothing after it was read", line=line)

    def _header(self) -> tuple[str, ...]:
        line, cells = next(self._records, (1, []))
        labels = tuple(cell.strip() for cell in cells)
        if not labels:
            if not self._findings:
                self._findings.add("blank-header", "the file has no header", line=1)
            return ()
        seen: dict[str, int] = {}
        for place, label in enumerate(labels, start=1):
            if not label:
                self._findings.add("blank-label", f"column {place} has no name", line=line)
            elif (first := seen.setdefault(label_key(label), place)) != place:
                self._findings.add(
                    "duplicate-label", f"columns {first} and {place} have the same name", line=line
                )
        return labels


def _in_words(error: csv.Error) -> str:
    text = str(error)
    if "unexpected end" in text:
        return "a quotation mark that is opened in this row is never closed"
    if "field larger" in text:
        return "a cell is longer than any export's"
    return "the quotation marks of this row do not match"


def sayable_labels(labels: Sequence[str]) -> str | None:
    """The labels for a report, or None where the line does not look like one of column names.

    A file without a header begins with a person: nothing of such a line is quoted.
    """
    named = [label for label in labels if label]
    if not all(re.fullmatch(r"[^\W\d_][\w ()/%-]{0,49}", label) for label in named):
        return None
    if any(label.casefold().startswith("claude_code_key_") for label in named):
        return None
    more = f" and {len(named) - _LABELS_SAID} more" if len(named) > _LABELS_SAID else ""
    return ", ".join(named[:_LABELS_SAID]) + more
