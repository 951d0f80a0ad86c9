"""The reports with what they say, each read once: who used how much in which days, and who was absent."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from shared.adoption.absences import Absences, MembersShown, Presence, SpendShown
from shared.adoption.daily import METERED
from shared.adoption.ledger import Ledger, ShownRange
from shared.adoption.timeline import Added
from shared.adoption.told import NOBODYS, Told
from shared.jobs.recording_reports import Kept
from shared.periods import ONE_DAY, Period, days_between, midnight
from shared.store.exports import FILE_VERSION, part_of
from shared.store.manifests import EXPORTS

if TYPE_CHECKING:
    from shared.app import App
    from shared.jobs.shelf import Shelf
    from shared.records import Report

#: Whose reports they are: the surface and the organisation.
Whose = tuple[str, str]

_LEDGERS = {"spend_report": ("tokens", "meteredCost"), "members_analytics": ("sessions",)}
_NAMES = {"spend_report": "spend report", "members_analytics": "members analytics"}


class Reports:
    """One reading of the manifest's reports, and of whatever they say."""

    def __init__(self, app: App, shelf: Shelf) -> None:
        self._app = app
        self._shelf = shelf
        self._reports = [one.report for one in shelf.manifest.reports]
        self._used: dict[str, dict[str, dict[str, int]]] = {}

    def days(self) -> set[date]:
        """The days of which they tell use."""
        spans = [days_between(one.first, one.last) for one in self._reports if one.kind in _LEDGERS]
        return {day for span in spans for day in span}

    def absences(self, surface: str, organization: str) -> Absences:
        """Who of an organisation's people was absent when."""
        return self._absences.get((surface, organization), _NONE)

    def told(self, period: Period) -> list[Told]:
        """The figures that reports make up exactly, by themselves or by sums and differences of them."""
        found = []
        for (_, measure, population), ledger in self._ledgers.items():
            added = ledger.added(period.start, period.end)
            if added is not None:
                found.append(Told(frozenset({population}), measure, added, Added(0, 0)))
        return found

    def populations(self, period: Period) -> set[str]:
        """Whose figures ``told`` makes up."""
        ways = self._ways.items()
        return {whose for (_, _, whose), way in ways if way.leads(period.start, period.end)}

    def unknown(self, period: Period, looked_at: Container[Whose]) -> list[Told]:
        """Organisations of which nothing tells there, though their newest spend report before shows use: that
        they stopped is not known. Of two that end together that of fewer days is the newer, and of two of the
        same days the one that shows use. ``looked_at`` are those whose dashboards tell of the period."""
        found = []
        for whose, reports in self._spend_reports.items():
            before = [one for one in reports if midnight(one.first) < period.end]
            newest = max(before, key=lambda one: (one.last, one.first, one.active > 0), default=None)
            if newest is None or not newest.active or whose in looked_at:
                continue
            if not self._ways[whose, "spend_report", newest.population].leads(period.start, period.end):
                found.append(Told(frozenset({newest.population}), "tokens", {}, Added(0, None)))
        return found

    def telling(self, period: Period, looked_at: Container[Whose]) -> list[str]:
        """A name for which reports tell of a period, and of whom they leave something unknown: those of other
        months can change that. What they say is not read for it."""
        ways = self._ways.values()
        found = {step.report_id for way in ways for step in way.steps(period.start, period.end)}
        unknown = {name for one in self.unknown(period, looked_at) for name in one.populations}
        return [*sorted(found), *sorted(unknown)]

    @cached_property
    def disputes_of(self) -> str:
        """A name for everything that ``disputes`` reads; "" where that is nothing."""
        reports = sorted((one.report_id, kind, whose) for kind in _LEDGERS for whose, one in self._of(kind))
        of = (reports, self._shelf.manifest.configured, self._app.settings.of_figures)
        return hashlib.sha256(msgspec.msgpack.encode(of)).hexdigest()[:16] if reports else ""

    def disputes(self) -> str:
        """A name for what reports contradict each other about, and for whose absences are none therefore; it
        reads all of them."""
        ledgers = self._ledgers.values()
        words = sorted({words for ledger in ledgers for words in ledger.conflicts()})
        denied = sorted(name for absences in self._absences.values() for name in absences.denied)
        found = (words, denied)
        return hashlib.sha256(msgspec.msgpack.encode(found)).hexdigest()[:16] if any(found) else ""

    @cached_property
    def _spend_reports(self) -> Mapping[Whose, list[Report]]:
        found: dict[Whose, list[Report]] = defaultdict(list)
        for whose, report in self._over():
            if report.kind == "spend_report":
                found[whose].append(report)
        return found

    def users(self) -> set[str]:
        """Everybody whom some report shows to have used Claude Code."""
        return {
            actor
            for report in self._reports
            for measure in _LEDGERS.get(report.kind, ())
            if measure != "meteredCost"
            for actor, amount in self.used(report, measure).items()
            if amount > 0
        }

    def tells_cost(self, period: Period) -> bool:
        """Whether Console cost tells of each day that a period touches."""
        return all(day in self._cost_of_day for day in period.days())

    def cost(self, period: Period) -> Told | None:
        """What Console cost says of a period, from the whole days inside to the days that it touches; None
        where it does not tell of each. Of two files of one day the newer one counts, because cost is revised;
        of two of one moment the one that shows more."""
        if not self.tells_cost(period):
            return None
        touched = list(period.days())
        inside = [
            day for day in touched if period.start <= midnight(day) and midnight(day) + ONE_DAY <= period.end
        ]
        low, high = (_total(self._cost_of_day[day] for day in days) for days in (inside, touched))
        added = {actor: Added(low.get(actor, 0), amount) for actor, amount in high.items()}
        return Told(frozenset({METERED}), "meteredCost", added, Added(0, 0))

    @cached_property
    def _cost_of_day(self) -> dict[date, Mapping[str, int]]:
        found: dict[date, tuple[datetime, int, Mapping[str, int]]] = {}
        for _, report in self._of("console_cost"):
            days = self._kept(report).days
            for day in days_between(report.first, report.last):
                if midnight(day) + ONE_DAY <= self._shelf.spoken(report):
                    cost = self._joined(days.get(day, {}))
                    told = (report.moment, sum(cost.values()), cost)
                    found[day] = max(told, found.get(day, told), key=lambda one: one[:2])
        return {day: cost for day, (_, _, cost) in found.items()}

    def used(self, report: Report, measure: str) -> dict[str, int]:
        """What a report says of a measure, by person; nothing where it says nothing of it. Read once."""
        if report.report_id not in self._used:
            amounts = self._kept(report).amounts.items()
            self._used[report.report_id] = {name: self._joined(found) for name, found in amounts}
        return self._used[report.report_id].get(measure, {})

    def _kept(self, report: Report) -> Kept:
        return self._app.facts.read_value(EXPORTS, part_of(report.report_id), FILE_VERSION, Kept)

    def _of(self, kind: str) -> Iterable[tuple[Whose, Report]]:
        for report in self._reports:
            if report.kind == kind:
                yield (report.surface, self._shelf.organization_of(report)), report

    @cached_property
    def _ways(self) -> Mapping[tuple[Whose, str, str], Ledger]:
        """Where reports lead from and to, without what they say: by organisation, kind and population."""
        ranges: dict[tuple[Whose, str, str], list[ShownRange]] = defaultdict(list)
        for whose, report in self._over():
            shown = ShownRange(report.report_id, *_edges(report), {}, "")
            ranges[whose, report.kind, report.population].append(shown)
        return {key: Ledger(found) for key, found in ranges.items()}

    @cached_property
    def _ledgers(self) -> Mapping[tuple[Whose, str, str], Ledger]:
        """By organisation, measure and population."""
        ranges: dict[tuple[Whose, str, str], list[ShownRange]] = defaultdict(list)
        for whose, report in self._over():
            for measure in _LEDGERS[report.kind]:
                shown = ShownRange(
                    report.report_id, *_edges(report), self.used(report, measure), in_words(report)
                )
                ranges[whose, measure, report.population].append(shown)
        return {key: Ledger(found, may_fall=key[1] == "meteredCost") for key, found in sorted(ranges.items())}

    def _over(self) -> Iterable[tuple[Whose, Report]]:
        """The reports of use whose ranges were over, lag and all, when they were shown."""
        for kind in _LEDGERS:
            for whose, report in self._of(kind):
                if _edges(report)[1] <= self._shelf.spoken(report):
                    yield whose, report

    @cached_property
    def _absences(self) -> Mapping[Whose, Absences]:
        spend: dict[Whose, list[SpendShown]] = defaultdict(list)
        members: dict[Whose, list[MembersShown]] = defaultdict(list)
        for whose, report in self._of("spend_report"):
            users = self.used(report, "tokens").keys() - {NOBODYS}
            shown = (*_edges(report), self._shelf.spoken(report))
            spend[whose].append(SpendShown(*shown, frozenset(users), in_words(report)))
        for whose, report in self._of("members_analytics"):
            shown = (*_edges(report), self._shelf.spoken(report))
            members[whose].append(MembersShown(*shown, self._presence(report), in_words(report)))
        return {whose: Absences(spend[whose], members[whose]) for whose in {*spend, *members}}

    def _presence(self, report: Report) -> dict[str, list[Presence]]:
        """Everybody listed. Each address of a person is seen by itself: one without a last active day may
        have been used on any day before the window, whatever the other says."""
        kept = self._kept(report)
        found: dict[str, list[Presence]] = defaultdict(list)
        for actor, sessions in kept.amounts["sessions"].items():
            person = self._shelf.told.directory.owner(actor)
            found[person].append(Presence(sessions, kept.last_active.get(actor)))
        return found

    def _joined(self, amounts: Mapping[str, int]) -> dict[str, int]:
        return self._shelf.told.directory.joined(amounts)


_NONE = Absences()


def in_words(report: Report) -> str:
    """How a reader is told which report this is; the file's own name may be an address."""
    first, last = (f"{day.day} {day:%B %Y}" for day in (report.first, report.last))
    return f"the {_NAMES[report.kind]} of {first} to {last} (receipt {report.report_id})"


def _total(days: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = defaultdict(int)
    for day in days:
        for actor, amount in day.items():
            total[actor] += amount
    return total


def _edges(report: Report) -> tuple[datetime, datetime]:
    return midnight(report.first), midnight(report.last) + ONE_DAY
