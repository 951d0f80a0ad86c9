"""What nobody expected of this program: it costs what met it and nothing else, and is told by its place."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

import pytest

from local.vendor import SimulatedVendor
from shared.jobs.refresh import refresh
from shared.sources import claude_code_admin, claude_enterprise_analytics
from tests.conftest import MakeApp
from tests.jobs.dropping import NOVEMBER, export, put, waiting
from tests.jobs.stage import ago, entry, every_row, instance, manifest
from tests.store.wire import Asked, Watch

Serve = Callable[..., SimulatedVendor]

ADMIN, ANALYTICS = claude_code_admin.NAME, claude_enterprise_analytics.NAME
SECRET = "zelda@quux.example sk-ant-admin01-simulated"


def fails(at: Callable[[Asked], bool]) -> Watch:
    """A defect at those requests to storage, in words that nobody may repeat."""

    def before(asked: Asked) -> None:
        if at(asked):
            raise KeyError(SECRET)

    return Watch(before=before)


def test_a_defect_costs_the_day_or_the_source_that_met_it(
    serve: Serve, make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    """Of one day: the others are published, and it is told as broken. Of a whole source: the other one, the
    drops, the rows and the watch are done, and each has its record. Either is one event with its place."""
    vendor = serve("both-keys")
    app = make_app(vendor, **{**vendor.world.settings, "BACKFILL_DAYS": "8"})
    day = ago(4)

    def of_the_day(asked: Asked) -> bool:
        return f"arrivals/{ADMIN}/{day}" in asked.url.replace("%2F", "/")

    def of_the_source(asked: Asked) -> bool:
        return asked.writes and f"RowKey='{ADMIN}'" in asked.url.replace("%27", "'")

    for at in (of_the_day, of_the_source):
        put(app, f"2026-11-13/{NOVEMBER}", export(zelda=1_200))
        with caplog.at_level(logging.INFO, "scoreboard"):
            run = refresh(instance(app, fails(at)), "timer")
        said = [json.loads(one.message) for one in caplog.records if one.name == "scoreboard"]
        [defect] = [one for one in said if one["event"] == "source.defect"]
        assert (defect["source"], "KeyError" in defect["detail"], bool(defect["where"])) == (
            ADMIN,
            True,
            True,
        )
        assert SECRET not in caplog.text
        assert {one["run"]["source"] for one in said if one["event"] == "refresh.finished"} == {
            ADMIN,
            ANALYTICS,
        }
        assert manifest(app, ANALYTICS).head.access.state == "ok"
        assert waiting(app) == []
        assert every_row(app)["week"]
        assert app.runs.newest(1)[0].trust_state is not None
        if at is of_the_day:
            assert run.outcome == "partial"
            assert (entry(app, day).last_attempt, entry(app, day).fault) == ("failed", "contract")
            assert {one.last_attempt for one_day, one in manifest(app).days.items() if one_day != day} == {
                "ok"
            }
        else:
            assert (run.outcome, run.source) == ("failed", ADMIN)
        caplog.clear()
        caplog.records.clear()
    app.clock.sleep(60)  # the lease of the run that failed
    assert refresh(app, "timer").outcome == "ok"
    assert entry(app, day).last_attempt == "ok"
