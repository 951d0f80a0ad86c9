"""Laws of ``GET /api/status``: expected against seen, whether the figures can be trusted or not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from local.vendor import SimulatedVendor
from shared.api.cursors import place_of
from shared.api.responses import Request
from shared.api.status import get_status
from shared.app import App
from shared.jobs.ingest import ingest
from shared.jobs.refresh import refresh
from shared.records import DayEntry
from tests.adoption.asking import Answered, ask, ask_status
from tests.adoption.weekly import FRI_6, FRI_13, TEAM, look, rebuilt, roster
from tests.conftest import MakeApp, TestClock
from tests.jobs.stage import instance
from tests.store.wire import Watch

Serve = Callable[..., SimulatedVendor]

BACKFILL = {"BACKFILL_DAYS": "22"}
TABLE = [
    "organization",
    "members",
    "engineers with usage",
    "customer types",
    "rows of people",
    "rows of API keys",
]


def refreshed(vendor: SimulatedVendor, make_app: MakeApp) -> App:
    app = make_app(vendor, **BACKFILL)
    refresh(app, "test")
    return app


def the_source(answer: Answered) -> dict[str, Any]:
    assert answer.status == 200
    (source,) = answer.document["sources"]
    assert isinstance(source, dict)
    return source


def table(answer: Answered) -> dict[str, tuple[str, str]]:
    return {line["what"]: (line["expected"], line["seen"]) for line in the_source(answer)["expectedSeen"]}


def test_an_honest_source_is_shown_with_everything_that_is_known(make_app: MakeApp, serve: Serve) -> None:
    """Access, the table of expected and seen, how far the days reach, and the state of each."""
    vendor = serve("honest")
    answer = ask_status(refreshed(vendor, make_app))
    source, lines = the_source(answer), table(answer)
    assert (source["source"], source["access"]["state"]) == ("claude_code_admin", "ok")
    assert list(lines) == TABLE
    assert lines["organization"][0] == vendor.world.expected_organization
    assert lines["organization"][1].startswith(vendor.world.expected_organization)
    assert lines["members"] == ("no roster", "8")
    assert lines["engineers with usage"] == ("no roster", "7 on 2026-11-13, the busiest of the last 28 days")
    assert (source["lagHours"], source["lastRun"]["daysChanged"]) == (2, 22)
    assert lines["customer types"][1] == "api, subscription"
    assert (source["daysKnown"], source["daysLeft"]) == (22, 0)
    assert (source["firstRowDay"], source["newestSettledDay"]) == ("2026-10-26", "2026-11-15")
    assert [day["day"] for day in source["coverage"]][:: len(source["coverage"]) - 1] == [
        "2026-10-26",
        "2026-11-16",
    ]


@pytest.mark.parametrize("name", ["honest", "silent-since-wednesday", "trap", "api-only", "empty"])
def test_the_checks_are_those_of_the_default_answer(name: str, make_app: MakeApp, serve: Serve) -> None:
    """Status and answer do not contradict each other: coverage knows the days that are there."""
    app = refreshed(serve(name), make_app)
    assert ask_status(app).statuses == ask(app).statuses


def test_the_trap_is_seen_in_one_look(make_app: MakeApp, serve: Serve) -> None:
    """The table that would have saved a day: the expected id beside the one that is seen, 1 member."""
    vendor = serve("trap")
    answer = ask_status(refreshed(vendor, make_app))
    lines = table(answer)
    assert lines["organization"][0] == vendor.world.expected_organization
    assert lines["organization"][1] == f"{vendor.world.organization.id} ({vendor.world.organization.name})"
    assert lines["members"][1] == "1"
    assert lines["rows of people"] == ("some", "0")
    assert lines["engineers with usage"][1] == "no day is known"
    assert answer.statuses["expected-organization"] == "fail"


def test_before_the_first_refresh_nothing_is_made_up(make_app: MakeApp, serve: Serve) -> None:
    """A source that was never asked says so; without one there is none."""
    answer = ask_status(make_app(serve("honest")))
    lines = table(answer)
    assert lines["organization"][1] == lines["members"][1] == "not asked yet"
    assert lines["customer types"][1] == "none"
    assert lines["engineers with usage"][1] == "no day is known"
    assert the_source(answer)["lastRun"] is None
    assert the_source(answer)["coverage"] == []
    assert set(answer.statuses.values()) == {"unknown"}
    without = ask_status(make_app()).document
    assert (without["sources"], without["checks"], without["runs"]) == ([], [], [])


def test_runs_and_receipts_come_newest_first(make_app: MakeApp, serve: Serve, clock: TestClock) -> None:
    """What each refresh did and what became of each file is told, the newest first."""
    app = make_app(serve("honest"), BACKFILL_DAYS="8")
    for name, content in (
        (
            "2026-11-13/claude_code_team_2026_11_01_to_2026_11_30.csv",
            b"User,Lines this Month\nx@example.com,7\n",
        ),
        ("notes.csv", b"nothing,that,we,know\n"),
    ):
        app.storage.container("drop").upload_blob(name, content)
        ingest(app, name)
    refresh(app, "first")
    clock.move(hours=1)
    refresh(app, "second")
    answer = ask_status(app)
    assert [run["trigger"] for run in answer.document["runs"]] == ["second", "first"]
    assert {one["state"] for one in answer.document["receipts"]} == {"accepted", "refused"}
    assert answer.document["exports"]["looks"] == 1
    assert "x@example.com" not in answer.text


def test_an_unchanged_status_is_sent_once(make_app: MakeApp, serve: Serve) -> None:
    """Status has an ETag like any data."""
    app = refreshed(serve("empty"), make_app)
    tag = ask_status(app).headers["ETag"]
    assert ask_status(app, {"If-None-Match": tag}).status == 304
    refresh(app, "again")
    assert ask_status(app, {"If-None-Match": tag}).status == 200


def test_a_file_name_that_is_an_address_is_for_those_who_drop_files(make_app: MakeApp) -> None:
    """A reader sees that a file was received, and not the address that its name may be, in any spelling; nor
    does an admin: roles do not contain each other. What holds an address is kept by no browser."""
    reader = make_app()
    names = ["ana@example.com.csv", "ana\uff20example.com.csv", "ana%40example.com.csv"]
    for number, name in enumerate(names):
        reader.storage.container("drop").upload_blob(name, f"not,known\n{number},2\n".encode())
        assert ingest(reader, name) is not None
    uploader = make_app(DEVELOPMENT_ROLES="Usage.Read,Usage.Upload")
    admin = make_app(DEVELOPMENT_ROLES="Usage.Read,Usage.Admin")
    for one in (reader, admin):
        assert b"example.com" not in get_status(one, Request("GET")).body
        assert get_status(one, Request("GET")).headers["Cache-Control"].startswith("private")
    seen = get_status(uploader, Request("GET"))
    assert all(name.encode() in seen.body for name in names)
    assert seen.headers["Cache-Control"] == "no-store"


def test_receipts_are_paged(make_app: MakeApp) -> None:
    """Each receipt stands on one page, the newest first; a cursor names nobody; the last page has none."""
    app = make_app()
    for number in range(5):
        name = f"ana-{number}@example.com.csv"
        app.storage.container("drop").upload_blob(name, b"not,known\n1,2\n")
        assert ingest(app, name) is not None
    found: list[str] = []
    cursors: list[str] = []
    while not cursors or cursors[-1]:
        params = {"limit": "2"} | ({"cursor": cursors[-1]} if cursors else {})
        page = ask_status(app, **params).document
        found += [one["receiptId"] for one in page["receipts"]]
        cursors.append(page.get("nextCursor", ""))
    whole = ask_status(app).document
    assert found == [one["receiptId"] for one in whole["receipts"]]
    assert (len(found), len(cursors), "nextCursor" in whole) == (5, 3, False)
    assert not [cursor for cursor in cursors[:-1] if "ana" in place_of(cursor)]
    for bad in ({"limit": "0"}, {"limit": "201"}, {"cursor": "page-2"}, {"cursor": ""}, {"page": "2"}):
        assert ask_status(app, **bad).status == 400


def test_exports_are_expected_against_seen_too(make_app: MakeApp) -> None:
    """On each surface whose exports they should be and are, how many people they show, of how many."""
    ours = "0f5e2e7a-6c1e-4f0e-9a55-6f0d3f6f2b11"
    app = make_app(EXPECTED_ORGANIZATIONS=f"claude_ai:{ours}")
    exports = ask_status(app).document["exports"]
    assert exports["expectedSeen"] == [
        {"what": "organization on claude_ai", "expected": ours, "seen": "no export"},
        {"what": "engineers with usage", "expected": "no roster", "seen": "no export"},
    ]
    roster(app, *TEAM)
    look(app, FRI_6, {"ana": 1000, "ben": 200, "cara": 0})
    look(app, FRI_13, {"ana": 1600, "ben": 200, "cara": 0}, of=ours)
    seen = {line["what"]: line for line in ask_status(rebuilt(app)).document["exports"]["expectedSeen"]}
    assert seen["organization on claude_ai"]["seen"] == f"{ours}, 1 without an id in the name"
    assert (seen["engineers with usage"]["expected"], seen["engineers with usage"]["seen"]) == (
        "8 on the roster",
        "2 in 2026-11",
    )


def test_the_status_of_a_large_team_is_no_larger(make_app: MakeApp, clock: TestClock) -> None:
    """Days are listed and people counted: 400 days of 10,000 engineers are five requests and some thirty
    thousand bytes, a tenth of it in gzip."""
    app = make_app(ANTHROPIC_ADMIN_KEY="sk-ant-admin01-x")
    today = clock.now().date()
    entry = DayEntry(
        1, 1, "rows", "ok", True, clock.now(), people=10_000, populations=("api", "subscription")
    )
    days = {today - timedelta(days=ago): entry for ago in range(400)}
    held = app.manifests.read("claude_code_admin")
    app.manifests.replace(held, msgspec.structs.replace(held.manifest, days=days))
    watch = Watch()
    answer = ask_status(instance(app, watch))
    assert len(the_source(answer)["coverage"]) == 400
    assert table(answer)["engineers with usage"][1].startswith("10000 on ")
    assert (len(watch.asked), len(answer.body) < 30_000) == (5, True)
    assert len(ask_status(app, {"Accept-Encoding": "gzip"}).body) < 3_000
