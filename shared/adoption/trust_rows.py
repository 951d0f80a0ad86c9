"""The trust checks of a live source that ask about its rows: can they be true, are they what was asked?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from shared.adoption.trust_live import SourceEvidence
from shared.adoption.trust_periods import in_order, listed, touching, with_days
from shared.heads import OddCost
from shared.records import Check, PeriodRow


class _Doubt(NamedTuple):
    """What was seen, what to do about it, and in which of the periods it is so."""

    seen: str
    action: str
    periods: list[str]


def plausibility(evidence: SourceEvidence, rows: Sequence[PeriodRow]) -> Check:
    """Whether the rows can be true: they do not come again, nor shrink, and cost what they used to."""
    expected = "rows like the source's own before"
    if not evidence.head.days_known:
        return evidence.check("plausibility", "unknown", expected, "no day is known")
    doubts = [one for one in _doubts(evidence, rows) if one.periods or not rows]
    if not doubts:
        return evidence.check("plausibility", "pass", expected, "nothing else")
    seen = "; ".join(one.seen for one in doubts)
    periods = in_order(rows, {label for one in doubts for label in one.periods})
    return evidence.check("plausibility", "warn", expected, seen, doubts[0].action, periods=periods)


def _doubts(evidence: SourceEvidence, rows: Sequence[PeriodRow]) -> Iterator[_Doubt]:
    for again in evidence.repeats:
        yield _Doubt(
            f"the rows of {again.first} to {again.last} are those of {again.like} on",
            "Compare these days with the vendor's own page: it may have answered out of a cache.",
            touching(rows, again.first, again.last),
        )
    if shrunk := evidence.head.shrunk_days:
        yield _Doubt(
            f"{listed(shrunk)} lost more than half when read again",
            "Compare the day with the vendor's own page. If it is truly empty, send accept-empty.",
            with_days(rows, shrunk),
        )
    for odd in evidence.odd_costs:
        yield _Doubt(
            _in_words(odd),
            "Compare a day's cost with the vendor's own page: its amounts should be cents.",
            touching(rows, odd.first, odd.last),
        )


def _in_words(odd: OddCost) -> str:
    span = f"from {odd.first} to {odd.last}" if odd.first < odd.last else f"on {odd.first}"
    if odd.times is None:
        return f"tokens cost nothing {span} ({odd.population}), though they did before"
    more = "more" if odd.is_high else "less"
    return f"a token costs {odd.times} times {more} {span} ({odd.population}) than it did before"


def contract(evidence: SourceEvidence, rows: Sequence[PeriodRow]) -> Check:
    """Whether the answers were what the contract says: whole, of the day and the organisation asked for.

    It fails where nothing else is known of a day, and warns where an earlier answer stands.
    """
    expected, head = "answers that keep the contract", evidence.head
    if not head.days_known and not head.broken_days:
        return evidence.check("contract", "unknown", expected, "no day is known")
    lost = {day for day, is_known in head.broken_days.items() if not is_known}
    periods = with_days(rows, lost) or with_days(rows, head.broken_days)
    if not head.broken_days or (rows and not periods):
        return evidence.check("contract", "pass", expected, "nothing else")
    fails = bool(with_days(rows, lost) if rows else lost)
    return evidence.check(
        "contract",
        "fail" if fails else "warn",
        expected,
        f"answers about {listed(head.broken_days)} that break it",
        "Look at the last runs in /api/status for what was found. The days are asked for again; if that does "
        "not help, the vendor's API has changed: report it.",
        periods=periods,
    )
