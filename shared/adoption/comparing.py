"""Two comparable periods of which exports tell: the verdict that every value in the ranges gives."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import msgspec

from shared.adoption.mixed import Mixed
from shared.adoption.range_verdict import decide
from shared.adoption.ranges import PossibleUse, Range, Ways, use_of, ways_of
from shared.adoption.sentences import range_sentence, unknown_sentence
from shared.records import Answer, Basis, Spread

#: In what a gain or a decline is measured, the best first.
AMOUNTS = ("linesAccepted", "sessions", "tokens", "linesMerged")


def compare(before: Mixed, after: Mixed, threshold: Fraction, action: str) -> Answer:
    """The verdict over engineers on the roster of both, on the best basis that both periods have."""
    before, after = before.for_verdict(), after.for_verdict()
    lacking = _told_of_one(before, after)
    if lacking is not None:
        return not_comparable(after, lacking, action)
    measures = _measures(before, after)
    if measures is None:
        return not_comparable(after, "the two periods have no basis in common", action)
    basis, amount = measures
    ways = [*_ways(before, after, basis, amount, threshold).values()]
    decided = decide(ways)
    of = _both(before, after)
    answer = Answer(
        verdict="unknown",
        sentence="",
        basis=basis,
        compared_on=amount,
        period=after.period,
        previous=before.period,
        ranges=decided.ranges,
        joiners=_active_beside(after, before, basis),
        leavers=_active_beside(before, after, basis),
    )
    if decided.verdict is None or (of is None and _may_hide_others(before, after, basis, bool(ways))):
        doubts = [
            doubt for measure in (basis, amount) for one in (before, after) for doubt in one.doubts(measure)
        ]
        reason = "; ".join(dict.fromkeys(doubts)) or "the ranges allow more than one verdict"
        return msgspec.structs.replace(
            answer, sentence=unknown_sentence(reason), reason=reason, action=action or None
        )
    return msgspec.structs.replace(
        answer,
        verdict=decided.verdict,
        sentence=range_sentence(decided, after.period, before.period, basis, of),
        counts=decided.counts,
    )


def movements(before: Mixed, after: Mixed, threshold: Fraction) -> dict[str, Ways] | None:
    """Every way in which each engineer may have moved of those over whom ``compare`` decides; None where the
    two periods are not comparable."""
    before, after = before.for_verdict(), after.for_verdict()
    measures = _measures(before, after)
    if measures is None or _told_of_one(before, after) is not None:
        return None
    return _ways(before, after, *measures, threshold)


def not_comparable(mixed: Mixed, reason: str, action: str = "") -> Answer:
    """The answer of a period that nothing can be compared with."""
    return Answer(
        "unknown", unknown_sentence(reason), period=mixed.period, reason=reason, action=action or None
    )


def _told_of_one(before: Mixed, after: Mixed) -> str | None:
    """Whose use only one of the periods tells of, in words: nobody stops because a file is missing."""
    daily = before.daily_populations | after.daily_populations
    lacking = sorted((before.populations ^ after.populations) - daily)
    if not lacking:
        return None
    silent = after if lacking[0] in before.populations else before
    return f"nothing tells of {lacking[0]} use in {silent.period.in_words()}"


def _measures(before: Mixed, after: Mixed) -> tuple[Basis, str] | None:
    """The best basis that both periods have, and in what they are compared: exactly, where that can be."""
    bases = [basis for basis in before.bases if basis in after.bases]
    amounts = [one for one in AMOUNTS if before.tells(one) and after.tells(one)]
    exact = [one for one in amounts if _is_exact(before, one) and _is_exact(after, one)]
    return (bases[0], (exact or amounts)[0]) if bases and amounts else None


def _ways(before: Mixed, after: Mixed, basis: Basis, amount: str, threshold: Fraction) -> dict[str, Ways]:
    return {
        person: ways_of(first, second, threshold)
        for person, first, second in _uses(before, after, basis, amount)
    }


def _is_exact(mixed: Mixed, measure: str) -> bool:
    """Whether everybody's share of a measure is known, and that nobody else has one."""
    ranges = (*mixed.ranges(measure).values(), mixed.unlisted(measure))
    return all(one.low == one.high for one in ranges)


def _uses(
    before: Mixed, after: Mixed, basis: Basis, amount: str
) -> Iterable[tuple[str, PossibleUse, PossibleUse]]:
    """How each engineer may have used it in the two periods: those on both rosters, else all who show."""
    found = [(one, one.ranges(basis), one.ranges(amount)) for one in (before, after)]
    people = found[0][1].keys() | found[1][1].keys()
    if before.roster is not None and after.roster is not None:
        people = set(before.roster & after.roster)
    unlisted = [(one.unlisted(basis), one.unlisted(amount)) for one in (before, after)]
    for person in sorted(people):
        first, second = (
            _possible(active.get(person, nobody[0]), amounts.get(person, nobody[1]), basis == amount)
            for (_, active, amounts), nobody in zip(found, unlisted, strict=True)
        )
        yield person, first, second


def _possible(active: Range, amount: Range, same: bool) -> PossibleUse:
    return use_of(amount) if same else PossibleUse(active.may_be_zero, amount if active.top > 0 else None)


def _may_hide_others(before: Mixed, after: Mixed, basis: Basis, anybody: bool) -> bool:
    """Whether, without a roster, there may be others than were ever seen: on a day of a daily source
    that is missing, or where nobody was seen at all."""
    missing = any(daily.doubt_of_ended for one in (before, after) for daily in one.daily)
    return missing or (not anybody and any(one.unlisted(basis).top > 0 for one in (before, after)))


def _both(before: Mixed, after: Mixed) -> int | None:
    if before.roster is None or after.roster is None:
        return None
    return len(before.roster & after.roster)


def _active_beside(these: Mixed, others: Mixed, basis: Basis) -> Spread | None:
    """How many are active who are on the roster of one period only."""
    if these.roster is None or others.roster is None:
        return None
    beside = these.roster - others.roster
    ranges = [one for person, one in these.ranges(basis).items() if person in beside]
    return Spread(sum(one.low > 0 for one in ranges), sum(one.top > 0 for one in ranges))
