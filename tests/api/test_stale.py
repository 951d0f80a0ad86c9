"""Stale while revalidating: what is there is served at once, and one reader asks for a refresh."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from azure.core.exceptions import ServiceRequestError

from local.vendor import SimulatedVendor
from shared.app import App
from shared.events import invoked
from shared.jobs.dispatch import run_job
from shared.jobs.refresh import refresh
from tests.adoption.asking import ask, ask_engineers, ask_status
from tests.adoption.weekly import look
from tests.conftest import MakeApp, TestClock
from tests.hearing import heard
from tests.jobs.stage import instance, last_run
from tests.store.wire import Asked, Watch

Serve = Callable[..., SimulatedVendor]


def messages(app: App) -> list[bytes]:
    """What readers asked for since this was asked last."""
    queue = app.storage.queue("jobs")
    found = list(queue.receive_messages())
    for message in found:
        queue.delete_message(message)
    return [str(message.content).encode() for message in found]


def test_many_readers_of_two_instances_ask_once(
    make_app: MakeApp, serve: Serve, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    """Each is answered from the store, marked stale under another tag. A message that is lost is asked for
    again after some minutes; one that was answered by the timer meanwhile does nothing. Whatever the run says
    that a reader asked for leads back to that reader."""
    caplog.set_level(logging.INFO, "scoreboard")
    vendor = serve("honest")
    app = make_app(vendor, BACKFILL_DAYS="22")
    refresh(app, "timer")
    clock.move(minutes=75)
    fresh, requests = ask(app), len(vendor.requests)
    assert "stale" not in fresh.document
    assert messages(app) == []
    clock.move(minutes=1)
    doors = [ask, ask_engineers, ask_status]
    with ThreadPoolExecutor(6) as pool:
        readers = [pool.submit(doors[i % 3], instance(app)) for i in range(12)]
        answers = [reader.result() for reader in readers]
    assert [(answer.status, answer.document["stale"]) for answer in answers] == [(200, True)] * 12
    assert answers[0].document["dataAsOf"] == fresh.document["dataAsOf"]
    assert answers[0].headers["ETag"] != fresh.headers["ETag"]
    assert messages(app) == [b'{"type":"refresh","asked_by":"reader","correlation_id":"c-1"}']
    clock.move(minutes=9)
    ask(app)
    assert messages(app) == []
    clock.move(minutes=1)
    ask(instance(app))
    (message,) = messages(app)
    assert len(vendor.requests) == requests
    assert heard(caplog)[-1] == {"event": "refresh.asked", "correlationId": "c-1"}
    invoked("queue-3", lambda: run_job(app, message))
    done = last_run(app)
    events = heard(caplog)
    assert events[-1]["event"] == "refresh.finished"
    assert {(one["correlationId"], one["invocationId"], one["runId"]) for one in events} == {
        ("c-1", "queue-3", done.run_id)
    }
    assert (done.outcome, done.trigger, "stale" in ask(app).document) == ("ok", "queue", False)
    run_job(app, message)
    assert last_run(app) == done
    clock.move(minutes=76)
    assert ask_status(app).document["stale"]
    assert len(messages(app)) == 1


def test_a_queue_that_is_away_fails_no_read(make_app: MakeApp, serve: Serve, clock: TestClock) -> None:
    """It is asked once, without patience, and the reader has the figures."""

    def away(asked: Asked) -> None:
        if "/messages" in asked.url:
            raise ServiceRequestError("the queue is away")

    app = make_app(serve("honest"), BACKFILL_DAYS="22")
    refresh(app, "timer")
    clock.move(hours=2)
    watch = Watch(before=away)
    answer = ask(instance(app, watch))
    assert (answer.status, answer.document["stale"]) == (200, True)
    assert sum("/messages" in asked.url for asked in watch.asked) == 1


def test_nobody_asks_where_it_cannot_help(make_app: MakeApp, serve: Serve, clock: TestClock) -> None:
    """A team that lives on exports, with a locked source beside them or without any: nothing is stale."""
    vendor = serve("empty")
    vendor.misbehave("403", times=None)
    with_key = make_app(vendor, EXPECTED_ORGANIZATIONS="")
    for at in ("2026-11-06T12:00:00Z", "2026-11-13T12:00:00Z"):
        look(with_key, at, {"ana": 40, "ben": 30})
    refresh(with_key, "timer")
    clock.move(hours=3)
    for app in (with_key, make_app()):
        answer = ask_status(app)
        assert (answer.status, "stale" in answer.document) == (200, False)
        ask(app)
        assert messages(app) == []
