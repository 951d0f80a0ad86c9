"""What a report settles follows from its days, and from those of the reports beside it."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from shared.adoption.settling import Settled
from shared.adoption.settling_reports import Reported, settled_by_reports
from shared.periods import ONE_DAY, midnight

LAG = timedelta(hours=24)
WEEK_9, WEEK_16 = "2026-W46", "2026-W47"


def report(
    name: str, first: int, last: int, kind: str = "spend_report", *, spoken: int = 30, whose: str = ""
) -> Reported:
    """A report of days of November 2026, shown when the vendor knew everything up to the day ``spoken``."""
    begin, end = midnight(date(2026, 11, first)), midnight(date(2026, 11, last)) + ONE_DAY
    known = datetime(2026, 11, spoken, tzinfo=UTC) + ONE_DAY
    return Reported(name, kind, ("claude_ai", whose), begin, end, known)


def settled(*reports: Reported) -> dict[str, Settled]:
    return settled_by_reports(reports, lag=LAG, zone=UTC)


def labels(*reports: Reported) -> dict[str, list[str]]:
    """What each settles, by its name."""
    return {name: [period.label for period in one.periods] for name, one in settled(*reports).items()}


def test_a_report_of_a_week_or_a_month_settles_it() -> None:
    """And nothing else; what it lacks is nothing."""
    found = settled(report("a", 9, 15))["a"]
    assert found.in_words == ["Monday 9 November 00:00 to Monday 16 November 2026 00:00 UTC"]
    assert found.missing == []
    assert labels(report("a", 1, 30)) == {"a": ["2026-11"]}


def test_reports_settle_what_they_lead_over_together() -> None:
    """Two that meet, and two with one beginning, of which one alone would settle no week or another one."""
    assert labels(report("a", 9, 11), report("b", 12, 15)) == {"a": [WEEK_9], "b": [WEEK_9]}
    assert labels(report("a", 9, 15), report("b", 9, 22)) == {"a": [WEEK_9, WEEK_16], "b": [WEEK_16]}


def test_two_of_one_week_both_settle_it() -> None:
    """What would be missing without it would be true of neither."""
    assert labels(report("a", 9, 15), report("b", 9, 15)) == {"a": [WEEK_9], "b": [WEEK_9]}


def test_other_organisations_and_other_kinds_lead_nowhere() -> None:
    """Tokens and sessions do not add; nor does what two organisations used."""
    assert labels(report("a", 9, 11), report("b", 12, 15, whose="other")) == {"a": [], "b": []}
    assert labels(report("a", 9, 11), report("b", 12, 15, "members_analytics")) == {"a": [], "b": []}
    assert labels(report("a", 9, 15, "members_analytics")) == {"a": [WEEK_9]}


@pytest.mark.parametrize("kind", ["spend_report", "members_analytics"])
def test_one_that_was_shown_too_early_settles_nothing(kind: str) -> None:
    """Of its last day the vendor may not have known everything; a spend report's receipt says what to do."""
    found = settled(report("a", 9, 15, kind, spoken=14))["a"]
    assert found.periods == []
    told = "The vendor may not have known all of its days yet: export them again on Tuesday 17 November 2026"
    assert found.missing == ([f"{told} or later."] if kind == "spend_report" else [])


def test_a_report_of_no_week_says_which_days_would_be_one() -> None:
    """Members analytics tells who was absent, whatever its days; nobody is asked for more of it."""
    told = "Alone or with others it makes no whole week or month: a report of Monday 9 November 2026 to "
    assert settled(report("a", 7, 12))["a"].missing == [f"{told}Sunday 15 November 2026 would."]
    assert settled(report("a", 7, 12, "members_analytics"))["a"].missing == []
    assert settled(report("a", 7, 12, "members"))["a"] == Settled()


def test_cost_settles_each_week_of_which_every_day_is_told() -> None:
    """A week rests on the newest file of each of its days, as far as these were over."""
    assert labels(report("a", 1, 15, "console_cost")) == {"a": ["2026-W45", WEEK_9]}
    both = labels(report("a", 1, 20, "console_cost", spoken=18), report("b", 16, 30, "console_cost"))
    assert both["b"] == [WEEK_16, "2026-W48", "2026-11"]
    assert "2026-11" in both["a"]
    assert WEEK_16 not in both["a"]
    assert labels(report("a", 9, 15, "console_cost", spoken=14)) == {"a": []}


def test_the_order_of_arrival_does_not_matter() -> None:
    """Whatever came first."""
    files = [report(name, *days) for name, days in {"a": (9, 15), "b": (9, 22), "c": (16, 18)}.items()]
    files += [report("d", 1, 20, "console_cost", spoken=18), report("e", 16, 30, "console_cost")]
    found = labels(*files)
    for draw in range(6):
        assert labels(*random.Random(draw).sample(files, len(files))) == found  # noqa: S311
