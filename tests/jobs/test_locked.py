"""A source that the plan does not include: asked seldom, bothering nobody, and open on the day it opens."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from local.vendor import SimulatedVendor
from local.vendor.endpoints import REPORT_PATH
from shared.jobs.dispatch import run_job
from shared.jobs.refresh import refresh
from tests.conftest import MakeApp, TestClock
from tests.hearing import heard
from tests.jobs.stage import (
    ago,
    assert_true,
    days_asked,
    every_row,
    instance,
    last_run,
    manifest,
    small_world,
)
from tests.store.wire import etags

Serve = Callable[..., SimulatedVendor]


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The sources' events since this was asked last."""
    return [one["event"] for one in heard(caplog, "source.")]


def test_a_locked_source_is_probed_every_six_hours(
    serve: Serve, make_app: MakeApp, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    """By one request, by whichever instance comes first, and by any that an operator tells to. In between it
    is not asked, no row of its is written, and no run has failed."""
    caplog.set_level(logging.INFO, "scoreboard")
    vendor = serve(small_world())
    app = make_app(vendor, BACKFILL_DAYS="4")
    other = instance(app)
    vendor.misbehave("403", times=None)
    hours = []
    for hour in range(13):
        before, rows = len(vendor.requests), etags(app.storage)
        run = refresh(other if hour % 2 else app, "timer")
        assert run.outcome == "skipped"
        assert "403" in run.detail
        if len(vendor.requests) > before:
            hours.append(hour)
            assert len(vendor.requests) == before + 1
        else:
            assert {key[0] for key, etag in etags(app.storage).items() if rows.get(key) != etag} == {"runs"}
        clock.move(minutes=59, seconds=50)
    assert hours == [0, 6, 12]
    assert manifest(app).head.access.state == "locked"
    assert said(caplog) == ["source.locked"] * 3
    run_job(app, b'{"type":"refresh","asked_by":"reader"}')
    assert len(vendor.requests) == 3
    run_job(app, b'{"type":"refresh"}')
    assert (len(vendor.requests), last_run(app).outcome) == (4, "skipped")


def test_the_day_it_opens_the_probe_fetches_everything(
    serve: Serve, make_app: MakeApp, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    """Where the report alone was locked one day is asked for, and the others once that was answered."""
    caplog.set_level(logging.INFO, "scoreboard")
    vendor = serve(small_world(8))
    app = make_app(vendor, BACKFILL_DAYS="8", FETCH_CONCURRENCY="4")
    vendor.misbehave("403", times=None, path=REPORT_PATH)
    refresh(app, "timer")
    clock.move(minutes=350)
    before = len(vendor.requests)
    assert (refresh(app, "timer").outcome, days_asked(vendor, before)) == ("skipped", [ago(0)])
    assert (manifest(app).days, last_run(app).trust_state) == ({}, "unknown")
    assert said(caplog) == ["source.locked"] * 2
    vendor.behave()
    clock.move(minutes=350)
    assert refresh(app, "timer").outcome == "ok"
    assert said(caplog) == ["source.opened"]
    assert manifest(app).head.access.state == "ok"
    for row in every_row(app)["week"]:
        assert_true(row, vendor.world, ago(7), clock.now())


def test_a_backfill_that_does_not_end_has_opened_the_source(
    serve: Serve, make_app: MakeApp, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    """What ran out of time goes on in the next run, and not six hours later."""
    caplog.set_level(logging.INFO, "scoreboard")
    vendor = serve(small_world(12), latency_ms=700, sleep=clock.sleep)
    app = make_app(vendor, BACKFILL_DAYS="12", REFRESH_BUDGET_SECONDS="10", FETCH_CONCURRENCY="1")
    vendor.misbehave("404", times=None)
    refresh(app, "timer")
    vendor.behave()
    clock.move(hours=6)
    run = refresh(app, "timer")
    assert (run.outcome, run.days_left > 0, manifest(app).head.access.state) == ("partial", True, "ok")
    while refresh(app, "timer").days_left:
        assert len(vendor.requests) < 40
    assert [event for event in said(caplog) if event != "source.out_of_time"] == [
        "source.locked",
        "source.opened",
    ]
    for row in every_row(app)["week"]:
        assert_true(row, vendor.world, ago(11), clock.now())
