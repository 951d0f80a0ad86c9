"""Refreshing again is free, and finds what has changed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest

from local.vendor import SimulatedVendor
from shared.jobs.refresh import refresh
from tests.adoption.reporting import spend
from tests.conftest import MakeApp, TestClock
from tests.hearing import heard
from tests.jobs.stage import (
    TODAY,
    ZELDA,
    ago,
    assert_true,
    days_asked,
    entry,
    every_row,
    instance,
    last_run,
    manifest,
    row_of,
    small_world,
    use,
)
from tests.store.wire import Watch, blob_etags, etags

Serve = Callable[..., SimulatedVendor]


def test_a_second_run_asks_only_for_days_that_can_have_changed(serve: Serve, make_app: MakeApp) -> None:
    """Today and the trailing days, and not even who the key sees."""
    vendor = serve(small_world(20))
    app = make_app(vendor, BACKFILL_DAYS="20", TRAILING_DAYS="4", FETCH_CONCURRENCY="1")
    refresh(app, "timer")
    before = len(vendor.requests)
    again = refresh(app, "timer")
    assert days_asked(vendor, before) == [ago(age) for age in range(5)]
    assert len(vendor.requests) - before == 5 == again.requests
    assert (again.outcome, again.days_asked, again.days_changed, again.periods_written) == ("ok", 5, 0, 0)


def test_a_day_that_was_last_heard_in_its_trailing_days_is_read_once_more(
    serve: Serve, make_app: MakeApp, clock: TestClock
) -> None:
    """What the vendor restated while nobody could ask for weeks is not missed; then the day is left alone."""
    world = small_world(4)
    vendor = serve(world)
    app = make_app(vendor, BACKFILL_DAYS="4")
    refresh(app, "timer")
    world.restate(ago(1), 2.0)
    clock.move(days=20)
    refresh(app, "timer")
    assert_true(row_of(app, ago(1), "day"), world, ago(3), clock.now())
    before = len(vendor.requests)
    clock.move(hours=20)
    refresh(app, "timer")
    assert ago(1) not in days_asked(vendor, before)


def test_an_unchanged_run_writes_its_record_and_at_most_two_rows_more(
    serve: Serve, make_app: MakeApp, clock: TestClock
) -> None:
    """And no blob: whatever stood there has the ETag that it had."""
    app = make_app(serve(small_world(12)), BACKFILL_DAYS="12")
    refresh(app, "timer")
    clock.move(minutes=60)
    rows, blobs = etags(app.storage), blob_etags(app.storage)
    refresh(app, "timer")
    now = etags(app.storage)
    changed = {key for key in now if now[key] != rows.get(key)}
    assert {table for table, _, _ in changed} <= {"runs", "manifests"}
    assert len([key for key in changed if key[0] == "runs"]) == 1
    assert len(changed) <= 3
    assert rows.keys() <= now.keys()
    assert blob_etags(app.storage) == blobs


def test_an_unchanged_run_makes_few_requests(serve: Serve, make_app: MakeApp) -> None:
    """No facts are read, of reports neither, and none of the people: each live source's manifest, the rows'
    inputs, the drops, their receipts, what a reader would be told by default, the record."""
    app = make_app(serve(small_world(12)), BACKFILL_DAYS="12")
    for day, tokens in (("2026-11-08", 30), ("2026-11-09", 20)):
        spend(app, "2026-11-02", "2026-11-08", {"ana": tokens}, day=day)
    refresh(app, "timer")
    watch = Watch()
    refresh(instance(app, watch), "timer")
    assert sum(asked.writes for asked in watch.asked) == 3
    assert len(watch.asked) <= 19
    assert not [asked for asked in watch.asked if asked.concerns("facts") or asked.concerns("people")]


def test_today_grows(serve: Serve, make_app: MakeApp, clock: TestClock) -> None:
    """What arrives during the day is there after the next run, in the day, the week and the month."""
    world = small_world(9, [use(TODAY, ZELDA, 500, at=time(14))])
    app = make_app(serve(world), BACKFILL_DAYS="16")
    refresh(app, "timer")
    morning = row_of(app, TODAY).figures["linesAccepted"].low
    clock.at = datetime(2026, 11, 16, 18, tzinfo=UTC)
    run = refresh(app, "timer")
    assert (run.days_changed, run.periods_written) == (1, 3)
    assert morning is not None
    assert row_of(app, TODAY).figures["linesAccepted"].low == morning + 500
    for rows in every_row(app).values():
        assert_true(rows[-1], world, ago(15), clock.now())


def test_a_day_settles_once_its_lag_is_over(serve: Serve, make_app: MakeApp, clock: TestClock) -> None:
    """Until then its week is not closed; then it is, although no figure changes."""
    clock.at = datetime(2026, 11, 16, 1, 59, tzinfo=UTC)
    world = small_world(9)
    app = make_app(serve(world), BACKFILL_DAYS="16")
    refresh(app, "timer")
    before = row_of(app, ago(1))
    assert (before.closed, entry(app, ago(1)).settled, entry(app, ago(2)).settled) == (False, False, True)
    clock.move(minutes=1)
    refresh(app, "timer")
    after = row_of(app, ago(1))
    assert (after.closed, after.completeness, entry(app, ago(1)).settled) == (True, "complete", True)
    assert after.figures["tokens"].value == before.figures["tokens"].low


def test_the_first_morning_of_a_week_has_the_weeks_answer(
    serve: Serve, make_app: MakeApp, clock: TestClock
) -> None:
    """Monday 03:00: the week before is closed and has a verdict against the one before it."""
    clock.at = datetime(2026, 11, 16, 3, tzinfo=UTC)
    app = make_app(serve("honest"), BACKFILL_DAYS="30")
    refresh(app, "timer")
    assert row_of(app, ago(1)).answer.verdict == "yes"


@pytest.mark.parametrize("factor", [2.0, 0.5])
def test_a_restated_trailing_day_is_picked_up(serve: Serve, make_app: MakeApp, factor: float) -> None:
    """A closed week changes with it, up or down, and the next one, whose verdict it is part of."""
    world = small_world(15)
    app = make_app(serve(world), BACKFILL_DAYS="15")
    refresh(app, "timer")
    old = row_of(app, ago(3)).figures["linesAccepted"].value
    facts = entry(app, ago(3)).facts
    world.restate(ago(3), factor)
    run = refresh(app, "timer")
    truth = world.truth_of_week(ago(7)).total().lines_accepted
    assert row_of(app, ago(3)).figures["linesAccepted"].value == truth != old
    assert (run.outcome, run.days_changed) == ("ok", 1)
    assert entry(app, ago(3)).facts > facts
    assert_true(row_of(app, ago(3)), world, ago(14), app.clock.now())


def test_a_day_beyond_the_trailing_ones_is_final(serve: Serve, make_app: MakeApp) -> None:
    """It is not asked for again, so it costs nothing."""
    vendor = serve(small_world(15))
    app = make_app(vendor, BACKFILL_DAYS="15")
    refresh(app, "timer")
    before, rows = len(vendor.requests), every_row(app)
    vendor.world.restate(ago(9), 3.0)
    refresh(app, "timer")
    assert ago(9) not in days_asked(vendor, before)
    assert every_row(app) == rows


def doubted(caplog: pytest.LogCaptureFixture) -> list[tuple[list[str], list[str]]]:
    """The empty days that were told to be suspect since this was asked last, and which of them had rows."""
    return [(one["days"], one["emptied"]) for one in heard(caplog, "day.empty_suspect")]


def test_an_empty_answer_never_replaces_rows(
    serve: Serve, make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    """Law 1: the rows stand, the day counts as failed and is asked for until the vendor shows it again. It is
    said once; and so are empty days that nothing explains."""
    caplog.set_level(logging.INFO, "scoreboard")
    vendor = serve(small_world(15))
    app = make_app(vendor, BACKFILL_DAYS="15")
    refresh(app, "timer")
    rows, kept = every_row(app), entry(app, ago(4))
    assert doubted(caplog) == []
    vendor.world.make_empty(ago(4))
    run = refresh(app, "timer")
    assert (run.outcome, run.days_failed) == ("partial", 1)
    assert doubted(caplog) == [([ago(4).isoformat()], [ago(4).isoformat()])]
    now = entry(app, ago(4))
    assert (now.content, now.last_attempt, now.facts, now.digest) == (
        "rows",
        "failed",
        kept.facts,
        kept.digest,
    )
    assert "empty" in now.note
    assert (
        row_of(app, ago(4)).figures
        == next(row for row in rows["week"] if row.label == row_of(app, ago(4)).label).figures
    )
    app.clock.sleep(86_400 * 5)
    before = len(vendor.requests)
    refresh(app, "timer")  # Saturday; the vendor shows nothing since Monday
    assert ago(4) in days_asked(vendor, before)
    assert doubted(caplog) == [([f"2026-11-{day}" for day in (20, 19, 18, 17)], [])]
    vendor.world.forget_restatements()
    refresh(app, "timer")
    assert (entry(app, ago(4)).last_attempt, entry(app, ago(4)).note) == ("ok", "")


def test_an_empty_day_that_fills_is_picked_up(serve: Serve, make_app: MakeApp) -> None:
    """Empty is replaced by rows, never the other way round."""
    world = small_world(15)
    world.make_empty(ago(3))
    app = make_app(serve(world), BACKFILL_DAYS="15")
    refresh(app, "timer")
    assert entry(app, ago(3)).content == "empty"
    assert entry(app, ago(3)).facts == 0
    world.forget_restatements()
    refresh(app, "timer")
    assert entry(app, ago(3)).content == "rows"
    assert_true(row_of(app, ago(3)), world, ago(14), app.clock.now())


def test_days_go_by_and_every_week_stays_true(serve: Serve, make_app: MakeApp, clock: TestClock) -> None:
    """Hour after hour over the edges of days and of a week, with a run missing here and there."""
    clock.at = datetime(2026, 11, 13, 20, 30, tzinfo=UTC)
    vendor = serve("honest")
    app = make_app(vendor, BACKFILL_DAYS="12")
    for hours in (1, 2, 3, 30, 5, 14, 1, 1, 1, 9):
        refresh(instance(app), "timer")
        clock.move(hours=hours)
    refresh(app, "timer")
    for row in every_row(app)["week"]:
        assert_true(row, vendor.world, min(manifest(app).days), clock.now())
    assert all(one.outcome == "ok" for one in app.runs.newest(20))
    assert len(app.runs.newest(20)) == 11


def test_every_run_leaves_its_record(serve: Serve, make_app: MakeApp, clock: TestClock) -> None:
    """What asked for it, when it began and ended, and what it did, counted."""
    vendor = serve(small_world())
    app = make_app(vendor, BACKFILL_DAYS="4")
    run = refresh(app, "late timer")
    assert run == last_run(app)
    assert (run.trigger, run.started_at, run.days_asked, run.days_changed) == (
        "late timer",
        clock.now(),
        4,
        4,
    )
    assert run.requests == len(vendor.requests) == 7
    assert run.finished_at - run.started_at < timedelta(seconds=1)
    assert run.periods_written == sum(map(len, every_row(app).values()))


def test_without_a_key_a_run_still_does_the_rest(make_app: MakeApp) -> None:
    """Exports may be all there is: no source is asked, and the record says so."""
    app = make_app()
    run = refresh(app, "timer")
    assert (run.outcome, run.requests) == ("skipped", 0)
    assert last_run(app) == run
