"""Takes people out of raw files: what names them is replaced by what names nobody, and nothing else changes.

A redacted file reads as before: each replacement is of the kind of what it replaces (an address, a key's
name, a name), one for each actor, so that rows keep their actors apart and every count its owner.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from shared.adoption.people import normal_address
from shared.records import Actor
from shared.sources.exports.actors import actor_of
from shared.sources.exports.delimited import DELIMITERS
from shared.sources.exports.labels import label_key

__all__ = ["TokenOf", "redact", "redact_text"]

#: What stands for an actor who was erased; None for everybody else.
TokenOf = Callable[[Actor], str | None]

#: What stands for the name of somebody who is only known by the address beside it.
_SOMEBODY = "erased"

_ADDRESS_IN_TEXT = re.compile(r"""[^\s,;:"'<>()\[\]{}|\\/]+@[^\s,;:"'<>()\[\]{}|\\/]+""")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_NAMING = frozenset({"user", "name", "email", "user_email"})


def redact(content: bytes, token_of: TokenOf) -> bytes | None:
    """The content without the erased; None where they are not in it."""
    codec = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    try:
        text = content.decode(codec, errors="surrogateescape" if codec == "utf-8" else "strict")
    except UnicodeDecodeError:
        return None
    without = _of_json(text, token_of) if text.lstrip()[:1] in ("{", "[") else _of_table(text, token_of)
    if without == text:
        return None
    return without.encode(codec, errors="surrogateescape" if codec == "utf-8" else "strict")


def redact_text(text: str, token_of: TokenOf) -> str:
    """A text without the addresses of the erased, wherever they stand in it."""

    def replaced(match: re.Match[str]) -> str:
        return token_of(Actor("engineer", normal_address(match[0]))) or match[0]

    return _ADDRESS_IN_TEXT.sub(replaced, text) if "@" in text or "\uff20" in text else text


# --- the vendor's answers ------------------------------------------------------------------------


def _of_json(text: str, token_of: TokenOf) -> str:
    """Only strings change: every number keeps its digits, and the rest its form."""
    try:
        names = set(_names_beside(json.loads(text), token_of))
    except (ValueError, RecursionError):
        return redact_text(text, token_of)

    def replaced(match: re.Match[str]) -> str:
        said = json.loads(match[0], strict=False)
        if said in names:
            return json.dumps(_SOMEBODY)
        without = token_of(actor_of(said)) or redact_text(said, token_of)
        return match[0] if without == said else json.dumps(without)

    return _STRING.sub(replaced, text)


def _names_beside(value: Any, token_of: TokenOf) -> Iterator[str]:
    """The names of those whose address stands beside them."""
    if isinstance(value, dict):
        texts = [one for one in value.values() if isinstance(one, str)]
        name = value.get("name")
        if isinstance(name, str) and any(_is_erased_address(one, token_of) for one in texts):
            yield name
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _names_beside(one, token_of)


def _is_erased_address(text: str, token_of: TokenOf) -> bool:
    actor = actor_of(text)
    return actor.kind == "engineer" and token_of(actor) is not None


# --- tables --------------------------------------------------------------------------------------


def _of_table(text: str, token_of: TokenOf) -> str:
    """Only the rows of the erased change; an address that stands elsewhere in a cell goes as well."""
    first = text.lstrip("\ufeff \r\n").split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    read: list[str] = []

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            read.append(line)
            yield line

    labels: list[str] = []
    written: list[str] = []
    try:
        for cells in csv.reader(lines(), delimiter=delimiter):
            as_it_stands = "".join(read)
            read.clear()
            if not labels:
                labels = [label_key(cell.strip("\ufeff")) for cell in cells]
            without = _of_row(cells, labels, token_of)
            written.append(as_it_stands if without == cells else _row(without, delimiter, as_it_stands))
    except csv.Error:
        written = [text]
    return redact_text("".join(written), token_of)


def _of_row(cells: list[str], labels: list[str], token_of: TokenOf) -> list[str]:
    is_theirs = any(_is_erased_address(cell, token_of) for cell in cells)
    without = []
    for at, cell in enumerate(cells):
        label = labels[at] if at < len(labels) else ""
        actor = actor_of(cell)
        token = token_of(actor) if actor.kind != "name" or label in _NAMING else None
        if token is None and is_theirs and label == "name" and cell.strip():
            token = _SOMEBODY
        without.append(cell if token is None else token)
    return without


def _row(cells: list[str], delimiter: str, before: str) -> str:
    end = before[len(before.rstrip("\r\n")) :]
    row = io.StringIO()
    csv.writer(row, delimiter=delimiter, lineterminator=end).writerow(cells)
    return row.getvalue()
