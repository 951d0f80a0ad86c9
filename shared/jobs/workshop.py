"""One reading of everything that period rows are made of, and the spans that are summed from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from shared.adoption.comparing import compare
from shared.adoption.mixed import Mixed
from shared.adoption.mixed_rows import build as build_mixed
from shared.adoption.period_rows import Span, build, span_of
from shared.adoption.slices import mixed_of_team, span_of_team
from shared.adoption.team_rows import Membership, Rows, rows_of_teams
from shared.adoption.teams import teams_of
from shared.adoption.verdict import THRESHOLD
from shared.errors import StoreConflict
from shared.jobs.day_book import DayBook
from shared.jobs.lately import Lately
from shared.jobs.mixing import Mixer
from shared.jobs.shelf import Shelf
from shared.periods import Calendar, Period, periods_touching
from shared.records import Answer, PeriodRow
from shared.store.period_rows import SCHEMA, Built, Inputs

if TYPE_CHECKING:
    from shared.adoption.seats import SeatCost
    from shared.app import App

#: Everybody's part of a period, or one team's.
Part = Callable[[Mixed], Mixed]


class Workshop:
    """One reading of the manifests, and the spans that are summed from it, each once."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.held_exports = app.exports.read()
        self._exports = self.held_exports.manifest
        self.shelf = Shelf(app, self._exports)
        self.book = DayBook(app, self.shelf)
        self.mixer = Mixer(app, self.shelf, self.book.daily)
        # A period and the one before it, and where sources change both again by those that count in either.
        held = 2 * max(1, len(self.book.sources))
        self._spans: Lately[tuple[Period, tuple[tuple[str, str], ...]], Span] = Lately(held)
        self._mixed: Lately[tuple[Period, frozenset[str]], Mixed] = Lately(held)
        self._memberships: Lately[date, Membership] = Lately(held)

    def is_behind(self) -> bool:
        """Whether somebody published since this reading."""
        version = self._app.exports.read().manifest.version
        return version != self._exports.version or self.book.is_behind()

    def periods(self, granularity: Calendar) -> list[Period]:
        """Every period in which a known day lies."""
        days = self.book.days()
        if granularity != "day":  # nothing but a daily source tells of a single day
            days |= self.mixer.days()
        return periods_touching(granularity, days)

    def by_daily(self, period: Period) -> frozenset[str]:
        """The populations that a daily source tells of in a period: it is the better one there.

        It shows them in the period's months, and has people among its rows: one that shows nobody but API
        keys is no witness where exports show people. And where exports tell of them too, no day of it is
        missing or unproven.
        """
        return frozenset(
            population
            for source, population in self.book.shown(period)
            if self.book.proves(source, period) or not self.mixer.shows(population, period)
        )

    def by_daily_in_both(self, before: Period, after: Period) -> tuple[frozenset[str], frozenset[str]]:
        """The same of two periods that are compared: whom exports tell of in both, and a daily source in one
        of them only, is told of by the exports in both, lest a change of source look like one of use."""
        first, second = self.by_daily(before), self.by_daily(after)
        one_each, other_each = self.book.counting(before), self.book.counting(after)
        changed = {one for one in first & second if one_each.get(one) != other_each.get(one)}
        by_exports = {
            one
            for one in (first ^ second) | changed
            if self.mixer.shows(one, before) and self.mixer.shows(one, after)
        }
        return first - by_exports, second - by_exports

    def rows(self, period: Period) -> Rows:
        """The rows of a calendar period, with their verdicts against the one before it."""
        if not self._is_mixed(period):
            return self._rows_of_days(period)
        before = period.previous()
        first, second = (
            self.mixed(*one)
            for one in zip((before, period), self.by_daily_in_both(before, period), strict=True)
        )
        return self.rows_of_mixed(
            self.mixed(period, self.by_daily(period)),
            before,
            lambda part: compare(part(first), part(second), THRESHOLD, ""),
        )

    def rows_of_mixed(self, mixed: Mixed, before: Period | None, answer: Callable[[Part], Answer]) -> Rows:
        """The rows of a period of which exports tell, compared with the one ``before``: ``answer`` compares
        everybody's part, or one team's, of whatever it compares."""

        def build_part(part: Part) -> PeriodRow:
            return build_mixed(part(mixed), answer(part))

        def build_team(team: str) -> PeriodRow:
            return build_part(lambda one: mixed_of_team(one, *self._team(team, one.period)))

        return self._with_teams(build_part(lambda one: one), before, build_team, mixed.users)

    def _rows_of_days(self, period: Period) -> Rows:
        """Each period by the sources that count for it; the verdict by those that count for both periods,
        lest a change of source look like one of use."""
        before, span = self.span_before(period), self.span(period)
        compared = (span, before)
        if before is not None:
            both = self.book.counting(before.period, period)
            then, now = self.span(before.period, both), self.span(period, both)
            compared = (now, then)

        def build_part(part: Callable[[Span], Span]) -> PeriodRow:
            row = build(part(span), None if before is None else part(before))
            if compared[1] is None or (compared[0] is span and compared[1] is before):
                return row
            return msgspec.structs.replace(row, answer=build(part(compared[0]), part(compared[1])).answer)

        def build_team(team: str) -> PeriodRow:
            return build_part(lambda one: span_of_team(one, *self._team(team, one.period)))

        former = before.period if before else None
        return self._with_teams(build_part(lambda one: one), former, build_team, span.tally.people.keys())

    def _with_teams(
        self,
        whole: PeriodRow,
        before: Period | None,
        build_team: Callable[[str], PeriodRow],
        users: Set[str],
    ) -> Rows:
        now, then = self._membership(whole.period), self._membership(before) if before else None
        return Rows(whole, rows_of_teams(whole, now, then, build_team, users))

    def _team(self, team: str, period: Period) -> tuple[frozenset[str], SeatCost]:
        """Who is on a team at a period's end, and what their seats cost."""
        members = self._membership(period).of(team)
        return members, self.shelf.seats.cost(period, members)

    def _membership(self, period: Period) -> Membership:
        """Who is on the roster, and on which team, at a period's end."""
        day, roster = period.last_day, self.shelf.roster
        return self._memberships.get(
            period.kind, day, lambda: Membership(roster.members(day), teams_of(roster, day))
        )

    def mixed(self, period: Period, by_daily: frozenset[str]) -> Mixed:
        """A calendar period out of exports, and daily sources for these populations."""

        def make() -> Mixed:
            spans = self.book.source_spans(period, self.book.counting(period))
            settled = not by_daily or all(span.settled for span in spans)
            return self.mixer.mixed(period, by_daily, daily_settled=settled)

        return self._mixed.get(period.kind, (period, by_daily), make)

    def _is_mixed(self, period: Period) -> bool:
        return self.mixer.shown_by_exports(period, self.by_daily(period))

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
            days=self.book.versions(days),
            keys=self.book.key_versions() | self.mixer.inputs({day.strftime("%Y-%m") for day in days}),
            start=period.start.isoformat() if period.kind == "export" else "",
            by_daily=tuple(
                sorted(self.by_daily(period) | (self.by_daily(before) if before else frozenset()))
            ),
            settings=self._app.settings.of_figures,
            exports=self.mixer.read_of(period, before),
            counting=self._counting(period, before),
        )

    def _counting(self, period: Period, before: Period | None) -> tuple[str, ...]:
        """Which source counts in either period, for each population that more than one could count for; and
        those that do not speak of it any more."""
        both, rivals = ([before] if before else []) + [period], self.book.rivals
        found = [f"{one.label} without {source}" for one in both for source in self.book.retired(one)]
        for one in both if rivals else []:
            counting = self.book.counting(one)
            found += [f"{one.label} {name} {counting[name]}" for name in sorted(rivals & counting.keys())]
        return tuple(sorted(found))

    @cached_property
    def everything(self) -> Inputs:
        """The version of whatever this reading holds, for a row that comes to be of another period."""
        return Inputs(
            days=self.book.all_versions(),
            keys=self.book.key_versions() | self.mixer.inputs(self._exports.months),
        )

    def has_forgotten_some(self, inputs: Inputs) -> bool:
        """Whether a row was built from days or months that have left the manifests."""
        forgotten = f"exports:{self._exports.forgotten}"
        return self.book.has_forgotten_some(inputs) or any(
            _is_month(part) and part < forgotten for part in inputs.keys
        )

    def span(self, period: Period, counting: Mapping[str, str] | None = None) -> Span:
        """The period, summed, by the sources that count for it, or by others."""
        counting = self.book.counting(period) if counting is None else counting
        by = counting

        def make() -> Span:
            members = self._membership(period).roster if self.shelf.roster else None
            seats = self.shelf.seats.cost(period)
            return span_of(period, self.book.source_spans(period, by), members, seats)

        return self._spans.get(period.kind, (period, tuple(by.items())), make)

    def span_before(self, period: Period) -> Span | None:
        """The period before, summed; None where no day of it is known."""
        before = period.previous()
        known = self.book.knows_any(before.days())
        return self.span(before) if known else None


def _is_month(part: str) -> bool:
    """Whether an input is a month of the exports (``Mixer.inputs``)."""
    return part.startswith("exports:")
