"""Delimited text as records, some at a time, and the line on which each begins.

Lines are counted as an editor counts them. Where records can no longer be told apart there is a
finding, and no further record.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import islice

from shared.sources.exports.content import Content
from shared.sources.exports.findings import Findings
from shared.sources.exports.text import LONGEST_LINE, LineBreaks, Text, TooLong

__all__ = ["DELIMITERS", "Delimited"]

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}

#: So few records are read between two looks at how long they were.
_AT_A_TIME = 16

#: Characters; however long the records are, no more are taken together when so much has come.
_ENOUGH = 1 << 18


class Delimited:
    """The records of one file; none where it is no text. ``delimiter`` is the first line's."""

    def __init__(self, content: Content, findings: Findings) -> None:
        self._findings = findings
        self._next_line = 1
        self._broken = ""
        self._too_long = False
        self._text = Text(content, findings, lambda: self._reader.line_num)
        # the comma, unless another is more frequent
        self.delimiter = max(DELIMITERS, key=self._text.first_line.count)
        self._reader = csv.reader(self._text.lines(), delimiter=self.delimiter, strict=True)
        self._records = self._until_broken()

    @property
    def characters(self) -> int:
        """How much of the text was taken so far; some of it may still wait to be read."""
        return self._text.given

    def take(self, most: int) -> tuple[Sequence[int], list[list[str]]]:
        """The next records, at most so many, and the line of each; an empty one is a blank line."""
        records: list[list[str]] = []
        enough = self._text.given + _ENOUGH
        while len(records) < most and self._text.given < enough:
            asked = min(_AT_A_TIME, most - len(records))
            self._text.most = self._text.given + asked * LONGEST_LINE
            some = list(islice(self._records, asked))
            records += some
            if len(some) < asked:
                break
        lines = self._lines_of(records)
        if self._broken:
            self._stop(self._next_line, self._broken)
            self._broken = ""
        if self._too_long:
            long = (line for line, cells in zip(lines, records, strict=True) if _length(cells) > LONGEST_LINE)
            self._stop(next(long, self._next_line), "the row is longer than any export's")
            self._too_long = False
        return lines, records

    def _until_broken(self) -> Iterator[list[str]]:
        try:
            yield from self._reader
        except csv.Error as error:
            self._broken = "" if self._text.is_broken else _in_words(error)
        except TooLong:
            self._too_long = True

    def _stop(self, line: int, why: str) -> None:
        self._findings.add("source-error", f"{why}; nothing after it was read", line=line)

    def _lines_of(self, records: list[list[str]]) -> Sequence[int]:
        """Usually each record is one line; where it is not, its cells hold the further line breaks."""
        first, after = self._next_line, self._reader.line_num + 1
        if after - first == len(records):
            self._next_line = after
            return range(first, after)
        lines = []
        for cells in records:
            lines.append(self._next_line)
            self._next_line += 1 + sum(len(LineBreaks.findall(cell)) for cell in cells)
        return lines


def _length(cells: list[str]) -> int:
    return sum(map(len, cells))


def _in_words(error: csv.Error) -> str:
    text = str(error)
    if "unexpected end" in text:
        return "a quotation mark that is opened in this row is never closed"
    if "field larger" in text:
        return "a cell is longer than any export's"
    return "the quotation marks of this row do not match"
