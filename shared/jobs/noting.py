"""What every reader is told beside the rows: noted when rows are rebuilt, and written only where it changed.

A conflict means that a file was recorded meanwhile: whoever recorded it rebuilds and notes again.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from shared.errors import StoreConflict
from shared.heads import CanariesSeen, Disagreement, Noted, RosterSeen
from shared.jobs.shelf import main_measure
from shared.store.facts import MEMBERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shared.app import App
    from shared.jobs.workshop import Workshop

#: The newest so many disagreements are told; one is enough to look for the cause.
DISAGREEMENTS_TOLD = 20

#: A canary is missed after so many working days.
CANARY_DAYS = 5


def note(app: App, workshop: Workshop, disagreements: Iterable[Disagreement]) -> None:
    """Bring what is noted up to this reading."""
    manifest = workshop.shelf.manifest
    newest = sorted(disagreements, key=lambda one: (one.period.end, one.period.start, one.source))
    noted = Noted(
        holidays=tuple(sorted(workshop.shelf.told.holidays)),
        silences=workshop.book.silences,
        canaries=_canaries(workshop),
        disagreements=tuple(newest[-DISAGREEMENTS_TOLD:]),
        has_roster=manifest.noted.has_roster,
        roster_seen=manifest.noted.roster_seen,
        unnamed_strangers=manifest.noted.unnamed_strangers,
    )
    of = _read_of(app, workshop)
    if of != manifest.noted_of:
        noted = _of_roster(app, workshop, noted)
    if (noted, of) == (manifest.noted, manifest.noted_of):
        return
    held = app.exports.read()
    if held.manifest.version == manifest.version:
        try:
            app.exports.replace(held, msgspec.structs.replace(held.manifest, noted=noted, noted_of=of))
        except StoreConflict:
            return


def _canaries(workshop: Workshop) -> dict[str, CanariesSeen]:
    """By live source that shows anybody: how many canaries it does not show."""
    canaries = workshop.shelf.told.canaries
    if not canaries:
        return {}
    found = {}
    for source in workshop.book.silences:
        seen = workshop.book.people_on(source, workshop.book.last_working_days(source, CANARY_DAYS))
        if seen is not None:
            found[source] = CanariesSeen(len(canaries), len(canaries - seen))
    return found


def _read_of(app: App, workshop: Workshop) -> str:
    """A name for everything that ``_of_roster`` reads: it reads every look, so only where that changed."""
    manifest, roster = workshop.shelf.manifest, workshop.shelf.roster
    members = sorted(roster.members(app.clock.now().date())) if roster else None
    looks = [(one.look.look_id, one.state) for one in manifest.looks]
    reports = [one.report.report_id for one in manifest.reports]
    versions = [(source, view.members_version) for source, view in workshop.book.views.items()]
    of = (looks, reports, manifest.configured, members, versions)
    return hashlib.sha256(msgspec.msgpack.encode(of)).hexdigest()[:16]


def _of_roster(app: App, workshop: Workshop, noted: Noted) -> Noted:
    """Whom of today's roster each key sees, less those whom exports show; and whose people the exports show
    that tell no organisation."""
    shelf = workshop.shelf
    if not shelf.roster:
        return msgspec.structs.replace(noted, has_roster=False, roster_seen={}, unnamed_strangers={})
    roster = shelf.roster.members(app.clock.now().date())
    everybody = shelf.roster.everybody
    shown = workshop.mixer.reports.users()
    strangers: Counter[str] = Counter()
    for look in (one.look for one in shelf.manifest.looks if one.state == "accepted"):
        counts = shelf.counts(look, main_measure(look))
        shown |= {person for person, count in counts.items() if count}
        if look.organization is None and 2 * len(counts.keys() & everybody) < len(counts):
            strangers[look.surface] += 1
    seen = {}
    for source, view in workshop.book.views.items():
        if view.members_version:
            members = app.facts.read_value(source, MEMBERS, view.members_version, list[str])
            people = {shelf.told.directory.person(member) for member in members}
            seen[source] = RosterSeen(len(roster), len(roster - shown), len((roster - shown) & people))
    return msgspec.structs.replace(
        noted, has_roster=True, roster_seen=seen, unnamed_strangers=dict(sorted(strangers.items()))
    )
