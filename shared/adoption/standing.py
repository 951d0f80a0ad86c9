"""Which looks of one month can stand together: a file of another organisation, month or day shows itself.

A single person's fall is that person's unknown. When many fall at once the file is wrong: the one with the
later moment is refused, until a further file fits it and not the earlier one. The result depends on the looks
alone, never on the order in which they arrived.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

from shared.adoption.lines import LeftBy, Tolerance
from shared.adoption.looks import ShownLook, in_order

State = Literal["accepted", "refused", "contested"]

#: A file is wrong when more than this share of its people, and at least so many, are in conflict.
SHARE = Fraction(1, 5)
FEWEST = 3


class Standing(NamedTuple):
    """Whether a look counts, and where it does not, which one it contradicts."""

    state: State
    against: ShownLook | None = None
    in_conflict: int = 0
    of: int = 0

    @property
    def reason(self) -> str:
        """Why it does not count, in words; empty where it does."""
        if self.against is None:
            return ""
        return (
            f"{self.in_conflict} of {self.of} people have fallen or vanished between this and "
            f"{self.against.in_words}: one of the two is of another organisation, month or day"
        )


class Quarrel(NamedTuple):
    """How many people fell or vanished from one look to a later one, of how many who could have."""

    in_conflict: int
    of: int


@dataclass(frozen=True, slots=True)
class Referee:
    """Says which of two looks contradict each other."""

    tolerance: Tolerance
    left_by: LeftBy

    def quarrel(self, earlier: ShownLook, later: ShownLook) -> Quarrel | None:
        """Too many conflicts for both files to be right; None where they fit. Leavers may vanish."""
        people = in_conflict = 0
        for person, before in earlier.counts.items():
            after = later.counts.get(person)
            if after is not None:
                people += 1
                in_conflict += after < before and not self.tolerance.allows(before, before - after)
            elif before and not self.left_by(person, later.moment):
                people += 1
                in_conflict += 1
        nobody_is_left = in_conflict > 0 and not later.counts
        if nobody_is_left or (in_conflict >= FEWEST and in_conflict > SHARE * people):
            return Quarrel(in_conflict, people)
        return None


def settle(looks: Iterable[ShownLook], referee: Referee) -> dict[str, Standing]:
    """The standing of each look of one month and stream, by its id."""
    return _heard_again(in_order(looks), referee)


def _heard_again(looks: Sequence[ShownLook], referee: Referee) -> dict[str, Standing]:
    """Where a look that overruled others was overruled in its turn, whatever stood against them is gone: all
    are heard once more without those that fell."""
    found = _heard(looks, referee)
    fallen = {
        standing.against.look_id
        for standing in found.values()
        if standing.state == "contested" and standing.against is not None
    } & {look_id for look_id, standing in found.items() if standing.state == "contested"}
    if not fallen:
        return found
    rest = _heard_again([look for look in looks if look.look_id not in fallen], referee)
    return {look_id: found[look_id] for look_id in fallen} | rest


def _heard(looks: Sequence[ShownLook], referee: Referee) -> dict[str, Standing]:
    """Look after look: who contradicts one that stands is refused, until a later look takes its side. Then
    those that it contradicted are contested, and the rest is heard again without them."""
    stand: list[ShownLook] = []
    refused: list[tuple[ShownLook, dict[str, Standing]]] = []
    for look in looks:
        against = {
            other.look_id: Standing("refused", other, *quarrel)
            for other in stand
            if (quarrel := referee.quarrel(other, look))
        }
        for ally, overruled in refused:
            if overruled.keys() <= against.keys() and _fits(ally, look, referee):
                rest = [one for one in looks if one.look_id not in overruled]
                contested = {
                    look_id: why._replace(state="contested", against=ally)
                    for look_id, why in overruled.items()
                }
                return contested | _heard(rest, referee)
        if against:
            refused.append((look, against))
        else:
            stand.append(look)
    newest = {look.look_id: list(against.values())[-1] for look, against in refused}
    return newest | {look.look_id: Standing("accepted") for look in stand}


def _fits(ally: ShownLook, look: ShownLook, referee: Referee) -> bool:
    """Whether two looks support each other. Files that share nobody say nothing about each other."""
    return not ally.counts.keys().isdisjoint(look.counts) and referee.quarrel(ally, look) is None
