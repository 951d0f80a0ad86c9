"""Everything that is told of one period: each population by the source that counts for it, and no other.

Populations add. A total is bounded where each population's source tells the measure, and bounds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain

from shared.adoption.daily import TELLS, Daily, not_told_by
from shared.adoption.ranges import Range
from shared.adoption.seats import UNKNOWN, SeatCost
from shared.adoption.timeline import Added
from shared.adoption.told import Told, is_person
from shared.periods import Period
from shared.records import Basis

NOT_TOLD = "the exports do not tell"
OPEN_END = "no later export of its month bounds it"
OFF_THE_EDGES = "looks do not lie on the period's edges"

#: What *active* can mean, the best first.
BASES: tuple[Basis, ...] = ("anyActivity", "tokens", "linesAccepted", "linesMerged")


@dataclass(frozen=True)
class Mixed:
    """One period. ``roster``: who is on it at the end, where there is one.

    ``by_ended_days``: it is told for a verdict, in which a day of a daily source counts in the period in
    which it ends.
    """

    period: Period
    daily: tuple[Daily, ...]
    exported: tuple[Told, ...]
    closed: bool
    roster: frozenset[str] | None = None
    by_ended_days: bool = False
    seats: SeatCost = UNKNOWN
    _by_day: dict[str, list[Told]] = field(default_factory=dict, init=False, compare=False)
    _ranges: dict[str, Mapping[str, Range]] = field(default_factory=dict, init=False, compare=False)

    def for_verdict(self) -> Mixed:
        """The same, told for a verdict; without daily sources that is no other."""
        return replace(self, by_ended_days=True) if self.daily else self

    @property
    def populations(self) -> frozenset[str]:
        """Everybody whose use shows, or would show, in one of the sources."""
        return self.daily_populations.union(*(one.populations for one in self.exported))

    @property
    def daily_populations(self) -> frozenset[str]:
        """Those whom daily sources tell of."""
        return frozenset(name for one in self.daily for name in one.cover.populations)

    def told(self, measure: str) -> list[Told]:
        """What every source tells of a measure: daily sources of the populations that no export tells of."""
        exported = [one for one in self.exported if one.measure == measure]
        if measure not in self._by_day:
            others = self.daily_populations.difference(*(one.populations for one in exported))
            days = self.daily if measure in TELLS and others else ()
            self._by_day[measure] = [
                one.told(measure, others, by_ended_days=self.by_ended_days)
                for one in days
                if measure in one.tells
            ]
        return [*exported, *self._by_day[measure]]

    def is_told(self, measure: str) -> bool:
        """Whether any source tells of a measure."""
        return bool(self.told(measure))

    def untold(self, measure: str) -> frozenset[str]:
        """The populations of whom no source tells this measure."""
        return self.populations.difference(*(one.populations for one in self.told(measure)))

    def tells(self, measure: str) -> bool:
        """Whether a measure is told of every population."""
        return self.is_told(measure) and not self.untold(measure)

    @property
    def bases(self) -> list[Basis]:
        """On what *active* can be counted, the best first: what is told of every population."""
        return [basis for basis in BASES if self.tells(basis)]

    @property
    def basis(self) -> Basis:
        """The best basis; where none is told of everybody, the best that is told of anybody."""
        found = self.bases or [basis for basis in BASES if self.is_told(basis)]
        return found[0] if found else "linesAccepted"

    def ranges(self, measure: str) -> Mapping[str, Range]:
        """Each engineer's range, of those who are listed anywhere or on the roster; summed once."""
        if measure not in self._ranges:
            told = self.told(measure)
            listed = {actor for one in told for actor in one.added if is_person(actor)}
            self._ranges[measure] = {
                person: _sum([one.of(person) for one in told])
                for person in listed.union(self.roster or frozenset())
            }
        return self._ranges[measure]

    @property
    def users(self) -> frozenset[str]:
        """Whoever shows use in any of the sources, or may have some."""
        told = (item for one in self.exported for item in one.added.items())
        users = {actor for actor, added in told if is_person(actor) and added.high != 0}
        return frozenset(users.union(*(one.touched.people for one in self.daily)))

    def unlisted(self, measure: str) -> Range:
        """The range of an engineer whom nothing lists."""
        found = _sum(one.stranger for one in self.told(measure))
        return Range(0, None) if self.untold(measure) else found

    def total(self, measure: str) -> Range:
        """What everybody and nobody in particular added together."""
        return self._total(measure, lambda _actor: True)

    def unattributed(self, measure: str) -> Range:
        """What those added who are no person: it is within the total."""
        return self._total(measure, lambda actor: not is_person(actor))

    def _total(self, measure: str, counts: Callable[[str], bool]) -> Range:
        told = self.told(measure)
        listed = (added for one in told for actor, added in one.added.items() if counts(actor))
        found = _sum(chain(listed, (one.stranger for one in told)))
        return Range(found.low, None) if self.untold(measure) or not told else found

    def doubts(self, measure: str) -> list[str]:
        """Why a total of the measure is not exact, each reason once."""
        told = self.told(measure)
        found = [one.doubt for one in told if one.doubt]
        found += [added.doubt for one in told for added in one.added.values() if added.doubt]
        found += [OPEN_END for one in told if one.is_open and not one.doubt]
        found += [*self._silent(measure)] if self.untold(measure) or not told else []
        return list(dict.fromkeys(found))

    def _silent(self, measure: str) -> Iterator[str]:
        """Who tells nothing of a measure, of whomever it tells at all."""
        for one in self.daily:
            if measure in TELLS and measure not in one.tells:
                yield not_told_by(one.cover.source)
        if self.untold(measure) - self.daily_populations or not self.daily:
            yield NOT_TOLD

    @property
    def is_bounded(self) -> bool:
        """Whether looks bound to the end what everybody may have added of the measure that counts."""
        return not any(one.is_open for one in self._counted)

    @property
    def is_told_of(self) -> bool:
        """Whether the exports say anything of the period: how little somebody added at least, or at most."""
        told = self._counted or self.exported
        return any(not one.is_open or any(added.low for added in one.added.values()) for one in told)

    @property
    def _counted(self) -> list[Told]:
        """What the exports tell of the best measure that they have."""
        best = next((basis for basis in BASES if any(one.measure == basis for one in self.exported)), None)
        return [one for one in self.exported if one.measure == best]


def _sum(parts: Iterable[Added]) -> Range:
    low, high = 0, 0
    bounded = True
    for part in parts:
        low += part.low
        if part.high is None:
            bounded = False
        else:
            high += part.high
    return Range(low, high if bounded else None)
