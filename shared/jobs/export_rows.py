"""The rows of export periods: one for each edge, and the one that the answer compares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.adoption.advice import best_next
from shared.adoption.edges import (
    STEPS,
    TOGETHER,
    Comparison,
    Edge,
    comparison,
    nearest,
    partner,
    period_to,
)
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
        period = period_to(edge, start)
        before = _before(edges, start, period)
        written += _write(app, workshop, stored, key_of(period), period, before, everything=everything)
    newest = comparison(edges)
    if newest is not None:
        period, before = period_to(newest.latest, newest.b), period_to(newest.b, newest.a)
        written += _write(app, workshop, stored, ANSWER, period, before, newest, everything=everything)
    wanted = {key_of(period_to(edge, None)) for edge in edges} | ({ANSWER} if newest else set())
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
    app.periods.write(_row(workshop, period, before, compared), inputs, over, key=key)
    return 1


def _refuse_newer(workshop: Workshop, stored: Built) -> None:
    """Raises StoreConflict where the row was built from something newer than this reading."""
    if stored.inputs.newer_than(workshop.everything):
        raise StoreConflict("the stored row was built from newer inputs")


def _row(workshop: Workshop, period: Period, before: Period | None, compared: Comparison | None) -> PeriodRow:
    edges = workshop.mixer.edges
    by_moment = {edge.moment: edge for edge in edges}
    after = _mixed(workshop, period, by_moment)
    if before is None:
        reason = f"no export lies a week before {period.start.day} {period.start:%B %Y %H:%M} UTC"
        if abs(period.end - period.start - STEPS[0]) > TOGETHER:
            reason = "it is not a week long"
        return build(after, not_comparable(after, reason, best_next(edges)))
    a, b, latest = by_moment[before.start], by_moment[period.start], by_moment[period.end]
    found = compared or Comparison(a, b, latest, STEPS[0])
    advice = best_next(edges, _open_month(workshop, before, period))
    return build(after, compare(_mixed(workshop, before, by_moment), after, found.threshold, advice))


def _mixed(workshop: Workshop, period: Period, by_moment: dict[datetime, Edge]) -> Mixed:
    return workshop.mixer.mixed(
        period,
        workshop.by_daily(period),
        start=by_moment.get(period.start),
        end=by_moment.get(period.end),
    )


def _before(edges: list[Edge], start: Edge | None, period: Period) -> Period | None:
    """The export period that this one is compared with: each about a week long."""
    if start is None or abs(period.end - period.start - STEPS[0]) > TOGETHER:
        return None
    a = nearest([edge for edge in edges if edge.moment < start.moment], start.moment - STEPS[0])
    return None if a is None else period_to(start, a)


def _open_month(workshop: Workshop, *periods: Period) -> str | None:
    """The finished month that no final look closes, of those that end inside one of the periods."""
    closed = workshop.mixer.closed_months()
    for period in reversed(periods):
        month = period_of("month", period.start.date())
        while month.end < period.end:
            if month.label not in closed:
                return month.label
            month = period_of("month", month.end.date())
    return None
