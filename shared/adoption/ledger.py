"""From reports of whole days to the figure of a period: their own ranges, and sums and differences of them.

A spend report tells what everybody used from one midnight to another. Two that meet are added; two with one
beginning, or one end, are differenced. So every report is a known step between two midnights, and the figure
of a period is known where steps lead from its beginning to its end. Where several ways lead there, and they
do not agree about somebody, nothing is known of that person.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from shared.adoption.timeline import Added

_NOTHING: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class ShownRange:
    """What everybody used from ``begin`` to ``end``, two midnights; who is not in it used nothing.

    ``in_words`` names the report to a reader.
    """

    report_id: str
    begin: datetime
    end: datetime
    amounts: Mapping[str, int]
    in_words: str


class Contradiction(NamedTuple):
    """Reports that cannot all be right about a person, the span of which they speak, and one of them."""

    begin: datetime
    end: datetime
    words: str
    report_id: str


class _Place(NamedTuple):
    """A midnight that steps lead to: from which one, by which reports, and what was used up to here."""

    root: datetime
    by: tuple[ShownRange, ...]
    amounts: Mapping[str, int]


class Ledger:
    """The reports of one organisation and measure. Their order does not matter.

    ``may_fall``: amounts of money may be corrected downwards; what was used cannot become less.
    """

    def __init__(self, reports: Iterable[ShownRange], *, may_fall: bool = False) -> None:
        self._may_fall = may_fall
        self._reports = sorted(reports, key=lambda one: (one.end - one.begin, one.begin, one.report_id))
        self._steps: dict[datetime, list[tuple[datetime, int, ShownRange]]] = defaultdict(list)
        for one in self._reports:
            self._steps[one.begin].append((one.end, 1, one))
            self._steps[one.end].append((one.begin, -1, one))
        self._places: dict[datetime, _Place] = {}
        for midnight in sorted(self._steps):
            if midnight not in self._places:
                self._walk(midnight)
        self.people = sorted({person for one in self._reports for person in one.amounts})
        self._rings = self._joined()
        self._conflicts = self._contradictions()

    def leads(self, start: datetime, end: datetime) -> bool:
        """Whether steps lead from one moment to another, so that what was used between them is known."""
        first, last = self._places.get(start), self._places.get(end)
        return first is not None and last is not None and first.root == last.root

    def added(self, start: datetime, end: datetime) -> dict[str, Added] | None:
        """What each person who is in any report used from one moment to another; None where no steps lead
        from the one to the other. Nobody else used anything."""
        if not self.leads(start, end):
            return None
        first, last = self._places[start], self._places[end]
        near = self._near(start, end)
        found = {}
        for person in self.people:
            amount = last.amounts.get(person, 0) - first.amounts.get(person, 0)
            doubts = [one.words for one in self._conflicts.get(person, ()) if one in near]
            if amount < 0 and not self._may_fall:
                doubts.append(_in_words(_involved(first, last)))
            found[person] = Added(0, None, doubts[0]) if doubts else Added(amount, amount)
        return found

    def steps(self, start: datetime, end: datetime) -> list[ShownRange]:
        """The reports that lead from one moment to another; none where no steps do."""
        return _involved(self._places[start], self._places[end]) if self.leads(start, end) else []

    def conflicts(self) -> list[str]:
        """Which reports cannot all be right, in words, each once."""
        return list(dict.fromkeys(one.words for found in self._conflicts.values() for one in found))

    def _walk(self, root: datetime) -> None:
        """Every midnight that steps lead to from this one, by the fewest reports."""
        self._places[root] = _Place(root, (), _NOTHING)
        waiting = deque([root])
        while waiting:
            here = waiting.popleft()
            place = self._places[here]
            for there, sign, report in self._steps[here]:
                if there not in self._places:
                    amounts = _sum(place.amounts, report.amounts, sign)
                    self._places[there] = _Place(root, (*place.by, report), amounts)
                    waiting.append(there)

    def _near(self, start: datetime, end: datetime) -> set[Contradiction]:
        """Those that take a figure away: they speak of its days, or lie on another way from start to end."""
        ring = {name for one in self.steps(start, end) for name in self._rings.get(one.report_id, ())}
        conflicts = {one for found in self._conflicts.values() for one in found}
        return {one for one in conflicts if (one.begin < end and start < one.end) or one.report_id in ring}

    def _joined(self) -> dict[str, set[str]]:
        """By report, all those of which another way round it, or round one of these, is made."""
        rings: dict[str, set[str]] = {}
        for one in self._reports:
            around = _involved(self._places[one.begin], self._places[one.end])
            if around != [one]:
                ring = {one.report_id, *(step.report_id for step in around)}
                ring = ring.union(*(rings.get(name, ()) for name in ring))
                rings |= dict.fromkeys(ring, ring)
        return rings

    def _contradictions(self) -> dict[str, list[Contradiction]]:
        """By person: each report against the steps that lead over its range without it."""
        found: dict[str, list[Contradiction]] = defaultdict(list)
        for one in self._reports:
            first, last = self._places[one.begin], self._places[one.end]
            steps = _involved(first, last)
            if steps == [one]:
                continue
            told = _sum(last.amounts, first.amounts, -1)
            involved = [one, *steps]
            words = _in_words(involved)
            for person in told.keys() | one.amounts.keys():
                if told.get(person, 0) != one.amounts.get(person, 0):
                    found[person].append(
                        Contradiction(
                            min(report.begin for report in involved),
                            max(report.end for report in involved),
                            words,
                            one.report_id,
                        )
                    )
        return found


def _involved(first: _Place, last: _Place) -> list[ShownRange]:
    """The reports that lead from one place to the other."""
    there = {report.report_id for report in last.by}
    here = {report.report_id for report in first.by}
    steps = {report.report_id: report for report in (*first.by, *last.by)}
    return [report for name, report in steps.items() if (name in here) != (name in there)]


def _sum(amounts: Mapping[str, int], further: Mapping[str, int], sign: int) -> dict[str, int]:
    total = dict(amounts)
    for person, amount in further.items():
        total[person] = total.get(person, 0) + sign * amount
    return total


def _in_words(reports: Iterable[ShownRange]) -> str:
    in_order = sorted(reports, key=lambda one: (one.begin, one.end, one.report_id))
    *names, last = [one.in_words for one in in_order]
    return f"{', '.join(names)} and {last} contradict each other"
