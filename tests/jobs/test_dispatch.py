"""A message of the jobs queue is done, or said and let go; only what may help raises."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from msgspec.structs import replace

from local.vendor import SimulatedVendor
from shared.app import App
from shared.errors import StoreConflict, StoreUnavailable
from shared.jobs.dispatch import run_job
from shared.jobs.leasing import LEASE
from shared.jobs.refresh import refresh
from shared.sources.claude_code_admin import NAME
from shared.store.job_queue import EraseJob, Job, RebuildJob, RefreshJob, RetractJob, send_job
from shared.store.manifests import take_lease
from shared.store.storage import Storage
from tests.conftest import MakeApp, TestClock
from tests.hearing import heard
from tests.jobs.stage import every_row, instance, last_run, small_world
from tests.store.wire import Asked, Watch, etags

Serve = Callable[..., SimulatedVendor]


@pytest.fixture
def app(serve: Serve, make_app: MakeApp) -> App:
    return make_app(serve(small_world()), BACKFILL_DAYS="4")


def sent(app: App, job: Job) -> bytes:
    """The message as the queue delivers it."""
    send_job(app.storage.queue("jobs"), job)
    message = app.storage.queue("jobs").receive_message()
    assert message is not None
    return str(message.content).encode()


def test_a_refresh_is_done(app: App) -> None:
    """As the timer does it; the record says what asked for it."""
    run_job(app, sent(app, RefreshJob("reader")))
    assert (last_run(app).outcome, last_run(app).trigger) == ("ok", "queue")


def test_a_refresh_that_comes_twice_is_free(app: App) -> None:
    """A redelivery leaves the same rows."""
    message = sent(app, RefreshJob("reader"))
    run_job(app, message)
    rows = every_row(app)
    run_job(app, message)
    assert every_row(app) == rows


def test_a_rebuild_is_done(app: App) -> None:
    """Every row is written again, and says the same."""
    refresh(app, "timer")
    rows, before = every_row(app), etags(app.storage)
    run_job(app, sent(app, RebuildJob(by="admin")))
    now = etags(app.storage)
    assert every_row(app) == rows
    assert {key[0] for key in now if now[key] != before.get(key)} == {"periods", "cohorts", "audit"}
    assert all(now[key] != etag for key, etag in before.items() if key[0] == "periods")


def test_what_an_operator_asks_for_is_audited(app: App, clock: TestClock) -> None:
    """Once, however often the message comes: who, what, when, why, and what came of it first."""
    asked = clock.now()
    job = RetractJob(id="0a1b", at=asked, by="ops", reason="a test", receipt_id="ab12")
    message = sent(app, job)
    clock.move(minutes=3)
    run_job(app, message)
    run_job(app, message)
    [entry] = app.audit.newest(9)
    assert (entry.audit_id, entry.what, entry.of) == ("0a1b", "retract", "ab12")
    assert (entry.by, entry.reason, entry.at) == ("ops", "a test", asked)
    assert (entry.state, entry.outcome) == ("nothing", "there is no such receipt")
    assert entry.finished_at == clock.now()


def test_the_audit_is_written_before_the_effect(app: App, caplog: pytest.LogCaptureFixture) -> None:
    """Who fails at the work says so and leaves the entry, and the message, brought again, completes it."""
    refresh(app, "timer")
    message = sent(app, RebuildJob(id="0a1b", at=app.clock.now(), by="ops"))

    def die(asked: Asked) -> None:
        if asked.concerns("periods"):
            raise StoreUnavailable("for now")

    with caplog.at_level(logging.INFO, "scoreboard"), pytest.raises(StoreUnavailable):
        run_job(instance(app, Watch(before=die)), message)
    failed = heard(caplog)[-1]
    assert (failed["event"], failed["auditId"], failed["detail"]) == ("job.failed", "0a1b", "for now")
    assert [one.state for one in app.audit.newest(9)] == ["begun"]
    run_job(app, message)
    assert [one.state for one in app.audit.newest(9)] == ["done"]


@pytest.mark.parametrize(
    "message", [b"", b"{}", b'{"type":"launch"}', b'{"type":"refresh","asked_by":3}', b"\xff"]
)
def test_a_message_that_nobody_understands_is_said_and_let_go(
    app: App, message: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """Raised, it would come again and again; what it says is not repeated."""
    with caplog.at_level(logging.INFO, "scoreboard"):
        run_job(app, message)
    assert caplog.records[-1].levelno == logging.ERROR
    assert [event["event"] for event in heard(caplog)] == ["job.refused"]
    assert every_row(app) == {"week": [], "day": [], "month": []}


def test_storage_that_is_away_brings_the_message_again(app: App) -> None:
    """Only that raises: trying again may help."""
    away = Storage(re.sub(r"(127\.0\.0\.1):\d+", r"\1:9", app.settings.data_storage), retry_total=0)
    for job in (b'{"type":"refresh"}', b'{"type":"rebuild"}'):
        with pytest.raises(StoreUnavailable):
            run_job(App(app.settings, away, app.environ, app.clock), job)


def test_a_job_that_never_gets_the_lease_comes_again_within_its_time(
    app: App, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    """A run that is alive keeps it for longer than a function may take: the job says so, and ends."""
    refresh(app, "timer")
    holder, began = instance(app), clock.now()
    held = take_lease(holder.manifests, NAME, "alive", began, LEASE)

    def renew(asked: Asked) -> None:
        nonlocal held
        if held is not None and asked.concerns("manifests"):
            until = clock.now() + LEASE
            held = holder.manifests.replace(held, replace(held.manifest, lease_until=until))

    somebody = next(one for one in app.people().actors() if one.startswith("e"))
    message = sent(app, EraseJob(id="0a1b", at=began, engineer_id=somebody))
    with caplog.at_level(logging.INFO, "scoreboard"), pytest.raises(StoreConflict):
        run_job(instance(app, Watch(before=renew)), message)
    assert timedelta(minutes=1) < clock.now() - began < timedelta(minutes=5)
    assert heard(caplog)[-1]["event"] == "job.failed"
