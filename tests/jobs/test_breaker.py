"""The circuit of the live source, which every instance sees, because it stands in the manifest."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from local.vendor import REVOKED_KEY, SimulatedVendor
from local.vendor.endpoints import REPORT_PATH
from shared.breaker import FAILURES
from shared.jobs.refresh import refresh
from shared.sources.organization import ME
from tests.adoption.asking import ask, ask_status
from tests.conftest import MakeApp, TestClock
from tests.hearing import heard
from tests.jobs.stage import ago, assert_true, days_asked, every_row, instance, manifest, small_world
from tests.jobs.taking_turns import take_turns

Serve = Callable[..., SimulatedVendor]


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The circuit's events since this was asked last."""
    return [one["event"] for one in heard(caplog, "circuit.")]


def test_the_circuit_opens_is_probed_by_one_and_closes(
    serve: Serve, make_app: MakeApp, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    """After five runs without an answer, whoever ran them, nobody asks until the pause is over; then one of
    two instances probes, with one question; the run whose probe is answered completes everything."""
    caplog.set_level(logging.INFO, "scoreboard")
    vendor = serve(small_world(8))
    app = make_app(vendor, BACKFILL_DAYS="8", FETCH_CONCURRENCY="4")
    instances = [app, instance(app)]
    vendor.misbehave("500-do-not-retry", times=None)
    for number in range(FAILURES):
        assert said(caplog) == []
        assert refresh(instances[number % 2], "timer").outcome == "failed"
        clock.move(minutes=5)
    assert said(caplog) == ["circuit.opened"]
    asked = len(vendor.requests)
    for one in instances:
        run = refresh(one, "timer")
        assert (run.outcome, "circuit is open" in run.detail, len(vendor.requests)) == ("failed", True, asked)
        (source,) = ask_status(one).document["sources"]
        assert source["breaker"] == {
            "state": "open",
            "failures": FAILURES,
            "openedAt": "2026-11-16T12:20:00Z",
            "probeAt": "2026-11-16T12:50:00Z",
        }
    clock.move(minutes=30)
    take_turns(app, lambda one: refresh(one, "timer"), lambda one: refresh(one, "timer"), [2, 2, 3, 1, 2])
    assert [request.path for request in vendor.requests[asked:]] == [ME]
    assert manifest(app).head.breaker.failures == FAILURES + 1
    vendor.behave()
    vendor.misbehave("500-do-not-retry", times=None, path=REPORT_PATH)
    clock.move(minutes=31)
    asked = len(vendor.requests)
    refresh(app, "timer")
    assert days_asked(vendor, asked) == [ago(0)]
    vendor.behave()
    clock.move(minutes=31)
    assert refresh(app, "timer").outcome == "ok"
    assert said(caplog) == ["circuit.closed"]
    for row in every_row(app)["week"]:
        assert_true(row, vendor.world, ago(7), clock.now())


def test_a_limit_that_outlasts_patience_opens_it_at_once(
    serve: Serve, make_app: MakeApp, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    """Whether patience or the run's time ends first; and readers who meet stale figures ask for no run that
    would not be let through."""
    caplog.set_level(logging.INFO, "scoreboard")
    vendor = serve("honest")
    app = make_app(vendor, BACKFILL_DAYS="22")
    refresh(app, "timer")
    clock.move(hours=2)
    vendor.misbehave("429", times=None)
    refresh(app, "timer")
    assert said(caplog) == ["circuit.opened"]
    assert ask(app).document["stale"]
    assert list(app.storage.queue("jobs").receive_messages()) == []
    clock.move(minutes=31)
    ask(app)
    assert len(list(app.storage.queue("jobs").receive_messages())) == 1
    vendor.behave()
    refresh(app, "timer")
    vendor.misbehave("429", times=None)
    short = make_app(vendor, BACKFILL_DAYS="22", REFRESH_BUDGET_SECONDS="20")
    assert refresh(short, "timer").outcome == "partial"
    assert said(caplog) == ["circuit.closed", "circuit.opened"]


def test_what_an_operator_must_mend_never_opens_it(
    serve: Serve, make_app: MakeApp, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    """A revoked key, a key that cannot be read, a refusal after an answer, an empty purse of time: each is
    asked with by every run, and told in its own way."""
    caplog.set_level(logging.INFO, "scoreboard")
    vendor = serve(small_world())
    app = make_app(vendor, BACKFILL_DAYS="4")
    refresh(app, "timer")
    vendor.misbehave("403", times=None)
    revoked = make_app(vendor, ANTHROPIC_ADMIN_KEY=REVOKED_KEY, BACKFILL_DAYS="4")
    unread = make_app(vendor, ANTHROPIC_ADMIN_KEY="with a blank", BACKFILL_DAYS="4")
    for one in (app, revoked, unread):
        for _ in range(FAILURES):
            clock.move(hours=1)
            assert refresh(one, "timer").outcome == "failed"
    assert manifest(app).head.breaker.state == "closed"
    assert said(caplog) == []
