"""Any interleaving of two instances ends as one alone would have ended."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from local.vendor import SimulatedVendor
from shared.jobs.leasing import LEASE
from shared.jobs.refresh import refresh
from shared.records import Run
from shared.store.manifests import take_lease
from tests.azurite import Accounts
from tests.conftest import MakeApp, TestClock
from tests.faults.aggregates import aggregates, undisturbed
from tests.jobs.stage import (
    ago,
    assert_true,
    every_row,
    instance,
    manifest,
    small_world,
)
from tests.store.wire import Watch, at

Serve = Callable[..., SimulatedVendor]


@pytest.mark.parametrize("moment", [2, 5, 9, 14])
def test_a_newer_run_within_an_older_one(
    moment: int, serve: Serve, make_app: MakeApp, clock: TestClock
) -> None:
    """The second meets a day that was restated since the first had asked for it: the newer one holds."""
    world = small_world(8)
    app = make_app(serve(world), BACKFILL_DAYS="8", FETCH_CONCURRENCY="1")
    refresh(app, "timer")
    world.restate(ago(3), 2.0)
    watch, second = Watch(), TestClock(app.clock.now() + timedelta(minutes=5))

    def overtake() -> None:
        world.restate(ago(3), 5.0)
        world.restate(ago(4), 0.5)
        assert refresh(instance(app, clock=second), "queue").outcome == "ok"

    watch.before = at(moment, overtake)
    refresh(instance(app, watch), "timer")
    for row in (*every_row(app)["week"], *every_row(app)["day"]):
        assert_true(row, world, ago(7), second.now())


def test_two_at_once_make_what_one_makes(serve: Serve, make_app: MakeApp, accounts: Accounts) -> None:
    """Two threads, two instances, one account: one may be busy, and nothing is done twice."""
    app = make_app(serve(small_world(12)), BACKFILL_DAYS="12")
    together = Barrier(2)

    def run(_: int) -> Run:
        mine = instance(app, clock=TestClock(app.clock.now()))
        together.wait()
        return refresh(mine, "timer")

    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(run, range(2)))
    assert {one.outcome for one in runs} <= {"ok", "busy"}
    assert "ok" in {one.outcome for one in runs}
    assert aggregates(app) == undisturbed("12 days", app, accounts, lambda one: refresh(one, "timer"))
    assert len(app.runs.newest(9)) == 2


def test_a_living_holder_is_not_waited_for(serve: Serve, make_app: MakeApp, clock: TestClock) -> None:
    """It renews its lease: the second one says that it was busy, asks nothing, and does the rest."""
    vendor = serve(small_world())
    app = make_app(vendor, BACKFILL_DAYS="4")
    held = take_lease(app.manifests, "claude_code_admin", "alive", clock.now(), LEASE)
    assert held is not None
    holder = instance(app)
    watch = Watch()
    renewed = []

    def renew() -> None:
        renewed.append(
            holder.manifests.replace(
                held, type(held.manifest)(held.manifest.source, 1, "alive", clock.now() + LEASE)
            )
        )

    clock.move(seconds=1)
    watch.before = at(4, renew)
    run = refresh(instance(app, watch), "timer")
    assert renewed
    assert (run.outcome, run.requests, vendor.requests) == ("busy", 0, ())
    assert sum(clock.slept) <= 9
    assert app.runs.newest(1) == [run]


def test_a_run_whose_lease_was_taken_publishes_nothing(
    serve: Serve, make_app: MakeApp, clock: TestClock
) -> None:
    """It says that it was busy; what the other published stands."""
    world = small_world()
    app = make_app(serve(world), BACKFILL_DAYS="4", FETCH_CONCURRENCY="1")
    watch = Watch()

    def usurp() -> None:
        late = clock.now() + 2 * LEASE
        assert take_lease(instance(app).manifests, "claude_code_admin", "another", late, LEASE)

    watch.before = at(15, usurp)
    run = refresh(instance(app, watch), "timer")
    assert run.outcome == "busy"
    assert manifest(app).days == {}
    assert manifest(app).lease_holder == "another"
