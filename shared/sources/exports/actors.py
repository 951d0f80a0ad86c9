"""Whom a row speaks of: an engineer by address, an API key by name, or a mere name.

A finding of this column names lines only, never what stands there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import chain

from shared.adoption.people import normal_address
from shared.records import Actor
from shared.sources.exports.findings import Findings

__all__ = ["DAMAGED", "NOBODY", "PersonColumn", "actor_of", "is_address", "is_damaged"]

#: Who has no address, no key and no name: only a total row may.
NOBODY = Actor("name", "")

#: What is wrong with a cell that `is_damaged`.
DAMAGED = "the cell holds a line break, an invisible character or one that was lost in a conversion"

#: Names of which a set is made.
_AT_ONCE = 200_000

#: Characters; an address has 320 at most.
LONGEST_NAME = 320

_KEY = "claude_code_key_"
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")

#: Lines of addresses and keys in printable ASCII: nearly all cells of nearly all exports. What is
#: matched here, `actor_of` would read in the same way.
_ORDINARY = re.compile(
    rf"(?:(?:{_KEY}[!-~]*+|(?!(?i:{_KEY}))[!-?A-~]++@[!-?A-~]++)\n)*+",
)


def actor_of(cell: str) -> Actor:
    """The actor that a cell names. Addresses compare normalised; keys and names as they stand."""
    text = (cell if cell.isascii() else unicodedata.normalize("NFKC", cell)).strip()
    if text[: len(_KEY)].casefold() == _KEY:
        return Actor("key", text)
    if is_address(text):
        return Actor("engineer", normal_address(text))
    return Actor("name", text)


def is_address(text: str) -> bool:
    """Whether the text is an e-mail address: something on each side of the only @, and no space."""
    return _ADDRESS.fullmatch(text) is not None


def is_damaged(text: str) -> bool:
    """Whether the text holds a line break, an invisible character, or one lost in a conversion."""
    return not text.isprintable() or "\ufffd" in text


class PersonColumn:
    """The column that says whom a row speaks of, read in the order of the lines.

    ``actors`` are those read so far; ``has_mere_names`` tells whether any is neither an engineer nor a key.
    """

    def __init__(self, label: str, findings: Findings) -> None:
        self.label = label
        self.actors: list[Actor] = []
        self.has_mere_names = False
        self._findings = findings
        self._lines: list[Sequence[int]] = []

    def read(self, lines: Sequence[int], cells: Sequence[str]) -> None:
        """Read a batch of cells; a damaged one is a finding."""
        self._lines.append(lines)
        actors = _ordinary(cells)
        if actors is not None:
            self.actors += actors
            return
        for line, actor in zip(lines, map(actor_of, cells), strict=True):
            if len(actor.name) > LONGEST_NAME:
                self._findings.add(
                    "constraint-error",
                    "the cell is longer than any address and any key's name",
                    line=line,
                    column=self.label,
                    expected=f"at most {LONGEST_NAME} characters",
                )
                actor = NOBODY
            elif is_damaged(actor.name):
                self._findings.add(
                    "constraint-error",
                    DAMAGED,
                    line=line,
                    column=self.label,
                    expected="an e-mail address or the name of an API key, on one line",
                )
            self.has_mere_names |= actor.kind == "name"
            self.actors.append(actor)

    def mere_names(self) -> Iterator[tuple[int, int]]:
        """The place in ``actors``, and the line, of each who is neither an engineer nor a key."""
        lines = chain.from_iterable(self._lines)
        for place, (actor, line) in enumerate(zip(self.actors, lines, strict=True)):
            if actor.kind == "name":
                yield place, line

    def settle(self) -> None:
        """Add the findings of those who come again: two rows of one person are refused rather than
        added, because a look says one count of each. One name is one actor: it decides the kind too.
        """
        if self._distinct() == len(self.actors):
            return
        line_of: dict[str, int] = {}
        for actor, line in zip(self.actors, chain.from_iterable(self._lines), strict=True):
            first = line_of.setdefault(actor.name, line)
            if first != line and actor != NOBODY:
                self._findings.add(
                    "constraint-error",
                    f"the same person stands on line {first} already",
                    line=line,
                    column=self.label,
                    expected="each person once",
                )

    def take(self) -> tuple[Actor, ...]:
        """The actors, which are let go here: of a million both at once would be too many."""
        actors = tuple(self.actors)
        self.actors.clear()
        return actors

    def _distinct(self) -> int:
        """How many names there are; of very many a part at a time, because a set of all is large."""
        parts = len(self.actors) // _AT_ONCE + 1
        if parts == 1:
            return len({actor.name for actor in self.actors})
        return sum(
            len({actor.name for actor in self.actors if hash(actor.name) % parts == part})
            for part in range(parts)
        )


def _ordinary(cells: Sequence[str]) -> list[Actor] | None:
    """The actors of the cells where all of them are ordinary, read at once; else None."""
    text = "\n".join(cells) + "\n"
    if max(map(len, cells)) > LONGEST_NAME or not _ORDINARY.fullmatch(text) or text.count("\n") != len(cells):
        return None
    if _KEY not in text:
        return [Actor("engineer", address) for address in text.lower().split()]
    return [
        Actor("key", cell) if cell.startswith(_KEY) else Actor("engineer", cell.lower()) for cell in cells
    ]
