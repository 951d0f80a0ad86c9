"""One reading of everything that period rows are made of, and the spans that are summed from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING

import msgspec

from shared.adoption.comparing import compare
from shared.adoption.daily import Daily
from shared.adoption.days import classify, silence_of
from shared.adoption.mixed import Mixed
from shared.adoption.mixed_rows import build as build_mixed
from shared.adoption.period_rows import PROVEN, SourceSpan, Span, build, cover_of, doubt_of, span_of
from shared.adoption.reconciliation import Witness
from shared.adoption.tallies import Tally, tally
from shared.adoption.verdict import THRESHOLD
from shared.errors import StoreConflict
from shared.jobs.mixing import Mixer, months_of
from shared.jobs.shelf import Shelf
from shared.periods import ONE_DAY, Calendar, Period, midnight, periods_touching
from shared.records import DayEntry, DayState, Fact, PeriodRow, Silence, View
from shared.sources import LIVE
from shared.store.facts import KEYS
from shared.store.period_rows import SCHEMA, Built, Inputs

if TYPE_CHECKING:
    from shared.app import App
    from shared.store.manifests import Manifest

#: Facts and spans held in memory at once: a serverless instance is small, and teams may be large.
FACTS_HELD = 150_000
SPANS_HELD = 3

_WITH_FACTS: frozenset[DayState] = frozenset({"complete", "provisional"})


class Workshop:
    """One reading of the manifests, and the spans that are summed from it, each once."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._manifests: dict[str, Manifest] = {}
        self._states: dict[str, Mapping[date, DayState]] = {}
        self._owners: dict[str, Mapping[str, str]] = {}
        self._spans: dict[Period, Span] = {}
        self._facts: dict[tuple[str, date], list[Fact]] = {}
        self.held_exports = app.exports.read()
        self._exports = self.held_exports.manifest
        self.shelf = Shelf(app, self._exports)
        #: Whom each live source's key sees.
        self.views: dict[str, View] = {}
        for source in LIVE:
            manifest = app.manifests.read(source).manifest
            self.views[source] = manifest.head.view
            if manifest.days:
                self._manifests[source] = manifest
                self._states[source] = classify(manifest.days, self.shelf.told.holidays)
        self.mixer = Mixer(app, self.shelf, self.daily)
        self._mixed: dict[tuple[Period, frozenset[str]], Mixed] = {}

    @property
    def silences(self) -> dict[str, Silence]:
        """How long each live source has been silent, of those that ever showed use."""
        found = {
            source: silence_of(manifest.days, self.shelf.told.holidays)
            for source, manifest in self._manifests.items()
        }
        return {source: silence for source, silence in found.items() if silence is not None}

    def is_behind(self) -> bool:
        """Whether somebody published since this reading."""
        return self._app.exports.read().manifest.version != self._exports.version or any(
            self._app.manifests.read(source).manifest.days != manifest.days
            for source, manifest in self._manifests.items()
        )

    def periods(self, granularity: Calendar) -> list[Period]:
        """Every period in which a known day lies."""
        days = {day for states in self._states.values() for day in states}
        if granularity != "day":  # nothing but a daily source tells of a single day
            days |= self.mixer.days()
        return periods_touching(granularity, days)

    def by_daily(self, period: Period) -> frozenset[str]:
        """The populations that a daily source tells of in a period: it is the better one there.

        It shows them in the period's months, and has people among its rows: one that shows nobody but API
        keys is no witness where exports show people. And where exports tell of them too, no day of it is
        missing or unproven.
        """
        months = months_of(period)
        return frozenset(
            population
            for source, manifest in self._manifests.items()
            if manifest.head.people_rows
            for month, populations in manifest.head.populations_by_month.items()
            if month in months
            for population in populations
            if self._proves(source, period) or not self.mixer.shows(population, period)
        )

    def _proves(self, source: str, period: Period) -> bool:
        """Whether every day of a period that was due proves what the source shows of it."""
        known = self._states[source]
        newest = max(known)
        days = [day for day in period.days() if day <= newest]
        return bool(days) and all(known.get(day) in PROVEN for day in days)

    def witnesses(self, population: str, period: Period) -> list[Witness]:
        """The live sources that have shown a population up to a period, and can contradict an export."""
        newest = max(months_of(period))
        return [
            Witness(source, self._states[source], partial(self._lines_of, source, population))
            for source, manifest in self._manifests.items()
            if manifest.head.people_rows
            and any(
                population in populations and month <= newest
                for month, populations in manifest.head.populations_by_month.items()
            )
        ]

    def _lines_of(self, source: str, population: str, day: date) -> int:
        return sum(
            fact.measures.lines_accepted
            for fact in self._of_day(source, day)
            if fact.population == population
        )

    def by_daily_in_both(self, before: Period, after: Period) -> tuple[frozenset[str], frozenset[str]]:
        """The same of two periods that are compared: whom exports tell of in both, and a daily source in one
        of them only, is told of by the exports in both, lest a change of source look like one of use."""
        first, second = self.by_daily(before), self.by_daily(after)
        by_exports = {
            one for one in first ^ second if self.mixer.shows(one, before) and self.mixer.shows(one, after)
        }
        return first - by_exports, second - by_exports

    def row(self, period: Period) -> PeriodRow:
        """The row of a calendar period, with its verdict against the one before it."""
        if not self._is_mixed(period):
            return build(self.span(period), self.span_before(period))
        before = period.previous()
        first, second = (
            self.mixed(*one)
            for one in zip((before, period), self.by_daily_in_both(before, period), strict=True)
        )
        return build_mixed(self.mixed(period, self.by_daily(period)), compare(first, second, THRESHOLD, ""))

    def mixed(self, period: Period, by_daily: frozenset[str]) -> Mixed:
        """A calendar period out of exports, and daily sources for these populations."""
        key = (period, by_daily)
        if key not in self._mixed:
            while len(self._mixed) >= SPANS_HELD:
                del self._mixed[next(iter(self._mixed))]
            settled = not by_daily or all(span.settled for span in self._source_spans(period))
            self._mixed[key] = self.mixer.mixed(period, by_daily, daily_settled=settled)
        return self._mixed[key]

    def _is_mixed(self, period: Period) -> bool:
        return self.mixer.shown_by_exports(period, self.by_daily(period))

    def daily(self, period: Period, populations: frozenset[str]) -> tuple[Daily, ...]:
        """What the daily sources say of these populations in a period of any kind."""
        if not populations:
            return ()
        found = []
        for span in self._source_spans(period):
            facts = {
                day: [fact for fact in self._of_day(span.source, day) if fact.population in populations]
                for day in span.states
            }
            inside = [day for day in facts if midnight(day) >= period.start and _end(day) <= period.end]
            ended = [day for day in period.days() if period.start < _end(day) <= period.end]
            found.append(
                Daily(
                    cover=cover_of(span, sorted(populations)),
                    inside=_tally(facts, inside, span),
                    touched=_tally(facts, facts, span),
                    ended=_tally(facts, [day for day in ended if day in facts], span),
                    doubt=self._doubt(span, period.days()),
                    doubt_of_ended=self._doubt(span, ended),
                )
            )
        return tuple(found)

    def _doubt(self, span: SourceSpan, days: Iterable[date]) -> str | None:
        """Why the sums of these days of a period may not be whole."""
        days = list(days)
        known = self._manifests[span.source].days
        states = {day: state for day, state in span.states.items() if day in days}
        if doubt := doubt_of(replace(span, states=states)):
            return doubt
        settled = all(known.get(day, DayEntry()).settled for day in days)
        return None if settled else "its last days can still change"

    def is_stale(self, before: Built, inputs: Inputs, *, everything: bool) -> bool:
        """Whether a stored row is to be computed again."""
        if self.has_forgotten_some(before.inputs):
            return False  # older than what is kept: frozen
        if before.schema > SCHEMA:
            return everything  # a later program's: a deployment runs both for a while
        return everything or before.schema < SCHEMA or before.inputs != inputs

    def is_gone(self, stored: Built) -> bool:
        """Whether a row in which no known day lies was made of exports that were taken out since, or of none.

        One of days or months that are merely not known any more stays as it is.
        """
        before = stored.inputs
        if stored.schema > SCHEMA or self.has_forgotten_some(before):
            return False
        if any(version for days in before.days.values() for _, version, _ in days):
            return False
        now = self.everything.keys
        if any(version > now.get(part, version) for part, version in before.keys.items()):
            raise StoreConflict("the stored row was built from newer inputs")
        months = [part for part in before.keys if _is_month(part)]
        return not months or any(now.get(part, 0) > before.keys[part] for part in months)

    def inputs(self, period: Period, before: Period | None, further: Iterable[date] = ()) -> Inputs:
        """What a row depends on: its days, those of the period before and further ones, exports and
        configuration."""
        days = sorted({*(before.days() if before else ()), *period.days(), *further})
        return Inputs(
            days={
                source: tuple(
                    (day.isoformat(), manifest.days.get(day, DayEntry()).version, self._states[source][day])
                    for day in days
                    if day in self._states[source]
                )
                for source, manifest in self._manifests.items()
            },
            keys={source: manifest.head.view.keys_version for source, manifest in self._manifests.items()}
            | self.mixer.inputs({day.strftime("%Y-%m") for day in days}),
            start=period.start.isoformat() if period.kind == "export" else "",
            by_daily=tuple(
                sorted(self.by_daily(period) | (self.by_daily(before) if before else frozenset()))
            ),
            settings=self._app.settings.of_figures,
        )

    @cached_property
    def everything(self) -> Inputs:
        """The version of whatever this reading holds, for a row that comes to be of another period."""
        return Inputs(
            days={
                source: tuple((day.isoformat(), entry.version, "") for day, entry in manifest.days.items())
                for source, manifest in self._manifests.items()
            },
            keys={source: manifest.head.view.keys_version for source, manifest in self._manifests.items()}
            | self.mixer.inputs(self._exports.months),
        )

    def has_forgotten_some(self, inputs: Inputs) -> bool:
        """Whether a row was built from days or months that have left the manifests."""
        forgotten = f"exports:{self._exports.forgotten}"
        if any(_is_month(part) and part < forgotten for part in inputs.keys):
            return True
        return any(
            date.fromisoformat(day) < min(self._states[source])
            for source, days in inputs.days.items()
            if source in self._states
            for day, version, _ in days
            if version
        )

    def span(self, period: Period) -> Span:
        """The period, summed."""
        if period not in self._spans:
            while len(self._spans) >= SPANS_HELD:
                del self._spans[next(iter(self._spans))]
            roster = self.shelf.roster
            members = roster.members(period.last_day) if roster else None
            self._spans[period] = span_of(period, self._source_spans(period), members)
        return self._spans[period]

    def span_before(self, period: Period) -> Span | None:
        """The period before, summed; None where no day of it is known."""
        before = period.previous()
        known = any(day in states for states in self._states.values() for day in before.days())
        return self.span(before) if known else None

    def _source_spans(self, period: Period) -> Iterable[SourceSpan]:
        for source, manifest in self._manifests.items():
            known = self._states[source]
            newest = max(known)
            states = {day: known.get(day, "never_fetched") for day in period.days() if day <= newest}
            yield SourceSpan(
                source=source,
                states=states,
                settled=all(manifest.days.get(day, DayEntry()).settled for day in period.days()),
                facts=[
                    fact
                    for day, state in states.items()
                    if state in _WITH_FACTS
                    for fact in self._of_day(source, day)
                ],
                owner_of_key=self._owners_of(manifest),
            )

    def _of_day(self, source: str, day: date) -> list[Fact]:
        """The facts of a day, aliases joined to their persons; none where it has no rows."""
        manifest = self._manifests[source]
        if day not in manifest.days or self._states[source].get(day) not in _WITH_FACTS:
            return []
        aliases = self.shelf.told.directory.aliases
        facts = self._facts_of(manifest, day)
        if not aliases:
            return facts
        return [
            msgspec.structs.replace(one, actor_id=aliases[one.actor_id]) if one.actor_id in aliases else one
            for one in facts
        ]

    def _facts_of(self, manifest: Manifest, day: date) -> list[Fact]:
        entry = manifest.days[day]
        if not entry.facts:
            return []
        key = (manifest.source, day)
        if key not in self._facts:
            if sum(map(len, self._facts.values())) > FACTS_HELD:
                self._facts.clear()
            self._facts[key] = self._app.facts.read(manifest.source, day.isoformat(), entry.facts)
        return self._facts[key]

    def _owners_of(self, manifest: Manifest) -> Mapping[str, str]:
        if manifest.source not in self._owners:
            version = manifest.head.view.keys_version
            told = (
                self._app.facts.read_value(manifest.source, KEYS, version, dict[str, str]) if version else {}
            )
            directory = self.shelf.told.directory.with_keys(told)
            owners = {key: directory.person(key) for key in directory.keys}
            self._owners[manifest.source] = {key: owner for key, owner in owners.items() if owner}
        return self._owners[manifest.source]


def _is_month(part: str) -> bool:
    """Whether an input is a month of the exports (``Mixer.inputs``)."""
    return part.startswith("exports:")


def _end(day: date) -> datetime:
    return midnight(day + ONE_DAY)


def _tally(facts: Mapping[date, list[Fact]], days: Iterable[date], span: SourceSpan) -> Tally:
    return tally((fact for day in days for fact in facts[day]), span.owner_of_key)
