"""The rows of export periods: one for each edge, and the one that the answer compares."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from shared.adoption.advice import months_file
from shared.adoption.comparing import compare, not_comparable
from shared.adoption.diary import months_ended
from shared.adoption.edges import STEPS, TOGETHER, Comparison, Edge, comparison, nearest, partner, period_to
from shared.errors import StoreConflict
from shared.jobs.reconciling import disagreements
from shared.periods import Period
from shared.store.period_rows import ANSWER, key_of

if TYPE_CHECKING:
    from datetime import datetime

    from shared.adoption.mixed import Mixed
    from shared.adoption.team_rows import Rows
    from shared.app import App
    from shared.heads import Disagreement
    from shared.jobs.publishing import Publisher
    from shared.jobs.workshop import Workshop
    from shared.store.period_rows import Built, Inputs


class Rebuilt(NamedTuple):
    """How many rows were written or removed, and what all rows know two sources to disagree about."""

    written: int
    disagreements: tuple[Disagreement, ...]


def rebuild_exports(app: App, workshop: Workshop, publisher: Publisher, *, everything: bool) -> Rebuilt:
    """Bring the rows of export periods up to their inputs, and take away those whose edge is gone."""
    edges = workshop.mixer.edges
    stored = app.periods.built("export")
    written = 0
    found: dict[Period, tuple[Disagreement, ...]] = {}
    for edge in edges:
        start = partner(edges, edge)
        period = period_to(edge, start)
        task = _Task(key_of(period), period, _before(edges, start, period), start, edge)
        over = stored.get(task.key)
        if over is not None and not workshop.is_stale(over, _inputs(workshop, task), everything=everything):
            found[period] = over.disagreements
            continue
        found[period] = disagreements(workshop, start, edge) if start else ()
        _put(app, workshop, publisher, task, over, found[period])
        written += 1
    newest = comparison(workshop.mixer.telling_edges)
    if newest is not None:
        period, before = period_to(newest.latest, newest.b), period_to(newest.b, newest.a)
        task = _Task(ANSWER, period, before, newest.b, newest.latest, newest)
        over = stored.get(ANSWER)
        if over is None or workshop.is_stale(over, _inputs(workshop, task), everything=everything):
            _put(app, workshop, publisher, task, over)
            written += 1
    wanted = {key_of(period_to(edge, None)) for edge in edges} | ({ANSWER} if newest else set())
    for key in stored.keys() - wanted:
        if workshop.has_forgotten_some(stored[key].inputs):
            continue  # its looks are too old to be kept; it stays
        _refuse_newer(workshop, stored[key])
        publisher.remove(key, stored[key])
        written += 1
    publisher.finish()
    return Rebuilt(written, tuple(one for of_row in found.values() for one in of_row))


class _Task(NamedTuple):
    """One row that is to be: of which period, compared with which; where it begins (None: with a month)."""

    key: str
    period: Period
    before: Period | None
    start: Edge | None
    end: Edge
    compared: Comparison | None = None


def _inputs(workshop: Workshop, task: _Task) -> Inputs:
    days = workshop.mixer.days_spoken_of(task.start, task.end) if task.start else []
    return workshop.inputs(task.period, task.before, days)


def _put(
    app: App,
    workshop: Workshop,
    publisher: Publisher,
    task: _Task,
    over: Built | None,
    found: tuple[Disagreement, ...] = (),
) -> None:
    if over is not None:
        _refuse_newer(workshop, over)
    # The row may come to be of another period, of which other inputs tell: all are compared.
    newest = workshop.everything
    publisher.put(task.key, _rows(app, workshop, task), _inputs(workshop, task), over, found, newest=newest)


def _refuse_newer(workshop: Workshop, stored: Built) -> None:
    """Raises StoreConflict where the row was built from something newer than this reading."""
    if stored.inputs.newer_than(workshop.everything):
        raise StoreConflict("the stored row was built from newer inputs")


def _rows(app: App, workshop: Workshop, task: _Task) -> Rows:
    period, before = task.period, task.before
    by_moment = {edge.moment: edge for edge in workshop.mixer.edges}
    after = _mixed(workshop, period, workshop.by_daily(period), by_moment)
    if before is None:
        reason = f"no export lies a week before {period.start.day} {period.start:%B %Y %H:%M} UTC"
        if abs(period.end - period.start - STEPS[0]) > TOGETHER:
            reason = "it is not a week long"
        action = _settled_by(app, workshop, period)
        return workshop.rows_of_mixed(after, None, lambda _: not_comparable(after, reason, action))
    a, b, latest = by_moment[before.start], by_moment[period.start], by_moment[period.end]
    found = task.compared or Comparison(a, b, latest, STEPS[0])
    action = _settled_by(app, workshop, period, before)
    first, second = (
        _mixed(workshop, one, by_daily, by_moment)
        for one, by_daily in zip((before, period), workshop.by_daily_in_both(before, period), strict=True)
    )
    return workshop.rows_of_mixed(
        after, before, lambda part: compare(part(first), part(second), found.threshold, action)
    )


def _mixed(
    workshop: Workshop, period: Period, by_daily: frozenset[str], by_moment: dict[datetime, Edge]
) -> Mixed:
    return workshop.mixer.mixed(
        period,
        by_daily,
        start=by_moment.get(period.start),
        end=by_moment.get(period.end),
    )


def _before(edges: list[Edge], start: Edge | None, period: Period) -> Period | None:
    """The export period that this one is compared with: each about a week long."""
    if start is None or abs(period.end - period.start - STEPS[0]) > TOGETHER:
        return None
    a = nearest([edge for edge in edges if edge.moment < start.moment], start.moment - STEPS[0])
    return None if a is None else period_to(start, a)


def _settled_by(app: App, workshop: Workshop, *periods: Period) -> str:
    """The finished month's file that would settle one of the periods, the first in which one is missing."""
    closed = workshop.mixer.closed_months()
    for period in periods:
        for month in months_ended(period.start, period.end):
            if month.label not in closed:
                return months_file(month, period.start, period.end, app.settings.export_timezone)
    return ""
