"""What a benchmark tells, and how it is printed: as the table that README.md keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Line(NamedTuple):
    """One figure. ``goal`` is what it is held against by a reader; nothing here fails."""

    benchmark: str
    what: str
    figure: str
    ratio: str = ""
    goal: str = ""


def in_markdown(lines: Sequence[Line]) -> str:
    """A table, its columns aligned for a terminal."""
    rows = [Line(*Line._fields), *lines]
    widths = [max(len(row[at]) for row in rows) for at in range(len(Line._fields))]
    shown = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    ruler = " | ".join("-" * width for width in widths)
    return "\n".join(f"| {text} |" for text in (shown[0], ruler, *shown[1:]))
