"""What happened, newest first: runs, receipts of dropped files, and what operators asked for.

Row keys begin with inverted milliseconds, so the newest rows are the first ones of their partition.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Generic, NamedTuple, TypeVar

from shared.records import AuditEntry, Receipt, Run
from shared.store.packing import joined, pack, properties, unpack
from shared.store.tables import Table

R = TypeVar("R", Run, Receipt, AuditEntry)

_LATEST = 10**14  # milliseconds; the year 5138


class Page(NamedTuple, Generic[R]):
    """Some records, and the place of the last one where more follow; a place is opaque to who asks."""

    records: list[R]
    last: str | None


class Journal(Generic[R]):
    """One table of records, in one partition."""

    def __init__(self, table: Table, partition: str, kind: type[R]) -> None:
        self._table = table
        self._partition = partition
        self._kind: type[R] = kind

    def write(self, moment: datetime, identifier: str, record: R) -> None:
        """Write the record of that moment and identifier; writing it again changes nothing else."""
        self._put(row_key(moment, identifier), record)

    def _put(self, key: str, record: R) -> None:
        self._table.put(
            {"PartitionKey": self._partition, "RowKey": key, **properties("record", pack(record))}
        )

    def read(self, moment: datetime, identifier: str) -> R | None:
        """The record of that moment and identifier, or None."""
        return self.find(row_key(moment, identifier))

    def place(self, moment: datetime, identifier: str) -> str:
        """Where that record stands, or would: its row key."""
        return row_key(moment, identifier)

    def moment(self, place: str) -> datetime:
        """The moment of whatever stands there."""
        return datetime.fromtimestamp((_LATEST - int(place.partition("-")[0])) / 1000, UTC)

    def find(self, place: str) -> R | None:
        """The record that stands there, or None."""
        stored = self._table.get(self._partition, place)
        return None if stored is None else unpack(joined("record", stored.entity), self._kind)

    def between(self, first: datetime, last: datetime) -> dict[str, R]:
        """The records from one moment to a later one, both included, by their identifiers."""
        rows = self._table.query(self._partition, first=row_key(last, ""), last=row_key(first, "~"))
        return {
            entity["RowKey"].partition("-")[2]: unpack(joined("record", entity), self._kind)
            for entity, _ in rows
        }

    def every(self) -> Iterator[R]:
        """Every record, the newest first."""
        for entity, _ in self._table.query(self._partition):
            yield unpack(joined("record", entity), self._kind)

    def rewrite(self, change: Callable[[R], R]) -> int:
        """Change the records where they stand; how many were another then."""
        changed = 0
        for entity, _ in self._table.query(self._partition):
            before = unpack(joined("record", entity), self._kind)
            if (after := change(before)) != before:
                self._put(entity["RowKey"], after)
                changed += 1
        return changed

    def drop_before(self, moment: datetime, *, but: Container[str] = ()) -> int:
        """Delete the records from before a moment, but for those of these identifiers; how many went."""
        gone = 0
        for entity, _ in self._table.query(self._partition, first=row_key(moment, ""), select=("RowKey",)):
            if entity["RowKey"].partition("-")[2] not in but:
                self._table.delete(self._partition, entity["RowKey"])
                gone += 1
        return gone

    def newest(self, count: int) -> list[R]:
        """The newest records."""
        return self.page(count).records

    def page(self, count: int, after: str | None = None) -> Page[R]:
        """So many records, the newest first, from behind a place on (None: from the newest)."""
        # The blank sorts before whatever a longer key could go on with: so this is "greater than".
        query = self._table.query(self._partition, first="" if after is None else f"{after} ", page=count + 1)
        rows = [entity for entity, _ in islice(query, count + 1)]
        shown = rows[:count]
        place = shown[-1]["RowKey"] if len(rows) > count else None
        return Page([unpack(joined("record", entity), self._kind) for entity in shown], place)


def row_key(moment: datetime, identifier: str) -> str:
    """``<inverted milliseconds>-<identifier>``."""
    return f"{_LATEST - int(moment.timestamp() * 1000):014d}-{identifier}"
