"""The Enterprise Analytics API of the simulated vendor: contract section 3, over the plan's own truth."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from local.vendor import ADMIN_KEY, ANALYTICS_KEY, REVOKED_ANALYTICS_KEY, SimulatedVendor
from local.vendor.enterprise import Enterprise
from tests.local.vendor.asking import Client
from tests.local.vendor.conftest import NOW

NEWEST = date(2026, 11, 20)  # 34 hours after its end are over, of the next day's not
PREFIX = "/v1/organizations/analytics/"


@pytest.fixture
def plan() -> Iterator[tuple[SimulatedVendor, Client]]:
    with SimulatedVendor("enterprise", now=NOW) as vendor, Client(vendor.url, ANALYTICS_KEY) as client:
        yield vendor, client


Plan = tuple[SimulatedVendor, Client]


def of(vendor: SimulatedVendor) -> Enterprise:
    assert vendor.world.enterprise is not None
    return vendor.world.enterprise


def users(client: Client, day: date, **query: Any) -> list[dict[str, Any]]:
    """Every row of a day: the end is where no cursor is."""
    rows: list[dict[str, Any]] = []
    page: dict[str, Any] = {"next_page": None}
    while True:
        cursor = {"page": page["next_page"]} if page.get("next_page") else {}
        answer = client.get(f"{PREFIX}users", date=day.isoformat(), **query, **cursor)
        page = answer.raise_for_status().json()
        assert "has_more" not in page
        rows += page["data"]
        if not page.get("next_page"):
            return rows


def costs(client: Client, first: date, end: date, **query: Any) -> dict[str, Any]:
    span = {"starting_at": f"{first}T00:00:00Z", "ending_at": f"{end}T00:00:00Z", "bucket_width": "1d"}
    page: dict[str, Any] = client.get(f"{PREFIX}user_cost_report", **span, **query).raise_for_status().json()
    return page


def test_the_rows_of_a_day_sum_to_its_truth_however_they_are_paged(plan: Plan) -> None:
    """No date, no row lost or twice, and whoever only chats is there without any use of Claude Code."""
    vendor, client = plan
    whole = users(client, NEWEST)
    assert sorted(map(str, users(client, NEWEST, limit=2))) == sorted(map(str, whole))
    assert not any("date" in row for row in whole)
    found = {}
    for row in whole:
        core = row["claude_code_metrics"]["core_metrics"]
        if core["lines_of_code"]["added_count"] or core["distinct_session_count"]:
            found[row["user"]["email_address"].lower()] = (
                core["distinct_session_count"],
                core["lines_of_code"]["added_count"],
                core["commit_count"],
                sum(one["accepted_count"] for one in row["claude_code_metrics"]["tool_actions"].values()),
            )
    truth = of(vendor).truth(NEWEST)
    assert found == {
        who: (done.sessions, done.lines_accepted, done.commits, done.decisions_accepted)
        for who in truth.people
        for done in [truth.person(who)]
    }
    assert len(whole) == len(found) + len(of(vendor).chatting)


def test_costs_are_decimal_strings_of_cents(plan: Plan) -> None:
    """By user and day, at most 31 days of them, with the moment up to which they reach."""
    vendor, client = plan
    page = costs(client, NEWEST, NEWEST + timedelta(days=1), limit=1_000)
    amounts = [Decimal(row["amount"]) for row in page["data"]]
    assert all(isinstance(row["amount"], str) for row in page["data"])
    assert sum(amounts) == of(vendor).truth(NEWEST).total().cost_cents
    assert page["organization_id"].startswith("org_")
    assert page["data_refreshed_at"] == "2026-11-22T23:00:00Z"
    of(vendor).restate_costs(NEWEST, 1.5)
    again = costs(client, NEWEST, NEWEST + timedelta(days=1), limit=1_000)
    assert sum(Decimal(row["amount"]) for row in again["data"]) == sum(amounts) * Decimal("1.5")
    first = costs(client, NEWEST - timedelta(days=20), NEWEST)
    assert (len(first["data"]), first["has_more"]) == (20, True)
    span = {"starting_at": "2026-10-01T00:00:00Z", "ending_at": "2026-11-02T00:00:00Z"}
    assert client.get(f"{PREFIX}user_cost_report", **span).status_code == 400


def test_a_day_that_is_too_recent_is_refused_with_the_newest(plan: Plan) -> None:
    """How far behind it is only the refusal tells; a plan may also keep that to itself."""
    vendor, client = plan
    refused = client.get(f"{PREFIX}users", date="2026-11-21")
    assert (refused.status_code, refused.json()["error"]["type"]) == (400, "invalid_request_error")
    assert NEWEST.isoformat() in refused.json()["error"]["message"]
    of(vendor).names_newest = False
    silent = client.get(f"{PREFIX}users", date="2026-11-21").json()["error"]["message"]
    assert NEWEST.isoformat() not in silent


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("users", {"date": "2025-12-31"}),
        ("users", {"date": "yesterday"}),
        ("users", {"date": "2026-11-20", "starting_date": "2026-11-19"}),
        ("users", {"date": "2026-11-20", "limit": "1001"}),
        ("summaries", {"starting_date": "2026-11-01", "ending_date": "2026-11-10", "limit": "20"}),
        ("summaries", {"starting_date": "2026-11-10", "ending_date": "2026-11-10"}),
        ("user_cost_report", {"starting_at": "2026-11-01", "ending_at": "2026-11-02"}),
    ],
    ids=str,
)
def test_what_the_contract_does_not_allow_is_refused(plan: Plan, path: str, query: dict[str, str]) -> None:
    """A 400 each; summaries know no limit."""
    assert plan[1].get(f"{PREFIX}{path}", **query).status_code == 400


def test_summaries_count_seats_and_who_is_at_work(plan: Plan) -> None:
    """By day, without pages."""
    vendor, client = plan
    query = {"starting_date": "2026-11-16", "ending_date": "2026-11-21"}
    said = client.get(f"{PREFIX}summaries", **query).json()["summaries"]
    assert [one["assigned_seat_count"] for one in said] == [10] * 5
    assert [one["claude_code_daily_active_user_count"] for one in said] == [
        len(of(vendor).truth(date(2026, 11, 16) + timedelta(days=ago)).people) for ago in range(5)
    ]


def test_a_cursor_is_good_for_its_query(plan: Plan) -> None:
    """With another day, or another limit, it is refused."""
    client = plan[1]
    cursor = client.get(f"{PREFIX}users", date=NEWEST.isoformat(), limit=2).json()["next_page"]
    for query in ({"date": "2026-11-19", "limit": 2}, {"date": NEWEST.isoformat(), "limit": 3}):
        assert client.get(f"{PREFIX}users", page=cursor, **query).status_code == 400


def test_the_minute_is_shared_by_all_endpoints(plan: Plan) -> None:
    """Sixty, whichever they are; the refusal says when the next one would be let in."""
    vendor, client = plan
    query = {"starting_date": "2026-11-16", "ending_date": "2026-11-17"}
    paths: list[tuple[str, dict[str, Any]]] = [("users", {"date": NEWEST.isoformat()}), ("summaries", query)]
    answers = [client.get(f"{PREFIX}{path}", **told) for _ in range(30) for path, told in paths]
    assert {one.status_code for one in answers} == {200}
    refused = client.get(f"{PREFIX}summaries", **query)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
    vendor.clock = NOW + timedelta(seconds=60)
    assert client.get(f"{PREFIX}summaries", **query).status_code == 200


def test_access_is_the_plans_and_the_keys(plan: Plan) -> None:
    """Another kind of key, a revoked one, and a plan that is shut and opened over HTTP."""
    vendor, client = plan
    statuses = {
        key: client.http.get(f"{PREFIX}users", params={"date": "2026-11-20"}, headers={"x-api-key": key})
        for key in (ADMIN_KEY, REVOKED_ANALYTICS_KEY, ANALYTICS_KEY)
    }
    assert [one.status_code for one in statuses.values()] == [403, 401, 200]
    assert client.http.post("/_simulator/plan", json={"open": False}).json()["open"] is False
    assert client.get(f"{PREFIX}users", date="2026-11-20").status_code == 404
    told = {"open": True, "shown_after_hours": 58, "costs": {"2026-11-18": 2}}
    assert client.http.post("/_simulator/plan", json=told).json() == {"open": True, "newest": "2026-11-19"}
    assert (of(vendor).cost_factor(date(2026, 11, 18)), vendor.world.name) == (2, "enterprise")
