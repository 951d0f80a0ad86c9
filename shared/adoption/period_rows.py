"""From the days of the daily sources to one period's row: figures, what they rest on, the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from shared.adoption.costs import cost_figures
from shared.adoption.daily import METERED, TELLS, not_told_by
from shared.adoption.figures import acceptance_rate, known, money
from shared.adoption.seats import UNKNOWN, SeatCost
from shared.adoption.sentences import sentence, unknown_sentence
from shared.adoption.tallies import Tally, tally, total
from shared.adoption.verdict import Use, count, use_of, verdict_of
from shared.periods import Period
from shared.records import (
    Answer,
    Basis,
    Completeness,
    DayCover,
    DayState,
    Fact,
    Figure,
    Measures,
    PeriodRow,
    SourceCover,
    Spread,
)

BASIS: Basis = "anyActivity"
COMPARED_ON = "linesAccepted"

_DETERMINED: frozenset[DayState] = frozenset({"complete", "empty_expected"})

#: The days that say what was used, be it so far.
PROVEN: frozenset[DayState] = _DETERMINED | {"provisional"}


@dataclass(frozen=True, slots=True)
class SourceSpan:
    """What one daily source says of one period.

    ``states`` holds each day that was due, in order; ``settled`` says whether all the period's days
    have been read late enough after their end. ``tells``: the measures of which it knows anything.
    """

    source: str
    states: Mapping[date, DayState]
    settled: bool
    facts: Sequence[Fact]
    owner_of_key: Mapping[str, str]
    tells: frozenset[str] = frozenset(TELLS)


@dataclass(frozen=True, slots=True)
class Span:
    """One period of the daily sources, summed: what its row and the next one's verdict need.

    The facts are not among it: a large team's month of them is too much to hold until the next month.
    """

    period: Period
    sources: tuple[SourceSpan, ...]  # without their facts
    populations: tuple[Sequence[str], ...]  # of each source
    tally: Tally
    uses: Mapping[str, Use]  # by engineer
    roster: frozenset[str] | None = None  # at the end; None without one
    seats: SeatCost = UNKNOWN

    @property
    def closed(self) -> bool:
        """Every day of it is settled, in every source."""
        return bool(self.sources) and all(source.settled for source in self.sources)

    @property
    def missing(self) -> str | None:
        """Why the sums may not be whole; None where they are."""
        doubts = [doubt for source in self.sources if (doubt := doubt_of(source))]
        if doubts:
            return "; ".join(doubts)
        if not self.closed:
            return "the period is not over, or its last days can still change"
        return None

    def why_not(self, measure: str) -> str | None:
        """Why the sum of a measure may not be whole; None where it is."""
        silent = [
            not_told_by(source.source)
            for source, populations in zip(self.sources, self.populations, strict=True)
            if populations and measure not in source.tells
        ]
        return "; ".join(filter(None, [self.missing, *silent])) or None


def span_of(
    period: Period,
    sources: Iterable[SourceSpan],
    roster: frozenset[str] | None = None,
    seats: SeatCost = UNKNOWN,
) -> Span:
    """Sum what the sources say of a period."""
    spans = tuple(sources)
    owners = {key: owner for span in spans for key, owner in span.owner_of_key.items()}
    sums = tally((fact for span in spans for fact in span.facts), owners)
    return Span(
        period=period,
        sources=tuple(replace(span, facts=()) for span in spans),
        populations=tuple(sorted({fact.population for fact in span.facts}) for span in spans),
        tally=sums,
        uses={engineer: use_of(sums.of(engineer)) for engineer in sums.people},
        roster=roster,
        seats=seats,
    )


def build(span: Span, before: Span | None) -> PeriodRow:
    """The row of a period, with its verdict against the period before it."""
    return PeriodRow(
        label=span.period.label,
        period=span.period,
        closed=span.closed,
        completeness=_completeness(span),
        basis=BASIS,
        active={BASIS: _active(span)},
        of=None if span.roster is None else len(span.roster),
        figures=_figures(span),
        unattributed=_unattributed(span.tally, span.missing),
        sources=[cover_of(*one) for one in zip(span.sources, span.populations, strict=True)],
        answer=_answer(span, before),
    )


def _active(span: Span) -> Figure:
    return known(sum(use.active for use in _on(span.roster, span.uses).values()), span.missing)


def _on(roster: frozenset[str] | None, uses: Mapping[str, Use]) -> dict[str, Use]:
    """The uses of who is on the roster; everybody's where there is none."""
    return {one: use for one, use in uses.items() if roster is None or one in roster}


def _figures(span: Span) -> dict[str, Figure]:
    sums, missing = span.tally.by_population(), span.missing
    everything = total(sums.values())
    metered = known(money(sums.pop(METERED, Measures()).cost), missing)
    equivalent = money(total(sums.values()).cost)
    return {
        **_counts(everything, span),
        "acceptanceRate": acceptance_rate(
            everything.decisions_accepted, everything.decisions_rejected, missing
        ),
        "meteredCost": metered,
        "apiEquivalentCost": known(equivalent, missing),
        **cost_figures(metered, span.seats, _active(span)),
    }


def _counts(sums: Measures, span: Span) -> dict[str, Figure]:
    counts = {
        "sessions": sums.sessions,
        "linesAccepted": sums.lines_accepted,
        "linesRemoved": sums.lines_removed,
        "decisionsAccepted": sums.decisions_accepted,
        "decisionsRejected": sums.decisions_rejected,
        "commits": sums.commits,
        "pullRequests": sums.pull_requests,
        "tokens": sums.tokens,
    }
    return {name: known(count, span.why_not(name)) for name, count in counts.items()}


def _unattributed(sums: Tally, missing: str | None) -> dict[str, Figure]:
    whole = total(sums.unattributed.values())
    return {
        "sessions": known(whole.sessions, missing),
        "linesAccepted": known(whole.lines_accepted, missing),
        "meteredCost": known(money(sums.unattributed.get(METERED, Measures()).cost), missing),
    }


def cover_of(source: SourceSpan, populations: Sequence[str]) -> SourceCover:
    """What the source contributes to the period, day by day."""
    return SourceCover(
        source=source.source,
        covered=bool(source.states) and PROVEN.issuperset(source.states.values()),
        populations=list(populations),
        days=[DayCover(day, state) for day, state in source.states.items()],
    )


def _completeness(span: Span) -> Completeness:
    states = [state for source in span.sources for state in source.states.values()]
    if not states or not any(state in PROVEN for state in states):
        return "uncovered"
    if not all(state in PROVEN for state in states):
        return "incomplete"
    return "complete" if span.closed and _DETERMINED.issuperset(states) else "provisional"


_WORDS: Mapping[DayState, str] = {
    "failed": "not fetched, because the vendor failed",
    "never_fetched": "not fetched yet",
    "empty_suspect": "empty, and nothing proves it",
}


def doubt_of(source: SourceSpan) -> str:
    """Which days of the source do not prove what they show; empty where all do."""
    if not source.states:
        return f"no day of it is known ({source.source})"
    for state, words in _WORDS.items():
        days = [day for day, found in source.states.items() if found == state]
        if days:
            which = f"{days[0]} is" if len(days) == 1 else f"{len(days)} days from {days[0]} on are"
            return f"{which} {words} ({source.source})"
    return ""


def _answer(span: Span, before: Span | None) -> Answer:
    reason = _not_comparable(span, before)
    if reason is not None or before is None:
        reason = reason or "there is no period before it"
        return Answer("unknown", unknown_sentence(reason), period=span.period, reason=reason)
    both = None if span.roster is None or before.roster is None else span.roster & before.roster
    counts = count(_on(both, before.uses), _on(both, span.uses))
    verdict = verdict_of(counts)
    of = None if both is None else len(both)
    return Answer(
        verdict=verdict,
        sentence=sentence(verdict, counts, span.period, before.period, BASIS, of),
        basis=BASIS,
        compared_on=COMPARED_ON,
        period=span.period,
        previous=before.period,
        counts=counts,
        joiners=_active_beside(span, before),
        leavers=_active_beside(before, span),
    )


def _active_beside(these: Span, others: Span) -> Spread | None:
    """How many are active who are on the roster of one of the two periods only."""
    if these.roster is None or others.roster is None:
        return None
    active = sum(use.active for use in _on(these.roster - others.roster, these.uses).values())
    return Spread(active, active)


def _not_comparable(span: Span, before: Span | None) -> str | None:
    for which in (span, before):
        if which is not None and which.missing is not None:
            return f"{which.period.in_words()}: {which.missing}"
    told = {one.source for one in span.sources}
    for one, populations in zip(*((before.sources, before.populations) if before else ((), ())), strict=True):
        if populations and one.source not in told:
            return (
                f"{span.period.in_words()}: {one.source} tells nothing of it, as it did of the period before"
            )
    return None
