"""How a team uses Claude Code: a history drawn from habits, a trend and the calendar.

A week's lines are set first and then spread over its days, so that the change from week to week is the
trend's and not chance's. Every number depends on the seed, the engineer and the calendar day only: moving the
clock on, or starting the vendor again tomorrow, leaves the days that were there as they were.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from local.vendor.amounts import CENT_STEP, Amounts
from local.vendor.draw import draw
from local.vendor.usage import Population, Use, monday_of

FIRST_MONDAY = date(2020, 1, 6)  # weeks are numbered from here
CYCLE_WEEKS = 7
WEEKLY_STEP = 1.14  # beyond the ±10 % that the answer calls held, with room for rounding
DRIFT = 1.01  # and what the whole team gains a week, from this year on
DRIFT_BEGINS_WEEK = 313  # Monday 5 January 2026
WORK_BEGINS_HOUR = 7
WORK_ENDS_HOUR = 19

Trend = Callable[["Habit", int], float]
"""The level of one engineer's use in the week of that number, around 1."""


@dataclass(frozen=True, slots=True)
class Habit:
    """How one engineer works: `weekly_lines` at level 1, from the day `first` to before the day `end`."""

    email: str
    weekly_lines: int
    phase: int
    first: date
    end: date = date.max
    populations: tuple[Population, ...] = ("subscription",)


def rising(habit: Habit, week: int) -> float:
    """Each engineer gains every week and falls back once in seven, never all together: always a "yes"."""
    drift = DRIFT ** (week - DRIFT_BEGINS_WEEK)
    return float(drift * WEEKLY_STEP ** ((week + habit.phase) % CYCLE_WEEKS))


def falling(habit: Habit, week: int) -> float:
    """Each engineer declines every week and recovers once in seven, never all together: always a "no"."""
    return float(WEEKLY_STEP ** (CYCLE_WEEKS - 1 - (week + habit.phase) % CYCLE_WEEKS))


def level(habit: Habit, week: int) -> float:
    """Within ±4 % of the same, so that two weeks stay within the ±10 % called held: a flat "no"."""
    return 0.96 + 0.08 * draw("level", habit.email, week).random()


class TeamHistory:
    """The history of a team whose engineers have habits and share a trend; nobody works on `rest` days."""

    def __init__(
        self, habits: Sequence[Habit], trend: Trend, *, seed: int, rest: Iterable[date] = ()
    ) -> None:
        self._habits = tuple(habits)
        self._trend = trend
        self._seed = seed
        self._rest = frozenset(rest)

    def uses(self, day: date) -> tuple[Use, ...]:
        """What the team did that day."""
        if day in self._rest:
            return ()
        return tuple(
            use
            for habit in self._habits
            if habit.first <= day < habit.end
            for use in self._uses_of(habit, day)
        )

    def _uses_of(self, habit: Habit, day: date) -> list[Use]:
        monday = monday_of(day)
        weights = _week_weights(draw(self._seed, habit.email, monday))
        weight = weights[day.weekday()]
        if not weight:
            return []
        week_number = (monday - FIRST_MONDAY).days // 7
        week_lines = habit.weekly_lines * self._trend(habit, week_number)
        chance = draw(self._seed, habit.email, day)
        lines = round(week_lines * weight / sum(weights))
        return [
            Use(moment, habit.email, chance.choice(habit.populations), amounts)
            for moment, amounts in _stretches(chance, day, lines)
        ]


class KeyHistory:
    """The history of an API key that a pipeline uses on every working day, and some Sundays."""

    def __init__(self, name: str, *, first: date, seed: int, end: date = date.max) -> None:
        self._name = name
        self._first = first
        self._end = end
        self._seed = seed

    def uses(self, day: date) -> tuple[Use, ...]:
        """One nightly run."""
        chance = draw(self._seed, self._name, day)
        resting = day.weekday() == 5 or (day.weekday() == 6 and chance.random() < 0.7)
        if resting or not self._first <= day < self._end:
            return ()
        moment = datetime(day.year, day.month, day.day, 2, chance.randrange(60), tzinfo=UTC)
        return (Use(moment, self._name, "api", _amounts(chance, chance.randrange(20, 90)), is_key=True),)


def _week_weights(chance: random.Random) -> list[float]:
    """How a week's work falls on its seven days: two to five working days, seldom some of Saturday."""
    weights = [chance.uniform(0.5, 1.5) for _ in range(5)]
    for away in chance.sample(range(5), chance.choice((0, 0, 1, 1, 2, 3))):
        weights[away] = 0.0
    saturday = 0.15 if chance.random() < 0.04 else 0.0
    return [*weights, saturday, 0.0]


def _stretches(chance: random.Random, day: date, lines: int) -> list[tuple[datetime, Amounts]]:
    """One day's work: its lines in one to three stretches, and now and then one of questions only."""
    count = chance.choice((1, 2, 2, 3))
    cuts = sorted(chance.randrange(lines + 1) for _ in range(count - 1))
    parts = [after - before for before, after in zip([0, *cuts], [*cuts, lines], strict=True)]
    if chance.random() < 0.25:
        parts.append(0)
    begin = datetime(day.year, day.month, day.day, WORK_BEGINS_HOUR, tzinfo=UTC)
    minutes = (WORK_ENDS_HOUR - WORK_BEGINS_HOUR) * 60
    return [(begin + timedelta(minutes=chance.randrange(minutes)), _amounts(chance, part)) for part in parts]


def _amounts(chance: random.Random, lines: int) -> Amounts:
    """What goes with so many accepted lines; without any, a session of questions."""
    tokens_input = chance.randrange(2_000, 6_000) + lines * chance.randrange(20, 60)
    tokens_output = chance.randrange(500, 2_000) + lines * chance.randrange(25, 40)
    cache_read = tokens_input * chance.randrange(20, 60)
    cache_creation = tokens_input // 2 if chance.random() < 0.6 else 0
    cents = Decimal(tokens_input * 3 + tokens_output * 15 + cache_creation * 4) / 10_000 + Decimal(
        cache_read * 3
    ) / Decimal(100_000)
    decided = max(1, lines // 25) if lines else 0
    return Amounts(
        sessions=chance.choice((1, 1, 2)),
        lines_accepted=lines,
        lines_removed=lines * chance.randrange(10, 50) // 100,
        decisions_accepted=decided,
        decisions_rejected=decided * chance.randrange(0, 40) // 100,
        commits=lines // chance.randrange(40, 120),
        pull_requests=lines // chance.randrange(150, 400),
        tokens_input=tokens_input,
        tokens_output=tokens_output,
        tokens_cache_read=cache_read,
        tokens_cache_creation=cache_creation,
        cost_cents=cents.quantize(CENT_STEP if chance.random() < 0.5 else Decimal(1)),
    )
