"""Spend reports, members analytics, members, Console cost and seat prices, from the drop to the reader."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from local.vendor import SimulatedVendor, Use, World
from shared.app import App
from tests.adoption.asking import ask
from tests.adoption.reporting import ORGANIZATION, analytics, spend, week_of
from tests.adoption.weekly import FRI_6, FRI_13, FRI_20, MONDAY, TEAM, address, look, rebuilt, roster
from tests.conftest import MakeApp, TestClock
from tests.jobs.dropping import drop

Serve = Callable[..., SimulatedVendor]


@pytest.fixture
def app(make_app: MakeApp, clock: TestClock) -> App:
    clock.at = MONDAY
    return make_app()


def test_a_spend_report_of_a_week_tells_who_was_active(app: App) -> None:
    """Example 9: 0 USD with tokens is use; who is not in the report used nothing, lines included."""
    roster(app, "ana", "ben")
    assert spend(app, "2026-11-09", "2026-11-15", {"ana": 1_200_000}).state == "accepted"
    week = week_of(app, "2026-W46")
    assert (week["basis"], week["active"]["tokens"]["value"], week["of"]) == ("tokens", 1, 2)
    assert week["figures"]["tokens"]["value"] == 1_200_000
    assert week["figures"]["meteredCost"]["value"] == 0
    assert week["figures"]["linesAccepted"]["value"] is None
    assert (week["completeness"], week["closed"]) == ("complete", True)


def test_who_is_not_in_the_report_added_no_lines_either(app: App) -> None:
    """Example 9 beside Friday exports: ben's lines of the week are 0, ana's stay a range."""
    for at, ana, ben in ((FRI_6, 1000, 100), (FRI_13, 1600, 100), (FRI_20, 2500, 300)):
        look(app, at, {"ana": ana, "ben": ben}, of=ORGANIZATION)
    spend(app, "2026-11-09", "2026-11-15", {"ana": 5})
    lines = week_of(app, "2026-W46")["figures"]["linesAccepted"]
    assert (lines["low"], lines["high"]) == (0, 1500)  # ben's 200 are of the 16th or later


def test_who_added_lines_was_not_away(app: App) -> None:
    """Example 10: last active on 3 November, and the counts rose until the 13th: unknown, all named."""
    receipts = [
        look(app, at, {"ana": count, "ben": 50}, of=ORGANIZATION)
        for at, count in ((FRI_6, 1000), (FRI_13, 1600), (FRI_20, 2500))
    ]
    receipts.append(
        analytics(
            app,
            "2026-10-18",
            "2026-11-16",
            {"ana": (3, "2026-11-03"), "ben": (1, "2026-11-02")},
            "2026-11-17",
        )
    )
    lines = week_of(app, "2026-W46")["figures"]["linesAccepted"]
    assert (lines["low"], lines["high"]) == (0, None)
    for receipt in (*receipts[:2], receipts[3]):
        assert receipt.receipt_id in lines["reason"]
    statuses = ask(app, granularity="week").statuses
    assert statuses["reconciliation"] == "warn"


def test_two_weekly_spend_reports_answer_by_weeks(app: App) -> None:
    """Tokens of both weeks of everybody in use: the newest ISO weeks are compared, on tokens."""
    roster(app, "ana", "ben", "cara")
    spend(app, "2026-11-09", "2026-11-15", {"ana": 100, "ben": 100})
    spend(app, "2026-11-02", "2026-11-08", {"ana": 50, "ben": 100})
    answer = ask(rebuilt(app)).document["answer"]
    assert (answer["verdict"], answer["basis"], answer["comparedOn"]) == ("yes", "tokens", "tokens")
    assert (answer["counts"]["gained"], answer["counts"]["held"]) == (1, 1)
    assert "week of 9 to 15 November" in answer["sentence"]


def test_a_report_of_a_longer_range_is_differenced(app: App) -> None:
    """Two reports with one beginning: the second week is the fortnight less the first week."""
    spend(app, "2026-11-02", "2026-11-08", {"ana": 30})
    spend(app, "2026-11-02", "2026-11-15", {"ana": 100, "ben": 7})
    week = week_of(app, "2026-W46")
    assert (week["figures"]["tokens"]["value"], week["active"]["tokens"]["value"]) == (77, 2)


def test_reports_that_disagree_are_named(app: App) -> None:
    """Of the week that both are about nothing is known of those about whom they disagree."""
    first = spend(app, "2026-11-09", "2026-11-15", {"ana": 30, "ben": 1})
    second = spend(app, "2026-11-09", "2026-11-15", {"ana": 31, "ben": 1}, day="2026-11-21")
    tokens = week_of(app, "2026-W46")["figures"]["tokens"]
    assert (tokens["low"], tokens["high"]) == (1, None)
    assert first.receipt_id in tokens["reason"]
    assert second.receipt_id in tokens["reason"]


def test_without_a_roster_file_the_members_with_a_seat_are_on_it(app: App) -> None:
    """Pending, Inactive and Unassigned are not; a roster file takes their place."""
    rows = [
        "Ana,ana@quux.example,Member,Active,Standard",
        "Ben,ben@quux.example,Member,Active,Premium",
        "Cara,cara@quux.example,Member,Pending,Standard",
        "Dan,dan@quux.example,Member,Active,Unassigned",
    ]
    text = "Name,Email,Role,Status,Seat Tier\n" + "\n".join(rows)
    assert drop(app, f"members-{ORGANIZATION}-2026-11-02.csv", text.encode()).state == "accepted"
    for at, count in ((FRI_6, 100), (FRI_13, 200)):
        look(app, at, {"ana": count, "dan": count}, of=ORGANIZATION)
    period = ask(rebuilt(app), granularity="export").document["periods"][-1]
    assert (period["of"], period["active"]["linesAccepted"]["value"]) == (2, 1)
    roster(app, *TEAM)
    assert ask(rebuilt(app), granularity="export").document["periods"][-1]["of"] == 8


def test_seats_and_net_spend_are_the_cost_of_a_week(app: App) -> None:
    """Two seats at 30 and 150 USD a month, and 2 × 1.50 USD of overage, over two active engineers."""
    rows = ["Ana,ana@quux.example,Member,Active,Standard", "Ben,ben@quux.example,Member,Active,Premium"]
    text = "Name,Email,Role,Status,Seat Tier\n" + "\n".join(rows)
    drop(app, f"members-{ORGANIZATION}-2026-11-02.csv", text.encode())
    prices = "tier,monthly_price,currency,from\nStandard,30,USD,\nPremium,150,USD,\n"
    assert drop(app, "2026-11-01/seats.csv", prices.encode()).state == "accepted"
    spend(app, "2026-11-09", "2026-11-15", {"ana": 10, "ben": 10}, net="1.50")
    figures = week_of(app, "2026-W46")["figures"]
    assert figures["meteredCost"]["value"] == Decimal("3.00")
    assert figures["cost"]["value"] == Decimal("45.00")  # 180 ÷ 30 × 7, and 3
    assert figures["costPerActive"]["value"] == Decimal("22.50")


def test_a_price_in_another_currency_is_refused(app: App) -> None:
    """Amounts of two currencies are never added."""
    refused = drop(app, "2026-11-01/seats.csv", b"tier,monthly_price,currency,from\nStandard,30,EUR,\n")
    assert (refused.state, refused.findings[0].found) == ("refused", "EUR")


def test_console_cost_stands_before_the_apis_own_estimate(
    make_app: MakeApp, clock: TestClock, serve: Serve
) -> None:
    """The invoice's rows of Claude Code count, and nothing of other programs; the estimate does not."""
    clock.at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    days = [date(2026, 11, 2) + timedelta(day) for day in range(21)]
    uses = [
        Use.on(day, address("x"), "api", at=time(10), sessions=1, lines_accepted=10, cost_cents=Decimal(100))
        for day in days
    ]
    app = make_app(serve(World.of_uses(uses)), BACKFILL_DAYS="30")
    before = week_of(app, "2026-W46")
    assert before["figures"]["meteredCost"]["value"] == Decimal("7.00")
    head = (
        "usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,cost_type,"
        "inference_geo,speed\n"
    )
    rows = "".join(
        f"{day},opus,{workspace},{key},standard,≤ 200k,output,{cost},token,--,--\n"
        for day in days
        for workspace, key, cost in (
            ("Claude Code", "claude_code_key_x_abcd", "1.50"),
            ("Claude Code", "claude_code_key_x_abcd", "0.25"),
            ("Default", "website", "99.00"),
        )
    )
    name = "2026-11-23/claude_api_cost_2026_11_01_to_2026_11_22.csv"
    assert drop(app, name, (head + rows).encode()).state == "accepted"
    after = week_of(app, "2026-W46")
    assert after["figures"]["meteredCost"]["value"] == Decimal("12.25")
    assert after["figures"]["linesAccepted"] == before["figures"]["linesAccepted"]
    assert after["answer"]["verdict"] == before["answer"]["verdict"]
    assert after["active"]["anyActivity"] == before["active"]["anyActivity"]


def test_a_report_again_is_a_duplicate_and_changes_nothing(app: App) -> None:
    """By content, also with other line ends; dropped twice is as if dropped once."""
    first = spend(app, "2026-11-09", "2026-11-15", {"ana": 30})
    again = spend(app, "2026-11-09", "2026-11-15", {"ana": 30})
    assert (again.state, again.duplicate_of) == ("duplicate", first.receipt_id)
    before = week_of(app, "2026-W46")
    assert week_of(app, "2026-W46") == before


def test_another_organisations_report_is_refused(make_app: MakeApp, clock: TestClock) -> None:
    """Its name says whose it is."""
    clock.at = MONDAY
    other = "b1c2d3e4-0000-4000-8000-00000000beef"
    app = make_app(EXPECTED_ORGANIZATIONS=f"claude_ai:{other}")
    assert spend(app, "2026-11-09", "2026-11-15", {"ana": 30}).state == "refused"


def test_a_team_whose_spend_reports_stop_is_unknown_and_not_idle(
    make_app: MakeApp, clock: TestClock, serve: Serve
) -> None:
    """Two API users by day, and the others by spend reports, of which the newest week has none."""
    clock.at = MONDAY
    days = [date(2026, 10, 26) + timedelta(day) for day in range(28)]
    uses = [Use.on(day, address("x"), "api", at=time(10), sessions=1, tokens_input=10) for day in days]
    app = make_app(serve(World.of_uses(uses)), BACKFILL_DAYS="30")
    roster(app, "x", "ana", "ben")
    spend(app, "2026-11-02", "2026-11-08", {"ana": 30, "ben": 5})
    spend(app, "2026-11-09", "2026-11-15", {"ana": 40, "ben": 5})
    told, later = (week_of(app, label)["active"]["tokens"] for label in ("2026-W46", "2026-W47"))
    assert told["value"] == 3
    assert (later["value"], later["low"], later["high"]) == (None, 1, 3)
    answer = ask(app).document["answer"]
    assert answer["period"]["end"] == "2026-11-16T00:00:00Z"
    assert (answer["basis"], answer["counts"]["activeBefore"], answer["counts"]["active"]) == ("tokens", 3, 3)
