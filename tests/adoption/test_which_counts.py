"""Which live source counts for whom, and what one that counts does not tell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.adoption.daily import METERED, TELLS
from shared.adoption.mixed import NOT_TOLD
from shared.adoption.mixed_rows import build as build_mixed
from shared.adoption.period_rows import build, span_of
from shared.adoption.which_counts import ADMIN, BEST, ENTERPRISE, NOT_TOLD_BY, best_first, told_by
from shared.records import Answer
from shared.sources import LIVE
from tests.adoption.making import fact, source_span, week
from tests.adoption.test_mixed_rows import AFTER, daily, exported, mixed


def test_the_table_names_live_sources_only() -> None:
    """Each by its name, and measures that a daily source can tell."""
    assert {source for ranked in BEST.values() for source in ranked} <= LIVE.keys()
    assert {ENTERPRISE, ADMIN} == LIVE.keys()
    assert all(measures <= TELLS.keys() for measures in NOT_TOLD_BY.values())


@pytest.mark.parametrize(
    ("population", "best"), [("subscription", ENTERPRISE), (METERED, ADMIN), ("a new one", ADMIN)]
)
def test_the_better_source_comes_first(population: str, best: str) -> None:
    """Of seats the Analytics API, of metered use the Admin API; one that the table does not name is last."""
    assert best_first(population, [ADMIN, ENTERPRISE])[0] == best
    assert best_first(population, ["a newcomer", best]) == sorted(
        ["a newcomer", best], key=lambda one: (one not in BEST.get(population, ()), one)
    )


def test_what_a_source_does_not_tell_is_unknown_and_never_nought() -> None:
    """Its part of the sum is missing, the other source's is the known part, and the reason names who is
    silent; a week in which nobody of its people shows is whole."""
    silent = replace(
        source_span(week(), [fact("ea", lines_accepted=5)], source=ENTERPRISE), tells=told_by(ENTERPRISE)
    )
    metered = source_span(week(), [fact("eb", METERED, tokens=7)], source=ADMIN)
    figures = build(span_of(week(), [metered, silent]), None).figures
    assert (figures["tokens"].value, figures["tokens"].low) == (None, 7)
    assert figures["tokens"].reason == f"{ENTERPRISE} does not tell"
    assert figures["linesAccepted"].value == 5
    quiet = build(span_of(week(), [metered, replace(silent, facts=())]), None)
    assert quiet.figures["tokens"].value == 7


def test_beside_exports_it_is_named_as_well() -> None:
    """A total is open upwards, with who tells nothing of whom."""
    told = replace(daily(20, 40, 30), tells=told_by(ENTERPRISE))
    one = mixed(AFTER, exported({"e1": 10}, measure="tokens"), by_day=(told,))
    assert one.doubts("tokens") == ["admin does not tell"]
    figure = build_mixed(one, Answer("unknown", "")).figures["tokens"]
    assert (figure.value, figure.low, figure.reason) == (None, 10, "admin does not tell")
    assert mixed(AFTER, exported({"e1": 10})).doubts("tokens") == [NOT_TOLD]


def test_a_week_without_the_source_of_the_week_before_is_not_compared() -> None:
    """Nobody stops because a key was taken away."""
    before = span_of(week(-1), [source_span(week(-1), [fact("ea", METERED, lines_accepted=5)], source=ADMIN)])
    after = span_of(week(), [source_span(week(), [fact("eb", lines_accepted=5)], source=ENTERPRISE)])
    answer = build(after, before).answer
    assert (answer.verdict, ADMIN in (answer.reason or "")) == ("unknown", True)
