"""Laws of ``GET /api/adoption`` over a real store: who may ask, which periods, what is cached and said."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import socket
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from local.azurite import Ports, connection_string
from local.vendor import SimulatedVendor, Use, World
from shared.app import App
from shared.jobs.ingest import ingest
from shared.jobs.refresh import refresh
from shared.settings import load
from shared.store.storage import Storage
from tests.adoption.asking import Answered, ask, ask_engineers, ask_status
from tests.azurite import Accounts
from tests.conftest import MakeApp, TestClock, app_on
from tests.jobs.stage import instance
from tests.store.wire import etags

Serve = Callable[..., SimulatedVendor]
Ask = Callable[..., Answered]

ANA, BEN = "ana@example.com", "ben@example.com"
FIRST = date(2026, 10, 26)
BACKFILL = {"BACKFILL_DAYS": "22"}
ROUTES = [
    pytest.param(ask, id="adoption"),
    pytest.param(ask_engineers, id="engineers"),
    pytest.param(ask_status, id="status"),
]


def small_world() -> World:
    """Two engineers who work on Mondays, for four weeks and this Monday morning; Ben gains every week."""
    uses = []
    for week in range(4):
        monday = FIRST + timedelta(weeks=week)
        lines = 100 * 2**week
        uses += [
            Use.on(monday, ANA, at=time(7), sessions=1, lines_accepted=100, decisions_accepted=3),
            Use.on(monday, BEN, "api", at=time(7), sessions=1, lines_accepted=lines, cost_cents=Decimal(25)),
        ]
    return World.of_uses(uses)


@pytest.fixture
def vendor(serve: Serve) -> SimulatedVendor:
    """The small world's vendor."""
    return serve(small_world())


@pytest.fixture
def app(vendor: SimulatedVendor, make_app: MakeApp) -> App:
    """An app that has fetched the small world once."""
    made = make_app(vendor, **BACKFILL)
    refresh(made, "test")
    return made


@pytest.fixture(scope="module")
def fetched(accounts: Accounts) -> Iterator[App]:
    """The same for all tests that only read: fetched once, and afterwards it stands as it was written."""
    clock = TestClock()
    with SimulatedVendor(small_world(), now=clock.now) as vendor:
        app = app_on(accounts.unused(), clock, vendor, **BACKFILL)
        refresh(app, "test")
        before = etags(app.storage)
        yield app
        assert etags(app.storage) == before


@pytest.fixture
def read(fetched: App) -> App:
    """An instance of its own of the app that nobody writes to."""
    return instance(fetched)


# --- who may ask ---------------------------------------------------------------------------------


def principal(*roles: str) -> dict[str, str]:
    claims = [{"typ": "roles", "val": role} for role in roles]
    document = {"auth_typ": "aad", "name_typ": "name", "role_typ": "roles", "claims": claims}
    return {"X-MS-CLIENT-PRINCIPAL": base64.b64encode(json.dumps(document).encode()).decode()}


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("easy_auth", ["", "true"], ids=["without EasyAuth", "with EasyAuth"])
def test_nobody_gets_nothing(route: Ask, easy_auth: str, make_app: MakeApp) -> None:
    """Without a principal there is no data: 401, and what a client sends itself does not count."""
    app = make_app(DEVELOPMENT_PRINCIPAL="", WEBSITE_AUTH_ENABLED=easy_auth)
    answer = route(app, {} if easy_auth else principal("Usage.Read"))
    assert (answer.status, answer.document["type"]) == (401, "/problems/unauthenticated")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "WWW-Authenticate" in answer.headers


@pytest.mark.parametrize("route", ROUTES)
def test_another_role_is_not_enough(route: Ask, make_app: MakeApp) -> None:
    """Upload, admin and names do not contain reading: 403 with the role that is missing."""
    signed_in = make_app(DEVELOPMENT_PRINCIPAL="", WEBSITE_AUTH_ENABLED="true")
    local = make_app(DEVELOPMENT_ROLES="Usage.Upload,Usage.Admin,Usage.Read.Named")
    for answer in (route(signed_in, principal("Usage.Upload", "Usage.Read.Named")), route(local)):
        assert (answer.status, answer.document["type"]) == (403, "/problems/forbidden")
        assert answer.document["requiredRole"] == "Usage.Read"


@pytest.mark.parametrize("route", ROUTES)
def test_a_reader_may_read(route: Ask, vendor: SimulatedVendor, make_app: MakeApp) -> None:
    """The role Usage.Read, vouched for by EasyAuth, opens both data routes."""
    app = make_app(vendor, DEVELOPMENT_PRINCIPAL="", WEBSITE_AUTH_ENABLED="true", **BACKFILL)
    refresh(app, "test")
    assert route(app, principal("Usage.Read")).status == 200


def test_who_may_not_read_learns_nothing_of_their_query(make_app: MakeApp) -> None:
    """The door is closed before the query is looked at."""
    app = make_app(DEVELOPMENT_PRINCIPAL="")
    assert ask(app, colour="red").status == 401


# --- nothing yet ---------------------------------------------------------------------------------


@pytest.mark.parametrize("params", [{}, {"granularity": "day"}, {"format": "csv"}], ids=str)
def test_nothing_yet_is_said(params: dict[str, str], vendor: SimulatedVendor, make_app: MakeApp) -> None:
    """Before the first refresh: 409 ``no-data-yet``, with or without a source."""
    for app in (make_app(vendor), make_app()):
        answer = ask(app, **params)
        assert (answer.status, answer.document["type"]) == (409, "/problems/no-data-yet")
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert "periods" not in answer.document


def test_exports_that_make_no_figure_yet_are_mentioned(make_app: MakeApp) -> None:
    """With an export and no live source there is no answer yet, and the export is not denied."""
    app = make_app()
    name = "drop/2026-11-13/claude_code_team_2026_11_01_to_2026_11_30.csv".removeprefix("drop/")
    app.storage.container("drop").upload_blob(name, b"User,Lines this Month\nana@example.com,120\n")
    receipt = ingest(app, name)
    assert receipt is not None
    assert receipt.state == "accepted", receipt.findings
    answer = ask(app)
    assert (answer.status, answer.document["type"]) == (409, "/problems/no-data-yet")
    assert "1 look at" in answer.document["detail"]
    other = name.replace("2026-11-13", "2026-11-16")
    app.storage.container("drop").upload_blob(other, b"User,Lines this Month\nana@example.com,150\n")
    second = ingest(app, other)
    assert second is not None
    assert second.state == "accepted", second.findings
    long_ago = ask(app, from_="2026-01-01", to="2026-01-31").document["detail"]
    assert long_ago.startswith("There are 2 looks at")
    assert "none of the periods asked for" in long_ago


def test_a_key_that_never_opened_anything_is_untrusted(vendor: SimulatedVendor, make_app: MakeApp) -> None:
    """401 at the first refresh is a failing check, not "nothing yet", and what would mend it is said."""
    app = make_app(vendor, ANTHROPIC_ADMIN_KEY="sk-ant-admin01-revoked")
    refresh(app, "test")
    answer = ask(app)
    assert (answer.status, answer.document["type"]) == (409, "/problems/untrusted")
    assert answer.statuses["access"] == "fail"
    assert answer.document["action"]
    assert "sk-ant" not in answer.text.replace("sk-ant-admin…", "")


# --- which periods -------------------------------------------------------------------------------


def labels(answer: Answered) -> list[str]:
    assert answer.status == 200, answer.text
    return [period["label"] for period in answer.document["periods"]]


def test_weeks_are_the_default(read: App) -> None:
    """Without parameters: the newest weeks, in order, the running one last, and the answer on top."""
    answer = ask(read)
    assert labels(answer) == ["2026-W44", "2026-W45", "2026-W46", "2026-W47"]
    assert answer.document["granularity"] == "week"
    assert [period["closed"] for period in answer.document["periods"]] == [True, True, True, False]
    assert answer.document["answer"]["verdict"] == "yes"
    assert answer.document["answer"]["counts"]["gained"] == 1
    assert answer.document["dataAsOf"] == "2026-11-16T12:00:00Z"
    assert "team" not in answer.document


def test_days_and_months_on_request(read: App) -> None:
    """Days and months come as such, with the same answer on top."""
    days, months = ask(read, granularity="day"), ask(read, granularity="month")
    assert labels(days) == [f"2026-11-{day:02d}" for day in range(5, 17)]
    assert labels(months) == ["2026-10", "2026-11"]
    assert days.document["answer"] == months.document["answer"] == ask(read).document["answer"]
    by_day = {
        period["label"]: period["figures"]["linesAccepted"]["value"] for period in days.document["periods"]
    }
    assert by_day["2026-11-09"] == 100 + 400
    assert by_day["2026-11-10"] == 0
    assert by_day["2026-11-16"] is None


@pytest.mark.parametrize(
    ("from_", "to", "expected"),
    [
        ("2026-11-08", "2026-11-15", ["2026-W45", "2026-W46"]),
        ("2026-11-09", "2026-11-15", ["2026-W46"]),
        ("2026-11-08", "2026-11-14", ["2026-W45"]),
        ("2026-11-08", "2026-11-08", ["2026-W45"]),
        ("2026-11-01", "2026-11-16", ["2026-W44", "2026-W45", "2026-W46"]),
    ],
)
def test_a_week_is_returned_if_its_last_instant_is_asked_for(
    read: App, from_: str, to: str, expected: list[str]
) -> None:
    """A week belongs to the range in which its Sunday lies, and comes whole."""
    answer = ask(read, from_=from_, to=to)
    assert labels(answer) == expected
    for period in answer.document["periods"]:
        assert len(period["sources"][0]["days"]) == 7


def test_the_answer_is_of_now_whatever_is_asked_for(read: App) -> None:
    """Asking for older weeks, or for days, does not change what the newest closed week answers."""
    assert ask(read, from_="2026-11-01", to="2026-11-08").document["answer"] == ask(read).document["answer"]


def test_trust_is_of_the_periods_asked_for(read: App) -> None:
    """A range that was never fetched is unproven, although the last weeks are good."""
    assert ask(read, from_="2026-11-08", to="2026-11-15").statuses["coverage"] == "pass"
    older = ask(read, from_="2026-08-01", to="2026-09-01")
    assert (older.status, older.document["type"]) == (409, "/problems/unproven")
    assert older.statuses["coverage"] == "unknown"
    assert "periods" not in older.document


def test_a_day_that_failed_is_missing_from_its_week(vendor: SimulatedVendor, make_app: MakeApp) -> None:
    """Example 17: the last Sunday could not be fetched: coverage names it, and the weeks before answer."""
    vendor.misbehave("missing-has-more", None, path="/v1/organizations/usage_report", day=date(2026, 11, 15))
    app = make_app(vendor, **BACKFILL)
    refresh(app, "test")
    answer = ask(app)
    assert answer.statuses["coverage"] == "fail"
    (coverage,) = (one for one in answer.document["trust"]["checks"] if one["name"] == "coverage")
    assert "2026-11-15" in coverage["seen"]
    lines = answer.periods["2026-W46"]["figures"]["linesAccepted"]
    assert (lines["value"], lines["low"], lines["high"]) == (None, 500, None)
    assert "2026-11-15" in lines["reason"]
    said = answer.document["answer"]
    assert (said["verdict"], said["period"]["end"]) == ("yes", "2026-11-09T00:00:00Z")


def test_a_roster_that_is_not_there_has_no_teams(read: App) -> None:
    """A team cannot be found without a roster, whatever the team is called."""
    answer = ask(read, team="Platform")
    assert (answer.status, answer.document["type"]) == (404, "/problems/not-found")


def test_a_wrong_parameter_is_refused(read: App) -> None:
    """Unknown parameters, and a future, are refused with each one's name."""
    answer = ask(read, colour="red", to="2026-11-17", granularity="fortnight")
    assert (answer.status, answer.document["type"]) == (400, "/problems/bad-parameter")
    assert {one["name"] for one in answer.document["parameters"]} == {"colour", "to", "granularity"}


# --- how old the data are ------------------------------------------------------------------------


def test_the_answer_ends_sixteen_days_after_its_week(app: App, clock: TestClock) -> None:
    """The vendor is never asked by a reader: at 16 days the stored week still answers, then it is unknown."""
    clock.at = clock.at.replace(hour=0) + timedelta(days=16)
    last = ask(app)
    assert last.document["answer"]["verdict"] == "yes"
    assert last.statuses["freshness"] == "warn"
    clock.move(seconds=1)
    late = ask(app).document["answer"]
    assert (late["verdict"], late["counts"]) == ("unknown", None)
    assert "16 days" in late["reason"]
    assert late["action"]


def test_a_key_that_stops_working_leaves_the_weeks_that_it_fetched(
    app: App, vendor: SimulatedVendor, make_app: MakeApp, clock: TestClock
) -> None:
    """A key revoked later: the answer stands, access fails, the state is partial."""
    clock.move(hours=1)
    refresh(make_app(vendor, ANTHROPIC_ADMIN_KEY="sk-ant-admin01-revoked", **BACKFILL), "test")
    answer = ask(app)
    assert (answer.status, answer.document["answer"]["verdict"]) == (200, "yes")
    assert answer.document["trust"]["state"] == "partial"
    assert answer.statuses["access"] == "fail"


def test_a_key_swapped_for_another_organisations_is_loud(
    app: App, serve: Serve, vendor: SimulatedVendor, make_app: MakeApp, clock: TestClock
) -> None:
    """A good key replaced by the namesake's: the check fails with both ids, what was stored stands."""
    clock.move(days=1)
    trap = serve("trap")
    swapped = make_app(
        trap, EXPECTED_ORGANIZATIONS=f"console:{vendor.world.expected_organization}", **BACKFILL
    )
    refresh(swapped, "test")
    answer = ask(app)
    assert (answer.status, answer.document["answer"]["verdict"]) == (200, "yes")
    assert answer.statuses["expected-organization"] == "fail"
    assert trap.world.organization.id in answer.text


# --- caching -------------------------------------------------------------------------------------


@pytest.mark.parametrize("params", [{}, {"granularity": "day"}, {"format": "csv"}], ids=str)
def test_unchanged_data_are_sent_once(read: App, params: dict[str, str]) -> None:
    """The same representation has the same strong ETag, and who has it gets 304 without a body."""
    first = ask(read, **params)
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "private, max-age=60, must-revalidate"
    assert not tag.startswith("W/")
    assert ask(read, **params).headers["ETag"] == tag
    again = ask(read, {"If-None-Match": tag}, **params)
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)


def test_each_representation_has_its_own_tag(read: App) -> None:
    """Granularity, range and format are each told apart."""
    asked: list[dict[str, str]] = [
        {},
        {"granularity": "day"},
        {"granularity": "month"},
        {"format": "csv"},
        {"from_": "2026-11-08"},
    ]
    assert len({ask(read, **params).headers["ETag"] for params in asked}) == len(asked)


def test_a_refresh_that_changed_something_changes_the_tag(
    app: App, vendor: SimulatedVendor, clock: TestClock
) -> None:
    """A restated day gives the week another figure and its readers another representation."""
    tag = ask(app).headers["ETag"]
    vendor.world.restate(date(2026, 11, 16), 2)
    refresh(app, "test")
    answer = ask(app, {"If-None-Match": tag})
    assert answer.status == 200
    assert answer.headers["ETag"] != tag
    assert answer.periods["2026-W47"]["figures"]["linesAccepted"]["low"] == 2 * (100 + 800)


# --- what is said --------------------------------------------------------------------------------


def test_the_table_is_the_json_in_lines(read: App) -> None:
    """``format=csv`` holds exactly the figures of the same request's JSON."""
    table = ask(read, format="csv")
    assert table.headers["Content-Type"].startswith("text/csv")
    lines = list(csv.DictReader(io.StringIO(table.text, newline="")))
    periods = ask(read).document["periods"]
    assert [line["period"] for line in lines] == [period["label"] for period in periods]
    for line, period in zip(lines, periods, strict=True):
        assert line["verdict"] == period["answer"]["verdict"]
        figures = {"active": period["active"][period["basis"]], **period["figures"]}
        for name, figure in figures.items():
            for edge, cell in (("value", name), ("low", f"{name}Low"), ("high", f"{name}High")):
                said = Decimal(line[cell]) if line[cell] else None
                assert said == figure[edge], (name, edge)


def test_every_period_carries_its_source_and_its_completeness(read: App) -> None:
    """Each period says its basis, its sources with the state of each day, and how complete it is."""
    for period in ask(read).document["periods"]:
        assert (period["basis"], period["of"]) == ("anyActivity", None)
        assert period["completeness"] in ("complete", "provisional")
        (source,) = period["sources"]
        assert source["source"] == "claude_code_admin"
        assert source["populations"] == ["api", "subscription"]


@pytest.mark.parametrize("params", [{}, {"granularity": "day"}, {"team": "x"}, {"colour": "red"}], ids=str)
def test_a_demo_says_so_in_each_response(
    params: dict[str, str], vendor: SimulatedVendor, make_app: MakeApp
) -> None:
    """With DEMO_WORLD every body says ``demo``, problems and status too; without it none does."""
    demo = make_app(vendor, DEMO_WORLD="honest", **BACKFILL)
    real = make_app(vendor, **BACKFILL)
    assert ask(demo, **params).document["demo"] is True
    assert "demo" not in ask(real, **params).document
    refresh(demo, "test")
    assert ask(demo, **params).document["demo"] is True
    assert ask_status(demo).document["demo"] is True
    assert "demo" not in ask(real, **params).document
    assert "demo" not in ask_status(real).document


def test_a_demos_table_says_so(vendor: SimulatedVendor, make_app: MakeApp) -> None:
    """Law 2 holds for CSV: the simulated table is marked, the real one is not."""
    demo = make_app(vendor, DEMO_WORLD="honest", **BACKFILL)
    refresh(demo, "test")
    lines = ask(demo, format="csv").text.splitlines()
    assert lines[0].endswith(",demo")
    assert all(line.endswith(",true") for line in lines[1:])
    assert "demo" not in ask(make_app(vendor, **BACKFILL), format="csv").text


def test_no_body_names_anybody(app: App, vendor: SimulatedVendor) -> None:
    """Neither an address nor the key is in any body, nor an id that stands for a person."""
    ids = list(app.people().actors())
    assert ids
    for answer in (ask(app), ask(app, granularity="day"), ask(app, format="csv"), ask_status(app)):
        assert answer.status == 200
        for secret in ("@", vendor.key, *ids):
            assert secret not in answer.text
        assert not re.search(r"\b(ana|ben)\b", answer.text)


# --- when storage is away ------------------------------------------------------------------------


@pytest.mark.parametrize("route", ROUTES)
def test_unreadable_storage_is_said_with_a_time_to_come_again(route: Ask, clock: TestClock) -> None:
    """Storage away: 503 with Retry-After and a correlation id, no data, no zeros, not kept."""
    answer = route(app_without_storage(clock))
    assert (answer.status, answer.document["type"]) == (503, "/problems/store-unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.document["correlationId"] == "c-1"
    assert "127.0.0.1" not in answer.text


def app_without_storage(clock: TestClock) -> App:
    """An app whose storage was there and is stopped: nobody listens at its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    connection = connection_string(Ports(port, port, port))
    told: dict[str, Any] = {"DATA_STORAGE": connection, "DEVELOPMENT_PRINCIPAL": "developer"}
    return App(load(told), Storage(connection, retry_total=0), told, clock.as_clock())
