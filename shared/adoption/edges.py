"""Where export periods begin and end: looks that were taken together, and which edges are comparable.

Looks of different streams within twelve hours of the first of them form one edge, named by the latest. An
answer compares a → b with b → L, each a week long within twelve hours; only where a newer L needs it, two,
three or four weeks take the place of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from shared.adoption.verdict import THRESHOLD
from shared.periods import Period, period_of

#: Looks so close together are one edge; an edge so close to the wanted moment stands for it.
TOGETHER = timedelta(hours=12)
STEPS = tuple(timedelta(days=7 * weeks) for weeks in (1, 2, 3, 4))
WEEK = STEPS[0]

#: For each hour by which two periods miss their length the threshold of having moved is so much wider.
WIDENED_BY = Fraction(25, 1000)


class Taken(NamedTuple):
    """A look as an edge sees it: when, which stream's, which one. ``total`` is the sum of its counts: of two
    looks of one stream at one moment, mere days as it were, the larger is the later."""

    moment: datetime
    stream: str
    look_id: str
    total: int = 0


@dataclass(frozen=True, slots=True)
class Edge:
    """A moment at which the exports were looked at; ``looks`` by stream."""

    moment: datetime
    looks: Mapping[str, str]


class Comparison(NamedTuple):
    """Three edges: ``a`` → ``b`` is compared with ``b`` → ``latest``, each ``step`` long but for hours."""

    a: Edge
    b: Edge
    latest: Edge
    step: timedelta

    @property
    def missed_hours(self) -> Fraction:
        """By how many hours, pro rata, the two periods together miss their nominal length."""
        missed = abs(self.latest.moment - self.b.moment - self.step)
        missed += abs(self.b.moment - self.a.moment - self.step)
        return Fraction(missed // timedelta(microseconds=1), 3_600_000_000)

    @property
    def threshold(self) -> Fraction:
        """The share of the earlier value beyond which an engineer gained or declined."""
        return THRESHOLD + WIDENED_BY * self.missed_hours


class Window(NamedTuple):
    """When a look would lie a ``step`` after the edge ``since``, within twelve hours."""

    since: Edge
    step: timedelta

    @property
    def wanted(self) -> datetime:
        """Its middle: exactly one step later."""
        return self.since.moment + self.step

    @property
    def opens(self) -> datetime:
        """The first moment that will do."""
        return self.wanted - TOGETHER

    @property
    def closes(self) -> datetime:
        """The last moment that will do."""
        return self.wanted + TOGETHER

    def from_now(self, now: datetime) -> datetime:
        """The first moment from now on that will do, of a window that has not closed."""
        return max(self.opens, now)


def edges_of(looks: Iterable[Taken]) -> list[Edge]:
    """The edges, in order. A stream's next look begins another edge; of those within one minute the last
    stands, because a period's name tells no more."""
    groups: list[dict[str, Taken]] = []
    in_order = sorted(looks, key=lambda look: (look.moment, look.total, look.look_id))
    for moment, looked in groupby(in_order, key=lambda look: look.moment):
        taken = {look.stream: look for look in looked}
        if groups and moment - _first(groups[-1]) <= TOGETHER and groups[-1].keys().isdisjoint(taken):
            groups[-1] |= taken
        else:
            groups.append(taken)
    edges = map(_edge, groups)
    return list({f"{edge.moment:%Y-%m-%dT%H:%M}": edge for edge in edges}.values())


def _first(group: Mapping[str, Taken]) -> datetime:
    return min(look.moment for look in group.values())


def _edge(group: Mapping[str, Taken]) -> Edge:
    latest = max(look.moment for look in group.values())
    return Edge(latest, {stream: look.look_id for stream, look in sorted(group.items())})


def is_edge(moment: datetime, month: str) -> bool:
    """Whether a look of a month (``2026-10``), taken at that moment, begins and ends periods: one of a month
    that is over closes it, and says nothing of what came after."""
    return moment.strftime("%Y-%m") == month


def telling(edges: Iterable[Edge], measures: Mapping[str, frozenset[str]]) -> list[Edge]:
    """The edges that an answer can begin and end with: where any stream tells accepted lines, those at which
    one of these was looked at. ``measures``: what each stream tells."""
    lines = {name for name, told in measures.items() if "linesAccepted" in told}
    return [edge for edge in edges if not lines or not lines.isdisjoint(edge.looks)]


def comparison(edges: Sequence[Edge]) -> Comparison | None:
    """The newest two comparable export periods; None where no edge has two partners before it."""
    for latest in reversed(edges):
        for step in STEPS:
            for b in _by_nearness(edges, latest.moment - step):
                a = nearest(edges, b.moment - step)
                if a is not None:
                    return Comparison(a, b, latest, step)
    return None


def nearest(edges: Iterable[Edge], wanted: datetime) -> Edge | None:
    """The edge nearest to the wanted moment, within twelve hours; the later one on a tie."""
    return next(iter(_by_nearness(edges, wanted)), None)


def _by_nearness(edges: Iterable[Edge], wanted: datetime) -> list[Edge]:
    close = [edge for edge in edges if abs(edge.moment - wanted) <= TOGETHER]
    return sorted(close, key=lambda edge: (abs(edge.moment - wanted), wanted - edge.moment))


def next_comparable(edges: Sequence[Edge], now: datetime) -> Window | None:
    """The window in which a look would soonest end two comparable periods; None where no edge has a partner
    to begin them."""
    return _soonest(
        (
            Window(edge, step)
            for step in STEPS
            for edge in edges
            if edge.moment + step + TOGETHER >= now and nearest(edges, edge.moment - step) is not None
        ),
        now,
    )


def next_weekly(edges: Iterable[Edge], now: datetime) -> Window | None:
    """The window in which a look would soonest lie a week after some edge; None where all have closed."""
    return _soonest((Window(edge, WEEK) for edge in edges), now)


def _soonest(windows: Iterable[Window], now: datetime) -> Window | None:
    """The first that has not closed; of several that are open that of the shortest step, then the longest."""
    ahead = [window for window in windows if window.closes >= now]
    return min(ahead, key=lambda one: (one.from_now(now), one.step, now - one.closes), default=None)


def partner(edges: Sequence[Edge], edge: Edge) -> Edge | None:
    """Where the stored export period that ends at this edge begins: a week earlier, else at the edge before;
    None where it begins with the month."""
    before = [one for one in edges if one.moment < edge.moment]
    return nearest(before, edge.moment - STEPS[0]) or (before[-1] if before else None)


def period_to(edge: Edge, start: Edge | None) -> Period:
    """The export period that ends at an edge; without a start it begins with the month."""
    begins = start.moment if start is not None else period_of("month", edge.moment.date()).start
    return Period(begins, edge.moment, "export")
