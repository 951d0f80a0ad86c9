"""Puts together what exports and daily sources say of a period: each population from the best source."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from shared.adoption.absences import ADDED_BY_USE
from shared.adoption.edges import Edge, Taken, edges_of, is_edge, telling
from shared.adoption.mixed import BASES, Mixed
from shared.adoption.reconciliation import Allowance
from shared.adoption.timeline import AbsentIn, Point, Timeline
from shared.adoption.told import Told, is_person
from shared.jobs.reports import Reports, Whose
from shared.jobs.shelf import Shelf, month_of
from shared.periods import RESOLUTION, Period, days_between

if TYPE_CHECKING:
    from shared.adoption.daily import Daily
    from shared.app import App
    from shared.records import Look

#: Somebody whom no look lists.
_STRANGER = "nobody"

DailyOf = Callable[[Period, frozenset[str]], "tuple[Daily, ...]"]


@dataclass(frozen=True, slots=True)
class Stream:
    """One measure of one dashboard, over all its looks that count. ``nameless``, by month: who is listed and
    is no person."""

    name: str
    population: str
    measure: str
    timeline: Timeline
    nameless: Mapping[str, frozenset[str]]

    @property
    def months(self) -> frozenset[str]:
        """The months of which it has looks."""
        return frozenset(self.nameless)


class Mixer:
    """One reading of the exports, and the periods that are made of it."""

    def __init__(self, app: App, shelf: Shelf, daily_of: DailyOf) -> None:
        self._shelf = shelf
        self._daily_of = daily_of
        self.lag = timedelta(hours=app.settings.export_lag_hours)
        self.allowance = Allowance(*app.settings.reconciliation_tolerance)
        self._looks = [one.look for one in shelf.manifest.looks if one.state == "accepted"]
        self._look_of = {look.look_id: look for look in self._looks}
        self.reports = Reports(app, shelf)
        self._name_of = {look.look_id: shelf.stream_of(look) for look in self._looks}
        self.edges = edges_of(self._taken())
        measures = {self._name_of[look.look_id]: frozenset(look.measures) for look in self._looks}
        #: Those that an answer can begin and end with.
        self.telling_edges = telling(self.edges, measures)

    @cached_property
    def streams(self) -> list[Stream]:
        """Every measure of every dashboard; made when a row is, because it reads all looks."""
        return list(self._streams())

    def _streams(self) -> Iterable[Stream]:
        names = self._name_of
        keys = sorted({(names[look.look_id], one) for look in self._looks for one in look.measures})
        for name, measure in keys:
            looks = [look for look in self._looks if names[look.look_id] == name and measure in look.measures]
            shown = [self._shelf.shown(look, measure) for look in looks]
            nameless: dict[str, frozenset[str]] = {}
            for look, one in zip(looks, shown, strict=True):
                found = frozenset(actor for actor in one.counts if not is_person(actor))
                nameless[look.month] = nameless.get(look.month, frozenset()) | found
            yield Stream(
                name=name,
                population=looks[0].population,
                measure=measure,
                timeline=Timeline(
                    shown,
                    lag=self.lag,
                    tolerance=self._shelf.tolerance,
                    left_by=self._shelf.left_by,
                    absent_in=self._absent_in(name, measure),
                ),
                nameless=nameless,
            )

    def _absent_in(self, name: str, measure: str) -> AbsentIn:
        """When somebody added none of a measure. Reports list people by address: whom they do not list under
        a bare name may be listed under another."""
        if measure not in ADDED_BY_USE:
            return lambda _actor: ()
        absences = self.reports.absences(*_whose(name))
        return lambda actor: absences.of(actor) if is_person(actor) or actor == _STRANGER else ()

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
        if self.reports.tells_cost(period):
            return True
        told = self.reports.populations(period)
        told |= {name for one in self._unknown(period) for name in one.populations}
        return not by_daily.issuperset({*self.speaking(period).values(), *told})

    def speaking(self, period: Period) -> dict[str, str]:
        """The streams that tell of a period, and whose use: those that were looked at in its months. Where an
        organisation's last look before showed use and nothing was looked at since, its stream tells, too:
        that it is not known; of several looks of that moment each one's does. An empty export says that there
        is no more use to look at."""
        months = months_of(period)
        found: dict[str, str] = {}
        for looks in self._by_organization.values():
            telling = [look for look in looks if look.month in months]
            if not telling:
                before = [look for look in looks if look.month < min(months)]
                newest = max((look.moment for look in before), default=None)
                last = [look for look in before if look.moment == newest]
                if any(look.total for look in last) or len(before) < len(looks):
                    telling = last
            found |= {self._name_of[look.look_id]: look.population for look in telling}
        return found

    def _reported(self, period: Period) -> list[Told]:
        """What reports tell of a period, be it that something is not known."""
        return [*self.reports.told(period), *self._unknown(period)]

    def _unknown(self, period: Period) -> list[Told]:
        return self.reports.unknown(period, self._looked_at(period))

    def _looked_at(self, period: Period) -> set[Whose]:
        """Whose dashboards tell of a period."""
        return {_whose(name) for name in self.speaking(period)}

    @cached_property
    def _by_organization(self) -> dict[tuple[str, str], list[Look]]:
        found: dict[tuple[str, str], list[Look]] = {}
        for look in self._looks:
            found.setdefault(_whose(self._name_of[look.look_id]), []).append(look)
        return found

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
            return self.reports.days()
        return self.reports.days() | set(
            days_between(min(map(month_of, looks)), max(look.moment for look in looks).date())
        )

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

    def read_of(self, period: Period, before: Period | None) -> str:
        """A name for which looks, of which streams, and which reports tell of a period and of the one before:
        files of other months can change that. So can reports that contradict each other, of whichever days.
        Without a roster everybody ever seen counts, so there it names every file."""
        both = [one for one in (period, before) if one is not None]
        months = {month for one in both for month in months_of(one)}
        streams = sorted({name for one in both for name in self.speaking(one)})
        reports = [self.reports.telling(one, self._looked_at(one)) for one in both]
        looks = sorted(
            (look_id, name)
            for look_id, name in self._name_of.items()
            if not self._shelf.roster or self._look_of[look_id].month in months
        )
        if self._shelf.manifest.disputes:
            reports.append([self._shelf.manifest.disputes])
        if not self._shelf.roster:
            reports.append(sorted(one.report.report_id for one in self._shelf.manifest.reports))
        return hashlib.sha256(msgspec.msgpack.encode((streams, reports, looks))).hexdigest()[:16]

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
        speaking = self.speaking(period)
        exported = tuple(
            self._told(stream, period, start, end)
            for stream in self.streams
            if stream.population not in by_daily
            and stream.name in speaking
            and (stream.measure in BASES or not stream.months.isdisjoint(months_of(period)))
        )
        exported += tuple(one for one in self._reported(period) if not one.populations <= by_daily)
        cost = self.reports.cost(period)
        if cost is not None:  # before the spend that a team export shows, and before the API's estimate
            others = (
                one for one in exported if one.measure != "meteredCost" or one.populations != cost.populations
            )
            exported = (*others, cost)
        mixed = Mixed(
            period=period,
            daily=self._daily_of(period, by_daily),
            exported=exported,
            closed=True,
            roster=roster.members(period.last_day) if roster else None,
            seats=self._shelf.seats.cost(period),
        )
        closed = end is not None or (mixed.is_bounded and daily_settled)
        return mixed if closed else replace(mixed, closed=False)

    def _told(self, stream: Stream, period: Period, start: Edge | None, end: Edge | None) -> Told:
        first = _point(stream.name, start, period.start)
        last = _point(stream.name, end, period.end)
        added = stream.timeline.added(first, last, self._listed(stream, period))
        stranger = added.pop(_STRANGER)
        return Told(frozenset({stream.population}), stream.measure, added, stranger)

    def _listed(self, stream: Stream, period: Period) -> list[str]:
        """Who may have added something of their own: everybody with an address, and whoever else is listed in
        the period's months. A mere name of another month is a stranger here: whoever it is has an address."""
        people = {actor for actor in stream.timeline.people if is_person(actor)}
        nameless = (stream.nameless.get(month, frozenset()) for month in months_of(period))
        reported = self.reports.absences(*_whose(stream.name)).listed
        return [*sorted(people.union(reported, *nameless)), _STRANGER]


def _whose(stream: str) -> tuple[str, str]:
    """The surface and the organisation of a stream."""
    surface, _, organization = stream.split("|", 2)
    return surface, organization


def _point(name: str, edge: Edge | None, moment: datetime) -> Point:
    return Point(moment, edge.looks.get(name) if edge is not None else None)


def months_of(period: Period) -> frozenset[str]:
    """The months that a period touches."""
    return frozenset(day.strftime("%Y-%m") for day in period.days())
