"""What every reader is told beside the rows: noted when rows are rebuilt, and written only where it changed.

A conflict means that a file was recorded meanwhile: whoever recorded it rebuilds and notes again.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

import msgspec

from shared.adoption.plausibility import odd_costs, repeats
from shared.adoption.reconciliation import miscounts
from shared.adoption.told import is_person
from shared.errors import StoreConflict
from shared.heads import Departed, Disagreement, Miscounted, Noted, RefusedFile, RosterSeen
from shared.jobs.presence import canaries, days_of_use, departed_from, watched
from shared.jobs.reconciling import between_live
from shared.jobs.shelf import main_measure
from shared.sources import LIVE
from shared.store.facts import MEMBERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shared.app import App
    from shared.jobs.workshop import Workshop
    from shared.records import Receipt

#: The newest so many disagreements are told; one is enough to look for the cause.
DISAGREEMENTS_TOLD = 20

#: Of so many receipts it is asked whether their files were refused, and of so few it is told.
RECEIPTS_READ = 50
REFUSED_TOLD = 10

T = TypeVar("T")


def note(app: App, workshop: Workshop, disagreements: Iterable[Disagreement]) -> None:
    """Bring what is noted up to this reading."""
    manifest = workshop.shelf.manifest
    newest = sorted(
        [*disagreements, *between_live(workshop)],
        key=lambda one: (one.period.end, one.period.start, one.source),
    )
    book, holidays = workshop.book, workshop.shelf.told.holidays
    noted = msgspec.structs.replace(
        manifest.noted,
        holidays=tuple(sorted(holidays)),
        silences=book.silences,
        canaries=canaries(workshop),
        disagreements=tuple(newest[-DISAGREEMENTS_TOLD:]),
        people_by_keys=tuple(source for source in book.sources if book.shows_mapped_keys(source)),
        repeats=_where_any({source: repeats(book.days_of(source), holidays) for source in book.sources}),
        odd_costs=_where_any({source: odd_costs(book.days_of(source)) for source in book.sources}),
        refused=_refused(app),
        miscounted=_where_any({source: _miscounts(workshop, source) for source in book.sources}),
    )
    of = _read_of(app, workshop)
    if of != manifest.noted_of:
        noted = _of_people(app, workshop, noted)
    if (noted, of) == (manifest.noted, manifest.noted_of):
        return
    held = app.exports.read()
    if held.manifest.version == manifest.version:
        try:
            app.exports.replace(held, msgspec.structs.replace(held.manifest, noted=noted, noted_of=of))
        except StoreConflict:
            return


def _refused(app: App) -> tuple[RefusedFile, ...]:
    """The files of late that broke their contract, the newest first, but for those that came again and were
    taken in. A look that others contradict kept its contract."""
    receipts = app.receipts.newest(RECEIPTS_READ)
    mended: dict[str, datetime] = {}
    for receipt in receipts:
        if receipt.state in ("accepted", "duplicate"):
            name = _file_name(receipt)
            mended[name] = max(receipt.at, mended.get(name, receipt.at))
    return tuple(
        RefusedFile(receipt.receipt_id, receipt.at, receipt.findings[0].code if receipt.findings else "")
        for receipt in receipts
        if receipt.state == "refused"
        and receipt.kind is None
        and receipt.at > mended.get(_file_name(receipt), datetime.min.replace(tzinfo=UTC))
    )[:REFUSED_TOLD]


def _file_name(receipt: Receipt) -> str:
    """Its name without the folder, which says the day."""
    return receipt.name.rpartition("/")[2]


def _miscounts(workshop: Workshop, source: str) -> list[Miscounted]:
    days = workshop.book.days_of(source)
    shown = {day: entry.people for day, entry in days.items() if entry.settled and not entry.fault}
    return miscounts(workshop.book.views[source].daily_active, shown, workshop.mixer.allowance)


def _where_any(found: Mapping[str, Sequence[T]]) -> dict[str, tuple[T, ...]]:
    return {source: tuple(those) for source, those in found.items() if those}


def _read_of(app: App, workshop: Workshop) -> str:
    """A name for everything that ``_of_people`` reads: it reads every look and the days of some months, so
    only where that changed. Days that are not settled are none of it: they change with every refresh."""
    manifest, roster, book = workshop.shelf.manifest, workshop.shelf.roster, workshop.book
    members = sorted(roster.members(app.clock.now().date())) if roster else None
    looks = [(one.look.look_id, one.state) for one in manifest.looks]
    reports = [one.report.report_id for one in manifest.reports]
    views = [
        (source, view.members_version, view.keys_version, view.seats) for source, view in book.views.items()
    ]
    days = [[(day, book.days_of(source)[day].facts) for day in watched(book, source)] for source in LIVE]
    of = (looks, reports, manifest.configured, members, views, days)
    return hashlib.sha256(msgspec.msgpack.encode(of)).hexdigest()[:16]


def _of_people(app: App, workshop: Workshop, noted: Noted) -> Noted:
    """Whom of today's roster each key sees, less those whom other sources show; who has vanished from one;
    how many people the exports show, and which of them that tell no organisation show strangers."""
    shelf = workshop.shelf
    today = app.clock.now().date()
    roster = shelf.roster.members(today) if shelf.roster else None
    newest = dict.fromkeys(workshop.mixer.reports.users(), "")  # the month in which exports show somebody
    strangers: Counter[str] = Counter()
    for look in (one.look for one in shelf.manifest.looks if one.state == "accepted"):
        counts = shelf.counts(look, main_measure(look))
        for actor in (one for one, count in counts.items() if count):
            newest[actor] = max(newest.get(actor, ""), look.month)
        of_roster = len(counts.keys() & shelf.roster.everybody)
        if roster is not None and look.organization is None and 2 * of_roster < len(counts):
            strangers[look.surface] += 1
    exported = set(filter(is_person, newest))
    seen: dict[str, RosterSeen] = {}
    gone: dict[str, Departed] = {}
    used = {source: days_of_use(workshop.book, source) for source in workshop.book.sources}
    shown = {source: frozenset(days) for source, days in used.items()}
    for source, view in workshop.book.views.items():
        if not view.members_version and view.seats is None:
            continue
        expected = (roster or frozenset[str]()) - newest.keys()
        expected = expected.difference(*(those for other, those in shown.items() if other != source))
        if view.members_version:
            members = app.facts.read_value(source, MEMBERS, view.members_version, list[str])
            people = {shelf.told.directory.owner(member) for member in members}
            visible = len(expected & people)
        else:  # who holds a seat is only counted: those whom the rows show must be ours
            people = set(roster or ())
            visible = min(view.seats or 0, len(expected))
            if 2 * len(shown.get(source, people) & shelf.roster.everybody) < len(shown.get(source, ())):
                visible = len(shown[source] & expected)
        if roster is not None:
            seen[source] = RosterSeen(len(roster), len(expected), visible)
        seats = people if roster is None else people & roster
        if (one := departed_from(workshop, source, used.get(source, {}), seats, newest)) is not None:
            gone[source] = one
    return msgspec.structs.replace(
        noted,
        has_roster=roster is not None,
        roster_seen=seen,
        unnamed_strangers=dict(sorted(strangers.items())),
        people_exported=len(exported),
        actors_exported=len(newest),
        strangers_exported=0 if roster is None else len(exported - shelf.roster.everybody),
        departed=gone,
    )
