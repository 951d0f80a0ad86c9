"""Whose is a cell, and who is on the roster: what the admin's files say, worked out a second time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import groupby

from tests.hidden_history.history import DAY
from tests.hidden_history.piles import Configured, Dropping, LookTold, RangeTold, SeatsTold, Told


@dataclass(frozen=True)
class Named:
    """Everything that the files of a pile say together. ``told`` is what counts, in any order."""

    told: tuple[Told, ...]

    @classmethod
    def of(cls, droppings: Iterable[Dropping]) -> Named:
        return cls(tuple(told for one in droppings for told in one.told))

    def _newest(self, kind: str) -> tuple[tuple[str, ...], ...]:
        files = [one for one in self.told if isinstance(one, Configured) and one.kind == kind]
        return max(files, key=lambda one: one.moment.at).rows if files else ()

    def _pairs(self, kind: str) -> Iterator[tuple[str, str]]:
        yield from ((name, address) for name, address in self._newest(kind))

    @cached_property
    def aliases(self) -> Mapping[str, str]:
        return dict(self._pairs("aliases"))

    @cached_property
    def _keys(self) -> Mapping[str, str]:
        return dict(self._pairs("keys"))

    @cached_property
    def _names(self) -> Mapping[str, str]:
        """A bare name is a person's only where one entry alone ever bore it."""
        bearers: dict[str, set[str]] = {}
        for one in self.told:
            if isinstance(one, Configured) and one.kind == "roster":
                for address, name, *_ in one.rows:
                    bearers.setdefault(name, set()).add(self.aliases.get(address, address))
        return {name: found.pop() for name, found in bearers.items() if name and len(found) == 1}

    def owner(self, cell: str) -> str:
        """The person's address; the cell itself where it is nobody's."""
        address = self._keys.get(cell) or self._names.get(cell) or cell
        return self.aliases.get(address, address)

    # --- the roster ----------------------------------------------------------------------------

    @cached_property
    def rosters(self) -> list[tuple[date, dict[str, tuple[date | None, date | None]]]]:
        """Each roster's day, and on it each person's stated first and last day; the seats, without a file."""
        found = [
            (
                one.moment.day,
                {self.aliases.get(row[0], row[0]): (_day(row[3]), _day(row[4])) for row in one.rows},
            )
            for one in self.told
            if isinstance(one, Configured) and one.kind == "roster"
        ]
        if not found:
            found = [
                (day, dict.fromkeys((self.owner(one) for one in tiers), (None, None)))
                for day, tiers in self.seats
            ]
        return sorted(found, key=lambda one: one[0])

    @cached_property
    def seats(self) -> list[tuple[date, Mapping[str, str]]]:
        """Who held a seat of which tier, on which days; of two files of one day the later one's."""
        files = sorted(
            (one for one in self.told if isinstance(one, SeatsTold)), key=lambda one: one.moment.at
        )
        return [(one.moment.day, one.tiers) for one in files]

    @cached_property
    def prices(self) -> Mapping[str, list[tuple[date, Fraction]]]:
        """What a seat of each tier costs a month, and from which day on."""
        found: dict[str, list[tuple[date, Fraction]]] = {}
        for tier, price, _, since in self._newest("seat_prices"):
            found.setdefault(tier, []).append((_day(since) or date.min, Fraction(price)))
        return found

    @cached_property
    def first_use(self) -> Mapping[str, date]:
        """The day by which somebody is known to have used it."""
        found: dict[str, date] = {}
        for cell, day in self._uses():
            who = self.owner(cell)
            found[who] = min(day, found.get(who, day))
        return found

    def _uses(self) -> Iterable[tuple[str, date]]:
        for one in self.told:
            if isinstance(one, LookTold):
                main = next(iter(one.counts.values()))
                last = one.moment.at.date()
                month_end = ((one.month + 32 * DAY).replace(day=1) - DAY).date()
                yield from ((cell, min(last, month_end)) for cell, count in main.items() if count)
            elif isinstance(one, RangeTold):
                for measure, amounts in one.amounts.items():
                    if measure in ("tokens", "sessions"):
                        yield from ((cell, one.last) for cell, count in amounts.items() if cell and count)

    def roster(self, day: date) -> set[str] | None:
        """Who is on the roster on a day; None without any roster."""
        if not self.rosters:
            return None
        everybody = {person for _, entries in self.rosters for person in entries}
        return {one for one in everybody if any(first <= day <= last for first, last in self._stays(one))}

    def _stays(self, person: str) -> Iterator[tuple[date, date]]:
        """Each run of files that list somebody, from its first day to its last."""
        files = [(on, list(group)[-1][1]) for on, group in groupby(self.rosters, key=lambda one: one[0])]
        runs = groupby(enumerate(files), key=lambda one: person in one[1][1])
        is_newcomer = True
        for is_listed, run in runs:
            if not is_listed:
                continue
            inside = list(run)
            index, (begun, _) = inside[0]
            after = inside[-1][0] + 1
            if index == 0:
                begun = date.min
            elif is_newcomer:
                begun = min(begun, self.first_use.get(person, begun))
            stated = [joined for _, (_, entries) in inside if (joined := entries[person][0])]
            left = inside[-1][1][1][person][1]
            first = stated[-1] if stated else begun
            last = left or (files[after][0] - DAY if after < len(files) else date.max)
            is_newcomer = False
            if first <= last:
                yield first, last


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
