"""An account of storage in memory: it keeps rows and blobs as the app's own clients name them, and no more.

The laws of piles are tried on thousands of them, and deaths at each request, which no server is fast enough
for. That the same pile comes to the same on a real one is a law of its own (``test_piles.py``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import count
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from azure.core.exceptions import ResourceExistsError, ResourceModifiedError, ResourceNotFoundError
from azure.storage.blob import ContentSettings

from shared.app import App
from shared.errors import StoreConflict
from shared.settings import load
from shared.store.storage import Storage
from shared.store.tables import Change, Entity, Stored, Table

if TYPE_CHECKING:
    from azure.storage.blob import ContainerClient

    from tests.conftest import TestClock


#: Called before each request.
Before = Callable[[], None]


def _nothing() -> None:
    return


class _Row(dict[str, Any]):
    """An entity, and when it was written."""

    def __init__(self, entity: Entity, written_at: datetime) -> None:
        super().__init__(entity)
        self.metadata = {"timestamp": written_at}


class MemoryTable(Table):
    """One table: rows by partition and key, each under an ETag that grows."""

    def __init__(self, clock: TestClock) -> None:
        self.rows: dict[tuple[str, str], Stored] = {}
        self.before: Before = _nothing
        self._clock = clock
        self._etags = count(1)

    def get(self, partition: str, row: str, **_options: Any) -> Stored | None:
        self.before()
        return self.rows.get((partition, row))

    def query(
        self, partition: str, *, first: str = "", last: str | None = None, **_options: Any
    ) -> Iterator[Stored]:
        self.before()
        for (part, key), stored in sorted(self.rows.items()):
            if part == partition and first <= key and (last is None or key <= last):
                yield stored

    def query_partitions(self, first: str, last: str, **_options: Any) -> Iterator[Stored]:
        self.before()
        for (part, _), stored in sorted(self.rows.items()):
            if first <= part <= last:
                yield stored

    def insert(self, entity: dict[str, Any]) -> str:
        self.before()
        if _key(entity) in self.rows:
            raise StoreConflict("the row exists")
        return self._put(entity)

    def replace(self, entity: dict[str, Any], etag: str) -> str:
        self.before()
        stored = self.rows.get(_key(entity))
        if stored is None or stored.etag != etag:
            raise StoreConflict("the row is not what it was when it was read")
        return self._put(entity)

    def put(self, entity: dict[str, Any]) -> None:
        self.put_all([entity])

    def put_all(self, entities: Iterable[dict[str, Any]]) -> None:
        self.before()
        for entity in entities:
            self._put(entity)

    def insert_all(self, entities: Iterable[dict[str, Any]]) -> None:
        self.before()
        entities = list(entities)
        if any(_key(entity) in self.rows for entity in entities):
            raise StoreConflict("one of the rows exists")
        for entity in entities:
            self._put(entity)

    def change_all(self, changes: Iterable[Change]) -> None:
        self.before()
        changes = list(changes)
        for one in changes:
            stored = self.rows.get(_key(one.entity))
            if (stored.etag if stored else None) != one.etag:
                raise StoreConflict("one of the rows is not what it was when it was read")
        for one in changes:
            if one.gone:
                del self.rows[_key(one.entity)]
            else:
                self._put(one.entity)

    def delete_all(self, partition: str, rows: Iterable[str]) -> None:
        self.before()
        keys = [(partition, row) for row in rows]
        if any(key not in self.rows for key in keys):
            raise StoreConflict("one of the rows is gone")
        for key in keys:
            del self.rows[key]

    def delete(self, partition: str, row: str) -> None:
        self.before()
        self.rows.pop((partition, row), None)

    def delete_as_read(self, partition: str, row: str, etag: str) -> None:
        stored = self.rows.get((partition, row))
        if stored is not None and stored.etag != etag:
            raise StoreConflict("the row is not what it was when it was read")
        self.delete(partition, row)

    def _put(self, entity: Mapping[str, Any]) -> str:
        etag = str(next(self._etags))
        self.rows[_key(entity)] = Stored(_Row(entity, self._clock.now()), etag)
        return etag


def _key(entity: Entity) -> tuple[str, str]:
    return entity["PartitionKey"], entity["RowKey"]


class _Blob:
    def __init__(
        self,
        name: str,
        content: bytes,
        etag: str,
        last_modified: datetime,
        metadata: Mapping[str, str],
        content_settings: ContentSettings,
    ) -> None:
        self.content = content
        self.properties = SimpleNamespace(
            name=name,
            etag=etag,
            size=len(content),
            last_modified=last_modified,
            metadata=dict(metadata),
            version_id=None,
            content_settings=content_settings,
        )

    def readall(self) -> bytes:
        return self.content

    def chunks(self) -> Iterator[bytes]:
        yield self.content


class MemoryContainer:
    """One container. A blob's ETag follows from its name, its content, and how often that was put there."""

    def __init__(self, clock: TestClock) -> None:
        self.blobs: dict[str, _Blob] = {}
        self.before: Before = _nothing
        self._clock = clock
        self._put: dict[str, int] = {}

    def upload_blob(
        self,
        name: str,
        content: bytes | Iterable[bytes],
        *,
        overwrite: bool = False,
        metadata: Mapping[str, str] | None = None,
        content_settings: ContentSettings | None = None,
    ) -> None:
        self.before()
        if name in self.blobs and not overwrite:
            raise ResourceExistsError
        whole = content if isinstance(content, bytes) else b"".join(content)
        told = dict(metadata or {})
        what = hashlib.sha256(repr((name, whole, told)).encode()).hexdigest()
        self._put[what] = self._put.get(what, 0) + 1
        etag = f"{what}-{self._put[what]}"
        self.blobs[name] = _Blob(
            name, whole, etag, self._clock.now(), told, content_settings or ContentSettings()
        )

    def download_blob(self, name: str, **conditions: Any) -> _Blob:
        return self._found(name, **conditions)

    def get_blob_client(self, name: str) -> SimpleNamespace:
        return SimpleNamespace(
            exists=lambda: name in self.blobs, get_blob_properties=lambda: self._found(name).properties
        )

    def list_blob_names(self, *, name_starts_with: str = "") -> Iterator[str]:
        self.before()
        yield from sorted(name for name in self.blobs if name.startswith(name_starts_with))

    def list_blobs(self, *, name_starts_with: str = "", **_options: Any) -> Iterator[SimpleNamespace]:
        for name in list(self.list_blob_names(name_starts_with=name_starts_with)):
            yield self.blobs[name].properties

    def delete_blob(self, name: str, **conditions: Any) -> None:
        self._found(name, **conditions)
        del self.blobs[name]

    def _found(self, name: str, etag: str | None = None, **_conditions: Any) -> _Blob:
        self.before()
        if name not in self.blobs:
            raise ResourceNotFoundError
        if etag is not None and self.blobs[name].properties.etag != etag:
            raise ResourceModifiedError
        return self.blobs[name]


class MemoryStorage(Storage):
    """All tables and containers of an account, empty at first. ``before`` is called before each request."""

    def __init__(self, clock: TestClock) -> None:
        super().__init__()
        self._clock = clock
        self.before: Before = _nothing
        self.tables: dict[str, MemoryTable] = {}
        self.containers: dict[str, MemoryContainer] = {}

    def table(self, name: str) -> MemoryTable:
        found = self.tables.setdefault(name, MemoryTable(self._clock))
        found.before = self.before
        return found

    def container(self, name: str) -> ContainerClient:
        found = self.containers.setdefault(name, MemoryContainer(self._clock))
        found.before = self.before
        return cast("ContainerClient", found)

    def beside(self) -> MemoryStorage:
        """Another, empty account in which the same people have the same ids."""
        other = MemoryStorage(self._clock)
        other.tables["people"] = self.table("people")
        return other

    def copied(self) -> MemoryStorage:
        """Another account in which everything stands that stands in this one."""
        other = MemoryStorage(self._clock)
        for name, table in self.tables.items():
            other.table(name).rows |= table.rows
            other.table(name)._etags = count(
                1 + max((int(one.etag) for one in table.rows.values()), default=0)
            )
        for name, container in self.containers.items():
            other.container(name)
            other.containers[name].blobs |= container.blobs
            other.containers[name]._put |= container._put
        return other


def app_in_memory(
    clock: TestClock, environ: Mapping[str, str] | None = None, storage: MemoryStorage | None = None
) -> App:
    """An app on such an account; settings by name."""
    told = {"DATA_STORAGE": "UseDevelopmentStorage=true", "DEVELOPMENT_PRINCIPAL": "developer"}
    told |= environ or {}
    return App(load(told), storage or MemoryStorage(clock), told, clock.as_clock())
