"""Who ids are, for a page that names them: the ``people`` table read by id.

A table of ten thousand is read once and remembered: what an id means never changes, but for erasure. Who was
erased, or is being, is asked each time, and is nobody's name from then on.
"""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock

from shared.store.people import ERASED, PARTITION
from shared.store.tables import Table


class Names:
    """Addresses and names by id. Safe to use from several threads."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._known: dict[str, str] = {}
        self._lock = Lock()

    def of(self, ids: Iterable[str]) -> dict[str, str]:
        """The address or the name of each id that may be named."""
        with self._lock:
            erased = {entity["actorId"] for entity, _ in self._table.query(ERASED, select=("actorId",))}
            for identifier in erased:
                self._known.pop(identifier, None)
            wanted = set(ids) - erased
            if wanted - self._known.keys():
                rows = self._table.query(PARTITION, select=("actorId", "name"))
                self._known = {
                    entity["actorId"]: entity["name"] for entity, _ in rows if entity["actorId"] not in erased
                }
            return {one: self._known[one] for one in wanted if one in self._known}
