"""Days, facts, periods and evidence made by hand, each in a few letters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from shared.adoption.days import classify
from shared.adoption.period_rows import SourceSpan, Span, build, span_of
from shared.adoption.trust import Evaluation, evaluate
from shared.adoption.trust_exports import ExportsEvidence
from shared.adoption.trust_live import SourceEvidence
from shared.heads import Access, ExportsHead, Head, Silence, View
from shared.periods import ONE_DAY, Calendar, Period, period_of
from shared.records import Check, DayEntry, DayState, Fact, Measures, PeriodRow

SOURCE = "claude_code_admin"
ACME = "5b1f7a52-3a0e-4c47-9d0b-7d1f0e6f8a11"
NAMESAKE = "c2d90e4e-8f5b-4b7e-a1a6-3f0b9d7c2e55"

#: The worked examples' Monday, and the moment at which its week is over and everybody may look.
MONDAY = date(2026, 11, 9)
NEXT_MONDAY = MONDAY + timedelta(days=7)
MONDAY_NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)

#: One letter a day: rows, empty, the same not yet settled, failed, never asked.
ENTRIES: Mapping[str, DayEntry] = {
    "r": DayEntry(content="rows", last_attempt="ok", settled=True),
    "e": DayEntry(content="empty", last_attempt="ok", settled=True),
    "R": DayEntry(content="rows", last_attempt="ok"),
    "E": DayEntry(content="empty", last_attempt="ok"),
    "f": DayEntry(last_attempt="failed"),
    ".": DayEntry(),
}
LETTERS: Mapping[DayState, str] = {
    "complete": "c",
    "provisional": "p",
    "empty_expected": "e",
    "empty_suspect": "s",
    "failed": "f",
    "never_fetched": ".",
}
STATES: Mapping[str, DayState] = {letter: state for state, letter in LETTERS.items()}


def known(first: date, letters: str) -> dict[date, DayEntry]:
    """What a manifest knows of the days from the first one on."""
    return {
        first + number * ONE_DAY: ENTRIES[letter] for number, letter in enumerate(letters.replace(" ", ""))
    }


def classified(first: date, letters: str) -> str:
    """The states of those days, a letter each, in order."""
    return "".join(LETTERS[state] for _, state in sorted(classify(known(first, letters)).items()))


def measures(**amounts: Any) -> Measures:
    """Measures with the cost given as text or cents-free number."""
    if "cost" in amounts:
        amounts["cost"] = Decimal(amounts["cost"])
    return Measures(**amounts)


def fact(actor_id: str, population: str = "subscription", **amounts: Any) -> Fact:
    """What one actor did."""
    return Fact(actor_id, population, measures(**amounts))


def week(weeks: int = 0) -> Period:
    """The worked examples' week, or one so many weeks later."""
    return period_of("week", MONDAY + weeks * timedelta(days=7))


def source_span(
    period: Period,
    facts: Sequence[Fact] = (),
    letters: str = "",
    *,
    settled: bool = True,
    owners: Mapping[str, str] | None = None,
    source: str = SOURCE,
) -> SourceSpan:
    """One source in one period; by default every day of it is complete."""
    given = letters or "c" * sum(1 for _ in period.days())
    states = {day: STATES[letter] for day, letter in zip(period.days(), given, strict=False)}
    return SourceSpan(source, states, settled, facts, owners or {})


def span(facts: Sequence[Fact] = (), letters: str = "", *, period: Period | None = None, **more: Any) -> Span:
    """One source's period, summed."""
    period = period or week()
    return span_of(period, [source_span(period, facts, letters, **more)])


def row(
    facts: Sequence[Fact] = (), letters: str = "", *, period: Period | None = None, **more: Any
) -> PeriodRow:
    """A stored row with nothing before it."""
    return build(span(facts, letters, period=period, **more), None)


def lines(amounts: Mapping[str, int]) -> list[Fact]:
    """Accepted lines by engineer; 0 is nobody's row."""
    return [fact(f"e{name}", lines_accepted=count) for name, count in amounts.items() if count]


def compared(before: Mapping[str, int], after: Mapping[str, int]) -> PeriodRow:
    """The row of the worked examples' week, compared with the week before."""
    return build(span(lines(after)), span(lines(before), period=week(-1)))


def head(**about: Any) -> Head:
    """A key of the right organisation that sees a team at work."""
    return msgspec.structs.replace(
        Head(
            access=Access("ok", at=MONDAY_NOON, answered_at=MONDAY_NOON),
            view=View(organization=ACME, organization_name="Acme", members=8, looked_at=MONDAY_NOON),
            organization=ACME,
            first_row_day=MONDAY - timedelta(days=70),
            newest_settled_day=NEXT_MONDAY - ONE_DAY,
            data_as_of=MONDAY_NOON,
            days_known=90,
            people_rows=300,
            key_rows=20,
            populations_by_month={"2026-10": ("api", "subscription"), "2026-11": ("api", "subscription")},
        ),
        **about,
    )


def evidence(of: Head | None = None, **about: Any) -> SourceEvidence:
    """That head, the expected organisation, and a roster of 8 of whom the key sees all."""
    told: dict[str, Any] = {
        "expected_organization": ACME,
        "lag": timedelta(hours=2),
        "roster": 8,
        "roster_seen": 8,
        "silence": Silence(NEXT_MONDAY - 2 * ONE_DAY, 0, 5),
    }
    return SourceEvidence(SOURCE, of or head(), **(told | about))


def judged(
    one: SourceEvidence,
    rows: Iterable[PeriodRow],
    *,
    exports: ExportsHead | None = None,
    now: datetime = MONDAY_NOON,
) -> Evaluation:
    """The trust of these rows by one source's evidence."""
    return evaluate([one], ExportsEvidence(exports or ExportsHead()), list(rows), now)


def check(evaluation: Evaluation, name: str, source: str = SOURCE) -> Check:
    """The one check of that name and source."""
    (found,) = (one for one in evaluation.trust.checks if (one.name, one.source) == (name, source))
    return found


def rows_of(first: date, letters: str, granularity: Calendar = "week") -> list[PeriodRow]:
    """The rows of all periods that lie wholly within those days, with one engineer's line on days of rows."""
    entries = known(first, letters)
    states = classify(entries)
    periods = sorted({period_of(granularity, day) for day in entries})
    spans = [
        span_of(
            period,
            [
                SourceSpan(
                    SOURCE,
                    {day: states[day] for day in period.days()},
                    all(entries[day].settled for day in period.days()),
                    [fact("ea", lines_accepted=1) for day in period.days() if entries[day].content == "rows"],
                    {},
                )
            ],
        )
        for period in periods
        if all(day in entries for day in period.days())
    ]
    befores: list[Span | None] = [None, *spans[:-1]]
    return [build(one, before) for one, before in zip(spans, befores, strict=True)]
