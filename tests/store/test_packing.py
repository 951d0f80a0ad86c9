"""Whatever is packed comes back, however many properties it takes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.errors import StoreError
from shared.records import Attempt, Content, DayEntry, Fact, Measures
from shared.store.limits import ENTITY_BYTES, PROPERTY_BYTES, check_entity
from shared.store.packing import (
    CHUNK_BYTES,
    CHUNKS_PER_ENTITY,
    chunks,
    entities_of,
    joined,
    pack,
    properties,
    unpack,
)

counts = st.integers(0, 10**15)
contents: list[Content] = ["rows", "empty", "none"]
attempts: list[Attempt] = ["ok", "failed", "never"]
measures = st.builds(
    Measures,
    *[counts] * 8,
    st.decimals(0, 10**9, allow_nan=False, allow_infinity=False, places=12),
)
facts = st.builds(
    Fact,
    st.from_regex(r"[ekn][0-9a-f]{16}", fullmatch=True),
    st.sampled_from(["api", "subscription", "another"]),
    measures,
)
moments = st.datetimes(
    datetime(2020, 1, 1),  # noqa: DTZ001 - the zone is given below
    datetime(2040, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
entries = st.builds(
    DayEntry,
    st.integers(0, 10**8),
    st.integers(0, 10**8),
    st.sampled_from(contents),
    st.sampled_from(attempts),
    st.booleans(),
    st.none() | moments,
    note=st.text(max_size=80),
)


@given(st.lists(facts, max_size=40))
@settings(max_examples=60)
def test_facts_come_back_as_they_were(written: list[Fact]) -> None:
    """Counts beyond 64 bits of a float and costs to the trillionth survive."""
    assert unpack(pack(written), list[Fact]) == written


@given(st.dictionaries(st.dates(date(2024, 1, 1), date(2030, 1, 1)), entries, max_size=20))
@settings(max_examples=60)
def test_days_come_back_as_they_were(written: dict[date, DayEntry]) -> None:
    """Dates as keys, moments with their zone, and what is left out as a default."""
    assert unpack(pack(written), dict[date, DayEntry]) == written


@given(st.binary(max_size=5), st.integers(0, 4 * CHUNK_BYTES), st.integers(-2, 2))
@settings(max_examples=60)
def test_bytes_are_cut_to_what_a_property_holds(start: bytes, length: int, off: int) -> None:
    """Every piece fits a property, none is lost, and nothing at all is one empty piece."""
    packed = start + b"x" * max(0, length + off)
    pieces = properties("packed", packed)
    check_entity({"PartitionKey": "p", "RowKey": "r", **pieces})
    assert joined("packed", pieces) == packed


@pytest.mark.parametrize("length", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1])
def test_the_edges_of_a_piece(length: int) -> None:
    """At the edge there is no empty piece and no piece too long."""
    cut = chunks(b"x" * length)
    assert len(cut) == max(1, -(-length // CHUNK_BYTES))
    assert all(len(piece) <= CHUNK_BYTES < PROPERTY_BYTES for piece in cut)


def test_pieces_are_grouped_to_what_an_entity_holds() -> None:
    """A group of full pieces is an entity that Azure takes, as base64 too; the pieces stay in order."""
    pieces = [bytes([at]) * CHUNK_BYTES for at in range(2 * CHUNKS_PER_ENTITY + 1)]
    groups = list(entities_of(pieces))
    assert [piece for group in groups for piece in group] == pieces
    for group in groups:
        named = {f"packed{at}": piece for at, piece in enumerate(group)}
        size = check_entity({"PartitionKey": "p" * 512, "RowKey": "r" * 4, "entities": 9, **named})
        assert size * 4 // 3 < ENTITY_BYTES


def test_equal_values_give_equal_bytes() -> None:
    """Whoever packs the same facts again writes the same row."""
    one = Fact("e1", "api", Measures(1, cost=Decimal("0.10")))
    assert pack([one]) == pack([Fact("e1", "api", Measures(1, cost=Decimal("0.10")))])


@pytest.mark.parametrize(
    ("packed", "kind"),
    [(b"no zlib", list[Fact]), (pack({"a": 1}), list[Fact]), (pack([1])[:-3], list[int])],
)
def test_damaged_bytes_are_an_error(packed: bytes, kind: Any) -> None:
    """What cannot be read is never taken for nothing."""
    with pytest.raises(StoreError):
        unpack(packed, kind)


def test_durations_are_no_part_of_what_is_kept() -> None:
    """A moment keeps its microseconds."""
    moment = datetime(2026, 11, 9, 12, 30, 1, 5, tzinfo=UTC) + timedelta(microseconds=1)
    assert unpack(pack(moment), datetime) == moment
