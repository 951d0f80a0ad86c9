"""A dropped file, from the drop container to its receipt.

The order is what makes it safe: raw copy, record, receipts (its own, and those of earlier files that it
turns), and only then does the file leave the drop container. Every step can be repeated; a crash between any
two leaves work that the next try finds.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import msgspec

from shared.errors import ExportRefused, ScoreboardError, StoreUnavailable
from shared.events import emit
from shared.jobs.keeping import keep
from shared.jobs.rebuild import rebuild
from shared.jobs.receipts import conclude
from shared.jobs.recording import record
from shared.jobs.refusing import refuse
from shared.records import Receipt
from shared.sources.exports import (
    MOST_PEOPLE,
    Export,
    check_organization,
    check_size,
    read_dropped,
)
from shared.store.manifests import EXPORTS

if TYPE_CHECKING:
    from shared.app import App
    from shared.jobs.keeping import Kept
    from shared.store.blobs import Dropped


def ingest(app: App, name: str) -> Receipt | None:
    """Bring one dropped file to its receipt; None where it has left the container already.

    Raises StoreUnavailable and StoreConflict only, so that the platform's retries help.
    """
    dropped = app.drop.find(name)
    if dropped is None:
        return None
    receipt_id = dropped.receipt_id
    written = app.receipts.read(dropped.last_modified, receipt_id)
    receipt = written or _receive(app, dropped, receipt_id)
    if receipt is None:
        return None  # another file has taken its place; it comes with an event of its own
    receipt = conclude(app, receipt, dropped.last_modified)
    if written is None:
        app.tell(
            f"export.{receipt.state}",
            receiptId=receipt_id,
            kind=receipt.kind,
            month=receipt.month,
            rows=receipt.rows_in,
            findings=receipt.findings_total,
        )
    app.drop.remove(dropped)
    return receipt


def receive(app: App, name: str) -> Receipt | None:
    """``ingest``, and then the period rows that the file changed: what the door of dropped files does."""
    receipt = ingest(app, name)
    if receipt is not None and receipt.state != "duplicate":
        rebuild(app)
    return receipt


def ingest_waiting(app: App) -> int:
    """Every file that waits without a receipt; how many were received. One bad file blocks nobody."""
    received = 0
    try:
        names = list(app.drop.list())
    except StoreUnavailable as error:  # one name that no XML can hold is enough to make some storages fail
        emit("export.failed", level=logging.ERROR, detail=f"what waits cannot be listed: {error}")
        return 0
    for name in names:
        try:
            received += ingest(app, name) is not None
        except ScoreboardError as error:
            emit("export.failed", detail=str(error))
        except Exception as error:  # noqa: BLE001 - a defect of ours, which no other file should pay for
            emit("export.failed", level=logging.ERROR, detail=f"a defect: {type(error).__name__}")
    return received


def _receive(app: App, dropped: Dropped, receipt_id: str) -> Receipt | None:
    receipt = Receipt(receipt_id, dropped.name, "refused", app.clock.now(), dropped.size, digest="")
    try:
        check_size(dropped.size, app.settings.export_max_bytes)
    except ExportRefused as refused:
        return refuse(app, receipt, app.drop.stream(dropped), refused)
    kept = keep(app, dropped)
    if kept is None:
        return None
    receipt = msgspec.structs.replace(receipt, digest=kept.digest)
    app.raw.note_arrival(
        f"{EXPORTS}/{receipt_id}",
        {
            "source": EXPORTS,
            "receiptId": receipt_id,
            "name": dropped.name,
            "metadata": dict(dropped.metadata),
            "size": dropped.size,
            "lastModified": dropped.last_modified,
            "arrivedAt": receipt.at,
            "pages": [receipt.digest],
        },
    )
    return hear(app, receipt, dropped, kept)


def hear(app: App, receipt: Receipt, dropped: Dropped, kept: Kept) -> Receipt:
    """What a file that is kept says, recorded; its receipt as far as the file alone tells. Again is free."""
    try:
        said = read_dropped(
            kept.content(),
            name=dropped.name,
            metadata=dropped.metadata,
            last_modified=dropped.last_modified,
            arrived=receipt.at,
            timezone=app.settings.export_timezone,
            most_people=MOST_PEOPLE,
        )
        if isinstance(said, Export):
            check_organization(said.organization, app.settings.expected_organizations.get(said.surface))
        return record(app, receipt, said, kept.key, dropped.last_modified)
    except ExportRefused as refused:
        return refuse(app, receipt, kept.content(), refused)
