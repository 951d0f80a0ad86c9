"""The Enterprise Analytics API from the vendor's socket to the reader: alone, beside the Admin API, and when
its plan opens."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from local.vendor import SimulatedVendor, Truth
from local.vendor.endpoints import REPORT_PATH
from local.vendor.enterprise import Enterprise
from shared.app import App
from shared.jobs.refresh import refresh
from shared.jobs.replay import replay
from shared.sources.claude_enterprise_analytics import NAME
from tests.adoption.asking import Answered, ask, ask_status
from tests.conftest import MakeApp, TestClock
from tests.hearing import heard
from tests.jobs.dropping import put
from tests.jobs.stage import every_row, last_run, manifest, row_of, true_figures
from tests.jobs.test_replay import empty

Serve = Callable[..., SimulatedVendor]

WEEK, DAY = timedelta(weeks=1), timedelta(days=1)
ADMIN = "claude_code_admin"


def plan_of(vendor: SimulatedVendor) -> Enterprise:
    assert vendor.world.enterprise is not None
    return vendor.world.enterprise


def an_app(make_app: MakeApp, vendor: SimulatedVendor, **told: str) -> App:
    """As the world's operator would set it up, with what its admin has dropped."""
    app = make_app(vendor, **{"BACKFILL_DAYS": "29", **vendor.world.settings, **told})
    for file in vendor.world.dropped:
        put(app, file.name, file.content)
    return app


def values(answer: Answered, label: str) -> dict[str, Any]:
    period = answer.periods[label]
    return {name: figure["value"] for name, figure in period["figures"].items()}


def true_values(truth: Truth) -> dict[str, Any]:
    """What the Analytics API tells of a week: everything but tokens, and of cost what all use would have."""
    whole = (truth.total().cost_cents / 100).quantize(Decimal("0.01"))
    told = {name: value for name, value in true_figures(truth).items() if name != "meteredCost"}
    return {**told, "tokens": None, "apiEquivalentCost": whole}


def refused(vendor: SimulatedVendor) -> int:
    return sum(one.status == 429 for one in vendor.requests)


def test_an_enterprise_plan_ends_trusted_with_exact_weeks(
    serve: Serve, make_app: MakeApp, clock: TestClock
) -> None:
    """Each closed week is the truth, tokens are unknown and say by whom, the limit is never met; the lag is
    what the vendor's answers tell, a week closes when its last day is shown, and costs that are revised weeks
    later are read again within a day. What was kept raw makes it all again."""
    vendor = serve("enterprise")
    plan, app = plan_of(vendor), an_app(make_app, vendor)
    assert refresh(app, "timer").outcome == "ok"
    assert refused(vendor) == 0
    head = manifest(app, NAME).head
    assert (head.shown_until, head.lag) == (date(2026, 11, 14), timedelta(hours=36))

    answer = ask(app, from_="2026-10-25")
    assert (answer.document["trust"]["state"], set(answer.statuses.values())) == ("trusted", {"pass"})
    for label, monday in (("2026-W44", date(2026, 10, 26)), ("2026-W45", date(2026, 11, 2))):
        truth = plan.truth(monday, monday + WEEK)
        found = values(answer, label)
        assert {name: found[name] for name in true_values(truth)} == true_values(truth)
        active = answer.periods[label]["active"]["anyActivity"]["value"]
        assert (active, answer.periods[label]["of"]) == (len(truth.people), 8)
        assert NAME in answer.periods[label]["figures"]["tokens"]["reason"]
    assert not answer.periods["2026-W46"]["closed"]
    assert ask_status(app).document["sources"][0]["lagHours"] == 36

    clock.move(hours=1)
    before = len(vendor.requests)
    assert refresh(app, "timer").days_asked == 5  # those before the newest that is shown
    assert len(vendor.requests) - before == 1 + 2 * 5

    clock.at = datetime(2026, 11, 17, 10, 5, tzinfo=UTC)  # Sunday's end is 34 hours ago: it is shown
    plan.restate_costs(date(2026, 10, 28), 1.5)
    refresh(app, "timer")
    head = manifest(app, NAME).head
    assert (head.shown_until, head.lag) == (date(2026, 11, 15), timedelta(hours=34, minutes=5))
    answer = ask(app, from_="2026-10-25")
    assert values(answer, "2026-W46")["linesAccepted"] == (
        plan.truth(date(2026, 11, 9), date(2026, 11, 16)).total().lines_accepted
    )
    cost = plan.truth(date(2026, 10, 26), date(2026, 11, 2)).total().cost_cents
    more = plan.truth(date(2026, 10, 28)).total().cost_cents / 2
    assert values(answer, "2026-W44")["apiEquivalentCost"] == ((cost + more) / 100).quantize(Decimal("0.01"))
    assert refused(vendor) == 0

    rows, requests = every_row(app), len(vendor.requests)
    empty(app)
    assert replay(app).done
    assert (every_row(app), len(vendor.requests)) == (rows, requests)
    assert manifest(app, NAME).head.view.seats == 10


def test_two_sources_are_told_apart_and_compared(
    serve: Serve, make_app: MakeApp, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    """One that fails does not stop the other. Of subscriptions the Analytics API counts and the Admin API is
    its witness: what they disagree about is said, and no use is counted twice."""
    caplog.set_level(logging.INFO, "scoreboard")
    vendor = serve("both-disagree")
    plan, app = plan_of(vendor), an_app(make_app, vendor)
    vendor.misbehave("503", times=None, path=REPORT_PATH)
    assert refresh(app, "timer").outcome == "failed"
    runs = {event["run"]["source"]: event["run"] for event in heard(caplog, "refresh.finished")}
    assert {source: run["outcome"] for source, run in runs.items()} == {ADMIN: "failed", NAME: "ok"}
    assert (manifest(app, ADMIN).head.days_known, manifest(app, NAME).head.days_known) == (0, 27)

    vendor.behave()
    clock.move(hours=1)
    assert refresh(app, "timer").outcome == "ok"
    answer = ask(app, from_="2026-10-25")
    monday = date(2026, 11, 2)
    of_api, of_seats = vendor.world.truth(monday, monday + WEEK), plan.truth(monday, monday + WEEK)
    assert values(answer, "2026-W45")["linesAccepted"] == (
        of_api.total("api").lines_accepted + of_seats.total().lines_accepted
    )
    metered = (of_api.total("api").cost_cents / 100).quantize(Decimal("0.01"))
    assert values(answer, "2026-W45")["meteredCost"] == metered
    assert answer.periods["2026-W45"]["figures"]["tokens"]["low"] == of_api.total("api").tokens
    covers = {one["source"]: one["populations"] for one in answer.periods["2026-W45"]["sources"]}
    assert covers == {ADMIN: ["api"], NAME: ["subscription"]}
    trust = answer.document["trust"]
    assert (trust["state"], len(ask_status(app).document["sources"])) == ("partial", 2)
    doubted = [one for one in trust["checks"] if one["status"] != "pass"]
    assert {(one["source"], one["name"]) for one in doubted} == {
        (ADMIN, "reconciliation"),
        (NAME, "reconciliation"),
    }
    lines = of_seats.total().lines_accepted
    assert f"{lines} lines by {NAME}" in doubted[0]["seen"]


def test_a_change_of_source_is_no_change_of_use(serve: Serve, make_app: MakeApp, clock: TestClock) -> None:
    """The Analytics API knows the last week in full and the one before in part. Its figures are the last
    week's; the verdict rests on the source that knows both, and is the one that was there before it."""
    clock.at = datetime(2026, 11, 17, 10, 5, tzinfo=UTC)
    vendor = serve("both-disagree")
    plan_of(vendor).keeps = timedelta(days=10)
    one_key = an_app(make_app, vendor, BACKFILL_DAYS="17", ANTHROPIC_ANALYTICS_KEY="")
    assert refresh(one_key, "timer").outcome == "ok"
    before = row_of(one_key, date(2026, 11, 9))
    app = an_app(make_app, vendor, BACKFILL_DAYS="17")
    assert refresh(app, "timer").outcome == "ok"
    after, first = (row_of(app, day) for day in (date(2026, 11, 9), date(2026, 11, 2)))
    assert [(one.source, one.populations) for one in first.sources] == [(ADMIN, ["api", "subscription"])]
    assert [(one.source, one.populations) for one in after.sources] == [
        (ADMIN, ["api"]),
        (NAME, ["subscription"]),
    ]
    seats = plan_of(vendor).truth(date(2026, 11, 9), date(2026, 11, 16)).total().lines_accepted
    api = vendor.world.truth(date(2026, 11, 9), date(2026, 11, 16)).total("api").lines_accepted
    assert after.figures["linesAccepted"].value == seats + api
    assert before.figures["linesAccepted"].value != seats + api
    assert (after.closed, after.answer) == (True, before.answer)
    assert after.answer.verdict != "unknown"


def test_a_plan_that_opens_is_noticed_and_fetched(
    serve: Serve, make_app: MakeApp, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    """Until then exports answer, trusted, and the lock is shown and pages nobody. The probe of every sixth
    hour finds it open and fetches the history; a process that starts, with a key that may be another, asks at
    once."""
    caplog.set_level(logging.INFO, "scoreboard")
    vendor = serve("enterprise-locked")
    app = an_app(make_app, vendor, BACKFILL_DAYS="15")
    assert refresh(app, "timer").outcome == "skipped"
    assert [event["event"] for event in heard(caplog, "source.")] == ["source.locked"]
    answer = ask(app)
    assert (answer.status, answer.document["trust"]["state"]) == (200, "trusted")
    locked = next(one for one in answer.document["trust"]["checks"] if one["name"] == "access")
    assert (locked["source"], locked["status"], locked["reason"]) == (NAME, "unknown", "locked")

    clock.move(hours=1)
    asked = len(vendor.requests)
    assert refresh(app, "timer").outcome == "skipped"
    assert len(vendor.requests) == asked
    assert refresh(replace(app, process="another"), "timer").outcome == "skipped"
    assert len(vendor.requests) == asked + 1

    plan_of(vendor).is_open = True
    clock.move(hours=6)
    assert refresh(app, "timer").outcome == "ok"
    assert [event["event"] for event in heard(caplog, "source.")] == ["source.locked", "source.opened"]
    assert manifest(app, NAME).head.days_known == 13
    week = ask(app, granularity="week", from_="2026-11-08", to="2026-11-08").periods["2026-W45"]
    truth = plan_of(vendor).truth(date(2026, 11, 2), date(2026, 11, 9))
    assert week["figures"]["linesAccepted"]["value"] == truth.total().lines_accepted
    assert [one["source"] for one in week["sources"]] == [NAME]


def test_a_source_that_names_no_newest_day_is_asked_back_to_it(serve: Serve, make_app: MakeApp) -> None:
    """One day at a time until one is shown, and no day has failed; but days that were shown before have."""
    vendor = serve("enterprise")
    plan, app = plan_of(vendor), an_app(make_app, vendor, BACKFILL_DAYS="6")
    plan.names_newest = False
    assert refresh(app, "timer").outcome == "ok"
    assert (manifest(app, NAME).head.shown_until, last_run(app).days_asked) == (date(2026, 11, 14), 4)
    plan.shown_after = timedelta(days=40)
    asked = len(vendor.requests)
    run = refresh(app, "timer")
    assert (run.outcome, run.days_asked, run.days_failed) == ("failed", 4, 4)
    assert len(vendor.requests) - asked == 6
    assert {entry.fault for entry in manifest(app, NAME).days.values()} == {"contract"}
    assert manifest(app, NAME).head.shown_until == date(2026, 11, 14)


@pytest.mark.parametrize("kind", ["503", "html", "closed"])
def test_a_day_that_is_not_shown_yet_has_not_failed(
    kind: str, serve: Serve, make_app: MakeApp, clock: TestClock
) -> None:
    """Each run asks for today first, to learn how far the days reach: where that question fails, the run has
    failed and no day is missed, neither then nor for the days until it is shown."""
    vendor = serve("enterprise")
    plan, app = plan_of(vendor), an_app(make_app, vendor, BACKFILL_DAYS="15")
    assert refresh(app, "timer").outcome == "ok"
    before = ask(app, from_="2026-11-08")
    clock.move(hours=1)
    if kind == "closed":
        plan.is_open = False
    else:
        vendor.misbehave(kind, times=None, path="/v1/organizations/analytics/users")
    assert refresh(app, "timer").outcome == "failed"
    assert not [day for day, entry in manifest(app, NAME).days.items() if entry.content == "none"]
    plan.is_open = True
    vendor.behave()
    assert refresh(app, "timer").outcome == "ok"
    after = ask(app, from_="2026-11-08")
    assert (after.document["trust"]["state"], after.periods) == ("trusted", before.periods)


def test_days_that_the_vendor_does_not_keep_have_not_failed(serve: Serve, make_app: MakeApp) -> None:
    """One refusal tells how far back it goes; but for what is under way no day before is asked for."""
    vendor = serve("enterprise")
    app = an_app(make_app, vendor, BACKFILL_DAYS="40", FETCH_CONCURRENCY="1")
    plan_of(vendor).keeps = timedelta(days=6)
    for _ in range(2):
        asked = len(vendor.requests)
        assert refresh(app, "timer").outcome == "ok"
        days = [one.parameter("date") for one in vendor.requests[asked:] if one.path.endswith("/users")]
        assert min(filter(None, days)) >= "2026-11-08"
    assert min(manifest(app, NAME).days) == date(2026, 11, 10)


def test_a_key_of_another_organisation_changes_nothing(serve: Serve, make_app: MakeApp) -> None:
    """Its costs say whose they are; the next run asks who the key is of, and no day. What would mend it is
    said in the words of that key."""
    vendor = serve("enterprise")
    app = an_app(make_app, vendor, BACKFILL_DAYS="4")
    assert refresh(app, "timer").outcome == "ok"
    rows = every_row(app)
    plan_of(vendor).organization_id = "org_01Namesake"
    assert refresh(app, "timer").outcome == "failed"
    asked = len(vendor.requests)
    run = refresh(app, "timer")
    assert (run.outcome, "another organisation" in run.detail) == ("failed", True)
    paths = {one.path.rpartition("/")[2] for one in vendor.requests[asked:]}
    assert paths == {"user_cost_report", "summaries"}
    access = manifest(app, NAME).head.access
    assert (access.state, "Enterprise Analytics API key" in access.action) == ("denied", True)
    assert [row.figures for row in every_row(app)["week"]] == [row.figures for row in rows["week"]]


def test_a_vendor_that_takes_shown_days_back_is_not_believed(
    serve: Serve, make_app: MakeApp, clock: TestClock
) -> None:
    """Its clock is days behind: how far its days reach stays as it was, so that no lag is learnt which would
    hide that they are old; the days that it refuses have failed, and are there again when it is right."""
    vendor = serve("enterprise")
    app = an_app(make_app, vendor, BACKFILL_DAYS="8")
    assert refresh(app, "timer").outcome == "ok"
    before = manifest(app, NAME).head
    vendor.clock = lambda: clock.now() - 5 * DAY
    run = refresh(app, "timer")
    after = manifest(app, NAME).head
    assert run.outcome != "ok"
    assert run.days_failed > 0
    assert (after.shown_until, after.lag) == (before.shown_until, before.lag)
    vendor.clock = clock.now
    assert refresh(app, "timer").outcome == "ok"
