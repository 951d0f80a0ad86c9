"""Two instances at work at once, in turns that hypothesis draws: the end is what one after the other makes.

The model is the simplest there is: each job done alone, undisturbed, on an account of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from local.vendor import SimulatedVendor
from shared.app import App
from shared.errors import StoreConflict
from shared.jobs.dispatch import run_job
from shared.jobs.ingest import receive
from shared.jobs.refresh import refresh
from shared.records import Actor
from shared.store.job_queue import EraseJob, RefreshJob
from shared.store.period_rows import EVERYBODY, SCHEMA
from tests.azurite import Accounts
from tests.conftest import TestClock, app_on
from tests.faults.aggregates import Aggregates, aggregates, undisturbed
from tests.jobs.dropping import NOVEMBER, export, looks, put, waiting
from tests.jobs.stage import YVES, ago, manifest, small_world
from tests.jobs.taking_turns import take_turns
from tests.store.wire import entities

Job = Callable[[App], object]

FILE = f"2026-11-13/{NOVEMBER}"
ROSTER = b"email,name,team,joined\nzelda@quux.example,Zelda,core,\nyves@quux.example,Yves,core,\n"

#: How many requests to storage each turn has; then whoever is at work goes on to the end.
TURNS = st.lists(st.integers(0, 24), min_size=1, max_size=10)
few = settings(
    max_examples=4, deadline=None, derandomize=True, database=None, phases=[Phase.generate]
)  # each example is some seconds' work: what fails is not made smaller


@dataclass(frozen=True)
class Stage:
    """A vendor, and accounts for as many examples as there are."""

    accounts: Accounts
    vendor: SimulatedVendor
    clock: TestClock

    def app(self) -> App:
        self.vendor.reset()
        self.clock.at = TestClock().at
        return app_on(
            self.accounts.unused(), self.clock, self.vendor, BACKFILL_DAYS="4", FETCH_CONCURRENCY="1"
        )

    def alone(self, name: str, app: App, *jobs: Job) -> Aggregates:
        def work(one: App) -> None:
            for job in jobs:
                job(one)

        return undisturbed(f"alone: {name}", app, self.accounts, work)


@pytest.fixture(scope="module")
def stage(accounts: Accounts) -> Iterator[Stage]:
    clock = TestClock()
    with SimulatedVendor(small_world(), now=clock.now) as vendor:
        yield Stage(accounts, vendor, clock)


def by_timer(app: App) -> None:
    refresh(app, "timer")


def by_message(app: App) -> None:
    run_job(app, msgspec.json.encode(RefreshJob()))


def drop(app: App) -> None:
    put(app, "2026-11-01/roster.csv", ROSTER)
    receive(app, "2026-11-01/roster.csv")
    put(app, FILE, export(zelda=1_200, quincy=0, yves=35))


def by_event(app: App) -> None:
    receive(app, FILE)


def id_of_yves(app: App) -> str:
    found = app.people().find(Actor("engineer", YVES))
    assert found is not None
    return found


def erasing(app: App) -> Job:
    message = EraseJob(id="cd", at=datetime(2026, 11, 16, 11, tzinfo=UTC), engineer_id=id_of_yves(app))
    return lambda one: run_job(one, msgspec.json.encode(message))


@few
@given(lengths=TURNS)
def test_the_timer_and_a_message(stage: Stage, lengths: list[int]) -> None:
    """Both want the same days: the rows are those of one run, and the lease is free."""
    app = stage.app()
    take_turns(app, by_timer, by_message, lengths)
    assert aggregates(app) == stage.alone("a run", app, by_timer)
    assert manifest(app).lease_holder == ""
    assert {run.outcome for run in app.runs.newest(9)} <= {"ok", "busy"}


@few
@given(lengths=TURNS)
def test_a_refresh_and_a_dropped_file(stage: Stage, lengths: list[int]) -> None:
    """Its event and the timer take the same file in: it counts once, and rows tell of it and of the days."""
    app = stage.app()
    drop(app)
    take_turns(app, by_timer, by_event, lengths)
    by_timer(app)
    assert aggregates(app) == stage.alone("a run and a file", app, drop, by_event, by_timer)
    assert [one.state for one in app.receipts.newest(9)] == ["accepted", "accepted"]
    assert (len(looks(app)), waiting(app)) == (1, [])


@few
@given(lengths=TURNS)
def test_a_refresh_and_an_erasure(stage: Stage, lengths: list[int]) -> None:
    """No total changes, what was heard since is kept, and who is named again by the vendor has the same id;
    once it is silent the job takes that out, too, and is one entry of the audit."""
    app = stage.app()
    by_timer(app)
    erased = id_of_yves(app)
    stage.vendor.world.restate(ago(1), 3.0)
    erase = erasing(app)
    take_turns(app, by_timer, erase, lengths)
    by_timer(app)
    wanted = stage.alone("a restated day", app, by_timer)
    assert without_names(aggregates(app)) == without_names(wanted)
    assert app.people().find(Actor("engineer", YVES)) == erased
    erase(app)
    assert not [digest for digest in app.raw.contents() if YVES.encode() in app.raw.read(digest).lower()]
    assert YVES not in {actor.name for actor in app.people().actors().values()}
    assert without_names(aggregates(app)) == without_names(wanted)
    assert len(app.audit.newest(9)) == 1


def without_names(found: Aggregates) -> Aggregates:
    return {key: row for key, row in found.items() if key != "cohorts"}


@few
@given(lengths=TURNS)
def test_a_deployment_and_the_one_before_it(stage: Stage, lengths: list[int]) -> None:
    """While both run, what the newer one has written stays as it wrote it, and readers are answered."""
    app = stage.app()
    drop(app)
    by_event(app)
    newer = Newer()
    take_turns(app, by_timer, newer.work, lengths)
    by_timer(app)
    stored = {(one["PartitionKey"], one["RowKey"]): one for one in entities(app.storage, "periods")}
    assert newer.wrote
    for key, etag in newer.wrote.items():
        assert stored[key].metadata["etag"] == etag, key
    assert app.periods.read("week", datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


class Newer:
    """A program whose rows mean something else. It makes them as ours does, teams' before everybody's."""

    def __init__(self) -> None:
        self.wrote: dict[tuple[str, str], str] = {}

    def work(self, app: App) -> None:
        by_timer(app)
        keys = [(one["PartitionKey"], one["RowKey"]) for one in entities(app.storage, "periods")]
        for key in sorted(keys, key=lambda one: one[0].endswith(f"|{EVERYBODY}")):
            while key not in self.wrote:
                stored = app.storage.table("periods").get(*key)
                assert stored is not None
                with suppress(StoreConflict):
                    row = {**stored.entity, "schema": SCHEMA + 1}
                    self.wrote[key] = app.storage.table("periods").replace(row, stored.etag)
