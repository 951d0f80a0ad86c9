"""What is kept for how long: after that, what each engineer did, the raw files, and the audit go.

Period rows stay, marked where they can no longer be made again. The first run of a day forgets facts and
audit, the first of a week raw files: nothing is kept about when, and whoever dies on the way goes on the next
time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared.errors import StoreConflict
from shared.events import emit
from shared.jobs.plan import oldest_month
from shared.jobs.sweep import sweep_cohorts
from shared.jobs.workshop import Workshop
from shared.periods import CALENDAR, Granularity
from shared.sources import LIVE
from shared.store.exports import part_of
from shared.store.facts import partition_of
from shared.store.manifests import EXPORTS

if TYPE_CHECKING:
    from shared.app import App

#: What nothing refers to goes after so long: until then it may belong to a job that is under way.
GRACE = timedelta(hours=24)

GRANULARITIES: tuple[Granularity, ...] = (*CALENDAR, "export")


def retain(app: App, last_run: datetime | None, *, again: bool = False) -> None:
    """Let go of what is too old, where that is due. ``last_run``: when the last refresh began; before the
    first one there is nothing old. ``again``: it could not be done then, so all of it is due."""
    now = app.clock.now()
    if last_run is None or (last_run.date() == now.date() and not again):
        return
    gone: dict[str, int] = {"looks": _forget_looks(app), "facts": _drop_facts(app), "frozen": _freeze(app)}
    gone["cohorts"] = sweep_cohorts(app)
    before = now - timedelta(days=app.settings.audit_retention_days)
    gone["audit"] = app.audit.drop_before(before) + app.runs.drop_before(before)
    if again or last_run.isocalendar()[:2] != now.isocalendar()[:2]:
        gone |= {"arrivals": _drop_arrivals(app), "contents": _drop_contents(app)}
    if any(gone.values()):
        emit("retention.finished", **gone)


def _forget_looks(app: App) -> int:
    held = app.exports.read()
    changed = held.manifest.without_months_before(oldest_month(app))
    if changed is held.manifest:
        return 0
    try:
        app.exports.replace(held, changed)
    except StoreConflict:
        return 0  # a file was recorded meanwhile; the next time
    return len(held.manifest.looks) - len(changed.looks)


def _drop_facts(app: App) -> int:
    """The facts of files that are not recorded any more, or never were."""
    before = app.clock.now() - GRACE
    kept = {partition_of(EXPORTS, part_of(one), 1) for one in app.exports.read().manifest.counted}
    gone = 0
    for seen in app.facts.partitions(EXPORTS):
        is_file = seen.key.startswith(f"{EXPORTS}|{part_of('')}")
        if is_file and seen.key not in kept and seen.written_at < before:
            app.facts.remove(seen)
            gone += 1
    return gone


def _freeze(app: App) -> int:
    workshop = Workshop(app)
    frozen = 0
    for granularity in GRANULARITIES:
        for key, built in app.periods.built(granularity).items():
            if not built.frozen and workshop.has_forgotten_some(built.inputs):
                try:
                    app.periods.freeze(granularity, key)
                except StoreConflict:
                    continue
                frozen += 1
    return frozen


def _drop_arrivals(app: App) -> int:
    """Documents of what came too long ago, their receipts and quarantine; what still counts stays, because a
    rebuild needs it."""
    before = app.clock.now() - timedelta(days=app.settings.raw_retention_days)
    counted = app.exports.read().manifest.counted
    days = {(source, day.isoformat()) for source in LIVE for day in app.manifests.read(source).manifest.days}
    newest_views = {
        max((path for path, _ in app.raw.arrivals_by_path(f"{source}/view/")), default="") for source in LIVE
    }
    gone = 0
    for path, document in list(app.raw.arrivals_by_path("")):
        came = datetime.fromisoformat(document.get("arrivedAt") or document["fetchedAt"])
        counts = document.get("receiptId") in counted or (document["source"], document.get("day")) in days
        if came < before and not counts and path not in newest_views:
            app.raw.drop_arrival(path)
            gone += 1
    gone += app.receipts.drop_before(before, but=counted)
    gone += app.quarantine.drop_before(before)
    return gone


def _drop_contents(app: App) -> int:
    """Contents to which no document, and no day, refers."""
    old = set(app.raw.contents_from_before(app.clock.now() - GRACE))
    for document in app.raw.arrivals(""):
        pages = document["pages"]
        parts = pages.values() if isinstance(pages, dict) else [pages]
        old -= {digest for part in parts for digest in part}
    for source in LIVE:
        for entry in app.manifests.read(source).manifest.days.values():
            old -= set(entry.raw.split(","))
    for digest in old:
        app.raw.remove(digest)
    return len(old)
