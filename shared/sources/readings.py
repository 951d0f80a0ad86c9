"""What one day of a source says once it was read: observations, of whom, and a digest to compare them by."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal, localcontext

import msgspec

from shared.records import Actor, Measures, Observation
from shared.sources.pages import breach

#: Sums are exact in this context (a float's text has few digits, but may be as small as 5e-324), so
#: the order of rows cannot matter. The result is kept to a trillionth of a dollar: far below a
#: token's price, and within what later sums hold exactly.
EXACT = Context(prec=200)
_FINEST = Decimal("1e-100")
_RESOLUTION = Decimal("1e-12")
_MOST_CENTS = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class DayReading:
    """What the pages of one day say.

    ``observations``: one for each actor and population, in a canonical order. ``organizations``: of
    whom, empty where there are no rows. ``digest``: SHA-256 of the observations, the same however
    the vendor ordered, split or paged the rows; ``people_digest``: of those of people, empty without any.
    ``whole``: the source does not itself say that some of it is still to come.
    """

    observations: tuple[Observation, ...]
    organizations: frozenset[str]
    rows: int
    digest: str
    people_digest: str = ""
    whole: bool = True


@dataclass(slots=True)
class Sums:
    """The rows of a day, summed by actor and population. Costs are to be added in the context ``EXACT``."""

    _sums: dict[tuple[str, str, str], Measures] = field(default_factory=dict)

    def add(self, actor: Actor, population: str, measures: Measures) -> None:
        """Add what one row says."""
        grain = (actor.kind, actor.name, population)
        before = self._sums.get(grain)
        self._sums[grain] = measures if before is None else before + measures

    def reading(self, organizations: frozenset[str], rows: int, *, whole: bool = True) -> DayReading:
        """What all rows say together."""
        with localcontext(EXACT):
            observations = tuple(
                Observation(Actor(kind, name), population, _settled(measures))  # type: ignore[arg-type]
                for (kind, name, population), measures in sorted(self._sums.items(), key=lambda one: one[0])
            )
        people = [one for one in observations if one.actor.kind == "engineer"]
        return DayReading(
            observations,
            organizations,
            rows,
            digest=_digest(observations),
            people_digest=_digest(people)[:16] if people else "",
            whole=whole,
        )


def cents_of(amount: Decimal, currency: str, place: str) -> Decimal:
    """An amount of US cents, 0 or more. Raises ContractBroken for anything else."""
    if currency != "USD":
        raise breach(f"{place}.currency", "another currency", "USD")
    if not amount.is_finite() or not 0 <= amount < _MOST_CENTS:
        raise breach(f"{place}.amount", f"{amount:.6g}", "cents, 0 or more")
    return amount.quantize(_FINEST)


def _digest(observations: Sequence[Observation]) -> str:
    return hashlib.sha256(msgspec.json.encode(observations)).hexdigest()


def _settled(measures: Measures) -> Measures:
    """The sum with its cost in one spelling: no more digits than it has value."""
    cost = measures.cost.quantize(_RESOLUTION).normalize()
    if cost == cost.to_integral_value():
        cost = cost.quantize(Decimal(1))
    return msgspec.structs.replace(measures, cost=cost)
