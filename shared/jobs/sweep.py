"""Deletes facts that nothing has referred to for a day: replaced ones, and those of runs that died."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from shared.errors import StoreConflict
from shared.sources import LIVE
from shared.store.cohorts import SCHEMA, version_of
from shared.store.facts import KEYS, MEMBERS, partition_of

if TYPE_CHECKING:
    from shared.app import App
    from shared.store.manifests import Manifest

#: Nobody reads an old version for longer: a function ends after ten minutes.
GRACE = timedelta(hours=24)
EVERY = timedelta(hours=24)


def sweep(app: App) -> int:
    """Once a day, delete what is not referred to; how many partitions went."""
    gone = 0
    now = app.clock.now()
    for source in LIVE:
        held = app.manifests.read(source)
        manifest = held.manifest
        # A sweep in the future was one of a clock that is wrong, and holds nobody up.
        due = manifest.swept_at is None or abs(now - manifest.swept_at) >= EVERY
        if not held.etag or not due or manifest.lease_holder:
            continue
        needed = _referred_to(manifest) | {
            partition_of(source, one.part, one.version) for one in manifest.retired if now - one.at < GRACE
        }
        for seen in app.facts.partitions(source):
            if seen.key not in needed and now - seen.written_at >= GRACE:
                app.facts.remove(seen)
                gone += 1
        retired = tuple(one for one in manifest.retired if now - one.at < GRACE)
        try:
            app.manifests.replace(held, msgspec.structs.replace(manifest, retired=retired, swept_at=now))
        except StoreConflict:
            continue  # a run began meanwhile; the sweep comes again
    return gone


def sweep_cohorts(app: App) -> int:
    """Delete the versions and summaries of cohorts that nothing has referred to for a day: those that were
    replaced, and those of runs that died; how many partitions went."""
    now = app.clock.now()
    held = app.cohorts.held()
    if held.schema > SCHEMA:
        return 0  # a later program's
    needed = {*held.published.summaries, *([held.listing.version] if held.listing else [])}
    needed |= {one.name for one in held.published.retired if now - one.at < GRACE}
    gone = 0
    for seen in list(app.cohorts.partitions()):
        if version_of(seen.key) not in needed and now - seen.written_at >= GRACE:
            with suppress(StoreConflict):  # another instance sweeps, too
                app.cohorts.remove(seen)
            gone += 1
    return gone


def _referred_to(manifest: Manifest) -> set[str]:
    view = manifest.head.view
    parts = [(day.isoformat(), entry.facts) for day, entry in manifest.days.items()]
    parts += [(MEMBERS, view.members_version), (KEYS, view.keys_version)]
    return {partition_of(manifest.source, part, version) for part, version in parts if version}
