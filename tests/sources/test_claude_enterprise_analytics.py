"""Laws of the Enterprise Analytics source: what it asks, what it reads, what is a breach of its contract."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.vendor import ADMIN_KEY, ANALYTICS_KEY, SimulatedVendor
from shared.errors import ContractBroken, NotShown, RowsOfAnother, SourceLocked
from shared.records import Actor, Measures, Observation
from shared.sources import claude_code_admin
from shared.sources.claude_enterprise_analytics import (
    COSTS,
    SUMMARIES,
    USERS,
    fetch_day,
    look_around,
    opens,
    read_day,
)
from shared.sources.keys import ANALYTICS_KEY as KIND
from shared.sources.vendor import Vendor
from tests.sources.wire import START, Clock, error_of, in_turn, vendor

DAY = date(2026, 11, 6)
OURS, ANOTHERS = "org_01Quux", "org_02Quux"
ANA, BEN = "ana@quux.example", "ben@quux.example"


def user(address: str | None = ANA, lines: int = 40) -> dict[str, Any]:
    """One row, whole."""
    core = {
        "commit_count": 2,
        "distinct_session_count": 3,
        "lines_of_code": {"added_count": lines, "removed_count": 7},
        "pull_request_count": 1,
    }
    tools = {"edit_tool": {"accepted_count": 5, "rejected_count": 2}, "write_tool": None}
    return {
        "user": {"id": f"user_{address}", "email_address": address},
        "chat_metrics": {"message_count": 9},
        "claude_code_metrics": {"core_metrics": core, "tool_actions": tools},
    }


def cost(address: str | None = ANA, cents: str = "186.500000", **changes: Any) -> dict[str, Any]:
    spelled = {"email": address} if cents.startswith("1") else {"email_address": address}
    actor = {"user_id": f"user_{ANA if address is None else address}", "deleted": address is None, **spelled}
    row = {"actor": actor, "amount": cents, "currency": "USD", "starting_at": f"{DAY}T00:00:00Z"}
    return row | changes


def page_of_users(*rows: Any, **changes: Any) -> bytes:
    return json.dumps({"data": rows, **changes}).encode()


def page_of_costs(*rows: Any, **changes: Any) -> bytes:
    told = {"has_more": False, "next_page": None, "organization_id": OURS}
    return json.dumps({"data": rows, **told, **changes}).encode()


def read(users: Sequence[Any], costs: Sequence[Any] = (), **changes: Any) -> Any:
    return read_day([page_of_users(*users), page_of_costs(*costs, **changes)], DAY, OURS)


# --- reading -----------------------------------------------------------------------------------


def test_a_person_is_what_was_done_and_what_it_cost() -> None:
    """Everything of one person in one observation of the population subscription; cents are dollars / 100."""
    done = Measures(3, 40, 7, 5, 2, 2, 1, 0, Decimal("1.865"))
    found = read([user()], [cost()])
    assert found.observations == (Observation(Actor("engineer", ANA), "subscription", done),)
    assert (found.organizations, found.whole) == ({OURS}, True)


amounts = st.integers(0, 10**7).map(lambda units: f"{Decimal(units) / 10**4:f}")
people = st.lists(
    st.tuples(st.sampled_from([ANA, BEN, "cleo@quux.example"]), st.integers(0, 900), amounts), max_size=12
)


@given(people, st.randoms(use_true_random=False), st.integers(1, 4))
def test_reading_does_not_depend_on_order_paging_or_spelling(rows: Any, chance: Any, size: int) -> None:
    """However the vendor orders, pages and spells the rows, the sums and the digest are the same."""
    users = [user(address, lines) for address, lines, _ in rows]
    costs = [cost(address, cents) for address, _, cents in rows]
    straight = read(users, costs)
    shuffled_users = [
        {**one, "user": {**one["user"], "email_address": one["user"]["email_address"].title()}}
        for one in chance.sample(users, len(users))
    ]
    shuffled_costs = chance.sample(costs, len(costs))
    pages = [
        page_of_users(*shuffled_users[at : at + size], next_page="more")
        for at in range(0, max(len(rows), 1), size)
    ]
    pages += [page_of_costs(*shuffled_costs[at : at + size]) for at in range(0, max(len(rows), 1), size)]
    assert read_day(pages, DAY, OURS) == straight
    total = sum((one.measures.lines_accepted for one in straight.observations), 0)
    assert total == sum(lines for _, lines, _ in rows)
    dollars = sum((one.measures.cost for one in straight.observations), Decimal(0))
    assert dollars == sum((Decimal(cents) for _, _, cents in rows), Decimal(0)) / 100


def test_who_only_chats_is_no_row() -> None:
    """A day on which nobody used Claude Code is empty, whoever else was there."""
    chat = user()
    chat["claude_code_metrics"] = {
        "core_metrics": {
            "commit_count": 0,
            "distinct_session_count": None,
            "lines_of_code": {"added_count": 0, "removed_count": 0},
            "pull_request_count": 0,
        },
        "tool_actions": {},
    }
    found = read([chat], [cost(cents="0.000000"), cost(cents="12.5", product="chat")])
    assert (found.rows, found.observations, found.organizations) == (0, (), frozenset())


def test_an_account_that_is_gone_keeps_what_it_did_and_cost() -> None:
    """Without an address in the cost report it is the day's user of that id, else nobody in particular."""
    assert [one.actor for one in read([user()], [cost(None)]).observations] == [Actor("engineer", ANA)]
    assert [one.actor for one in read([], [cost(None)]).observations] == [Actor("name", f"user_{ANA}")]
    assert read([user(None)]).observations[0].actor.kind == "name"


@pytest.mark.parametrize(
    ("refreshed", "costs", "whole"),
    [
        ("2026-11-07T00:00:00Z", [], True),
        ("2026-11-06T23:59:59Z", [cost()], False),
        (None, [cost()], True),
        (None, [], False),
    ],
)
def test_costs_that_are_still_to_come_leave_the_day_open(
    refreshed: str | None, costs: Any, whole: bool
) -> None:
    """The report says how far it reaches; a used day of which it knows no cost yet is not whole."""
    assert read([user()], costs, data_refreshed_at=refreshed).whole is whole


@pytest.mark.parametrize(
    "pages",
    [
        [page_of_users(user("nobody"))],
        [page_of_users({"user": {"id": "user_1", "email_address": ANA}})],
        [page_of_users(user(lines=-1))],
        [page_of_costs(cost(currency="EUR"))],
        [page_of_costs(cost(cents="-1.0"))],
        [page_of_costs(cost(starting_at="2026-11-05T00:00:00Z"))],
        [page_of_costs(cost(), organization_id=None)],
    ],
)
def test_what_the_contract_excludes_is_a_breach(pages: list[bytes]) -> None:
    """And the error quotes nobody."""
    with pytest.raises(ContractBroken) as caught:
        read_day(pages, DAY, OURS)
    assert "quux" not in str(caught.value)


def test_costs_of_another_organisation_are_a_breach_of_their_own() -> None:
    """Of whom the key is can only be told there."""
    with pytest.raises(RowsOfAnother):
        read([user()], [cost()], organization_id=ANOTHERS)
    with pytest.raises(RowsOfAnother):
        read_day([page_of_costs(), page_of_costs(organization_id=ANOTHERS)], DAY)


# --- asking ------------------------------------------------------------------------------------


def test_a_day_is_asked_for_page_by_page_until_there_is_no_cursor() -> None:
    """Users to a null or absent cursor, costs as has_more says; a cursor with the query it came of."""
    asked: list[tuple[str, dict[str, str]]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        query = dict(request.url.params)
        asked.append((request.url.path, query))
        if request.url.path == USERS:
            more = {} if "page" in query else {"next_page": "second"}
            return httpx.Response(200, content=page_of_users(user(), **more), headers=JSON)
        last: dict[str, Any] = {} if "page" in query else {"has_more": True, "next_page": "next"}
        return httpx.Response(200, content=page_of_costs(cost(), **last), headers=JSON)

    with vendor(handler) as door:
        answer = fetch_day(door, DAY)
    assert (len(answer.pages), answer.broken) == (4, None)
    assert [path for path, _ in asked] == [USERS, USERS, COSTS, COSTS]
    for first, second in (asked[:2], asked[2:]):
        assert {**first[1], "page": second[1]["page"]} == second[1]
    assert asked[0][1] == {"date": "2026-11-06", "limit": "1000"}
    assert (asked[2][1]["products[]"], asked[2][1]["ending_at"]) == ("claude_code", "2026-11-07T00:00:00Z")


JSON = {"content-type": "application/json"}


def test_a_cursor_that_expired_begins_the_costs_again_once() -> None:
    """The vendor refreshes the report in between: 410, and the pages from the first one on."""
    answers = [
        httpx.Response(200, content=page_of_users(user()), headers=JSON),
        httpx.Response(200, content=page_of_costs(has_more=True, next_page="next"), headers=JSON),
        httpx.Response(410, json={"error": {"type": "invalid_request_error"}}),
        httpx.Response(200, content=page_of_costs(cost()), headers=JSON),
    ]
    with vendor(lambda _request: answers.pop(0)) as door:
        answer = fetch_day(door, DAY)
    assert (answer.broken, len(answer.pages), answers) == (None, 2, [])


@pytest.mark.parametrize(
    ("message", "newest"),
    [
        ("date 2026-11-06 is not available yet; the latest available date is 2026-11-03", date(2026, 11, 3)),
        ("not available", None),
        ("2026-11-06: choose a date between 2026-01-01 and 2026-11-04", date(2026, 11, 4)),
        ("2026-11-06: choose a date between 2026-11-08 and 2026-11-14", None),
    ],
)
def test_a_day_that_is_too_recent_is_no_breach(message: str, newest: date | None) -> None:
    """The refusal tells the newest day, or nothing; its words are in no error."""
    refusal = httpx.Response(400, json={"error": {"type": "invalid_request_error", "message": message}})
    with vendor(lambda _request: refusal) as door, pytest.raises(NotShown) as caught:
        fetch_day(door, DAY)
    assert caught.value.newest == newest
    assert caught.value.oldest == (date(2026, 11, 8) if "11-08" in message else None)
    assert "available" not in str(caught.value)


def test_no_access_is_a_lock() -> None:
    """403 and 404, with the plan to be looked at and the key that would be needed."""
    for status in (403, 404):
        refusal = error_of(status, "not_found_error")
        with vendor(in_turn(refusal)) as door, pytest.raises(SourceLocked):
            fetch_day(door, DAY)


# --- over real sockets -------------------------------------------------------------------------


def door_of(upstream: SimulatedVendor, key: str = ANALYTICS_KEY) -> Vendor:
    clock = Clock()
    return Vendor(
        upstream.url,
        key,
        deadline=600,
        kind=KIND,
        sleep=clock.sleep,
        monotonic=clock.monotonic,
        now=clock.now,
    )


def test_every_day_is_read_as_it_was() -> None:
    """Each variant of the wire leads to the true sums of each person."""
    with SimulatedVendor("enterprise", now=START) as upstream, door_of(upstream) as door:
        plan = upstream.world.enterprise
        assert plan is not None
        for ago in range(3, 24):
            day = START.date() - timedelta(days=ago)
            truth = plan.truth(day)
            seen = {
                one.actor.name: one.measures for one in read_day(fetch_day(door, day).pages, day).observations
            }
            assert seen.keys() == truth.people.keys()
            for who, measures in seen.items():
                true = truth.person(who)
                assert (measures.sessions, measures.lines_accepted) == (true.sessions, true.lines_accepted)
                assert (measures.commits, measures.pull_requests) == (true.commits, true.pull_requests)
                assert measures.decisions_rejected == true.decisions_rejected
                assert measures.cost == true.cost_cents / 100


@pytest.mark.parametrize(("names_newest", "asked"), [(True, 3), (False, 5)])
def test_the_key_sees_its_organisation_and_counts_its_seats(names_newest: bool, asked: int) -> None:
    """Nobody is listed; the newest summaries are found by the refusal, or by looking back."""
    with SimulatedVendor("enterprise", now=START) as upstream, door_of(upstream) as door:
        plan = upstream.world.enterprise
        assert plan is not None
        plan.names_newest, plan.shown_after = names_newest, timedelta(hours=82)
        view = look_around(door, START.date())
        assert (view.organization_id, view.seats, view.members, view.keys) == (
            plan.organization_id,
            10,
            None,
            None,
        )
        assert view.daily_active is not None
        assert max(view.daily_active) == plan.newest(START)
        assert all(count == len(plan.truth(day).people) for day, count in view.daily_active.items())
        assert (view.broken, len(upstream.requests)) == (None, asked)
        assert view.pages.keys() == {COSTS, SUMMARIES}


def test_each_api_says_whether_a_key_is_its_own() -> None:
    """A prefix only suggests the kind: the answer to one cheap question decides."""
    with (
        SimulatedVendor("both-keys", now=START) as upstream,
        door_of(upstream) as analytics,
        door_of(upstream, ADMIN_KEY) as admin,
    ):
        assert (opens(analytics), claude_code_admin.opens(admin)) == (True, True)
        for api, key in ((opens, admin), (claude_code_admin.opens, analytics)):
            with pytest.raises(SourceLocked):
                api(key)
