"""When readers asked for a refresh last: one row, by which one of them is elected, on however many instances.

It stands beside the manifests and apart from them: the lease of a run that is at work lives in those, by
their ETags, and a reader must not take it away.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared.errors import StoreConflict

if TYPE_CHECKING:
    from shared.store.tables import Table

PARTITION, ROW = "asked", "refresh"

#: What was asked for and not answered is asked for again after this long: a message may be lost.
AGAIN = timedelta(minutes=10)


class Askings:
    """The row of the ``manifests`` table that says when a refresh was asked for."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def elect(self, now: datetime) -> bool:
        """Whether the caller is the one reader who is to ask. Raises StoreUnavailable."""
        stored = self._table.get(PARTITION, ROW)
        if stored is not None and abs(now - stored.entity["at"]) < AGAIN:
            return False  # what was asked in the future was asked by a clock that is wrong
        entity = {"PartitionKey": PARTITION, "RowKey": ROW, "at": now}
        try:
            if stored is None:
                self._table.insert(entity)
            else:
                self._table.replace(entity, stored.etag)
        except StoreConflict:
            return False
        return True
