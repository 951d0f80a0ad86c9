"""What nothing refers to goes after a day, and nothing else goes ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from local.vendor import SimulatedVendor, Use, World
from shared.app import App
from shared.jobs.rebuild import rebuild
from shared.jobs.refresh import refresh
from shared.jobs.sweep import sweep
from shared.sources import LIVE
from shared.store.facts import partition_of
from shared.store.manifests import take_lease
from tests.conftest import MakeApp, TestClock
from tests.jobs.stage import every_row, instance, manifest
from tests.store.wire import Watch, at

Serve = Callable[..., SimulatedVendor]

SOURCE = "claude_code_admin"
GRACE = timedelta(hours=24)


def partitions(app: App) -> set[str]:
    return {seen.key for seen in app.facts.partitions(SOURCE)}


def referred_to(app: App) -> set[str]:
    known = manifest(app)
    view = known.head.view
    parts = {(day.isoformat(), entry.facts) for day, entry in known.days.items()}
    parts |= {("members", view.members_version), ("keys", view.keys_version)}
    return {partition_of(SOURCE, part, version) for part, version in parts if version}


def refreshed(serve: Serve, make_app: MakeApp, clock: TestClock) -> tuple[World, App]:
    """A refresh 25 hours ago, by a clock that is storage's own: facts are written now, and a sweep is due."""
    clock.at = datetime.now(UTC) - timedelta(hours=25)
    today = clock.at.date()
    days = [today - timedelta(days=age) for age in range(1, 5)]
    world = World.of_uses(Use.on(day, "zelda@quux.example", sessions=1, lines_accepted=9) for day in days)
    app = make_app(serve(world), BACKFILL_DAYS="5")
    refresh(app, "timer")
    clock.at = datetime.now(UTC)
    return world, app


def restated(world: World, app: App) -> str:
    """The newest day is restated and read again: the key of the facts that were replaced."""
    day = max(day for day, entry in manifest(app).days.items() if entry.facts)
    old = partition_of(SOURCE, day.isoformat(), manifest(app).days[day].facts)
    world.restate(day, 3.0)
    refresh(app, "timer")
    assert partition_of(SOURCE, day.isoformat(), manifest(app).days[day].facts) != old
    return old


def test_replaced_facts_stay_for_a_day(serve: Serve, make_app: MakeApp, clock: TestClock) -> None:
    """Counted from when they were replaced, however old they are: somebody may still be reading them."""
    world, app = refreshed(serve, make_app, clock)
    clock.move(hours=30)
    old = restated(world, app)
    assert manifest(app).swept_at == clock.now()
    assert old in partitions(app)
    clock.move(hours=24)
    assert sweep(app) == 1
    assert partitions(app) == referred_to(app)
    assert manifest(app).retired == ()
    rows = every_row(app)
    rebuild(app, everything=True)
    assert every_row(app) == rows


def test_facts_that_were_never_published_stay_for_a_day(
    serve: Serve, make_app: MakeApp, clock: TestClock
) -> None:
    """They may be those of a run that is under way; after a day its run has died."""
    _, app = refreshed(serve, make_app, clock)
    app.facts.write_value(SOURCE, "2026-01-01", 999, ["orphan"])
    orphan = partition_of(SOURCE, "2026-01-01", 999)
    assert sweep(app) == 0
    assert manifest(app).swept_at == clock.now()
    assert orphan in partitions(app)
    clock.move(hours=25)
    assert sweep(app) == 1
    assert partitions(app) == referred_to(app)


def test_what_is_referred_to_never_goes(serve: Serve, make_app: MakeApp, clock: TestClock) -> None:
    """However old it is: days, members and keys."""
    _, app = refreshed(serve, make_app, clock)
    before = partitions(app)
    assert before == referred_to(app)
    clock.move(days=300)
    assert sweep(app) == 0
    assert manifest(app).swept_at == clock.now()
    assert partitions(app) == before


def test_the_exports_facts_never_go(serve: Serve, make_app: MakeApp, clock: TestClock) -> None:
    """They have a manifest of their own."""
    _, app = refreshed(serve, make_app, clock)
    app.facts.write_value("exports", "look-abc", 1, {"e1": 4})
    clock.move(days=3)
    sweep(app)
    assert app.facts.read_value("exports", "look-abc", 1, dict[str, int]) == {"e1": 4}


def test_a_sweep_is_due_once_a_day(serve: Serve, make_app: MakeApp, clock: TestClock) -> None:
    """In between it costs one read of each live source."""
    _, app = refreshed(serve, make_app, clock)
    sweep(app)
    clock.move(hours=23)
    watch = Watch()
    assert sweep(instance(app, watch)) == 0
    assert [asked.method for asked in watch.asked] == ["GET"] * len(LIVE)


def test_a_run_under_way_is_not_swept_beneath(serve: Serve, make_app: MakeApp, clock: TestClock) -> None:
    """While somebody holds the lease nothing goes; the sweep comes again."""
    world, app = refreshed(serve, make_app, clock)
    old = restated(world, app)
    clock.move(hours=49)
    held = take_lease(app.manifests, SOURCE, "another", clock.now(), timedelta(seconds=45))
    assert held is not None
    assert sweep(app) == 0
    assert old in partitions(app)
    app.manifests.replace(held, msgspec.structs.replace(held.manifest, lease_holder="", lease_until=None))
    assert sweep(app) == 1


def test_a_sweep_that_a_run_overtakes_writes_nothing(
    serve: Serve, make_app: MakeApp, clock: TestClock
) -> None:
    """Its note of what it did is refused, the run's publication stands, and it comes again."""
    world, app = refreshed(serve, make_app, clock)
    restated(world, app)
    clock.move(hours=49)
    watch = Watch(before=at(3, lambda: take_lease(app.manifests, SOURCE, "a run", clock.now(), GRACE)))
    sweep(instance(app, watch))
    assert (manifest(app).lease_holder, manifest(app).swept_at == clock.now()) == ("a run", False)
