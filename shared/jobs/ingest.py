"""A dropped file, from the drop container to its receipt.

The order is what makes it safe: raw copy, record, receipts (its own, and those of earlier files that it
turns), and only then does the file leave the drop container. Every step can be repeated; a crash between any
two leaves work that the next try finds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from shared.errors import ExportRefused, ScoreboardError
from shared.events import emit
from shared.jobs.rebuild import rebuild
from shared.jobs.receipts import conclude
from shared.jobs.recording import record
from shared.jobs.refusing import refuse
from shared.jobs.unused import used
from shared.records import Receipt
from shared.sources.exports import (
    MonthToDate,
    check_organization,
    check_size,
    content_key,
    read_dropped,
)
from shared.store.blobs import digest_of
from shared.store.manifests import EXPORTS

if TYPE_CHECKING:
    from shared.app import App
    from shared.store.blobs import Dropped


def ingest(app: App, name: str) -> Receipt | None:
    """Bring one dropped file to its receipt; None where it has left the container already.

    Raises StoreUnavailable and StoreConflict only, so that the platform's retries help.
    """
    dropped = app.drop.find(name)
    if dropped is None:
        return None
    receipt_id = digest_of(f"{dropped.name}\n{dropped.etag}".encode())[:16]
    written = app.receipts.read(dropped.last_modified, receipt_id)
    receipt = written or _receive(app, dropped, receipt_id)
    if receipt is None:
        return None  # another file has taken its place; it comes with an event of its own
    receipt = conclude(app, receipt, dropped.last_modified)
    if written is None:
        emit(
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
    for name in list(app.drop.list()):
        try:
            received += ingest(app, name) is not None
        except ScoreboardError as error:
            emit("export.failed", detail=str(error))
    return received


def _receive(app: App, dropped: Dropped, receipt_id: str) -> Receipt | None:
    receipt = Receipt(receipt_id, dropped.name, "refused", app.clock.now(), dropped.size, digest="")
    try:
        check_size(dropped.size, app.settings.export_max_bytes)
    except ExportRefused as refused:
        return refuse(app, receipt, app.drop.stream(dropped), refused)
    content = app.drop.read(dropped)
    if content is None:
        return None
    receipt = msgspec.structs.replace(receipt, digest=app.raw.keep(content))
    app.raw.note_arrival(
        f"{EXPORTS}/{receipt_id}",
        {
            "source": EXPORTS,
            "receiptId": receipt_id,
            "name": dropped.name,
            "metadata": dict(dropped.metadata),
            "lastModified": dropped.last_modified,
            "arrivedAt": receipt.at,
            "pages": [receipt.digest],
        },
    )
    return hear(app, receipt, dropped, content)


def hear(app: App, receipt: Receipt, dropped: Dropped, content: bytes, key: str = "") -> Receipt:
    """What a file that is kept says, recorded; its receipt as far as the file alone tells. Again is free.

    ``key`` is what its content was known by, where it is not the same any more.
    """
    try:
        said = used(
            read_dropped(
                content,
                name=dropped.name,
                metadata=dropped.metadata,
                last_modified=dropped.last_modified,
                arrived=receipt.at,
                timezone=app.settings.export_timezone,
            )
        )
        if isinstance(said, MonthToDate):
            check_organization(said.organization, app.settings.expected_organizations.get(said.surface))
        return record(app, receipt, said, key or content_key(content), dropped.last_modified)
    except ExportRefused as refused:
        return refuse(app, receipt, content, refused)
