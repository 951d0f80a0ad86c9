"""The containers: raw is content-addressed, and what stands in drop is the admin's."""

from __future__ import annotations

import hashlib
import random
import re
from typing import Any

import pytest
from azure.storage.blob import ContentSettings

from shared.errors import StoreConflict, StoreError, StoreUnavailable
from shared.store.blobs import Drop, Quarantine, Raw, digest_of
from shared.store.storage import Storage
from tests.store.conftest import Connect
from tests.store.wire import Watch, blob_etags, blob_names


def put(storage: Storage, name: str, content: bytes, **options: Any) -> None:
    """Drop a file, as an admin does."""
    storage.container("drop").upload_blob(name, content, overwrite=True, **options)


def test_a_content_is_kept_once_under_its_digest(connect: Connect) -> None:
    """Kept again it is neither written nor changed; what is known to be kept costs no request."""
    watch = Watch()
    storage = connect(transport=watch)
    raw = Raw(storage.container("raw"))
    digest = raw.keep(b"an answer")
    assert digest == hashlib.sha256(b"an answer").hexdigest()
    before = blob_etags(storage)
    assert raw.keep(b"an answer") == digest
    assert blob_etags(storage) == before
    assert raw.read(digest) == b"an answer"


def test_an_answer_is_kept_small_and_comes_back_byte_for_byte(connect: Connect) -> None:
    """Under the digest of what came, told as the web tells it; and one that is damaged is no other answer."""
    watch = Watch()
    storage = connect(transport=watch)
    raw = Raw(storage.container("raw"))
    page = b'{"data": [%s], "has_more": false}' % b", ".join(
        [b'{"actor": "\xc3\xa9", "lines": 12}'] * 100_000
    )
    digest = raw.keep_answer(page)
    assert digest == hashlib.sha256(page).hexdigest()
    (blob,) = storage.container("raw").list_blobs()
    assert blob.size < len(page) / 10
    assert (blob.content_settings.content_encoding, blob.content_settings.content_type) == (
        "gzip",
        "application/json",
    )
    assert raw.read(digest) == page
    noise = random.Random(1).randbytes(2 << 20).hex().encode()  # noqa: S311 - fetched in more than one piece
    assert raw.read(raw.keep_answer(noise)) == noise
    before = blob_etags(storage)
    assert raw.keep_answer(page) == digest
    assert blob_etags(storage) == before
    asked = len(watch.asked)
    assert raw.keep_answer(page, known={digest}) == digest
    assert len(watch.asked) == asked
    storage.container("raw").upload_blob(
        blob.name, b"\x1f\x8b cut", overwrite=True, content_settings=ContentSettings(content_encoding="gzip")
    )
    with pytest.raises(StoreError, match="cannot be read"):
        raw.read(digest)


def test_an_answer_that_was_kept_as_it_came_is_read_as_it_is(connect: Connect) -> None:
    """Answers were, before they were kept small."""
    raw = Raw(connect().container("raw"))
    assert raw.keep_answer(b"[]") == raw.keep(b"[]") == digest_of(b"[]")
    assert raw.read(raw.keep(b'{"data": []}')) == b'{"data": []}'
    assert raw.keep_answer(b'{"data": []}') == digest_of(b'{"data": []}')
    assert raw.read(digest_of(b'{"data": []}')) == b'{"data": []}'


def test_a_large_content_is_kept_in_pieces(connect: Connect) -> None:
    """Under the digest that it is known to have, once; and comes back in pieces."""
    watch = Watch()
    storage = connect(transport=watch)
    raw = Raw(storage.container("raw"))
    content = bytes(range(256)) * 20_000
    digest = digest_of(content)
    raw.keep_pieces(digest, iter([content[:100], content[100:]]))
    before = blob_etags(storage)
    raw.keep_pieces(digest, iter([b"not even asked for"]))
    assert blob_etags(storage) == before
    assert raw.read(digest) == content
    assert max(map(len, raw.stream(digest))) <= 1 << 20


def test_what_was_never_kept_is_an_error(connect: Connect) -> None:
    """A rebuild must not take it for an empty answer."""
    with pytest.raises(StoreUnavailable):
        Raw(connect().container("raw")).read(digest_of(b"never"))


def test_arrivals_come_back_in_order(connect: Connect) -> None:
    """Under their path only; noted again, the document is replaced."""
    raw = Raw(connect().container("raw"))
    for number in (2, 1, 3, 3):
        raw.note_arrival(f"a/{number:08d}", {"version": number})
    raw.note_arrival("b/1", {"version": 9})
    assert [document["version"] for document in raw.arrivals("a/")] == [1, 2, 3]


def test_a_dropped_file_is_found_read_and_removed(connect: Connect) -> None:
    """With its size, its metadata and the ETag under which it may be taken away."""
    storage = connect()
    drop = Drop(storage.container("drop"))
    put(storage, "2026-11-13/a file.csv", b"User", metadata={"as_of": "2026-11-13"})
    assert list(drop.list()) == ["2026-11-13/a file.csv"]
    found = drop.find("2026-11-13/a file.csv")
    assert found is not None
    assert (found.size, found.metadata) == (4, {"as_of": "2026-11-13"})
    assert b"".join(drop.stream(found)) == b"User"
    drop.remove(found)
    assert drop.find("2026-11-13/a file.csv") is None
    drop.remove(found)
    with pytest.raises(StoreConflict):
        list(drop.stream(found))


def test_a_file_that_took_anothers_place_stays(connect: Connect) -> None:
    """Only the file that was read leaves: exports of one month share one name."""
    storage = connect()
    drop = Drop(storage.container("drop"))
    put(storage, "same.csv", b"old")
    found = drop.find("same.csv")
    assert found is not None
    put(storage, "same.csv", b"new")
    with pytest.raises(StoreConflict):
        list(drop.stream(found))
    drop.remove(found)
    assert blob_names(storage, "drop") == ["same.csv"]


def test_a_quarantined_file_lies_beside_its_report(connect: Connect) -> None:
    """Whole or piece by piece; put again, it is the same."""
    storage = connect()
    quarantine = Quarantine(storage.container("quarantine"))
    for content in (b"bytes", iter([b"by", b"tes"])):
        quarantine.put("r1", content, b"{}")
        assert blob_names(storage, "quarantine") == ["r1/file", "r1/report.json"]
        assert storage.container("quarantine").download_blob("r1/file").readall() == b"bytes"


def test_storage_that_is_away_is_said_so(storage: str) -> None:
    """Whoever asks learns that trying again may help, and no URL."""
    away = Storage(re.sub(r"(127\.0\.0\.1):\d+", r"\1:9", storage), retry_total=0)
    raw, drop = Raw(away.container("raw")), Drop(away.container("drop"))
    asks: list[Any] = [
        lambda: raw.keep(b"x"),
        lambda: raw.read("x"),
        lambda: raw.note_arrival("x", {}),
        lambda: list(raw.arrivals("x")),
        lambda: drop.find("x"),
        lambda: list(drop.list()),
        lambda: Quarantine(away.container("quarantine")).put("r", b"", b""),
    ]
    for ask in asks:
        with pytest.raises(StoreUnavailable, match=r"blob storage cannot be reached \(\w+\)"):
            ask()
