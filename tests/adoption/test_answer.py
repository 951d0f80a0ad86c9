"""Laws of the answer of now: the newest closed week, young enough, and both weeks usable."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from shared.adoption.answer import OLDEST, answer_now, weeks_that_answer, withhold
from shared.periods import ONE_DAY, Period
from shared.records import Answer, PeriodRow, SourceCover
from tests.adoption.making import MONDAY, MONDAY_NOON, evidence, judged, rows_of, week

#: Three closed weeks up to the worked examples' week, and a running one with nothing wrong.
GOOD = rows_of(MONDAY - timedelta(days=14), "rrrrree" * 3 + "RRRRREE")
ALL = frozenset(row.label for row in GOOD)


def asked(rows: list[PeriodRow], usable: frozenset[str] | None = None, now: datetime = MONDAY_NOON) -> Answer:
    """The answer; by default every row is usable."""
    return answer_now(rows, frozenset(row.label for row in rows) if usable is None else usable, now)


def test_the_newest_closed_week_answers() -> None:
    """The running week does not take part: the one before it is compared with its predecessor."""
    answer = asked(GOOD)
    assert answer == GOOD[2].answer
    assert (answer.period, answer.previous) == (week(), week(-1))
    assert answer.verdict == "no"


def test_a_week_that_ends_later_than_now_is_not_over() -> None:
    """A row is no evidence of a week that the reader's clock has not left behind."""
    answer = asked(GOOD, now=week().end - timedelta(microseconds=1))
    assert answer.period == week(-1)
    assert asked(GOOD, now=week().end).period == week()


def test_an_answer_is_given_for_sixteen_days() -> None:
    """At exactly 16 × 24 hours after its end a week still answers; a microsecond later nothing does."""
    assert timedelta(hours=16 * 24) == OLDEST
    assert asked(GOOD, now=week().end + OLDEST).verdict == "no"
    late = asked(GOOD, now=week().end + OLDEST + timedelta(microseconds=1))
    assert (late.verdict, late.counts) == ("unknown", None)
    assert late.reason is not None
    assert "16 days" in late.reason
    assert late.action


def test_without_a_closed_week_there_is_no_answer() -> None:
    """Nothing yet, or only the running week: unknown, with the reason and what to do."""
    for rows in ([], GOOD[3:]):
        answer = asked(rows)
        assert (answer.verdict, answer.reason) == ("unknown", "no week is closed yet")
        assert answer.sentence == "Unknown: no week is closed yet."
        assert answer.action


def test_both_weeks_must_be_usable() -> None:
    """Where no usable source covers the week or its predecessor, the stored verdict is not given out."""
    for doubted in (week(), week(-1)):
        answer = asked(GOOD, ALL - {doubted.label})
        assert (answer.verdict, answer.counts) == ("unknown", None)
        assert answer.reason == f"no usable source covers {doubted.in_words()}"
        assert answer.reason in answer.sentence
        assert answer.action
    assert asked(GOOD, ALL - {week(-2).label}).verdict == "no"


def test_a_week_without_a_verdict_says_why_and_what_to_do() -> None:
    """The stored reason stands, with an action beside it."""
    silent = rows_of(MONDAY - timedelta(days=7), "rrrrree" + "rreeeee")
    answer = asked(silent)
    assert answer.verdict == "unknown"
    assert answer.reason is not None
    assert "2026-11-11" in answer.reason
    assert answer.action == "See the trust checks."


def test_example_17_a_missing_sunday_leaves_the_week_before_as_the_newest() -> None:
    """Sunday was not fetched: coverage names it, and the answer is of the last two weeks that are closed."""
    for letter in "f.":
        rows = rows_of(MONDAY - timedelta(days=14), "rrrrree" * 2 + "rrrrre" + letter)
        answer = asked(rows)
        assert (answer.period, answer.previous) == (week(-1), week(-2))
        assert answer.verdict == "no"
        (coverage,) = (one for one in judged(evidence(), rows).trust.checks if one.name == "coverage")
        assert coverage.status in ("fail", "unknown")
        assert (week().end - ONE_DAY).date().isoformat() in coverage.seen


def test_a_period_that_no_usable_source_covers_has_no_figure_and_no_verdict() -> None:
    """What cannot be defended is not shown as a figure, nor is a verdict that compares with it."""
    first, second, third = GOOD[:3]
    shown = withhold([first, second, third], frozenset({first.label, third.label}))
    assert shown[0] == first
    assert all(figure.value is None for figure in (*shown[1].figures.values(), *shown[1].active.values()))
    assert shown[1].answer.verdict == shown[2].answer.verdict == "unknown"
    assert shown[2].figures == third.figures


# --- weeks, or export periods -----------------------------------------------------------------------

BY_DAY = [SourceCover("admin", True, ["api"], [])]
BY_EXPORTS = [SourceCover("exports", True, ["subscription"], [])]


def row(period: Period, *, closed: bool = True, sources: list[SourceCover] = BY_DAY) -> PeriodRow:
    """A row; of exports it is a range."""
    return msgspec.structs.replace(
        GOOD[0],
        label=period.label,
        period=period,
        closed=closed,
        sources=sources,
        completeness="complete" if sources == BY_DAY else "incomplete",
    )


def exported(end: datetime) -> PeriodRow:
    return row(Period(end - timedelta(days=7), end, "export"), sources=BY_EXPORTS)


FRIDAY = week().end - timedelta(hours=56)
OLDER = [row(week(-3)), row(week(-2)), row(week(-1))]


def test_weeks_answer_where_the_newest_that_is_due_is_told_by_day() -> None:
    """A fresher export takes nothing from them, on any weekday."""
    weeks = [*OLDER, row(week()), row(week(1), closed=False)]
    found = weeks_that_answer(weeks, exported(week(1).end - timedelta(hours=56)), MONDAY_NOON)
    assert found == weeks[:4]


def test_the_first_hours_of_a_monday_change_nothing() -> None:
    """Sunday cannot be settled yet: the week before still answers, though an export is newer."""
    weeks = [*OLDER, row(week(), closed=False)]
    assert weeks_that_answer(weeks, exported(FRIDAY), week().end + timedelta(hours=3)) == OLDER
    assert weeks_that_answer(weeks, exported(FRIDAY), week().end + timedelta(hours=4)) is None


def test_a_newer_export_stands_for_a_week_that_is_not_told_by_day() -> None:
    """Not closed, or told of by exports: the newer one of the two kinds answers."""
    for missing in (row(week(), closed=False), row(week(), sources=BY_EXPORTS)):
        weeks = [*OLDER, missing]
        assert weeks_that_answer(weeks, exported(FRIDAY), MONDAY_NOON) is None
        assert weeks_that_answer(weeks, exported(FRIDAY - timedelta(days=7)), MONDAY_NOON) == OLDER
        assert weeks_that_answer(weeks, None, MONDAY_NOON) == OLDER


def test_two_weeks_running_are_compared() -> None:
    """A closed week whose predecessor is told otherwise answers nothing; the pair before it does."""
    weeks = [row(week(-3)), row(week(-2)), row(week(-1), sources=BY_EXPORTS), row(week())]
    assert weeks_that_answer(weeks, None, MONDAY_NOON) == weeks[:2]
    assert weeks_that_answer(weeks[1:], None, MONDAY_NOON) is None
    assert weeks_that_answer(weeks[1:2], None, MONDAY_NOON) == weeks[1:2]


def test_a_week_that_exports_tell_exactly_is_told() -> None:
    """Spend reports of whole weeks settle them as daily rows do."""
    exact = msgspec.structs.replace(row(week(), sources=BY_EXPORTS), completeness="complete")
    weeks = [*OLDER, exact]
    assert weeks_that_answer(weeks, exported(FRIDAY), MONDAY_NOON) == weeks
