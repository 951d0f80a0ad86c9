"""Delimited text as records, some at a time, and the line on which each begins.

Lines are counted as an editor counts them. Where records can no longer be told apart there is a
finding, and no further record.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from shared.sources.exports import content as raw
from shared.sources.exports.findings import Findings

__all__ = ["DELIMITERS", "Delimited"]

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_LINE_BREAK = re.compile(r"\r\n|\r|\n")


class Delimited:
    """The records of one file; none where it is no text. ``delimiter`` is the first line's."""

    def __init__(self, content: bytes, findings: Findings) -> None:
        self.delimiter = ","
        self._content = content
        self._findings = findings
        self._next_line = 1
        self._broken = ""
        self._encoding = raw.encoding_of(content, findings)
        lines: Iterable[str] = ()
        if endless := self._encoding and raw.endless_line(content):
            self._stop(endless, f"the line is longer than {raw.LONGEST_LINE:,} bytes")
        elif self._encoding:
            first = raw.first_line(content, self._encoding)
            self.delimiter = max(DELIMITERS, key=first.count)  # the comma, unless another is more frequent
            lines = raw.lines(content, self._encoding)
        self._reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        self._records = self._until_broken()

    def take(self, most: int) -> tuple[Sequence[int], list[list[str]]]:
        """The next records, at most so many, and the line of each; an empty one is a blank line."""
        records = list(islice(self._records, most))
        lines = self._lines_of(records)
        if self._broken:
            self._stop(self._next_line, self._broken)
            self._broken = ""
        return lines, records

    def _until_broken(self) -> Iterator[list[str]]:
        try:
            yield from self._reader
        except UnicodeDecodeError:
            raw.locate(self._content, self._encoding or "utf-8", self._findings)
        except csv.Error as error:
            self._broken = _in_words(error)

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
            self._next_line += 1 + sum(len(_LINE_BREAK.findall(cell)) for cell in cells)
        return lines


def _in_words(error: csv.Error) -> str:
    text = str(error)
    if "unexpected end" in text:
        return "a quotation mark that is opened in this row is never closed"
    if "field larger" in text:
        return "a cell is longer than any export's"
    return "the quotation marks of this row do not match"
