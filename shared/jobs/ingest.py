"""A dropped file, from the drop container to its receipt.

The order is what makes it safe: raw copy, look, receipt, and only then does the file leave the drop
container. Every step can be repeated; a crash between any two leaves work that the next try finds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from shared.errors import ExportRefused, ScoreboardError, StoreConflict
from shared.events import emit
from shared.records import Finding, Look, Receipt
from shared.sources.exports import content_key, read_export
from shared.store.blobs import digest_of
from shared.store.manifests import EXPORTS, ExportsManifest, LookEntry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shared.app import App
    from shared.sources.exports import ReadExport
    from shared.store.blobs import Dropped

#: How often the exports' manifest is read again because another file was recorded meanwhile.
ATTEMPTS = 20

#: Looks' facts are written once, under their own part: there is nothing for a version to tell apart.
LOOK_VERSION = 1


def ingest(app: App, name: str) -> Receipt | None:
    """Bring one dropped file to its receipt; None where it has left the container already.

    Raises StoreUnavailable (and nothing else), so that the platform's retries help.
    """
    dropped = app.drop.find(name)
    if dropped is None:
        return None
    receipt_id = digest_of(f"{dropped.name}\n{dropped.etag}".encode())[:16]
    receipt = app.receipts.read(dropped.last_modified, receipt_id)
    if receipt is None:
        receipt = _receive(app, dropped, receipt_id)
        if receipt is None:
            return None  # another file has taken its place; it comes with an event of its own
        app.receipts.write(dropped.last_modified, receipt_id, receipt)
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
    if dropped.size > app.settings.export_max_bytes:
        finding = Finding(
            "source-error",
            "the file is too large to be an export",
            found=f"{dropped.size} bytes",
            expected=f"at most {app.settings.export_max_bytes} bytes",
            action="export again and drop the file as it came, or raise EXPORT_MAX_BYTES",
        )
        return _refuse(app, receipt, app.drop.stream(dropped), ExportRefused([finding]))
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
    try:
        export = read_export(
            content,
            name=dropped.name,
            metadata=dropped.metadata,
            last_modified=dropped.last_modified,
            arrived=receipt.at,
            timezone=app.settings.export_timezone,
        )
        _check_organization(app, export)
        recording = _Recording(app, receipt, export, content_key(content))
        return recording.record()
    except ExportRefused as refused:
        return _refuse(app, receipt, content, refused)


def _check_organization(app: App, export: ReadExport) -> None:
    expected = app.settings.expected_organizations.get("claude_ai")
    if expected and export.organization and export.organization != expected:
        raise ExportRefused(
            [
                Finding(
                    "constraint-error",
                    "the file's name says that it is another organisation's export",
                    found=export.organization,
                    expected=expected,
                    action="export from the expected organisation, or correct EXPECTED_ORGANIZATIONS",
                )
            ]
        )


@dataclass(frozen=True, slots=True)
class _Recording:
    """One read export on its way into the exports' manifest."""

    app: App
    receipt: Receipt
    export: ReadExport
    content: str

    def record(self) -> Receipt:
        """Record the look, unless the same content was recorded with no new explicit moment."""
        export = self.export
        receipt = msgspec.structs.replace(
            self.receipt,
            kind=export.kind,
            organization=export.organization,
            month=export.month,
            moment=export.moment,
            evidence=export.evidence,
            rows_in=export.rows_in,
            rows_accepted=export.rows_accepted,
            rows_rejected=export.rows_rejected,
            people=len(export.counts),
            notes=list(export.notes),
        )
        written = False
        for _ in range(ATTEMPTS):
            held = self.app.manifests.read_exports()
            if any(entry.receipt_id == receipt.receipt_id for entry in held.manifest.looks):
                return msgspec.structs.replace(receipt, state="accepted")  # an earlier try got this far
            twin = self._twin(held.manifest)
            if twin is not None:
                return self._duplicate(receipt, twin)
            self._check_nobody_vanished(held.manifest)
            if not written:
                self._write_counts()
                written = True
            looks = (*held.manifest.looks, self._entry())
            try:
                self.app.manifests.replace_exports(held, ExportsManifest(held.manifest.version + 1, looks))
                return msgspec.structs.replace(receipt, state="accepted")
            except StoreConflict:
                continue
        raise StoreConflict(f"the exports' manifest was overtaken {ATTEMPTS} times running")

    def _twin(self, manifest: ExportsManifest) -> LookEntry | None:
        same = [entry for entry in manifest.looks if entry.look.content == self.content]
        if self.export.explicit:
            same = [entry for entry in same if entry.look.moment == self.export.moment]
        return same[0] if same else None

    def _duplicate(self, receipt: Receipt, twin: LookEntry) -> Receipt:
        day = self.receipt.at.date().isoformat()
        note = (
            f"The same content was recorded for {twin.look.moment:%d %B %Y %H:%M} UTC. If this is a fresh "
            f"export of a quiet week, drop it under {day}/."
        )
        return msgspec.structs.replace(
            receipt, state="duplicate", duplicate_of=twin.receipt_id, notes=[*receipt.notes, note]
        )

    def _check_nobody_vanished(self, manifest: ExportsManifest) -> None:
        export = self.export
        earlier = [
            entry.receipt_id
            for entry in manifest.looks
            if (entry.look.kind, entry.look.organization, entry.look.month)
            == (export.kind, export.organization, export.month)
            and entry.look.moment <= export.moment
            and entry.look.people
        ]
        if export.counts or not earlier:
            return
        raise ExportRefused(
            [
                Finding(
                    "constraint-error",
                    f"nobody is listed, but people were earlier in the month (receipt {earlier[-1]})",
                    found="a header only",
                    expected="everybody who was listed before",
                    action="export the month again",
                )
            ]
        )

    def _write_counts(self) -> None:
        ids = self.app.people().identify(actor for actor, _ in self.export.counts)
        counts = {ids[actor]: count for actor, count in self.export.counts}
        part = f"look-{self.receipt.receipt_id}"
        self.app.facts.write_value(EXPORTS, part, LOOK_VERSION, dict(sorted(counts.items())))

    def _entry(self) -> LookEntry:
        export = self.export
        look = Look(
            look_id=self.receipt.receipt_id,
            kind=export.kind,
            organization=export.organization,
            measure=export.measure,
            month=export.month,
            moment=export.moment,
            date_only=export.date_only,
            evidence=export.evidence,
            content=self.content,
            people=len(export.counts),
            active=sum(count > 0 for _, count in export.counts),
            total=export.total,
        )
        return LookEntry(look, LOOK_VERSION, self.receipt.receipt_id)


def _refuse(app: App, receipt: Receipt, content: bytes | Iterator[bytes], refused: ExportRefused) -> Receipt:
    receipt = msgspec.structs.replace(
        receipt, state="refused", findings=list(refused.findings), findings_total=refused.total
    )
    report = msgspec.json.format(msgspec.json.encode(receipt), indent=2)
    app.quarantine.put(receipt.receipt_id, content, report)
    return receipt
