"""Cost = metered cost + seats; and per active engineer."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from shared.adoption.figures import MONEY_PLACES, absent, between, exact, rounded
from shared.adoption.seats import SeatCost
from shared.records import Figure

_WHY_NOT = "not every part of the cost is known"


def cost_figures(metered: Figure, seats: SeatCost, active: Figure) -> dict[str, Figure]:
    """``cost`` and ``costPerActive``, which is absent when nobody is active."""
    cost = _cost(metered, seats)
    return {"cost": cost, "costPerActive": _per_active(cost, active)}


def _cost(metered: Figure, seats: SeatCost) -> Figure:
    low = Decimal(metered.low or 0) + seats.low
    bounded = metered.high is not None and seats.high is not None
    high = Decimal(metered.high or 0) + (seats.high or 0) if bounded else None
    reasons = dict.fromkeys(filter(None, [metered.reason, seats.reason]))
    return between(low, high, "; ".join(reasons) or _WHY_NOT)


def _per_active(cost: Figure, active: Figure) -> Figure:
    if active.value == 0:
        return absent("nobody is active")
    if cost.value is None or active.value is None:
        return absent(cost.reason or active.reason or _WHY_NOT)
    return exact(rounded(Fraction(Decimal(cost.value)) / Fraction(Decimal(active.value)), MONEY_PLACES))
