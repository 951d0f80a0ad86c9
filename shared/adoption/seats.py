"""What the seats of a period cost: each seat held × its tier's monthly price ÷ days of that month × days.

Who holds which seat is known on the days of members files and of members analytics; until the next one it is
as the last one says, and before the first one as that one says.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import msgspec

from shared.adoption.figures import money, rounded
from shared.periods import ONE_DAY, Period, midnight, period_of

NO_PRICES = "no seat prices are known"
NO_MEMBERS = "no members file tells who holds a seat"


class SeatPrice(msgspec.Struct, frozen=True, array_like=True):
    """What a seat costs a month in US dollars, from a day on (None: from the beginning)."""

    tier: str
    price: Decimal
    since: date | None = None


@dataclass(frozen=True, slots=True)
class SeatsShown:
    """Who held a seat of which tier on a day."""

    day: date
    tiers: Mapping[str, str]


class SeatCost(NamedTuple):
    """At least ``low`` US dollars; ``high`` is the same, or None where some prices are not known."""

    low: Decimal
    high: Decimal | None
    reason: str | None = None


UNKNOWN = SeatCost(Decimal(0), None, NO_PRICES)


class Seats:
    """Who held which seat from when on, and what it cost. Tiers are compared as they are spelled.

    ``aliases``: from one address's id to its person's, who may so hold several.
    """

    def __init__(
        self,
        shown: Iterable[SeatsShown],
        prices: Iterable[SeatPrice],
        aliases: Mapping[str, str] | None = None,
    ) -> None:
        in_order = sorted(shown, key=lambda one: one.day)
        self._held = [(one.day, Counter(one.tiers.values())) for one in in_order]
        self._prices: dict[str, list[SeatPrice]] = {}
        for price in sorted(prices, key=lambda one: one.since or date.min):
            self._prices.setdefault(price.tier, []).append(price)
        self._changes = _changes(in_order, aliases or {}) if self._prices else {}

    def cost(self, period: Period, of: Iterable[str] | None = None) -> SeatCost:
        """What the seats of a period cost, to the cent: everybody's, or those of these people."""
        if not self._prices:
            return UNKNOWN
        if not self._held:
            return SeatCost(Decimal(0), None, NO_MEMBERS)
        total, unpriced = Fraction(0), set[str]()
        people = None if of is None else list(of)
        held: dict[int, Counter[str]] = {}
        for day in period.days():
            share = _share(day, period) / _days_of_month(day)
            known = self._newest(day)
            if known not in held:
                held[known] = self._held[known][1] if people is None else self._held_by(people, known)
            for tier, seats in held[known].items():
                price = self._price(tier, day)
                if price is None:
                    unpriced.add(tier)
                else:
                    total += seats * Fraction(price) * share
        low = money(rounded(total, Decimal("0.01")))
        if unpriced:
            return SeatCost(low, None, f"no price is known of the tier {', '.join(sorted(unpriced))}")
        return SeatCost(low, low)

    def _newest(self, day: date) -> int:
        """Which file tells who holds a seat on that day: the newest up to it, else the first."""
        return max(bisect_right(self._held, day, key=lambda one: one[0]) - 1, 0)

    def _held_by(self, people: Iterable[str], known: int) -> Counter[str]:
        held = Counter[str]()
        for person in people:
            spoken = [tiers for since, tiers in self._changes.get(person, ()) if since <= known]
            held.update(spoken[-1] if spoken else ())
        return held

    def _price(self, tier: str, day: date) -> Decimal | None:
        known = [one.price for one in self._prices.get(tier, ()) if (one.since or date.min) <= day]
        return known[-1] if known else None


def _changes(
    shown: Iterable[SeatsShown], aliases: Mapping[str, str]
) -> dict[str, list[tuple[int, tuple[str, ...]]]]:
    """From which file on each person holds seats of which tiers: most never change, so little is kept."""
    changes: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    for number, one in enumerate(shown):
        now: dict[str, list[str]] = {}
        for holder, tier in one.tiers.items():
            now.setdefault(aliases.get(holder, holder), []).append(tier)
        for person in now.keys() | changes.keys():
            tiers = tuple(sorted(now.get(person, ())))
            known = changes.setdefault(person, [])
            if (known[-1][1] if known else ()) != tiers:
                known.append((number, tiers))
    return changes


def _share(day: date, period: Period) -> Fraction:
    """How much of a day lies in the period."""
    begin, end = max(midnight(day), period.start), min(midnight(day) + ONE_DAY, period.end)
    return Fraction((end - begin) // ONE_DAY.resolution, ONE_DAY // ONE_DAY.resolution)


def _days_of_month(day: date) -> int:
    month = period_of("month", day)
    return (month.end - month.start).days
