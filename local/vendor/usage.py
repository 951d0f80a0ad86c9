"""The history model: who used Claude Code when, for how much. It knows nothing of rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal, Protocol

from local.vendor.amounts import CENT_STEP, Amounts

Population = Literal["api", "subscription"]


@dataclass(frozen=True, slots=True)
class Use:
    """One stretch of use, counted when it ends.

    `actor` is a person's lower-case e-mail address, or a key's name where `is_key`.
    """

    moment: datetime
    actor: str
    population: Population
    amounts: Amounts
    is_key: bool = False

    @classmethod
    def on(
        cls,
        day: date,
        actor: str,
        population: Population = "subscription",
        *,
        at: time = time(12),
        is_key: bool = False,
        **amounts: Any,
    ) -> Use:
        """A use written by hand: `Use.on(day, "ana@example.com", sessions=1, lines_accepted=40)`."""
        moment = datetime.combine(day, at, tzinfo=UTC)
        return cls(moment, actor if is_key else actor.lower(), population, Amounts(**amounts), is_key)

    @property
    def day(self) -> date:
        """The UTC day that the use counts for."""
        return self.moment.date()

    def scaled(self, factor: float) -> Use:
        """The same use, restated."""
        return replace(self, amounts=self.amounts.scaled(factor))

    def in_dollars(self) -> Use:
        """The same use, with dollars in the place of cents."""
        cost = (self.amounts.cost_cents / 100).quantize(CENT_STEP)
        return replace(self, amounts=replace(self.amounts, cost_cents=cost))


class History(Protocol):
    """All that was ever used, one UTC day at a time; the future too, where it is already determined."""

    def uses(self, day: date) -> tuple[Use, ...]:
        """The uses of that day, the same at every call."""
        ...


class WrittenHistory:
    """A history of explicit uses, for tests and for worlds where little happens."""

    def __init__(self, uses: Iterable[Use] = ()) -> None:
        self._days: dict[date, tuple[Use, ...]] = {}
        days: dict[date, list[Use]] = defaultdict(list)
        for use in uses:
            days[use.day].append(use)
        self._days = {day: tuple(sorted(found, key=lambda use: use.moment)) for day, found in days.items()}

    def uses(self, day: date) -> tuple[Use, ...]:
        """The uses written for that day."""
        return self._days.get(day, ())


class JoinedHistory:
    """Several histories that happened beside each other."""

    def __init__(self, *parts: History) -> None:
        self._parts = parts

    def uses(self, day: date) -> tuple[Use, ...]:
        """The uses of all parts on that day."""
        return tuple(use for part in self._parts for use in part.uses(day))


class OfPopulation:
    """The part of a history that is one population's."""

    def __init__(self, whole: History, population: Population) -> None:
        self._whole = whole
        self._population = population

    def uses(self, day: date) -> tuple[Use, ...]:
        """The uses of that day that are."""
        return tuple(use for use in self._whole.uses(day) if use.population == self._population)


class ScaledHistory:
    """A history of which only a part shows."""

    def __init__(self, whole: History, factor: float) -> None:
        self._whole = whole
        self._factor = factor

    def uses(self, day: date) -> tuple[Use, ...]:
        """The uses of that day, each as much smaller."""
        return tuple(use.scaled(self._factor) for use in self._whole.uses(day))


class LimitedHistory:
    """A history between two days: `first` is its first day, `end` the first day after it."""

    def __init__(self, whole: History, *, first: date = date.min, end: date = date.max) -> None:
        self._whole = whole
        self._first = first
        self._end = end

    def uses(self, day: date) -> tuple[Use, ...]:
        """The uses of that day if it is inside, else none."""
        return self._whole.uses(day) if self._first <= day < self._end else ()


class RepeatedHistory:
    """A history of which, from the day `since` on, the week before comes again and again."""

    def __init__(self, whole: History, *, since: date) -> None:
        self._whole = whole
        self._since = since

    def uses(self, day: date) -> tuple[Use, ...]:
        """The uses of that day, or those of the same weekday before it all began, moved."""
        if day < self._since:
            return self._whole.uses(day)
        back = timedelta(weeks=(day - self._since).days // 7 + 1)
        return tuple(replace(use, moment=use.moment + back) for use in self._whole.uses(day - back))


class DollarHistory:
    """A history whose amounts are dollars where cents are due, from the day `since` on."""

    def __init__(self, whole: History, *, since: date) -> None:
        self._whole = whole
        self._since = since

    def uses(self, day: date) -> tuple[Use, ...]:
        """The uses of that day, with a hundredth of their cost since then."""
        found = self._whole.uses(day)
        return found if day < self._since else tuple(use.in_dollars() for use in found)


def days_between(start: date, end: date) -> Iterable[date]:
    """Every day from `start` to before `end`."""
    return (start + timedelta(days=number) for number in range((end - start).days))


def monday_of(day: date) -> date:
    """The Monday that begins the ISO week of that day."""
    return day - timedelta(days=day.weekday())
