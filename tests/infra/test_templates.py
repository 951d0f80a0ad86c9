"""Laws of the deployment: what would be made, of each parameter file, as the real compiler predicts it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import azure.functions as func
import pytest

from local import kql
from local.bicep import INFRA, Bicep
from local.places import ROOT
from tests.infra.checks import (
    FIRST_PHASE,
    Check,
    defaults_are_those_of_the_app,
    events_come_to_the_app,
    nothing_reads_a_key,
    queries_of,
)
from tests.infra.conftest import PEOPLE, predict
from tests.infra.prediction import Prediction, may_do
from tests.test_docs import table_rows


def test_the_compiler_and_its_linter_have_nothing_to_say(bicep: Bicep, infra: Path) -> None:
    """No error and no warning: each property exists, each version is known."""
    assert bicep.diagnostics(infra) == []


@pytest.mark.parametrize("check", FIRST_PHASE)
def test_what_is_made_is_as_it_should_be(first_phase: Prediction, check: Check) -> None:
    """Each check of the first phase finds nothing wrong with main.bicepparam."""
    assert check(first_phase) == []


def test_every_other_parameter_file_makes_what_is_as_good(bicep: Bicep, infra: Path) -> None:
    """A size is another amount of the same thing: the same checks, the same roles."""
    others = {one.name for one in infra.glob("*.bicepparam")} - {
        "main.bicepparam",
        "eventSubscription.bicepparam",
    }
    assert others
    for name in others:
        prediction = predict(bicep, infra / name)
        assert [wrong for check in FIRST_PHASE for wrong in check(prediction)] == []
        assert may_do(prediction, PEOPLE) == expected_roles()


def test_defaults_are_those_of_the_app(first_phase: Prediction) -> None:
    """A parameter file that says nothing leaves every setting at what settings.py and the README say."""
    assert defaults_are_those_of_the_app(first_phase) == []


def test_who_may_do_what_where_is_what_the_reviewer_reads(first_phase: Prediction) -> None:
    """infra/roles.md has a row for each role assignment that is made, and no other, each with its reason."""
    assert may_do(first_phase, PEOPLE) == expected_roles()


def expected_roles() -> set[tuple[str, str, str]]:
    """Principal, role and scope of each row of infra/roles.md."""
    rows = set()
    for line in (INFRA / "roles.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip().replace("`", "") for cell in line.strip("| ").split("|")]
        if line.startswith("| ") and len(cells) == 4 and cells[0] not in ("principal", "---"):
            principal, role, scope, why = cells
            assert why
            rows.add((principal, role, scope))
    return rows


def test_events_come_to_the_app(second_phase: Prediction) -> None:
    """The second phase makes one event subscription, and nothing else."""
    assert events_come_to_the_app(second_phase) == []
    assert len(second_phase.resources) == 1
    assert second_phase.outputs == {}


def test_only_the_second_phase_reads_a_key(first_phase: Prediction, second_phase: Prediction) -> None:
    """It is the host's, which has it only once it has run the code."""
    assert nothing_reads_a_key(first_phase) == []
    assert nothing_reads_a_key(second_phase) == ["listKeys is called"]


def test_the_event_goes_to_a_function_that_there_is(functions: list[func.Function]) -> None:
    """The webhook names the blob trigger as function_app.py does."""
    named = re.search(r"functionName string = '(\w+)'", (INFRA / "eventSubscription.bicep").read_text())
    doors = {door.get_function_name(): door for door in functions}
    assert named
    trigger = doors[named.group(1)].get_trigger()
    assert trigger is not None
    assert trigger.type == "blobTrigger"


def test_open_telemetry_is_a_switch_of_the_host(bicep: Bicep, infra: Path, first_phase: Prediction) -> None:
    """Off unless asked for; then two settings more and nothing else: the worker imports nothing for it."""
    told = predict(bicep, infra / "main.bicepparam", OPEN_TELEMETRY="true").app_settings
    off = first_phase.app_settings
    assert {name: value for name, value in told.items() if off.get(name) != value} == {
        "AzureFunctionsJobHost__telemetryMode": "OpenTelemetry",
        "PYTHON_APPLICATIONINSIGHTS_ENABLE_TELEMETRY": "false",
    }
    assert off.keys() < told.keys()
    assert "opentelemetry" not in (ROOT / "requirements.txt").read_text(encoding="utf-8")


def test_the_operators_read_of_each_alert_what_to_do(first_phase: Prediction) -> None:
    """docs/operations.md has a row for each alert, with its severity, and no other; and Azure has each."""
    rows = table_rows("docs/operations.md", "## Alerts")
    made = {
        rule["name"]: str(rule["properties"]["severity"])
        for rule in first_phase.all("scheduledQueryRules") + first_phase.all("metricAlerts")
    } | {budget["name"]: "3" for budget in first_phase.all("budgets")}
    assert {name: cells[2] for name, cells in rows.items()} == made
    assert all(cells[3] for cells in rows.values())


def test_alerts_ask_for_events_that_the_app_says(first_phase: Prediction) -> None:
    """An alert on a name that nobody says would be silent for ever."""
    asked = {
        event
        for query in queries_of(first_phase).values()
        for event in re.findall(r"'([a-z-]+\.[a-z_-]+)'", query)
    }
    said = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "shared").rglob("*.py"))
    spoken = {event for event in asked if f'"{event}"' in said}
    spoken |= {event for event in asked if event.startswith("export.") and f'"{event[7:]}"' in said}
    assert asked == spoken
    assert {"refresh.finished", "source.config_error", "export.refused", "export.failed"} <= spoken


#: The columns that the queries use, as Azure Monitor's reference of tables has them.
LOGS = {
    "AppTraces": "(TimeGenerated: datetime, Message: string)",
    "AppExceptions": "(TimeGenerated: datetime, OuterMessage: string, InnermostMessage: string)",
    "AppRequests": "(TimeGenerated: datetime, ResultCode: string)",
    "StorageQueueLogs": "(TimeGenerated: datetime, OperationName: string, Uri: string)",
}


def test_azure_understands_each_query(first_phase: Prediction) -> None:
    """Microsoft's own parser has nothing to say, and is heard: a word that KQL has for itself, a column that
    is none."""
    queries = queries_of(first_phase)
    bad = {"word": "AppTraces | extend to = 1 | where to.x == 2", "column": "AppTraces | where Massage == ''"}
    said = kql.complaints(LOGS, {**queries, **bad})
    assert {name: complaints for name, complaints in said.items() if complaints}.keys() == bad.keys()
    assert said.keys() == queries.keys() | bad.keys()


def test_whatever_the_parameter_file_asks_for_is_documented_and_comes_from_either_pipeline() -> None:
    """And neither pipeline holds a secret: an identity is lent to it."""
    told = (INFRA / "main.bicepparam").read_text(encoding="utf-8")
    names = set(re.findall(r"readEnvironmentVariable\('(\w+)'", told))
    guide = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    github = (ROOT / ".github" / "workflows" / "deploy.yml").read_text(encoding="utf-8")
    azure = (ROOT / "azure-pipelines.yml").read_text(encoding="utf-8")
    assert {name for name in names if f"`{name}`" not in guide} == set()
    assert {name for name in names if f"      {name}: ${{{{ vars.{name} " not in github} == set()
    assert {name for name in names if name not in azure} == set()
    assert "secrets." not in github
    assert "id-token: write" in github


def test_the_host_is_set_up_for_azure() -> None:
    """Traces are never sampled away (alerts count them); a run ends before Flex ends it; messages are base64
    and put aside after five tries; one blob at a time an instance."""
    host = json.loads((ROOT / "host.json").read_text(encoding="utf-8"))
    assert host["functionTimeout"] == "00:10:00"
    assert host["extensionBundle"]["version"] == "[4.*, 5.0.0)"
    assert "Trace" in host["logging"]["applicationInsights"]["samplingSettings"]["excludedTypes"].split(";")
    assert host["extensions"] == {
        "http": {"routePrefix": "api"},
        "blobs": {"maxDegreeOfParallelism": 1, "poisonBlobThreshold": 5},
        "queues": {"messageEncoding": "base64", "maxDequeueCount": 5, "visibilityTimeout": "00:02:00"},
    }


def test_cors_is_the_platforms_alone() -> None:
    """Set in the app, too, the header would come twice, and a browser refuses that."""
    sources = [ROOT / "function_app.py", *(ROOT / "shared").rglob("*.py")]
    assert not [path.name for path in sources if "Access-Control-" in path.read_text(encoding="utf-8")]


def test_what_is_deployed_is_the_app_alone() -> None:
    """Templates, tests and tools stay here."""
    ignored = set((ROOT / ".funcignore").read_text(encoding="utf-8").splitlines())
    deployed = {"function_app.py", "host.json", "shared", "requirements.txt", "constraints.txt"}
    assert {"infra", "tests", "docs", "local", "azure.yaml", "azure-pipelines.yml"} <= ignored
    assert not deployed & ignored
