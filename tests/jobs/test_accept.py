"""An empty day is believed when an admin says so, and only then (law 1)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

import pytest

from local.vendor import SimulatedVendor, World
from shared.adoption.days import classify
from shared.app import App
from shared.jobs.accept import accept_empty
from shared.jobs.refresh import refresh
from shared.jobs.replay import replay
from shared.sources.claude_code_admin import NAME
from tests.conftest import MakeApp, TestClock
from tests.jobs.stage import ago, assert_true, entry, every_row, instance, manifest, small_world, use
from tests.jobs.test_replay import Dead, aggregates, die, empty
from tests.store.wire import Watch, at, blob_etags, etags

Serve = Callable[..., SimulatedVendor]

DAY = ago(3)


@pytest.fixture
def world() -> World:
    return small_world(8)


@pytest.fixture
def app(serve: Serve, make_app: MakeApp, world: World) -> App:
    """A day had rows, and is answered empty since."""
    app = make_app(serve(world), BACKFILL_DAYS="8")
    refresh(app, "timer")
    world.make_empty(DAY)
    refresh(app, "timer")
    assert (entry(app, DAY).content, entry(app, DAY).last_attempt) == ("rows", "failed")
    return app


def state(app: App, day: date = DAY) -> str:
    return classify(manifest(app).days)[day]


def test_an_accepted_day_is_expected_and_its_rows_are_gone(app: App, world: World, clock: TestClock) -> None:
    """The figures are those of a day on which nobody used it, and stay so at the next refresh."""
    assert accept_empty(app, NAME, DAY, "withdrawn").done
    assert (state(app), entry(app, DAY).facts) == ("empty_expected", 0)
    for _ in range(2):
        rows = every_row(app)
        for row in (*rows["day"], *rows["week"], *rows["month"]):
            assert_true(row, world, ago(7), clock.now())
        version = entry(app, DAY).version
        clock.move(hours=1)
        assert refresh(app, "timer").outcome == "ok"
        assert (entry(app, DAY).version, state(app)) == (version, "empty_expected")
    assert len(list(app.raw.decisions("accept-empty/"))) == 1


def test_rows_that_come_back_count(app: App, world: World, clock: TestClock) -> None:
    """The decision was about an empty answer."""
    accept_empty(app, NAME, DAY)
    world.forget_restatements()
    clock.move(hours=1)
    refresh(app, "timer")
    assert (entry(app, DAY).content, entry(app, DAY).accepted_empty) == ("rows", False)


def test_a_suspect_silence_is_explained(serve: Serve, make_app: MakeApp) -> None:
    """Two quiet working days are suspect, until an admin says that nobody worked."""
    app = make_app(serve(World.of_uses(use(ago(age)) for age in (14, 13, 12, 11, 10))), BACKFILL_DAYS="15")
    refresh(app, "timer")
    quiet = [day for day, one in classify(manifest(app).days).items() if one == "empty_suspect"]
    assert len(quiet) > 2
    for day in quiet:
        assert accept_empty(app, NAME, day).done
    assert {state(app, day) for day in quiet} == {"empty_expected"}


def test_again_is_free(app: App) -> None:
    """And it says that it was done."""
    accept_empty(app, NAME, DAY)
    before = etags(app.storage), blob_etags(app.storage)
    assert accept_empty(app, NAME, DAY).said == f"{DAY} was accepted before; 0 period rows written"
    assert (etags(app.storage), blob_etags(app.storage)) == before


def test_what_the_vendor_shows_is_never_accepted_away(app: App) -> None:
    """Rows, a day that is not over, one that nobody knows, a source that there is not: each says why."""
    before = etags(app.storage), blob_etags(app.storage)
    for name, day, why in (
        (NAME, ago(4), "the newest answer has rows"),
        (NAME, ago(500), "it was never answered"),
        ("another", DAY, "there is no source"),
    ):
        outcome = accept_empty(app, name, day)
        assert not outcome.done
        assert why in outcome.said
    assert (etags(app.storage), blob_etags(app.storage)) == before


def test_a_running_day_can_still_change(serve: Serve, make_app: MakeApp) -> None:
    """Its emptiness says nothing yet."""
    app = make_app(serve(World.of_uses([use(ago(1))])), BACKFILL_DAYS="3")
    refresh(app, "timer")
    assert "it can still change" in accept_empty(app, NAME, ago(0)).said


def test_a_rebuild_from_raw_knows_it(app: App, clock: TestClock) -> None:
    """The decision stands beside the answers."""
    accept_empty(app, NAME, DAY)
    before = aggregates(app)
    empty(app)
    clock.move(minutes=1)
    replay(app)
    assert aggregates(app) == before
    assert state(app) == "empty_expected"


@pytest.mark.parametrize("step", range(1, 40, 6))
def test_killed_at_any_request_it_is_made_good(app: App, step: int, clock: TestClock) -> None:
    """The message comes again; its lease runs out."""
    with suppress(Dead):
        accept_empty(instance(app, Watch(before=at(step, die)), clock=clock), NAME, DAY)
    clock.move(minutes=1)
    accept_empty(app, NAME, DAY)
    assert state(app) == "empty_expected"
    assert refresh(app, "timer").periods_written == 0
    before = aggregates(app)
    empty(app)
    replay(app)
    assert aggregates(app) == before


def test_a_refresh_under_way_is_waited_for(app: App, clock: TestClock) -> None:
    """Both want the lease; neither loses anything."""
    watch = Watch(before=at(12, lambda: accept_empty(instance(app), NAME, DAY)))
    refresh(instance(app, watch, clock=clock), "timer")
    clock.move(seconds=timedelta(minutes=2).total_seconds())
    accept_empty(app, NAME, DAY)
    refresh(app, "timer")
    assert state(app) == "empty_expected"
