"""The row of a period of which exports tell, alone or beside a daily source: its figures are ranges."""

from __future__ import annotations

from decimal import Decimal

from shared.adoption.costs import cost_figures
from shared.adoption.daily import MILLIONTHS
from shared.adoption.figures import absent, acceptance_rate, between, money
from shared.adoption.mixed import OFF_THE_EDGES, Mixed
from shared.adoption.ranges import Range
from shared.records import Answer, Basis, Completeness, Figure, PeriodRow, SourceCover

EXPORTS = "exports"

_COUNTS = (
    "sessions",
    "linesAccepted",
    "linesRemoved",
    "decisionsAccepted",
    "decisionsRejected",
    "commits",
    "pullRequests",
    "tokens",
)
_WHERE_TOLD = ("linesMerged", "pullRequestsMerged")
_MONEY = ("meteredCost", "apiEquivalentCost")


def build(mixed: Mixed, answer: Answer) -> PeriodRow:
    """The row of a period; its verdict comes from ``comparing``."""
    exports = [_cover(mixed)] if mixed.exported else []
    return PeriodRow(
        label=mixed.period.label,
        period=mixed.period,
        closed=mixed.closed,
        completeness=_completeness(mixed),
        basis=mixed.basis,
        active={basis: _active(mixed, basis) for basis in dict.fromkeys([mixed.basis, *mixed.bases])},
        of=None if mixed.roster is None else len(mixed.roster),
        figures=_figures(mixed),
        unattributed={
            "sessions": _figure(mixed, "sessions", mixed.unattributed("sessions")),
            "linesAccepted": _figure(mixed, "linesAccepted", mixed.unattributed("linesAccepted")),
            "meteredCost": _cost(mixed, "meteredCost", mixed.unattributed("meteredCost")),
        },
        sources=[*(daily.cover for daily in mixed.daily), *exports],
        answer=answer,
    )


def _active(mixed: Mixed, basis: Basis) -> Figure:
    ranges = mixed.ranges(basis)
    if mixed.roster is not None:
        ranges = {person: one for person, one in ranges.items() if person in mixed.roster}
    low = sum(one.low > 0 for one in ranges.values())
    high: int | None = sum(one.top > 0 for one in ranges.values())
    if mixed.roster is None:
        high = None if mixed.unlisted(basis).top > 0 else high
    elif mixed.untold(basis):
        high = len(mixed.roster)
    return between(low, high, "; ".join(mixed.doubts(basis)) or OFF_THE_EDGES)


def _figures(mixed: Mixed) -> dict[str, Figure]:
    figures = {name: _figure(mixed, name, mixed.total(name)) for name in _COUNTS}
    for name in _WHERE_TOLD:
        if mixed.is_told(name):
            figures[name] = _figure(mixed, name, mixed.total(name))
    accepted, rejected = (figures[name].value for name in ("decisionsAccepted", "decisionsRejected"))
    figures["acceptanceRate"] = (
        acceptance_rate(accepted, rejected, None)
        if isinstance(accepted, int) and isinstance(rejected, int)
        else absent(figures["decisionsAccepted"].reason or figures["decisionsRejected"].reason or "")
    )
    for name in _MONEY:
        figures[name] = _cost(mixed, name, mixed.total(name))
    return figures | cost_figures(figures["meteredCost"], mixed.seats, _active(mixed, mixed.basis))


def _figure(mixed: Mixed, measure: str, found: Range) -> Figure:
    return between(found.low, found.high, "; ".join(mixed.doubts(measure)) or OFF_THE_EDGES)


def _cost(mixed: Mixed, measure: str, found: Range) -> Figure:
    low, high = _dollars(found.low), None if found.high is None else _dollars(found.high)
    return between(low, high, "; ".join(mixed.doubts(measure)) or OFF_THE_EDGES)


def _dollars(millionths: int) -> Decimal:
    return money(Decimal(millionths) / MILLIONTHS)


def _cover(mixed: Mixed) -> SourceCover:
    return SourceCover(
        source=EXPORTS,
        covered=mixed.is_told_of,
        populations=sorted({name for one in mixed.exported for name in one.populations}),
        days=[],
    )


def _completeness(mixed: Mixed) -> Completeness:
    if not mixed.closed:
        return "provisional"
    ranges = mixed.ranges(mixed.basis).values()
    exact = all(one.low == one.high for one in ranges) and not mixed.doubts(mixed.basis)
    return "complete" if exact else "incomplete"
