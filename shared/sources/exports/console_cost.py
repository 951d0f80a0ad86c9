"""Console cost: what each API key cost on each day, in US dollars.

The rows are many and each says little: they are summed while they are read, and never kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import msgspec

from shared.records import Actor
from shared.sources.exports.actors import actor_of
from shared.sources.exports.dropped import Export, export_facts_of
from shared.sources.exports.findings import Findings
from shared.sources.exports.forms import ConsoleCostKind
from shared.sources.exports.labels import label_key
from shared.sources.exports.moments import Arrival
from shared.sources.exports.rows import rows_of
from shared.sources.exports.spans import Span, days_known, moment_and_span
from shared.sources.exports.table import Table

__all__ = ["ConsoleCost", "KeyCost", "read_console_cost"]

_CLAUDE_CODE = "claude code"

#: Ten thousand keys at work every day of a month, and some; more would not fit a small instance.
_MOST_SUMS = 350_000


class KeyCost(msgspec.Struct, frozen=True):
    """What one API key of one workspace cost on one UTC day; ``key`` is None where the row names none."""

    day: date
    workspace: str
    key: Actor | None
    cost: Decimal

    @property
    def is_claude_codes(self) -> bool:
        """Whether Claude Code made the cost: by its own workspace, or by the prefix of the keys it makes."""
        named = self.key is not None and actor_of(self.key.name).kind == "key"
        return named or label_key(self.workspace) == _CLAUDE_CODE


class ConsoleCost(Export, frozen=True, kw_only=True):
    """What one export says of the days in ``span``, each day, workspace and key once, in that order.

    A day without a row cost nothing, as far as it ends before the moment less the lag: the range may be a
    month that goes on.
    """

    span: Span
    costs: tuple[KeyCost, ...]

    @property
    def total(self) -> Decimal:
        """The sum of all rows."""
        return sum((one.cost for one in self.costs), Decimal(0))


class _Row(msgspec.Struct):
    day: date
    workspace: str
    key: str | None
    cost: Decimal


def read_console_cost(
    table: Table, kind: ConsoleCostKind, arrival: Arrival, findings: Findings, most_keys: int
) -> ConsoleCost:
    """Read the rest of the table. Raises ExportRefused with everything that is wrong."""
    moment, span = moment_and_span(arrival, kind, findings, begun=True)
    day = next(column for column in kind.columns if column.gives == "day")
    laws = {day: days_known(day, moment, span, findings)}
    sums: defaultdict[tuple[date, str, str], Decimal] = defaultdict(Decimal)
    for row in rows_of(table, kind, _Row, findings, laws):
        sums[row.day, row.workspace, row.key or ""] += row.cost
        if len(sums) > _MOST_SUMS:
            findings.add("source-error", f"the file tells of more than {_MOST_SUMS:,} keys on a day")
            break
    costs = tuple(_taken_out_of(sums))
    if len({one.key for one in costs if one.is_claude_codes and one.key}) > most_keys:
        findings.add("source-error", f"the file tells of more than {most_keys:,} keys of Claude Code")
    if moment is None or span is None or findings:
        findings.refuse()
    return ConsoleCost(
        **export_facts_of(table, kind, moment, arrival),
        rows_accepted=table.rows_in,
        span=span,
        costs=costs,
        notes=tuple(table.notes(kind)),
    )


def _taken_out_of(sums: dict[tuple[date, str, str], Decimal]) -> Iterator[KeyCost]:
    """In order, each sum let go as its value is made: both at once would take twice the memory."""
    actors: dict[str, Actor | None] = {"": None}
    for one in sorted(sums):
        on, workspace, key = one
        yield KeyCost(on, workspace, actors.setdefault(key, Actor("key", key)), sums.pop(one))
