"""Storage as it would be: what is written here is seen by who reads here, and reaches no storage.

A file is checked by taking it in over such a storage: nothing else could say the same as taking it in does.
What that never asks of storage is not here, and would fail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from heapq import merge
from itertools import count
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Never

from shared.errors import StoreConflict, StoreError
from shared.store.blobs import Drop, Dropped, Quarantine, Raw, digest_of
from shared.store.limits import check_entity
from shared.store.storage import Storage
from shared.store.tables import Stored, Table

if TYPE_CHECKING:
    from shared.store.tables import Entity

Key = tuple[str, str]


class DraftTable(Table):
    """A table with what was ``written`` over it. ``behind`` is only read; None: nothing stands there."""

    def __init__(self, behind: Table | None) -> None:
        self._behind = behind
        self._etags = (f"draft {number}" for number in count(1))
        self.written: dict[Key, Stored] = {}

    def get(self, partition: str, row: str, *, select: Sequence[str] | None = None) -> Stored | None:
        if (partition, row) in self.written:
            return self.written[partition, row]
        return None if self._behind is None else self._behind.get(partition, row, select=select)

    def query(
        self,
        partition: str,
        *,
        first: str = "",
        last: str | None = None,
        select: Sequence[str] | None = None,
        page: int | None = None,
    ) -> Iterator[Stored]:
        behind: Iterable[Stored] = ()
        if self._behind is not None:
            behind = self._behind.query(partition, first=first, last=last, select=_keyed(select), page=page)
        return self._over(behind, lambda key: key[0] == partition and _within(first, key[1], last))

    def query_partitions(self, first: str, last: str, *, select: Sequence[str]) -> Iterator[Stored]:
        behind: Iterable[Stored] = ()
        if self._behind is not None:
            behind = self._behind.query_partitions(first, last, select=_keyed(select) or ())
        return self._over(behind, lambda key: _within(first, key[0], last))

    def _over(self, behind: Iterable[Stored], wanted: Callable[[Key], bool]) -> Iterator[Stored]:
        """Both in the order of their keys; what was written hides what stands under its key."""
        written = sorted(key for key in self.written if wanted(key))
        standing = ((_key(one.entity), one) for one in behind)
        unhidden = (one for one in standing if one[0] not in self.written)
        for _, stored in merge(unhidden, [(key, self.written[key]) for key in written], key=itemgetter(0)):
            yield stored

    def insert(self, entity: dict[str, Any]) -> str:
        if self.get(*_key(entity)) is not None:
            raise StoreConflict("the row exists")
        return self._write(entity)

    def replace(self, entity: dict[str, Any], etag: str) -> str:
        stands = self.get(*_key(entity))
        if stands is None or stands.etag != etag:
            raise StoreConflict("the row is not what it was when it was read")
        return self._write(entity)

    def put(self, entity: dict[str, Any]) -> None:
        self._write(entity)

    def put_all(self, entities: Iterable[dict[str, Any]]) -> None:
        for entity in entities:
            self._write(entity)

    def insert_all(self, entities: Iterable[dict[str, Any]]) -> None:
        """Who inserts many has read what stands. What came meanwhile is nothing to a draft, and asking for
        each would take minutes."""
        rows = list(entities)
        if not self.written.keys().isdisjoint(map(_key, rows)):
            raise StoreConflict("one of the rows exists")
        self.put_all(rows)

    def _write(self, entity: dict[str, Any]) -> str:
        check_entity(entity)
        etag = next(self._etags)
        self.written[_key(entity)] = Stored(entity, etag)
        return etag


def _key(entity: Entity) -> Key:
    return entity["PartitionKey"], entity["RowKey"]


def _keyed(select: Sequence[str] | None) -> Sequence[str] | None:
    return None if select is None else ("PartitionKey", "RowKey", *select)


def _within(first: str, text: str, last: str | None) -> bool:
    return first <= text and (last is None or text <= last)


class DraftStorage(Storage):
    """The tables of an account, each as a draft. Blobs and queues are nobody's here."""

    def __init__(self, behind: Storage | None) -> None:
        super().__init__()
        self._behind = behind
        self._drafts: dict[str, DraftTable] = {}

    def table(self, name: str) -> DraftTable:
        if name not in self._drafts:
            self._drafts[name] = DraftTable(None if self._behind is None else self._behind.table(name))
        return self._drafts[name]

    def container(self, name: str) -> Never:
        raise StoreError(f"a draft has no container {name}")

    def queue(self, name: str) -> Never:
        raise StoreError(f"a draft has no queue {name}")


class DraftDrop(Drop):
    """Files as if they lay in ``drop``."""

    def __init__(self) -> None:
        self._files: dict[str, tuple[Dropped, bytes]] = {}

    def offer(self, dropped: Dropped, content: bytes) -> None:
        """Lay a file there."""
        self._files[dropped.name] = dropped, content

    def find(self, name: str) -> Dropped | None:
        return self._files[name][0] if name in self._files else None

    def stream(self, dropped: Dropped) -> Iterator[bytes]:
        yield self._files[dropped.name][1]

    def remove(self, dropped: Dropped) -> None:
        del self._files[dropped.name]


class DraftRaw(Raw):
    """Contents as if they were kept; arrivals are noted nowhere."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def keep(self, content: bytes) -> str:
        digest = digest_of(content)
        self._kept[digest] = content
        return digest

    def keep_pieces(self, digest: str, content: Iterator[bytes]) -> None:
        self._kept[digest] = b"".join(content)

    def stream(self, digest: str) -> Iterator[bytes]:
        yield self._kept[digest]

    def note_arrival(self, path: str, document: Mapping[str, Any]) -> None:  # noqa: ARG002
        return


class DraftQuarantine(Quarantine):
    """Where refused files would lie."""

    def __init__(self) -> None:
        return

    def put(self, receipt_id: str, content: bytes | Iterator[bytes], report: bytes) -> None:  # noqa: ARG002
        return
