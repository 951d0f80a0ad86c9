"""Verdicts over ranges, decided exactly: does every history that the ranges allow give the same verdict?

Each engineer's two ranges allow some of five ways to move, and each way adds to two sums: how many more are
active, and how many more went up than down. Engineers are independent, so the sums that can be reached are
those of one choice each. For a given first sum the largest and the smallest second sum are found greedily:
per engineer they are concave and convex, because whoever may have started as well as stopped may also have
done nothing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import NamedTuple

from shared.adoption.verdict import THRESHOLD, Movement
from shared.records import Verdict


class Range(NamedTuple):
    """A whole number from ``low`` to ``high`` (None: no bound), not below 0."""

    low: int
    high: int | None

    @property
    def top(self) -> float:
        """Its largest value, infinite without a bound."""
        return math.inf if self.high is None else self.high

    @property
    def least_positive(self) -> int | None:
        """Its least value above 0; None where there is none."""
        return max(self.low, 1) if self.top >= 1 else None

    @property
    def may_be_zero(self) -> bool:
        """Whether 0 is one of its values."""
        return self.low <= 0


NOTHING = Range(0, 0)
UNKNOWN = Range(0, None)

#: What each movement adds: to the number of the active, and to started + gained - declined - stopped.
_ADDS: Mapping[Movement | None, tuple[int, int]] = {
    "started": (1, 1),
    "stopped": (-1, -1),
    "gained": (0, 1),
    "held": (0, 0),
    "declined": (0, -1),
    None: (0, 0),
}

Ways = frozenset[Movement | None]


class PossibleUse(NamedTuple):
    """What one engineer may have done in a period: whether perhaps nothing, and how much if something.

    ``amount`` is None where the engineer was certainly not active.
    """

    idle: bool
    amount: Range | None


def use_of(amount: Range) -> PossibleUse:
    """The use of who is active exactly where the amount is above 0."""
    least = amount.least_positive
    return PossibleUse(amount.may_be_zero, None if least is None else Range(least, amount.high))


def ways_of(before: PossibleUse, after: PossibleUse, threshold: Fraction = THRESHOLD) -> Ways:
    """Every way in which an engineer may have moved who may have used it so; None for active in neither."""
    ways: set[Movement | None] = set()
    if before.idle and after.idle:
        ways.add(None)
    if before.idle and after.amount is not None:
        ways.add("started")
    if after.idle and before.amount is not None:
        ways.add("stopped")
    if before.amount is not None and after.amount is not None:
        step, whole = threshold.as_integer_ratio()  # the same in whole numbers, which are faster
        up, down = whole + step, whole - step
        if after.amount.top * whole > before.amount.low * up:
            ways.add("gained")
        if after.amount.low * whole < before.amount.top * down:
            ways.add("declined")
        if (
            after.amount.top * whole >= before.amount.low * down
            and after.amount.low * whole <= before.amount.top * up
        ):
            ways.add("held")
    return frozenset(ways)


def ways_to_move(before: Range, after: Range, threshold: Fraction = THRESHOLD) -> Ways:
    """The same for an engineer who is active exactly where the amount is above 0."""
    return ways_of(use_of(before), use_of(after), threshold)


class Reach(NamedTuple):
    """For each reachable change of the number of the active: the least and the largest second sum."""

    first: int
    least: list[int]
    largest: list[int]


def reach(ways: Iterable[Ways]) -> Reach:
    """Every pair of sums' bounds that one choice for each engineer can give."""
    first = at_first_least = at_first_largest = 0
    least_steps: Counter[int] = Counter()
    largest_steps: Counter[int] = Counter()
    for one, number in Counter(ways).items():
        by_active: dict[int, list[int]] = {}
        for movement in one:
            active, up = _ADDS[movement]
            by_active.setdefault(active, []).append(up)
        order = sorted(by_active)
        first += order[0] * number
        at_first_least += min(by_active[order[0]]) * number
        at_first_largest += max(by_active[order[0]]) * number
        for here, there in pairwise(order):
            least_steps[min(by_active[there]) - min(by_active[here])] += number
            largest_steps[max(by_active[there]) - max(by_active[here])] += number
    return Reach(
        first,
        list(accumulate(sorted(least_steps.elements()), initial=at_first_least)),
        list(accumulate(sorted(largest_steps.elements(), reverse=True), initial=at_first_largest)),
    )


def verdicts(ways: Iterable[Ways]) -> frozenset[Verdict]:
    """Each verdict that some history within the ranges gives."""
    found = reach(ways)
    possible: set[Verdict] = set()
    for at, (least, largest) in enumerate(zip(found.least, found.largest, strict=True)):
        more = found.first + at
        if largest >= 1:
            possible.add("yes" if more >= 0 else "mixed")
        if least <= 0:
            possible.add("no" if more <= 0 else "mixed")
    return frozenset(possible)
