"""Laws of the doors: short, closed, honest about bad settings, and run by azure-functions' own objects."""

from __future__ import annotations

import ast
import json
import logging
from pathlib import Path
from typing import Any

import azure.functions as func
import pytest
from azure.functions.timer import TimerRequest

import function_app
from local.vendor import SimulatedVendor
from shared.blob_event import BlobEvent
from shared.settings import SETTINGS
from shared.store.layout import create
from tests.conftest import MakeApp
from tests.knocking import Context, Environ, knock

MOST_STATEMENTS = 6
DOORS = {
    "refresh_on_schedule",
    "ingest_export",
    "run_job",
    "get_adoption",
    "get_engineers",
    "get_status",
    "check_export",
    "upload_export",
    "get_receipt",
    "get_health",
    "get_openapi",
}
DATA_DOORS = {
    "adoption": function_app.get_adoption,
    "engineers": function_app.get_engineers,
    "status": function_app.get_status,
}
HTTP_DOORS = {**DATA_DOORS, "health": function_app.get_health}
BAD_SETTINGS = [
    pytest.param({}, id="no storage"),
    pytest.param({"DATA_STORAGE": "UseDevelopmentStorage=true", "BACKFILL_DAYS": "many"}, id="no number"),
    pytest.param(
        {"DATA_STORAGE": "UseDevelopmentStorage=true", "ANTHROPIC_BASE_URL": "http://vendor.example"},
        id="plain http",
    ),
]
EXPORT = b"User,Lines this Month\nana@example.com,120\n"


def get(
    name: str, headers: dict[str, str] | None = None, **params: str
) -> tuple[func.HttpResponse, dict[str, Any]]:
    """What a door says, by the end of its path."""
    return knock(f"get_{name}", headers, params)


@pytest.fixture
def settings(storage: str, make_app: MakeApp) -> dict[str, str]:
    """Settings of a developer's machine over an empty store whose tables are there."""
    create(make_app().storage)
    return {"DATA_STORAGE": storage, "DEVELOPMENT_PRINCIPAL": "developer", "BACKFILL_DAYS": "29"}


# --- what they are -------------------------------------------------------------------------------


def written() -> dict[str, ast.FunctionDef]:
    tree = ast.parse(Path(function_app.__file__).read_text(encoding="utf-8"))
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_the_doors_are_these(functions: list[func.Function]) -> None:
    """No door is missing, none is there by accident."""
    assert {door.get_function_name() for door in functions} == DOORS
    assert written().keys() == DOORS | {"the_app"}


@pytest.mark.parametrize("name", sorted(DOORS | {"the_app"}))
def test_a_door_is_a_few_lines_without_logic(name: str) -> None:
    """Each function says what it does, and does it in at most six statements, without a branch or a loop."""
    door = written()[name]
    assert ast.get_docstring(door)
    statements = [node for node in ast.walk(door) if isinstance(node, ast.stmt) and node is not door]
    assert len(statements) <= MOST_STATEMENTS
    branches = (ast.If, ast.For, ast.While, ast.Try, ast.With, ast.Match, ast.comprehension)
    assert not [node for node in ast.walk(door) if isinstance(node, branches)]


# --- bad settings --------------------------------------------------------------------------------


@pytest.mark.parametrize("settings", BAD_SETTINGS)
@pytest.mark.parametrize("name", DATA_DOORS)
def test_bad_settings_are_said_at_every_data_door(
    name: str, settings: dict[str, str], environ: Environ, caplog: pytest.LogCaptureFixture
) -> None:
    """500 ``misconfigured`` without details for the caller; the log has them under the correlation id."""
    environ(settings)
    with caplog.at_level(logging.ERROR, "scoreboard"):
        response, document = get(name)
    assert (response.status_code, document["type"]) == (500, "/problems/misconfigured")
    assert document["correlationId"] == Context.invocation_id
    assert response.headers["Cache-Control"] == "no-store"
    said = response.get_body().decode()
    assert not [setting.name for setting in SETTINGS if setting.name in said]
    logged = json.loads(caplog.records[-1].getMessage())
    assert logged["correlationId"] == Context.invocation_id
    assert "expected" in logged["detail"]


@pytest.mark.parametrize("settings", BAD_SETTINGS)
def test_bad_settings_do_not_hide_that_the_process_lives(settings: dict[str, str], environ: Environ) -> None:
    """Health answers 200 whatever the settings are, and tells nothing of them."""
    environ(settings)
    response, document = get("health")
    assert response.status_code == 200
    assert document.keys() == {"status", "version"}


@pytest.mark.parametrize("name", HTTP_DOORS)
def test_a_demo_says_so_even_where_nothing_else_works(name: str, environ: Environ) -> None:
    """Each response of a demo is marked, whatever else is wrong with its settings."""
    environ({"DEMO_WORLD": "honest"})
    assert get(name)[1]["demo"] is True
    environ({"DEMO_WORLD": " "})
    assert "demo" not in get(name)[1]


# --- through the doors ---------------------------------------------------------------------------


def test_from_the_timer_to_the_answer(settings: dict[str, str], environ: Environ) -> None:
    """The timer fetches, then both data doors answer, with an ETag that works and a demo that says so."""
    with SimulatedVendor("flat") as vendor:
        environ(
            {
                **settings,
                "ANTHROPIC_ADMIN_KEY": vendor.key,
                "ANTHROPIC_BASE_URL": vendor.url,
                "EXPECTED_ORGANIZATIONS": f"console:{vendor.world.expected_organization}",
                "DEMO_WORLD": "flat",
            }
        )
        before, nothing = get("adoption")
        assert (before.status_code, nothing["type"], nothing["demo"]) == (409, "/problems/no-data-yet", True)
        function_app.refresh_on_schedule(TimerRequest(past_due=True), Context())
    response, document = get("adoption")
    assert response.status_code == 200
    assert document["answer"]["sentence"].startswith("No, flat: 8 engineers")
    assert document["demo"] is True
    unchanged, _ = get("adoption", {"if-none-match": response.headers["ETag"]})
    assert (unchanged.status_code, unchanged.get_body()) == (304, b"")
    assert get("adoption", colour="red")[0].status_code == 400
    table, _ = get("adoption", format="csv")
    assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
    status = get("status")[1]
    assert (status["runs"][0]["trigger"], status["demo"]) == ("late timer", True)


def test_a_dropped_file_comes_to_its_receipt(
    settings: dict[str, str], environ: Environ, make_app: MakeApp
) -> None:
    """The name is enough: the work finds the file by it, and the file leaves with a receipt."""
    environ(settings)
    drop = make_app().storage.container("drop")
    name = "2026-11-13/claude_code_team_2026_11_01_to_2026_11_30.csv"
    drop.upload_blob(name, EXPORT)
    function_app.ingest_export(BlobEvent(name), Context())
    assert [one["name"] for one in get("status")[1]["receipts"]] == [name]
    assert not list(drop.list_blob_names())


def test_a_message_is_done_or_let_go(
    settings: dict[str, str], environ: Environ, caplog: pytest.LogCaptureFixture
) -> None:
    """A typed message is done; one that nobody understands is said and not tried again."""
    environ(settings)
    function_app.run_job(func.QueueMessage(body=json.dumps({"type": "refresh"}).encode()), Context())
    assert get("status")[1]["runs"][0]["trigger"] == "queue"
    with caplog.at_level(logging.ERROR):
        function_app.run_job(func.QueueMessage(body=b'{"type": "dance"}'), Context())
    assert "job.refused" in caplog.text
