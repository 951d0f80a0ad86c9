"""Table Storage's limits, enforced by us: the emulator takes what Azure would refuse.

Source: Microsoft's table service data model and entity group transaction pages (key 1 KiB without
``/ \\ # ?`` and control characters; property 64 KiB; entity 1 MiB, 252 properties of one's own).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from shared.errors import StoreLimit

KEY_BYTES = 1024
PROPERTY_BYTES = 64 * 1024
ENTITY_BYTES = 1024 * 1024
PROPERTIES = 252
BATCH_ENTITIES = 100
BATCH_BYTES = 4 * 1024 * 1024

_FORBIDDEN_IN_KEYS = re.compile(r"[/\\#?\x00-\x1f\x7f-\x9f]")


def check_entity(entity: Mapping[str, Any]) -> int:
    """The entity's size in bytes as Azure counts it; raises StoreLimit where it would be refused."""
    for key in ("PartitionKey", "RowKey"):
        text = entity[key]
        if _FORBIDDEN_IN_KEYS.search(text) or len(text.encode("utf-16-le")) > KEY_BYTES:
            raise StoreLimit(f"{key} of {len(text)} characters is too long or holds a forbidden one")
    if len(entity) - 2 > PROPERTIES:
        raise StoreLimit(f"an entity of {len(entity) - 2} properties, {PROPERTIES} fit")
    total = 4
    for name, value in entity.items():
        size = _size(value)
        if size > PROPERTY_BYTES:
            raise StoreLimit(f"property {name} has {size} bytes, {PROPERTY_BYTES} fit")
        if isinstance(value, int) and not isinstance(value, bool) and not -(2**31) <= value < 2**31:
            raise StoreLimit(f"property {name} is a whole number beyond 32 bits; pack it")
        total += 8 + 2 * len(name) + size
    if total > ENTITY_BYTES:
        raise StoreLimit(f"an entity of {total} bytes, {ENTITY_BYTES} fit")
    return total


def _size(value: Any) -> int:
    if isinstance(value, str):
        return 4 + len(value.encode("utf-16-le"))
    if isinstance(value, bytes):
        return 4 + len(value)
    return 8
