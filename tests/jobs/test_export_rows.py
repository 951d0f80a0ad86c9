"""One row for each edge, and one that the answer compares; rows whose edge is gone go."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shared.app import App
from shared.jobs.rebuild import rebuild
from shared.store.period_rows import ANSWER
from tests.adoption.weekly import FRI_6, FRI_13, FRI_20, MONDAY, TEAM, look
from tests.conftest import MakeApp, TestClock


@pytest.fixture
def app(make_app: MakeApp, clock: TestClock) -> App:
    clock.at = MONDAY
    return make_app()


def test_each_edge_ends_a_row_and_the_answer_has_its_own(app: App) -> None:
    """Three Friday exports: three rows and the answer's, which needs two periods."""
    for at, count in ((FRI_6, 10), (FRI_13, 20)):
        look(app, at, {"ana": count})
    rebuild(app)
    assert sorted(app.periods.built("export")) == [FRI_6, FRI_13]
    look(app, FRI_20, {"ana": 40})
    rebuild(app)
    assert sorted(app.periods.built("export")) == [FRI_6, FRI_13, FRI_20, ANSWER]
    answer = app.periods.read_answer()
    assert answer is not None
    assert answer.answer.verdict == "yes"


def test_the_answer_moves_on_from_month_to_month(app: App, clock: TestClock) -> None:
    """The answer's row comes to be of other months, and what it was built from before holds nobody up."""
    clock.at = datetime(2026, 12, 21, tzinfo=UTC)
    fridays = ("10-23", "10-30", "11-06", "11-13", "11-20", "11-27", "12-04", "12-11", "12-18")
    for week, day in enumerate(fridays):
        look(app, f"2026-{day}T16:00Z", {"ana": 100 * (week + 1)})
        rebuild(app)
        found = app.periods.read_answer()
        assert (found is not None) == (week >= 2)
        assert found is None or f"{found.period.end:%m-%d}" == day
    assert rebuild(app) == 0


def test_a_row_goes_when_its_edge_goes(app: App) -> None:
    """A file that is contested later ends no period any more."""
    look(app, FRI_6, dict.fromkeys(TEAM, 100))
    look(app, FRI_13, dict.fromkeys(TEAM, 900))
    rebuild(app)
    assert FRI_13 in app.periods.built("export")
    look(app, FRI_20, dict.fromkeys(TEAM, 300))
    look(app, "2026-11-22T16:00Z", dict.fromkeys(TEAM, 350))
    rebuild(app)
    assert sorted(app.periods.built("export")) == [FRI_6, FRI_20, "2026-11-22T16:00Z"]


def test_two_looks_within_a_minute_are_one_edge(app: App) -> None:
    """A row is named to the minute: the last look of a minute ends it, and running again is free."""
    look(app, "2026-11-13T16:10:05Z", {"ana": 10})
    look(app, "2026-11-13T16:10:40Z", {"ana": 12})
    assert rebuild(app) > 0
    assert sorted(app.periods.built("export")) == [FRI_13]
    assert rebuild(app) == 0
