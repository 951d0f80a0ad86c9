"""What a key was answered, told as a story: rows on the wire in, the judgement of trust out, nothing stored.

It knows nothing of the simulated vendor's worlds: people, chance and arithmetic are its own.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

import msgspec

from shared.adoption.days import classify, is_working_day, silence_of
from shared.adoption.departures import departed
from shared.adoption.period_rows import SourceSpan, build, span_of
from shared.adoption.plausibility import odd_costs, repeats
from shared.adoption.trust import Evaluation, evaluate
from shared.adoption.trust_exports import ExportsEvidence
from shared.adoption.trust_live import SourceEvidence
from shared.errors import ContractBroken
from shared.heads import Access, CanariesSeen, ExportsHead, Head, View
from shared.jobs.answers import entry_of
from shared.jobs.collecting import about, fault_of
from shared.periods import midnight, period_of
from shared.records import DayEntry, Fact
from shared.sources import LIVE
from shared.sources.claude_code_admin import read_day
from shared.sources.readings import DayReading

SOURCE = "claude_code_admin"
OURS, NAMESAKE = "5b1f7a52-3a0e-4c47-9d0b-7d1f0e6f8a11", "c2d90e4e-8f5b-4b7e-a1a6-3f0b9d7c2e55"
NOW = datetime(2026, 11, 16, 12, tzinfo=UTC)  # a Monday
TODAY, FIRST = NOW.date(), date(2026, 9, 14)  # nine weeks before
DAY, WEEK = timedelta(days=1), timedelta(days=7)
LAG = LIVE[SOURCE].lag or DAY
TEAM = tuple(f"{name}@quux.example" for name in "abcdefgh")


@dataclass(frozen=True)
class Row:
    """One row of the report: who did how much on a day. Who has no @ is an API key."""

    day: date
    who: str
    lines: int
    tokens: int
    cents: str
    population: str = "subscription"
    organization: str = OURS

    def on_the_wire(self) -> dict[str, object]:
        by_name = {"type": "api_actor", "api_key_name": self.who}
        by_address = {"type": "user_actor", "email_address": self.who}
        cost = {"amount": self.cents, "currency": "USD"}
        return {
            "date": self.day.isoformat(),
            "organization_id": self.organization,
            "actor": by_address if "@" in self.who else by_name,
            "customer_type": self.population,
            "core_metrics": {
                "num_sessions": 1 + self.lines // 100,
                "lines_of_code": {"added": self.lines, "removed": self.lines // 5},
                "commits_by_claude_code": self.lines // 90,
                "pull_requests_by_claude_code": 0,
            },
            "tool_actions": {},
            "model_breakdown": [{"tokens": {"input": self.tokens}, "estimated_cost": cost}],
        }


def days(first: date = FIRST, end: date = TODAY) -> list[date]:
    """The days from the first one to before the end."""
    return [first + DAY * number for number in range((end - first).days)]


Works = Callable[[date], bool]


def weekdays(day: date) -> bool:
    return day.weekday() < 5


def work(
    people: Iterable[str] = TEAM,
    when: Iterable[date] | None = None,
    *,
    works: Works = weekdays,
    share: float = 0.85,
    population: str = "subscription",
    price: float = 1.0,
) -> list[Row]:
    """What people do who work on such days, on most of them: each day other lines, tokens and cents.

    ``price`` is in US dollars for a million tokens.
    """
    rows = []
    for day in filter(works, days() if when is None else when):
        for who in people:
            chance = random.Random(f"{who} {day}")  # noqa: S311
            if chance.random() < share:
                lines = chance.randrange(10, 300)
                tokens = lines * chance.randrange(4_000, 9_000)
                cents = tokens / 10_000 * price * chance.uniform(0.7, 1.4)
                rows.append(Row(day, who, lines, tokens, f"{cents:.2f}", population))
    return rows


def pipeline(lines: int = 40, works: Works = weekdays) -> list[Row]:
    """A key that does the very same on each of these days."""
    return [Row(day, "nightly-build", lines, 90_000, "9.00", "api") for day in filter(works, days())]


@dataclass(frozen=True)
class Story:
    """What was answered at each reading of the days, and what else is known.

    ``read_again``: what the answers of some days were later. ``broken``: days whose answer was another day's.
    """

    rows: Sequence[Row]
    members: Sequence[str] = TEAM
    roster: Sequence[str] | None = TEAM
    organization: str = OURS
    name: str = "Quux"
    expected: str | None = OURS
    holidays: frozenset[date] = frozenset()
    canaries: Sequence[str] = ()
    read_again: Mapping[date, Sequence[Row]] | None = None
    broken: frozenset[date] = frozenset()
    mapped: frozenset[str] = frozenset()
    access: Access | None = None
    exports: ExportsHead = field(default_factory=ExportsHead)
    now: datetime = NOW
    first: date = FIRST
    fetched_to: date | None = None

    def but(self, **changes: object) -> Story:
        """The same story, told otherwise."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def as_of(self, organization: str) -> Story:
        """The same rows, of another organisation."""
        rows = [replace(row, organization=organization) for row in self.rows]
        return replace(self, rows=rows, organization=organization)

    @cached_property
    def entries(self) -> dict[date, DayEntry]:
        found = {}
        said: dict[date, list[Row]] = defaultdict(list)
        for row in self.rows:
            said[row.day].append(row)
        for day in days(self.first, (self.fetched_to or self.now.date()) + DAY):
            entry = DayEntry()
            for rows in (said[day], (self.read_again or {}).get(day)):
                if rows is not None:
                    entry = self._heard(day, rows, entry)
            found[day] = entry
        return found

    def _reading(self, day: date, rows: Sequence[Row]) -> DayReading:
        asked = [{**row.on_the_wire(), "date": str(day + DAY if day in self.broken else day)} for row in rows]
        page = json.dumps({"data": asked, "has_more": False}).encode()
        return read_day([page], day, self.organization)

    def _heard(self, day: date, rows: Sequence[Row], before: DayEntry) -> DayEntry:
        try:
            reading = self._reading(day, rows)
        except ContractBroken as error:
            return msgspec.structs.replace(before, last_attempt="failed", fault=fault_of(error))
        if not reading.rows and before.content == "rows":
            return msgspec.structs.replace(before, last_attempt="failed", fault="emptied")
        settled = self.now >= midnight(day + DAY) + LAG
        entry = entry_of(reading, version=1, facts=1, settled=settled, fetched_at=self.now, raw=())
        return msgspec.structs.replace(entry, most=entry.most.or_more(before.most))

    def _facts(self, day: date) -> list[Fact]:
        rows = (self.read_again or {}).get(day) or [one for one in self.rows if one.day == day]
        if self.entries[day].content != "rows":
            return []
        return [
            Fact(
                ("e" if one.actor.kind == "engineer" else "k") + one.actor.name, one.population, one.measures
            )
            for one in self._reading(day, rows).observations
        ]

    @property
    def head(self) -> Head:
        view = View(self.organization, self.name, len(self.members), looked_at=self.now)
        answers = self.access or Access("ok", at=self.now, answered_at=self.now)
        return Head(access=answers, view=view, organization=self.organization, **about(self.entries))  # type: ignore[arg-type]

    def evidence(self) -> SourceEvidence:
        settled = [day for day, entry in self.entries.items() if entry.settled]
        working = [day for day in settled if is_working_day(day, self.holidays)]
        used: dict[str, list[date]] = defaultdict(list)
        for day in settled:
            for who in sorted({fact.actor_id[1:] for fact in self._facts(day) if fact.actor_id[0] == "e"}):
                used[who].append(day)
        lately = {who for who, on in used.items() if on[-1] >= working[-5]}
        missing = len(set(self.canaries) - lately)
        seats = set(self.members) if self.roster is None else {*self.members} & {*self.roster}
        return SourceEvidence(
            SOURCE,
            self.head,
            self.expected,
            LAG,
            roster=None if self.roster is None else len(self.roster),
            roster_seen=None if self.roster is None else len({*self.roster} & {*self.members}),
            has_roster=self.roster is not None,
            silence=silence_of(self.entries, self.holidays),
            canaries=CanariesSeen(len(self.canaries), missing) if self.canaries else None,
            departed=departed(used, working, seats),
            people_by_keys=any(row.who in self.mapped for row in self.rows),
            repeats=tuple(repeats(self.entries, self.holidays)),
            odd_costs=tuple(odd_costs(self.entries)),
        )

    def judged(self) -> Evaluation:
        """The trust of the weeks from the story's first day on, the running one among them."""
        states = classify(self.entries, self.holidays)
        rows = []
        period = period_of("week", self.first)
        while period.start <= self.now:
            known = {day: states[day] for day in period.days() if day in states}
            if not known:
                break
            facts = [fact for day in known for fact in self._facts(day)]
            settled = all(day in states and self.entries[day].settled for day in period.days())
            span = SourceSpan(SOURCE, known, settled, facts, {key: f"e{key}" for key in self.mapped})
            rows.append(build(span_of(period, [span]), None))
            period = period_of("week", period.end.date())
        return evaluate([self.evidence()], ExportsEvidence(self.exports), rows, self.now)
