"""Emptied tables are rebuilt from raw alone, byte for byte; whoever comes, or dies, meanwhile."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec
import pytest

from local.vendor import SimulatedVendor, World
from shared.app import App
from shared.errors import StoreConflict
from shared.jobs.dispatch import run_job
from shared.jobs.ingest import ingest, ingest_waiting
from shared.jobs.refresh import refresh
from shared.jobs.replay import replay
from shared.jobs.retract import retract
from shared.store.storage import TABLES
from tests.adoption.reporting import analytics, spend
from tests.adoption.weekly import FRI_6, FRI_13, FRI_20, MONDAY, TEAM, lines, look, name_of, roster
from tests.conftest import MakeApp, TestClock
from tests.jobs import dying
from tests.jobs.dropping import drop, put, receipts
from tests.jobs.stage import assert_true, every_row, instance, manifest, rows_of_teams, small_world
from tests.store.wire import Watch, at, blob_etags, entities, etags

Serve = Callable[..., SimulatedVendor]

KEPT = ("people", "audit")
GRANULARITIES = ("week", "day", "month", "export")


def empty(app: App, *but: str) -> None:
    """Take away every row of every table that a rebuild makes again."""
    for table in TABLES:
        if table not in (*KEPT, *but):
            client = app.storage.table_service.get_table_client(table)
            for _, rows in groupby(list(entities(app.storage, table)), key=itemgetter("PartitionKey")):
                client.submit_transaction([("delete", row) for row in rows])


def cohorts(app: App) -> Any:
    """Every engineer's row, and what stands beside them, whatever the version is called."""
    listing = app.cohorts.listing()
    if listing is None:
        return None
    engineers = app.cohorts.page(listing.version, None, None, "", 500).engineers
    return engineers, msgspec.structs.replace(listing, version="")


def aggregates(app: App) -> dict[str, Any]:
    """Everything that a rebuild has to give again: rows, looks, configuration, days, receipts."""
    first, last = MONDAY.replace(year=2020), MONDAY.replace(year=2040)
    exports = app.exports.read().manifest
    known = manifest(app)
    return {
        "rows": {
            granularity: [msgspec.json.encode(row) for row in app.periods.read(granularity, first, last)]  # type: ignore[arg-type]
            for granularity in GRANULARITIES
        },
        "answer": msgspec.json.encode(app.periods.read_answer()),
        "teams": rows_of_teams(app),
        "cohorts": cohorts(app),
        "looks": exports.looks,
        "configurations": exports.configurations,
        "reports": exports.reports,
        "retracted": exports.retracted,
        "head": exports.head,
        "days": {
            day: msgspec.structs.replace(entry, raw="", fetched_at=None) for day, entry in known.days.items()
        },
        "organization": (known.head.organization, known.head.view.organization, known.head.view.members),
        "receipts": sorted(receipts(app), key=lambda one: one.receipt_id),
    }


def pile(app: App, draw: int = 0) -> None:
    """Files of mixed kinds, good, bad and twice, in any order; some are retracted on the way."""
    drawn = random.Random(draw)  # noqa: S311
    seen = {"a": (3, "2026-11-18"), "c": (0, "")}
    files: list[Callable[[], Any]] = [
        lambda: roster(app, *TEAM, "z,,2026-11-10"),
        lambda: roster(app, *TEAM, "y", day="2026-11-15"),
        lambda: roster(app, *TEAM, "y", day="2026-11-16"),
        lambda: look(app, FRI_6, dict.fromkeys(TEAM, 100) | {"z": 10}),
        lambda: look(app, FRI_13, dict.fromkeys(TEAM, 900)),
        lambda: look(app, FRI_13, dict.fromkeys(TEAM, 900)),
        lambda: look(app, FRI_20, dict.fromkeys(TEAM, 300)),
        lambda: look(app, "2026-11-22T16:00Z", dict.fromkeys(TEAM, 350)),
        lambda: look(app, "2026-11-02T09:00Z", {"a": 50}, month="2026-10"),
        lambda: drop(app, "2026-11-21/aliases.csv", b"alias,email\ny@quux.example,z@quux.example\n"),
        lambda: drop(app, "2026-11-21/holidays.csv", b"date,name\n2026-11-11,St Martin\n"),
        lambda: drop(app, f"2026-11-21/{name_of('2026-11')}", lines({"a": 1}) + b"b@quux.example,many\n"),
        lambda: drop(app, "2026-11-21/x.csv", b"%PDF-1.7\n"),
        lambda: spend(app, "2026-11-09", "2026-11-15", {"a": 30, "b": 5}),
        lambda: spend(app, "2026-11-02", "2026-11-15", {"a": 50, "b": 5}),
        lambda: analytics(app, "2026-10-20", "2026-11-18", seen, "2026-11-20"),
        lambda: analytics(
            app, "2026-10-20", "2026-11-18", {"a": (3, "2026-11-18"), "c": (0, "")}, "2026-11-20"
        ),
    ]
    drawn.shuffle(files)
    for file in files:
        app.clock.sleep(60)
        receipt = file()
        if drawn.random() < 0.25:
            app.clock.sleep(60)
            retract(app, receipt.receipt_id, "drawn")


@pytest.fixture
def exports(make_app: MakeApp, clock: TestClock) -> App:
    """Exports alone."""
    clock.at = MONDAY
    return make_app()


@pytest.mark.parametrize("draw", range(2))
def test_exports_are_rebuilt_from_raw_alone(exports: App, draw: int) -> None:
    """Looks, configuration, retractions, receipts and rows, whatever came in whichever order."""
    pile(exports, draw)
    refresh(exports, "timer")
    before = aggregates(exports)
    empty(exports)
    run_job(exports, b'{"type":"rebuild","fromRaw":true,"by":"ops"}')
    assert aggregates(exports) == before
    assert exports.audit.newest(1)[0].state == "done"


@pytest.fixture
def world() -> World:
    return small_world(12)


def live(serve: Serve, make_app: MakeApp, world: World, clock: TestClock) -> App:
    """A daily source whose days were restated and emptied, beside exports."""
    vendor = serve(world)
    app = make_app(vendor, BACKFILL_DAYS="12")
    refresh(app, "timer")
    clock.move(hours=30)
    today = clock.now().date()
    world.restate(today - timedelta(days=2), 3.0)
    look(app, FRI_6, dict.fromkeys(TEAM, 100))
    clock.move(minutes=1)
    look(app, FRI_13, dict.fromkeys(TEAM, 150))
    refresh(app, "timer")
    return app


def test_days_are_rebuilt_from_raw_alone(
    serve: Serve, make_app: MakeApp, world: World, clock: TestClock
) -> None:
    """With their versions and facts, so that every row is what it was, and what it was built from as well."""
    app = live(serve, make_app, world, clock)
    before, built = aggregates(app), app.periods.built("day")
    empty(app)
    replay(app)
    assert aggregates(app) == before
    assert {key: one.inputs.days for key, one in app.periods.built("day").items()} == {
        key: one.inputs.days for key, one in built.items()
    }
    clock.move(hours=1)
    assert refresh(app, "timer").outcome == "ok"
    assert manifest(app).epoch > max(entry.version for entry in manifest(app).days.values()) - 1


@pytest.mark.parametrize(
    "lost", [("manifests",), ("facts",), ("periods",), ("receipts",), ("cohorts",), ("manifests", "facts")]
)
def test_whichever_table_was_lost(
    serve: Serve, make_app: MakeApp, world: World, clock: TestClock, lost: tuple[str, ...]
) -> None:
    """The others stand, and nothing of them is in its way."""
    app = live(serve, make_app, world, clock)
    before = aggregates(app)
    empty(app, *(table for table in TABLES if table not in lost))
    replay(app)
    now = aggregates(app)
    versions = {"days"} if "manifests" in lost else set()
    assert {key: now[key] for key in now.keys() - versions} == {
        key: before[key] for key in before.keys() - versions
    }


def test_of_tables_that_are_whole_nothing_changes(
    serve: Serve, make_app: MakeApp, world: World, clock: TestClock
) -> None:
    """No day, no look, no receipt is written; the rows are, and say the same; no raw file is touched."""
    app = live(serve, make_app, world, clock)
    before, rows, blobs = aggregates(app), etags(app.storage), blob_etags(app.storage)
    replay(app)
    assert aggregates(app) == before
    now = etags(app.storage)
    assert {key[0] for key in now if now[key] != rows.get(key)} <= {
        "periods",
        "cohorts",
        "facts",
        "manifests",
    }
    assert [key for key in now if key[0] == "receipts" and now[key] != rows.get(key)] == []
    assert {key: etag for key, etag in blob_etags(app.storage).items() if key[0] == "raw"} == {
        key: etag for key, etag in blobs.items() if key[0] == "raw"
    }


def test_a_day_that_was_answered_empty_keeps_its_rows(
    serve: Serve, make_app: MakeApp, world: World, clock: TestClock
) -> None:
    """A rebuild heeds law 1 as the refresh did."""
    app = make_app(serve(world), BACKFILL_DAYS="12")
    refresh(app, "timer")
    day = clock.now().date() - timedelta(days=3)
    world.make_empty(day)
    refresh(app, "timer")
    assert manifest(app).days[day].last_attempt == "failed"
    before = aggregates(app)
    empty(app)
    replay(app)
    assert aggregates(app) == before


def test_a_refresh_of_emptied_tables_hides_nothing_from_the_rebuild(
    serve: Serve, make_app: MakeApp, world: World, clock: TestClock
) -> None:
    """Its epochs begin again; what was kept before is still there to be read."""
    app = live(serve, make_app, world, clock)
    arrivals = len(list(app.raw.arrivals("claude_code_admin/")))
    empty(app)
    short = make_app(serve(world), BACKFILL_DAYS="3")
    clock.move(hours=1)
    assert refresh(short, "timer").outcome == "ok"
    assert len(list(app.raw.arrivals("claude_code_admin/"))) > arrivals
    replay(app)
    assert len(manifest(app).days) > 12
    rows = every_row(app)
    for day in rows["day"]:
        assert_true(day, world, min(manifest(app).days), clock.now())


# --- whoever comes, or dies, meanwhile -----------------------------------------------------------


class Dead(BaseException):
    """Nothing that a job may catch."""


def die() -> None:
    raise Dead


#: Storage requests of a rebuild of three exports and a roster.
STEPS = range(1, 90)


def few(app: App) -> None:
    roster(app, *TEAM)
    app.clock.sleep(60)
    look(app, FRI_6, dict.fromkeys(TEAM, 100))
    app.clock.sleep(60)
    wrong = look(app, FRI_13, dict.fromkeys(TEAM, 900))
    app.clock.sleep(60)
    retract(app, wrong.receipt_id)
    app.clock.sleep(60)
    look(app, FRI_20, dict.fromkeys(TEAM, 300))
    refresh(app, "timer")


def end(app: App, step: int) -> None:
    """Rebuild, and be gone just before that storage request."""
    with suppress(Dead):
        replay(instance(app, Watch(before=at(step, die))))


def kill(app: App, step: int) -> None:
    """The same, with SIGKILL and a process of its own."""
    dying.die("replay", app, step)


@pytest.mark.parametrize(("ends", "steps"), [(end, STEPS[::14]), (kill, STEPS[::30])])
def test_killed_at_any_request_it_begins_again(
    exports: App, ends: Callable[[App, int], None], steps: range
) -> None:
    """And ends as if nothing had been, so that one death can follow another; the steps are all of them."""
    few(exports)
    before = aggregates(exports)
    for step in steps:
        empty(exports)
        ends(exports, step)
        replay(exports)
        assert aggregates(exports) == before, f"after a death before request {step}"
    empty(exports)
    watch = Watch()
    replay(instance(exports, watch))
    assert len(watch.asked) in STEPS


@pytest.mark.parametrize("step", range(1, 150, 42))
def test_killed_at_the_days_it_begins_again(
    serve: Serve, make_app: MakeApp, world: World, clock: TestClock, step: int
) -> None:
    """It waits for its own lease to run out, and for no longer."""
    app = live(serve, make_app, world, clock)
    before = aggregates(app)
    empty(app)
    with suppress(Dead):
        replay(instance(app, Watch(before=at(step, die)), clock=clock))
    clock.slept.clear()
    replay(app)
    assert sum(clock.slept) <= 48
    assert aggregates(app) == before


@pytest.mark.parametrize("step", range(2, 40, 6))
def test_a_file_that_is_dropped_meanwhile_is_not_lost(exports: App, step: int) -> None:
    """Whichever step it comes before."""
    few(exports)
    empty(exports)
    name = f"2026-11-22/{name_of('2026-11')}"
    put(exports, name, lines(dict.fromkeys(TEAM, 350)))
    exports.clock.sleep(60)
    watch = Watch(before=at(step, lambda: ingest(instance(exports), name)))
    replay(instance(exports, watch))
    ingest_waiting(exports)
    refresh(exports, "timer")
    assert sorted(one.state for one in receipts(exports)) == ["accepted"] * 4 + ["retracted"]
    now = aggregates(exports)
    empty(exports)
    replay(exports)
    assert aggregates(exports) == now


@pytest.mark.parametrize("step", range(4, 80, 50))
def test_a_refresh_meanwhile_loses_nothing(
    serve: Serve, make_app: MakeApp, world: World, clock: TestClock, step: int
) -> None:
    """It waits for the lease; where it takes it over, the rebuild is refused its switch and begins again."""
    app = live(serve, make_app, world, clock)
    empty(app)
    watch = Watch(before=at(step, lambda: refresh(instance(app), "timer")))
    with suppress(StoreConflict):
        replay(instance(app, watch, clock=clock))
    replay(app)
    refresh(app, "timer")
    for day in every_row(app)["day"]:
        assert_true(day, world, min(manifest(app).days), clock.now())
