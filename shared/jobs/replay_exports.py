"""The exports' manifest and the receipts, made anew from the arrivals and the decisions that are kept raw.

Files are heard in the order in which they came, by the same steps as when they were dropped, on a manifest in
memory. It takes the stored one's place by one conditional replace; where a file was recorded meanwhile, that
one's arrival is kept already, and is heard as well before the next attempt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from shared.app import App
from shared.errors import StoreConflict
from shared.heads import Noted
from shared.jobs.ingest import hear
from shared.jobs.judging import judge
from shared.jobs.keeping import kept_as
from shared.jobs.plan import oldest_month
from shared.jobs.receipts import tell
from shared.jobs.retract import DECISIONS, arrived, fresh_receipt, taken_out
from shared.records import Receipt
from shared.store.exports import Exports, ExportsManifest, HeldExports
from shared.store.manifests import EXPORTS

if TYPE_CHECKING:
    from shared.store.people import People

ATTEMPTS = 20


def replay_exports(app: App, floor: Mapping[tuple[str, str], int]) -> int:
    """Make the manifest and the receipts anew; how many files were heard."""
    hearing = _Hearing(app)
    for _ in range(ATTEMPTS):
        held = app.exports.read()  # before the arrivals: whatever it holds is among them
        draft = hearing.heard_so_far().without_months_before(oldest_month(app))
        if _what_counts(draft) == _what_counts(held.manifest):
            break
        try:
            after = _after(held.manifest, draft, max([0, *floor.values()]), oldest_month(app))
            app.exports.replace(held, after)
            break
        except StoreConflict:
            continue
    else:
        raise StoreConflict(f"the exports' manifest was overtaken {ATTEMPTS} times running")
    _write_receipts(app, hearing.receipts)
    return len(hearing.receipts)


def _what_counts(manifest: ExportsManifest) -> ExportsManifest:
    """The manifest without what follows from it, or from when it was written."""
    return msgspec.structs.replace(
        manifest,
        version=0,
        months={},
        configured=0,
        first_use={},
        first_use_of="",
        disputes="",
        disputes_of="",
        forgotten="",
        noted=Noted(),
        noted_of="",
    )


def _after(stored: ExportsManifest, draft: ExportsManifest, floor: int, oldest: str) -> ExportsManifest:
    """The draft as the next version of what is stored, newer than every row: all of them are behind it."""
    version = max(stored.version, floor) + 1
    return msgspec.structs.replace(
        draft,
        version=version,
        months=dict.fromkeys({*stored.months, *draft.months}, version),
        configured=version if stored.configured or draft.configured else 0,
        first_use=stored.first_use,
        forgotten=max(stored.forgotten, oldest),
        noted=stored.noted,
    )


class _Heard(NamedTuple):
    received: datetime
    receipt: Receipt


def _write_receipts(app: App, heard: Mapping[str, _Heard]) -> None:
    """Each receipt as the file alone tells, and those of looks as the manifest has it."""
    manifest = app.exports.read().manifest
    told = {one.look.look_id for one in manifest.looks} | {one.receipt_id for one in manifest.retracted}
    told |= {one.report.report_id for one in manifest.reports}
    stored = {one.receipt_id: one for one in app.receipts.every()}
    for receipt_id, (received, receipt) in heard.items():
        if receipt_id not in told and stored.get(receipt_id) != receipt:
            app.receipts.write(received, receipt_id, receipt)
    tell(app, None, {receipt_id: receipt for receipt_id, (_, receipt) in heard.items()})


# --- beside ------------------------------------------------------------------------------------


class _Draft(Exports):
    """A manifest in memory, which nobody else writes."""

    def __init__(self) -> None:
        self._held = HeldExports(ExportsManifest(), "draft")

    def read(self) -> HeldExports:
        return self._held

    def replace(self, held: HeldExports, manifest: ExportsManifest) -> HeldExports:
        self._held = held._replace(manifest=manifest)
        return self._held


@dataclass(frozen=True)
class _Beside(App):
    """The app with a draft in the place of the exports' manifest, and one reading of the people."""

    @cached_property
    def exports(self) -> Exports:
        return _Draft()

    @cached_property
    def _people(self) -> People:
        return super().people()

    def people(self) -> People:
        return self._people


class _Hearing:
    """What came and what was decided, in the order of time, each once."""

    def __init__(self, app: App) -> None:
        self._beside = _Beside(app.settings, app.storage, app.environ, app.clock)
        self._done: set[str] = set()
        self._documents: dict[str, dict[str, Any]] = {}
        self.receipts: dict[str, _Heard] = {}

    def heard_so_far(self) -> ExportsManifest:
        """The manifest that follows from everything that is kept by now."""
        for name, document in sorted(self._news(), key=_when):
            if document.get("type") == "retract":
                self._follow(document)
            else:
                self._documents[document["receiptId"]] = document
                self._hear(document)
            self._done.add(name)
        judge(self._beside, None)
        return self._beside.exports.read().manifest

    def _news(self) -> Iterator[tuple[str, dict[str, Any]]]:
        raw = self._beside.raw
        for document in (*raw.arrivals(f"{EXPORTS}/"), *raw.decisions(f"{DECISIONS}/")):
            name = f"{document.get('type', 'arrival')} {document['receiptId']}"
            if name not in self._done:
                yield name, document

    def _hear(self, document: dict[str, Any]) -> None:
        dropped = arrived(document)
        [digest] = document["pages"]
        kept = kept_as(self._beside, digest, document["size"], document.get("contentKey", ""))
        heard = hear(self._beside, fresh_receipt(document, document["size"]), dropped, kept)
        self.receipts[document["receiptId"]] = _Heard(dropped.last_modified, heard)

    def _follow(self, decision: dict[str, Any]) -> None:
        exports = self._beside.exports
        held = exports.read()
        exports.replace(held, taken_out(held.manifest, decision))
        for receipt_id, (_, receipt) in sorted(self.receipts.items(), key=lambda one: one[1].receipt.at):
            if receipt.duplicate_of == decision["receiptId"]:
                self._hear(self._documents[receipt_id])


def _when(news: tuple[str, dict[str, Any]]) -> tuple[datetime, str]:
    name, document = news
    return datetime.fromisoformat(document.get("arrivedAt") or document["at"]), name
