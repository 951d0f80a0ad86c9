"""Values in the properties of entities: packed, compressed and cut to what a property holds."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import msgspec

from shared.errors import StoreError

T = TypeVar("T")

#: What one property and one entity carry; under the limits with room for names and keys. Bytes travel
#: as base64, and the emulator measures an entity as it travels: 12 pieces fit there, 16 would in Azure.
CHUNK_BYTES = 60 * 1024
CHUNKS_PER_ENTITY = 12

_encoder = msgspec.msgpack.Encoder(decimal_format="string")


def pack(value: Any) -> bytes:
    """The value, encoded and compressed; equal values give equal bytes."""
    return zlib.compress(_encoder.encode(value), 6)


def unpack(packed: bytes, kind: type[T]) -> T:
    """The value back. Raises StoreError where the bytes are not what ``pack`` wrote."""
    try:
        return msgspec.msgpack.decode(zlib.decompress(packed), type=kind)
    except (zlib.error, msgspec.MsgspecError) as error:
        raise StoreError(f"a stored {kind!r} cannot be read: {type(error).__name__}") from error


def chunks(packed: bytes) -> list[bytes]:
    """The bytes in pieces that each fit a property; one empty piece where there are none."""
    return [packed[at : at + CHUNK_BYTES] for at in range(0, len(packed), CHUNK_BYTES)] or [b""]


def properties(prefix: str, packed: bytes) -> dict[str, bytes]:
    """The pieces as properties ``<prefix>0``, ``<prefix>1`` …"""
    return {f"{prefix}{at}": piece for at, piece in enumerate(chunks(packed))}


def joined(prefix: str, entity: Mapping[str, Any]) -> bytes:
    """The bytes that ``properties`` cut; where the last piece is missing, ``unpack`` notices."""
    pieces: list[bytes] = []
    while (piece := entity.get(f"{prefix}{len(pieces)}")) is not None:
        pieces.append(piece)
    return b"".join(pieces)


def entities_of(pieces: list[bytes]) -> Iterable[list[bytes]]:
    """The pieces in groups that each fit one entity."""
    for at in range(0, len(pieces), CHUNKS_PER_ENTITY):
        yield pieces[at : at + CHUNKS_PER_ENTITY]
