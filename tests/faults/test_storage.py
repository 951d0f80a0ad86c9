"""Whatever storage does wrong: a run ends or says so, and what it began the next one completes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from local.vendor import SimulatedVendor
from shared.app import App
from shared.errors import StoreConflict, StoreUnavailable
from shared.jobs.dispatch import run_job
from shared.jobs.refresh import refresh
from shared.sources.claude_code_admin import NAME
from shared.store.job_queue import AcceptEmptyJob
from shared.store.storage import Storage
from tests.adoption.asking import Answered, ask, ask_engineers, ask_status
from tests.azurite import Accounts
from tests.conftest import MakeApp, TestClock
from tests.faults.aggregates import Aggregates, aggregates, undisturbed
from tests.faults.proxy import Asked, StorageProxy, Trouble
from tests.jobs.dropping import NOVEMBER, export, looks, put, waiting
from tests.jobs.stage import ago, manifest, small_world

Serve = Callable[..., SimulatedVendor]

#: The message of an operator's job, which the queue brings until it is done: there is nothing to do.
MESSAGE = msgspec.json.encode(
    AcceptEmptyJob(id="ab", at=datetime(2026, 11, 16, 11, tzinfo=UTC), by="admin", source=NAME, day=ago(2))
)

#: The SDK does not wait between two attempts: nobody's time is real here.
AT_ONCE: dict[str, Any] = {
    "retry_backoff_factor": 0,
    "initial_backoff": 0,
    "increment_base": 0,
    "random_jitter_range": 0,
}


def is_of(name: str) -> Callable[[Asked], bool]:
    return lambda asked: asked.service == "table" and f"/{name}" in asked.path


def posted(asked: Asked) -> bool:
    """Rows that are inserted, and transactions."""
    return asked.service == "table" and asked.method == "POST"


def blob(asked: Asked) -> bool:
    return asked.service == "blob"


def written(asked: Asked) -> bool:
    return asked.writes


def wrote(name: str) -> Callable[[Asked], bool]:
    return lambda asked: asked.writes and is_of(name)(asked)


#: What is wrong with storage; and whether readers must be told that it is away.
TROUBLES: dict[str, tuple[Trouble, bool]] = {
    "it throttles everything": (Trouble(503, "ServerBusy"), True),
    "it throttles every third request": (Trouble(503, "ServerBusy", every=3), False),
    "it throttles writes": (Trouble(503, "ServerBusy", concerns=written), False),
    "it throttles blobs": (Trouble(503, "ServerBusy", concerns=blob), False),
    "its manifests cannot be read": (Trouble(500, "InternalError", concerns=is_of("manifests")), True),
    "its period rows cannot be read": (Trouble(500, "OperationTimedOut", concerns=is_of("periods")), True),
    "its cohorts cannot be read": (Trouble(503, "ServerBusy", concerns=is_of("cohorts")), False),
    "its audit cannot be read": (Trouble(503, "ServerBusy", concerns=is_of("audit")), False),
    "it says of each new row that it exists": (Trouble(409, "EntityAlreadyExists", concerns=posted), False),
    "it says so of every other": (Trouble(409, "EntityAlreadyExists", every=2, concerns=posted), False),
    "it says of each blob that it exists": (
        Trouble(409, "BlobAlreadyExists", concerns=lambda asked: blob(asked) and asked.method == "PUT"),
        False,
    ),
    "each row has changed meanwhile": (
        Trouble(412, "UpdateConditionNotSatisfied", concerns=lambda asked: asked.conditional),
        False,
    ),
    "every other row has": (
        Trouble(412, "UpdateConditionNotSatisfied", every=2, concerns=lambda asked: asked.conditional),
        False,
    ),
    "it resets every connection": (Trouble(), True),
    "it resets every fifth": (Trouble(every=5), False),
    "no reply to a write arrives": (Trouble(after=True, concerns=written), False),
    "every other reply to a write is lost": (Trouble(after=True, every=2, concerns=written), False),
    "replies of manifests are lost": (Trouble(after=True, concerns=wrote("manifests")), False),
    "replies of period rows are lost": (Trouble(after=True, concerns=wrote("periods")), False),
}


def drop(app: App) -> None:
    put(app, f"2026-11-13/{NOVEMBER}", export(zelda=1_200, quincy=0, yves=35))


def work(app: App) -> None:
    """What is to come of it: the vendor's days and a dropped file."""
    drop(app)
    refresh(app, "timer")


def as_well_as_may_be(do: Callable[[], object]) -> None:
    """It ends, or it says that storage is away, or that others were faster: what is brought again."""
    with suppress(StoreUnavailable, StoreConflict):
        do()


def readers(app: App) -> list[Answered]:
    return [ask(app), ask_status(app), ask_engineers(app)]


def assert_nothing_is_lost(app: App, wanted: Aggregates) -> None:
    """The aggregates, byte for byte; one look, one receipt and one entry of the audit; and every answer and
    file that anything refers to is kept."""
    assert aggregates(app) == wanted
    assert [one.state for one in app.receipts.newest(9)] == ["accepted"]
    assert (len(looks(app)), waiting(app)) == (1, [])
    assert [one.state for one in app.audit.newest(9)] == ["nothing"]
    kept = set(app.raw.contents())
    assert {digest for one in manifest(app).days.values() for digest in one.raw.split(",")} <= kept
    assert {page for one in app.raw.arrivals("exports/") for page in one["pages"]} <= kept


@pytest.mark.parametrize("name", TROUBLES)
def test_trouble_with_storage_is_told_and_leaves_nothing_behind(
    name: str, serve: Serve, make_app: MakeApp, clock: TestClock, storage: str, accounts: Accounts
) -> None:
    """On an empty account and on a full one, with a run, an operator's job and readers within it: once it is
    over, the next run and the message that is brought again end as if it had not been."""
    trouble, is_away = TROUBLES[name]
    world = small_world()
    whole = make_app(serve(world), BACKFILL_DAYS="4")
    drop(whole)
    with StorageProxy(storage) as proxy:
        app = replace(whole, storage=Storage(proxy.connection, **AT_ONCE))
        for factor in (1.0, 3.0):
            world.restate(ago(1), factor)
            wanted = undisturbed(f"a file, and a day restated by {factor}", whole, accounts, work)
            proxy.trouble = replace(trouble)
            as_well_as_may_be(lambda: refresh(app, "timer"))
            as_well_as_may_be(lambda: run_job(app, MESSAGE))
            for answered in readers(app):
                assert answered.status in (200, 409, 503)
                assert (answered.status == 503) == ("Retry-After" in answered.headers)
                assert answered.status == 503 or not is_away
            proxy.heal()
            clock.move(minutes=1)
            run_job(app, MESSAGE)
            assert refresh(app, "timer").outcome == "ok"
            assert_nothing_is_lost(whole, wanted)
