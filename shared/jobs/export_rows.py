"""The rows of export periods: one for each edge, and the one that the answer compares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.adoption.advice import months_file
from shared.adoption.diary import months_ended
from shared.adoption.edges import STEPS, TOGETHER, Comparison, Edge, comparison, nearest, partner
from shared.adoption.mixed_rows import Mixed, build, compare, not_comparable
from shared.errors import StoreConflict
from shared.periods import Period, period_of
from shared.store.period_rows import ANSWER, key_of

if TYPE_CHECKING:
    from datetime import datetime

    from shared.app import App
    from shared.jobs.workshop import Workshop
    from shared.records import PeriodRow
    from shared.store.period_rows import Built


def rebuild_exports(app: App, workshop: Workshop, *, everything: bool) -> int:
    """Bring the rows of export periods up to their inputs, and take away those whose edge is gone."""
    edges = workshop.mixer.edges
    stored = app.periods.built("export")
    written = 0
    for edge in edges:
        start = partner(edges, edge)
        period = _period(start, edge)
        before = _before(edges, start, period)
        written += _write(app, workshop, stored, key_of(period), period, before, everything=everything)
    newest = comparison(edges)
    if newest is not None:
        period, before = _period(newest.b, newest.latest), _period(newest.a, newest.b)
        written += _write(app, workshop, stored, ANSWER, period, before, newest, everything=everything)
    wanted = {key_of(_period(None, edge)) for edge in edges} | ({ANSWER} if newest else set())
    for key in stored.keys() - wanted:
        _refuse_newer(workshop, stored[key])
        app.periods.remove("export", key)
        written += 1
    return written


def _write(
    app: App,
    workshop: Workshop,
    stored: dict[str, Built],
    key: str,
    period: Period,
    before: Period | None,
    compared: Comparison | None = None,
    *,
    everything: bool,
) -> int:
    over = stored.get(key)
    inputs = workshop.inputs(period, before)
    if over is not None and not workshop.is_stale(over, inputs, everything=everything):
        return 0
    if over is not None:
        # The row may come to be of another period, of which other inputs tell: all are compared.
        _refuse_newer(workshop, over)
        over = over._replace(inputs=inputs)
    app.periods.write(_row(app, workshop, period, before, compared), inputs, over, key=key)
    return 1


def _refuse_newer(workshop: Workshop, stored: Built) -> None:
    """Raises StoreConflict where the row was built from something newer than this reading."""
    if stored.inputs.newer_than(workshop.everything):
        raise StoreConflict("the stored row was built from newer inputs")


def _row(
    app: App, workshop: Workshop, period: Period, before: Period | None, compared: Comparison | None
) -> PeriodRow:
    by_moment = {edge.moment: edge for edge in workshop.mixer.edges}
    after = _mixed(workshop, period, by_moment)
    if before is None:
        reason = f"no export lies a week before {period.start.day} {period.start:%B %Y %H:%M} UTC"
        if abs(period.end - period.start - STEPS[0]) > TOGETHER:
            reason = "it is not a week long"
        return build(after, not_comparable(after, reason, _settled_by(app, workshop, period)))
    a, b, latest = by_moment[before.start], by_moment[period.start], by_moment[period.end]
    found = compared or Comparison(a, b, latest, STEPS[0])
    action = _settled_by(app, workshop, period, before)
    return build(after, compare(_mixed(workshop, before, by_moment), after, found.threshold, action))


def _mixed(workshop: Workshop, period: Period, by_moment: dict[datetime, Edge]) -> Mixed:
    return workshop.mixer.mixed(
        period,
        workshop.by_daily(period),
        start=by_moment.get(period.start),
        end=by_moment.get(period.end),
    )


def _period(start: Edge | None, end: Edge) -> Period:
    begins = start.moment if start is not None else period_of("month", end.moment.date()).start
    return Period(begins, end.moment, "export")


def _before(edges: list[Edge], start: Edge | None, period: Period) -> Period | None:
    """The export period that this one is compared with: each about a week long."""
    if start is None or abs(period.end - period.start - STEPS[0]) > TOGETHER:
        return None
    a = nearest([edge for edge in edges if edge.moment < start.moment], start.moment - STEPS[0])
    return None if a is None else _period(a, start)


def _settled_by(app: App, workshop: Workshop, *periods: Period) -> str:
    """The finished month's file that would settle one of the periods, the first in which one is missing."""
    closed = workshop.mixer.closed_months()
    for period in periods:
        for month in months_ended(period.start, period.end):
            if month.label not in closed:
                return months_file(month, period.start, period.end, app.settings.export_timezone)
    return ""
