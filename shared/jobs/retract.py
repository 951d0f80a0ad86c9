"""Takes one dropped file's effect out again, whatever its kind, and keeps the decision beside the raw files.

The decision comes first, then the manifest, then everything that follows from it: whoever dies in between
leaves work that the same message, brought again, makes good. Files that were duplicates of the retracted one
are heard again without it: one of them may say the same of a moment of its own.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.errors import StoreConflict
from shared.jobs.ingest import hear
from shared.jobs.judging import judge
from shared.jobs.keeping import kept_as
from shared.jobs.outcome import Outcome
from shared.jobs.rebuild import rebuild
from shared.jobs.receipts import conclude, tell
from shared.jobs.recording import note_of
from shared.records import Receipt
from shared.store.blobs import Dropped
from shared.store.manifests import EXPORTS

if TYPE_CHECKING:
    from shared.app import App
    from shared.store.exports import ExportsManifest

ATTEMPTS = 20

#: Under this path the decisions stand in raw.
DECISIONS = "retract"


def retract(app: App, receipt_id: str, reason: str = "") -> Outcome:
    """Take the file of this receipt out, as if it had never come. Again is free."""
    manifest = app.exports.read().manifest
    before = manifest.retraction(receipt_id)
    if before is None and manifest.without(receipt_id, app.clock.now(), reason) is manifest:
        return Outcome(done=False, said=_why_nothing(app, receipt_id))
    decision = app.raw.decide(
        f"{DECISIONS}/{receipt_id}",
        {"type": "retract", "receiptId": receipt_id, "at": app.clock.now(), "reason": reason},
    )
    _take_out(app, decision)
    judge(app, None)  # what it had caused to be refused or contested may stand without it
    tell(app, None)
    heard = sum(_hear_again(app, one) for one in _duplicates_of(app, receipt_id))
    rows = rebuild(app)
    again = "was retracted before" if before else "was retracted"
    return Outcome(
        done=before is None,
        said=f"the file of receipt {receipt_id} {again}; {heard} duplicates of it heard again, "
        f"{rows} period rows written",
    )


def _take_out(app: App, decision: dict[str, Any]) -> None:
    for _ in range(ATTEMPTS):
        held = app.exports.read()
        changed = taken_out(held.manifest, decision)
        if changed is held.manifest:
            return
        try:
            app.exports.replace(held, changed)
            return
        except StoreConflict:
            continue
    raise StoreConflict(f"the exports' manifest was overtaken {ATTEMPTS} times running")


def taken_out(manifest: ExportsManifest, decision: dict[str, Any]) -> ExportsManifest:
    """The manifest once this decision was followed; itself where it is followed already."""
    at = datetime.fromisoformat(decision["at"])
    return manifest.without(decision["receiptId"], at, decision["reason"])


def _duplicates_of(app: App, receipt_id: str) -> list[Receipt]:
    """Those that have not heard of the retraction yet, the earliest first."""
    gone = app.exports.read().manifest.retraction(receipt_id)
    found = [
        one
        for one in app.receipts.every()
        if one.duplicate_of == receipt_id and gone and note_of(gone) not in one.notes
    ]
    return sorted(found, key=lambda one: (one.at, one.receipt_id))


def _hear_again(app: App, receipt: Receipt) -> bool:
    """Hear a duplicate as if it came now; whether it is there to be heard."""
    for document in app.raw.arrivals(f"{EXPORTS}/{receipt.receipt_id}"):
        dropped = arrived(document)
        [digest] = document["pages"]
        kept = kept_as(app, digest, document["size"], document.get("contentKey", ""))
        heard = hear(app, fresh_receipt(document, receipt.size), dropped, kept)
        if heard != receipt:
            conclude(app, heard, dropped.last_modified)
        return True
    return False


def arrived(document: dict[str, Any]) -> Dropped:
    """The file that an arrival's document tells of, as it was found in the drop container."""
    return Dropped(
        document["name"],
        etag="",
        size=document["size"],
        last_modified=datetime.fromisoformat(document["lastModified"]),
        metadata=document["metadata"],
    )


def fresh_receipt(document: dict[str, Any], size: int) -> Receipt:
    """The receipt that a file begins with, before anybody has heard it."""
    at = datetime.fromisoformat(document["arrivedAt"])
    [digest] = document["pages"]
    return Receipt(document["receiptId"], document["name"], "refused", at, size, digest)


def _why_nothing(app: App, receipt_id: str) -> str:
    receipt = next((one for one in app.receipts.every() if one.receipt_id == receipt_id), None)
    if receipt is None:
        return "there is no such receipt"
    if receipt.state == "duplicate":
        return f"the file is a duplicate: what counts is that of receipt {receipt.duplicate_of}"
    return f"the file is {receipt.state}: nothing of it counts"
