"""Conditional writes, lost replies and batches, against a real Azurite."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from azure.core.exceptions import ServiceResponseError

from shared.errors import StoreConflict, StoreLimit, StoreUnavailable
from shared.store.limits import BATCH_BYTES
from shared.store.storage import Storage
from shared.store.tables import Change, Table
from tests.faults.proxy import StorageProxy, Trouble
from tests.store.conftest import Connect
from tests.store.wire import Asked, Watch, at, lose_reply


def row(key: str = "r", **properties: Any) -> dict[str, Any]:
    return {"PartitionKey": "p", "RowKey": key, **properties}


def value(table: Table, key: str = "r") -> Any:
    stored = table.get("p", key)
    return None if stored is None else stored.entity["value"]


def test_what_was_never_written_is_none(table: Table) -> None:
    """A missing row is no error."""
    assert table.get("p", "r") is None


def test_a_row_is_inserted_once(table: Table) -> None:
    """The second insert loses, and the first one's row stands."""
    table.insert(row(value=1))
    with pytest.raises(StoreConflict):
        table.insert(row(value=2))
    assert value(table) == 1


def test_a_row_is_replaced_as_it_was_read(table: Table) -> None:
    """The ETag of the write is good for the next one; a stale one loses, and nothing changes."""
    first = table.insert(row(value=1))
    second = table.replace(row(value=2), first)
    with pytest.raises(StoreConflict):
        table.replace(row(value=3), first)
    assert value(table) == 2
    table.replace(row(value=4), second)
    assert value(table) == 4


def _row_with(damaged: str) -> bytes:
    """A row's answer of which one property is not what it says."""
    return f'{{"odata.etag": "e", "PartitionKey": "p", "RowKey": "r", {damaged}}}'.encode()


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble(404, "TableNotFound"),
        Trouble(404, body=b"<html>no such page</html>"),
        Trouble(200, body=b""),
        Trouble(412, body=b"\xff"),
        Trouble(500, body=b'{"odata.error":'),
        Trouble(404, body=b'{"odata.error": null}'),
        Trouble(409, body=b'{"odata.error": {"code": 3, "message": []}}'),
        Trouble(200, body=b'{"value": null}'),
        Trouble(200, body=b'{"odata.error": null}'),
        Trouble(200, body=b"[]"),
        Trouble(200, body=_row_with('"Timestamp": "some day"')),
        Trouble(200, body=_row_with('"id@odata.type": "Edm.Guid", "id": "none"')),
        Trouble(200, body=_row_with('"packed0@odata.type": "Edm.Binary", "packed0": "=a"')),
    ],
)
def test_what_says_nothing_of_rows_is_taken_for_storage_that_is_away(
    storage: str, table: Table, trouble: Trouble
) -> None:
    """A missing table is no missing row and nobody's doing; and what cannot be read is no answer."""
    etag = table.insert(row(value=1))
    with StorageProxy(storage) as proxy:
        beyond = Storage(proxy.connection, retry_total=0).table("facts")
        proxy.trouble = trouble
        asking: list[Callable[[], object]] = [
            lambda: beyond.get("p", "r"),
            lambda: list(beyond.query("p")),
            lambda: beyond.replace(row(value=2), etag),
            lambda: beyond.insert_all([row("s"), row("t")]),
            lambda: beyond.change_all([Change(row(value=2), etag), Change(row("s"))]),
            lambda: beyond.delete_all("p", ["r", "s"]),
        ]
        for ask in asking:
            with pytest.raises(StoreUnavailable):
                ask()
    assert value(table) == 1


def test_a_defect_of_ours_is_not_taken_for_storage_that_is_away(table: Table) -> None:
    """It would be tried again for ever, and nobody would be told."""
    with pytest.raises((TypeError, ValueError, StoreLimit)):
        table.put(row(value=object()))
    with pytest.raises(AttributeError):
        Table(None).get("p", "r")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="Partition Keys"):
        table.put_all([row("r"), row("s") | {"PartitionKey": "q"}])


@pytest.mark.parametrize("asked", ["20", "Fri, 31 Dec 2027 23:59:59 GMT", "soon"])
def test_nobody_waits_as_long_as_storage_likes(storage: str, table: Table, asked: str) -> None:
    """A run has a lease and a function a time-out: what Retry-After asks for is cut short, in any form."""
    began = time.monotonic()
    with StorageProxy(storage) as proxy:
        proxy.trouble = Trouble(503, "ServerBusy", retry_after=asked)
        with pytest.raises(StoreUnavailable):
            Storage(proxy.connection, longest_wait=0.01).table("facts").get("p", "r")
        assert len(proxy.asked) == 4
    assert time.monotonic() - began < 20
    assert value(table) is None


def test_a_row_that_is_gone_cannot_be_replaced(table: Table) -> None:
    """A conditional write never brings a row back."""
    etag = table.insert(row(value=1))
    table.delete("p", "r")
    with pytest.raises(StoreConflict):
        table.replace(row(value=2), etag)
    assert table.get("p", "r") is None
    table.delete("p", "r")


def test_replacing_leaves_nothing_of_the_former_row(table: Table) -> None:
    """Replaced, not merged: a piece that is no longer written is gone."""
    etag = table.insert(row(value=1, more=2))
    table.replace(row(value=3), etag)
    stored = table.get("p", "r")
    assert stored is not None
    assert "more" not in stored.entity


def test_a_replacement_whose_reply_was_lost_is_recognised(connect: Connect) -> None:
    """The repeated request meets its own write: 412, and yet it is ours."""
    etag = connect().table("facts").insert(row(value=1))
    watch = Watch(after=lose_reply(lambda asked: asked.method == "PUT"))
    table = connect(transport=watch).table("facts")
    after = table.replace(row(value=2), etag)
    assert [asked.method for asked in watch.asked] == ["PUT", "PUT", "GET"]
    assert value(table) == 2
    table.replace(row(value=3), after)


def test_an_insertion_whose_reply_was_lost_is_recognised(connect: Connect) -> None:
    """Its reply lost, the row is there: the writer is told so, not that it lost."""
    watch = Watch(after=lose_reply(lambda asked: asked.method == "POST"))
    table = connect(transport=watch).table("facts")
    etag = table.insert(row(value=1))
    table.replace(row(value=2), etag)
    assert value(table) == 2


def test_anothers_row_is_not_taken_for_ones_own(connect: Connect) -> None:
    """Equal content is no proof: who comes second, with or without a lost reply, has lost."""
    watch = Watch()
    mine = connect(transport=watch).table("facts")
    etag = mine.insert(row(value=1))
    anothers = connect().table("facts")
    watch.before = at(2, lambda: anothers.put(row(value=2)))
    watch.after = lose_reply(lambda asked: asked.method == "PUT")
    with pytest.raises(StoreConflict):
        mine.replace(row(value=2), etag)


def test_a_request_that_never_arrived_is_no_success(connect: Connect) -> None:
    """No reply and no row with our stamp: the caller is told that storage is away."""

    def cut(asked: Asked) -> None:
        if asked.writes:
            raise ServiceResponseError("the connection was closed")

    table = connect(transport=Watch(before=cut), retry_total=0).table("facts")
    with pytest.raises(StoreUnavailable):
        table.insert(row(value=1))
    assert table.get("p", "r") is None


def test_a_query_is_in_order_and_within_its_bounds(table: Table) -> None:
    """First and last are both included; other partitions are not."""
    table.put_all(row(f"{number:03d}", value=number) for number in range(10))
    table.put(row("005", value=99) | {"PartitionKey": "other"})
    found = [entity["value"] for entity, _ in table.query("p", first="003", last="006")]
    assert found == [3, 4, 5, 6]


def test_more_than_a_page_is_found(connect: Connect) -> None:
    """A query follows the continuation of a page of 1,000 rows."""
    watch = Watch()
    table = connect(transport=watch).table("facts")
    table.put_all(row(f"{number:04d}", value=number) for number in range(1_050))
    before = len(watch.asked)
    assert [entity["value"] for entity, _ in table.query("p")] == list(range(1_050))
    assert len(watch.asked) - before == 2


@pytest.mark.parametrize("count", [1, 100, 101, 250])
def test_batches_are_of_at_most_100(connect: Connect, count: int) -> None:
    """As many transactions as it takes, and every row is there."""
    watch = Watch()
    table = connect(transport=watch).table("facts")
    table.insert_all(row(f"{number:04d}", value=number) for number in range(count))
    assert len(watch.asked) == -(-count // 100)
    assert len(list(table.query("p"))) == count
    table.put_all(row(f"{number:04d}", value=-number) for number in range(count))
    assert [entity["value"] for entity, _ in table.query("p")] == [-number for number in range(count)]


def test_a_batch_is_at_most_4_mib_on_the_wire(connect: Connect) -> None:
    """Binary properties travel as base64: what counts is the request's size."""
    watch = Watch()
    table = connect(transport=watch).table("facts")
    pieces = {f"packed{at}": b"x" * (60 * 1024) for at in range(12)}
    table.put_all(row(str(number), value=number, **pieces) for number in range(7))
    assert max(asked.size for asked in watch.asked) <= BATCH_BYTES
    assert len(watch.asked) < 7
    assert [entity["value"] for entity, _ in table.query("p")] == list(range(7))


def test_a_batch_with_a_row_that_exists_writes_none_of_it(table: Table) -> None:
    """All of a batch or nothing."""
    table.insert(row("b", value=1))
    with pytest.raises(StoreConflict):
        table.insert_all([row("a", value=2), row("b", value=2)])
    assert value(table, "a") is None
    assert value(table, "b") == 1


def test_storage_that_is_away_is_said_so(connect: Connect, storage: str) -> None:
    """Neither a URL nor a body goes into the message."""
    away = re.sub(r"(127\.0\.0\.1):\d+", r"\1:9", storage)
    table = Table(type(connect())(away, retry_total=0).table_service.get_table_client("facts"))
    asks: list[Any] = [
        lambda: table.get("p", "r"),
        lambda: list(table.query("p")),
        lambda: table.insert(row()),
        lambda: table.put(row()),
        lambda: table.put_all([row("a"), row("b")]),
        lambda: table.insert_all([row()]),
        lambda: table.delete("p", "r"),
    ]
    for ask in asks:
        with pytest.raises(StoreUnavailable, match=r"table storage cannot be reached \(\w+\)"):
            ask()


def test_a_missing_table_is_storage_that_is_away(connect: Connect) -> None:
    """Not nothing found: 404 of a table is no empty answer."""
    table = Table(connect().table_service.get_table_client("never"))
    with pytest.raises(StoreUnavailable):
        list(table.query("p"))
    with pytest.raises(StoreUnavailable):
        table.put(row())


def test_a_proxy_that_the_machine_names_is_asked(storage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where none is named the environment is left alone, and where one is, storage is reached through it."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        Storage(storage, retry_total=0).table("facts").get("p", "r")
