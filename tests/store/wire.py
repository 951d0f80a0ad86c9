"""What tests of storage share: the wire to it, watched; and everything that stands in an account."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from azure.core.exceptions import ServiceResponseError
from azure.core.pipeline.transport import RequestsTransport

from shared.store.storage import CONTAINERS, TABLES, Storage


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to storage: which one it was, and what for."""

    number: int
    method: str
    url: str
    size: int

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    def concerns(self, name: str) -> bool:
        """Whether it concerns that table or container."""
        return self.url.partition("?")[0].split("/", 4)[4].startswith(name)


Hook = Callable[[Asked], None]


def _nothing(_asked: Asked) -> None:
    return


class Watch(RequestsTransport):  # type: ignore[misc]  # the SDK exports it without its type
    """The SDK's own transport. It remembers every request, and hooks may act before one or after it.

    What a hook raises reaches the caller: ``before`` an answer was asked for, ``after`` it was given.
    """

    def __init__(self, before: Hook = _nothing, after: Hook = _nothing) -> None:
        super().__init__(use_env_settings=False)  # Azurite is on this machine
        self.asked: list[Asked] = []
        self.before = before
        self.after = after
        self._numbering = threading.Lock()

    def send(self, request: Any, **options: Any) -> Any:
        with self._numbering:
            asked = Asked(len(self.asked) + 1, request.method, request.url, _size(request))
            self.asked.append(asked)
        self.before(asked)
        response = super().send(request, **options)
        self.after(asked)
        return response


def _size(request: Any) -> int:
    body = getattr(request, "body", None) or getattr(request, "data", None)
    return len(body) if isinstance(body, str | bytes) else 0


def at(number: int, act: Callable[[], object]) -> Hook:
    """A hook that acts once, at the request of that number, whichever comes meanwhile."""

    def hook(asked: Asked) -> None:
        if asked.number == number:
            act()

    return hook


def lose_reply(of: Callable[[Asked], bool], times: int = 1) -> Hook:
    """A hook for ``after``: storage did what was asked, and its reply never arrives."""
    left = [times]

    def hook(asked: Asked) -> None:
        if of(asked) and left[0]:
            left[0] -= 1
            raise ServiceResponseError("the connection was closed before the reply came")

    return hook


# --- everything that stands in an account ------------------------------------------------------


def entities(storage: Storage, table: str) -> Iterator[Any]:
    """Every entity of a table, whoever wrote it."""
    yield from storage.table_service.get_table_client(table).list_entities()


def copy(of: Storage, to: Storage) -> None:
    """Everything that stands in one account, into another one, which is empty."""
    for name in TABLES:
        for _, rows in groupby(entities(of, name), key=itemgetter("PartitionKey")):
            to.table(name).put_all(map(dict, rows))
    for name in CONTAINERS:
        for blob in of.container(name).list_blobs(include=["metadata"]):
            content = of.container(name).download_blob(blob.name).readall()
            to.container(name).upload_blob(blob.name, content, metadata=blob.metadata)


def etags(storage: Storage) -> dict[tuple[str, str, str], str]:
    """The ETag of every row of every table: what changes when a row is written."""
    return {
        (table, entity["PartitionKey"], entity["RowKey"]): entity.metadata["etag"]
        for table in TABLES
        for entity in entities(storage, table)
    }


def blob_etags(storage: Storage) -> dict[tuple[str, str], str]:
    """The ETag of every blob of every container."""
    return {
        (container, blob.name): blob.etag
        for container in CONTAINERS
        for blob in storage.container(container).list_blobs()
    }


def blob_names(storage: Storage, container: str) -> list[str]:
    """The names of a container's blobs, in order."""
    return list(storage.container(container).list_blob_names())


def plain(value: Any) -> str:
    """A property's value as text, unpacked where it is packed."""
    if isinstance(value, bytes):
        with suppress(zlib.error):
            value = zlib.decompress(value)
        return bytes(value).decode("utf-8", "replace")
    return str(value)
