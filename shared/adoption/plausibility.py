"""Can a source's rows be true? Rows that come again, that shrink, or whose cost does not fit their tokens."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

import msgspec

from shared.adoption.days import is_working_day
from shared.heads import OddCost, Repeated
from shared.records import DayEntry

#: So many working days running with rows that were there before are no chance.
RUN = 5

#: A cached answer may be a day old, or some weeks.
WEEKS_BACK = (7, 14, 21, 28)

#: A source's price is known from so many days on, and is off where it is so many times what it was.
DAYS_OF_HISTORY = 5
TIMES_OFF = 10

_GoesOn = Callable[[date, date], bool]

#: The price of a day with less than a quarter of the tokens of late depends on what little was done on it.
LITTLE = 4
LATELY = 20


def has_shrunk(entry: DayEntry) -> bool:
    """Whether a day lost more than half of something when it was read again, or everything."""
    pairs = zip(entry.said.measures, entry.most.measures, strict=True)
    return entry.fault == "emptied" or any(2 * said < most for said, most in pairs)


def repeats(days: Mapping[date, DayEntry], holidays: Collection[date] = frozenset()) -> list[Repeated]:
    """Where five working days running, or more, carry the same rows of people as each other, or the rows of
    the same weekdays some weeks before; in the order of time.

    Keys' rows do not count: a pipeline does the same every night. Nor do days without rows of people.
    """
    said = {
        day: entry.people_digest
        for day, entry in sorted(days.items())
        if entry.people_digest and is_working_day(day, holidays)
    }
    found = list(_runs_of_the_same(said))
    for back in WEEKS_BACK:
        found += _runs_from_before(said, timedelta(days=back))
    return _apart(sorted(found, key=lambda one: (one.first, one.like)))


def _runs_of_the_same(said: Mapping[date, str]) -> Iterator[Repeated]:
    for run in _runs(list(said), lambda day, before: said[day] == said[before]):
        yield Repeated(run[1], run[-1], run[0])


def _runs_from_before(said: Mapping[date, str], back: timedelta) -> Iterator[Repeated]:
    again = {day for day in said if said.get(day - back) == said[day]}
    for run in _runs(list(said), lambda day, before: day in again and before in again):
        yield Repeated(run[0], run[-1], run[0] - back)


def _runs(days: Sequence[date], goes_on: _GoesOn) -> Iterator[list[date]]:
    """The runs of at least ``RUN`` days, each of which goes on from the one before it."""
    run: list[date] = []
    for day in days:
        if run and not goes_on(day, run[-1]):
            if len(run) >= RUN:
                yield run
            run = []
        run.append(day)
    if len(run) >= RUN:
        yield run


def _apart(found: Sequence[Repeated]) -> list[Repeated]:
    """Those that say something new: the same rows all year long are also those of the week before."""
    kept: list[Repeated] = []
    for one in found:
        if not kept or one.last > kept[-1].last:
            kept.append(one)
    return kept


def odd_costs(days: Mapping[date, DayEntry]) -> list[OddCost]:
    """Where what a population's tokens cost is ten times or more off what they cost until then.

    A day that is off is no part of the history, so that it stays off however long it lasts.
    """
    populations = sorted({name for entry in days.values() for name in entry.spent})
    return [odd for name in populations for odd in _odd_costs_of(name, days)]


def _odd_costs_of(population: str, days: Mapping[date, DayEntry]) -> Iterator[OddCost]:
    prices: list[Decimal] = []  # sorted
    used: list[int] = []
    odd: OddCost | None = None
    for day, entry in sorted(days.items()):
        spent = entry.spent.get(population)
        if spent is None or not spent.tokens:
            continue
        used.append(spent.tokens)
        if LITTLE * spent.tokens < median(used[-LATELY:]):
            continue
        price, usual = spent.cost / spent.tokens, prices[len(prices) // 2] if prices else Decimal(0)
        is_high = price >= TIMES_OFF * usual
        if len(prices) < DAYS_OF_HISTORY or not usual or not (is_high or TIMES_OFF * price <= usual):
            insort(prices, price)
            continue
        if odd is not None and odd.is_high != is_high:
            yield odd
            odd = None
        odd = odd or OddCost(population, day, day, is_high, _times(price, usual))
        odd = msgspec.structs.replace(odd, last=day)
    if odd is not None:
        yield odd


def _times(price: Decimal, usual: Decimal) -> int | None:
    """How many times the one is the other; None where nothing is said to have cost anything."""
    return round(max(price, usual) / min(price, usual)) if price else None
