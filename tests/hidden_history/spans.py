"""What a pile allows to be said of a period, worked out a second time and in the plainest way.

It is written from the definitions alone and shares nothing with what it judges: what files tell goes in,
spans come out.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Literal, NamedTuple

from tests.hidden_history.company import POPULATION, Company, Measure, Surface, amount
from tests.hidden_history.history import DAY, LAG, month_after, month_of
from tests.hidden_history.naming import Named
from tests.hidden_history.piles import TABLES, LookTold, RangeTold, Table
from tests.hidden_history.reckoning import TOGETHER, Span

Basis = Literal["tokens", "linesAccepted", "linesMerged"]
BASES: tuple[Basis, ...] = ("tokens", "linesAccepted", "linesMerged")
STEPS = tuple(7 * weeks * DAY for weeks in (1, 2, 3, 4))
STRANGER = "a stranger@quux.example"
NOTHING, ANYTHING = Span(0, 0), Span(0, math.inf)

#: When somebody used nothing: from one moment to another, both included.
Away = tuple[datetime, datetime]


@dataclass(frozen=True, eq=False)
class Edge:
    """Tables that were looked at together; or a mere moment."""

    moment: datetime
    looks: Mapping[Table, LookTold] = field(default_factory=dict)


class Tells(NamedTuple):
    """What one source tells of one population: each listed actor's span, and that of anybody else."""

    population: str
    of: Mapping[str, Span]
    stranger: Span

    def span(self, actor: str) -> Span:
        return self.of.get(actor, self.stranger)


@dataclass
class Spans:
    """Everything that follows from what a pile says; ``company`` only for what is true."""

    named: Named
    company: Company

    @cached_property
    def looks(self) -> list[LookTold]:
        found = [one for one in self.named.told if isinstance(one, LookTold)]
        return sorted(found, key=lambda one: one.moment.at)

    def _ranges(self, kind: str) -> list[RangeTold]:
        return [one for one in self.named.told if isinstance(one, RangeTold) and one.kind == kind]

    # --- edges ---------------------------------------------------------------------------------

    @cached_property
    def edges(self) -> list[Edge]:
        groups: list[dict[Table, LookTold]] = []
        for look in self.looks:
            if look.moment.at >= month_after(look.month):
                continue
            first = min(one.moment.at for one in groups[-1].values()) if groups else None
            if first and look.table not in groups[-1] and look.moment.at - first <= TOGETHER:
                groups[-1][look.table] = look
            else:
                groups.append({look.table: look})
        return [Edge(max(one.moment.at for one in group.values()), group) for group in groups]

    def starts(self, edge: Edge) -> Edge:
        """Where the stored period that ends at an edge begins."""
        before = [one for one in self.edges if one.moment < edge.moment]
        near = _near(before, edge.moment - 7 * DAY)
        return next(iter([*near, *before[::-1]]), Edge(month_of(edge.moment)))

    def compared(self) -> tuple[Edge, Edge, Edge, timedelta] | None:
        """The newest edge with two before it, a step apart; looked at for accepted lines, where any are."""
        lines = {"team", "console"} & {one.table for one in self.looks}
        telling = [edge for edge in self.edges if not lines or lines & edge.looks.keys()]
        for latest in reversed(telling):
            for step in STEPS:
                for middle in _near(telling, latest.moment - step):
                    for first in _near(telling, middle.moment - step):
                        return first, middle, latest, step
        return None

    # --- who tells -----------------------------------------------------------------------------

    def populations(self, start: Edge, end: Edge) -> set[str]:
        """Whose use is told of, or would have to be."""
        found = {POPULATION[TABLES[table][0]] for table in self._speaking(start, end)}
        for measure in ("tokens", "sessions"):
            found |= {one.population for one in self._by_reports(measure, start, end)}
        return found | {one.population for one in self._by_console_cost(start, end)}

    def _speaking(self, start: Edge, end: Edge) -> set[Table]:
        """The tables that were looked at in the months; where none was, the last ones, if they showed use."""
        months = set(_months(start.moment, end.moment))
        found: set[Table] = set()
        for surface in POPULATION:
            looks = [one for one in self.looks if TABLES[one.table][0] == surface]
            inside = {one.table for one in looks if one.month in months}
            before = [one for one in looks if one.month < min(months)]
            if not inside and before:
                last = [one for one in before if one.moment.at == before[-1].moment.at]
                if any(map(_total, last)) or len(before) < len(looks):
                    inside = {one.table for one in last}
            found |= inside
        return found

    def tells(self, measure: Measure, start: Edge, end: Edge) -> list[Tells]:
        """What every source tells of a measure."""
        found = [*self._by_tables(measure, start, end), *self._by_reports(measure, start, end)]
        if measure == "meteredCost" and (costs := self._by_console_cost(start, end)):
            found = [one for one in found if one.population != "api"] + costs
        return found

    def total(self, measure: Measure, start: Edge, end: Edge) -> Span:
        """What everybody may have added; money in cents."""
        told = self.tells(measure, start, end)
        spans = [span for one in told for span in (*one.of.values(), one.stranger)]
        untold = self.populations(start, end) - {one.population for one in told}
        high = math.inf if untold or not told else sum(one.high for one in spans)
        return Span(sum(one.low for one in spans), high)

    def bases(self, start: Edge, end: Edge) -> list[Basis]:
        """On what is told of everybody; else the best of what is told of anybody."""
        populations = self.populations(start, end)
        told = {basis: {one.population for one in self.tells(basis, start, end)} for basis in BASES}
        whole = [basis for basis in BASES if told[basis] and told[basis] >= populations]
        return whole or [basis for basis in BASES if told[basis]][:1] or ["linesAccepted"]

    def active(self, basis: Basis, start: Edge, end: Edge) -> Span:
        """How many may have added some of it: of those on the roster at the end, where there is one."""
        told = self.tells(basis, start, end)
        roster = self.named.roster((end.moment - timedelta.resolution).date())
        listed = {actor for one in told for actor in one.of if "@" in actor}
        people = listed if roster is None else roster
        spans = [[one.span(person) for one in told] for person in people]
        low = sum(any(one.low for one in of) for of in spans)
        if self.populations(start, end) - {one.population for one in told}:
            return Span(low, math.inf if roster is None else len(roster))
        if roster is None and any(one.stranger.high for one in told):
            return Span(low, math.inf)
        return Span(low, sum(any(one.high for one in of) for of in spans))

    # --- tables --------------------------------------------------------------------------------

    def _by_tables(self, measure: Measure, start: Edge, end: Edge) -> Iterator[Tells]:
        months = set(_months(start.moment, end.moment))
        for table in sorted(self._speaking(start, end)):
            surface, _ = TABLES[table]
            looks = [one for one in self.looks if one.table == table and measure in one.counts]
            if not looks or (measure not in BASES and months.isdisjoint(one.month for one in looks)):
                continue
            people = {
                who
                for one in looks
                for who in map(self.named.owner, one.counts[measure])
                if "@" in who or one.month in months  # a mere name of another month has an address, too
            }
            if measure == "linesAccepted" and surface == "claude_ai":
                people |= self._listed
            of = {person: self._added(table, measure, person, start, end) for person in people}
            yield Tells(POPULATION[surface], of, self._added(table, measure, STRANGER, start, end))

    def _added(self, table: Table, measure: Measure, person: str, start: Edge, end: Edge) -> Span:
        """Month by month, from 0."""
        is_use = measure == "linesAccepted" and table == "team" and "@" in person
        away = self._away(person) if is_use else []
        low, high = 0, 0.0
        for month, since, until in _by_month(start, end, table, measure):
            line = [
                (look, sum(n for cell, n in look.counts[measure].items() if self.named.owner(cell) == person))
                for look in self.looks
                if (look.table, look.month) == (table, month) and measure in look.counts
            ]
            looked_at = [_look_at(one, table, measure) for one in (since, until)]
            if looked_at == [None, None] and _is_away_throughout(since.moment, until.moment, away):
                continue
            begin = _count(line, table, measure, month, since, away)
            finish = _count(line, table, measure, month, until, away)
            low += max(0, finish.low - int(begin.high)) if begin.high < math.inf else 0
            high += max(0, finish.high - begin.low)
        return Span(low, high)

    # --- reports -------------------------------------------------------------------------------

    @cached_property
    def _listed(self) -> set[str]:
        """Everybody on a report of use."""
        reports = [*self._ranges("spend_report"), *self._ranges("members_analytics")]
        cells = {cell for one in reports for amounts in one.amounts.values() for cell in amounts if cell}
        return {self.named.owner(cell) for cell in cells}

    def _away(self, person: str) -> list[Away]:
        """When a person used nothing, by each report that says so."""
        found = [
            (_midnight(report.first), min(_midnight(report.last) + DAY, _known(report)))
            for report in self._ranges("spend_report")
            if person not in self._joined(report.amounts["tokens"])
        ]
        for report in self._ranges("members_analytics"):
            begin, since = _midnight(report.first), []
            for cell, count in report.amounts["sessions"].items():
                if cell and self.named.owner(cell) == person:
                    day = report.last_active.get(cell)
                    after = _midnight(day) + DAY if day else begin
                    since.append(after if count else min(begin, after))
            if since:
                found.append((max(since), min(_midnight(report.last) + DAY, _known(report))))
        return [one for one in found if one[0] < one[1]]

    def _joined(self, amounts: Mapping[str | None, int]) -> dict[str, int]:
        found: dict[str, int] = defaultdict(int)
        for cell, count in amounts.items():
            found[self.named.owner(cell) if cell else "nobody"] += count
        return dict(found)

    def _by_reports(self, measure: str, start: Edge, end: Edge) -> list[Tells]:
        """Sums and differences of whole ranges; or that use is not known any more, in tokens."""
        kind = "members_analytics" if measure == "sessions" else "spend_report"
        whole = [one for one in self._ranges(kind) if _midnight(one.last) + DAY <= _known(one)]
        told = [one for one in whole if measure in one.amounts]
        at = self._used_since(start.moment, measure, told)
        if end.moment in at:
            return [Tells("subscription", {who: Span(n, n) for who, n in at[end.moment].items()}, NOTHING)]
        before = [one for one in whole if _midnight(one.first) < end.moment]
        uses = [(one.last, one.first, any(one.amounts.get("tokens", {}).values())) for one in before]
        looked_at = any(TABLES[table][0] == "claude_ai" for table in self._speaking(start, end))
        if measure == "tokens" and uses and max(uses)[-1] and not looked_at:
            return [Tells("subscription", {}, ANYTHING)]
        return []

    def _used_since(
        self, start: datetime, measure: str, reports: Collection[RangeTold]
    ) -> dict[datetime, dict[str, int]]:
        """What everybody used from ``start`` to each midnight that reports lead to."""
        if start not in {
            edge for one in reports for edge in (_midnight(one.first), _midnight(one.last) + DAY)
        }:
            return {}
        found: dict[datetime, dict[str, int]] = {start: {}}
        waiting = [start]
        while waiting:
            here = waiting.pop()
            for one in reports:
                first, after = _midnight(one.first), _midnight(one.last) + DAY
                for origin, there, sign in ((first, after, 1), (after, first, -1)):
                    if origin == here and there not in found:
                        found[there] = dict(found[here])
                        for who, count in self._joined(one.amounts[measure]).items():  # type: ignore[index]
                            found[there][who] = found[there].get(who, 0) + sign * count
                        waiting.append(there)
        return found

    def ways(self, measure: Measure, start: datetime, end: datetime) -> Iterator[dict[str, int]]:
        """What everybody used by each way in which whole reports lead from one moment to the other."""
        whole = [one for one in self._ranges("spend_report") if _midnight(one.last) + DAY <= _known(one)]
        steps = [
            (origin, there, sign, one)
            for one in whole
            for first, after in [(_midnight(one.first), _midnight(one.last) + DAY)]
            for origin, there, sign in ((first, after, 1), (after, first, -1))
        ]
        waiting: list[tuple[datetime, tuple[datetime, ...], dict[str, int]]] = [(start, (start,), {})]
        while waiting:
            here, seen, used = waiting.pop()
            if here == end:
                yield used
                continue
            for origin, there, sign, one in steps:
                if origin == here and there not in seen:
                    joined = self._joined(one.amounts[measure])
                    after_it = {who: used.get(who, 0) + sign * joined.get(who, 0) for who in {*used, *joined}}
                    waiting.append((there, (*seen, there), after_it))

    def _by_console_cost(self, start: Edge, end: Edge) -> list[Tells]:
        """From the days inside to the days touched; the newest file of a day counts, or the one with more."""
        files = self._ranges("console_cost")
        of: dict[str, list[int]] = {}
        day = start.moment.date()
        while _midnight(day) < end.moment:
            told = [
                one for one in files if one.first <= day <= one.last and _midnight(day) + DAY <= _known(one)
            ]
            if not told:
                return []
            is_inside = start.moment <= _midnight(day) and _midnight(day) + DAY <= end.moment
            newest = max(told, key=lambda one: (one.moment.at, sum(one.days.get(day, {}).values())))
            for key, cents in newest.days.get(day, {}).items():
                span = of.setdefault(self.named.owner(key), [0, 0])
                span[0] += cents * is_inside
                span[1] += cents
            day += DAY
        return [Tells("api", {who: Span(low, high) for who, (low, high) in of.items()}, NOTHING)]

    # --- seats ---------------------------------------------------------------------------------

    def seats(self, start: datetime, end: datetime) -> tuple[Fraction, bool]:
        """US dollars for the seats held, and whether each has a price."""
        prices, held = self.named.prices, self.named.seats
        if not prices or not held:
            return Fraction(0), False
        total, is_whole, day = Fraction(0), True, start.date()
        while _midnight(day) < end:
            known = [tiers for since, tiers in held if since <= day] or [held[0][1]]
            inside = min(_midnight(day) + DAY, end) - max(_midnight(day), start)
            month = month_of(_midnight(day))
            for tier in known[-1].values():
                price = [amount for since, amount in prices.get(tier, ()) if since <= day]
                is_whole = is_whole and bool(price)
                total += (price[-1] if price else 0) * _ratio(inside, month_after(month) - month)
            day += DAY
        return total, is_whole

    # --- what is true --------------------------------------------------------------------------

    def truth(self, measure: Measure, start: Edge, end: Edge, populations: Collection[str]) -> dict[str, int]:
        """What everybody really did. An export period is of what the dashboards knew when they were looked
        at: of the month that a table on an edge shows, up to then. Console cost is of real days."""
        found: dict[str, int] = defaultdict(int)
        for surface, population in POPULATION.items():
            if population in populations:
                table = _table_of(measure, surface)
                if measure == "meteredCost" and population == "api" and self._by_console_cost(start, end):
                    table = None
                for month, since, until in _by_month(start, end, table, measure):
                    span = (max(month, _as_spoken(one, table, measure)) for one in (since, until))
                    for deed in self.company.until(surface, *span):
                        if count := amount(deed, measure):
                            found[self._who(deed.cell, table)] += count
        return found

    def _who(self, cell: str | None, table: Table | None) -> str:
        if cell is None:
            return "nobody"
        return self.named.owner(self.company.shown.get(cell, cell) if table == "team" else cell)


def _table_of(measure: Measure, surface: Surface) -> Table | None:
    """The one table that tells of a measure, if any does."""
    tables: list[Table] = [
        table for table, (of, measures) in TABLES.items() if of == surface and measure in measures
    ]
    return tables[0] if tables else None


def _as_spoken(edge: Edge, table: Table | None, measure: Measure) -> datetime:
    look = _look_at(edge, table, measure)
    return look.spoken if look else edge.moment


def _by_month(
    start: Edge, end: Edge, table: Table | None, measure: Measure
) -> Iterator[tuple[datetime, Edge, Edge]]:
    """The parts of a period, month by month. Where a table was looked at on an edge it begins and ends with
    that look, which is of its own month."""
    first, last = (_look_at(one, table, measure) for one in (start, end))
    begin = first.month if first else start.moment
    finish = month_after(last.month) if last else end.moment
    for month in _months(begin, finish):
        after = month_after(month)
        yield month, start if month <= begin else Edge(month), end if finish <= after else Edge(after)


def _count(
    line: list[tuple[LookTold, int]],
    table: Table,
    measure: Measure,
    month: datetime,
    at: Edge,
    away: Collection[Away],
) -> Span:
    """The month's count at a moment: what the look there says, else the looks around it and around the
    absence in which it lies."""
    end = month_after(month)
    if here := _look_at(at, table, measure):
        count = next(count for look, count in line if look is here)
        return Span(count, count)
    if at.moment <= month:
        return NOTHING
    moment = min(at.moment, end)
    since, until = _around(moment, away)
    before = [count for look, count in line if min(look.moment.last, end) <= until]
    after = [count for look, count in line if look.moment.first - LAG >= since]
    return Span(max(before, default=0), 0 if since <= month else min(after, default=math.inf))


def _look_at(edge: Edge, table: Table | None, measure: Measure) -> LookTold | None:
    """The look on an edge that tells a measure; it may be of any moment up to its lag before."""
    look = edge.looks.get(table) if table else None
    return look if look is not None and measure in look.counts else None


def _around(moment: datetime, away: Collection[Away]) -> Away:
    """The absences around a moment, as one, however many say it."""
    since = until = moment
    while wider := [one for one in away if one[0] <= until and since <= one[1]]:
        found = min(since, *(one[0] for one in wider)), max(until, *(one[1] for one in wider))
        if found == (since, until):
            break
        since, until = found
    return since, until


def _is_away_throughout(start: datetime, end: datetime, away: Collection[Away]) -> bool:
    since, until = _around(start, away)
    return since <= start and end <= until


def _ratio(part: timedelta, whole: timedelta) -> Fraction:
    return Fraction(part // timedelta.resolution, whole // timedelta.resolution)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _known(report: RangeTold) -> datetime:
    """Up to when it certainly knew everything."""
    return report.moment.first - LAG


def _months(start: datetime, end: datetime) -> list[datetime]:
    month, found = month_of(start), []
    while month < end:
        found.append(month)
        month = month_after(month)
    return found


def _total(look: LookTold) -> int:
    return sum(next(iter(look.counts.values())).values())


def _near(edges: Iterable[Edge], wanted: datetime) -> list[Edge]:
    close = [edge for edge in edges if abs(edge.moment - wanted) <= TOGETHER]
    return sorted(close, key=lambda edge: (abs(edge.moment - wanted), wanted - edge.moment))
