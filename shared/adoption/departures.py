"""Have engineers vanished from a source all at once, while others go on?

Who leaves does so on a day of their own, and gives the seat back. Where half of a team falls silent on one
day and keeps its seats, the likely cause is a move to subscription log-in, which an API does not show.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from shared.heads import Departed
from shared.periods import ONE_DAY

#: Who was active in these four weeks is missed, if on at least so many days of them: once is a trial.
BEFORE = timedelta(days=28)
KNOWN_DAYS = 3

#: Of fewer working days nobody asks.
AWAY = 3


@dataclass(frozen=True, slots=True)
class _Rhythm:
    """The last day of somebody's use, and the most working days that they ever paused before."""

    last: date
    pause: int

    def allows(self, working_days: int) -> bool:
        """Whether nobody would miss them after so many."""
        return working_days < AWAY or working_days <= self.pause


def departed(
    used: Mapping[str, Sequence[date]], working: Sequence[date], seats: Collection[str]
) -> Departed | None:
    """The largest group, of at least two and of half of those who were active in the four weeks before, that
    is silent since the same day; of equal ones the earliest.

    ``used``: the days of each engineer's use, in order; ``working``: the settled working days of the source,
    in order; ``seats``: who holds one now. Somebody is silent after three working days, if that is more than
    they ever paused lately; the silence began on a day on which none of the group was overdue.
    """
    quiet = {
        one: rhythm
        for one, days in used.items()
        if one in seats and (rhythm := _rhythm_of(days, working)) and _is_quiet(rhythm, working)
    }
    found: list[Departed] = []
    for since in sorted({rhythm.last + ONE_DAY for rhythm in quiet.values()}):
        if _between(working, since - ONE_DAY, date.max) < AWAY:
            continue
        silent = sum(_stopped_by(rhythm, since, working) for rhythm in quiet.values())
        if silent < 2:
            continue
        before = sum(_uses_in(days, since - BEFORE, since) for days in used.values())
        goes_on = any(days[-1] >= since for days in used.values())
        if goes_on and 2 * silent >= before:
            found.append(Departed(since, working[-1], silent, before))
    return max(found, key=lambda one: one.silent, default=None)


def _rhythm_of(days: Sequence[date], working: Sequence[date]) -> _Rhythm | None:
    """None where somebody was hardly there."""
    last = days[-1]
    lately = days[bisect_left(days, last - BEFORE) :]
    if len(lately) < KNOWN_DAYS:
        return None
    return _Rhythm(last, max(_between(working, one, other) for one, other in pairwise(lately)))


def _is_quiet(rhythm: _Rhythm, working: Sequence[date]) -> bool:
    return not rhythm.allows(_between(working, rhythm.last, date.max))


def _stopped_by(rhythm: _Rhythm, since: date, working: Sequence[date]) -> bool:
    """Whether the silence may have begun on that day: until then it was a pause like any other."""
    return since - BEFORE <= rhythm.last < since and rhythm.allows(_between(working, rhythm.last, since))


def _between(working: Sequence[date], first: date, last: date) -> int:
    """How many working days lie between two days."""
    return max(0, bisect_left(working, last) - bisect_right(working, first))


def _uses_in(days: Sequence[date], first: date, end: date) -> bool:
    at = bisect_left(days, first)
    return at < len(days) and days[at] < end
