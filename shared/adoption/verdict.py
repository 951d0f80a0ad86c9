"""Two comparable periods, one verdict (docs/metrics.md, "The answer")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from shared.records import Counts, Measures, Verdict

Movement = Literal["started", "gained", "held", "declined", "stopped"]

#: Beyond this share of the earlier value an engineer gained or declined.
THRESHOLD = Fraction(10, 100)


@dataclass(frozen=True, slots=True)
class Use:
    """One engineer's use in one period: whether active on the basis, and how much."""

    active: bool
    amount: int


def use_of(measures: Measures) -> Use:
    """Use on the basis ``anyActivity``, its amount in accepted lines."""
    return Use(measures.any_activity, measures.lines_accepted)


NO_USE = Use(active=False, amount=0)


def movement(before: Use, after: Use, threshold: Fraction = THRESHOLD) -> Movement | None:
    """How one engineer moved; None for who is active in neither. Both edges of the threshold are held."""
    if not before.active:
        return "started" if after.active else None
    if not after.active:
        return "stopped"
    change = (after.amount - before.amount) * threshold.denominator  # whole numbers: exact, and fast
    if change > before.amount * threshold.numerator:
        return "gained"
    if change < -before.amount * threshold.numerator:
        return "declined"
    return "held"


def count(before: Mapping[str, Use], after: Mapping[str, Use]) -> Counts:
    """How everybody moved who is active in either period."""
    moved: dict[Movement, int] = dict.fromkeys(("started", "gained", "held", "declined", "stopped"), 0)
    for engineer in before.keys() | after.keys():
        one = movement(before.get(engineer, NO_USE), after.get(engineer, NO_USE))
        if one is not None:
            moved[one] += 1
    return Counts(
        active_before=sum(use.active for use in before.values()),
        active=sum(use.active for use in after.values()),
        **moved,
    )


def verdict_of(counts: Counts) -> Verdict:
    """Yes, no or mixed. A flat period is a no."""
    up = counts.started + counts.gained > counts.declined + counts.stopped
    if counts.active >= counts.active_before and up:
        return "yes"
    if counts.active <= counts.active_before and not up:
        return "no"
    return "mixed"


def is_flat(counts: Counts) -> bool:
    """As many active as before, and as many up as down."""
    return (
        counts.active == counts.active_before
        and counts.started + counts.gained == counts.declined + counts.stopped
    )
