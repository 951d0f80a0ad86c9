"""What a good file says, recorded: a look or a configuration, unless it was recorded before.

A look is recorded first and judged then (``receipts.conclude``): whether it can stand beside the others of
its month depends on all of them, and a further file may turn the judgement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from shared.adoption.daily import millionths
from shared.errors import StoreConflict
from shared.jobs.configuring import write_entries
from shared.jobs.recording_reports import RANGE_EXPORTS, RangeExport, days_of, keep, people_in
from shared.records import Actor, Look, Receipt, Report
from shared.sources.exports import Export, MonthToDate, Said
from shared.store.exports import (
    FILE_VERSION,
    ConfigurationEntry,
    ExportsManifest,
    LookEntry,
    ReportEntry,
    Retracted,
    part_of,
)
from shared.store.manifests import EXPORTS

if TYPE_CHECKING:
    from shared.app import App
    from shared.sources.exports import Configuration, Dropped

#: What becomes of the manifest; a receipt where nothing does.
Change = Callable[["ExportsManifest"], "ExportsManifest | Receipt"]

#: How often the exports' manifest is read again because another file was recorded meanwhile.
ATTEMPTS = 20


def record(
    app: App,
    receipt: Receipt,
    said: Said,
    content: str,
    received: datetime,
) -> Receipt:
    """Record what the file says; its receipt as far as the file alone tells."""
    receipt = _described(receipt, said)
    if isinstance(said, MonthToDate):
        return _record_look(app, receipt, said, content, received)
    if isinstance(said, RANGE_EXPORTS):
        return _record_report(app, receipt, said, content, received)
    return _record_configuration(app, receipt, said, content, received)


def _described(receipt: Receipt, said: Said) -> Receipt:
    first, last = days_of(said) if isinstance(said, RANGE_EXPORTS) else (None, None)
    people = people_in(said) if isinstance(said, RANGE_EXPORTS) else None
    return msgspec.structs.replace(
        receipt,
        kind=said.kind,
        organization=said.organization if isinstance(said, Export) else None,
        month=said.month if isinstance(said, MonthToDate) else None,
        first=first,
        last=last,
        moment=said.moment,
        evidence=said.evidence,
        rows_in=said.rows_in,
        rows_accepted=said.rows_accepted,
        rows_rejected=said.rows_rejected,
        people=len(said.actors) if isinstance(said, MonthToDate) else people,
        notes=list(said.notes),
    )


def _record_look(
    app: App, receipt: Receipt, export: MonthToDate, content: str, received: datetime
) -> Receipt:
    entry = LookEntry(look_of(receipt.receipt_id, export, content), received)
    _write_counts(app, receipt, export)

    def add(manifest: ExportsManifest) -> ExportsManifest | Receipt:
        if any(one.look.look_id == receipt.receipt_id for one in manifest.looks):
            return manifest  # an earlier try got this far
        twin = twin_of([one.look for one in manifest.looks], export, content)
        if twin is not None:
            return _duplicate(receipt, twin.look_id, _RECORDED_FOR.format(_in_words(twin.moment)) + _AGAIN)
        return manifest.with_looks((*manifest.looks, entry))

    change = unless_retracted(receipt, export, content, add)
    return _swap(app, change) or msgspec.structs.replace(receipt, state="accepted")


def look_of(look_id: str, export: MonthToDate, content: str) -> Look:
    """The look that an export is; ``content`` is its content's key."""
    by = next((one for one in export.measures if one.startswith("lines")), export.measures[0])
    first = [_whole(value) for value in export.of(by)]
    return Look(
        look_id=look_id,
        kind=export.kind,
        surface=export.surface,
        population=export.population,
        organization=export.organization,
        measures=export.measures,
        month=export.month,
        moment=export.moment,
        date_only=export.date_only,
        evidence=export.evidence,
        content=content,
        people=len(export.actors),
        active=sum(value > 0 for value in first),
        total=sum(first),
    )


def _whole(value: int | Decimal) -> int:
    return value if isinstance(value, int) else millionths(value)


def _write_counts(app: App, receipt: Receipt, export: MonthToDate) -> None:
    ids = app.people().identify(export.actors)
    counts = {measure: dict(sorted(counts_of(export, measure, ids).items())) for measure in export.measures}
    app.facts.write_value(EXPORTS, part_of(receipt.receipt_id), FILE_VERSION, counts)


def counts_of(export: MonthToDate, measure: str, ids: Mapping[Actor, str]) -> dict[str, int]:
    """Each actor's value as a whole number, by the actor's id."""
    values = zip(export.actors, export.of(measure), strict=True)
    return {ids[actor]: _whole(value) for actor, value in values}


def twin_of(looks: Iterable[Look], export: MonthToDate, content: str) -> Look | None:
    """The look that this file is a duplicate of: the same content, with no new explicit moment."""
    whose = (content, export.month, export.organization)
    same = [look for look in looks if (look.content, look.month, look.organization) == whose]
    if export.explicit:
        same = [look for look in same if look.moment == export.moment]
    return same[0] if same else None


_RECORDED_FOR = "The same content was recorded for {}."
_AGAIN = " If this is a fresh export of a quiet week, drop it under {}/, or upload it as of that day."


def _duplicate(receipt: Receipt, twin_id: str, note: str) -> Receipt:
    note = note.format(receipt.at.date().isoformat())
    return msgspec.structs.replace(
        receipt, state="duplicate", duplicate_of=twin_id, notes=[*receipt.notes, note]
    )


def _in_words(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y %H:%M} UTC"


def _record_report(
    app: App, receipt: Receipt, said: RangeExport, content: str, received: datetime
) -> Receipt:
    report = keep(app, receipt, said, content)

    def add(manifest: ExportsManifest) -> ExportsManifest | Receipt:
        if any(one.report.report_id == report.report_id for one in manifest.reports):
            return manifest
        twin = _twin_of_report(manifest, report, explicit=said.explicit)
        if twin is not None:
            return _duplicate(receipt, twin.report_id, _RECORDED_FOR.format(_in_words(twin.moment)))
        return manifest.with_report(ReportEntry(report, received))

    change = unless_retracted(receipt, said, content, add)
    return _swap(app, change) or msgspec.structs.replace(receipt, state="accepted")


def _twin_of_report(manifest: ExportsManifest, report: Report, *, explicit: bool) -> Report | None:
    """The report that says the same; a new explicit moment makes it a new one, which may say it finally."""
    whose = (report.kind, report.content, report.first, report.last, report.organization)
    for one in (entry.report for entry in manifest.reports):
        same = (one.kind, one.content, one.first, one.last, one.organization) == whose
        if same and (one.moment == report.moment or not explicit):
            return one
    return None


def _record_configuration(
    app: App, receipt: Receipt, said: Configuration, content: str, received: datetime
) -> Receipt:
    entry = ConfigurationEntry(receipt.receipt_id, said.kind, said.moment, content, received)
    write_entries(app, part_of(receipt.receipt_id), FILE_VERSION, said)

    def add(manifest: ExportsManifest) -> ExportsManifest | Receipt:
        if any(one.receipt_id == receipt.receipt_id for one in manifest.configurations):
            return manifest
        earlier = [
            one for one in manifest.configurations if one.kind == said.kind and one.moment <= said.moment
        ]
        newest = max(earlier, key=lambda one: (one.moment, one.received), default=None)
        again = newest is not None and (newest.moment == said.moment or not said.explicit)
        if newest is not None and again and newest.content == content:
            return _duplicate(receipt, newest.receipt_id, _RECORDED_FOR.format(_in_words(newest.moment)))
        return manifest.with_configuration(entry)

    change = unless_retracted(receipt, said, content, add)
    return _swap(app, change) or msgspec.structs.replace(receipt, state="accepted")


def unless_retracted(receipt: Receipt, said: Dropped, content: str, add: Change) -> Change:
    """``add``, unless an operator took this file out, or one that says the same of the same moment.

    A file that says it of another moment, told by the admin, is a file of its own.
    """
    organization = said.organization if isinstance(said, Export) else None
    whose = (said.kind, content, _span_of(said), organization)

    def change(manifest: ExportsManifest) -> ExportsManifest | Receipt:
        if manifest.retraction(receipt.receipt_id) is not None:
            return manifest  # an earlier try got as far as being retracted
        added = add(manifest)
        if added is manifest or isinstance(added, Receipt):
            return added
        for gone in manifest.retracted:
            same = (gone.kind, gone.content, gone.span, gone.organization) == whose
            if same and (not said.explicit or gone.moment == said.moment):
                return _duplicate(receipt, gone.receipt_id, note_of(gone))
        return added

    return change


def _span_of(said: Dropped) -> str:
    """Of which month, or of which days, a file is; empty for a configuration."""
    if isinstance(said, MonthToDate):
        return said.month
    if isinstance(said, RANGE_EXPORTS):
        first, last = days_of(said)
        return f"{first}/{last}"
    return ""


def note_of(gone: Retracted) -> str:
    """What a duplicate of a retracted file is told."""
    return (
        f"The same content was retracted on {gone.at.date()}. If it is right after all, drop it with a "
        "moment of its own: under another day, or with as_of."
    )


def _swap(app: App, change: Change) -> Receipt | None:
    """Compare and swap the manifest until it holds; a receipt where there is nothing to change."""
    for _ in range(ATTEMPTS):
        held = app.exports.read()
        changed = change(held.manifest)
        if isinstance(changed, Receipt):
            return changed
        if changed is held.manifest:
            return None
        try:
            app.exports.replace(held, changed)
            return None
        except StoreConflict:
            continue
    raise StoreConflict(f"the exports' manifest was overtaken {ATTEMPTS} times running")
