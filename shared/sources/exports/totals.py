"""The total row that some exports, and most spreadsheets, put beneath the people."""

from __future__ import annotations

import msgspec

from shared.records import Actor
from shared.sources.exports.actors import NOBODY
from shared.sources.exports.findings import Findings

__all__ = ["Row", "without_total"]

_NAMES = frozenset({NOBODY.name, "total", "totals", "grand total", "sum"})


class Row(msgspec.Struct, frozen=True, gc=False):
    """A row that was read, with its line."""

    line: int
    actor: Actor
    count: int


def without_total(rows: list[Row], column: str, findings: Findings) -> tuple[list[Row], list[str]]:
    """The rows of people, and a note of the total row that was left out, if there was one.

    A total row has no address and no key, and its count is the sum of all others. Where two rows
    could be it, or one that is called a total does not add up, that is a finding: a row of
    somebody may have been lost.
    """
    total = sum(row.count for row in rows)
    mere_names = [row for row in rows if row.actor.kind == "name"]
    called = [row for row in mere_names if row.actor.name.casefold() in _NAMES]
    adding_up = [row for row in mere_names if row.count * 2 == total and len(rows) > 1]
    if total == 0:  # where nobody did anything each row is the sum of the others
        adding_up = [row for row in adding_up if row in called]
    choice = [row for row in adding_up if row in called] or adding_up
    for row in called:
        if row not in choice:
            findings.add(
                "constraint-error",
                "the row names nobody"
                if row.actor == NOBODY
                else "the total row is not the sum of the others",
                line=row.line,
                column=column,
                expected=f"somebody, or {total - row.count:,}, the sum of the other rows",
            )
    if len(choice) > 1:
        for row in choice:
            findings.add(
                "constraint-error",
                "more than one row could be the total row",
                line=row.line,
                column=column,
                expected="an e-mail address or an API key's name in the rows of people",
            )
    if len(choice) != 1:
        return rows, []
    note = f"Line {choice[0].line} is a total row, the sum of all others: it counts for nobody."
    return [row for row in rows if row is not choice[0]], [note]
