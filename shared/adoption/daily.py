"""What a daily source tells of a period whose edges may lie within its days.

Its figures range from the whole days inside to the days that the period touches. In a verdict a day counts
once, in the period in which it ends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter

from shared.adoption.tallies import Tally
from shared.adoption.timeline import Added
from shared.adoption.told import NOBODYS, Told
from shared.records import Measures, SourceCover

#: The population whose rows are paid for by the token; the others' estimates never are a cost.
METERED = "api"

MILLIONTHS = 1_000_000


def not_told_by(source: str) -> str:
    """Why a figure is not known that a live source does not tell."""
    return f"{source} does not tell"


def millionths(amount: Decimal) -> int:
    """US dollars as a whole number of millionths."""
    return int(amount * MILLIONTHS)


def _metered(population: str, measures: Measures) -> int:
    return millionths(measures.cost) if population == METERED else 0


def _equivalent(population: str, measures: Measures) -> int:
    return 0 if population == METERED else millionths(measures.cost)


def _counted(name: str) -> Callable[[str, Measures], int]:
    count = attrgetter(name)
    return lambda _population, measures: int(count(measures))


#: Each measure that a daily source tells, and how much of it one population's sums hold.
TELLS: Mapping[str, Callable[[str, Measures], int]] = {
    "anyActivity": _counted("any_activity"),
    "sessions": _counted("sessions"),
    "linesAccepted": _counted("lines_accepted"),
    "linesRemoved": _counted("lines_removed"),
    "decisionsAccepted": _counted("decisions_accepted"),
    "decisionsRejected": _counted("decisions_rejected"),
    "commits": _counted("commits"),
    "pullRequests": _counted("pull_requests"),
    "tokens": _counted("tokens"),
    "meteredCost": _metered,
    "apiEquivalentCost": _equivalent,
}


@dataclass(frozen=True, slots=True)
class Daily:
    """Sums of the whole days inside a period, of the days that it touches, and of those that end in it.

    ``doubt`` says why the former two may not be whole, ``doubt_of_ended`` why the last may not: the day in
    which the period ends is still running when an export of that afternoon is there. ``tells``: the measures
    of which it knows anything.
    """

    cover: SourceCover
    inside: Tally
    touched: Tally
    ended: Tally
    doubt: str | None = None
    doubt_of_ended: str | None = None
    tells: frozenset[str] = frozenset(TELLS)

    def told(
        self, measure: str, populations: frozenset[str] | None = None, *, by_ended_days: bool = False
    ) -> Told:
        """What it tells of a measure and of these populations (None: of all); by the days that end in the
        period, where that is asked for."""
        least, most, doubt = (
            (self.ended, self.ended, self.doubt_of_ended)
            if by_ended_days
            else (self.inside, self.touched, self.doubt)
        )
        of = frozenset(self.cover.populations) if populations is None else populations
        lows, highs = _by_actor(least, measure, of), _by_actor(most, measure, of)
        return Told(
            populations=of & frozenset(self.cover.populations),
            measure=measure,
            added={who: Added(lows.get(who, 0), None if doubt else high) for who, high in highs.items()},
            stranger=Added(0, None if doubt else 0),
            doubt=doubt,
        )


def _by_actor(sums: Tally, measure: str, of: frozenset[str]) -> dict[str, int]:
    amount = TELLS[measure]
    found = {
        person: sum(amount(population, one) for population, one in by.items() if population in of)
        for person, by in sums.people.items()
    }
    nobodys = sum(
        amount(population, one) for population, one in sums.unattributed.items() if population in of
    )
    return {**found, NOBODYS: nobodys} if nobodys else found
