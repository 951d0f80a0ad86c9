"""When those were first seen who turn up in a later roster without a stated first day.

They count from the earlier of that roster's day and first use, so a roster that is dropped late does not cut
off what its people did before. The days are kept in the exports' manifest, as a part of the configuration:
where one changes, every row follows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from shared.jobs.reports import Reports
from shared.jobs.shelf import Shelf, last_day_of, main_measure
from shared.sources import LIVE
from shared.store.exports import OF_SEATS
from shared.store.facts import KEYS

if TYPE_CHECKING:
    from shared.app import App
    from shared.store.exports import ExportsManifest, HeldExports
    from shared.store.manifests import Manifest


def note_first_use(app: App, held: HeldExports) -> bool:
    """Bring those days up to what is known of use; whether a reading of before is behind now.

    Raises StoreConflict where a file was recorded meanwhile.
    """
    manifest = held.manifest
    rosters = sum(one.kind == "roster" for one in manifest.configurations)
    rosters = rosters or sum(one.report.kind in OF_SEATS for one in manifest.reports)
    if rosters < 2 and not manifest.first_use:
        return False
    shelf = Shelf(app, manifest)
    late = shelf.told.roster({}).latecomers()
    live = [app.manifests.read(source).manifest for source in LIVE]
    of = _read_of(manifest, late, live)
    if of == manifest.first_use_of:
        return False
    noted = manifest.with_first_use(_first_use(app, shelf, late, live), of)
    app.exports.replace(held, noted)
    return noted.version != manifest.version


def _read_of(manifest: ExportsManifest, late: Mapping[str, date], live: list[Manifest]) -> str:
    """A name for everything that ``_first_use`` reads: it may read every day, so only where one changed."""
    looks = [(one.look.look_id, one.state) for one in manifest.looks]
    days = [
        (one.source, one.head.view.keys_version, [(day, one.days[day].facts) for day in _before(one, late)])
        for one in live
    ]
    files = [one.receipt_id for one in manifest.configurations]
    files += [one.report.report_id for one in manifest.reports]
    of = (
        sorted(late.items()),
        files,
        looks if late else [],
        days if late else [],
    )
    return hashlib.sha256(msgspec.msgpack.encode(of)).hexdigest()[:16]


def _before(manifest: Manifest, late: Mapping[str, date]) -> list[date]:
    """The days that can be the first ones: those before the latest of these rosters."""
    horizon = max(late.values(), default=date.min)
    return sorted(day for day, entry in manifest.days.items() if day < horizon and entry.facts)


def _first_use(app: App, shelf: Shelf, late: Mapping[str, date], live: list[Manifest]) -> dict[str, date]:
    """The first day on which each of them is known to have used it, where that is before their roster's."""
    forgotten = shelf.manifest.forgotten
    found = {person: day for person, day in shelf.manifest.first_use.items() if f"{day:%Y-%m}" < forgotten}
    if late:
        for person, day in (
            *_by_exports(shelf),
            *_by_reports(shelf, Reports(app, shelf)),
            *(one for each in live for one in _by_day(app, shelf, each, late)),
        ):
            if day < found.get(person, late.get(person, date.min)):
                found[person] = day
    return dict(sorted(found.items()))


def _by_exports(shelf: Shelf) -> Iterator[tuple[str, date]]:
    """Whoever has a count at a look had used it by then."""
    for look in (one.look for one in shelf.manifest.looks if one.state == "accepted"):
        for person, count in shelf.counts(look, main_measure(look)).items():
            if count > 0:
                yield person, last_day_of(look)


def _by_reports(shelf: Shelf, reports: Reports) -> Iterator[tuple[str, date]]:
    """Whoever used tokens, or had a session, in a range of days had used it by its last one."""
    for report in (one.report for one in shelf.manifest.reports):
        for measure in ("tokens", "sessions"):
            for actor, amount in reports.used(report, measure).items():
                if amount > 0:
                    yield actor, report.last


def _by_day(
    app: App, shelf: Shelf, manifest: Manifest, late: Mapping[str, date]
) -> Iterator[tuple[str, date]]:
    version = manifest.head.view.keys_version
    told = app.facts.read_value(manifest.source, KEYS, version, dict[str, str]) if version else {}
    directory = shelf.told.directory.with_keys(told)
    for day in _before(manifest, late):
        for fact in app.facts.read(manifest.source, day.isoformat(), manifest.days[day].facts):
            person = directory.person(fact.actor_id)
            if person is not None and fact.measures.any_activity:
                yield person, day
