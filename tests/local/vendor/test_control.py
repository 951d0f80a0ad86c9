"""The doors under `/_simulator/`, through which another process tells the vendor what to do."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from local.vendor.control import QUESTIONS
from tests.local.vendor.asking import Client
from tests.local.vendor.conftest import StartVendor

WEDNESDAY = date(2026, 11, 18)


def tell(client: Client, question: str, **told: Any) -> dict[str, Any]:
    """Tell the vendor something, which it must accept."""
    answer: dict[str, Any] = client.http.post(f"/_simulator/{question}", json=told).raise_for_status().json()
    return answer


def test_misbehaviour_can_be_told(start: StartVendor) -> None:
    """A rule over HTTP is the same as one in-process, `null` times meaning always."""
    vendor, client = start()
    told = tell(client, "misbehave", kind="500", times=None, path="/v1", day="2026-11-18")
    assert told["misbehaviours"] == [rule.document() for rule in vendor.misbehaviours]
    assert [client.report(WEDNESDAY).status_code for _ in range(3)] == [500] * 3
    assert client.report(date(2026, 11, 17)).status_code == 200
    assert client.get("/_simulator/misbehave").json()["kinds"]["cut"]


def test_reset_makes_the_vendor_as_new(start: StartVendor) -> None:
    """Rules, restatements and the log are gone; the clock is not."""
    vendor, client = start()
    rows = client.rows(WEDNESDAY)
    tell(client, "misbehave", kind="500", times=None)
    tell(client, "restate", day="2026-11-18", factor=0)
    moment = tell(client, "clock", advance_seconds=90)["now"]
    assert client.report(WEDNESDAY).status_code == 500
    tell(client, "reset")
    assert vendor.requests == ()
    assert client.rows(WEDNESDAY) == rows
    assert client.get("/_simulator/world").json()["now"] == moment == "2026-11-23T03:01:30Z"


def test_the_truth_can_be_asked(start: StartVendor) -> None:
    """A week's and a day's truth are the world's, complete or as the API shows it now."""
    vendor, client = start()
    world = vendor.world
    assert (
        client.get("/_simulator/truth", week="2026-11-16").json()
        == world.truth_of_week(date(2026, 11, 16)).document()
    )
    assert client.get("/_simulator/truth", day="2026-11-18").json() == world.truth(WEDNESDAY).document()
    tell(client, "clock", now="2026-11-18T00:30:00Z")
    assert client.get("/_simulator/truth", day="2026-11-18", shown="now").json()["people"] == {}


def test_month_to_date_lines_can_be_asked(start: StartVendor) -> None:
    """What a team export would show, per subscriber."""
    vendor, client = start()
    answer = client.get("/_simulator/lines-month-to-date", month="2026-11-01", moment="2026-11-20T16:00:00Z")
    assert set(answer.json()["linesMonthToDate"]) <= set(vendor.world.engineers)
    assert answer.json()["linesMonthToDate"]


def test_the_log_has_what_was_asked_and_never_a_key(start: StartVendor) -> None:
    """Method, path, query, status, moment and user agent; control requests are not in it."""
    vendor, client = start()
    client.report(WEDNESDAY, limit=5)
    client.get("/v1/organizations/me", key=vendor.key)
    logged = client.get("/_simulator/requests")
    assert logged.json()["requests"] == [
        {
            "method": "GET",
            "path": "/v1/organizations/usage_report/claude_code",
            "query": {"starting_at": "2026-11-18", "limit": "5"},
            "status": 200,
            "moment": "2026-11-23T03:00:00Z",
            "userAgent": "scoreboard-tests",
        },
        {
            "method": "GET",
            "path": "/v1/organizations/me",
            "query": {"key": "[key]"},
            "status": 400,
            "moment": "2026-11-23T03:00:00Z",
            "userAgent": "scoreboard-tests",
        },
    ]
    assert "sk-ant" not in logged.text
    assert vendor.requests[0].parameter("limit") == "5"


def test_the_world_says_who_is_served_and_who_was_expected(start: StartVendor) -> None:
    """In the trap the two differ."""
    _, client = start("trap")
    told = client.get("/_simulator/world").json()
    assert told["organization"]["id"] != told["expectedOrganization"]
    assert (told["world"], told["members"], len(told["engineers"])) == ("trap", 1, 8)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("misbehave", {"kind": "gremlins"}),
        ("misbehave", {"kind": "500", "mood": "bad"}),
        ("misbehave", []),
        ("restate", {"day": "yesterday", "factor": 1}),
        ("restate", {"day": "2026-11-18"}),
        ("clock", {}),
        ("clock", {"now": "2026-11-18T00:00:00"}),
    ],
    ids=str,
)
def test_nonsense_is_refused_with_the_reason(start: StartVendor, question: str, told: object) -> None:
    """What cannot be done is a 400 that says why."""
    _, client = start("empty")
    answer = client.http.post(f"/_simulator/{question}", json=told)
    assert answer.status_code == 400
    assert answer.json()["error"]


@pytest.mark.parametrize("path", ["truth", "truth?week=2026-11-18", "lines-month-to-date"])
def test_a_question_without_its_parameters_is_refused(start: StartVendor, path: str) -> None:
    """A week that is none, or nothing at all, is a 400."""
    _, client = start("empty")
    assert client.get(f"/_simulator/{path}").status_code == 400


def test_an_unknown_question_is_answered_with_the_known(start: StartVendor) -> None:
    """A 404 lists what can be asked."""
    _, client = start("empty")
    answer = client.get("/_simulator/weather")
    assert answer.status_code == 404
    assert len(answer.json()["questions"]) == len(QUESTIONS)
