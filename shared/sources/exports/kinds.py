"""The kinds of export that are understood: one table, and a new kind is one entry in it.

A kind is recognised by its header alone (upstream-contracts.md section 4): people rename files,
and two kinds share one file name.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = ["KINDS", "Column", "Kind", "known_kinds", "label_key", "recognise"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a kind must have. ``type`` names its reader in ``reading.py``."""

    label: str
    type: Literal["person", "count"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of export.

    ``month_to_date``: each look shows what was counted since the month began.
    ``foreign``: beginnings of labels that prove another kind in spite of the columns, because the
    vendor extends one export into the next.
    """

    name: str
    measure: str
    columns: tuple[Column, ...]
    month_to_date: bool
    foreign: tuple[str, ...] = ()

    def accepts(self, labels: Sequence[str]) -> bool:
        """Whether a file with these labels is of this kind; order, case and further columns are free."""
        keys = [label_key(label) for label in labels]
        if not {label_key(column.label) for column in self.columns} <= set(keys):
            return False
        return not any(key.startswith(label_key(start)) for key in keys for start in self.foreign)

    def label(self, type_: Literal["person", "count"]) -> str:
        """The label of the column of that type."""
        return next(column.label for column in self.columns if column.type == type_)


KINDS: tuple[Kind, ...] = (
    Kind(
        name="claude_code_team",
        measure="linesAccepted",
        columns=(Column("User", "person"), Column("Lines this Month", "count")),
        month_to_date=True,
        foreign=("Spend this Month",),  # the Console's export has these two columns as well
    ),
)


def label_key(label: str) -> str:
    """What two labels have in common when they are the same: case, width and spaces do not count."""
    return " ".join(unicodedata.normalize("NFKC", label).casefold().split())


def recognise(labels: Sequence[str]) -> Kind | None:
    """The kind with this header; of several the one that explains most of its columns."""
    return max(
        (kind for kind in KINDS if kind.accepts(labels)), key=lambda kind: len(kind.columns), default=None
    )


def known_kinds() -> str:
    """For a report: each kind and its columns."""
    return "; ".join(
        f"{kind.name} ({', '.join(column.label for column in kind.columns)}"
        + "".join(f", without {start}" for start in kind.foreign)
        + ")"
        for kind in KINDS
    )
