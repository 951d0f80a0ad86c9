"""What the admin configured: written as ids, and read back as the directory and the roster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

import msgspec

from shared.adoption.directory import Directory
from shared.adoption.roster import Entry, Roster, RosterFile
from shared.adoption.seats import SeatPrice, SeatsShown
from shared.jobs.recording_reports import Kept
from shared.records import Actor
from shared.sources.exports import Alias, Canary, Holiday, KeyOwner, RosterEntry
from shared.sources.exports import SeatPrice as StatedPrice
from shared.sources.exports.actors import actor_of
from shared.sources.exports.labels import label_key
from shared.store.exports import FILE_VERSION, OF_SEATS, part_of
from shared.store.manifests import EXPORTS

if TYPE_CHECKING:
    from shared.app import App
    from shared.sources.exports import Configuration
    from shared.store.exports import ConfigurationEntry, ExportsManifest

T = TypeVar("T")


class Stored(msgspec.Struct, frozen=True):
    """A configuration file as it is kept: with ids in the place of addresses, keys' names and names."""

    entries: tuple[Entry, ...] = ()
    owners: Mapping[str, str] = {}
    days: tuple[date, ...] = ()
    prices: tuple[SeatPrice, ...] = ()
    canaries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that the admin has said so far."""

    directory: Directory = field(default_factory=Directory)
    files: tuple[RosterFile, ...] = ()
    holidays: frozenset[date] = frozenset()
    prices: tuple[SeatPrice, ...] = ()
    canaries: frozenset[str] = frozenset()

    def roster(self, first_use: Mapping[str, date]) -> Roster:
        """The roster, given when each engineer was first seen."""
        return Roster(self.files, first_use)


def write_entries(app: App, part: str, version: int, said: Configuration) -> None:
    """Keep what a configuration file says."""
    app.facts.write_value(EXPORTS, part, version, stored(said, app.people().identify))


def stored(said: Configuration, identify: Callable[[list[Actor]], Mapping[Actor, str]]) -> Stored:
    """What a configuration file says, with the ids that its actors are given."""
    roster = [one for one in said.entries if isinstance(one, RosterEntry)]
    pairs = [pair for one in said.entries if isinstance(one, Alias | KeyOwner) for pair in _pairs(one)]
    named = {one: actor_of(one.name) for one in roster if one.name}
    canaries = [Actor("engineer", one.address) for one in said.entries if isinstance(one, Canary)]
    ids = identify(
        [
            *canaries,
            *(Actor("engineer", one.address) for one in roster),
            *named.values(),
            *(actor for pair in pairs for actor in pair),
        ]
    )
    return Stored(
        entries=tuple(
            Entry(
                engineer_id=ids[Actor("engineer", one.address)],
                name_id=ids[named[one]] if one in named else None,
                team=one.team,
                joined=one.joined,
                left=one.left,
            )
            for one in roster
        ),
        owners={ids[owned]: ids[owner] for owned, owner in pairs},
        days=tuple(one.day for one in said.entries if isinstance(one, Holiday)),
        prices=tuple(
            SeatPrice(label_key(one.tier), one.monthly_price, one.since)
            for one in said.entries
            if isinstance(one, StatedPrice)
        ),
        canaries=tuple(ids[one] for one in canaries),
    )


def _pairs(one: Alias | KeyOwner) -> list[tuple[Actor, Actor]]:
    """Who is whose. An export cannot tell a key's name from a person's, unless it has the vendor's prefix."""
    owner = Actor("engineer", one.address)
    if isinstance(one, Alias):
        return [(Actor("engineer", one.alias), owner)]
    return [(owned, owner) for owned in dict.fromkeys([Actor("key", one.key_name), actor_of(one.key_name)])]


def read_told(app: App, manifest: ExportsManifest) -> Told:
    """What the manifest's configuration files say, the newest of each kind; of the roster every file. Without
    a roster file those are on it who hold a seat, by each members file and each members analytics."""
    kinds = ("aliases", "keys", "holidays", "seat_prices", "canaries")
    zone = app.settings.export_timezone  # whose days the dates in folders and rosters are
    rosters = [
        (one.moment.astimezone(zone).date(), _read(app, one).entries)
        for one in sorted(_of_kind(manifest, "roster"), key=_by_age)
    ]
    if not rosters:
        rosters = [
            (shown.day, tuple(Entry(person) for person in shown.tiers))
            for shown in seats_shown(app, manifest)
        ]
    return told_by({kind: _newest(app, manifest, kind) for kind in kinds}, rosters)


def seats_shown(app: App, manifest: ExportsManifest) -> list[SeatsShown]:
    """Who held which seat on the days of the members files and of the members analytics, in order."""
    zone = app.settings.export_timezone
    reports = [one.report for one in manifest.reports if one.report.kind in OF_SEATS]
    found = []
    for report in sorted(reports, key=lambda one: (one.moment, one.report_id)):
        kept = app.facts.read_value(EXPORTS, part_of(report.report_id), FILE_VERSION, Kept)
        tiers = {person: label_key(tier) for person, tier in kept.seats.items()}
        found.append(SeatsShown(report.moment.astimezone(zone).date(), tiers))
    return found


def told_by(newest: Mapping[str, Stored], rosters: Iterable[tuple[date, tuple[Entry, ...]]]) -> Told:
    """What the newest file of each kind says, and every roster with the day from which on it holds."""
    nothing = Stored()
    aliases = newest.get("aliases", nothing).owners
    files = tuple(RosterFile(day, _canonical(entries, aliases)) for day, entries in rosters)
    return Told(
        Directory(aliases, newest.get("keys", nothing).owners, Roster(files).by_name()),
        files,
        frozenset(newest.get("holidays", nothing).days),
        newest.get("seat_prices", nothing).prices,
        frozenset(aliases.get(one, one) for one in newest.get("canaries", nothing).canaries),
    )


def _canonical(entries: tuple[Entry, ...], aliases: Mapping[str, str]) -> tuple[Entry, ...]:
    return tuple(
        msgspec.structs.replace(one, engineer_id=aliases.get(one.engineer_id, one.engineer_id))
        for one in entries
    )


def _of_kind(manifest: ExportsManifest, kind: str) -> list[ConfigurationEntry]:
    return [one for one in manifest.configurations if one.kind == kind]


def _by_age(entry: ConfigurationEntry) -> tuple[datetime, datetime, str]:
    return entry.moment, entry.received, entry.receipt_id


def _newest(app: App, manifest: ExportsManifest, kind: str) -> Stored:
    newest = max(_of_kind(manifest, kind), key=_by_age, default=None)
    return Stored() if newest is None else _read(app, newest)


def _read(app: App, entry: ConfigurationEntry) -> Stored:
    return app.facts.read_value(EXPORTS, part_of(entry.receipt_id), FILE_VERSION, Stored)
