"""Cells that are read one by one: addresses, keys, text, days, prices.

Each reader gives what the cell says, or a Fault: why it says nothing, what was found where it may be
quoted, and what would be right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from shared.adoption.people import normal_address
from shared.sources.exports.actors import DAMAGED, actor_of, is_address, is_damaged
from shared.sources.exports.findings import AGAIN, Findings, quotable
from shared.sources.exports.forms import Column
from shared.sources.exports.numbers import BLANKS

__all__ = [
    "CORRECT_IT",
    "READERS",
    "CellColumn",
    "ColumnLaw",
    "Fault",
    "Value",
    "is_formula",
    "once",
    "read_cell",
]

#: What mends a file that an admin wrote.
CORRECT_IT = "correct the line and drop the file again"

Value = str | date | Decimal | None

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEARS = range(1900, 2200)
_PRICE = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,4})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_NOBODYS = re.compile(r"\([^()@]*\)")


class Fault(NamedTuple):
    """What is wrong with a cell. ``found`` names nobody."""

    code: str
    note: str
    expected: str
    found: str | None = None


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would run the text. It is kept as it stands: it is data here."""
    return text.startswith(("=", "+", "-", "@"))


def _address(cell: str) -> str | Fault:
    address = normal_address(cell)
    if not is_address(address) or is_damaged(address):
        return Fault("type-error", "the cell is not an e-mail address", "one address, with one @")
    return address


def _user(cell: str) -> str | Fault | None:
    """An address, or None where the vendor says in parentheses that it is no person: ``(other)``."""
    if _NOBODYS.fullmatch(cell.strip()):
        return None
    address = _address(cell)
    if isinstance(address, Fault):
        return address._replace(expected="one address, with one @, or the vendor's (org service usage)")
    return address


def _key(cell: str) -> str | Fault:
    """The key's name, spelled as an actor's, so that the two compare."""
    name = actor_of(cell).name
    if not name or is_damaged(name):
        return Fault("constraint-error", "the cell names no API key", "the name of an API key, on one line")
    return name


def _key_or_nothing(cell: str) -> str | Fault | None:
    return None if cell.strip() in BLANKS else _key(cell)


def _text(cell: str) -> str | Fault:
    text = unicodedata.normalize("NFC", cell).strip()
    return Fault("constraint-error", DAMAGED, "text on one line") if is_damaged(text) else text


def _words(cell: str) -> str | Fault:
    """Text of the vendor's: nobody can correct it there, so that only what a conversion lost is refused."""
    if "\ufffd" in cell:
        return Fault(
            "constraint-error", "the cell holds a character that was lost in a conversion", "UTF-8 text"
        )
    return " ".join(unicodedata.normalize("NFC", cell).split())


def _tier(cell: str) -> str | Fault:
    return _text(cell) or Fault("constraint-error", "the cell is empty", "a tier of seats, such as Standard")


def _price(cell: str) -> Decimal | Fault:
    """Written in one way only, as days are: 1,234 may be a thousand, or one."""
    text = cell.strip()
    if _PRICE.fullmatch(text):
        return Decimal(text)
    return Fault("type-error", "the cell is not a price", "a number such as 30 or 149.50", quotable(cell))


def _currency(cell: str) -> str | Fault:
    text = cell.strip().upper()
    if _CURRENCY.fullmatch(text):
        return text
    return Fault("type-error", "the cell is not a currency", "its code of three letters, such as USD")


def _day(cell: str) -> date | Fault:
    text = cell.strip()
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or day.year not in _YEARS:
        return Fault("type-error", "the cell is not a day", "a day as YYYY-MM-DD", quotable(cell))
    return day


def _day_or_nothing(cell: str) -> date | Fault | None:
    return _day(cell) if cell.strip() else None


#: How a cell of each type is read.
READERS: Mapping[str, Callable[[str], Value | Fault]] = {
    "address": _address,
    "user": _user,
    "key": _key,
    "key or nothing": _key_or_nothing,
    "text": _text,
    "words": _words,
    "tier": _tier,
    "price": _price,
    "currency": _currency,
    "day": _day,
    "day or nothing": _day_or_nothing,
}


def read_cell(column: Column, line: int, cell: str, findings: Findings, action: str = AGAIN) -> Value:
    """What the cell says; None, and a finding, where it says nothing that the column may hold."""
    value = READERS[column.type](cell)
    if not isinstance(value, Fault):
        return value
    findings.add(
        value.code,
        value.note,
        line=line,
        column=column.label,
        found=value.found,
        expected=value.expected,
        action=action,
    )
    return None


#: Cells of a column whose values are remembered: of most columns all, of the others few come again.
_REMEMBERED = 50_000

#: What a column as a whole allows, heard at each cell: its line and what it says.
ColumnLaw = Callable[[int, Value], None]


def once(column: Column, findings: Findings, action: str = AGAIN) -> ColumnLaw:
    """The law that no value comes twice."""
    line_of: dict[Value, int] = {}

    def check(line: int, value: Value) -> None:
        first = line_of.setdefault(value, line)
        if first != line:
            findings.add(
                "constraint-error",
                f"the same {column.label} stands on line {first} already",
                line=line,
                column=column.label,
                expected="each once",
                action=action,
            )

    return check


class CellColumn:
    """One column of an export whose cells are read one by one, in the order of the lines."""

    def __init__(self, column: Column, findings: Findings, law: ColumnLaw | None = None) -> None:
        self._column = column
        self._findings = findings
        self._law = law
        self._known: dict[str, Value] = {}
        self._values: list[Value] = []

    def read(self, lines: Sequence[int], cells: Sequence[str]) -> None:
        """Read a batch of cells; what the column cannot hold is a finding."""
        known = self._known
        if len(known) > _REMEMBERED:
            known.clear()
        for line, cell in zip(lines, cells, strict=True):
            if cell not in known:
                before = self._findings.total
                value = read_cell(self._column, line, cell, self._findings)
                if self._findings.total > before:
                    continue
                known[cell] = value
            if self._law:
                self._law(line, known[cell])
        if not self._findings:
            self._values += map(known.__getitem__, cells)

    @property
    def is_decided(self) -> bool:
        """Always: no cell waits for another one."""
        return True

    def take(self) -> list[Value]:
        """What was read since it was last taken, of a file without a finding so far."""
        values, self._values = self._values, []
        return values

    def settle(self) -> None:
        """Nothing is left to decide: each cell had its say."""
