"""One person's month as its looks show it: a count that never falls, and the looks that contradict that.

A look below the running maximum by no more than the tolerance is the vendor's correction and counts as that
maximum; a leaver may vanish and keeps the last count. One further below, or without the person, is in
conflict with each look that showed the maximum: both cannot be true.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from shared.adoption.looks import ShownLook

#: Whether a person had left the roster by a moment.
LeftBy = Callable[[str, datetime], bool]


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far below the highest count a later one may lie and still be the vendor's correction."""

    lines: int = 5
    share: float | Fraction = Fraction(1, 100)

    def allows(self, highest: int, fall: int) -> bool:
        """Whether a fall from the highest count is a correction."""
        return fall <= max(self.lines, self.share * highest)


class Conflict(NamedTuple):
    """Two looks that cannot both be true of a person, by their places, and the words that name them."""

    looks: frozenset[int]
    words: str


@dataclass(slots=True)
class Line:
    """One person's month. ``counts`` never fall: one for each look, and a last 0, which is the one at -1.

    ``taken_from`` leads from a look that showed less, or nothing, to the one whose count holds there:
    ``corrected_at`` are those that the vendor corrected, ``left_at`` those that a leaver is missing from.
    ``new_in`` is the look in which the person turned up while somebody vanished from it: they may be one.
    """

    counts: list[int] = field(default_factory=list)
    taken_from: dict[int, int] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    corrected_at: list[int] = field(default_factory=list)
    left_at: list[int] = field(default_factory=list)
    new_in: int | None = None


def with_one_final(ordered: Sequence[ShownLook], lag: timedelta) -> Sequence[ShownLook]:
    """Of several final looks, which are the last ones, the larger counts hold."""
    ordinary = [look for look in ordered if not look.is_final(lag)]
    finals = ordered[len(ordinary) :]
    if len(finals) < 2:
        return ordered
    people = {person for look in finals for person in look.counts}
    largest = {person: max(look.counts.get(person, 0) for look in finals) for person in people}
    return [*ordinary, replace(finals[-1], counts=largest)]


def lines_of(looks: Sequence[ShownLook], tolerance: Tolerance, left_by: LeftBy) -> dict[str, Line]:
    """The month of everybody who is in one of its looks. These are in order, and one at most is final."""
    listed = sorted({person for look in looks for person in look.counts})
    lines = {person: _line(person, looks, tolerance, left_by) for person in listed}
    vanished_from = {at for person, line in lines.items() for at in vanishings(person, line, looks)}
    if vanished_from:
        for person, line in lines.items():
            first = next(at for at, look in enumerate(looks) if person in look.counts)
            line.new_in = first if first in vanished_from else None
    return lines


def vanishings(person: str, line: Line, looks: Sequence[ShownLook]) -> set[int]:
    """The looks that a person who never left is missing from after having been in an earlier one."""
    return {at for one in line.conflicts for at in one.looks if person not in looks[at].counts}


def _line(person: str, looks: Sequence[ShownLook], tolerance: Tolerance, left_by: LeftBy) -> Line:
    """What each look says of a person, made never to fall, and which looks contradict each other."""
    line = Line()
    highest, holders = 0, [0]
    for at, look in enumerate(looks):
        shown = look.counts.get(person, None if highest else 0)
        if shown is not None and shown >= highest:
            holders = [*holders, at] if shown == highest else [at]
            highest = shown
        elif shown is None and left_by(person, look.moment):
            line.taken_from[at] = holders[0]
            line.left_at.append(at)
        elif shown is not None and tolerance.allows(highest, highest - shown):
            line.taken_from[at] = holders[0]
            line.corrected_at.append(at)
        else:
            line.conflicts += [_conflict(looks, holder, at) for holder in holders]
        line.counts.append(highest)
    line.counts.append(0)
    return line


def _conflict(looks: Sequence[ShownLook], earlier: int, later: int) -> Conflict:
    words = f"{looks[earlier].in_words} and {looks[later].in_words} contradict each other"
    return Conflict(frozenset((earlier, later)), words)
