"""What each actor did in a span: populations add, and a mapped key adds to its person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from shared.records import Fact, Measures


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums of a span. ``people`` and ``unattributed``: per population; ids as in the facts."""

    people: Mapping[str, Mapping[str, Measures]] = field(default_factory=dict)
    unattributed: Mapping[str, Measures] = field(default_factory=dict)

    def of(self, engineer: str) -> Measures:
        """What one engineer did, over all populations."""
        return total(self.people.get(engineer, {}).values())

    def by_population(self) -> dict[str, Measures]:
        """What everybody of each population did, unattributed use included; together they are the whole."""
        sums = dict(self.unattributed)
        for by in self.people.values():
            for population, measures in by.items():
                before = sums.get(population)
                sums[population] = measures if before is None else before + measures
        return sums


def tally(facts: Iterable[Fact], owner_of_key: Mapping[str, str]) -> Tally:
    """Sum facts by person and population; a key that nobody owns stays unattributed."""
    people: dict[str, dict[str, Measures]] = {}
    unattributed: dict[str, Measures] = {}
    for fact in facts:
        owner = fact.actor_id if fact.actor_id.startswith("e") else owner_of_key.get(fact.actor_id)
        sums = unattributed if owner is None else people.setdefault(owner, {})
        before = sums.get(fact.population)
        sums[fact.population] = fact.measures if before is None else before + fact.measures
    return Tally(people, unattributed)


def total(measures: Iterable[Measures]) -> Measures:
    """The sum of all."""
    every = iter(measures)
    result = next(every, Measures())
    for one in every:
        result = result + one
    return result
