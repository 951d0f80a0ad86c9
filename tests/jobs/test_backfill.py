"""A year is fetched in stretches: newest first, told on the way, readable before it ends, whoever dies."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from local.vendor import SimulatedVendor
from local.vendor.endpoints import REPORT_PATH
from shared.app import App
from shared.jobs.refresh import refresh
from tests.adoption.asking import ask, ask_status
from tests.conftest import MakeApp, TestClock
from tests.hearing import heard
from tests.jobs.stage import TODAY, ago, assert_true, every_row, instance, manifest, small_world
from tests.store.wire import Asked, Watch

Serve = Callable[..., SimulatedVendor]

YEAR = 365


class KilledError(BaseException):
    """The host is gone: nothing of ours catches this."""


def kill() -> None:
    raise KilledError


def progress(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """What was told of the backfill since this was asked last."""
    return heard(caplog, "backfill.progress")


def backfill(app: App) -> dict[str, Any]:
    (source,) = ask_status(app).document["sources"]
    return dict(source["backfill"]) | {"daysLeft": source["daysLeft"]}


def test_a_year_is_fetched_in_stretches_whoever_dies(
    serve: Serve, make_app: MakeApp, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    """Each run ends with its budget, tells on the way how far it is, and has the rows follow. A host that is
    killed costs what it had not published yet, some ten seconds' worth; another instance goes on there, and
    in the end every day was asked for once, but for those and the trailing ones, and every figure is true."""
    caplog.set_level(logging.INFO, "scoreboard")
    vendor = serve(small_world(YEAR), latency_ms=700, sleep=clock.sleep)
    app = make_app(vendor, BACKFILL_DAYS=str(YEAR), REFRESH_BUDGET_SECONDS="120")

    began = clock.now()
    run = refresh(app, "timer")
    assert (run.outcome, run.days_asked + run.days_left) == ("partial", YEAR)
    assert 120 <= (clock.now() - began).total_seconds() < 130
    there = len(manifest(app).days)
    at_once = app.settings.fetch_concurrency
    assert {ago(age) for age in range(there - at_once)} <= manifest(app).days.keys()
    told = backfill(app)
    assert (told["daysWanted"], told["daysThere"], told["daysLeft"]) == (YEAR, there, YEAR - there)
    assert told["oldestDay"] == min(manifest(app).days).isoformat() >= ago(there + at_once).isoformat()
    assert told["secondsLeft"] == pytest.approx((YEAR - there) * 0.7, rel=0.2)
    steps = progress(caplog)
    assert len(steps) >= 2
    assert [one["daysThere"] for one in steps] == sorted({one["daysThere"] for one in steps})
    said = {name: told[name] for name in ("daysWanted", "daysThere", "oldestDay", "secondsLeft")}
    assert steps[-1] == {
        "event": "backfill.progress",
        "source": "claude_code_admin",
        "runId": run.run_id,
        **said,
    }

    rows = len(every_row(app)["day"])

    def kill_once_rows_have_followed(asked: Asked) -> None:
        if asked.number >= 300 and asked.concerns("raw") and len(every_row(app)["day"]) > rows + 40:
            kill()

    with pytest.raises(KilledError):  # so they are readable, though that run never comes to its end
        refresh(instance(app, Watch(before=kill_once_rows_have_followed)), "timer")
    known = len(manifest(app).days)
    assert there + 60 < known < YEAR
    assert backfill(app)["daysThere"] == known
    assert ask(app).document["answer"]["verdict"] != "unknown"
    assert progress(caplog)

    runs = 2
    while backfill(app)["daysLeft"]:
        runs += 1
        refresh(instance(app), "timer")
    assert runs < 6
    assert progress(caplog)[-1]["daysThere"] == YEAR
    assert backfill(app) == {
        "daysWanted": YEAR,
        "daysThere": YEAR,
        "oldestDay": ago(YEAR - 1).isoformat(),
        "secondsLeft": 0,
        "daysLeft": 0,
    }
    times = Counter(one.parameter("starting_at") for one in vendor.requests if one.path == REPORT_PATH)
    again = {day for day, asked in times.items() if asked > 1}
    trailing = {ago(age).isoformat() for age in range(6)}
    assert trailing <= again
    killed, ended = 10 / 0.7 + 2 * at_once + 2, at_once  # a run that its budget ends leaves what is under way
    assert len(again - trailing) <= killed + runs * ended
    for row in every_row(app)["week"]:
        assert_true(row, vendor.world, ago(YEAR - 1), clock.now())

    refresh(app, "timer")
    assert progress(caplog) == []
    assert TODAY in manifest(app).days


def test_a_run_with_time_for_a_few_days_is_further_with_the_missing_ones(
    serve: Serve, make_app: MakeApp, clock: TestClock
) -> None:
    """Where a day has many pages, or the limit is low, there may be time for fewer days than are read again
    each hour: the backfill comes to its end all the same, and those are read, too."""
    vendor = serve(small_world(16), latency_ms=2_600, sleep=clock.sleep)
    app = make_app(vendor, BACKFILL_DAYS="16", REFRESH_BUDGET_SECONDS="12", FETCH_CONCURRENCY="1")
    left = [16]
    while left[-1] and len(left) < 16:
        refresh(instance(app), "timer")
        left.append(16 - len(manifest(app).days))
    assert left[-1] == 0
    assert left == sorted(left, reverse=True)
    times = Counter(one.parameter("starting_at") for one in vendor.requests if one.path == REPORT_PATH)
    assert times[TODAY.isoformat()] > len(left) / 2
