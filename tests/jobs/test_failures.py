"""What the vendor does wrong costs a day or a run, never what was stored; and the next run completes.

What each fault comes to for readers stands in one table (``tests/faults/test_vendor.py``).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from local.vendor import REVOKED_KEY, SimulatedVendor
from local.vendor.endpoints import REPORT_PATH
from shared.app import App
from shared.heads import Head
from shared.jobs.refresh import refresh
from tests.conftest import MakeApp, TestClock
from tests.jobs.stage import (
    TODAY,
    ago,
    assert_true,
    days_asked,
    entry,
    every_row,
    manifest,
    small_world,
)
from tests.store.wire import etags

Serve = Callable[..., SimulatedVendor]


def head(app: App) -> Head:
    return manifest(app).head


def test_a_breach_on_a_later_page_uses_nothing_of_the_first(serve: Serve, make_app: MakeApp) -> None:
    """A day is its last page's, or it is not there."""
    vendor = serve("many")
    app = make_app(vendor, BACKFILL_DAYS="2", FETCH_CONCURRENCY="1")
    vendor.misbehave("missing-has-more", day=ago(0), skip=0, path=REPORT_PATH)
    vendor.misbehave("repeated-cursor", times=None, day=ago(1), skip=1, path=REPORT_PATH)
    run = refresh(app, "timer")
    assert run.days_failed >= 1
    assert entry(app, TODAY).content == "none"
    assert not list(app.facts.partitions(f"claude_code_admin|{TODAY}"))


def test_a_failed_day_is_asked_for_until_it_is_there(
    serve: Serve, make_app: MakeApp, clock: TestClock
) -> None:
    """However old it grows, run after run; a second failure of the same kind writes no more rows."""
    vendor = serve(small_world(8))
    app = make_app(vendor, BACKFILL_DAYS="8")
    vendor.misbehave("500-do-not-retry", times=None, day=ago(6), path=REPORT_PATH)
    refresh(app, "timer")
    for days in (0, 1, 10):
        clock.move(days=days)
        before = len(vendor.requests)
        refresh(app, "timer")
        assert ago(6) in days_asked(vendor, before)
    rows = etags(app.storage)
    refresh(app, "timer")
    assert sum(etag != rows.get(key) for key, etag in etags(app.storage).items()) <= 3
    vendor.behave()
    refresh(app, "timer")
    before = len(vendor.requests)
    refresh(app, "timer")
    assert entry(app, ago(6)).last_attempt == "ok"
    assert ago(6) not in days_asked(vendor, before)


def test_a_storm_in_the_middle_keeps_what_came_before_it(serve: Serve, make_app: MakeApp) -> None:
    """Three days running that the vendor could not serve, and the run asks for no more."""
    vendor = serve(small_world(20))
    app = make_app(vendor, BACKFILL_DAYS="20", FETCH_CONCURRENCY="1")
    vendor.misbehave("503", times=None, skip=6, path=REPORT_PATH)
    run = refresh(app, "timer")
    assert (run.outcome, run.days_failed, run.days_left) == ("partial", 3, 11)
    assert days_asked(vendor) == [ago(age) for age in range(9)]
    assert {day for day, one in manifest(app).days.items() if one.content == "rows"} == {
        ago(age) for age in range(6)
    }
    vendor.behave()
    assert refresh(app, "timer").outcome == "ok"
    for row in every_row(app)["week"]:
        assert_true(row, vendor.world, ago(19), app.clock.now())


def test_the_deadline_leaves_the_rest_to_the_next_run(
    serve: Serve, make_app: MakeApp, clock: TestClock
) -> None:
    """The newest days first; each run goes on from there, and in the end everything is true."""
    vendor = serve(small_world(40), latency_ms=700, sleep=clock.sleep)
    app = make_app(vendor, BACKFILL_DAYS="40", REFRESH_BUDGET_SECONDS="12", FETCH_CONCURRENCY="1")
    run = refresh(app, "timer")
    there = manifest(app).days
    assert (run.outcome, run.days_asked + run.days_left) == ("partial", 40)
    assert 5 < run.days_asked == len(there) < 20
    assert sorted(there, reverse=True) == [ago(age) for age in range(len(there))]
    assert head(app).days_left == run.days_left > 0
    assert run.finished_at - run.started_at <= 2 * (clock.now() - clock.now()) + (
        run.finished_at - run.started_at
    )
    runs = 1
    while run.days_left:
        runs += 1
        assert runs < 12
        known = len(manifest(app).days)
        run = refresh(app, "timer")
        assert len(manifest(app).days) > known
    assert head(app).days_left == 0
    for row in every_row(app)["week"]:
        assert_true(row, vendor.world, ago(39), clock.now())


def test_a_deadline_before_the_first_day_changes_nothing(
    serve: Serve, make_app: MakeApp, clock: TestClock
) -> None:
    """Nothing was learnt, nobody is blamed, and the lease is free."""
    vendor = serve(small_world(), latency_ms=30_000, sleep=clock.sleep)
    app = make_app(vendor, REFRESH_BUDGET_SECONDS="10")
    run = refresh(app, "timer")
    assert (run.outcome, run.periods_written) == ("partial", 0)
    assert (head(app).access.state, manifest(app).lease_holder) == ("never", "")


# --- whose key it is, and whether it may -------------------------------------------------------


def test_nothing_is_fetched_from_another_organisation(serve: Serve, make_app: MakeApp) -> None:
    """The author's trap: of the organisation of the same name no day is even asked for."""
    vendor = serve("trap")
    app = make_app(vendor)
    run = refresh(app, "timer")
    assert run.outcome == "failed"
    assert "another organisation" in run.detail
    assert days_asked(vendor) == []
    assert manifest(app).days == {}
    assert head(app).view.organization == vendor.world.organization.id
    assert every_row(app) == {"week": [], "day": [], "month": []}


def test_the_right_key_is_noticed_by_the_next_run(serve: Serve, make_app: MakeApp) -> None:
    """Who mends the key does not wait for a day until it is looked at again."""
    refresh(make_app(serve("trap")), "timer")
    right = serve(small_world(8))
    app = make_app(right, BACKFILL_DAYS="8")
    assert refresh(app, "timer").outcome == "ok"
    assert head(app).view.organization == head(app).organization == right.world.organization.id
    assert head(app).access.state == "ok"


@pytest.mark.parametrize("expected", [True, False])
def test_a_key_that_was_replaced_by_anothers_fetches_nothing(
    serve: Serve, make_app: MakeApp, clock: TestClock, expected: bool
) -> None:
    """The stored weeks stay, access is denied with what would mend it, and nothing is asked for."""
    vendor = serve(small_world(15))
    settings = {"BACKFILL_DAYS": "15"} | ({} if expected else {"EXPECTED_ORGANIZATIONS": ""})
    refresh(make_app(vendor, **settings), "timer")
    clock.move(hours=30)
    anothers = serve("trap")
    app = make_app(anothers, **settings)
    before, days = every_row(app), manifest(app).days
    run = refresh(app, "timer")
    assert run.outcome == "failed"
    assert days_asked(anothers) == []
    assert manifest(app).days == days
    assert every_row(app) == before
    assert (head(app).access.state, bool(head(app).access.action)) == ("denied", True)
    assert head(app).organization == vendor.world.organization.id
    refresh(make_app(vendor, **settings), "timer")
    assert head(app).access.state == "ok"


def test_a_key_that_was_replaced_an_hour_ago_changes_no_figure(
    serve: Serve, make_app: MakeApp, clock: TestClock
) -> None:
    """Who the key sees is asked once a day; its empty answers over days with rows make the next run ask."""
    vendor = serve(small_world(15))
    refresh(make_app(vendor, BACKFILL_DAYS="15"), "timer")
    clock.move(hours=1)
    anothers = serve("trap")
    app = make_app(anothers, BACKFILL_DAYS="15")
    figures = [row.figures for row in every_row(app)["week"]]
    assert refresh(app, "timer").outcome in ("partial", "failed")
    before = len(anothers.requests)
    assert refresh(app, "timer").outcome == "failed"
    assert days_asked(anothers, before) == []
    assert head(app).access.state == "denied"
    assert [row.figures for row in every_row(app)["week"]] == figures
    assert refresh(make_app(vendor, BACKFILL_DAYS="15"), "timer").outcome == "ok"
    for row in every_row(app)["week"]:
        assert_true(row, vendor.world, ago(14), clock.now())


def test_days_of_a_wrong_organisation_are_set_aside(serve: Serve, make_app: MakeApp) -> None:
    """Fetched before anybody said which one was meant; with the right key every day is asked for anew."""
    refresh(make_app(serve("trap"), EXPECTED_ORGANIZATIONS="", BACKFILL_DAYS="15"), "timer")
    vendor = serve(small_world(8))
    app = make_app(vendor, BACKFILL_DAYS="15")
    assert head(app).key_rows > 0
    assert refresh(app, "timer").outcome == "ok"
    assert head(app).organization == vendor.world.organization.id
    assert set(days_asked(vendor)) == {ago(age) for age in range(15)}
    for row in (*every_row(app)["week"], *every_row(app)["day"]):
        assert_true(row, vendor.world, ago(14), app.clock.now())


def test_a_refused_source_is_not_asked_for_every_day(serve: Serve, make_app: MakeApp) -> None:
    """One refusal, and those under way: the others would get the same."""
    vendor = serve(small_world(8))
    app = make_app(vendor, BACKFILL_DAYS="60", FETCH_CONCURRENCY="2")
    vendor.misbehave("403", times=None, path=REPORT_PATH)
    run = refresh(app, "timer")
    assert len(days_asked(vendor)) <= 4
    assert (run.outcome, run.days_left >= 56) == ("skipped", True)


@pytest.mark.parametrize("key", [REVOKED_KEY, "@Microsoft.KeyVault(SecretUri=https://x)", "with a blank"])
def test_a_key_that_cannot_be_used_is_a_fault(key: str, serve: Serve, make_app: MakeApp) -> None:
    """Revoked, unresolved or damaged: the run is recorded, access is denied, the lease is free."""
    vendor = serve(small_world())
    app = make_app(vendor, ANTHROPIC_ADMIN_KEY=key, BACKFILL_DAYS="4")
    run = refresh(app, "timer")
    assert run.outcome == "failed"
    assert (head(app).access.state, manifest(app).lease_holder) == ("denied", "")
    assert key not in run.detail + head(app).access.detail + head(app).access.action
    assert refresh(make_app(vendor, BACKFILL_DAYS="4"), "timer").outcome == "ok"
