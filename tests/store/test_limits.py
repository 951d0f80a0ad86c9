"""Table Storage's limits are ours to enforce: the emulator takes what Azure would refuse."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.errors import StoreLimit
from shared.store.limits import ENTITY_BYTES, PROPERTIES, PROPERTY_BYTES, check_entity
from shared.store.tables import Table


def entity(**properties: Any) -> dict[str, Any]:
    return {"PartitionKey": "p", "RowKey": "r", **properties}


@pytest.mark.parametrize("key", ["PartitionKey", "RowKey"])
@pytest.mark.parametrize("bad", ["a/b", "a\\b", "a#b", "a?b", "a\tb", "a\nb", "a\x00b", "a\x7fb", "a\x9fb"])
def test_a_key_holds_no_forbidden_character(key: str, bad: str) -> None:
    """Slashes, ``#``, ``?`` and control characters are illegal in keys."""
    with pytest.raises(StoreLimit, match=key):
        check_entity(entity() | {key: bad})


@pytest.mark.parametrize("key", ["PartitionKey", "RowKey"])
def test_a_key_is_at_most_1_kib(key: str) -> None:
    """A key is UTF-16: 512 characters fit, and one more does not."""
    check_entity(entity() | {key: "k" * 512})
    with pytest.raises(StoreLimit, match=key):
        check_entity(entity() | {key: "k" * 513})
    with pytest.raises(StoreLimit, match=key):
        check_entity(entity() | {key: "😀" * 257})


def test_a_property_is_at_most_64_kib() -> None:
    """64 KiB with the four bytes of its length, and not one byte more."""
    check_entity(entity(packed=b"x" * (PROPERTY_BYTES - 4)))
    with pytest.raises(StoreLimit, match="packed"):
        check_entity(entity(packed=b"x" * (PROPERTY_BYTES - 3)))


def test_a_text_is_at_most_32_k_characters() -> None:
    """A character takes two bytes, one outside the basic plane four."""
    check_entity(entity(text="x" * (32 * 1024 - 2)))
    with pytest.raises(StoreLimit, match="text"):
        check_entity(entity(text="x" * (32 * 1024 - 1)))
    with pytest.raises(StoreLimit, match="text"):
        check_entity(entity(text="😀" * 16 * 1024))


def test_an_entity_is_at_most_1_mib() -> None:
    """Properties that fit one by one may be too much together."""
    sixteen = {f"packed{index}": b"x" * (60 * 1024) for index in range(16)}
    assert 16 * 60 * 1024 < check_entity(entity(**sixteen)) <= ENTITY_BYTES
    with pytest.raises(StoreLimit, match="an entity of"):
        check_entity(entity(**sixteen, more=b"x" * (63 * 1024), andmore=b"x" * 4096))


def test_an_entity_has_at_most_252_properties() -> None:
    """Beside the keys and the timestamp."""
    check_entity(entity(**{f"p{index}": 1 for index in range(PROPERTIES)}))
    with pytest.raises(StoreLimit, match="properties"):
        check_entity(entity(**{f"p{index}": 1 for index in range(PROPERTIES + 1)}))


@pytest.mark.parametrize("number", [2**31, -(2**31) - 1, 10**15])
def test_a_whole_number_beyond_32_bits_is_refused(number: int) -> None:
    """The SDK would send it as Int32, or not at all: token counts are packed instead."""
    check_entity(entity(most=2**31 - 1, least=-(2**31), yes=True, when=datetime(2026, 11, 9, tzinfo=UTC)))
    with pytest.raises(StoreLimit, match="tokens"):
        check_entity(entity(tokens=number))


def test_every_way_of_writing_is_checked(table: Table) -> None:
    """What does not fit is refused before a request is made, by put, put_all, insert and the others."""
    etag = table.insert(entity(small=b"x"))
    large = entity(large=b"x" * PROPERTY_BYTES)
    writes: list[Any] = [
        lambda: table.insert(large),
        lambda: table.replace(large, etag),
        lambda: table.put(large),
        lambda: table.put_all([large, entity() | {"RowKey": "s"}]),
        lambda: table.insert_all([large]),
    ]
    for write in writes:
        with pytest.raises(StoreLimit):
            write()
    stored = table.get("p", "r")
    assert stored is not None
    assert stored.entity["small"] == b"x"
