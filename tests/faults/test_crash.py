"""Killed at any point, a refresh leaves the old or the new; running again makes it as if nothing had been."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Lock

import pytest

from local.vendor import SimulatedVendor, World
from shared.app import App
from shared.jobs.leasing import LEASE
from shared.jobs.refresh import refresh
from shared.sources.claude_code_admin import NAME
from shared.store.manifests import take_lease
from tests.azurite import Accounts
from tests.conftest import MakeApp, TestClock
from tests.faults.aggregates import aggregates, undisturbed
from tests.jobs.dying import die
from tests.jobs.stage import ago, every_row, instance, manifest, small_world
from tests.store.wire import Asked, Watch

Serve = Callable[..., SimulatedVendor]

#: Before each storage request of a first refresh of four days a host is killed; and before each of those of
#: a refresh that finds two days restated.
FIRST_RUN = range(1, 65)
LATER_RUN = range(1, 49)

#: How many of these may lie behind the end, lest each change of a run be one of these numbers.
BEHIND = 8


def restate(world: World) -> None:
    world.restate(ago(1), 3.0)
    world.restate(ago(2), 2.0)


@pytest.mark.parametrize("request_number", FIRST_RUN)
def test_a_host_that_is_killed_leaves_nothing_behind(
    request_number: int, serve: Serve, make_app: MakeApp, accounts: Accounts
) -> None:
    """Killed before that request of a first run, and of a later one: what is published then is whole, each
    day as it was or as it is, and the next run ends byte for byte as if nothing had been."""
    world = small_world()
    app = make_app(serve(world), BACKFILL_DAYS="4", FETCH_CONCURRENCY="1")
    wanted = undisturbed("4 days", app, accounts, lambda one: refresh(one, "timer"))
    assert die("refresh", app, request_number) or request_number in FIRST_RUN[-BEHIND:]
    assert_published_is_whole(app)
    assert refresh(app, "timer").outcome == "ok"
    assert aggregates(app) == wanted
    if request_number not in LATER_RUN:
        return
    old = {row.label: row.figures["linesAccepted"].low for row in every_row(app)["day"]}
    restate(world)
    later = undisturbed("4 days, two restated", app, accounts, lambda one: refresh(one, "timer"))
    assert die("refresh", app, request_number) or request_number in LATER_RUN[-BEHIND:]
    assert_published_is_whole(app)
    for row in every_row(app)["day"]:
        true = world.truth(date.fromisoformat(row.label)).total().lines_accepted
        assert row.figures["linesAccepted"].low in (old[row.label], true)
    assert refresh(app, "timer").outcome == "ok"
    assert aggregates(app) == later


def assert_published_is_whole(app: App) -> None:
    """What the manifest names is there."""
    for day, known in manifest(app).days.items():
        assert not known.facts or app.facts.read(NAME, day.isoformat(), known.facts)


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


def test_the_requests_are_all_of_them(serve: Serve, make_app: MakeApp) -> None:
    """Else a step that was added would not be tried."""
    world = small_world()
    app = make_app(serve(world), BACKFILL_DAYS="4", FETCH_CONCURRENCY="1")
    for requests in (FIRST_RUN, LATER_RUN):
        watch = Watch()
        refresh(instance(app, watch), "timer")
        assert len(watch.asked) in requests[-BEHIND:-1]
        restate(world)


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


def test_a_dead_run_with_a_clock_hours_ahead_delays_the_next_no_longer(
    serve: Serve, make_app: MakeApp, clock: TestClock
) -> None:
    """Its lease lasts until an hour that is far off for everybody else; nobody renews it meanwhile."""
    app = make_app(serve(small_world()), BACKFILL_DAYS="4")
    ahead = clock.now() + timedelta(hours=5)
    assert take_lease(app.manifests, "claude_code_admin", "dead", ahead, LEASE)
    assert refresh(app, "timer").outcome == "ok"
    assert 40 < sum(clock.slept) <= 48


#: Two hosts at once, each killed before a request of its own, again and again.
KILLED = ((6, 18), (33, 8), (47, 52), (20, 61))


def test_hosts_that_die_side_by_side_end_well(serve: Serve, make_app: MakeApp, accounts: Accounts) -> None:
    """Each takes the other's lease away, because time flies for whoever waits, until both are dead; and one
    that lives does the rest."""
    app = make_app(serve(small_world()), BACKFILL_DAYS="4")
    wanted = undisturbed("4 days", app, accounts, lambda one: refresh(one, "timer"))
    with ThreadPoolExecutor(2) as pool:
        for both in KILLED:
            list(pool.map(lambda request_number: die("refresh", app, request_number), both))
            assert_published_is_whole(app)
            app.clock.sleep(60)
    assert refresh(app, "timer").outcome == "ok"
    assert aggregates(app) == wanted
