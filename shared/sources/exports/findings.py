"""What is wrong with a file, collected: the first fifty findings and how many there are.

A finding may quote a number or a date, never a cell that could name a person.
What decides is the text itself, not the column it stands in: in a ragged row any cell may hold
an address.
"""

from __future__ import annotations

import re
from typing import NoReturn

from shared.errors import ExportRefused
from shared.records import Finding

__all__ = ["AGAIN", "KEPT", "Findings", "quotable"]

#: How many findings a report holds; the rest are counted.
KEPT = 50

#: What mends most files: the vendor writes them right, a spreadsheet does not.
AGAIN = "download the export again and drop it as it comes, without opening it in a spreadsheet"

_LONGEST_QUOTE = 40


class Findings:
    """A report in the making; errors are added as they are met, and none ends the reading."""

    def __init__(self) -> None:
        self._kept: list[Finding] = []
        self.total = 0

    def __bool__(self) -> bool:
        return self.total > 0

    def add(
        self,
        code: str,
        note: str,
        *,
        line: int | None = None,
        column: str | None = None,
        found: str | None = None,
        expected: str | None = None,
        action: str | None = AGAIN,
    ) -> None:
        """Add one finding. ``found`` must be text that names nobody: see `quotable`."""
        self.total += 1
        if len(self._kept) < KEPT:
            self._kept.append(Finding(code, note, line, column, found, expected, action))

    def count(self, further: int) -> None:
        """So many further findings like the last, of which the report keeps none."""
        self.total += further

    def refuse(self) -> NoReturn:
        """Raise ExportRefused with what was found, in the order of the file's lines."""
        raise ExportRefused(sorted(self._kept, key=lambda finding: finding.line or 0), total=self.total)


def quotable(text: str) -> str:
    """The text where it can only be a number or a date, else a description of it.

    >>> quotable("64.23"), quotable(""), quotable("zoe@example.com")
    ('64.23', 'nothing', 'text of 15 characters')
    """
    plain = " ".join(text.split())
    if not plain:
        return "nothing"
    if len(plain) <= _LONGEST_QUOTE and plain.isprintable() and not re.search(r"[^\W\d_]|@", plain):
        return plain
    return f"text of {len(plain)} characters"
