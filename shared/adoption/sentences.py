"""The answer in words: which periods, how many engineers, on which basis."""

from __future__ import annotations

from collections.abc import Mapping

from shared.adoption.range_verdict import RangeVerdict
from shared.adoption.verdict import is_flat
from shared.periods import Period
from shared.records import Basis, Counts, Spread, Verdict

#: What "active" means on each basis, as a reader would say it.
BASIS_IN_WORDS: Mapping[Basis, str] = {
    "anyActivity": "active: any session, line, commit, pull request, decision or token",
    "tokens": "active: any token",
    "linesAccepted": "active: any accepted line",
    "linesMerged": "active: any line in a merged pull request",
}


def sentence(
    verdict: Verdict, counts: Counts, period: Period, before: Period, basis: Basis, of: int | None
) -> str:
    """The whole answer in one sentence that can be read aloud."""
    return (
        f"{_opening(verdict, counts)}: {_engineers(counts.active, of)} used Claude Code in "
        f"{period.in_words()}, {counts.active_before} in {before.in_words()}; "
        f"{counts.started + counts.gained} started or gained, {counts.held} held, "
        f"{counts.declined + counts.stopped} declined or stopped ({BASIS_IN_WORDS[basis]})."
    )


def range_sentence(
    decided: RangeVerdict, period: Period, before: Period, basis: Basis, of: int | None
) -> str:
    """The answer where some counts are ranges: ``5 to 6 engineers``."""
    said = {name: _spread(one) for name, one in decided.ranges.items()}
    up = _spread_of_sum(decided, "started", "gained")
    down = _spread_of_sum(decided, "declined", "stopped")
    who = "engineers" if of is None else f"of {of} engineers"
    return (
        f"{_range_opening(decided)}: {said['active']} {who} used Claude Code in {period.in_words()}, "
        f"{said['activeBefore']} in {before.in_words()}; {up} started or gained, {said['held']} held, "
        f"{down} declined or stopped ({BASIS_IN_WORDS[basis]})."
    )


def _range_opening(decided: RangeVerdict) -> str:
    if decided.counts is not None and decided.verdict is not None:
        return _opening(decided.verdict, decided.counts)
    return (decided.verdict or "unknown").capitalize()


def _spread(one: Spread) -> str:
    return str(one.low) if one.low == one.high else f"{one.low} to {one.high}"


def _spread_of_sum(decided: RangeVerdict, first: str, second: str) -> str:
    one, other = decided.ranges[first], decided.ranges[second]
    return _spread(Spread(one.low + other.low, one.high + other.high))


def unknown_sentence(reason: str) -> str:
    """The sentence where there is no verdict."""
    return f"Unknown: {reason}."


def _opening(verdict: Verdict, counts: Counts) -> str:
    if verdict == "no" and is_flat(counts):
        return "No, flat"
    if verdict == "mixed":
        more = counts.active > counts.active_before
        return (
            "Mixed, more but not more gained than lost" if more else "Mixed, fewer but more gained than lost"
        )
    return verdict.capitalize()


def _engineers(active: int, of: int | None) -> str:
    if of is not None:
        return f"{active} of {of} engineers"
    return "1 engineer" if active == 1 else f"{active} engineers"
