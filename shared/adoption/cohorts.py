"""Cohorts: how each engineer took to Claude Code over the last four periods, in exactly one word.

Everything is as of the end of the newest of these periods, so that the same data always give the same
words. Each engineer's use is a range, and a word stands only where every value in the ranges gives it: what
cannot be proven is ``unknown``, with the reason. Periods that are missing of the four may have held anything.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from shared.adoption.comparing import AMOUNTS
from shared.adoption.mixed import BASES, Mixed
from shared.adoption.period_rows import PROVEN
from shared.adoption.ranges import Range, Ways
from shared.periods import Period
from shared.records import Basis, Cohort

#: Over so many periods engineers are judged, and by so many of them *new* and *dormant*.
PERIODS, LATELY = 4, 2

#: A quarter of the active is power, and at least so many.
QUARTER, LEAST_POWER = 4, 2

UNPROVEN = "the figures of a period are ranges that allow more than one cohort"
RANK_OPEN = "the figures are ranges that leave the rank open"
ELSEWHERE = "another source shows use that does not show on this basis"
IN_GRACE = "not seen yet, and not on the roster for long enough to say more"

_UP = frozenset({"started", "gained"})


class Seen(NamedTuple):
    """By which moments use shows for the first time, and for the last."""

    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """What each engineer did of one measure in one period; ``unlisted`` is for whoever is not among them."""

    ranges: Mapping[str, Range]
    unlisted: Range

    def of(self, engineer: str) -> Range:
        """What one engineer did, listed or not."""
        return self.ranges.get(engineer, self.unlisted)


@dataclass(frozen=True, slots=True)
class History:
    """One to four periods in a row, in order, and what each engineer did in them, by measure.

    ``basis`` says who is active, ``ranked_on`` who did most. ``doubts``, by measure: why it is not exact.
    """

    periods: tuple[Period, ...]
    basis: Basis
    ranked_on: str
    shown: Mapping[str, tuple[Shown, ...]]
    doubts: Mapping[str, str]

    def active(self, engineer: str) -> list[Range]:
        """The engineer's use on the basis, period by period."""
        return [shown.of(engineer) for shown in self.shown[self.basis]]

    def total(self, measure: str, engineer: str) -> Range:
        """What the engineer did of a measure over all periods."""
        parts = [shown.of(engineer) for shown in self.shown[measure]]
        highs = [part.high for part in parts if part.high is not None]
        return Range(sum(part.low for part in parts), sum(highs) if len(highs) == len(parts) else None)


class Placed(NamedTuple):
    """One engineer's cohort, and what it follows from.

    ``place`` is where the engineer stands among all by what is known, ``rank`` the same where it is certain.
    ``gaining``: started or gained in the newest verdict; None where that is not known. ``reason``: of
    ``unknown``, why.
    """

    engineer: str
    cohort: Cohort
    place: int
    rank: int | None
    gaining: bool | None
    lines: Range
    sessions: Range
    active_periods: Range
    last_seen: date | None
    reason: str = ""


def history_of(periods: Sequence[Mixed]) -> History | None:
    """The last of these periods, from the first one of which anything tells; None where nothing does.

    A day of a daily source that straddles an edge counts where it ends, as in a verdict. The basis is the
    best that all of them have, else the newest one's: where it is not told, nothing is known.
    """
    told = list(periods)
    while told and not _speaks(told[0]):
        del told[0]
    told = [one.for_verdict() for one in told[-PERIODS:]]
    if not told:
        return None
    basis = next((one for one in BASES if all(mixed.tells(one) for mixed in told)), told[-1].basis)
    ranked_on = next((one for one in AMOUNTS if all(mixed.tells(one) for mixed in told)), AMOUNTS[0])
    measures = dict.fromkeys((basis, ranked_on, "linesAccepted", "sessions"))
    return History(
        tuple(one.period for one in told),
        basis,
        ranked_on,
        {measure: tuple(_shown(one, measure) for one in told) for measure in measures},
        {
            measure: "; ".join(dict.fromkeys(doubt for one in told for doubt in one.doubts(measure)))
            for measure in measures
        },
    )


def _speaks(mixed: Mixed) -> bool:
    """Whether any source proves something of a period."""
    days = (day for daily in mixed.daily for day in daily.cover.days)
    return mixed.is_told_of or any(day.state in PROVEN for day in days)


def _shown(mixed: Mixed, measure: str) -> Shown:
    ranges = mixed.ranges(measure)
    if mixed.tells(measure):
        return Shown(ranges, mixed.unlisted(measure))
    return Shown({person: Range(one.low, None) for person, one in ranges.items()}, Range(0, None))


def cohorts_of(
    engineers: Iterable[str],
    history: History,
    *,
    seen: Mapping[str, Seen],
    since: Mapping[str, date],
    grace_days: int,
    moved: Mapping[str, Ways] | None,
    addresses: Mapping[str, str],
) -> list[Placed]:
    """Everybody in one cohort, by place.

    ``seen``: whoever ever showed use up to the last period's end. ``since``: from which day on each is on the
    roster. ``moved``: the newest verdict's engineers, None without one. ``addresses`` break ties and leave no
    other trace; who has none comes last.
    """
    everybody = list(engineers)
    ranks = _ranks(everybody, history, addresses)
    quota = _quota(everybody, history)
    last_day = history.periods[-1].last_day
    found = []
    for engineer in everybody:
        rank = ranks[engineer]
        is_late = engineer in since and (last_day - since[engineer]).days >= grace_days
        cohort, reason = _cohort(history, seen.get(engineer), history.active(engineer), rank, quota, is_late)
        active = history.active(engineer)
        found.append(
            Placed(
                engineer=engineer,
                cohort=cohort,
                place=rank.place,
                rank=rank.best if rank.best == rank.worst else None,
                gaining=_gaining(engineer, moved),
                lines=history.total("linesAccepted", engineer),
                sessions=history.total("sessions", engineer),
                active_periods=Range(sum(one.low > 0 for one in active), sum(one.top > 0 for one in active)),
                last_seen=_last_day(seen.get(engineer)),
                reason=reason,
            )
        )
    return sorted(found, key=lambda one: one.place)


class _Rank(NamedTuple):
    place: int
    best: int
    worst: int


def _cohort(
    history: History, seen: Seen | None, active: list[Range], rank: _Rank, quota: Range, is_late: bool
) -> tuple[Cohort, str]:
    """The first cohort that matches for certain, if none before it might; with the reason where none does."""
    lately, earlier = active[-LATELY:], active[:-LATELY]
    begin = history.periods[-len(lately)].start
    if seen is None:
        if any(one.top > 0 for one in active):
            return "unknown", UNPROVEN
        return ("notYetStarted", "") if is_late else ("unknown", IN_GRACE)
    used_lately = any(one.low > 0 for one in lately)
    idle_lately = all(one.top == 0 for one in lately)
    if idle_lately and seen.last > begin:
        return "unknown", ELSEWHERE
    if seen.first > begin:
        is_new = used_lately and all(one.top == 0 for one in earlier)
        return ("new", "") if is_new else ("unknown", UNPROVEN)
    if idle_lately and len(lately) == LATELY:
        return "dormant", ""
    if not used_lately:
        return "unknown", _missing(active) or UNPROVEN
    return _by_periods(active, rank, quota)


def _by_periods(active: list[Range], rank: _Rank, quota: Range) -> tuple[Cohort, str]:
    """Of those who have used it before and lately: by in how many of the four periods."""
    certain = sum(one.low > 0 for one in active)
    possible = sum(one.top > 0 for one in active) + PERIODS - len(active)
    if possible < PERIODS - 1:
        return "casual", ""
    if len(active) < PERIODS or certain < PERIODS - 1:
        return "unknown", _missing(active) or UNPROVEN
    if possible < PERIODS or rank.best > quota.top:
        return "regular", ""
    if certain < PERIODS:
        return "unknown", UNPROVEN
    return ("power", "") if rank.worst <= quota.low else ("unknown", RANK_OPEN)


def _missing(active: list[Range]) -> str:
    """That there are fewer than four periods, in words; empty where there are four."""
    return f"there are only {len(active)} of {PERIODS} periods" if len(active) < PERIODS else ""


def _gaining(engineer: str, moved: Mapping[str, Ways] | None) -> bool | None:
    """Whoever is not among those of the verdict has not gained in it."""
    if moved is None:
        return None
    ways = moved.get(engineer, frozenset())
    if ways and ways <= _UP:
        return True
    return None if ways & _UP else False


def _last_day(seen: Seen | None) -> date | None:
    """The day of which the moment is the end, or within which it lies."""
    return None if seen is None else (seen.last - datetime.resolution).date()


def _quota(engineers: Iterable[str], history: History) -> Range:
    """How many may be power: a quarter of those active in any of the periods."""
    active = [history.active(engineer) for engineer in engineers]
    low = sum(any(one.low > 0 for one in of) for of in active)
    high = sum(any(one.top > 0 for one in of) for of in active)
    return Range(*(max(LEAST_POWER, math.ceil(count / QUARTER)) for count in (low, high)))


def _ranks(engineers: Sequence[str], history: History, addresses: Mapping[str, str]) -> dict[str, _Rank]:
    """Where each stands, and may stand at best and at worst. Ties are broken by sessions, where everybody's
    are known, then by address."""
    totals = {engineer: history.total(history.ranked_on, engineer) for engineer in engineers}
    sessions = {engineer: history.total("sessions", engineer) for engineer in engineers}
    if any(one.low != one.high for one in sessions.values()):
        sessions = {}
    in_ties = sorted(
        engineers,
        key=lambda one: (
            -sessions.get(one, Range(0, 0)).low,
            one not in addresses,
            addresses.get(one, ""),
            one,
        ),
    )
    behind = {engineer: -at for at, engineer in enumerate(in_ties)}
    lows = sorted((totals[one].low, behind[one]) for one in engineers)
    highs = sorted((totals[one].top, behind[one]) for one in engineers)
    places = sorted(engineers, key=lambda one: (-totals[one].low, -totals[one].top, -behind[one]))
    return {
        one: _Rank(
            place,
            1 + len(lows) - bisect_right(lows, (totals[one].top, behind[one])),
            len(highs) - bisect_left(highs, (totals[one].low, behind[one])),
        )
        for place, one in enumerate(places, start=1)
    }
