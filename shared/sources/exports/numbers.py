"""Whole numbers as any locale writes them.

The vendor formats counts for the language of whoever downloads: ``43,855``, ``64.230``,
``64 230``, ``64’230``, ``1,23,456``. Since a count has no decimals, a mark before groups of three
digits can only be grouping; what remains to be proven is that the whole column is written in one
way, because a column written in two was put together from two files.
"""

from __future__ import annotations

import re

from shared.sources.exports.findings import Findings, quotable

__all__ = ["MARKS", "CountColumn"]

#: Comma, dot, Arabic thousands mark, space, no-break, narrow no-break and thin space, apostrophes.
MARKS = ",.\u066c \u00a0\u202f\u2009'\u2019"

_UNMARKED = dict.fromkeys(map(ord, MARKS))
_LONGEST = 15  # digits; beyond it is no count of lines
_PLAIN = re.compile(rf"\d{{1,{_LONGEST}}}")
_WESTERN = re.compile(rf"(?!0)\d{{1,3}}([{MARKS}])\d{{3}}(?:\1\d{{3}})*")
_INDIAN = re.compile(r"(?!0)\d{1,2}(?:,\d{2})+,\d{3}")
_EXPECTED = "a whole number: digits, or groups of three with one kind of mark (43855, 43,855 or 43.855)"


class CountColumn:
    """One column of counts, read cell by cell in the order of the lines."""

    def __init__(self, label: str, findings: Findings) -> None:
        self._label = label
        self._findings = findings
        self._mark: tuple[str, int] | None = None
        self._grouping: tuple[str, int] | None = None
        self._mixed = False

    def read(self, line: int, cell: str) -> int | None:
        """The count in the cell; None, and a finding, where there is none. Blank is not zero."""
        text = cell.strip()
        if _PLAIN.fullmatch(text):
            return int(text)
        digits = text.translate(_UNMARKED)
        if len(digits) <= _LONGEST:
            if western := _WESTERN.fullmatch(text):
                self._note_style(line, western[1], "threes" if len(digits) > 5 else "")
                return int(digits)
            if _INDIAN.fullmatch(text):
                self._note_style(line, ",", "twos")
                return int(digits)
        self._findings.add(
            "type-error",
            "the cell is empty, which is not zero" if not text else "the cell is not a whole number",
            line=line,
            column=self._label,
            found=quotable(cell),
            expected=_EXPECTED,
        )
        return None

    def _note_style(self, line: int, mark: str, grouping: str) -> None:
        """Up to five digits, groups of three and the Indian lakh look alike and prove no grouping."""
        self._mark = self._mark or (mark, line)
        if grouping:
            self._grouping = self._grouping or (grouping, line)
        for first, now in ((self._mark, mark), (self._grouping, grouping)):
            if first and now and first[0] != now and not self._mixed:
                self._mixed = True
                self._findings.add(
                    "constraint-error",
                    f"numbers are grouped in another way than on line {first[1]}: {_say(first[0])} there, "
                    f"{_say(now)} here",
                    line=line,
                    column=self._label,
                    found=f"{_say(first[0])} and {_say(now)}",
                    expected="one way of grouping in the whole column",
                )


def _say(style: str) -> str:
    names = {
        ",": "comma",
        ".": "dot",
        "\u066c": "Arabic thousands mark",
        " ": "space",
        "\u00a0": "no-break space",
        "\u202f": "narrow no-break space",
        "\u2009": "thin space",
        "'": "apostrophe",
        "\u2019": "typographic apostrophe",
        "threes": "groups of three",
        "twos": "Indian groups",
    }
    return names[style]
