"""Which looks count: judged again whenever a file arrives that can turn the judgement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from shared.adoption.lines import Tolerance
from shared.adoption.standing import Referee, settle
from shared.errors import ExportRefused, StoreConflict
from shared.events import emit
from shared.jobs.refusing import refuse
from shared.jobs.shelf import Shelf, by_stream_and_month, main_measure
from shared.records import Finding

if TYPE_CHECKING:
    from shared.app import App
    from shared.records import Receipt
    from shared.store.exports import LookEntry

ATTEMPTS = 20


def judge(app: App, months: set[str] | None) -> None:
    """Judge the looks of these months (None: of all), and tell the receipts that say otherwise.

    The receipts are compared, not the former judgement: who crashed before telling is made good here.
    """
    for _ in range(ATTEMPTS):
        held = app.exports.read()
        judged = _judged(Shelf(app, held.manifest), months)
        if judged != held.manifest.looks:
            try:
                app.exports.replace(held, held.manifest.with_looks(judged))
            except StoreConflict:
                continue
        for entry in judged:
            if months is None or entry.look.month in months:
                _tell(app, entry)
        return
    raise StoreConflict(f"the exports' manifest was overtaken {ATTEMPTS} times running")


def _judged(shelf: Shelf, months: set[str] | None) -> tuple[LookEntry, ...]:
    referee = Referee(Tolerance(), shelf.left_by)
    looks = [one.look for one in shelf.manifest.looks if months is None or one.look.month in months]
    standings = {
        look_id: standing
        for group in by_stream_and_month(shelf, looks).values()
        for look_id, standing in settle(
            [shelf.shown(look, main_measure(look)) for look in group], referee
        ).items()
    }
    return tuple(
        msgspec.structs.replace(one, state=standing.state, reason=standing.reason)
        if (standing := standings.get(one.look.look_id)) is not None
        else one
        for one in shelf.manifest.looks
    )


def _tell(app: App, entry: LookEntry) -> None:
    """Put the state on the receipt, where it has been written already and says otherwise, and why."""
    receipt = app.receipts.read(entry.received, entry.look.look_id)
    if receipt is None:
        return  # the file that is being recorded now: its receipt is still to be written
    if receipt.state == entry.state and entry.reason in _reasons(receipt):
        return
    if entry.state == "refused":
        why = ExportRefused([contradiction(entry.reason)])
        receipt = refuse(app, receipt, app.raw.read(receipt.digest), why)
    else:
        receipt = msgspec.structs.replace(
            receipt,
            state=entry.state,
            findings=[],
            findings_total=0,
            notes=[*receipt.notes, entry.reason or "a later file supports it, so that it counts again"],
        )
    app.receipts.write(entry.received, entry.look.look_id, receipt)
    emit(f"export.{entry.state}", receiptId=entry.look.look_id, detail=entry.reason)


def _reasons(receipt: Receipt) -> set[str]:
    """Why a receipt says that its file does not count; one that counts needs no reason."""
    return {"", *receipt.notes, *(finding.note for finding in receipt.findings)}


def contradiction(reason: str) -> Finding:
    """What a file's report says that cannot stand beside the others of its month."""
    return Finding(
        "constraint-error",
        reason,
        expected="cumulative counts, which cannot fall within a month",
        action="look which of the two is of the right organisation and month, and export it again",
    )
