"""What receipts say: of a look whatever follows from the exports' manifest, told again when that turns.

A receipt is written whole, out of one reading of the manifest. Whoever has written one looks afterwards
whether the manifest is still the one that was read, and else compares again. So the last word is the newest
manifest's: who published it compares the receipts then; one that was not there yet, or that a slower writer
replaces later, is compared by its own writer, who finds the manifest newer than it was.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from shared.adoption.looks import shown
from shared.adoption.remarks import remarks
from shared.adoption.settling import Counting, Settled, settled_by
from shared.adoption.settling_reports import Reported, settled_by_reports
from shared.errors import ExportRefused, StoreConflict
from shared.jobs.judging import ATTEMPTS, contradiction, hear, judge, referee
from shared.jobs.refusing import refuse
from shared.jobs.shelf import Shelf
from shared.periods import ONE_DAY, midnight
from shared.store.exports import OF_SEATS, usual_organizations

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from shared.app import App
    from shared.periods import Period
    from shared.records import Receipt, Report
    from shared.store.exports import ExportsManifest, LookEntry, ReportEntry, Retracted


def conclude(app: App, receipt: Receipt, received: datetime) -> Receipt:
    """Judge what a file turns, tell it on the receipts, and write the file's own; the receipt as it stands.

    What the file says is recorded already. To do this again is free: who crashed in between is made good.
    """
    manifest = app.exports.read().manifest
    if any(one.look.look_id == receipt.receipt_id for one in manifest.looks):
        months = _turned_by(manifest, receipt.receipt_id)
        judge(app, months)
        return _told(app, months, receipt)
    if manifest.retraction(receipt.receipt_id) is not None:
        return _told(app, set(), receipt)
    kinds = {one.report.report_id: one.report.kind for one in manifest.reports}
    kind = kinds.get(receipt.receipt_id)
    configures = (
        kind in OF_SEATS
        or receipt.receipt_id in {one.receipt_id for one in manifest.configurations}
        or _says_whose(manifest, receipt.receipt_id)
    )
    if configures:
        judge(app, None)  # an alias or a leaver may settle what a look was refused for
    if kind:
        return _told(app, None if configures else set(), receipt)
    if configures:
        tell(app, None)
    app.receipts.write(received, receipt.receipt_id, receipt)
    return receipt


def _told(app: App, months: Collection[str] | None, receipt: Receipt) -> Receipt:
    return tell(app, months, {receipt.receipt_id: receipt}).get(receipt.receipt_id, receipt)


def tell(
    app: App, months: Collection[str] | None, new: Mapping[str, Receipt] | None = None
) -> Mapping[str, Receipt]:
    """Write each receipt that does not say what the manifest does; what the file alone tells is that of
    ``new``, where it is among them, else that of the receipt as it is.

    Compared are the receipts of these months' looks (None: of all), and of the others and of reports what
    they settle. Returns
    the receipts of recorded files as they stand, by their ids.
    """
    for _ in range(ATTEMPTS):
        manifest = app.exports.read().manifest
        telling = _Telling(app, manifest, new or {})
        written = telling.tell(months)
        if not written or app.exports.read().manifest.version == manifest.version:
            return telling.stored
        months = None if months is None else {*months, *written}
    raise StoreConflict(f"the exports' manifest was overtaken {ATTEMPTS} times running")


def settled_together(app: App) -> list[Period]:
    """The periods that all recorded files settle, in order."""
    telling = _Telling(app, app.exports.read().manifest, {})
    return sorted({period for settled in telling.settled.values() for period in settled.periods})


def _turned_by(manifest: ExportsManifest, look_id: str) -> set[str] | None:
    """The months whose looks may stand otherwise with this one than without it.

    All of them (None), where it is the one that says of which organisation the unnamed files are, or that
    there are two: then each month's looks may be of other streams.
    """
    if _says_whose(manifest, look_id):
        return None
    return {one.look.month for one in manifest.looks if one.look.look_id == look_id}


def _says_whose(manifest: ExportsManifest, receipt_id: str) -> bool:
    """Whether unnamed files are of another organisation with this file than without it."""
    return manifest.usual_organizations != usual_organizations(manifest.named(but=receipt_id))


class _Telling:
    """One reading of the manifest, the receipts as they stand, and what they ought to say."""

    def __init__(self, app: App, manifest: ExportsManifest, new: Mapping[str, Receipt]) -> None:
        self._app = app
        self._new = new
        self._shelf = Shelf(app, manifest)
        self._entries = manifest.looks
        self._reports = manifest.reports
        self._retracted = manifest.retracted
        self._lag = timedelta(hours=app.settings.export_lag_hours)
        self._zone = app.settings.export_timezone
        self.settled = self._all_settled()
        self._remarks: dict[str, list[str]] = {}
        received = [one.received for one in manifest.looks]
        received += [one.received for one in manifest.reports]
        received += [one.received for one in manifest.retracted]
        self.stored = app.receipts.between(min(received), max(received)) if received else {}

    def tell(self, months: Collection[str] | None) -> set[str]:
        """The months of the receipts that had to be written."""
        written: set[str] = set()
        for entry in self._entries:
            before = self.stored.get(entry.look.look_id)
            base = self._new.get(entry.look.look_id) or before
            if base is None:
                continue  # another file that is being received now: who writes its receipt compares it
            is_asked_for = months is None or entry.look.month in months
            if (is_asked_for or not self._settles_as(entry, base)) and self._write(entry, base, before):
                written.add(entry.look.month)
        for report in self._reports:
            base = self._new.get(report.report.report_id) or self.stored.get(report.report.report_id)
            if base is not None and self._write_report(report, base):
                written.add(f"{report.report.first:%Y-%m}")
        for gone in self._retracted:
            base = self._new.get(gone.receipt_id) or self.stored.get(gone.receipt_id)
            if base is not None and self._write_retracted(gone, base):
                written.add(gone.span)
        return written

    def _write_report(self, entry: ReportEntry, base: Receipt) -> bool:
        """Whether a report's receipt did not say what it settles beside the others."""
        settled = self.settled.get(entry.report.report_id) or Settled()
        due = msgspec.structs.replace(base, settles=settled.in_words, missing=settled.missing)
        if due == self.stored.get(due.receipt_id):
            return False
        self._app.receipts.write(entry.received, due.receipt_id, due)
        self.stored[due.receipt_id] = due
        return True

    def _write_retracted(self, gone: Retracted, base: Receipt) -> bool:
        """Whether the receipt of a file that was taken out did not say so, and that alone."""
        why = f": {gone.reason}" if gone.reason else ""
        due = msgspec.structs.replace(
            base,
            state="retracted",
            remarks=[f"Retracted on {gone.at.day} {gone.at:%B %Y}{why}. Nothing of it counts."],
            settles=[],
            missing=[],
            findings=[],
            findings_total=0,
        )
        if due == self.stored.get(gone.receipt_id):
            return False
        self._app.receipts.write(gone.received, gone.receipt_id, due)
        self.stored[gone.receipt_id] = due
        self._app.tell("export.retracted", receiptId=gone.receipt_id)
        return True

    def _write(self, entry: LookEntry, base: Receipt, before: Receipt | None) -> bool:
        """Whether the receipt as it was before did not say what it ought to."""
        due = self._due(entry, base)
        if due == before:
            return False
        turned = before is None or (before.state, before.findings) != (due.state, due.findings)
        if turned and due.state == "refused":
            due = refuse(self._app, due, self._app.raw.stream(due.digest), ExportRefused(due.findings))
        self._app.receipts.write(entry.received, due.receipt_id, due)
        if turned and before is not None:
            self._app.tell(f"export.{due.state}", receiptId=due.receipt_id, detail=entry.reason)
        self.stored[due.receipt_id] = due
        return True

    def _due(self, entry: LookEntry, base: Receipt) -> Receipt:
        """The receipt with everything that is not of the file alone."""
        settled = self._settled_by(entry)
        findings = [contradiction(entry.reason)] if entry.state == "refused" else []
        return msgspec.structs.replace(
            base,
            state=entry.state,
            remarks=self._remarks_on(entry),
            settles=settled.in_words,
            missing=settled.missing,
            findings=findings,
            findings_total=len(findings),
        )

    def _settles_as(self, entry: LookEntry, receipt: Receipt) -> bool:
        settled = self._settled_by(entry)
        return (receipt.settles, receipt.missing) == (settled.in_words, settled.missing)

    def _settled_by(self, entry: LookEntry) -> Settled:
        return self.settled.get(entry.look.look_id) or Settled()

    def _all_settled(self) -> dict[str, Settled]:
        """By the looks and reports that count. What they say of anybody is not needed, and not read."""
        looks = [one.look for one in self._entries if one.state == "accepted"]
        by_looks = settled_by(
            [Counting(self._shelf.stream_of(one), shown(one, {}, self._zone), one.total) for one in looks],
            lag=self._lag,
            zone=self._zone,
        )
        reported = [self._reported(one.report) for one in self._reports]
        return by_looks | settled_by_reports(reported, lag=self._lag, zone=self._zone)

    def _reported(self, report: Report) -> Reported:
        return Reported(
            report_id=report.report_id,
            kind=report.kind,
            organization=(report.surface, self._shelf.organization_of(report)),
            begin=midnight(report.first),
            end=midnight(report.last) + ONE_DAY,
            spoken=self._shelf.spoken(report),
        )

    def _remarks_on(self, entry: LookEntry) -> list[str]:
        """What the looks of its month say of each other; each month is heard once."""
        if entry.look.look_id not in self._remarks:
            for heard in hear(self._shelf, {entry.look.month}):
                self._remarks |= remarks(*heard, referee(self._shelf), lag=self._lag, zone=self._zone)
        return self._remarks[entry.look.look_id]
