"""The true figures, summed over the history itself and not over rows: what tests compare the app with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from local.vendor.amounts import Amounts
from local.vendor.usage import Population, Use

Sums = Mapping[str, Mapping[Population, Amounts]]
"""Actor → population → sums. Populations add up."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What really was used in a span. Keys are apart from people: nobody is inferred from a key's name."""

    people: Sums
    keys: Sums

    @classmethod
    def of(cls, uses: Iterable[Use]) -> Truth:
        """The sums of these uses; an actor is listed if it has a use, even one of nothing but zeros."""
        people: dict[str, dict[Population, Amounts]] = defaultdict(dict)
        keys: dict[str, dict[Population, Amounts]] = defaultdict(dict)
        for use in uses:
            sums = (keys if use.is_key else people)[use.actor]
            sums[use.population] = sums.get(use.population, Amounts()) + use.amounts
        return cls(dict(people), dict(keys))

    @property
    def active_people(self) -> frozenset[str]:
        """The lower-case addresses of everybody with any activity, in any population."""
        return _active(self.people)

    @property
    def active_keys(self) -> frozenset[str]:
        """The names of the keys with any activity."""
        return _active(self.keys)

    def person(self, email: str) -> Amounts:
        """One person's sums over all populations; zeros for somebody without use."""
        return sum(self.people.get(email.lower(), {}).values(), Amounts())

    def key(self, name: str) -> Amounts:
        """One key's sums over all populations."""
        return sum(self.keys.get(name, {}).values(), Amounts())

    def total(self, population: Population | None = None) -> Amounts:
        """The sums over people and keys, of one population or of all."""
        found = Amounts()
        for by_population in (*self.people.values(), *self.keys.values()):
            for name, amounts in by_population.items():
                if population in (None, name):
                    found += amounts
        return found

    def document(self) -> dict[str, object]:
        """The truth as JSON."""
        return {
            "people": _document(self.people),
            "keys": _document(self.keys),
            "activePeople": sorted(self.active_people),
            "activeKeys": sorted(self.active_keys),
            "total": self.total().document(),
        }


def _active(sums: Sums) -> frozenset[str]:
    return frozenset(
        actor for actor, parts in sums.items() if any(amounts.is_activity for amounts in parts.values())
    )


def _document(sums: Sums) -> dict[str, object]:
    return {
        actor: {population: amounts.document() for population, amounts in parts.items()}
        for actor, parts in sorted(sums.items())
    }
