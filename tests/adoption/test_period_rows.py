"""Laws of one period's row: what it says, what it does not know, and against what it is compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adoption.period_rows import SourceSpan, build, span_of
from shared.periods import ONE_DAY, midnight, period_of
from shared.records import Fact, Figure, Measures, Number, PeriodRow
from tests.adoption.making import MONDAY, compared, fact, known, lines, row, rows_of, source_span, span, week

COUNTED = (
    "sessions",
    "linesAccepted",
    "linesRemoved",
    "decisionsAccepted",
    "decisionsRejected",
    "commits",
    "pullRequests",
    "tokens",
)
MONEY = ("meteredCost", "apiEquivalentCost")


def value(found: PeriodRow, name: str) -> object:
    return found.figures[name].value


# --- what counts ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "measure",
    [
        "sessions",
        "lines_accepted",
        "lines_removed",
        "decisions_accepted",
        "decisions_rejected",
        "commits",
        "pull_requests",
        "tokens",
    ],
)
def test_any_activity_makes_an_engineer_active(measure: str) -> None:
    """Any session, line, commit, pull request, decision or token is activity."""
    assert (
        row([Fact("ea", "api", msgspec.structs.replace(Measures(), **{measure: 1}))])
        .active["anyActivity"]
        .value
        == 1
    )


def test_cost_alone_is_no_activity() -> None:
    """A cost without a token or anything else makes nobody active."""
    assert row([fact("ea", cost="1.00")]).active["anyActivity"].value == 0


def test_an_engineer_is_active_once() -> None:
    """Two populations, two facts and a mapped key of one engineer are one active engineer."""
    facts = [fact("ea", "api", sessions=1), fact("ea", sessions=1), fact("kben", "api", sessions=1)]
    assert row(facts, owners={"kben": "ea"}).active["anyActivity"].value == 1


def test_a_mapped_key_is_its_person() -> None:
    """A person whose key alone was used is active, and nothing of it is unattributed."""
    found = row([fact("kben", "api", lines_accepted=9)], owners={"kben": "eben"})
    assert found.active["anyActivity"].value == 1
    assert found.unattributed["linesAccepted"].value == 0


def test_unattributed_use_counts_in_sums_and_never_as_active() -> None:
    """An unmapped key's lines, sessions and cost are in the figures and beside them, and nobody is active."""
    key = fact("kci", "api", lines_accepted=40, sessions=2, cost="0.50")
    found = row([key, fact("ea", "api", lines_accepted=10, sessions=1, cost="0.25")])
    assert (value(found, "linesAccepted"), value(found, "sessions")) == (50, 3)
    assert value(found, "meteredCost") == Decimal("0.75")
    assert {name: one.value for name, one in found.unattributed.items()} == {
        "linesAccepted": 40,
        "sessions": 2,
        "meteredCost": Decimal("0.50"),
    }
    assert found.active["anyActivity"].value == 1
    assert row([key]).active["anyActivity"].value == 0


def test_unattributed_use_is_never_in_the_answer() -> None:
    """A pipeline's key that runs ten times as much moves nobody."""
    before, after = fact("kci", "api", lines_accepted=10), fact("kci", "api", lines_accepted=100)
    answer = build(span([after]), span([before], period=week(-1))).answer
    assert answer.counts is not None
    assert (answer.counts.active_before, answer.counts.active, answer.counts.started) == (0, 0, 0)
    assert (answer.counts.gained, answer.counts.held) == (0, 0)


def test_an_estimate_on_subscription_rows_is_never_a_cost() -> None:
    """Only rows of the API population are metered; the others' estimates stand apart."""
    facts = [
        fact("ea", "api", tokens=1, cost="2.00"),
        fact("ea", "subscription", tokens=1, cost="30.00"),
        fact("eb", "some_new_plan", tokens=1, cost="7.00"),
    ]
    found = row(facts)
    assert value(found, "meteredCost") == Decimal("2.00")
    assert value(found, "apiEquivalentCost") == Decimal("37.00")
    assert found.figures["cost"].low == Decimal("2.00")


def test_cost_without_seat_prices_is_only_a_lower_bound() -> None:
    """While no seat price is known the cost has no value, nor has the cost of an active engineer."""
    found = row([fact("ea", "api", cost="2.00", tokens=1)])
    cost, per_active = found.figures["cost"], found.figures["costPerActive"]
    assert (cost.value, cost.low, cost.high) == (None, Decimal("2.00"), None)
    assert per_active.value is None
    assert cost.reason
    assert per_active.reason


def test_money_is_summed_before_it_is_rounded() -> None:
    """Cents are made of the period's sum: three times 0.4 of a cent is one cent, not none."""
    found = row([fact(f"e{name}", "api", cost="0.004") for name in "abc"])
    assert value(found, "meteredCost") == Decimal("0.01")


def test_the_acceptance_rate_is_of_everybodys_decisions() -> None:
    """Σ accepted ÷ Σ decisions; absent with a reason where nobody decided anything."""
    facts = [
        fact("ea", decisions_accepted=1),
        fact("eb", decisions_accepted=1, decisions_rejected=8),
    ]
    assert value(row(facts), "acceptanceRate") == Decimal("0.2000")
    nothing = row([fact("ea", sessions=1)]).figures["acceptanceRate"]
    assert (nothing.value, nothing.low, nothing.high) == (None, None, None)
    assert nothing.reason


# --- what is not known ---------------------------------------------------------------------------


def every_figure(found: PeriodRow) -> Mapping[str, Figure]:
    beside = {f"unattributed.{name}": one for name, one in found.unattributed.items()}
    return {"active": found.active["anyActivity"], **found.figures, **beside}


@pytest.mark.parametrize(
    ("letter", "words"), [("f", "failed"), (".", "not fetched yet"), ("s", "nothing proves it")]
)
def test_a_week_with_a_missing_day_has_no_value(letter: str, words: str) -> None:
    """One day failed, unfetched or suspect: no figure has a value, each says which day and why."""
    found = row([fact("ea", "api", lines_accepted=30, sessions=2, cost="1.00")], "cccccc" + letter)
    for name, figure in every_figure(found).items():
        assert figure.value is None, name
        assert figure.reason is not None
        assert "2026-11-15" in figure.reason, name
        assert words in figure.reason, name
    assert found.figures["linesAccepted"] == Figure(None, 30, None, found.figures["sessions"].reason)
    assert found.active["anyActivity"].low == 1
    assert found.completeness == "incomplete"
    assert not found.sources[0].covered


def test_several_missing_days_are_counted() -> None:
    """Three days that are not there are named by their number and the first of them."""
    reason = row(letters="cccc...").figures["sessions"].reason
    assert reason is not None
    assert "3 days from 2026-11-13 on are not fetched yet" in reason


def test_the_running_week_has_no_value() -> None:
    """A week whose days are all good so far, but not all over, has lows and no values."""
    found = row([fact("ea", lines_accepted=30)], "cp", settled=False)
    assert not found.closed
    assert found.completeness == "provisional"
    assert all(one.value is None and one.reason for one in every_figure(found).values())
    assert (found.figures["linesAccepted"].low, found.figures["linesAccepted"].high) == (30, None)
    assert found.answer.verdict == "unknown"
    assert found.sources[0].covered


def test_a_week_without_any_use_is_zero_where_that_is_proven() -> None:
    """Example 31: a whole week of expected emptiness has the value 0 and is complete."""
    found = rows_of(MONDAY, "rrrrree eeeeeee rrrrree")[1]
    assert (found.completeness, found.closed) == ("complete", True)
    assert found.active["anyActivity"] == Figure(0, 0, 0, None)


def test_a_week_that_nothing_proves_is_uncovered() -> None:
    """Example 32: empty from end to end, with nothing around it, is unknown and never zero."""
    (found,) = rows_of(MONDAY, "e" * 7)
    assert found.completeness == "uncovered"
    assert found.active["anyActivity"].value is None
    assert not found.sources[0].covered


def test_a_source_without_any_day_there_is_a_doubt() -> None:
    """A source that knows no day of the period leaves its figures open and the period open."""
    found = build(span_of(week(), [SourceSpan("silent", {}, settled=False, facts=(), owner_of_key={})]), None)
    assert found.completeness == "uncovered"
    assert found.figures["sessions"].value is None
    assert not found.sources[0].covered


def test_without_a_source_nothing_is_closed() -> None:
    """No source, no period that is over."""
    found = build(span_of(week(), []), None)
    assert (found.closed, found.completeness, found.sources) == (False, "uncovered", [])
    assert found.figures["sessions"].value is None


def test_every_source_must_be_whole() -> None:
    """Of two sources one lacks a day: the sums of both are open, and the one is named."""
    found = build(
        span_of(
            week(), [source_span(week(), source="first"), source_span(week(), letters="ccccccf", source="b")]
        ),
        None,
    )
    reason = found.figures["sessions"].reason
    assert reason is not None
    assert "(b)" in reason
    assert "(first)" not in reason
    assert [one.covered for one in found.sources] == [True, False]


def test_a_period_is_closed_when_every_source_is() -> None:
    """One source that can still change keeps the period open, and its figures without a value."""
    sources = [source_span(week(), source="a"), source_span(week(), source="b", settled=False)]
    found = build(span_of(week(), sources), None)
    assert (found.closed, found.completeness) == (False, "provisional")
    assert found.figures["sessions"].value is None


def test_facts_of_all_sources_add_and_share_the_keys_owners() -> None:
    """Two sources' facts are one sum; a key that one of them maps is that person everywhere."""
    found = build(
        span_of(
            week(),
            [
                source_span(
                    week(), [fact("kben", "api", lines_accepted=1)], source="a", owners={"kben": "eb"}
                ),
                source_span(week(), [fact("kben", "api", lines_accepted=2)], source="b"),
            ],
        ),
        None,
    )
    assert value(found, "linesAccepted") == 3
    assert found.active["anyActivity"].value == 1


def test_a_row_says_what_it_rests_on() -> None:
    """Each row carries its label, edges, basis, sources, populations and the state of each day."""
    found = row([fact("ea", "api", sessions=1), fact("ea", sessions=1)], "cccccee")
    assert (found.label, found.period, found.basis, found.of) == ("2026-W46", week(), "anyActivity", None)
    (source,) = found.sources
    assert source.populations == ["api", "subscription"]
    assert [one.day for one in source.days] == list(week().days())
    assert [one.state for one in source.days] == ["complete"] * 5 + ["empty_expected"] * 2


def test_a_verdict_needs_both_periods_whole() -> None:
    """A week whose predecessor lacks a day, or has none, has no verdict and says which week and why."""
    lacking = build(span(), span(letters="cccccc.", period=week(-1))).answer
    assert (lacking.verdict, lacking.counts) == ("unknown", None)
    assert lacking.reason is not None
    assert "2 to 8 November 2026" in lacking.reason
    assert "2026-11-08" in lacking.reason
    assert lacking.reason in lacking.sentence
    alone = build(span(), None).answer
    assert (alone.verdict, alone.reason) == ("unknown", "there is no period before it")


def test_example_32a_a_new_team_has_an_answer_once_two_weeks_are_closed() -> None:
    """First rows on a Tuesday: that week has figures and no verdict, the next one has both."""
    verdicts = [(one.completeness, one.answer.verdict) for one in rows_of(MONDAY, "eeeeeee errrree rrrrree")]
    assert verdicts == [("uncovered", "unknown"), ("complete", "unknown"), ("complete", "yes")]


def test_the_answer_carries_everything_that_its_sentence_says() -> None:
    """Verdict, counts, basis, measure and both periods stand in the row."""
    answer = compared({"a": 100}, {"a": 200}).answer
    assert answer.counts is not None
    assert (answer.verdict, answer.basis, answer.compared_on) == ("yes", "anyActivity", "linesAccepted")
    assert (answer.period, answer.previous) == (week(), week(-1))
    assert (answer.counts.gained, answer.reason) == (1, None)


# --- sums ----------------------------------------------------------------------------------------

CENTS = st.integers(0, 10**6).map(lambda cents: Decimal(cents) / 100)
DAY_FACTS = st.lists(
    st.builds(
        Fact,
        st.sampled_from(["ea", "eb", "kci", "kben"]),
        st.sampled_from(["api", "subscription"]),
        st.builds(Measures, *[st.integers(0, 5_000)] * 8, CENTS),
    ),
    max_size=4,
)
OWNERS = {"kben": "eb"}


def added(figures: Iterable[Figure]) -> Number:
    values = [figure.value for figure in figures if figure.value is not None]
    return sum(values, start=Decimal(0))


@given(st.lists(DAY_FACTS, min_size=7, max_size=7))
def test_the_rows_of_the_days_sum_to_the_row_of_the_week(facts: list[list[Fact]]) -> None:
    """Each sum of a week is that of its seven days, unattributed use included."""
    whole = row([one for day in facts for one in day], owners=OWNERS)
    days = [
        row(of_day, period=period_of("day", MONDAY + number * ONE_DAY), owners=OWNERS)
        for number, of_day in enumerate(facts)
    ]
    for name in (*COUNTED, *MONEY):
        assert added(day.figures[name] for day in days) == value(whole, name)
    for name, figure in whole.unattributed.items():
        assert added(day.unattributed[name] for day in days) == figure.value
    active = [day.active["anyActivity"].value or 0 for day in days]
    assert max(active) <= (whole.active["anyActivity"].value or 0) <= sum(active)


@given(st.lists(DAY_FACTS, max_size=3), st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_change_a_row(facts: list[list[Fact]], chance: object) -> None:
    """A row is the same, verdict included, however its facts came."""
    flat = [one for part in facts for one in part]
    shuffled = list(flat)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    before = span(lines({"a": 100, "b": 50}), period=week(-1))
    assert build(span(shuffled, owners=OWNERS), before) == build(span(flat, owners=OWNERS), before)


LETTERS = st.text("cef.sp", min_size=1, max_size=7)


@given(LETTERS, st.booleans(), DAY_FACTS)
def test_a_value_stands_only_where_everything_is_there(
    letters: str, settled: bool, facts: list[Fact]
) -> None:
    """A figure has a value just where no day is in doubt and the week is closed, else a low and a reason."""
    found = row(facts, letters, settled=settled)
    whole = settled and not set(letters) & set("f.s")
    for name in COUNTED:
        figure = found.figures[name]
        assert (figure.value is not None) == whole == (figure.reason is None) == (figure.high is not None)
        assert figure.low is not None
        assert figure.value in (None, figure.low)


@given(st.text("ref.", min_size=14, max_size=42), st.dates(date(2025, 1, 1), date(2027, 1, 1)))
def test_a_week_with_rows_is_never_zero(letters: str, first: date) -> None:
    """Whatever is missing around it, a week that has rows has at least those."""
    entries = known(first, letters)
    for found in rows_of(first, letters):
        with_rows = any(entries[day].content == "rows" for day in found.period.days())
        lows = found.active["anyActivity"].low, found.figures["linesAccepted"].low
        assert all(low for low in lows) == with_rows
        assert found.period.start == midnight(found.period.end.date() - timedelta(days=7))
