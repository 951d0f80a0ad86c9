"""What a kind of file is made of: its columns, and the form that its rows have.

A form is a class, and each has one reader; a kind is one of its form, an entry in ``kinds.KINDS``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

from shared.sources.exports.entries import Entry, Law
from shared.sources.exports.labels import label_key

__all__ = [
    "Column",
    "ConfigurationKind",
    "ConsoleCostKind",
    "ExportKind",
    "Kind",
    "MembersAnalyticsKind",
    "MembersKind",
    "MonthToDateKind",
    "Most",
    "Population",
    "RangeKind",
    "SpendReportKind",
    "Surface",
]

#: Whose organisation UUID a file's name carries: a company has one on each surface.
Surface = Literal["claude_ai", "console"]
Population = Literal["api", "subscription"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a kind. ``type`` names its reader.

    ``gives`` is the measure or the field that it fills; where it is empty, numbers are checked and not
    kept, and text is not looked at. An ``optional`` column may be missing; in one "or nothing" a cell may
    be blank.
    """

    label: str
    type: Literal[
        "person",
        "count",
        "count or nothing",
        "money",
        "money or nothing",
        "address",
        "user",
        "key",
        "key or nothing",
        "text",
        "words",
        "tier",
        "price",
        "currency",
        "day",
        "day or nothing",
    ]
    gives: str = ""
    optional: bool = False

    @property
    def is_number(self) -> bool:
        """Whether the whole column decides how a cell is read."""
        return self.type.startswith(("count", "money"))


class Most(NamedTuple):
    """How much a file may hold, so that what is kept of it fits a small instance; more is refused."""

    rows: int
    characters: int


KEPT_ROWS = Most(rows=250_000, characters=48 << 20)
SUMMED_ROWS = Most(rows=10_000_000, characters=1 << 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of file.

    ``foreign``: beginnings of labels that prove another kind in spite of the columns, because the
    vendor extends one export into the next.
    """

    month_to_date: ClassVar[bool] = False

    name: str
    columns: tuple[Column, ...]
    foreign: tuple[str, ...] = ()

    def most(self, people: int) -> Most:
        """How much is read of one, where so many people are enough."""
        return Most(min(people, KEPT_ROWS.rows), KEPT_ROWS.characters)

    def explains(self, labels: Sequence[str]) -> int:
        """How many of the labels are columns of this kind; 0 where one that it must have is missing."""
        keys = {label_key(label) for label in labels}
        if any(label_key(column.label) not in keys for column in self.columns if not column.optional):
            return 0
        if any(key.startswith(label_key(start)) for key in keys for start in self.foreign):
            return 0
        return sum(label_key(column.label) in keys for column in self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportKind(Kind):
    """What the vendor tells, of one organisation."""

    surface: Surface
    population: Population


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthToDateKind(ExportKind):
    """Each look shows what was counted for each person since the month began."""

    month_to_date: ClassVar[bool] = True

    def most(self, people: int) -> Most:
        """A person and a count or two take little memory, an amount of money as much as both."""
        has_money = any(column.type == "money" for column in self.columns)
        rows = min(people, 500_000 if has_money else 1_000_000)
        return Most(rows + 1, KEPT_ROWS.characters)  # one may be the total


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersKind(ExportKind):
    """A row for each member, with the seat that is held on the day of the download."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeKind(ExportKind):
    """An export of the days that its name says. ``file_name`` is such a name, for a report."""

    file_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersAnalyticsKind(RangeKind):
    """A row for each member, the inactive included, with what was counted in the range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendReportKind(RangeKind):
    """A row for each user, product and model that were used in the range, with its total."""

    def most(self, people: int) -> Most:  # noqa: ARG002
        """Rows that are summed as they are read may be many, whoever they are of."""
        return SUMMED_ROWS


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleCostKind(RangeKind):
    """A row for each day, key and kind of token that cost something."""

    def most(self, people: int) -> Most:  # noqa: ARG002
        """Rows that are summed as they are read may be many, whoever they are of."""
        return SUMMED_ROWS


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationKind(Kind):
    """What an admin says. Each row is an ``entry``; no two have the same cell in the column ``once``.

    ``named``: what the file's name must hold, where the header alone is too common to tell.
    """

    entry: type[Entry]
    once: str = ""
    laws: tuple[Law, ...] = ()
    named: str = ""

    def explains(self, labels: Sequence[str]) -> int:
        """As of any kind, but most labels must be known: many a table has a ``date`` and a ``name``."""
        known = Kind.explains(self, labels)
        return known if known * 2 > len(labels) else 0
