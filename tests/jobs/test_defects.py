"""What nobody expected of this program: it costs what met it and nothing else, and is told by its place."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

import pytest

from local.vendor import SimulatedVendor
from shared.jobs.rebuild import rebuild
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
        [defect] = [one for one in said if one["event"] == "refresh.defect"]
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


def test_a_defect_in_a_step_costs_that_step(
    serve: Serve, make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    """The steps after it are done, the run has its record, which says so, and the next run mends the rest."""
    vendor = serve("honest")
    app = make_app(vendor, **{**vendor.world.settings, "BACKFILL_DAYS": "8"})

    def of_the_rows(asked: Asked) -> bool:
        return asked.writes and asked.concerns("periods")

    def of_the_lists(asked: Asked) -> bool:
        return not asked.writes and asked.concerns("facts") and "Timestamp" in asked.url

    for steps, at in {("rebuild",): of_the_rows, ("sweep", "retain"): of_the_lists}.items():
        put(app, f"2026-11-13/{NOVEMBER}", export(zelda=1_200))
        with caplog.at_level(logging.INFO, "scoreboard"):
            run = refresh(instance(app, fails(at)), "timer")
        said = [json.loads(one.message) for one in caplog.records if one.name == "scoreboard"]
        defects = [one for one in said if one["event"] == "refresh.defect"]
        assert [(one["step"], "KeyError" in one["detail"]) for one in defects] == [
            (step, True) for step in steps
        ]
        for one in defects:
            assert any(f"jobs/{one['step'].replace('retain', 'retention')}.py:" in at for at in one["where"])
        assert SECRET not in caplog.text
        [finished] = [one["run"] for one in said if one["event"] == "refresh.finished"]
        assert finished["outcome"] == "partial"
        assert finished["undone"] == list(steps)
        assert all(f"{step}: " in finished["detail"] for step in steps)
        assert (run.outcome, run.detail) == ("partial", finished["detail"])
        assert waiting(app) == []
        assert app.runs.newest(1)[0].trust_state is not None
        caplog.clear()
        hours = 25 if "rebuild" in steps else 1  # what is done once a day is due, and then again at once
        app.clock.sleep(hours * 3600)
    wire = Watch()
    assert refresh(instance(app, wire), "timer").outcome == "ok"
    assert any(of_the_lists(asked) and "exports" in asked.url for asked in wire.asked)  # retention, once more
    assert app.runs.newest(1)[0].undone == ()
    assert every_row(app)["week"]
    assert rebuild(app) == 0


def test_a_defect_in_a_step_is_told_whatever_the_sources_said(make_app: MakeApp) -> None:
    """A run without a source is no success where its rows could not be made."""
    app = make_app()
    put(app, f"2026-11-13/{NOVEMBER}", export(zelda=1_200))
    run = refresh(instance(app, fails(lambda asked: asked.writes and asked.concerns("periods"))), "timer")
    assert (run.outcome, run.undone) == ("partial", ("rebuild",))
    assert run.detail.startswith("no live source is set up; rebuild: ")
    assert (app.runs.newest(1)[0].outcome, refresh(app, "timer").outcome) == ("partial", "skipped")
