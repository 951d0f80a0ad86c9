"""The kinds of file that are understood: one table, and a new kind is one entry in it.

A kind is recognised by its header alone: people rename files,
and two kinds share one file name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from shared.sources.exports.entries import (
    Alias,
    Entry,
    Holiday,
    KeyOwner,
    Law,
    RosterEntry,
    left_after_joined,
    no_chains,
)

__all__ = [
    "KINDS",
    "Column",
    "ConfigurationKind",
    "Kind",
    "MonthToDateKind",
    "Population",
    "Surface",
    "known_kinds",
    "label_key",
    "recognise",
    "speaks_of_columns",
]

#: Whose organisation UUID a file's name carries: a company has one on each surface.
Surface = Literal["claude_ai", "console"]
Population = Literal["api", "subscription"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a kind. ``type`` names its reader.

    ``gives`` is the measure or the entry's field that it fills; where it is empty, the column is
    checked and not kept. An ``optional`` column may be missing.
    """

    label: str
    type: Literal["person", "count", "money", "address", "key", "text", "day", "day or nothing"]
    gives: str = ""
    optional: bool = False


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

    def explains(self, labels: Sequence[str]) -> int:
        """How many of the labels are columns of this kind; 0 where one that it must have is missing."""
        keys = {label_key(label) for label in labels}
        if any(label_key(column.label) not in keys for column in self.columns if not column.optional):
            return 0
        if any(key.startswith(label_key(start)) for key in keys for start in self.foreign):
            return 0
        return sum(label_key(column.label) in keys for column in self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthToDateKind(Kind):
    """Each look shows what was counted for each person since the month began."""

    month_to_date: ClassVar[bool] = True

    surface: Surface
    population: Population


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationKind(Kind):
    """What an admin says. Each row is an ``entry``; no two have the same cell in the column ``once``."""

    entry: type[Entry]
    once: str = ""
    laws: tuple[Law, ...] = ()

    def explains(self, labels: Sequence[str]) -> int:
        """As of any kind, but most labels must be known: many a table has a ``date`` and a ``name``."""
        known = Kind.explains(self, labels)
        return known if known * 2 > len(labels) else 0


KINDS: tuple[Kind, ...] = (
    MonthToDateKind(
        name="claude_code_team",
        surface="claude_ai",
        population="subscription",
        columns=(
            Column("User", "person"),
            Column("Lines this Month", "count", "linesAccepted"),
            Column("PRs with CC", "count", "pullRequests", optional=True),
        ),
        foreign=("Spend this Month",),  # the Console's export has these columns as well
    ),
    MonthToDateKind(
        name="claude_code_contribution",
        surface="claude_ai",
        population="subscription",
        columns=(
            Column("Email", "person"),
            Column("Lines with CC", "count", "linesMerged"),
            Column("PRs with CC", "count", "pullRequestsMerged"),
            Column("All PRs", "count", optional=True),  # these two are not Claude Code's
            Column("All Lines", "count", optional=True),
        ),
    ),
    MonthToDateKind(
        name="console_team",
        surface="console",
        population="api",
        columns=(
            Column("User", "person"),
            Column("Lines this Month", "count", "linesAccepted"),
            Column("Spend this Month (USD)", "money", "meteredCost"),
        ),
    ),
    ConfigurationKind(
        name="roster",
        columns=(
            Column("email", "address", "address"),
            Column("name", "text", "name"),
            Column("team", "text", "team"),
            Column("joined", "day or nothing", "joined"),
            Column("left", "day or nothing", "left", optional=True),
        ),
        entry=RosterEntry,
        once="email",
        laws=(left_after_joined,),
    ),
    ConfigurationKind(
        name="aliases",
        columns=(Column("alias", "address", "alias"), Column("email", "address", "address")),
        entry=Alias,
        once="alias",
        laws=(no_chains,),
    ),
    ConfigurationKind(
        name="keys",
        columns=(Column("key_name", "key", "key_name"), Column("email", "address", "address")),
        entry=KeyOwner,
        once="key_name",
    ),
    ConfigurationKind(
        name="holidays",
        columns=(Column("date", "day", "day"), Column("name", "text", "name")),
        entry=Holiday,
    ),
)


def label_key(label: str) -> str:
    """What two labels have in common when they are the same: case, width and spaces do not count."""
    return " ".join(unicodedata.normalize("NFKC", label).casefold().split())


def recognise(labels: Sequence[str]) -> Kind | None:
    """The kind that explains most of these labels; None where none does, or two do equally well.

    The order and case of labels and further columns are free.
    """
    explained = [kind.explains(labels) for kind in KINDS]
    most = max(explained)
    return KINDS[explained.index(most)] if most and explained.count(most) == 1 else None


def speaks_of_columns(labels: Sequence[str]) -> bool:
    """Whether a word of these labels is one of a known column's: then the line is no person's row."""
    known = {word for kind in KINDS for column in kind.columns for word in _words(column.label)}
    return any(word in known for label in labels for word in _words(label))


def _words(label: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", label_key(label))


def known_kinds() -> str:
    """For a report: each kind and its columns."""
    return "; ".join(
        f"{kind.name} ({','.join(column.label for column in kind.columns if not column.optional)}"
        + "".join(f"[,{column.label}]" for column in kind.columns if column.optional)
        + ")"
        for kind in KINDS
    )
