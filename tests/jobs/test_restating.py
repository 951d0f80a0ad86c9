"""A closed period that is told otherwise keeps what it said, with its day and its cause, and says so."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest

from local.vendor import SimulatedVendor
from shared.jobs.dispatch import run_job
from shared.jobs.refresh import refresh
from tests.adoption.asking import ask
from tests.conftest import MakeApp, TestClock
from tests.hearing import heard
from tests.jobs.dropping import drop
from tests.jobs.stage import ago, every_row, instance, row_of, small_world
from tests.store.wire import blob_names

Serve = Callable[..., SimulatedVendor]

WEEK = "2026-W46"


def said(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """The restatements told since this was asked last."""
    return heard(caplog, "period.restated")


def test_a_restated_week_keeps_what_it_said(
    serve: Serve, make_app: MakeApp, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    """Each time with the day and the cause, in the response, in the log and in raw. A period that is open,
    and one that says the same, keep nothing; nor does what an admin says of people take back what the vendor
    said, though the sentence is another."""
    caplog.set_level(logging.INFO, "scoreboard")
    world = small_world(21)
    app = make_app(serve(world), BACKFILL_DAYS="21")
    refresh(app, "timer")
    first = ask(app).periods[WEEK]
    assert "restated" not in first
    assert said(caplog) == []
    assert not any(name.startswith("told/") for name in blob_names(app.storage, "raw"))

    world.restate(ago(2), 40.0)
    refresh(app, "timer")
    second = ask(app).periods[WEEK]
    assert second["answer"]["sentence"] != first["answer"]["sentence"]
    assert second["restated"] == [
        {
            "on": "2026-11-16",
            "cause": f"claude_code_admin says otherwise of {ago(2)}",
            "verdict": first["answer"]["verdict"],
            "sentence": first["answer"]["sentence"],
        }
    ]
    events = {one["granularity"]: one for one in said(caplog)}
    assert events["week"]["periods"] == [
        {"label": WEEK, "from": first["answer"]["verdict"], "to": second["answer"]["verdict"]}
    ]
    assert events["week"]["causes"] == [second["restated"][0]["cause"]]
    assert {one["label"] for one in events["day"]["periods"]} <= {str(ago(2)), str(ago(1))}
    assert "restated" not in ask(app).periods["2026-W47"]
    assert [row.label for row in every_row(app)["week"] if row.restated] == [WEEK]

    clock.move(days=1)
    refresh(instance(app), "timer")
    assert said(caplog) == []
    kept = row_of(app, ago(2), "day").restated

    drop(app, "2026-11-01/roster.csv", b"email,name,team,joined\nzelda@quux.example,,,\n")
    run_job(app, b'{"type":"rebuild"}')
    assert said(caplog) == []
    third = ask(app).periods[WEEK]
    assert third["answer"]["sentence"] != second["answer"]["sentence"]
    assert third["restated"] == second["restated"]

    world.restate(ago(2), 1.0)
    refresh(app, "timer")
    fourth = ask(app).periods[WEEK]["restated"]
    assert fourth[0] == second["restated"][0]
    assert (fourth[1]["on"], fourth[1]["sentence"]) == ("2026-11-17", third["answer"]["sentence"])
    assert row_of(app, ago(2), "day").restated != kept
