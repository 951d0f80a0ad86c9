"""A period that exports speak of, alone or beside a daily source: ranges by person, and their verdict.

Each population is read from the best source that shows it (``WHICH_COUNTS``); populations add, and no use is
counted twice. A daily source gives an export period the range from the whole days inside it to the days that
it touches; in a verdict a day counts once, in the period in which it ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from shared.adoption.figures import absent, between
from shared.adoption.range_verdict import RangeVerdict, decide
from shared.adoption.ranges import NOTHING, UNKNOWN, Range, ways_to_move
from shared.adoption.sentences import range_sentence, unknown_sentence
from shared.adoption.tallies import Tally
from shared.adoption.timeline import Added
from shared.periods import Period
from shared.records import Answer, Basis, Completeness, Figure, PeriodRow, SourceCover, Spread

EXPORTS = "exports"
NOT_TOLD = "the exports do not tell"
OPEN_END = "no later export bounds it"
OFF_THE_EDGES = "looks do not lie on the period's edges"


@dataclass(frozen=True, slots=True)
class Daily:
    """What a daily source contributes: sums of the whole days inside, of the days touched, and of the days
    that end in the period. ``doubt`` says why they may not be whole."""

    cover: SourceCover
    inside: Tally
    touched: Tally
    ended: Tally
    doubt: str | None


@dataclass(frozen=True, slots=True)
class Exported:
    """What one stream of looks contributes: per person (or unattributed actor) what was added.

    ``stranger`` is what somebody added who was never listed: 0, or from 0 without a bound.
    """

    population: str
    measure: str
    added: Mapping[str, Added]
    stranger: Added
    is_person: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mixed:
    """One period, from everything that speaks of it. ``roster``: who is on it at the end, if there is one."""

    period: Period
    daily: tuple[Daily, ...]
    exported: tuple[Exported, ...]
    closed: bool
    roster: frozenset[str] | None = None

    def ranges(self, measure: str, *, ended: bool = False) -> dict[str, Range]:
        """Each engineer's range of a measure that exports have; daily sources tell accepted lines only."""
        ranges: dict[str, Range] = {}
        for one in self.exported:
            if one.measure == measure:
                for actor, added in one.added.items():
                    person = one.is_person.get(actor)
                    if person is not None:
                        _add(ranges, person, added.low, added.high)
        if measure == "linesAccepted":
            for daily in self.daily:
                for person in daily.touched.people:
                    inside = (daily.ended if ended else daily.inside).of(person).lines_accepted
                    touched = (daily.ended if ended else daily.touched).of(person).lines_accepted
                    _add(ranges, person, inside, touched)
            if any(daily.doubt for daily in self.daily):  # whoever is not in what is known of it, neither
                return {person: Range(one.low, None) for person, one in ranges.items()}
        return ranges

    def doubts(self, measure: str) -> list[str]:
        """Why a total of the measure is not exact, each reason once."""
        found = [daily.doubt for daily in self.daily if daily.doubt]
        for one in self.exported:
            if one.measure == measure:
                found += [added.doubt for added in one.added.values() if added.doubt]
                if one.stranger.high is None:
                    found.append(OPEN_END)
        return list(dict.fromkeys(found))

    def measures(self) -> list[str]:
        """The measures that the exports have."""
        return sorted({one.measure for one in self.exported})


def is_bounded(exported: Iterable[Exported]) -> bool:
    """Whether looks bound to the end what everybody may have added of the measure that counts."""
    best = min((one.measure for one in exported), default="")  # linesAccepted, before linesMerged
    return all(one.stranger.high is not None for one in exported if one.measure == best)


def _add(ranges: dict[str, Range], person: str, low: int, high: int | None) -> None:
    before = ranges.get(person, NOTHING)
    bounded = before.high is not None and high is not None
    ranges[person] = Range(before.low + low, (before.high or 0) + (high or 0) if bounded else None)


def build(mixed: Mixed, answer: Answer) -> PeriodRow:
    """The row of a period; its verdict comes from ``compare``."""
    basis = basis_of(mixed)
    bases: list[Basis] = ["linesAccepted", "linesMerged"]
    return PeriodRow(
        label=mixed.period.label,
        period=mixed.period,
        closed=mixed.closed,
        completeness=_completeness(mixed),
        basis=basis,
        active={one: _active(mixed, one) for one in bases if one in mixed.measures() or one == basis},
        of=None if mixed.roster is None else len(mixed.roster),
        figures=_figures(mixed),
        unattributed=_unattributed(mixed),
        sources=[*(daily.cover for daily in mixed.daily), _cover(mixed)],
        answer=answer,
    )


def basis_of(mixed: Mixed) -> Basis:
    """The best basis that the period has."""
    return "linesAccepted" if "linesAccepted" in mixed.measures() or mixed.daily else "linesMerged"


def _active(mixed: Mixed, basis: str) -> Figure:
    ranges = mixed.ranges(basis)
    if mixed.roster is not None:
        ranges = {person: one for person, one in ranges.items() if person in mixed.roster}
    low = sum(one.low > 0 for one in ranges.values())
    high: int | None = sum(one.high is None or one.high > 0 for one in ranges.values())
    doubts = mixed.doubts(basis)
    if OPEN_END in doubts or any(daily.doubt for daily in mixed.daily):
        high = None if mixed.roster is None else len(mixed.roster)
    return between(low, high, "; ".join(doubts) or OFF_THE_EDGES)


def _total(mixed: Mixed, measure: str, of_daily: str | None) -> Figure:
    """The total of a measure: everybody's and nobody's, from exports and daily sources."""
    low, high = 0, 0
    bounded = True
    for one in mixed.exported:
        if one.measure == measure:
            for added in (*one.added.values(), one.stranger):
                low += added.low
                bounded = bounded and added.high is not None
                high += added.high or 0
    for daily in mixed.daily:
        if of_daily is not None:
            low += getattr(daily.inside.everything(), of_daily)
            high += getattr(daily.touched.everything(), of_daily)
        bounded = bounded and daily.doubt is None
    reason = "; ".join(mixed.doubts(measure)) or OFF_THE_EDGES
    if not any(one.measure == measure for one in mixed.exported):
        bounded, reason = False, NOT_TOLD
    return between(low, high if bounded else None, reason)


_ALSO_DAILY: Mapping[str, str] = {
    "sessions": "sessions",
    "linesAccepted": "lines_accepted",
    "linesRemoved": "lines_removed",
    "decisionsAccepted": "decisions_accepted",
    "decisionsRejected": "decisions_rejected",
    "commits": "commits",
    "pullRequests": "pull_requests",
    "tokens": "tokens",
}


def _figures(mixed: Mixed) -> dict[str, Figure]:
    figures = {name: _total(mixed, name, field_name) for name, field_name in _ALSO_DAILY.items()}
    for name in ("linesMerged", "pullRequestsMerged"):
        if name in mixed.measures():
            figures[name] = _total(mixed, name, None)
    figures["acceptanceRate"] = absent(NOT_TOLD)
    for name in ("meteredCost", "apiEquivalentCost", "cost"):
        figures[name] = between(0, None, NOT_TOLD)
    figures["costPerActive"] = absent(NOT_TOLD)
    return figures


def _unattributed(mixed: Mixed) -> dict[str, Figure]:
    low, high = 0, 0
    bounded = True
    for one in mixed.exported:
        if one.measure == "linesAccepted":
            for actor, added in one.added.items():
                if one.is_person.get(actor) is None:
                    low += added.low
                    bounded = bounded and added.high is not None
                    high += added.high or 0
    for daily in mixed.daily:
        low += sum(measures.lines_accepted for measures in daily.inside.unattributed.values())
        high += sum(measures.lines_accepted for measures in daily.touched.unattributed.values())
        bounded = bounded and daily.doubt is None
    reason = "; ".join(mixed.doubts("linesAccepted")) or OFF_THE_EDGES
    return {"linesAccepted": between(low, high if bounded else None, reason)}


def _cover(mixed: Mixed) -> SourceCover:
    return SourceCover(
        source=EXPORTS,
        covered=is_bounded(mixed.exported),
        populations=sorted({one.population for one in mixed.exported}),
        days=[],
    )


def _completeness(mixed: Mixed) -> Completeness:
    basis = basis_of(mixed)
    exact = all(one.low == one.high for one in mixed.ranges(basis).values()) and not mixed.doubts(basis)
    if not mixed.closed:
        return "provisional"
    return "complete" if exact else "incomplete"


def compare(before: Mixed, after: Mixed, threshold: Fraction, action: str) -> Answer:
    """The verdict of two comparable periods, over engineers on the roster of both."""
    basis = basis_of(after)
    if basis != basis_of(before):
        return _unknown(after, "the two periods have no basis in common", action)
    lacking = _told_of_one(before, after, basis)
    if lacking is not None:
        return _unknown(after, lacking, action)
    first, second = before.ranges(basis, ended=True), after.ranges(basis, ended=True)
    people: Iterable[str] = first.keys() | second.keys()
    strangers = _open(before, basis) or _open(after, basis)
    if before.roster is not None and after.roster is not None:
        people, strangers = before.roster & after.roster, []
    unlisted = {one: _unlisted(which, basis) for one, which in ((0, before), (1, after))}
    ways = [
        ways_to_move(first.get(one, unlisted[0]), second.get(one, unlisted[1]), threshold) for one in people
    ]
    decided = decide(ways)
    doubts = list(dict.fromkeys([*strangers, *before.doubts(basis), *after.doubts(basis)]))
    if decided.verdict is None or strangers:
        reason = "; ".join(doubts) or "the ranges allow more than one verdict"
        return _unknown(after, reason, action, decided)
    return Answer(
        verdict=decided.verdict,
        sentence=range_sentence(decided, after.period, before.period, basis, of=_both(before, after)),
        basis=basis,
        compared_on=basis,
        period=after.period,
        previous=before.period,
        counts=decided.counts,
        ranges=decided.ranges,
        joiners=_active_beside(after, before, basis),
        leavers=_active_beside(before, after, basis),
    )


def _both(before: Mixed, after: Mixed) -> int | None:
    if before.roster is None or after.roster is None:
        return None
    return len(before.roster & after.roster)


def _active_beside(these: Mixed, others: Mixed, basis: str) -> Spread | None:
    """How many are active who are on the roster of one period only."""
    if these.roster is None or others.roster is None:
        return None
    ranges = [one for person, one in these.ranges(basis).items() if person in these.roster - others.roster]
    return Spread(sum(one.low > 0 for one in ranges), sum(one.high is None or one.high > 0 for one in ranges))


def _open(mixed: Mixed, basis: str) -> list[str]:
    """Why somebody may have been active whom no source lists."""
    open_end = any(one.measure == basis and one.stranger.high is None for one in mixed.exported)
    return [*([OPEN_END] if open_end else []), *(daily.doubt for daily in mixed.daily if daily.doubt)]


def _unlisted(mixed: Mixed, basis: str) -> Range:
    """What somebody on the roster may have added whom no source lists."""
    return UNKNOWN if _open(mixed, basis) else NOTHING


def _told_of_one(before: Mixed, after: Mixed, basis: str) -> str | None:
    """Whose use only one of the periods tells of, in words: nobody stops because a file is missing."""
    told = [{one.population for one in which.exported if one.measure == basis} for which in (before, after)]
    daily = {
        population for which in (before, after) for one in which.daily for population in one.cover.populations
    }
    lacking = sorted((told[0] ^ told[1]) - daily)
    if not lacking:
        return None
    silent = after if lacking[0] in told[0] else before
    return f"nothing tells of {lacking[0]} use in {silent.period.in_words()}"


def not_comparable(mixed: Mixed, reason: str, action: str = "") -> Answer:
    """The answer of a period that nothing can be compared with."""
    return _unknown(mixed, reason, action)


def _unknown(after: Mixed, reason: str, action: str, decided: RangeVerdict | None = None) -> Answer:
    return Answer(
        "unknown",
        unknown_sentence(reason),
        period=after.period,
        reason=reason,
        action=action or None,
        ranges=decided.ranges if decided else None,
    )
