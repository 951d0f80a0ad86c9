"""Packed rows: what a source says of many actors, in as few entities as fit.

A partition is ``source|part|version`` and is written by one run only; nothing refers to it until the
source's manifest is published.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from operator import attrgetter
from threading import Lock
from typing import NamedTuple, TypeVar

from shared.errors import StoreError
from shared.records import Fact
from shared.store.packing import chunks, entities_of, joined, pack, unpack
from shared.store.tables import Table

T = TypeVar("T")

#: The parts beside days (``2026-11-09``) and looks (``look-…``).
MEMBERS, KEYS = "members", "keys"


#: So many facts stay at hand in a run: a year of a hundred engineers, or a week of ten thousand.
MOST_AT_HAND = 50_000


class PartitionSeen(NamedTuple):
    """A partition that the sweep met, and when it was written."""

    key: str
    rows: tuple[str, ...]
    written_at: datetime


class Facts:
    """The rows of the ``facts`` table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def write(self, source: str, part: str, version: int, facts: Sequence[Fact]) -> None:
        """Write what a source says in one part, in order, under a version that nobody else writes."""
        self._write(source, part, version, sorted(facts, key=fact_order))

    def _write(self, source: str, part: str, version: int, facts: list[Fact]) -> None:
        self.write_value(source, part, version, facts)

    def read(self, source: str, part: str, version: int) -> list[Fact]:
        """What ``write`` wrote. Raises StoreError where a piece of it is missing."""
        return self.read_value(source, part, version, list[Fact])

    def write_value(self, source: str, part: str, version: int, value: object) -> None:
        """``write`` for anything that packs: members, keys, the counts of a look."""
        groups = list(entities_of(chunks(pack(value))))
        self._table.put_all(
            {
                "PartitionKey": partition_of(source, part, version),
                "RowKey": f"{at:04d}",
                "entities": len(groups),
                **{f"packed{index}": piece for index, piece in enumerate(group)},
            }
            for at, group in enumerate(groups)
        )

    def read_value(self, source: str, part: str, version: int, kind: type[T]) -> T:
        """What ``write_value`` wrote."""
        rows = [entity for entity, _ in self._table.query(partition_of(source, part, version))]
        if not rows or len(rows) != rows[0]["entities"]:
            raise StoreError(f"facts {partition_of(source, part, version)} are not there whole")
        return unpack(b"".join(joined("packed", row) for row in rows), kind)

    def partitions(self, source: str) -> Iterator[PartitionSeen]:
        """Every partition of a source, for the sweep."""
        at: str | None = None
        rows: list[str] = []
        written: datetime | None = None
        wanted = ("PartitionKey", "RowKey", "Timestamp")
        for entity, _ in self._table.query_partitions(f"{source}|", f"{source}|~", select=wanted):
            if entity["PartitionKey"] != at:
                if at is not None and written is not None:
                    yield PartitionSeen(at, tuple(rows), written)
                at, rows = entity["PartitionKey"], []
            rows.append(entity["RowKey"])
            written = entity.metadata["timestamp"]  # type: ignore[attr-defined]
        if at is not None and written is not None:
            yield PartitionSeen(at, tuple(rows), written)

    def remove(self, seen: PartitionSeen) -> None:
        """Delete a partition that nothing refers to."""
        for row in seen.rows:
            self._table.delete(seen.key, row)


class FactsAtHand(Facts):
    """The same for one run, which need not read again what it wrote itself. Threads may share it.

    For no longer than a run: nobody else writes what a run wrote, but tables can be emptied between two.
    """

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        self._at_hand: dict[str, list[Fact]] = {}
        self._held = 0
        self._lock = Lock()

    def _write(self, source: str, part: str, version: int, facts: list[Fact]) -> None:
        super()._write(source, part, version, facts)
        with self._lock:
            self._at_hand[partition_of(source, part, version)] = facts
            self._held += len(facts)
            while self._held > MOST_AT_HAND:
                self._held -= len(self._at_hand.pop(next(iter(self._at_hand))))

    def read(self, source: str, part: str, version: int) -> list[Fact]:
        found = self._at_hand.get(partition_of(source, part, version))
        return super().read(source, part, version) if found is None else found


def partition_of(source: str, part: str, version: int) -> str:
    """The key under which a part stands."""
    return f"{source}|{part}|{version:08d}"


#: The order in which facts stand.
fact_order = attrgetter("actor_id", "population")
