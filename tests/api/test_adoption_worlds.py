"""Every simulated world, from the vendor's socket to the reader's body, beside the world's own truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import pytest

from local.vendor import Amounts, SimulatedVendor, Truth, World, plans, states, worlds
from shared.jobs.refresh import refresh
from tests.adoption.asking import Answered, ask, ask_status
from tests.conftest import MONDAY_NOON, MakeApp

Serve = Callable[..., SimulatedVendor]

LAST_WEEK, WEEK_BEFORE = date(2026, 11, 9), date(2026, 11, 2)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Expected:
    """What a reader must get of a world."""

    status: int
    verdict: str = ""
    opening: str = ""
    backfill_days: int = 47
    also: tuple[str, ...] = ("day", "month")
    doubted: str = ""


#: 47 days reach back to 1 October. Large teams take their time: two closed weeks, or a few days, must do.
EXPECTED = {
    "honest": Expected(200, "yes", "Yes: 7 engineers"),
    "flat": Expected(200, "no", "No, flat: 8 engineers"),
    "declining": Expected(200, "no", "No: 6 engineers"),
    "growing-large": Expected(200, "yes", "Yes: ", backfill_days=15, also=()),
    "many": Expected(200, "unknown", "Unknown: no week is closed yet", backfill_days=4, also=("day",)),
    "new-team": Expected(200, "yes", "Yes: 8 engineers"),
    "holiday-week": Expected(200, "yes", "Yes: 8 engineers"),
    "trap": Expected(409),
    "api-only": Expected(409),
    "empty": Expected(409),
    "silent-since-wednesday": Expected(200, "unknown", "Unknown: the week of 9 to 15 November 2026"),
    "half-vanished": Expected(200, "yes", "Yes: ", backfill_days=47, also=(), doubted="silence"),
    "repeated-week": Expected(200, "no", "No, flat: ", backfill_days=15, also=(), doubted="plausibility"),
    "dollars": Expected(200, "yes", "Yes: ", backfill_days=22, also=(), doubted="plausibility"),
}


def cents(amounts: Amounts) -> Decimal:
    return (amounts.cost_cents / 100).quantize(Decimal("0.01"), ROUND_HALF_EVEN)


def true_figures(truth: Truth) -> dict[str, object]:
    """The figures of a whole period in which everything is known."""
    everything = truth.total()
    decisions = everything.decisions_accepted + everything.decisions_rejected
    keys = sum((truth.key(name) for name in truth.keys), Amounts())
    return {
        "active": len(truth.active_people),
        "sessions": everything.sessions,
        "linesAccepted": everything.lines_accepted,
        "linesRemoved": everything.lines_removed,
        "decisionsAccepted": everything.decisions_accepted,
        "decisionsRejected": everything.decisions_rejected,
        "commits": everything.commits,
        "pullRequests": everything.pull_requests,
        "tokens": everything.tokens,
        "meteredCost": cents(truth.total("api")),
        "apiEquivalentCost": cents(truth.total("subscription")),
        "acceptanceRate": round(Decimal(everything.decisions_accepted) / decisions, 4) if decisions else None,
        "unattributed.sessions": keys.sessions,
        "unattributed.linesAccepted": keys.lines_accepted,
        "unattributed.meteredCost": cents(keys),
    }


def served_figures(period: Mapping[str, Any], edge: str) -> dict[str, object]:
    """The values, or the lows, of a period as it came over the wire."""
    beside = {f"unattributed.{name}": figure for name, figure in period["unattributed"].items()}
    figures = {"active": period["active"][period["basis"]], **period["figures"], **beside}
    return {name: figure[edge] for name, figure in figures.items() if name not in ("cost", "costPerActive")}


def agree_with_the_truth(answer: Answered, world: World) -> None:
    """Each period says what really was; where it cannot know, it says no value and a true lower bound."""
    for period in answer.document["periods"]:
        first, end = (datetime.fromisoformat(period["period"][edge]) for edge in ("start", "end"))
        true = true_figures(world.truth(first.date(), end.date(), as_of=MONDAY_NOON))
        if period["closed"] and period["completeness"] == "complete":
            assert served_figures(period, "value") == true, period["label"]
            continue
        assert not any(served_figures(period, "value").values()), period["label"]
        lows = served_figures(period, "low")
        for name in true.keys() - {"acceptanceRate"}:
            assert Decimal(str(lows[name])) <= Decimal(str(true[name])), (period["label"], name)
        figures = [*period["figures"].values(), *period["unattributed"].values()]
        assert all(figure["reason"] for figure in figures)


def true_counts(world: World, monday: date) -> dict[str, int]:
    """How everybody moved from the week before to that week, by the rules of docs/metrics.md."""
    before, after = world.truth_of_week(monday - WEEK), world.truth_of_week(monday)
    moved = dict.fromkeys(("started", "gained", "held", "declined", "stopped"), 0)
    for email in before.active_people | after.active_people:
        earlier, later = before.person(email).lines_accepted, after.person(email).lines_accepted
        if email not in before.active_people:
            moved["started"] += 1
        elif email not in after.active_people:
            moved["stopped"] += 1
        else:
            more, less = 10 * later > 11 * earlier, 10 * later < 9 * earlier
            moved["gained" if more else "declined" if less else "held"] += 1
    return {"activeBefore": len(before.active_people), "active": len(after.active_people), **moved}


def says_nothing_about(world: World, *responses: Answered) -> None:
    """No body carries an address, a name of a key, or the key itself."""
    secrets = {world.key, *world.engineers, *(key.name for key in world.api_keys)}
    for response in responses:
        said = response.text.lower()
        assert "@" not in said
        assert not [secret for secret in secrets if secret.lower() in said]


def test_every_world_has_its_expectation() -> None:
    """A new world does not go untested; those that show a state are told in docs/examples, those with an
    Enterprise plan in tests/jobs/test_enterprise.py."""
    assert set(EXPECTED) == set(worlds()) - set(states.BUILDERS) - set(plans.BUILDERS)


@pytest.mark.parametrize("name", EXPECTED)
def test_what_a_reader_gets_of_each_world(name: str, make_app: MakeApp, serve: Serve) -> None:
    """Status, verdict, counts and every figure agree with the truth, and nobody is named."""
    expected = EXPECTED[name]
    vendor = serve(name)
    app = make_app(vendor, BACKFILL_DAYS=str(expected.backfill_days))
    refresh(app, "test")
    answer = ask(app)
    others = [ask(app, granularity=granularity) for granularity in expected.also]
    says_nothing_about(vendor.world, answer, *others, ask_status(app), ask(app, format="csv"))
    assert {one.status for one in (answer, *others)} == {expected.status}
    assert ask_status(app).status == 200
    if answer.status != 200:
        assert no_figure_is_in(answer)
        return
    for one in (answer, *others):
        agree_with_the_truth(one, vendor.world)
    said = answer.document["answer"]
    assert (said["verdict"], answer.document["trust"]["state"]) == (expected.verdict, "partial")
    assert said["sentence"].startswith(expected.opening)
    beside = {name for name, status in answer.statuses.items() if status == "warn"}
    if name != "silent-since-wednesday":  # which has a test of its own
        assert beside == ({expected.doubted} if expected.doubted else set())
    if said["verdict"] != "unknown":
        assert said["counts"] == true_counts(vendor.world, LAST_WEEK)
        assert (said["period"]["start"], said["previous"]["start"]) == (
            f"{LAST_WEEK}T00:00:00Z",
            f"{WEEK_BEFORE}T00:00:00Z",
        )


def no_figure_is_in(answer: Answered) -> bool:
    """A problem document holds the checks, and nothing that could be drawn as a chart."""
    told = {"type", "title", "status", "detail", "action", "checks"}
    return answer.document.keys() == told and answer.headers["Cache-Control"] == "no-store"


def test_the_authors_trap_is_refused_with_expected_and_seen(make_app: MakeApp, serve: Serve) -> None:
    """The organisation of the same name: 409 ``untrusted`` with both ids, and not one day was fetched."""
    vendor = serve("trap")
    app = make_app(vendor)
    refresh(app, "test")
    answer = ask(app)
    assert (answer.status, answer.document["type"]) == (409, "/problems/untrusted")
    (check,) = (one for one in answer.document["checks"] if one["name"] == "expected-organization")
    assert (check["status"], check["expected"]) == ("fail", vendor.world.expected_organization)
    assert check["seen"].startswith(vendor.world.organization.id)
    assert check["expected"] in answer.document["detail"]
    assert vendor.world.organization.id in answer.document["detail"]
    assert no_figure_is_in(answer)
    assert not [one for one in vendor.requests if "usage_report" in one.path]


def test_the_trap_is_refused_even_where_no_organisation_is_expected(make_app: MakeApp, serve: Serve) -> None:
    """Without EXPECTED_ORGANIZATIONS four rows of a key and no person's are no team: 409 all the same."""
    vendor = serve("trap")
    app = make_app(vendor, EXPECTED_ORGANIZATIONS="", BACKFILL_DAYS="90")
    refresh(app, "test")
    answer = ask(app)
    assert (answer.status, answer.document["type"]) == (409, "/problems/untrusted")
    assert answer.statuses["expected-organization"] == "unknown"
    assert answer.statuses["humans-present"] == "fail"
    assert "4 of API keys" in answer.document["detail"]
    assert no_figure_is_in(answer)
    says_nothing_about(vendor.world, answer, ask_status(app))


def test_rows_of_keys_alone_are_refused(make_app: MakeApp, serve: Serve) -> None:
    """The right organisation without a single person: 409 ``untrusted`` by humans-present."""
    app = make_app(serve("api-only"), BACKFILL_DAYS="15")
    refresh(app, "test")
    answer = ask(app)
    assert (answer.status, answer.document["type"]) == (409, "/problems/untrusted")
    failing = [name for name, status in answer.statuses.items() if status == "fail"]
    assert failing == ["humans-present"]
    assert "0 rows of people" in answer.document["detail"]


def test_an_empty_api_is_unproven_and_never_zero(make_app: MakeApp, serve: Serve) -> None:
    """200 with no row for weeks on end is no "zero adoption": 409 ``unproven``, with what would settle it."""
    app = make_app(serve("empty"), BACKFILL_DAYS="15")
    refresh(app, "test")
    answer = ask(app)
    assert (answer.status, answer.document["type"]) == (409, "/problems/unproven")
    assert "fail" not in answer.statuses.values()
    assert "export" in answer.document["action"].lower()


def test_a_week_off_is_a_true_zero(make_app: MakeApp, serve: Serve) -> None:
    """The holiday week is complete with nobody active, because there is use on both sides."""
    app = make_app(serve("holiday-week"), BACKFILL_DAYS="22")
    refresh(app, "test")
    period = ask(app).periods["2026-W45"]
    assert (period["completeness"], period["active"]["anyActivity"]["value"]) == ("complete", 0)


def test_a_silence_has_no_value_and_leaves_the_weeks_before(make_app: MakeApp, serve: Serve) -> None:
    """Since Wednesday nothing: that week is unknown and names Wednesday, coverage warns, the others stand."""
    app = make_app(serve("silent-since-wednesday"), BACKFILL_DAYS="22")
    refresh(app, "test")
    answer = ask(app)
    assert answer.statuses["coverage"] == "warn"
    silent, before = answer.periods["2026-W46"], answer.periods["2026-W45"]
    assert (silent["completeness"], before["completeness"]) == ("incomplete", "complete")
    states = {day["day"]: day["state"] for day in silent["sources"][0]["days"]}
    assert [states[f"2026-11-{day}"] for day in (11, 12, 13)] == ["empty_suspect"] * 3
    assert "2026-11-11" in silent["figures"]["linesAccepted"]["reason"]
    assert "2026-11-11" in answer.document["answer"]["reason"]
    assert answer.document["answer"]["action"]


def test_a_new_team_is_covered_from_its_first_monday(make_app: MakeApp, serve: Serve) -> None:
    """Before that Monday the weeks are uncovered and have no value; from it on they are complete."""
    app = make_app(serve("new-team"), BACKFILL_DAYS="40")
    refresh(app, "test")
    periods = ask(app).periods
    assert [periods[f"2026-W{week}"]["completeness"] for week in (42, 43, 44, 45, 46, 47)] == [
        "uncovered",
        "uncovered",
        "complete",
        "complete",
        "complete",
        "provisional",
    ]
    assert periods["2026-W43"]["figures"]["linesAccepted"]["value"] is None
    assert [periods[f"2026-W{week}"]["answer"]["verdict"] for week in (43, 44, 45)] == [
        "unknown",
        "unknown",
        "yes",
    ]
