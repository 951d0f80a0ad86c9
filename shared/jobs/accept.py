"""Believes an empty answer about one day: an admin's decision, kept beside the raw answers (law 1)."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from shared.jobs.answers import EMPTIED
from shared.jobs.collecting import about
from shared.jobs.leasing import lease_patiently
from shared.jobs.outcome import Outcome
from shared.jobs.rebuild import rebuild
from shared.periods import ONE_DAY, midnight
from shared.records import DayEntry
from shared.sources import LIVE
from shared.sources.live import source_of
from shared.store.manifests import Retired

if TYPE_CHECKING:
    from shared.app import App
    from shared.store.manifests import Held, Manifest

#: Under this path, by source, the decisions stand in raw.
DECISIONS = "accept-empty"


def accept_empty(app: App, name: str, day: date, reason: str = "") -> Outcome:
    """Take the day as one on which nobody used it. Again is free."""
    if name not in LIVE:
        return Outcome(done=False, said=f"there is no source {name}; there are: {', '.join(LIVE)}")
    manifest = app.manifests.read(name).manifest
    before = manifest.days.get(day, DayEntry())
    if before.accepted_empty:
        rows = rebuild(app)  # who accepted it may have died before the rows followed
        return Outcome(done=False, said=f"{day} was accepted before; {rows} period rows written")
    lag = LIVE[name].lag or timedelta(0)
    if why := _why_not(before, day, lag, app.clock.now()):
        return Outcome(done=False, said=f"{day} stays as it is: {why}")
    held = lease_patiently(app, name, f"accept-{secrets.token_hex(6)}")
    why = _why_not(held.manifest.days.get(day, DayEntry()), day, lag, app.clock.now())
    if not why:
        _decide(app, held, day, reason)
    changed = held.manifest if why else _accepted(held.manifest, day, app.clock.now())
    app.manifests.replace(held, msgspec.structs.replace(changed, lease_holder="", lease_until=None))
    if why:
        return Outcome(done=False, said=f"{day} stays as it is: {why}")
    return Outcome(done=True, said=f"{day} was accepted as empty; {rebuild(app)} period rows written")


def _why_not(entry: DayEntry, day: date, lag: timedelta, now: datetime) -> str:
    """Why an empty answer cannot be believed; empty where it can."""
    if entry.content == "none":
        return "it was never answered"
    if entry.content == "rows" and entry.note != EMPTIED:
        return "the newest answer has rows"
    if now < midnight(day + ONE_DAY) + lag:
        return "it can still change"
    return ""


def _decide(app: App, held: Held, day: date, reason: str) -> None:
    now = app.clock.now()
    app.raw.decide(
        f"{DECISIONS}/{held.manifest.source}/{day}-{held.manifest.epoch:08d}-{now:%Y%m%dT%H%M%SZ}",
        {
            "type": DECISIONS,
            "source": held.manifest.source,
            "day": day,
            "version": held.manifest.epoch,
            "at": now,
            "reason": reason,
        },
    )


def _accepted(manifest: Manifest, day: date, now: datetime) -> Manifest:
    """The manifest with that day as an empty one, under the lease's epoch; its rows are retired."""
    before = manifest.days[day]
    empty = DayEntry(
        version=manifest.epoch,
        content="empty",
        last_attempt="ok",
        settled=True,
        fetched_at=before.fetched_at,
        digest=source_of(manifest.source).read_day((), day).digest,
        accepted_empty=True,
    )
    days = {**manifest.days, day: empty}
    retired = (Retired(day.isoformat(), before.facts, now),) if before.facts else ()
    return msgspec.structs.replace(
        manifest,
        days=days,
        retired=(*manifest.retired, *retired),
        head=msgspec.structs.replace(manifest.head, **about(days)),
    )
