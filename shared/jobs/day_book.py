"""One reading of the live sources: what each knows of its days, and the facts of a day, each read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property, partial
from typing import TYPE_CHECKING

import msgspec

from shared.adoption.daily import Daily
from shared.adoption.days import classify, silence_of
from shared.adoption.period_rows import PROVEN, SourceSpan, cover_of, doubt_of
from shared.adoption.reconciliation import Rival, Witness
from shared.adoption.tallies import Tally, tally
from shared.adoption.told import is_person
from shared.adoption.which_counts import best_first, told_by
from shared.heads import Silence, View
from shared.jobs.mixing import months_of
from shared.periods import ONE_DAY, Period, midnight
from shared.records import DayEntry, DayState, Fact, Spent
from shared.sources import LIVE
from shared.sources.live import configured
from shared.store.facts import KEYS

if TYPE_CHECKING:
    from shared.adoption.directory import Directory
    from shared.app import App
    from shared.jobs.shelf import Shelf
    from shared.store.manifests import Manifest
    from shared.store.period_rows import Inputs

#: Facts held in memory at once: a serverless instance is small, and teams may be large.
FACTS_HELD = 150_000

#: A source may show a day so much later than the others know it; after that it is missed.
SHOWN_WITHIN = timedelta(days=5)

_WITH_FACTS: frozenset[DayState] = frozenset({"complete", "provisional"})


class DayBook:
    """The manifests of the live sources as they were read, and whatever they refer to."""

    def __init__(self, app: App, shelf: Shelf) -> None:
        self._app = app
        self._shelf = shelf
        self._manifests: dict[str, Manifest] = {}
        self._states: dict[str, Mapping[date, DayState]] = {}
        self._owners: dict[str, Mapping[str, str]] = {}
        self._facts: dict[tuple[str, date], list[Fact]] = {}
        self._mapped: dict[str, bool] = {}
        #: Whom each live source's key sees.
        self.views: dict[str, View] = {}
        for source in LIVE:
            manifest = app.manifests.read(source).manifest
            self.views[source] = manifest.head.view
            if manifest.days:
                self._manifests[source] = manifest
                self._states[source] = classify(manifest.days, shelf.told.holidays)

    def is_behind(self) -> bool:
        """Whether somebody published since this reading."""
        return any(
            self._app.manifests.read(source).manifest.days != manifest.days
            for source, manifest in self._manifests.items()
        )

    def days(self) -> set[date]:
        """Every day that a source knows anything of."""
        return {day for states in self._states.values() for day in states}

    def knows_any(self, days: Iterable[date]) -> bool:
        """Whether a source knows anything of one of the days."""
        return not self.days().isdisjoint(days)

    @property
    def sources(self) -> list[str]:
        """The live sources of which some day is known."""
        return list(self._manifests)

    def days_of(self, source: str) -> Mapping[date, DayEntry]:
        """What is known of each day of a source."""
        manifest = self._manifests.get(source)
        return manifest.days if manifest else {}

    def shows_people(self, source: str) -> bool:
        """Whether somebody is among its rows; the person whose key it is, if an admin says so."""
        return self._manifests[source].head.people_rows > 0 or self.shows_mapped_keys(source)

    def shows_mapped_keys(self, source: str) -> bool:
        """Whether a key that an admin mapped to a person is among its rows."""
        mapped, head = self._shelf.told.directory.keys, self._manifests[source].head
        if not mapped or not head.key_rows:
            return False
        if source not in self._mapped:
            days = sorted(self._states[source], reverse=True)
            self._mapped[source] = any(
                fact.actor_id in mapped for day in days for fact in self._of_day(source, day)
            )
        return self._mapped[source]

    def counting(self, *periods: Period) -> dict[str, str]:
        """The one source that counts, in all of these periods, for each population that live sources ever
        showed among people: the best of those that prove the periods, else of those that show it there."""
        shown: dict[str, list[str]] = {}
        retired = set[str]().union(*map(self.retired, periods))
        for source, manifest in self._manifests.items():
            if self.shows_people(source) and source not in retired:
                for population in _populations(manifest):
                    shown.setdefault(population, []).append(source)
        found = {}
        for population, sources in sorted(shown.items()):
            ranked = best_first(population, sources)
            proving = (one for one in ranked if all(self.proves(one, period) for period in periods))
            showing = (one for one in ranked if any((one, population) in self.shown(two) for two in periods))
            found[population] = next(proving, None) or next(showing, None) or ranked[0]
        return found

    @cached_property
    def rivals(self) -> frozenset[str]:
        """The populations that more than one live source ever showed."""
        every = [name for one in self._manifests.values() for name in _populations(one)]
        return frozenset(name for name in every if every.count(name) > 1)

    def shown(self, period: Period) -> Iterable[tuple[str, str]]:
        """Each source that shows people, with each population of which it has rows in a period's months."""
        months = months_of(period)
        for source, manifest in self._manifests.items():
            if self.shows_people(source):
                for month, populations in manifest.head.populations_by_month.items():
                    if month in months:
                        yield from ((source, population) for population in populations)

    def populations(self) -> frozenset[str]:
        """Whoever a live source ever showed."""
        return frozenset(name for one in self._manifests.values() for name in _populations(one))

    def with_facts(self, until: datetime) -> dict[str, dict[date, int]]:
        """By live source, the days with rows that are over by a moment, and the version of their facts."""
        return {
            source: {
                day: entry.facts
                for day, entry in sorted(manifest.days.items())
                if entry.facts and _end(day) <= until and self._states[source][day] in _WITH_FACTS
            }
            for source, manifest in self._manifests.items()
        }

    def users(self, source: str, day: date) -> set[str]:
        """Whoever used it on a day, by the ids that its facts carry."""
        facts = self._facts_of(self._manifests[source], day)
        return {fact.actor_id for fact in facts if fact.measures.any_activity}

    def directory(self, source: str) -> Directory:
        """Whose the ids are that a source's facts carry."""
        version = self._manifests[source].head.view.keys_version
        told = self._app.facts.read_value(source, KEYS, version, dict[str, str]) if version else {}
        return self._shelf.told.directory.with_keys(told)

    def proves(self, source: str, period: Period) -> bool:
        """Whether every day of a period that was due proves what the source shows of it."""
        states = self._states_in(source, period).values()
        return bool(states) and PROVEN.issuperset(states)

    def _states_in(self, source: str, period: Period) -> dict[date, DayState]:
        """What a source knows of each day of a period that was due. One that tells its lag by its answers
        shows a day later than others do: until then nothing is wrong with it."""
        known, lags = self._states[source], LIVE[source].lag is None
        newest = max(known)
        states: dict[date, DayState] = {}
        for day in period.days():
            if day <= newest:
                states[day] = known.get(day, "never_fetched")
            elif lags and day <= self._newest and day - newest <= SHOWN_WITHIN:
                states[day] = "provisional"
        return states

    @cached_property
    def _newest(self) -> date:
        """The newest day of which any source knows anything."""
        return max(max(states) for states in self._states.values())

    def retired(self, period: Period) -> set[str]:
        """The sources that do not speak of a period any more: nobody gives the app their key, and it begins
        after their last day. One that is merely refused is missed."""
        given = configured(self._app.settings)
        return {
            source
            for source, states in self._states.items()
            if source not in given and max(states) < period.start.date()
        }

    @property
    def silences(self) -> dict[str, Silence]:
        """How long each live source has been silent, of those that ever showed use."""
        found = {
            source: silence_of(manifest.days, self._shelf.told.holidays)
            for source, manifest in self._manifests.items()
        }
        return {source: silence for source, silence in found.items() if silence is not None}

    def people_on(self, source: str, day: date) -> set[str]:
        """Which engineers a source shows at work on a day."""
        owners = self._owners_of(self._manifests[source])
        people = {
            owners.get(fact.actor_id, fact.actor_id)
            for fact in self._of_day(source, day)
            if fact.measures.any_activity
        }
        return set(filter(is_person, people))

    def witnesses(self, population: str, period: Period) -> list[Witness]:
        """The live sources that have shown a population up to a period, and can contradict an export."""
        newest = max(months_of(period))
        return [
            Witness(source, self._states[source], partial(self._lines_of, source, population))
            for source, manifest in self._manifests.items()
            if self.shows_people(source)
            and any(
                population in populations and month <= newest
                for month, populations in manifest.head.populations_by_month.items()
            )
        ]

    def ranked(self, population: str) -> list[str]:
        """The live sources that ever showed a population, the best first."""
        shown = [source for source, one in self._manifests.items() if population in _populations(one)]
        return best_first(population, shown)

    def rival(self, source: str, population: str) -> Rival:
        """What a source says of a population day by day, by its manifest alone."""
        nothing = Spent(0, Decimal(0), 0)
        days = self._manifests[source].days
        lines = {day: entry.spent.get(population, nothing).lines for day, entry in days.items()}
        return Rival(source, self._states[source], lines)

    def _lines_of(self, source: str, population: str, day: date) -> int:
        return sum(
            fact.measures.lines_accepted
            for fact in self._of_day(source, day)
            if fact.population == population
        )

    def daily(self, period: Period, populations: frozenset[str]) -> tuple[Daily, ...]:
        """What the daily sources say of these populations in a period of any kind, each of those that it
        counts for."""
        if not populations:
            return ()
        found = []
        counting = self.counting(period)
        for span in self.source_spans(period, counting):
            of = {name for name in populations if counting.get(name, span.source) == span.source}
            facts = {
                day: [fact for fact in self._of_day(span.source, day) if fact.population in of]
                for day in span.states
            }
            inside = [day for day in facts if midnight(day) >= period.start and _end(day) <= period.end]
            ended = [day for day in period.days() if period.start < _end(day) <= period.end]
            touched = _tally(facts, facts, span)
            found.append(
                Daily(
                    cover=cover_of(span, sorted(of)),
                    inside=_tally(facts, inside, span, touched),
                    touched=touched,
                    ended=_tally(facts, [day for day in ended if day in facts], span, touched),
                    doubt=self._doubt(span, period.days()),
                    doubt_of_ended=self._doubt(span, ended),
                    tells=span.tells,
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

    def source_spans(self, period: Period, counting: Mapping[str, str]) -> Iterable[SourceSpan]:
        """What each source says of a period of those for whom it counts; one that counts for nobody, while
        another counts, says nothing. Where none counts, each says what it knows."""
        used = set(counting.values())
        for source, manifest in self._manifests.items():
            if used and source not in used:
                continue
            states = self._states_in(source, period)
            yield SourceSpan(
                source=source,
                states=states,
                settled=all(manifest.days.get(day, DayEntry()).settled for day in period.days()),
                facts=[
                    fact
                    for day, state in states.items()
                    if state in _WITH_FACTS
                    for fact in self._of_day(source, day)
                    if counting.get(fact.population, source) == source
                ],
                owner_of_key=self._owners_of(manifest),
                tells=told_by(source),
            )

    def versions(self, days: Sequence[date]) -> dict[str, tuple[tuple[str, int, str], ...]]:
        """The version and the state of each of these days, source by source."""
        return {
            source: tuple(
                (day.isoformat(), manifest.days.get(day, DayEntry()).version, self._states[source][day])
                for day in days
                if day in self._states[source]
            )
            for source, manifest in self._manifests.items()
        }

    def all_versions(self) -> dict[str, tuple[tuple[str, int, str], ...]]:
        """The version of every day that is known; its state is none of it."""
        return {
            source: tuple((day.isoformat(), entry.version, "") for day, entry in manifest.days.items())
            for source, manifest in self._manifests.items()
        }

    def key_versions(self) -> dict[str, int]:
        """The version of each source's key mapping."""
        return {source: manifest.head.view.keys_version for source, manifest in self._manifests.items()}

    def has_forgotten_some(self, inputs: Inputs) -> bool:
        """Whether a row was built from days that have left the manifest."""
        return any(
            date.fromisoformat(day) < min(self._states[source])
            for source, days in inputs.days.items()
            if source in self._states
            for day, version, _ in days
            if version
        )

    def _of_day(self, source: str, day: date) -> list[Fact]:
        """The facts of a day, aliases joined to their persons; none where it has no rows."""
        manifest = self._manifests[source]
        if day not in manifest.days or self._states[source].get(day) not in _WITH_FACTS:
            return []
        aliases = self._shelf.told.directory.aliases
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
            facts = self._app.facts.read(manifest.source, day.isoformat(), entry.facts)
            while self._facts and sum(map(len, self._facts.values())) + len(facts) > FACTS_HELD:
                del self._facts[next(iter(self._facts))]
            self._facts[key] = facts
        return self._facts[key]

    def _owners_of(self, manifest: Manifest) -> Mapping[str, str]:
        if manifest.source not in self._owners:
            directory = self.directory(manifest.source)
            owners = {key: directory.person(key) for key in directory.keys}
            self._owners[manifest.source] = {key: owner for key, owner in owners.items() if owner}
        return self._owners[manifest.source]


def _populations(manifest: Manifest) -> set[str]:
    """Those of which a source ever showed rows."""
    return {name for names in manifest.head.populations_by_month.values() for name in names}


def _end(day: date) -> datetime:
    return midnight(day + ONE_DAY)


def _tally(
    facts: Mapping[date, list[Fact]], days: Iterable[date], span: SourceSpan, of_all: Tally | None = None
) -> Tally:
    """The sums of some of these days; ``of_all``: those of all of them, which they mostly are."""
    days = list(days)
    if of_all is not None and len(days) == len(facts):
        return of_all
    return tally((fact for day in days for fact in facts[day]), span.owner_of_key)
