"""What the receipts of a month's looks say of each other: it follows from the looks, in any order of arrival.

They count people and name none. Two files that contradict each other are named on both receipts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta, tzinfo

from shared.adoption.lines import Line, lines_of, vanishings, with_one_final
from shared.adoption.looks import ShownLook, final_from, in_order
from shared.adoption.standing import Referee, Standing

#: So many files are named in one sentence; the rest are counted.
NAMED = 3


def remarks(
    looks: Iterable[ShownLook],
    standings: Mapping[str, Standing],
    referee: Referee,
    *,
    lag: timedelta,
    zone: tzinfo,
) -> dict[str, list[str]]:
    """What to say of each look of one month and stream, by its id; ``standings`` are those of the looks.

    Why a look is refused is a finding of its report, and no remark.
    """
    looks = list(looks)
    found = {
        look.look_id: [standing.reason] if standing.state == "contested" else []
        for look in looks
        for standing in [standings[look.look_id]]
    }
    counting = in_order(look for look in looks if standings[look.look_id].state == "accepted")
    held = with_one_final(counting, lag)
    month = _Month(held, lines_of(held, referee.tolerance, referee.left_by))
    for at, look in enumerate(counting):
        found[look.look_id] = [
            *_overruled(look, looks, standings),
            *month.remarks(look, min(at, len(held) - 1)),
            *_at_the_end(look, counting, lag, zone),
        ]
    return found


def _overruled(
    look: ShownLook, looks: Sequence[ShownLook], standings: Mapping[str, Standing]
) -> Iterator[str]:
    """Why a look counts although another one contradicts it."""
    others = [one for one in looks if _is_contested_by(look, standings[one.look_id])]
    if others:
        yield (
            f"It counts, and {_named(others)} does not: they contradict each other, and a further export "
            "fits this one only."
        )


def _is_contested_by(look: ShownLook, standing: Standing) -> bool:
    against = standing.against
    return standing.state == "contested" and against is not None and against.look_id == look.look_id


@dataclass(frozen=True, slots=True)
class _Month:
    """The looks that count, in order, their finals as one; and everybody's line through them."""

    looks: Sequence[ShownLook]
    lines: Mapping[str, Line]

    def remarks(self, look: ShownLook, place: int) -> Iterator[str]:
        """What the look at that place says of people that others do not."""
        lines = self.lines.values()
        left = sum(place in line.left_at for line in lines)
        if left:
            yield _count(
                left,
                "1 person who has left the roster is not in it: the last count holds.",
                "{} people who have left the roster are not in it: their last counts hold.",
            )
        corrected = sum(place in line.corrected_at for line in lines)
        if corrected:
            yield _count(
                corrected,
                "1 count is a little below the highest so far: taken as the vendor's correction.",
                "{} counts are a little below the highest so far: taken as the vendor's corrections.",
            )
        yield from self._contradictions(place)
        yield from self._question(look, place)

    def _contradictions(self, place: int) -> Iterator[str]:
        others = [
            {at for one in line.conflicts if place in one.looks for at in one.looks} - {place}
            for line in self.lines.values()
        ]
        people = sum(map(bool, others))
        if people:
            named = _named([self.looks[at] for at in sorted({at for found in others for at in found})])
            yield _count(
                people,
                f"1 person has fallen or vanished between this and {named}: a count cannot fall, so that "
                "each figure of that person's which rests on either is unknown.",
                f"{{}} people have fallen or vanished between this and {named}: a count cannot fall, so that "
                "each of their figures which rests on either is unknown.",
            )

    def _question(self, look: ShownLook, place: int) -> Iterator[str]:
        vanished = sum(
            place in vanishings(person, line, self.looks)
            for person, line in self.lines.items()
            if line.conflicts
        )
        if not vanished:
            return
        new = sum(line.new_in == place and person in look.counts for person, line in self.lines.items())
        who = _count(vanished, "1 person has vanished from it", "{} people have vanished from it")
        if new:
            who += _count(new, ", and 1 is new in it", ", and {} are new in it")
            who += ": are they one person?" if vanished == new == 1 else ": are some of them one person?"
        else:
            who += "."
        yield (
            f"{who} An alias tells that an address has changed, and a `left` date in the roster that "
            "somebody has left."
        )


def _at_the_end(
    look: ShownLook, counting: Sequence[ShownLook], lag: timedelta, zone: tzinfo
) -> Iterator[str]:
    """Whether it closes its month."""
    month = f"{look.month:%B %Y}"
    if not look.is_final(lag):
        if look.moment >= look.month_end:
            day = final_from(look.month, lag, zone)
            hours = lag // timedelta(hours=1)
            yield (
                f"{month} is over, but the vendor's dashboard may be {hours} hours behind: the file does not "
                f"close the month. Export {look.month:%B} again on {day.day} {day:%B %Y} or later."
            )
        return
    yield f"It is the final file of {month}: it closes the month."
    others = [one for one in counting if one.is_final(lag) and one.look_id != look.look_id]
    if others:
        yield f"So is {_named(others)}: of each person the larger count holds."
    ordinary = [one for one in counting if not one.is_final(lag)]
    if ordinary and _shown(ordinary[-1]) == _shown(look):
        yield (
            f"It shows the same as the month's last ordinary export, {ordinary[-1].in_words}: was it "
            "downloaded late enough?"
        )


def _shown(look: ShownLook) -> dict[str, int]:
    """Who has a count: not to be listed is to be at 0."""
    return {person: count for person, count in look.counts.items() if count}


def _named(looks: Sequence[ShownLook]) -> str:
    """The looks in words, the last ones of many."""
    words = [look.in_words for look in looks[-NAMED:]]
    more = len(looks) - len(words)
    return _count(more, "1 more and ", "{} more and ") * bool(more) + " and ".join(words)


def _count(number: int, one: str, many: str) -> str:
    return one if number == 1 else many.format(number)
