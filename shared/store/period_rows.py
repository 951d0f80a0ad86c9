"""Period rows: one row a period, everything that one response needs. A read is one range query.

A row records the versions it was built from. It is replaced by its ETag, and only when none of its
input versions is higher than the writer's.

Everybody's row names the teams of which there are rows (``team_rows``), and is written after them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from shared.errors import StoreConflict
from shared.heads import Disagreement
from shared.periods import Granularity, Period
from shared.records import PeriodRow, Restated
from shared.store.packing import joined, pack, properties, unpack
from shared.store.tables import Table

#: Grows when what a row means or holds changes: older rows are rebuilt, newer ones left alone.
SCHEMA = 4
EVERYBODY = "everybody"

#: The row of the export period that the answer is of; its key sorts behind every moment.
ANSWER = "~answer"

#: Rows held in memory between reads, some 10 KiB each: the 400 days of one request.
ROWS_HELD = 400


#: So many of the times that a closed period was told otherwise are served, the last ones; all are kept.
RESTATED_SERVED = 5

#: The properties that a packed row, and the keys of its teams, may fill.
ROW = tuple(f"row{at}" for at in range(4))
TEAMS = ("teams0", "teams1")

#: What is read of a row to serve it.
READ = (*ROW, "frozen", "past0")


class Inputs(msgspec.Struct, frozen=True):
    """What a row was built from: per source, the version and state of each day; the versions of key mappings,
    of the exports' months and of the configuration."""

    days: Mapping[str, tuple[tuple[str, int, str], ...]]
    keys: Mapping[str, int]
    start: str = ""  # of an export period: which edge it begins with can change
    by_daily: tuple[str, ...] = ()  # populations that daily sources show there: the others are the exports'
    settings: str = ""  # those that figures depend on
    exports: str = ""  # which looks of which dashboards tell of it
    counting: tuple[str, ...] = ()  # which live source counts for those whom several show

    def versions(self) -> dict[tuple[str, str], int]:
        """Each input's version, by source and part."""
        found = {(source, day): version for source, days in self.days.items() for day, version, _ in days}
        return found | {(source, "keys"): version for source, version in self.keys.items()}

    def newer_than(self, other: Inputs) -> bool:
        """Whether any of these is higher than the other's."""
        others = other.versions()
        return any(version > others.get(part, 0) for part, version in self.versions().items())


class Past(msgspec.Struct, frozen=True, array_like=True):
    """What the period that begins then, and ends with the row's key, said before."""

    start: datetime
    said: tuple[Restated, ...]


class Built(NamedTuple):
    """A stored row's inputs, schema and ETag; and what its rebuild found two sources to disagree about.

    ``closed``: whether the period was; ``past``: what it said before it was told otherwise.
    """

    inputs: Inputs
    schema: int
    etag: str
    disagreements: tuple[Disagreement, ...] = ()
    frozen: bool = False
    teams: frozenset[str] = frozenset()
    closed: bool = True
    past: Past | None = None


class Written(NamedTuple):
    """A row as it is to be written, over what was read (None: nothing); the teams of which there are rows;
    and what its period said before.

    ``newest``: what the writer knows of every input, where that is more than the row is made of.
    """

    key: str
    row: PeriodRow
    inputs: Inputs
    over: Built | None
    disagreements: tuple[Disagreement, ...] = ()
    teams: Iterable[str] = ()
    past: Past | None = None
    newest: Inputs | None = None


class PeriodRows:
    """The rows of the ``periods`` table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def built(self, granularity: Granularity) -> dict[str, Built]:
        """What every stored row of a granularity was built from, by row key."""
        told = ("disagreements0", "frozen", "closed", "past0")
        wanted = ("RowKey", "schema", "inputs0", "inputs1", *told, *TEAMS)
        return {
            entity["RowKey"]: Built(
                unpack(joined("inputs", entity), Inputs),
                entity["schema"],
                etag,
                _disagreements(entity),
                bool(entity.get("frozen")),
                teams_of(entity),
                bool(entity.get("closed", True)),
                _past(entity),
            )
            for entity, etag in self._table.query(partition_of(granularity), select=wanted)
        }

    def write(
        self,
        row: PeriodRow,
        inputs: Inputs,
        over: Built | None,
        *,
        key: str = "",
        disagreements: tuple[Disagreement, ...] = (),
        teams: Iterable[str] = (),
    ) -> None:
        """Put the row in the place of the one that was read (None: of nothing). ``teams``: those of which
        there are rows.

        Raises StoreConflict where another stands there by now, or one built from newer inputs.
        """
        self.write_all([Written(key or key_of(row.period), row, inputs, over, disagreements, teams)])

    def write_all(self, rows: Sequence[Written]) -> None:
        """``write`` for many rows of one granularity. New ones go a hundred a transaction; one that takes
        another's place goes alone, because the emulator heeds no condition within a transaction."""
        new = [_entity_of(one) for one in rows if one.over is None]
        if len(new) == 1:
            self._table.insert(new[0])
        elif new:
            self._table.insert_all(new)
        for one in rows:
            if one.over is None:
                continue
            if one.over.inputs.newer_than(one.newest or one.inputs):
                raise StoreConflict("the stored row was built from newer inputs")
            self._table.replace(_entity_of(one), one.over.etag)

    def read(self, granularity: Granularity, first_end: datetime, last_end: datetime) -> list[PeriodRow]:
        """The periods that end from the first moment to the last, both included, in order."""
        rows = self._table.query(
            partition_of(granularity), first=row_key(first_end), last=row_key(last_end), select=READ
        )
        return [_row_of(entity) for entity, _ in rows]

    def find(self, granularity: Granularity, keys: Collection[str]) -> dict[str, PeriodRow]:
        """The rows of these keys, as far as they are there. One query, or none."""
        if not keys:
            return {}
        rows = self._table.query(
            partition_of(granularity), first=min(keys), last=max(keys), select=("RowKey", *READ)
        )
        return {entity["RowKey"]: _row_of(entity) for entity, _ in rows if entity["RowKey"] in keys}

    def read_answer(self) -> PeriodRow | None:
        """The export period that the answer is of; None where no two are comparable."""
        stored = self._table.get(partition_of("export"), ANSWER)
        return None if stored is None else _row_of(stored.entity)

    def inputs(self) -> Iterator[Inputs]:
        """What each row was built from, everybody's and every team's; many of one period are the same."""
        seen: set[bytes] = set()
        for entity, _ in self._table.query_partitions("", "~", select=("inputs0", "inputs1")):
            packed = joined("inputs", entity)
            if packed not in seen:
                seen.add(packed)
                yield unpack(packed, Inputs)

    def freeze(self, granularity: Granularity, key: str) -> None:
        """Mark a row that can no longer be rebuilt. Raises StoreConflict where it is written meanwhile."""
        stored = self._table.get(partition_of(granularity), key)
        if stored is not None:
            self._table.replace({**stored.entity, "frozen": True}, stored.etag)

    def remove(self, granularity: Granularity, key: str, stored: Built) -> None:
        """Take away a row of which nothing tells any more. Raises StoreConflict where it has changed."""
        self._table.delete_as_read(partition_of(granularity), key, stored.etag)


def _entity_of(one: Written) -> dict[str, Any]:
    named = sorted(one.teams)
    return {
        "PartitionKey": partition_of(one.row.period.kind),
        "RowKey": one.key,
        "schema": SCHEMA,
        **properties("inputs", pack(one.inputs)),
        **properties("row", pack(one.row)),
        "closed": one.row.closed,
        **(properties("past", pack(one.past)) if one.past else {}),
        **(properties("disagreements", pack(one.disagreements)) if one.disagreements else {}),
        **(properties("teams", pack(named)) if named else {}),
    }


def _row_of(entity: Mapping[str, Any]) -> PeriodRow:
    row, past = unpacked(joined("row", entity)), _past(entity)
    if not past and not entity.get("frozen"):
        return row
    served = past.said[-RESTATED_SERVED:] if past else msgspec.UNSET
    return msgspec.structs.replace(row, frozen=bool(entity.get("frozen")), restated=served)


def _past(entity: Mapping[str, Any]) -> Past | None:
    packed = joined("past", entity)
    return unpack(packed, Past) if packed else None


def teams_of(entity: Mapping[str, Any]) -> frozenset[str]:
    """The keys of the teams that everybody's row names."""
    packed = joined("teams", entity)
    return unpack(packed, frozenset[str]) if packed else frozenset()


def _disagreements(entity: Mapping[str, Any]) -> tuple[Disagreement, ...]:
    packed = joined("disagreements", entity)
    return unpack(packed, tuple[Disagreement, ...]) if packed else ()


@lru_cache(maxsize=ROWS_HELD)
def unpacked(packed: bytes) -> PeriodRow:
    """The same bytes are the same row: a closed period is read often and changes seldom."""
    return unpack(packed, PeriodRow)


def partition_of(granularity: Granularity, team: str = EVERYBODY) -> str:
    """``week|everybody``. A team stands here as a hash of its normalised name."""
    return f"{granularity}|{team}"


def row_key(end: datetime) -> str:
    """``2026-11-16T00:00Z``: the period's end, in an order that is time's."""
    return end.strftime("%Y-%m-%dT%H:%MZ")


def key_of(period: Period) -> str:
    """The row key of a period."""
    return row_key(period.end)
