"""Laws of storage that forgets: read as if it were written, and nothing behind it ever is."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from shared.errors import StoreConflict, StoreError, StoreLimit
from shared.store.drafts import DraftStorage, DraftTable
from shared.store.tables import Stored
from tests.conftest import TestClock
from tests.hidden_history.account import MemoryTable


def row(partition: str, key: str, **told: object) -> dict[str, object]:
    return {"PartitionKey": partition, "RowKey": key, **told}


@pytest.fixture
def behind(clock: TestClock) -> MemoryTable:
    table = MemoryTable(clock)
    for key in "bdf":
        table.insert(row("p", key, said="before"))
    table.insert(row("q", "b", said="before"))
    return table


def said(rows: Iterable[Stored]) -> list[tuple[str, str]]:
    return [(one.entity["RowKey"], one.entity["said"]) for one in rows]


def test_what_is_written_is_read_over_what_stands(behind: MemoryTable) -> None:
    """Both in the order of their keys, each key once; the table behind is as it was."""
    before = dict(behind.rows)
    draft = DraftTable(behind)
    for key in "ade":
        draft.put(row("p", key, said="now"))
    assert said(draft.query("p")) == [
        ("a", "now"),
        ("b", "before"),
        ("d", "now"),
        ("e", "now"),
        ("f", "before"),
    ]
    assert said(draft.query("p", first="b", last="d")) == [("b", "before"), ("d", "now")]
    across = said(draft.query_partitions("p", "q", select=("said",)))
    assert across[-2:] == [("f", "before"), ("b", "before")]
    assert said(one for one in [draft.get("p", "d")] if one) == [("d", "now")]
    assert (behind.rows, set(draft.written)) == (before, {("p", "a"), ("p", "d"), ("p", "e")})


def test_conditions_hold_as_they_do_in_storage(behind: MemoryTable) -> None:
    """What exists is not inserted, what has changed is not replaced, what storage cannot hold is refused."""
    draft = DraftTable(behind)
    with pytest.raises(StoreConflict):
        draft.insert(row("p", "b"))
    draft.insert_all([row("p", "new"), row("p", "newer")])
    with pytest.raises(StoreConflict):
        draft.insert_all([row("p", "newest"), row("p", "new")])
    assert draft.get("p", "newest") is None
    stands = draft.get("p", "b")
    assert stands is not None
    etag = draft.replace(row("p", "b", said="now"), stands.etag)
    with pytest.raises(StoreConflict):
        draft.replace(row("p", "b", said="again"), stands.etag)
    assert draft.replace(row("p", "b", said="again"), etag) != etag
    with pytest.raises(StoreConflict):
        draft.replace(row("p", "nowhere"), etag)
    with pytest.raises(StoreLimit):
        draft.put(row("p", "x", said="x" * 40_000))


def test_what_a_draft_does_not_know_reaches_nothing(behind: MemoryTable) -> None:
    """There is no client to write with: a kind of write that is new to the ingest fails here."""
    draft = DraftTable(behind)
    with pytest.raises(AttributeError):
        draft.delete("p", "b")
    for nowhere in (DraftStorage(None).container, DraftStorage(None).queue):
        with pytest.raises(StoreError):
            nowhere("drop")
    assert said(DraftTable(None).query("p")) == []
