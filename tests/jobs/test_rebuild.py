"""Period rows follow from what is published, whoever computes them and however often."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest

from local.vendor import SimulatedVendor, World
from shared.app import App
from shared.errors import StoreError
from shared.jobs.rebuild import rebuild
from shared.jobs.refresh import refresh
from shared.periods import midnight, period_of
from shared.store.facts import partition_of
from shared.store.period_rows import SCHEMA, key_of
from tests.conftest import MakeApp, TestClock
from tests.jobs.stage import (
    ZELDA,
    ago,
    assert_true,
    entry,
    every_row,
    instance,
    manifest,
    row_of,
    small_world,
    use,
)
from tests.store.wire import Watch, at, etags

Serve = Callable[..., SimulatedVendor]


def test_rebuilding_again_writes_nothing(serve: Serve, make_app: MakeApp) -> None:
    """Every row is where its inputs are: not an ETag changes."""
    app = make_app(serve(small_world(15)), BACKFILL_DAYS="15")
    refresh(app, "timer")
    before = etags(app.storage)
    assert rebuild(app) == 0
    assert etags(app.storage) == before


def test_rebuilding_everything_makes_the_same_rows(serve: Serve, make_app: MakeApp) -> None:
    """Each is written, and says what it said."""
    app = make_app(serve(small_world(15)), BACKFILL_DAYS="15")
    refresh(app, "timer")
    before = every_row(app)
    assert rebuild(app, everything=True) == sum(map(len, before.values()))
    assert every_row(app) == before


def test_rows_that_were_lost_come_back(serve: Serve, make_app: MakeApp) -> None:
    """All of them, from the facts alone."""
    vendor = serve(small_world(15))
    app = make_app(vendor, BACKFILL_DAYS="15")
    refresh(app, "timer")
    before, asked = every_row(app), len(vendor.requests)
    for table, partition, row in etags(app.storage):
        if table == "periods":
            app.storage.table(table).delete(partition, row)
    assert rebuild(app) == sum(map(len, before.values()))
    assert every_row(app) == before
    assert len(vendor.requests) == asked


def test_a_change_reaches_every_row_that_it_is_part_of(serve: Serve, make_app: MakeApp) -> None:
    """The day, its week, its month, and those whose verdict compares with them; no other."""
    world = small_world(22)
    app = make_app(serve(world), BACKFILL_DAYS="22", TRAILING_DAYS="20")
    refresh(app, "timer")
    before = etags(app.storage)
    world.restate(ago(10), 2.0)
    assert refresh(app, "timer").days_changed == 1
    now = etags(app.storage)
    changed = {(key[1], key[2]) for key in now if key[0] == "periods" and now[key] != before.get(key)}
    week, day, month = (period_of(kind, ago(10)) for kind in ("day", "week", "month"))
    after = [period_of("day", ago(9)), period_of("week", ago(3))]
    expected = {(f"{one.kind}|everybody", key_of(one)) for one in (day, week, month, *after)}
    assert changed == expected


@pytest.mark.parametrize("everything", [True, False])
@pytest.mark.parametrize("moment", [2, 4, 8, 13])
def test_a_rebuild_within_a_rebuild(moment: int, everything: bool, serve: Serve, make_app: MakeApp) -> None:
    """One reads, the other publishes and rebuilds, the first one writes: the newer facts hold."""
    world = small_world(5)
    app = make_app(serve(world), BACKFILL_DAYS="5")
    refresh(app, "timer")
    world.restate(ago(1), 2.0)
    watch = Watch()

    def overtake() -> None:
        world.restate(ago(1), 4.0)
        world.restate(ago(4), 4.0)
        refresh(instance(app), "timer")

    watch.before = at(moment, overtake)
    rebuild(instance(app, watch), everything=everything)
    if len(watch.asked) < moment:
        overtake()
    for row in (*every_row(app)["week"], *every_row(app)["day"], *every_row(app)["month"]):
        assert_true(row, world, ago(4), app.clock.now())


@pytest.mark.parametrize("moment", [2, 3, 5, 9])
def test_news_of_a_neighbour_reaches_a_row_in_spite_of_a_slower_rebuild(
    moment: int, serve: Serve, make_app: MakeApp, clock: TestClock
) -> None:
    """Two quiet days are doubtful until use follows them: nobody's older reading has the last word."""
    world = World.of_uses(use(ago(age), ZELDA) for age in (14, 7, 6, 5, -1))
    app = make_app(serve(world), BACKFILL_DAYS="15")
    refresh(app, "timer")
    assert row_of(app, ago(3)).completeness == "incomplete"  # Thursday and Friday were quiet
    clock.move(days=1)
    watch = Watch()
    watch.before = at(moment, lambda: refresh(instance(app), "timer"))
    rebuild(instance(app, watch), everything=True)
    if len(watch.asked) < moment:
        refresh(app, "timer")
    assert row_of(app, ago(3)).completeness == "complete"
    assert_true(row_of(app, ago(3)), world, ago(14), clock.now())


def test_facts_with_a_piece_missing_are_never_summed(serve: Serve, make_app: MakeApp) -> None:
    """The rebuild fails loudly, and the row that was there stands."""
    app = make_app(serve(small_world(4)), BACKFILL_DAYS="4")
    refresh(app, "timer")
    before = every_row(app)
    part = partition_of("claude_code_admin", ago(2).isoformat(), entry(app, ago(2)).facts)
    app.storage.table("facts").delete(part, "0000")
    with pytest.raises(StoreError):
        rebuild(app, everything=True)
    assert every_row(app) == before


def marked(app: App, row_key: str, schema: int) -> None:
    """The week's row as another version of the program would have left it."""
    table = app.storage.table("periods")
    stored = table.get("week|everybody", row_key)
    assert stored is not None
    table.put(dict(stored.entity.items()) | {"schema": schema})


def test_rows_of_another_schema(serve: Serve, make_app: MakeApp) -> None:
    """An older one is rebuilt; a newer one, although behind, is left to an explicit rebuild."""
    world = small_world(15)
    app = make_app(serve(world), BACKFILL_DAYS="15")
    refresh(app, "timer")
    older, newer = (key_of(period_of("week", day)) for day in (ago(14), ago(7)))
    marked(app, older, SCHEMA - 1)
    marked(app, newer, SCHEMA + 1)
    left = app.periods.built("week")[newer].etag
    world.restate(ago(2), 3.0)
    assert refresh(app, "timer").outcome == "ok"
    now = app.periods.built("week")
    assert (now[older].schema, now[newer].schema, now[newer].etag) == (SCHEMA, SCHEMA + 1, left)
    rebuild(app, everything=True)
    assert app.periods.built("week")[newer].schema == SCHEMA
    assert_true(row_of(app, ago(2)), world, ago(14), app.clock.now())


def test_rows_older_than_what_is_kept_are_frozen(serve: Serve, make_app: MakeApp) -> None:
    """Their days have left the manifest: not even an explicit rebuild makes them poorer."""
    app = make_app(serve(small_world(22)), BACKFILL_DAYS="22")
    refresh(app, "timer")
    before = every_row(app)
    held = app.manifests.read("claude_code_admin")
    kept = {day: known for day, known in held.manifest.days.items() if day > ago(12)}
    app.manifests.replace(held, msgspec.structs.replace(held.manifest, days=kept))
    rebuild(app, everything=True)
    frozen = midnight(ago(12) + timedelta(days=1))
    now = every_row(app)
    for kind, rows in before.items():
        old = [row for row in rows if row.period.start < frozen]
        assert now[kind][: len(old)] == old
    assert min(manifest(app).days) == ago(11)
