"""Period rows that are behind their inputs are computed again, whatever the run fetched (law 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from shared.errors import StoreConflict, StoreError
from shared.jobs.cohort_rows import rebuild_cohorts
from shared.jobs.export_rows import rebuild_exports
from shared.jobs.first_use import note_first_use
from shared.jobs.noting import note
from shared.jobs.publishing import Publisher
from shared.jobs.workshop import Workshop
from shared.periods import CALENDAR
from shared.store.period_rows import key_of

if TYPE_CHECKING:
    from shared.app import App
    from shared.jobs.restating import History

#: How often a run reads everything again because another run published meanwhile.
ATTEMPTS = 5


def rebuild(
    app: App, *, everything: bool = False, on_the_way: bool = False, history: History | None = None
) -> int:
    """Bring every period row up to its inputs, and the cohorts; how many rows were written. ``history``: what
    closed periods said before, where rows were lost. ``on_the_way``: more days are being fetched; cohorts,
    which follow from all of them, are left to the end.

    Two runs may do this at once: each row is replaced only by one built from no older inputs, and
    who meets newer ones reads and computes again.
    """
    written = 0
    for _ in range(ATTEMPTS):
        workshop = Workshop(app)
        try:
            if note_first_use(app, workshop.held_exports) or _note_disputes(app, workshop):
                continue
            written += _rebuild_calendar(app, workshop, history, everything=everything)
            publisher = Publisher(app, workshop, "export", history, everything=everything)
            of_exports = rebuild_exports(app, workshop, publisher, everything=everything)
            written += of_exports.written
            if not on_the_way:
                rebuild_cohorts(app, workshop, everything=everything)
            note(app, workshop, of_exports.disagreements)
            return written
        except StoreConflict:
            continue
        except StoreError:
            if not workshop.is_behind():
                raise  # the facts are damaged; reading them again would not help
    raise StoreConflict(f"the period rows were overtaken {ATTEMPTS} times running; the next run goes on")


def _note_disputes(app: App, workshop: Workshop) -> bool:
    """Bring up what reports contradict each other about; whether this reading is behind now.

    It is kept in the manifest, so that a run to which no file came need not read them to know that no row is
    behind. Raises StoreConflict where a file was recorded meanwhile.
    """
    held, reports = workshop.held_exports, workshop.mixer.reports
    if held.manifest.disputes_of == reports.disputes_of:
        return False
    noted = msgspec.structs.replace(
        held.manifest, disputes=reports.disputes(), disputes_of=reports.disputes_of
    )
    app.exports.replace(held, noted)
    return True


def _rebuild_calendar(app: App, workshop: Workshop, history: History | None, *, everything: bool) -> int:
    """The rows of days, weeks and months, side by side in the order of time: those that lie near each other
    are made of the same days, and no day is read again for each of them."""
    publishers = {one: Publisher(app, workshop, one, history, everything=everything) for one in CALENDAR}
    stored = {one: app.periods.built(one) for one in CALENDAR}
    periods = {one: workshop.periods(one) for one in CALENDAR}
    written = 0
    for granularity, built in stored.items():
        for key in built.keys() - set(map(key_of, periods[granularity])):
            if workshop.is_gone(built[key]):
                publishers[granularity].remove(key, built[key])
                written += 1
    in_time = sorted(
        ((one, period) for one in CALENDAR for period in periods[one]), key=lambda one: one[1].end
    )
    for granularity, period in in_time:
        before = stored[granularity].get(key_of(period))
        inputs = workshop.inputs(period, period.previous())
        if before is not None and not workshop.is_stale(before, inputs, everything=everything):
            continue
        publishers[granularity].put(key_of(period), workshop.rows(period), inputs, before)
        written += 1
    for publisher in publishers.values():
        publisher.finish()
    return written
