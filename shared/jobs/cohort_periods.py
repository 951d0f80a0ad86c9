"""The periods that cohorts are of, and what all sources tell of each and of the newest verdict."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from shared.adoption.answer import chain, weeks_that_answer
from shared.adoption.cohorts import PERIODS
from shared.adoption.comparing import movements
from shared.adoption.edges import comparison, period_to
from shared.adoption.verdict import THRESHOLD
from shared.periods import Period, midnight

if TYPE_CHECKING:
    from fractions import Fraction

    from shared.adoption.mixed import Mixed
    from shared.adoption.ranges import Ways
    from shared.app import App
    from shared.jobs.workshop import Workshop

#: How far back the newest closed week, and the export periods of the answer, are looked for.
LOOKED_BACK = timedelta(days=400)


def closed_periods(app: App, workshop: Workshop) -> list[Period]:
    """The last four closed periods of the kind that the answer uses, in order; fewer if there are no more."""
    now = app.clock.now()
    weeks = app.periods.read("week", now - LOOKED_BACK, midnight(now.date()))
    exported = app.periods.read_answer() if workshop.mixer.edges else None
    of_weeks = weeks_that_answer(weeks, exported, now)
    if exported is not None and of_weeks is None:
        stored = app.periods.read("export", exported.period.end - LOOKED_BACK, exported.period.end)
        return [row.period for row in chain(stored, exported)][-PERIODS:]
    closed = [row.period for row in (weeks if of_weeks is None else of_weeks) if row.closed]
    found = closed[-1:]
    while found and len(found) < PERIODS:
        found.insert(0, found[0].previous())
    return found


def mixed(workshop: Workshop, period: Period, by_daily: frozenset[str]) -> Mixed:
    """Everything about a period. Where no export tells of it, daily sources tell of everybody whom they ever
    showed: in a month without any use, too."""
    if not workshop.mixer.shown_by_exports(period, by_daily):
        by_daily |= workshop.book.populations()
    if period.kind != "export":
        return workshop.mixed(period, by_daily)
    edges = {edge.moment: edge for edge in workshop.mixer.edges}
    return workshop.mixer.mixed(period, by_daily, start=edges.get(period.start), end=edges.get(period.end))


def moved(workshop: Workshop, newest: Period) -> Mapping[str, Ways] | None:
    """How each engineer moved in the newest verdict; None where it compares nothing."""
    before, threshold = _compared(workshop, newest)
    if before is None:
        return None
    first, second = (
        mixed(workshop, period, by_daily)
        for period, by_daily in zip((before, newest), workshop.by_daily_in_both(before, newest), strict=True)
    )
    return movements(first, second, threshold)


def _compared(workshop: Workshop, newest: Period) -> tuple[Period | None, Fraction]:
    if newest.kind != "export":
        return newest.previous(), THRESHOLD
    found = comparison(workshop.mixer.telling_edges)
    if found is None or found.latest.moment != newest.end:
        return None, THRESHOLD
    return period_to(found.b, found.a), found.threshold
