"""The same figures and the same verdict, reckoned a second time and in the plainest way.

It is written from the definitions alone and shares nothing with what it judges: looks in, ranges out; a
verdict by trying whatever the ranges allow.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from tests.hidden_history.history import DAY, HOUR, LAG, Download, History, month_after, month_of

TOGETHER = 12 * HOUR


class Span(NamedTuple):
    """From ``low`` to ``high``; ``high`` is infinite where nothing bounds it."""

    low: int
    high: float


@dataclass(frozen=True, eq=False)
class Look:
    """A download as the app is told of it: whose counts, and between which moments they were true."""

    dashboard: str
    month: datetime
    moment: datetime
    earliest: datetime
    latest: datetime
    counts: dict[str, int]

    @property
    def final(self) -> bool:
        return self.earliest >= month_after(self.month)


@dataclass(frozen=True, eq=False)
class Edge:
    """Looks of different dashboards, taken together; or a mere moment."""

    moment: datetime
    looks: dict[str, Look] = field(default_factory=dict)


@dataclass
class Reckoning:
    """Everything that follows from the downloads and the roster."""

    history: History

    @cached_property
    def looks(self) -> list[Look]:
        return sorted(map(self._look, self.history.downloads), key=lambda look: look.moment)

    def _look(self, download: Download) -> Look:
        counts: dict[str, int] = {}
        for cell, lines in download.cells.items():
            who = self.history.owner[cell]
            counts[who] = counts.get(who, 0) + lines
        told, zone = download.told, self.history.zone
        if isinstance(told, datetime):
            moments = (told, told, told)
        else:
            noon, first, after = (
                datetime.combine(day, at, zone).astimezone(UTC)
                for day, at in ((told, time(12)), (told, time()), (told + DAY, time()))
            )
            moments = (noon, first, after)
        return Look(download.dashboard, download.month, moments[0], moments[1] - LAG, moments[2], counts)

    @cached_property
    def edges(self) -> list[Edge]:
        groups: list[dict[str, Look]] = []
        for look in self.looks:
            if look.moment >= month_after(look.month):
                continue
            first = min((one.moment for one in groups[-1].values()), default=None) if groups else None
            if first and look.dashboard not in groups[-1] and look.moment - first <= TOGETHER:
                groups[-1][look.dashboard] = look
            else:
                groups.append({look.dashboard: look})
        return [Edge(max(look.moment for look in group.values()), group) for group in groups]

    # --- figures -------------------------------------------------------------------------------

    def added(self, person: str, start: Edge, end: Edge) -> Span:
        """What a person may have added, on every dashboard, month by month."""
        low, high = 0, 0.0
        for dashboard in {look.dashboard for look in self.looks}:
            month = month_of(start.moment)
            while month < end.moment:
                begin = self._count(person, dashboard, month, start)
                finish = self._count(person, dashboard, month, end)
                if begin.high < math.inf:
                    low += max(0, finish.low - int(begin.high))
                high += max(0, finish.high - begin.low)
                month = month_after(month)
        return Span(low, high)

    def _count(self, person: str, dashboard: str, month: datetime, at: Edge) -> Span:
        """The month's count at a moment: what the look there says, else the looks around it."""
        here = at.looks.get(dashboard)
        if here is not None and here.month == month:
            return Span(here.counts.get(person, 0), here.counts.get(person, 0))
        if at.moment <= month:
            return Span(0, 0)
        end = month_after(month)
        moment, low, high = min(at.moment, end), 0, math.inf
        count = 0
        for look in self.looks:
            if (look.dashboard, look.month) == (dashboard, month):
                count = max(count, look.counts.get(person, 0))  # what fell a little was corrected
                if min(look.latest, end) <= moment:
                    low = max(low, count)
                if look.earliest >= moment:
                    high = min(high, count)
        return Span(low, high)

    def total(self, start: Edge, end: Edge) -> Span:
        """What everybody may have added."""
        spans = [self.added(person, start, end) for person in sorted(set(self.history.owner.values()))]
        return Span(sum(span.low for span in spans), sum(span.high for span in spans))

    def roster(self, end: datetime) -> set[str]:
        """Who is on the roster at the end of a period."""
        day = (end - timedelta.resolution).date()
        return {
            person
            for person, (joined, left) in self.history.roster.items()
            if (joined or date.min) <= day <= (left or date.max)
        }

    def active(self, start: Edge, end: Edge) -> Span:
        """How many on the roster at its end may have added a line."""
        spans = [self.added(person, start, end) for person in self.roster(end.moment)]
        return Span(sum(span.low > 0 for span in spans), sum(span.high > 0 for span in spans))

    # --- the answer ----------------------------------------------------------------------------

    def near(self, wanted: datetime) -> list[Edge]:
        """The edges within twelve hours, the nearest first, the later one on a tie."""
        close = [edge for edge in self.edges if abs(edge.moment - wanted) <= TOGETHER]
        return sorted(close, key=lambda edge: (abs(edge.moment - wanted), wanted - edge.moment))

    def compared(self) -> tuple[Edge, Edge, Edge, timedelta] | None:
        """The newest edge with two before it, a step apart; of the steps the shortest."""
        for latest in reversed(self.edges):
            for step in (7 * DAY, 14 * DAY, 21 * DAY, 28 * DAY):
                for middle in self.near(latest.moment - step):
                    for first in self.near(middle.moment - step):
                        return first, middle, latest, step
        return None

    def starts(self, edge: Edge) -> Edge:
        """Where the stored period that ends at an edge begins."""
        before = [one for one in self.edges if one.moment < edge.moment]
        return next(iter([*self.near(edge.moment - 7 * DAY), *before[::-1]]), Edge(month_of(edge.moment)))

    def verdict(self, first: Edge, middle: Edge, latest: Edge, step: timedelta) -> str:
        """The one verdict that every history within the ranges gives, else ``unknown``."""
        missed = abs(middle.moment - first.moment - step) + abs(latest.moment - middle.moment - step)
        beyond = Fraction(1, 10) + Fraction(missed // timedelta(minutes=1), 60) * Fraction(25, 1000)
        reached = {(0, 0)}
        for person in self.roster(middle.moment) & self.roster(latest.moment):
            before, after = self.added(person, first, middle), self.added(person, middle, latest)
            ways = set(_ways(before, after, beyond))
            reached = {(more + one, up + other) for more, up in reached for one, other in ways}
        verdicts = {_verdict(more, up) for more, up in reached}
        return verdicts.pop() if len(verdicts) == 1 else "unknown"


def _ways(before: Span, after: Span, beyond: Fraction) -> Iterable[tuple[int, int]]:
    """How many more are active with this person, and how many more went up than down."""
    if before.low == 0 and after.low == 0:
        yield 0, 0
    if before.low == 0 and after.high > 0:
        yield 1, 1
    if after.low == 0 and before.high > 0:
        yield -1, -1
    least, other_least = max(before.low, 1), max(after.low, 1)
    if before.high < least or after.high < other_least:
        return
    if after.high > least * (1 + beyond):
        yield 0, 1
    if other_least < before.high * (1 - beyond):
        yield 0, -1
    for earlier in range(least, int(min(before.high, other_least * 4 + least)) + 1):
        top = min(after.high, math.floor(earlier * (1 + beyond)))
        if max(other_least, math.ceil(earlier * (1 - beyond))) <= top:
            yield 0, 0
            return


def _verdict(more: int, up: int) -> str:
    if up > 0:
        return "yes" if more >= 0 else "mixed"
    return "no" if more <= 0 else "mixed"
