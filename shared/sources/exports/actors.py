"""Whom a row speaks of: an engineer by address, an API key by name, or a mere name.

A finding of this column names lines only, never what stands there.
"""

from __future__ import annotations

import re
import unicodedata

from shared.adoption.people import normal_address
from shared.records import Actor
from shared.sources.exports.findings import Findings

__all__ = ["NOBODY", "PersonColumn", "actor_of"]

#: Who has no address, no key and no name: only a total row may.
NOBODY = Actor("name", "")

_KEY = "claude_code_key_"
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


def actor_of(cell: str) -> Actor:
    """The actor that a cell names. Addresses compare normalised; keys and names as they stand."""
    text = (cell if cell.isascii() else unicodedata.normalize("NFKC", cell)).strip()
    if text[: len(_KEY)].casefold() == _KEY:
        return Actor("key", text)
    if _ADDRESS.fullmatch(text):
        return Actor("engineer", normal_address(text))
    return Actor("name", text)


class PersonColumn:
    """The column that says whom a row speaks of, read in the order of the lines."""

    def __init__(self, label: str, findings: Findings) -> None:
        self._label = label
        self._findings = findings
        self._line_of: dict[Actor, int] = {}

    def read(self, line: int, cell: str) -> Actor | None:
        """The actor of the row; None, and a finding, where the cell is damaged or says one twice.

        Two rows of one person are refused rather than added: a look says one count of each.
        """
        actor = actor_of(cell)
        if not actor.name.isprintable() or "\ufffd" in actor.name:
            self._findings.add(
                "constraint-error",
                "the cell holds a line break, an invisible character or one that was lost in a conversion",
                line=line,
                column=self._label,
                expected="an e-mail address or the name of an API key, on one line",
            )
            return None
        first = self._line_of.setdefault(actor, line)
        if first != line and actor != NOBODY:
            self._findings.add(
                "constraint-error",
                f"the same person stands on line {first} already",
                line=line,
                column=self._label,
                expected="each person once",
            )
            return None
        return actor
