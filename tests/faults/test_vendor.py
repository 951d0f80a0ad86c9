"""Whatever the vendor does wrong: nothing is false meanwhile, and in the end all is as if it had not been."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import pytest

from local.vendor import KINDS, SimulatedVendor
from local.vendor.endpoints import REPORT_PATH
from shared.app import App
from shared.jobs.refresh import refresh
from shared.records import Run
from shared.sources.organization import ME
from tests.adoption.asking import ask, ask_status
from tests.azurite import Accounts
from tests.conftest import MakeApp, TestClock
from tests.faults.aggregates import aggregates, assert_nothing_false, undisturbed
from tests.jobs.stage import ago, manifest, small_world

Serve = Callable[..., SimulatedVendor]

#: A closed week and the Monday after it.
DAYS = 8


@dataclass(frozen=True)
class Told:
    """What is said of a run that met a fault: its outcome, how the source answered, what a reader gets, and
    which checks fail and warn."""

    run: str
    access: str
    reader: str
    fails: Iterable[str] = ()
    warns: Iterable[str] = ()


@dataclass(frozen=True)
class Expected:
    """What a fault comes to where nothing is stored, where it strikes one day alone while the others are
    fetched, and where everything is stored."""

    first: Told
    of_one_day: Told
    later: Told


UNPROVEN, UNTRUSTED, PARTIAL = "409 unproven", "409 untrusted", "200 partial"

#: An operator must mend something. It is said at once, and what is stored stays.
REFUSED = Expected(
    Told("failed", "denied", UNTRUSTED, {"access"}),
    Told("partial", "denied", PARTIAL, {"access", "coverage"}),
    Told("failed", "denied", PARTIAL, {"access"}),
)
#: Where it never answered the plan does not include it, and nobody is called; once it has, it is a fault.
LOCKED = Expected(Told("skipped", "locked", UNPROVEN), REFUSED.of_one_day, REFUSED.later)
#: The next run tries again.
AWAY = Expected(
    Told("failed", "failed", UNPROVEN, warns={"access"}),
    Told("partial", "ok", PARTIAL, {"coverage"}),
    Told("failed", "failed", PARTIAL, warns={"access"}),
)
#: No such answer is in the contract: the very first question fails, later on every day that is asked for.
STRANGE = Expected(
    Told("failed", "failed", UNPROVEN, warns={"access"}),
    Told("partial", "ok", PARTIAL, {"coverage", "contract"}),
    Told("failed", "ok", PARTIAL, warns={"contract"}),
)
#: The vendor is there, and its days cannot be used.
BREACH = Expected(
    Told("failed", "ok", UNTRUSTED, {"coverage", "contract"}), STRANGE.of_one_day, STRANGE.later
)
#: The same, and two companies' days must not mix: no period in which such a row was is usable.
ANOTHERS = Expected(
    Told("failed", "ok", UNTRUSTED, {"coverage", "contract", "expected-organization"}),
    Told("partial", "ok", PARTIAL, {"coverage", "contract", "expected-organization"}),
    Told("failed", "ok", UNTRUSTED, {"expected-organization"}, {"contract"}),
)

FAULTS = {
    **dict.fromkeys(("401", "402"), REFUSED),
    **dict.fromkeys(("403", "404"), LOCKED),
    **dict.fromkeys(("408", "409", "429", "429-retry-after", "500", "500-do-not-retry"), AWAY),
    **dict.fromkeys(("502", "503", "504", "529", "reset", "cut", "truncated"), AWAY),
    **dict.fromkeys(("400", "413", "wrong-content-type", "html", "huge"), STRANGE),
    **dict.fromkeys(("repeated-cursor", "missing-has-more", "has-more-without-next-page"), BREACH),
    **dict.fromkeys(("repeated-rows", "rows-of-another-day"), BREACH),
    "rows-of-another-organization": ANOTHERS,
}
#: What a test of its own is for: time must pass.
IN_TIME = {"slow", "hang"}

one_run = partial(refresh, trigger="timer")


def told(app: App, run: Run) -> Told:
    answered = ask(app)
    document = answered.document
    word = document["type"].rpartition("/")[2] if answered.status == 409 else document["trust"]["state"]
    assert ask_status(app).status == 200
    return Told(
        run.outcome,
        manifest(app).head.access.state,
        f"{answered.status} {word}",
        {name for name, status in answered.statuses.items() if status == "fail"},
        {name for name, status in answered.statuses.items() if status == "warn"},
    )


def expected(said: Told) -> Told:
    return Told(said.run, said.access, said.reader, set(said.fails), set(said.warns))


def test_every_kind_has_its_row() -> None:
    """A kind of misbehaviour that is added is tried here, too."""
    assert FAULTS.keys() | IN_TIME == KINDS.keys()


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_told_and_leaves_nothing_behind(
    kind: str, serve: Serve, make_app: MakeApp, clock: TestClock, accounts: Accounts
) -> None:
    """Before, within and after the first refresh: what readers get is as the table says and nothing in it is
    false, and the first run that the vendor serves ends byte for byte as an undisturbed one."""
    vendor = serve(small_world(DAYS))
    app = make_app(vendor, BACKFILL_DAYS=str(DAYS))
    wanted = undisturbed("a week", app, accounts, one_run)

    def a_run_says(said: Told) -> None:
        run = refresh(app, "timer", insist=True)  # also where it is to be left alone for some hours
        assert_nothing_false(app, vendor.world, ago(DAYS - 1), clock.now())
        assert told(app, run) == expected(said)
        access = manifest(app).head.access
        assert access.state == "ok" or (run.detail and access.action)
        assert run in app.runs.newest(9)
        vendor.behave()

    vendor.misbehave(kind, times=None)
    a_run_says(FAULTS[kind].first)
    vendor.misbehave(kind, times=None, path=REPORT_PATH, day=ago(2))
    a_run_says(FAULTS[kind].of_one_day)
    assert refresh(app, "timer", insist=True).outcome == "ok"
    assert aggregates(app) == wanted
    vendor.misbehave(kind, times=None)
    a_run_says(FAULTS[kind].later)
    assert {name: wanted[name] for name in wanted if name.startswith("week|")}.keys() <= aggregates(
        app
    ).keys()
    assert refresh(app, "timer", insist=True).outcome == "ok"
    assert aggregates(app) == wanted


def test_what_passes_while_patience_lasts_does_not_show(
    serve: Serve, make_app: MakeApp, clock: TestClock, accounts: Accounts
) -> None:
    """Each transient fault twice running, one kind after the other, and slow answers: the run is ok."""
    vendor = serve(small_world(DAYS), sleep=clock.sleep)
    app = make_app(vendor, BACKFILL_DAYS=str(DAYS), FETCH_CONCURRENCY="1")
    passing = [kind for kind, expected in FAULTS.items() if expected is AWAY and kind != "500-do-not-retry"]
    for number, kind in enumerate(passing):
        vendor.misbehave(kind, times=2, skip=number + 1)
    vendor.misbehave("slow", times=3, milliseconds=20_000)
    assert refresh(app, "timer").outcome == "ok"
    assert [request.status for request in vendor.requests].count(200) < len(vendor.requests) - len(passing)
    assert aggregates(app) == undisturbed("a week", app, accounts, one_run)


def test_a_vendor_that_hangs_costs_a_run_its_time(
    serve: Serve, make_app: MakeApp, clock: TestClock, accounts: Accounts
) -> None:
    """Slow answers use the time up and then none comes: what came before is there, the next run goes on."""
    vendor = serve(small_world(DAYS), sleep=clock.sleep)
    app = make_app(vendor, BACKFILL_DAYS=str(DAYS), FETCH_CONCURRENCY="1", REFRESH_BUDGET_SECONDS="10")
    vendor.misbehave("slow", path=ME, milliseconds=9_800)
    vendor.misbehave("hang", times=None, path=REPORT_PATH, skip=3)
    run = refresh(app, "timer")
    assert (run.outcome, run.days_changed, run.days_left) == ("partial", 3, DAYS - 3)
    assert_nothing_false(app, vendor.world, ago(DAYS - 1), clock.now())
    vendor.behave()
    assert refresh(app, "timer").outcome == "ok"
    assert aggregates(app) == undisturbed("a week", app, accounts, one_run)
