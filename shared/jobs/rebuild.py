"""Period rows that are behind their inputs are computed again, whatever the run fetched (law 4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from shared.adoption.days import classify
from shared.adoption.period_rows import SourceSpan, Span, build, span_of
from shared.errors import StoreConflict, StoreError
from shared.periods import CALENDAR, Calendar, Period, periods_touching
from shared.records import DayEntry, DayState, Fact
from shared.sources import LIVE
from shared.store.facts import KEYS
from shared.store.period_rows import SCHEMA, Built, Inputs, key_of

if TYPE_CHECKING:
    from shared.app import App
    from shared.store.manifests import Manifest

#: How often a run reads everything again because another run published meanwhile.
ATTEMPTS = 5

#: Facts and spans held in memory at once: a serverless instance is small, and teams may be large.
FACTS_HELD = 150_000
SPANS_HELD = 3

_WITH_FACTS: frozenset[DayState] = frozenset({"complete", "provisional"})


def rebuild(app: App, *, everything: bool = False) -> int:
    """Bring every period row up to its inputs; how many were written.

    Two runs may do this at once: each row is replaced only by one built from no older inputs, and
    who meets newer ones reads and computes again.
    """
    written = 0
    for _ in range(ATTEMPTS):
        workshop = _Workshop(app)
        try:
            for granularity in CALENDAR:
                written += _rebuild_one(app, workshop, granularity, everything=everything)
            return written
        except StoreConflict:
            continue
        except StoreError:
            if not workshop.is_behind():
                raise  # the facts are damaged; reading them again would not help
    raise StoreConflict(f"the period rows were overtaken {ATTEMPTS} times running; the next run goes on")


def _rebuild_one(app: App, workshop: _Workshop, granularity: Calendar, *, everything: bool) -> int:
    stored = app.periods.built(granularity)
    written = 0
    for period in workshop.periods(granularity):
        before = stored.get(key_of(period))
        inputs = workshop.inputs(period)
        if before is not None and not _is_behind(before, inputs, workshop, everything=everything):
            continue
        row = build(workshop.span(period), workshop.span_before(period))
        app.periods.write(row, inputs, before)
        written += 1
    return written


def _is_behind(before: Built, inputs: Inputs, workshop: _Workshop, *, everything: bool) -> bool:
    if workshop.has_forgotten_some(before.inputs):
        return False  # older than what is kept: frozen
    if before.schema > SCHEMA:
        return everything  # a later program's: a deployment runs both for a while
    return everything or before.schema < SCHEMA or before.inputs != inputs


class _Workshop:
    """One reading of the manifests, and the spans that are summed from it, each once."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._manifests: dict[str, Manifest] = {}
        self._states: dict[str, Mapping[date, DayState]] = {}
        self._owners: dict[str, Mapping[str, str]] = {}
        self._spans: dict[Period, Span] = {}
        self._facts: dict[tuple[str, date], list[Fact]] = {}
        for source in LIVE:
            manifest = app.manifests.read(source).manifest
            if manifest.days:
                self._manifests[source] = manifest
                self._states[source] = classify(manifest.days)

    def is_behind(self) -> bool:
        """Whether somebody published since this reading."""
        return any(
            self._app.manifests.read(source).manifest.days != manifest.days
            for source, manifest in self._manifests.items()
        )

    def periods(self, granularity: Calendar) -> list[Period]:
        """Every period in which a known day lies."""
        days = {day for states in self._states.values() for day in states}
        return periods_touching(granularity, days)

    def inputs(self, period: Period) -> Inputs:
        """What a row of that period depends on: its days, and those of the period before."""
        days = (*period.previous().days(), *period.days())
        return Inputs(
            days={
                source: tuple(
                    (day.isoformat(), manifest.days.get(day, DayEntry()).version, self._states[source][day])
                    for day in days
                    if day in self._states[source]
                )
                for source, manifest in self._manifests.items()
            },
            keys={source: manifest.head.view.keys_version for source, manifest in self._manifests.items()},
        )

    def has_forgotten_some(self, inputs: Inputs) -> bool:
        """Whether a row was built from days that have left the manifest."""
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
            self._spans[period] = span_of(period, self._source_spans(period))
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
                    for fact in self._facts_of(manifest, day)
                ],
                owner_of_key=self._owners_of(manifest),
            )

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
            self._owners[manifest.source] = (
                self._app.facts.read_value(manifest.source, KEYS, version, dict[str, str]) if version else {}
            )
        return self._owners[manifest.source]
