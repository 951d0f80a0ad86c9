"""Times taken side by side: whatever else the machine does meanwhile, it does to all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter

#: A ratio is taken over so many stretches of a run; their spread tells how far it can be trusted.
STRETCHES = 5

Samples = Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Spread:
    """A median with the least and the greatest, in whatever unit the values had."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """The spread of one value or more."""
        return cls(median(values), min(values), max(values))

    def show(self, unit: str, *, scale: float = 1.0, places: int = 1) -> str:
        """``2.4 ms (1.9–6.0)``."""
        middle, low, high = (f"{value * scale:.{places}f}" for value in (self.median, self.low, self.high))
        return f"{middle} {unit} ({low}–{high})"


def side_by_side(actions: Mapping[str, Callable[[], object]], *, rounds: int, warm_up: int = 0) -> Samples:
    """Seconds that each action took, in the order of the rounds.

    Every round does each action once, beginning with another one each time: no action always follows
    the same other one. ``warm_up`` rounds go before and do not count.
    """
    return _taken({name: _timed(action) for name, action in actions.items()}, rounds, warm_up)


def told_side_by_side(
    actions: Mapping[str, Callable[[], float]], *, rounds: int, warm_up: int = 0
) -> Samples:
    """As ``side_by_side``, for actions that tell their seconds themselves: those of other processes."""
    return _taken(actions, rounds, warm_up)


def milliseconds(samples: Sequence[float]) -> str:
    """How long an action took, for a table."""
    return Spread.of(samples).show("ms", scale=1000)


def ratio(of: Sequence[float], over: Sequence[float]) -> Spread:
    """The ratio of the medians in each of some stretches of a run. Both have as many samples."""
    length = max(1, len(of) // STRETCHES)
    starts = range(0, len(of) - length + 1, length)
    return Spread.of([median(of[at : at + length]) / median(over[at : at + length]) for at in starts])


def _taken(actions: Mapping[str, Callable[[], float]], rounds: int, warm_up: int) -> Samples:
    names = list(actions)
    samples: dict[str, list[float]] = {name: [] for name in names}
    for at in range(-warm_up, rounds):
        first = at % len(names)
        for name in names[first:] + names[:first]:
            seconds = actions[name]()
            if at >= 0:
                samples[name].append(seconds)
    return samples


def _timed(action: Callable[[], object]) -> Callable[[], float]:
    def timed() -> float:
        started = perf_counter()
        action()
        return perf_counter() - started

    return timed
