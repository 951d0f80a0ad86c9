"""Puts together what exports and daily sources say of a period: each population from the best source."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from shared.adoption.edges import Edge, Taken, edges_of, is_edge
from shared.adoption.mixed import Mixed
from shared.adoption.reconciliation import Allowance
from shared.adoption.timeline import Point, Timeline
from shared.adoption.told import Told
from shared.jobs.shelf import Shelf, month_of
from shared.periods import RESOLUTION, Period, days_between

if TYPE_CHECKING:
    from shared.adoption.daily import Daily
    from shared.app import App

#: Somebody whom no look lists.
_STRANGER = "nobody"

DailyOf = Callable[[Period, frozenset[str]], "tuple[Daily, ...]"]


@dataclass(frozen=True, slots=True)
class Stream:
    """One measure of one dashboard, over all its looks that count."""

    name: str
    population: str
    measure: str
    timeline: Timeline
    months: frozenset[str]


class Mixer:
    """One reading of the exports, and the periods that are made of it."""

    def __init__(self, app: App, shelf: Shelf, daily_of: DailyOf) -> None:
        self._shelf = shelf
        self._daily_of = daily_of
        self.lag = timedelta(hours=app.settings.export_lag_hours)
        self.allowance = Allowance(*app.settings.reconciliation_tolerance)
        self._looks = [one.look for one in shelf.manifest.looks if one.state == "accepted"]
        self._look_of = {look.look_id: look for look in self._looks}
        self._populations = {look.population for look in self._looks}
        self.edges = edges_of(self._taken())

    @cached_property
    def streams(self) -> list[Stream]:
        """Every measure of every dashboard; made when a row is, because it reads all looks."""
        return list(self._streams())

    def _streams(self) -> Iterable[Stream]:
        names = {look.look_id: self._shelf.stream_of(look) for look in self._looks}
        keys = sorted({(names[look.look_id], one) for look in self._looks for one in look.measures})
        for name, measure in keys:
            looks = [look for look in self._looks if names[look.look_id] == name and measure in look.measures]
            yield Stream(
                name=name,
                population=looks[0].population,
                measure=measure,
                timeline=Timeline(
                    [self._shelf.shown(look, measure) for look in looks],
                    lag=self.lag,
                    tolerance=self._shelf.tolerance,
                    left_by=self._shelf.left_by,
                ),
                months=frozenset(look.month for look in looks),
            )

    def _taken(self) -> Iterable[Taken]:
        for look in self._looks:
            if is_edge(look.moment, look.month):
                yield Taken(look.moment, self._shelf.stream_of(look), look.look_id, look.total)

    def shows(self, population: str, period: Period) -> bool:
        """Whether exports tell of a population in the months of a period."""
        months = months_of(period)
        return any(look.population == population and look.month in months for look in self._looks)

    def shown_by_exports(self, period: Period, by_daily: frozenset[str]) -> bool:
        """Whether some population in use there is shown by exports alone."""
        return any(self.shows(one, period) for one in self._populations - by_daily)

    def closed_months(self) -> frozenset[str]:
        """The months that a final look closes, of every dashboard that shows them."""
        shown, unclosed = set[str](), set[str]()
        for one in self.streams:
            shown |= one.months
            unclosed |= one.months - {f"{month:%Y-%m}" for month in one.timeline.closed_months()}
        return frozenset(shown - unclosed)

    def days(self) -> set[date]:
        """The days of which the looks may speak: from the first one's month to the newest one's moment.

        Those that do not count are among them: a row that was made of one is to be made again without it.
        """
        looks = [one.look for one in self._shelf.manifest.looks]
        if not looks:
            return set()
        return set(days_between(min(map(month_of, looks)), max(look.moment for look in looks).date()))

    def days_spoken_of(self, start: Edge, end: Edge) -> list[date]:
        """The days of which the looks of two edges may speak, however late the dashboard was."""
        first, last = (
            [self._taken_within(look_id) for look_id in edge.looks.values()] for edge in (start, end)
        )
        since, until = min(one for one, _ in first) - self.lag, max(one for _, one in last)
        return days_between(since.date(), (until - RESOLUTION).date())

    def _taken_within(self, look_id: str) -> tuple[datetime, datetime]:
        """When a look was taken: a mere day is one of up to 25 hours around noon."""
        look = self._look_of[look_id]
        around = timedelta(hours=13) if look.date_only else timedelta(0)
        return look.moment - around, look.moment + around

    def inputs(self, months: Iterable[str]) -> dict[str, int]:
        """The versions of what the exports and the configuration say of these months."""
        manifest = self._shelf.manifest
        found = {f"exports:{one}": manifest.months[one] for one in sorted(months) if one in manifest.months}
        return found | ({"configuration": manifest.configured} if manifest.configured else {})

    def mixed(
        self,
        period: Period,
        by_daily: frozenset[str],
        *,
        start: Edge | None = None,
        end: Edge | None = None,
        daily_settled: bool = True,
    ) -> Mixed:
        """Everything about a period. ``start`` and ``end``: the edges whose looks it lies between."""
        roster = self._shelf.roster
        exported = tuple(
            self._told(stream, period, start, end)
            for stream in self.streams
            if stream.population not in by_daily and not stream.months.isdisjoint(months_of(period))
        )
        mixed = Mixed(
            period=period,
            daily=self._daily_of(period, by_daily),
            exported=exported,
            closed=True,
            roster=roster.members(period.last_day) if roster else None,
        )
        closed = end is not None or (mixed.is_bounded and daily_settled)
        return mixed if closed else replace(mixed, closed=False)

    def _told(self, stream: Stream, period: Period, start: Edge | None, end: Edge | None) -> Told:
        first = _point(stream.name, start, period.start)
        last = _point(stream.name, end, period.end)
        added = stream.timeline.added(first, last, [*stream.timeline.people, _STRANGER])
        stranger = added.pop(_STRANGER)
        return Told(frozenset({stream.population}), stream.measure, added, stranger)


def _point(name: str, edge: Edge | None, moment: datetime) -> Point:
    return Point(moment, edge.looks.get(name) if edge is not None else None)


def months_of(period: Period) -> frozenset[str]:
    """The months that a period touches."""
    return frozenset(day.strftime("%Y-%m") for day in period.days())
