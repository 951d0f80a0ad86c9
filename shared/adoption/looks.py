"""A look as the timeline sees it: what one month-to-date export showed, and of which moments it speaks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import accumulate
from typing import TYPE_CHECKING

from shared.periods import ONE_DAY, midnight, period_of

if TYPE_CHECKING:
    from shared.records import Look


@dataclass(frozen=True, slots=True)
class ShownLook:
    """Each person's cumulative count of one month, as the vendor showed it at one moment.

    ``earliest`` and ``latest`` enclose the moment of the download: both are ``moment`` where the time is
    known, the beginning and the end of ``day`` where only that is. ``month`` is the month's first day.
    ``known_by`` says whose id ``look_id`` is: a receipt's, or a file's that has none yet.
    """

    look_id: str
    month: date
    moment: datetime
    earliest: datetime
    latest: datetime
    counts: Mapping[str, int]
    day: date | None = None
    known_by: str = "receipt"

    @property
    def month_end(self) -> datetime:
        """The first moment that is not the month's."""
        return period_of("month", self.month).end

    @property
    def counts_at(self) -> datetime:
        """The moment at which it counts: a finished month's file says nothing of what came after."""
        return min(self.moment, self.month_end)

    @property
    def is_edge(self) -> bool:
        """Whether export periods may begin and end with it: it was taken while its month was running."""
        return period_of("month", self.month).start <= self.moment < self.month_end

    @property
    def total(self) -> int:
        """The sum of all counts."""
        return sum(self.counts.values())

    def is_final(self, lag: timedelta) -> bool:
        """Whether it certainly speaks of the finished month: then it closes the month."""
        return self.earliest - lag >= self.month_end

    @property
    def in_words(self) -> str:
        """How a reader is told which export this is; the file's own name may be an address."""
        day = self.day or self.moment.date()
        time = "" if self.day else f", {self.moment:%H:%M} UTC"
        return f"the export of {day.day} {day:%B %Y}{time} ({self.known_by} {self.look_id})"


def look_of_day(
    look_id: str, month: date, day: date, counts: Mapping[str, int], *, begins: datetime | None = None
) -> ShownLook:
    """A look of which only the day is known: it stands at noon.

    ``begins`` is the day's first moment in the time zone whose day it is (default UTC): there the day ends
    at the next midnight, be it 23, 24 or 25 hours later.
    """
    first = begins or midnight(day)
    noon, after = first + timedelta(hours=12), first + ONE_DAY  # by the clock on the wall there
    moment, earliest, latest = (at.astimezone(UTC) for at in (noon, first, after))
    return ShownLook(look_id, month, moment, earliest, latest, counts, day)


def look_of_moment(look_id: str, month: date, moment: datetime, counts: Mapping[str, int]) -> ShownLook:
    """A look whose moment is known."""
    return ShownLook(look_id, month, moment, moment, moment, counts)


def shown(look: Look, counts: Mapping[str, int], zone: tzinfo) -> ShownLook:
    """A recorded look, as the timeline sees it. Where only a day is known, it is one of that time zone."""
    month = date.fromisoformat(f"{look.month}-01")
    if not look.date_only:
        return look_of_moment(look.look_id, month, look.moment, counts)
    day = look.moment.astimezone(zone).date()
    begins = datetime.combine(day, time(), zone)  # the zone knows the day's length
    return look_of_day(look.look_id, month, day, counts, begins=begins)


def final_from(month: date, lag: timedelta, zone: tzinfo) -> date:
    """The first day in a time zone on which a download certainly closes the month.

    The day must begin no earlier than the lag after the month's end: with a lag of 24 hours that is the 2nd,
    and east of UTC, where the 2nd begins too early, the 3rd.
    """
    return certain_from(period_of("month", month).end, lag, zone)


def certain_from(end: datetime, lag: timedelta, zone: tzinfo) -> date:
    """The first day in a time zone throughout which the vendor knows everything up to a moment."""
    due = (end + lag).astimezone(zone)
    return due.date() if (due.hour, due.minute) == (0, 0) else due.date() + ONE_DAY


def in_order(looks: Iterable[ShownLook]) -> list[ShownLook]:
    """The looks of one month as they were taken, by moment.

    Where a day is all that is known of a look and others lie within it, the one with the larger total is the
    later one, because a count cannot fall; its neighbours then narrow the time at which it was taken.
    """
    looks = sorted(looks, key=lambda look: (look.moment, *_size(look)))
    ordered = [look for look in looks if look.earliest == look.latest]
    for look in looks:
        if look.earliest != look.latest:
            ordered.insert(_place(ordered, look), look)
    firsts = accumulate((look.earliest for look in ordered), max)
    lasts = [*accumulate((look.latest for look in reversed(ordered)), min)]
    return [_within(*one) for one in zip(ordered, firsts, reversed(lasts), strict=True)]


def _size(look: ShownLook) -> tuple[int, str]:
    return look.total, look.look_id


def _place(ordered: Sequence[ShownLook], look: ShownLook) -> int:
    """Behind everything that is certainly earlier, and behind what is no larger among the undecided."""
    place = 0
    for behind, other in enumerate(ordered, start=1):
        if other.earliest >= look.latest:
            break
        if other.latest <= look.earliest or _size(other) <= _size(look):
            place = behind
    return place


def _within(look: ShownLook, first: datetime, last: datetime) -> ShownLook:
    """The look, taken no earlier than ``first`` and no later than ``last``."""
    if (first, last) == (look.earliest, look.latest):
        return look
    return replace(look, moment=min(max(look.moment, first), last), earliest=first, latest=last)
