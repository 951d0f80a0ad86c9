"""What is known of each source, in one row: its days and their versions, its lease, what its key sees.

Taking the lease and publishing are conditional replaces of that row, so a slow loser's write is
refused by its ETag, and a reader sees all of a publication or nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

import msgspec

from shared.errors import StoreConflict
from shared.heads import ExportsHead, Head
from shared.records import DayEntry
from shared.store.packing import joined, pack, properties, unpack
from shared.store.tables import Stored, Table

SCHEMA = 1
PARTITION = "manifest"
EXPORTS = "exports"


class Retired(msgspec.Struct, frozen=True, array_like=True):
    """Facts that were replaced: the sweep deletes them a day later."""

    part: str
    version: int
    at: datetime


class Manifest(msgspec.Struct, frozen=True):
    """One live source: see the module's docstring."""

    source: str
    epoch: int = 0
    lease_holder: str = ""
    lease_until: datetime | None = None
    head: Head = Head()
    days: Mapping[date, DayEntry] = {}
    retired: tuple[Retired, ...] = ()
    swept_at: datetime | None = None


class Heads(NamedTuple):
    """What a reader needs of every source."""

    live: dict[str, Head]
    exports: ExportsHead

    @property
    def data_as_of(self) -> datetime | None:
        """When the newest stored answer was heard, or the newest export's moment."""
        heard = [head.data_as_of for head in self.live.values() if head.data_as_of is not None]
        return max([*heard, *filter(None, [self.exports.newest])], default=None)


class Held(NamedTuple):
    """A live source's manifest and the ETag under which it was read ("" where there is none yet)."""

    manifest: Manifest
    etag: str


class Manifests:
    """The rows of the ``manifests`` table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def read(self, source: str) -> Held:
        """A live source's manifest; an empty one where nothing was ever written."""
        stored = self._table.get(PARTITION, source)
        if stored is None:
            return Held(Manifest(source), "")
        return Held(_manifest(stored), stored.etag)

    def heads(self) -> Heads:
        """What readers need of every source, in one request."""
        live: dict[str, Head] = {}
        exports = ExportsHead()
        for entity, _ in self._table.query(PARTITION, select=("RowKey", "head0", "head1")):
            if entity["RowKey"] == EXPORTS:
                exports = unpack(joined("head", entity), ExportsHead)
            else:
                live[entity["RowKey"]] = unpack(joined("head", entity), Head)
        return Heads(live, exports)

    def replace(self, held: Held, manifest: Manifest) -> Held:
        """Write the manifest where it is still as it was read. Raises StoreConflict otherwise."""
        until = manifest.lease_until
        entity = {
            "PartitionKey": PARTITION,
            "RowKey": manifest.source,
            "schema": SCHEMA,
            "epoch": manifest.epoch,
            "leaseHolder": manifest.lease_holder,
            **({"leaseUntil": until} if until else {}),
            **properties("head", pack(manifest.head)),
            **properties("days", pack(manifest.days)),
            **properties("retired", pack((manifest.retired, manifest.swept_at))),
        }
        etag = self._table.replace(entity, held.etag) if held.etag else self._table.insert(entity)
        return Held(manifest, etag)


def _manifest(stored: Stored) -> Manifest:
    entity = stored.entity
    retired, swept_at = unpack(joined("retired", entity), tuple[tuple[Retired, ...], datetime | None])
    return Manifest(
        source=entity["RowKey"],
        epoch=entity["epoch"],
        lease_holder=entity["leaseHolder"],
        lease_until=entity.get("leaseUntil"),
        head=unpack(joined("head", entity), Head),
        days=unpack(joined("days", entity), dict[date, DayEntry]),
        retired=retired,
        swept_at=swept_at,
    )


def take_lease(
    manifests: Manifests,
    source: str,
    holder: str,
    now: datetime,
    term: timedelta,
    *,
    read: Held | None = None,
    abandoned: datetime | None = None,
) -> Held | None:
    """The source's manifest with the lease in ``holder``'s hand and a new epoch; None while another has it.

    The epoch grows with each taking, so whatever a run writes under it no other run can write. ``read``: the
    manifest, where the caller has just read it. ``abandoned``: until when the lease of a run lasts that is
    known to be dead.
    """
    held = read or manifests.read(source)
    manifest = held.manifest
    until = manifest.lease_until
    if manifest.lease_holder and until and until > now and until != abandoned:
        return None
    try:
        return manifests.replace(
            held,
            msgspec.structs.replace(
                manifest, epoch=manifest.epoch + 1, lease_holder=holder, lease_until=now + term
            ),
        )
    except StoreConflict:
        return None
