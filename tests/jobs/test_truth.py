"""After a refresh every week says what really happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from local.vendor import SimulatedVendor, World
from shared.jobs.refresh import refresh
from tests.conftest import MakeApp, TestClock
from tests.jobs.stage import (
    OWN_KEY,
    TODAY,
    YVES,
    ago,
    assert_true,
    days_asked,
    every_row,
    row_of,
    small_world,
    true_unattributed,
    use,
)

Serve = Callable[..., SimulatedVendor]


def mondays(since: date, last: date) -> list[date]:
    first = since - timedelta(days=since.weekday())
    return [first + timedelta(days=days) for days in range(0, (last - first).days + 1, 7)]


@pytest.mark.parametrize(
    ("world", "days"),
    [
        ("honest", 64),
        ("new-team", 40),
        ("holiday-week", 40),
        ("silent-since-wednesday", 30),
        ("growing-large", 8),
        ("many", 8),
    ],
)
def test_every_week_is_the_truth(
    world: str, days: int, serve: Serve, make_app: MakeApp, clock: TestClock
) -> None:
    """Each measure, the sum over populations, who was active, and what the keys of nobody did."""
    vendor = serve(world)
    app = make_app(vendor, BACKFILL_DAYS=str(days))
    assert refresh(app, "timer").outcome == "ok"
    rows = every_row(app)
    since = ago(days - 1)
    assert [row.period.start.date() for row in rows["week"]] == mondays(since, TODAY)
    assert [row.period.start.date() for row in rows["day"]] == [ago(age) for age in reversed(range(days))]
    for row in (*rows["week"], *rows["day"], *rows["month"]):
        assert_true(row, vendor.world, since, clock.now())
    if world == "many":  # its days come in several pages
        assert [request for request in vendor.requests if request.parameter("page")]


def test_the_closed_weeks_of_an_honest_world_are_whole(serve: Serve, make_app: MakeApp) -> None:
    """Every week but the running one is complete and closed, so its figures are values."""
    app = make_app(serve("honest"), BACKFILL_DAYS="50")
    refresh(app, "timer")
    *closed, running = every_row(app)["week"][1:]
    assert {(row.completeness, row.closed) for row in closed} == {("complete", True)}
    assert len(closed) == 6
    assert not running.closed


def test_a_week_off_is_a_true_zero(serve: Serve, make_app: MakeApp) -> None:
    """Use on both sides of a gap makes the gap true: nobody was active, and that is known."""
    app = make_app(serve("holiday-week"), BACKFILL_DAYS="40")
    refresh(app, "timer")
    row = row_of(app, ago(14))
    assert row.completeness == "complete"
    assert (row.active["anyActivity"].value, row.figures["linesAccepted"].value) == (0, 0)


def test_before_a_teams_first_row_nothing_is_zero(serve: Serve, make_app: MakeApp) -> None:
    """Empty days before the Monday of the first rows prove nothing: unknown, with the reason."""
    app = make_app(serve("new-team"), BACKFILL_DAYS="40")
    refresh(app, "timer")
    before, first = row_of(app, ago(28)), row_of(app, ago(21))
    assert before.completeness == "uncovered"
    assert (before.active["anyActivity"].value, before.figures["tokens"].value) == (None, None)
    assert before.figures["tokens"].reason
    assert first.completeness == "complete"


@pytest.mark.parametrize("world", ["empty", "api-only"])
def test_a_key_that_sees_nobody_makes_no_zeros_of_it(world: str, serve: Serve, make_app: MakeApp) -> None:
    """No rows at all is no adoption of 0; keys' rows alone are nobody's activity."""
    app = make_app(serve(world), BACKFILL_DAYS="30")
    refresh(app, "timer")
    for row in every_row(app)["week"]:
        assert row.active["anyActivity"].low == 0
        if world == "empty":
            assert row.active["anyActivity"].value is None
            assert row.figures["linesAccepted"].value is None


def test_a_persons_own_key_counts_as_the_person(serve: Serve, make_app: MakeApp) -> None:
    """Its rows are in the totals once, its maker is active, and nothing of it is unattributed."""
    alone = [use(ago(9), OWN_KEY, 31, is_key=True)]
    world: World = small_world(10, alone)
    app = make_app(serve(world), BACKFILL_DAYS="14")
    refresh(app, "timer")
    row = row_of(app, ago(9))
    truth = world.truth_of_week(ago(14))
    assert row.figures["linesAccepted"].low == truth.total().lines_accepted
    assert true_unattributed(world, truth) == (
        row.unattributed["sessions"].low,
        row.unattributed["linesAccepted"].low,
    )
    assert truth.key(OWN_KEY).lines_accepted > 31
    assert YVES in truth.active_people


def test_who_only_used_an_own_key_is_active(serve: Serve, make_app: MakeApp) -> None:
    """And a pipeline's key makes nobody active, not even its maker."""
    world = small_world(1, [use(ago(7), OWN_KEY, 9, is_key=True)])
    app = make_app(serve(world), BACKFILL_DAYS="14")
    refresh(app, "timer")
    assert row_of(app, ago(7)).active["anyActivity"].low == 1
    assert row_of(app, ago(7)).unattributed["sessions"].low == 0


def test_the_backfill_is_asked_for_newest_first(serve: Serve, make_app: MakeApp) -> None:
    """A reader sees the newest weeks first."""
    vendor = serve(small_world())
    refresh(make_app(vendor, BACKFILL_DAYS="20", FETCH_CONCURRENCY="1"), "timer")
    assert days_asked(vendor) == [ago(age) for age in range(20)]
