"""How many of the roster a live source's key sees: counted when rows are rebuilt, told to every reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from shared.errors import StoreConflict
from shared.records import RosterSeen
from shared.sources import LIVE
from shared.store.facts import MEMBERS

if TYPE_CHECKING:
    from shared.app import App
    from shared.jobs.shelf import Shelf


def note_visibility(app: App, shelf: Shelf) -> None:
    """Compare each key's members with the roster of today, less those whom the exports show.

    Written only where it changed; a conflict means that a file was recorded meanwhile, which counts again.
    """
    manifest = shelf.manifest
    found: dict[str, RosterSeen] = {}
    if shelf.roster:
        roster = shelf.roster.members(app.clock.now().date())
        shown = {
            person
            for entry in manifest.looks
            if entry.state == "accepted"
            for person, count in shelf.counts(entry.look, entry.look.measures[0]).items()
            if count
        }
        for source in LIVE:
            view = app.manifests.read(source).manifest.head.view
            if view.members_version:
                members = app.facts.read_value(source, MEMBERS, view.members_version, list[str])
                people = {shelf.told.directory.person(member) for member in members}
                found[source] = RosterSeen(len(roster), len(roster - shown), len((roster - shown) & people))
    if found == manifest.roster_seen:
        return
    held = app.exports.read()
    if held.manifest.version == manifest.version:
        try:
            app.exports.replace(held, msgspec.structs.replace(held.manifest, roster_seen=found))
        except StoreConflict:
            return
