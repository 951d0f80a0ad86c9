"""What was made last and is likely to be asked for again, in as little memory as that takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Lately(Generic[K, V]):
    """What was made of periods and asked for last: a few of each kind, since a serverless instance is small
    and teams may be large. Rows are made in the order of time, in which many days pass between two weeks."""

    def __init__(self, of_each_kind: int) -> None:
        self._of_each_kind = of_each_kind
        self._made: dict[str, dict[K, V]] = {}

    def get(self, kind: str, key: K, make: Callable[[], V]) -> V:
        """What was made of the key, or is made now."""
        made = self._made.setdefault(kind, {})
        found = made.pop(key, None)
        if found is None:
            while len(made) >= self._of_each_kind:
                del made[next(iter(made))]
            found = make()
        made[key] = found
        return found
