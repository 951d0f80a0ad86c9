"""The containers: ``raw`` (ours, content-addressed), ``drop`` (the admin's) and ``quarantine``.

Nothing of ours is ever written into ``drop``; no blob name of ours carries an address or a file's name. What
an admin uploads by the dashboard is the admin's, and keeps its file's name as any drop does.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from azure.core import MatchConditions
from azure.core.exceptions import (
    AzureError,
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
)

from shared.errors import StoreConflict, StoreError, StoreUnavailable
from shared.store.sdk import UNREADABLE, is_failed_reading

if TYPE_CHECKING:
    from azure.storage.blob import ContainerClient, ContentSettings

#: How an answer is encoded where it is kept, in the words of HTTP.
GZIP = "gzip"


def digest_of(content: bytes) -> str:
    """The name of a content: SHA-256, hex."""
    return hashlib.sha256(content).hexdigest()


class Raw:
    """Every upstream answer and every dropped file, as it came, before anything reads it."""

    def __init__(self, container: ContainerClient) -> None:
        self._container = container

    def keep(self, content: bytes) -> str:
        """Make the content durable; its digest."""
        digest = digest_of(content)
        self._keep(digest, content)
        return digest

    def keep_answer(self, page: bytes, *, known: Container[str] = ()) -> str:
        """The same of what the vendor answered; one that is ``known`` to be kept costs nothing.

        It takes a tenth of its size, because JSON says the same names over and over. Who looks at the blob
        with a browser or the portal sees the answer as it came.
        """
        digest = digest_of(page)
        if digest not in known:
            self._keep(digest, gzip.compress(page, 1, mtime=0), content_settings=_gzipped())
        return digest

    def _keep(self, digest: str, content: bytes, **options: Any) -> None:
        with _our_errors():
            try:
                self._container.upload_blob(_content_path(digest), content, overwrite=False, **options)
            except ResourceExistsError:
                self._be_sure_of(digest)

    def keep_pieces(self, digest: str, content: Iterator[bytes]) -> None:
        """Make a content durable whose digest is known, and which is too large to hold."""
        with _our_errors():
            if self._container.get_blob_client(_content_path(digest)).exists():
                return
            try:
                self._container.upload_blob(_content_path(digest), content, overwrite=False)
            except ResourceExistsError:
                self._be_sure_of(digest)

    def _be_sure_of(self, digest: str) -> None:
        """A 409 has other reasons, too, and nothing may be read that is not kept."""
        if not self._container.get_blob_client(_content_path(digest)).exists():
            raise StoreUnavailable("blob storage answered 409 of a content that is not there")

    def read(self, digest: str) -> bytes:
        """The content of that digest."""
        return b"".join(self.stream(digest))

    def stream(self, digest: str) -> Iterator[bytes]:
        """The same piece by piece; an answer in one. Raises StoreError where it is damaged."""
        with _our_errors():
            found = self._container.download_blob(_content_path(digest), decompress=False)
            if found.properties.content_settings.content_encoding != GZIP:
                yield from found.chunks()
                return
            packed = b"".join(found.chunks())
        try:
            yield gzip.decompress(packed)
        except (OSError, EOFError, zlib.error) as error:
            raise StoreError(f"a kept answer cannot be read: {type(error).__name__}") from error

    def arrivals_by_path(self, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """``arrivals``, each with the path under which it was noted."""
        with _our_errors():
            for name in self._container.list_blob_names(name_starts_with=f"arrivals/{path}"):
                document = self._container.download_blob(name).readall()
                noted = name.removeprefix("arrivals/").removesuffix(".json")
                yield noted, msgspec.json.decode(document, type=dict[str, Any])

    def note_arrival_anew(self, path: str, document: Mapping[str, Any]) -> None:
        """Note it in the place of another, of which no older version stays."""
        _remove(self._container, f"arrivals/{path}.json")
        self.note_arrival(path, document)

    def note_arrival(self, path: str, document: Mapping[str, Any]) -> None:
        """Keep the small document that says what came when: with it a rebuild needs no table."""
        with _our_errors():
            self._container.upload_blob(
                f"arrivals/{path}.json", msgspec.json.encode(document, order="sorted"), overwrite=True
            )

    def arrivals(self, path: str) -> Iterator[dict[str, Any]]:
        """The documents noted under a path, in the order of their names."""
        yield from self._documents(f"arrivals/{path}")

    def decide(self, path: str, document: Mapping[str, Any]) -> dict[str, Any]:
        """Keep what was decided, beside what came: a rebuild heeds it. The decision that holds: the first."""
        name = f"decisions/{path}.json"
        with _our_errors():
            with suppress(ResourceExistsError):
                self._container.upload_blob(name, msgspec.json.encode(document, order="sorted"))
            kept = self._container.download_blob(name).readall()
            return msgspec.json.decode(kept, type=dict[str, Any])

    def decisions(self, path: str = "") -> Iterator[dict[str, Any]]:
        """The decisions under a path, in the order of their names."""
        yield from self._documents(f"decisions/{path}")

    def note_told(self, moment: datetime, restatements: list[Any]) -> None:
        """Keep what was told of closed periods and is taken back; the same again changes nothing."""
        content = msgspec.json.encode(restatements, order="sorted")
        name = f"told/{moment:%Y-%m-%dT%H%M%SZ}-{digest_of(content)[:16]}.json"
        with _our_errors():
            self._container.upload_blob(name, content, overwrite=True)

    def told(self) -> Iterator[list[Any]]:
        """What was noted so, in the order of time."""
        with _our_errors():
            for name in self._container.list_blob_names(name_starts_with="told/"):
                yield msgspec.json.decode(self._container.download_blob(name).readall(), type=list[Any])

    def contents(self) -> Iterator[str]:
        """The digest of every content that is kept."""
        with _our_errors():
            for name in self._container.list_blob_names(name_starts_with="sha256/"):
                yield name.rpartition("/")[2]

    def contents_from_before(self, moment: datetime) -> Iterator[str]:
        """The digests of contents that were kept before a moment."""
        with _our_errors():
            for blob in self._container.list_blobs(name_starts_with="sha256/"):
                if blob.last_modified < moment:
                    yield blob.name.rpartition("/")[2]

    def drop_arrival(self, path: str) -> None:
        """Delete an arrival's document."""
        _remove(self._container, f"arrivals/{path}.json")

    def remove(self, digest: str) -> None:
        """Delete a content, and its older versions where the account keeps such; it may be gone already.

        Where the account has soft delete, they can be restored until that ends.
        """
        _remove(self._container, _content_path(digest))

    def _documents(self, prefix: str) -> Iterator[dict[str, Any]]:
        with _our_errors():
            for name in self._container.list_blob_names(name_starts_with=prefix):
                document = self._container.download_blob(name).readall()
                yield msgspec.json.decode(document, type=dict[str, Any])


def _gzipped() -> ContentSettings:
    from azure.storage.blob import ContentSettings

    return ContentSettings(content_type="application/json", content_encoding=GZIP)


def _content_path(digest: str) -> str:
    return f"sha256/{digest[:2]}/{digest}"


_DOTS = frozenset({".", ".."})


class Dropped(NamedTuple):
    """A file in ``drop``, unread."""

    name: str
    etag: str
    size: int
    last_modified: datetime
    metadata: Mapping[str, str]

    @property
    def receipt_id(self) -> str:
        """The id that its receipt will have: another one for whatever takes its place."""
        return digest_of(f"{self.name}\n{self.etag}".encode())[:16]


class Drop:
    """The admin's container: nothing is put there but what an admin uploads by the dashboard."""

    def __init__(self, container: ContainerClient) -> None:
        self._container = container

    def find(self, name: str) -> Dropped | None:
        """The file of that name, or None where it has left already.

        A name with a folder ``.`` or ``..`` is nobody's here: in a URL it means another file, and that one
        would be taken for it.
        """
        if not _DOTS.isdisjoint(name.split("/")):
            return None
        with _our_errors():
            try:
                found = self._container.get_blob_client(name).get_blob_properties()
            except ResourceNotFoundError:
                return None
            return Dropped(
                name, str(found.etag), int(found.size), found.last_modified, dict(found.metadata or {})
            )

    def put(self, name: str, content: bytes, metadata: Mapping[str, str]) -> Dropped:
        """Put a file there, as an admin would; it may have left already when this returns.

        Raises StoreConflict where one of that name waits.
        """
        told = dict(metadata)
        with _our_errors():
            try:
                put = self._container.get_blob_client(name).upload_blob(content, metadata=told)
            except ResourceExistsError as error:
                raise StoreConflict("a file of that name waits already") from error
            return Dropped(name, str(put["etag"]), len(content), put["last_modified"], told)

    def list(self) -> Iterator[str]:
        """The names of the files that are waiting."""
        with _our_errors():
            yield from self._container.list_blob_names()

    def stream(self, dropped: Dropped) -> Iterator[bytes]:
        """The file piece by piece. Raises StoreConflict where another has taken its place."""
        with _our_errors():
            try:
                yield from self._container.download_blob(
                    dropped.name, etag=dropped.etag, match_condition=MatchConditions.IfNotModified
                ).chunks()
            except (ResourceModifiedError, ResourceNotFoundError) as error:
                raise StoreConflict("another file has taken the dropped file's place") from error

    def remove(self, dropped: Dropped) -> None:
        """Take the file away where it is still the one that was found."""
        with _our_errors():
            try:
                self._container.delete_blob(
                    dropped.name, etag=dropped.etag, match_condition=MatchConditions.IfNotModified
                )
            except (ResourceModifiedError, ResourceNotFoundError):
                return


class Quarantine:
    """Refused files, each beside its report. The file's own name stands on the receipt only."""

    def __init__(self, container: ContainerClient) -> None:
        self._container = container

    def put(self, receipt_id: str, content: bytes | Iterator[bytes], report: bytes) -> None:
        """Keep the file, whole or piece by piece, and the report."""
        with _our_errors():
            self._container.upload_blob(f"{receipt_id}/file", _whole_if_one(content), overwrite=True)
            self._container.upload_blob(f"{receipt_id}/report.json", report, overwrite=True)

    def names(self) -> list[str]:
        """The names of everything that lies here."""
        with _our_errors():
            return list(self._container.list_blob_names())

    def read(self, name: str) -> bytes:
        """A file or a report."""
        with _our_errors():
            return self._container.download_blob(name).readall()

    def drop_before(self, moment: datetime) -> int:
        """Delete what was put here before a moment; how many blobs went."""
        with _our_errors():
            old = [blob.name for blob in self._container.list_blobs() if blob.last_modified < moment]
        for name in old:
            _remove(self._container, name)
        return len(old)

    def replace(self, name: str, content: bytes) -> None:
        """Put another content in its place; none of the older versions stays."""
        _remove(self._container, name)
        with _our_errors():
            self._container.upload_blob(name, content, overwrite=True)


def _remove(container: ContainerClient, name: str) -> None:
    with _our_errors():
        with suppress(ResourceNotFoundError):
            container.delete_blob(name, delete_snapshots="include")
        for older in container.list_blobs(name_starts_with=name, include=["versions"]):
            if older.name == name and older.version_id:
                with suppress(ResourceNotFoundError):
                    container.delete_blob(name, version_id=older.version_id)


def _whole_if_one(content: bytes | Iterator[bytes]) -> bytes | Iterator[bytes]:
    """One piece is put with one request, where the SDK would first put a block and then name it."""
    if isinstance(content, bytes):
        return content
    first, second = next(content, b""), next(content, None)
    return first if second is None else chain((first, second), content)


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except HttpResponseError as error:
        raise StoreUnavailable(f"blob storage answered {error.status_code}") from error
    except AzureError as error:
        raise StoreUnavailable(f"blob storage cannot be reached ({type(error).__name__})") from error
    except UNREADABLE as error:
        if not is_failed_reading(error):
            raise
        raise StoreUnavailable("blob storage gave an answer that cannot be read") from error
