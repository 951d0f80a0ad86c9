"""Killed at any point, a refresh leaves the old or the new; running again makes it as if nothing had been."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

import pytest

from local.vendor import SimulatedVendor
from shared.jobs.refresh import refresh
from shared.sources.claude_code_admin import NAME
from tests.conftest import MakeApp, TestClock
from tests.jobs.dying import die
from tests.jobs.stage import (
    ago,
    assert_true,
    every_row,
    instance,
    manifest,
    small_world,
    undisturbed,
)
from tests.store.wire import Asked, Watch

Serve = Callable[..., SimulatedVendor]

#: Before these storage requests a first refresh of four days is killed: the spread reaches its end.
FIRST_RUN = [2, 4, 10, 17, 23, 31, 40, 50, 64]
#: The same for a run that finds today grown and a trailing day restated.
LATER_RUN = [3, 8, 13, 19, 25, 31, 38]


@pytest.mark.parametrize("request_number", FIRST_RUN)
def test_a_first_run_that_was_killed_is_made_good(
    request_number: int, serve: Serve, make_app: MakeApp, other_storage: str
) -> None:
    """Whatever was half done, the next run's rows are those of a run that nothing disturbed."""
    app = make_app(serve(small_world()), BACKFILL_DAYS="4")
    killed = die("refresh", app, request_number)
    assert killed or request_number > FIRST_RUN[-3]
    for day, known in manifest(app).days.items():  # what is published is there
        assert not known.facts or app.facts.read(NAME, day.isoformat(), known.facts)
    again = refresh(app, "timer")
    assert again.outcome == "ok"
    assert every_row(app) == undisturbed(app, other_storage)


@pytest.mark.parametrize("request_number", LATER_RUN)
def test_a_later_run_that_was_killed_is_made_good(
    request_number: int, serve: Serve, make_app: MakeApp, clock: TestClock
) -> None:
    """Readers in between see each day as it was or as it is, and the next run completes the change."""
    world = small_world()
    app = make_app(serve(world), BACKFILL_DAYS="4")
    refresh(app, "timer")
    before = every_row(app)
    world.restate(ago(1), 3.0)
    world.restate(ago(2), 2.0)
    killed = die("refresh", app, request_number)
    assert killed or request_number > LATER_RUN[-3]
    old_or_new = {(row.label, row.figures["linesAccepted"].low) for row in before["day"]} | {
        (day.isoformat(), world.truth(day).total().lines_accepted) for day in map(ago, range(4))
    }
    assert {(row.label, row.figures["linesAccepted"].low) for row in every_row(app)["day"]} <= old_or_new
    assert refresh(app, "timer").outcome == "ok"
    for rows in every_row(app).values():
        for row in rows:
            assert_true(row, world, ago(3), clock.now())


def test_at_every_moment_of_a_run_what_is_published_is_whole(serve: Serve, make_app: MakeApp) -> None:
    """Before each of its storage requests every day that the manifest names is there, the old or the new."""
    world = small_world()
    app = make_app(serve(world), BACKFILL_DAYS="4")
    true = {day: {world.truth(day).total().lines_accepted} for day in map(ago, range(4))}
    looking = Lock()

    def look(_: Asked) -> None:
        with looking:
            for day, known in manifest(instance(app)).days.items():
                facts = app.facts.read(NAME, day.isoformat(), known.facts) if known.facts else []
                assert (known.content == "rows") == bool(facts)
                assert sum(fact.measures.lines_accepted for fact in facts) in true[day]

    refresh(instance(app, Watch(before=look)), "timer")
    for day, factor in ((ago(1), 3.0), (ago(2), 2.0)):
        world.restate(day, factor)
        true[day].add(world.truth(day).total().lines_accepted)
    later = Watch(before=look)
    assert refresh(instance(app, later), "timer").days_changed == 2
    assert len(later.asked) > 20


def test_the_spreads_reach_the_end_of_a_run(serve: Serve, make_app: MakeApp) -> None:
    """They would be blind to a crash in steps that were added behind them."""
    world = small_world()
    app = make_app(serve(world), BACKFILL_DAYS="4")
    first, later = Watch(), Watch()
    refresh(instance(app, first), "timer")
    world.restate(ago(1), 3.0)
    world.restate(ago(2), 2.0)
    refresh(instance(app, later), "timer")
    assert FIRST_RUN[-3] < len(first.asked) < FIRST_RUN[-1] + 8
    assert LATER_RUN[-3] < len(later.asked) < LATER_RUN[-1] + 5


def test_a_run_that_died_delays_the_next_only_until_its_lease_runs_out(
    serve: Serve, make_app: MakeApp, clock: TestClock
) -> None:
    """Nobody lets its lease go; 45 seconds, and not a minute more."""
    app = make_app(serve(small_world()), BACKFILL_DAYS="4")
    assert die("refresh", app, 12)
    assert manifest(app).lease_holder
    run = refresh(app, "timer")
    assert run.outcome == "ok"
    assert 40 < sum(clock.slept) <= 48
    assert manifest(app).lease_holder == ""
    clock.slept.clear()
    refresh(app, "timer")
    assert clock.slept == []


def test_crash_after_crash_ends_well(serve: Serve, make_app: MakeApp, other_storage: str) -> None:
    """Five runs that die one after the other, each further on, and one that does not."""
    app = make_app(serve(small_world()), BACKFILL_DAYS="4")
    for request_number in (6, 18, 8, 30, 20):
        die("refresh", app, request_number)
        app.clock.sleep(60)
    assert refresh(app, "timer").outcome == "ok"
    assert every_row(app) == undisturbed(app, other_storage)
