"""The vendor's answers against schemas written by hand from the wire contracts."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from local.vendor import KINDS, SimulatedVendor
from tests.local.vendor.asking import Client, Page, Row
from tests.local.vendor.conftest import NOW, StartVendor

Honest = tuple[SimulatedVendor, Client]
SCHEMAS = Path(__file__).parent / "schemas"
DAYS = [NOW.date() - timedelta(days=ago) for ago in range(125)]


def schema(name: str) -> Draft202012Validator:
    """The schema of that name."""
    return Draft202012Validator(json.loads((SCHEMAS / f"{name}.json").read_text()))


@pytest.fixture(scope="module")
def pages(honest: Honest) -> list[Page]:
    """Every page of every day of the default world, a few rows a page."""
    return [page for day in DAYS for page in honest[1].pages(day, limit=7)]


@pytest.fixture(scope="module")
def rows(pages: list[Page]) -> list[Row]:
    """Every row of the default world."""
    return [row for page in pages for row in page["data"]]


def test_every_page_of_the_default_world_follows_the_schema(pages: list[Page]) -> None:
    """No page of the honest world leaves the contract."""
    validator = schema("report_page")
    assert [error.message for page in pages for error in validator.iter_errors(page)] == []


@pytest.mark.parametrize("name", ["me", "users", "invites", "api_keys"])
@pytest.mark.parametrize("query", [{}, {"limit": 1}, {"limit": 1000}])
def test_who_the_key_sees_follows_the_schemas(honest: Honest, name: str, query: dict[str, int]) -> None:
    """Each answer of section 2 keeps to its contract at every page size."""
    told = {} if name == "me" else query
    answer = honest[1].get(f"/v1/organizations/{name}", **told)
    schema(name).validate(answer.json())
    assert answer.headers["request-id"]


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind[:3].isdigit() and kind not in ("408", "502", "503")]
)
def test_every_error_of_the_vendor_follows_the_schema(start: StartVendor, kind: str) -> None:
    """Each status that is the vendor's own has the contract's body and a request-id header."""
    vendor, client = start()
    vendor.misbehave(kind)
    answer = client.get("/v1/organizations/me")
    schema("error").validate(answer.json())
    assert answer.status_code == int(kind[:3])
    assert answer.headers["request-id"] == answer.json()["request_id"]


def test_last_pages_end_both_ways(pages: list[Page]) -> None:
    """The last page's cursor is null on some days and absent on others; an empty day has exactly null."""
    last = [page for page in pages if not page["has_more"]]
    full = [page for page in last if page["data"]]
    assert {"next_page" in page for page in full} == {True, False}
    bare = {"data": [], "has_more": False, "next_page": None}
    empty = [page for page in last if not page["data"]]
    assert empty
    assert all(page == bare for page in empty)


def variants(row: Row) -> set[str]:
    """The listed variants that a row shows."""
    models = row["model_breakdown"]
    tools = row["tool_actions"]
    email = row["actor"].get("email_address", "")
    shown = {
        "date with a time": "T" in row["date"],
        "date without a time": "T" not in row["date"],
        "person": row["actor"]["type"] == "user_actor",
        "key": row["actor"]["type"] == "api_actor",
        "address in mixed case": email != email.lower(),
        "address in lower case": bool(email) and email == email.lower(),
        "population api": row["customer_type"] == "api",
        "population subscription": row["customer_type"] == "subscription",
        "no subscription type": "subscription_type" not in row,
        "null subscription type": row.get("subscription_type", "") is None,
        "subscription type on api": row["customer_type"] == "api" and bool(row.get("subscription_type")),
        "no terminal": "terminal_type" not in row,
        "known terminal": row.get("terminal_type") == "vscode",
        "unknown terminal": row.get("terminal_type") == "hyperspace-9",
        "no is_remote": "is_remote" not in row,
        "remote": row.get("is_remote") is True,
        "not remote": row.get("is_remote") is False,
        "no decisions": tools == {},
        "unknown tool": "diagram_tool" in tools,
        "several models": len(models) > 1,
    }
    for model in models:
        amount = model["estimated_cost"]["amount"]
        shown["cents as a string"] = shown.get("cents as a string", False) or isinstance(amount, str)
        shown["whole cents"] = shown.get("whole cents", False) or isinstance(amount, int)
        shown["broken cents"] = shown.get("broken cents", False) or isinstance(amount, float)
        shown["token field missing"] = shown.get("token field missing", False) or len(model["tokens"]) < 4
    return {name for name, is_shown in shown.items() if is_shown}


def test_every_listed_variant_occurs_in_the_default_world(rows: list[Row]) -> None:
    """A client that passes against the default world has met each variant of a row more than once."""
    seen = Counter(name for row in rows for name in variants(row))
    expected = {
        *("date with a time", "date without a time", "person", "key"),
        *("address in mixed case", "address in lower case", "population api", "population subscription"),
        *("no subscription type", "null subscription type", "subscription type on api"),
        *("no terminal", "known terminal", "unknown terminal", "no is_remote", "remote", "not remote"),
        *("no decisions", "unknown tool", "several models", "token field missing"),
        *("cents as a string", "whole cents", "broken cents"),
    }
    assert {name for name in expected if seen[name] < 2} == set()


def test_one_actor_day_is_several_rows(rows: list[Row]) -> None:
    """Rows of one person and day differ by terminal, population or is_remote, and some in nothing."""

    def actor_day(row: Row) -> tuple[str, ...]:
        return (row["date"][:10], row["actor"].get("email_address", "").lower())

    def identity(row: Row) -> tuple[Any, ...]:
        return (*actor_day(row), row["customer_type"], row.get("terminal_type"), row.get("is_remote"))

    people = [row for row in rows if row["actor"]["type"] == "user_actor"]
    of_one_day: dict[tuple[str, ...], list[Row]] = {}
    for row in people:
        of_one_day.setdefault(actor_day(row), []).append(row)
    for field in ("terminal_type", "customer_type", "is_remote"):
        assert any(len({row.get(field) for row in day}) > 1 for day in of_one_day.values()), field
    assert max(Counter(identity(row) for row in people).values()) > 1


def test_is_remote_is_no_older_than_september(rows: list[Row]) -> None:
    """The field exists since September 2026 and is on no earlier row."""
    assert min(row["date"] for row in rows) < "2026-09-01"
    assert all(row["date"] >= "2026-09-01" for row in rows if "is_remote" in row)


def test_ids_may_be_absent_from_a_list(honest: Honest) -> None:
    """The list of users names its ends on the last page too; the list of keys does not."""
    users = honest[1].get("/v1/organizations/users", limit=1000).json()
    keys = honest[1].get("/v1/organizations/api_keys", limit=1000).json()
    assert users["last_id"] == users["data"][-1]["id"]
    assert {"first_id", "last_id"}.isdisjoint(keys)


def test_key_names_are_not_unique(honest: Honest) -> None:
    """Two keys share a name and are of two people, so that name maps to nobody."""
    keys = honest[1].get("/v1/organizations/api_keys").json()["data"]
    makers: dict[str, set[str]] = {}
    for key in keys:
        makers.setdefault(key["name"], set()).add(key["created_by"]["id"])
    assert sorted(len(people) for people in makers.values()) == [1, 1, 2]


def test_every_invite_status_occurs(honest: Honest) -> None:
    """Each of the four states of an invitation is there."""
    invites = honest[1].get("/v1/organizations/invites").json()["data"]
    assert {invite["status"] for invite in invites} == {"accepted", "deleted", "expired", "pending"}


def test_a_day_without_use_is_exactly_the_contracts_empty_page(honest: Honest) -> None:
    """A whole empty day is `{"data": [], "has_more": false, "next_page": null}`."""
    before_everything = honest[1].report(date(2026, 1, 3)).json()
    assert before_everything == {"data": [], "has_more": False, "next_page": None}
