"""Killed before any of its storage requests, whatever a job does is made good by the next one.

On an account in memory, so that each request of each job is one; on a real one, with SIGKILL, a few are
(``test_ingest_crash.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.app import App
from shared.jobs.ingest import ingest_waiting
from shared.jobs.rebuild import rebuild
from shared.jobs.replay import replay
from shared.jobs.retention import retain
from shared.jobs.retract import retract
from shared.records import Receipt
from tests.adoption.reporting import ORGANIZATION, analytics, spend
from tests.adoption.weekly import FRI_6, FRI_13, FRI_20, MONDAY, TEAM, look, roster
from tests.conftest import TestClock
from tests.hidden_history.account import MemoryStorage, app_in_memory
from tests.jobs.dropping import drop, looks, put

Job = Callable[[App], object]


class Dead(BaseException):
    """Nothing that a job may catch."""


def receive_all(app: App) -> None:
    """What waits, and the rows that it changes."""
    ingest_waiting(app)
    rebuild(app)


def storage_of(app: App) -> MemoryStorage:
    assert isinstance(app.storage, MemoryStorage)
    return app.storage


def dies(app: App, job: Job, request: int) -> bool:
    """Do the job in an instance that ends before its storage request of that number; whether it got there."""
    left = [request]

    def before() -> None:
        left[0] -= 1
        if not left[0]:
            raise Dead

    storage = storage_of(app)
    storage.before = before
    with suppress(Dead):
        job(replace(app))
    storage.before = lambda: None
    return left[0] <= 0


def everything(app: App) -> dict[str, Any]:
    """Whatever is concluded and kept, but for when, and how often, it was written."""
    storage = storage_of(app)
    manifest = app.exports.read().manifest
    first, last = MONDAY.replace(year=2020), MONDAY.replace(year=2040)
    return {
        "rows": [row for kind in ("week", "month", "export") for row in app.periods.read(kind, first, last)],
        "answer": app.periods.read_answer(),
        "looks": sorted((one.look.look_id, one.state) for one in manifest.looks),
        "reports": sorted(one.report.report_id for one in manifest.reports),
        "configurations": sorted(one.receipt_id for one in manifest.configurations),
        "retracted": manifest.retracted,
        "head": manifest.head,
        "receipts": sorted(app.receipts.every(), key=lambda one: one.receipt_id),
        "facts": sorted(storage.table("facts").rows),
        "blobs": {name: sorted(one.blobs) for name, one in storage.containers.items()},
        "frozen": sorted(
            key for key, stored in storage.table("periods").rows.items() if stored.entity.get("frozen")
        ),
    }


def every_death_is_made_good(app: App, job: Job, *, stride: int = 1) -> int:
    """Before each request in turn, or every so many; how many there are."""
    undisturbed = replace(app, storage=storage_of(app).copied())
    job(undisturbed)
    wanted = everything(undisturbed)
    request = 1
    while dies(dying := replace(app, storage=storage_of(app).copied()), job, request):
        job(replace(dying))
        assert everything(replace(dying)) == wanted, f"after a death before request {request}"
        request += stride
    return request


@pytest.fixture
def app(clock: TestClock) -> App:
    """Exports of an autumn, and the rows that are made of them."""
    clock.at = MONDAY
    app = app_in_memory(
        clock, {"FACT_RETENTION_DAYS": "62", "RAW_RETENTION_DAYS": "100", "AUDIT_RETENTION_DAYS": "100"}
    )
    roster(app, *TEAM)
    for at, count in ((FRI_6, 100), (FRI_13, 150), (FRI_20, 300)):
        look(app, at, dict.fromkeys(TEAM, count), of=ORGANIZATION)
    rebuild(app)
    return app


def waiting(app: App, file: Callable[[App], Receipt]) -> App:
    """The app with that file in the drop container, unread."""
    received = file(elsewhere := replace(app, storage=storage_of(app).copied()))
    assert received.state == "accepted"
    put(app, received.name, elsewhere.raw.read(received.digest))
    return app


SEEN = {"a": (3, "2026-11-18"), "c": (0, "")}
FILES: dict[str, Callable[[App], Receipt]] = {
    "spend report": lambda app: spend(app, "2026-11-09", "2026-11-15", {"a": 30, "b": 5}),
    "members analytics": lambda app: analytics(app, "2026-11-09", "2026-11-18", SEEN, "2026-11-20"),
    "roster": lambda app: roster(app, *TEAM[:5], "z", day="2026-11-15"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_is_no_look_is_recorded_once(app: App, kind: str) -> None:
    """With its receipt and the rows that follow; then it is gone from the drop container."""
    assert every_death_is_made_good(waiting(app, FILES[kind]), receive_all) > 30


def test_a_rebuild_from_raw_of_mixed_kinds_ends_the_same(app: App) -> None:
    """Of emptied tables; with a report and a roster that were retracted."""
    received = {kind: file(app) for kind, file in FILES.items()}
    for kind in ("spend report", "roster"):
        assert retract(app, received[kind].receipt_id).done
    for name, table in storage_of(app).tables.items():
        if name not in ("people", "audit"):
            table.rows.clear()
    assert every_death_is_made_good(app, replay, stride=4) > 60


def test_retention_goes_on_where_it_died(app: App, clock: TestClock) -> None:
    """Looks, facts, arrivals, receipts and contents that are too old go, rows are marked, the rest stays."""
    FILES["spend report"](app)
    drop(app, "2026-11-21/x.csv", b"%PDF-1.7\n")
    rebuild(app)
    clock.at = datetime(2027, 6, 7, 12, tzinfo=UTC)
    assert look(app, "2027-05-28T16:00Z", dict.fromkeys(TEAM, 10)).state == "accepted"
    rebuild(app)
    clock.move(days=7)
    week_ago = clock.now() - timedelta(days=7)
    assert every_death_is_made_good(app, lambda one: retain(one, week_ago)) > 40
    retain(app, week_ago)
    assert [one.month for one in looks(app)] == ["2027-05"]
