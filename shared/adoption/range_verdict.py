"""What a comparison over ranges comes to: the verdict where there is one, and how far each count reaches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.adoption.ranges import Ways, verdicts
from shared.adoption.verdict import Movement, is_flat
from shared.records import Counts, Spread, Verdict

_MOVEMENTS: tuple[Movement, ...] = ("started", "gained", "held", "declined", "stopped")
_ACTIVE_BEFORE = frozenset({"gained", "held", "declined", "stopped"})
_ACTIVE_AFTER = frozenset({"started", "gained", "held", "declined"})


@dataclass(frozen=True, slots=True)
class RangeVerdict:
    """``verdict`` is None where histories within the ranges differ; ``counts`` where each is one number."""

    verdict: Verdict | None
    counts: Counts | None
    ranges: dict[str, Spread]

    @property
    def flat(self) -> bool:
        """Whether it is certain that as many are active and as many went up as down."""
        return self.counts is not None and is_flat(self.counts)


def decide(ways: Iterable[Ways]) -> RangeVerdict:
    """The verdict that every history within the ranges gives."""
    numbers = Counter(ways)
    possible = verdicts(numbers.elements())
    ranges: dict[str, Spread] = {
        "activeBefore": _spread(numbers, _ACTIVE_BEFORE),
        "active": _spread(numbers, _ACTIVE_AFTER),
    }
    for movement in _MOVEMENTS:
        ranges[movement] = _spread(numbers, frozenset({movement}))
    counts = None
    if all(one.low == one.high for one in ranges.values()):
        counts = Counts(
            active_before=ranges["activeBefore"].low,
            active=ranges["active"].low,
            **{movement: ranges[movement].low for movement in _MOVEMENTS},
        )
    verdict = next(iter(possible)) if len(possible) == 1 else None
    return RangeVerdict(verdict, counts, ranges)


def _spread(numbers: Mapping[Ways, int], which: frozenset[str]) -> Spread:
    """How many engineers certainly, and how many possibly, moved in one of these ways."""
    certain = sum(number for one, number in numbers.items() if one <= which)
    possible = sum(number for one, number in numbers.items() if not one.isdisjoint(which))
    return Spread(certain, possible)
