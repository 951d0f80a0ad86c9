"""A whole column of numbers, and the one way in which it is written.

Cells are taken in batches as one text: what would be done to each cell is done to the text at once.
The values come last, when every line had its say: ``1,234`` in a column of money is 1234 beside
``$1,000.50`` and 1.234 beside ``1 000,50``; beside neither it is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Literal

from shared.records import Number
from shared.sources.exports.findings import AGAIN, KEPT, Findings, quotable
from shared.sources.exports.forms import Column
from shared.sources.exports.numbers import BLANKS, Unread, Written, amount, count, plain, shape_of, style

__all__ = ["NumberColumn"]

_EXPECTED = {
    "count": "a whole number: digits, or groups of three with one kind of mark (43855, 43,855 or 43.855)",
    "money": "US dollars in one way of writing, such as $1,000.50 or 1.000,50",
}
_LINE = "\n"

#: Shapes of numbers, and numbers, that are remembered; beyond, they are looked at again.
_REMEMBERED = 100_000

_Role = Literal["grouping", "decimal", "groups"]
_SAY: dict[_Role, str] = {"grouping": " before thousands", "decimal": " before decimals", "groups": ""}


class NumberColumn:
    """One column of counts or of money, read in the order of the lines.

    The numbers of a column that gives nothing are checked and not kept.
    """

    def __init__(self, column: Column, findings: Findings) -> None:
        self._column = column
        self._findings = findings
        self._of: Literal["count", "money"] = "count" if column.type.startswith("count") else "money"
        self._may_be_blank = column.type.endswith("or nothing")
        self._read_shape: Callable[[str], Written | Unread] = count if self._of == "count" else amount
        self._texts: list[str] = []
        self._known: set[str] = set()
        self._any = False
        self._blank_lines: list[int] = []
        self._blanks = 0
        self._doubtful: dict[str, int] = {}
        self._way: dict[_Role, tuple[str, int]] = {}
        self._mixed = False

    def read(self, lines: Sequence[int], cells: Sequence[str]) -> None:
        """Read a batch of cells; what no number of this column can look like is a finding."""
        text = plain(_LINE.join(map(str.strip, cells)))
        if text.count(_LINE) >= len(cells):  # a cell holds a line break: it is no number
            text = plain(_LINE.join(cell.strip().replace(_LINE, "\ufffd") for cell in cells))
        shapes = shape_of(text).split(_LINE)
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        unread: dict[str, Unread] = {}
        for shape in dict.fromkeys(shapes):
            if shape not in self._known:
                written = self._read_shape(shape)
                if isinstance(written, Unread):
                    unread[shape] = written
                else:
                    self._any = True
                    self._known.add(shape)
                    self._note(lines[shapes.index(shape)], written)
        if unread:
            for line, cell, shape in zip(lines, cells, shapes, strict=True):
                if shape in unread:
                    self._refuse(line, cell, shape, unread[shape])
        if self._column.gives and not self._findings:
            self._texts.append(text)

    @property
    def says_nothing(self) -> bool:
        """Whether the column may be missing, and no row has a value in it: as good as missing."""
        return self._column.optional and self._blanks > 0 and not self._any

    def settle(self) -> None:
        """Decide what the whole column had to decide: add the findings of blanks and of doubt."""
        if not self.says_nothing:
            for line in self._blank_lines:
                self._findings.add(
                    "type-error",
                    "the cell is empty, which is not zero",
                    line=line,
                    column=self._column.label,
                    found="nothing",
                    expected=f"{_EXPECTED[self._of]}; 0 where there was nothing",
                )
            self._findings.count(self._blanks - len(self._blank_lines))
        for mark, line in self._undecided().items():
            self._findings.add(
                "constraint-error",
                f"the {style(mark)} may stand before thousands or before decimals, and no line of the "
                "column tells which",
                line=line,
                column=self._column.label,
                expected=_EXPECTED[self._of],
                action=f"{AGAIN}; if it is as the vendor wrote it, export in English",
            )

    @property
    def is_decided(self) -> bool:
        """Whether what was read so far can only be meant in one way."""
        return not (self._undecided() or self._blanks or self._findings)

    def take(self) -> list[Number]:
        """The numbers that were read since they were last taken, in the order of the lines.

        Of a column that is decided so far, or was settled without a finding.
        """
        drop = self._way.get("grouping", ("", 0))[0] + " $USDusd+"
        table: dict[int, str | None] = dict.fromkeys(map(ord, drop))
        if "decimal" in self._way:
            table[ord(self._way["decimal"][0])] = "."
        kind: Callable[[str], Number] = int if self._of == "count" else Decimal
        values: list[Number] = []
        met: dict[Number, Number] = {}
        for text in self._texts:
            numbers = list(map(kind, text.translate(table).split(_LINE)))
            if self._of == "count":  # most people's count is also somebody else's
                numbers = list(map(met.setdefault, numbers, numbers))
                if len(met) > _REMEMBERED:
                    met.clear()
            values += numbers
        self._texts.clear()
        return values

    def _note(self, line: int, written: Written) -> None:
        if written.doubtful:
            self._doubtful.setdefault(written.doubtful, line)
        evidence: dict[_Role, str] = {
            "grouping": written.grouping,
            "decimal": written.decimal,
            "groups": "" if written.doubtful else written.groups,
        }
        for role, mark in evidence.items():
            if mark:
                self._agree(line, role, mark)

    def _agree(self, line: int, role: _Role, mark: str) -> None:
        """One role has one mark in the whole column, and one mark one role; the first breach is said."""
        self._way.setdefault(role, (mark, line))
        for its_role, (its_mark, its_line) in self._way.items():
            if (its_mark == mark) == (its_role == role) or self._mixed:
                continue
            there, here = style(its_mark) + _SAY[its_role], style(mark) + _SAY[role]
            self._mixed = True
            self._findings.add(
                "constraint-error",
                f"numbers are written in another way than on line {its_line}: {there} there, {here} here",
                line=line,
                column=self._column.label,
                found=f"{there} and {here}",
                expected="one way of writing numbers in the whole column",
            )

    def _undecided(self) -> dict[str, int]:
        """The marks that nothing has decided so far and their lines; what the others mean is agreed."""
        for mark, line in self._doubtful.items():
            if role := self._role_of(mark):
                self._agree(line, role, mark)
        return {mark: line for mark, line in self._doubtful.items() if not self._role_of(mark)}

    def _role_of(self, mark: str) -> _Role | None:
        """What a doubtful mark must be, given the rest of the column."""
        grouping, decimal = (self._way.get(role, ("", 0))[0] for role in ("grouping", "decimal"))
        if mark == decimal or (grouping and mark != grouping):
            return "decimal"
        return "grouping" if mark == grouping or decimal else None

    def _refuse(self, line: int, cell: str, shape: str, unread: Unread) -> None:
        if shape.strip() in BLANKS:
            if not self._may_be_blank:
                self._blanks += 1
                if len(self._blank_lines) < KEPT:
                    self._blank_lines.append(line)
            return
        self._findings.add(
            "constraint-error" if unread.currency else "type-error",
            unread.note,
            line=line,
            column=self._column.label,
            found=unread.currency or quotable(cell),
            expected=_EXPECTED[self._of],
        )
