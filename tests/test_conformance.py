"""The app as Azure sees it: indexed by Microsoft's own Python runtime, compiled by each Python found here.

The runtime needs Python 3.13. Where such a Python runs, a failure to test with it is a failure; elsewhere the
test is skipped and says so. It runs in an environment of its own, which `dev.py test` makes.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from local.conformance.environment import RUNTIME_NEEDS, environment, install, interpreters
from local.places import ROOT

COMPILE = """
import sys
for name in sys.stdin.read().split(chr(0)):
    compile(open(name, "rb").read(), name, "exec")
"""
ADAPTER = ROOT / "local" / "conformance" / "index_functions.py"

ANONYMOUS_GET = {"type": "httpTrigger", "authLevel": "ANONYMOUS", "methods": ["GET"]}

# What Azure must be told of each function: the bindings' own words, without what is None.
EXPECTED: dict[str, dict[str, Any]] = {
    "refresh_on_schedule": {
        "type": "timerTrigger",
        "schedule": "%REFRESH_SCHEDULE%",
        "runOnStartup": False,
        "useMonitor": True,
    },
    "ingest_export": {
        "type": "blobTrigger",
        "path": "drop/{name}",
        "connection": "DATA_STORAGE",
        "source": "EventGrid",
        "properties": {"SupportsDeferredBinding": True},
    },
    "run_job": {"type": "queueTrigger", "queueName": "jobs", "connection": "DATA_STORAGE"},
    "get_adoption": {**ANONYMOUS_GET, "route": "adoption"},
    "get_engineers": {**ANONYMOUS_GET, "route": "engineers"},
    "get_status": {**ANONYMOUS_GET, "route": "status"},
    "check_export": {**ANONYMOUS_GET, "methods": ["POST"], "route": "exports/check"},
    "upload_export": {**ANONYMOUS_GET, "methods": ["POST"], "route": "exports"},
    "get_receipt": {**ANONYMOUS_GET, "route": "receipts/{id}"},
    "get_health": {**ANONYMOUS_GET, "route": "health"},
    "get_openapi": {**ANONYMOUS_GET, "route": "openapi.json"},
}


@pytest.fixture(scope="module")
def indexed() -> dict[str, Any]:
    """What Microsoft's runtime makes of the app, with the settings that Azure would have."""
    if environment() is None:
        pytest.skip(f"Microsoft's runtime needs Python {' or '.join(RUNTIME_NEEDS)}, which does not run here")
    interpreter = install()
    assert interpreter is not None
    settings = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "SYSTEMROOT")}
    done = subprocess.run(  # noqa: S603 - the runtime's own interpreter
        [interpreter, ADAPTER, ROOT], check=False, capture_output=True, text=True, env=settings, timeout=120
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert "error" not in found, found["error"]
    return found


def test_azure_indexes_exactly_our_doors(indexed: dict[str, Any]) -> None:
    """No function is missing, none is there by accident."""
    assert set(indexed["functions"]) == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_azure_sees_each_door_s_trigger_as_meant(indexed: dict[str, Any], name: str) -> None:
    """Kind of trigger, schedule, path, queue, route, methods and connection are the agreed ones."""
    bindings = [
        {key: value for key, value in binding.items() if value is not None}
        for binding in indexed["functions"][name]
    ]
    trigger = next(binding for binding in bindings if binding["type"].endswith("Trigger"))
    assert {key: trigger.get(key) for key in EXPECTED[name]} == EXPECTED[name]


def test_only_http_doors_have_an_output(indexed: dict[str, Any]) -> None:
    """An HTTP door answers; nothing else binds an output, since all writing goes through the store."""
    outputs = {
        name: [binding["type"] for binding in bindings if not binding["type"].endswith("Trigger")]
        for name, bindings in indexed["functions"].items()
    }
    http = [name for name, trigger in EXPECTED.items() if trigger["type"] == "httpTrigger"]
    assert outputs == {name: ["http"] if name in http else [] for name in EXPECTED}


def test_azure_s_runtime_invokes_a_door(indexed: dict[str, Any]) -> None:
    """A request goes through Microsoft's decoding, our door, and Microsoft's encoding."""
    assert indexed["health"].get("status") == 200, indexed["health"]


def test_azure_s_runtime_hands_over_a_body(indexed: dict[str, Any]) -> None:
    """Bytes that are no text reach our door, which asks first who sends them: here there are no settings."""
    assert indexed["check"].get("status") == 500, indexed["check"]
    assert indexed["check"]["body"]["type"] == "/problems/misconfigured"


def test_azure_s_runtime_hands_over_a_blob_s_name_alone(indexed: dict[str, Any]) -> None:
    """Where the host names a blob, our door is reached: what it lacks here is settings, not content."""
    assert "DATA_STORAGE" in indexed["ingest"]["error"]


def test_the_host_s_own_settings_are_the_agreed_ones() -> None:
    """host.json: the bundle, the time-out, the prefix, the tries, base64 messages, the sampling."""
    host = json.loads((ROOT / "host.json").read_text())
    extensions = host["extensions"]
    assert host["extensionBundle"]["version"] == "[4.*, 5.0.0)"
    assert host["functionTimeout"] == "00:10:00"
    assert extensions["http"]["routePrefix"] == "api"
    assert extensions["blobs"] == {"maxDegreeOfParallelism": 1, "poisonBlobThreshold": 5}
    assert extensions["queues"] == {
        "messageEncoding": "base64",
        "maxDequeueCount": 5,
        "visibilityTimeout": "00:02:00",
    }
    sampling = host["logging"]["applicationInsights"]["samplingSettings"]
    assert set(sampling["excludedTypes"].split(";")) == {"Trace", "Exception", "Request"}


def test_every_python_found_here_compiles_the_code() -> None:
    """The code is written for 3.11 and newer: no syntax of a later version slips in."""
    files = [ROOT / "function_app.py", ROOT / "dev.py", *_python_files("shared"), *_python_files("local")]
    for program, _ in interpreters().values():
        done = subprocess.run(  # noqa: S603 - a Python that was found here
            [program, "-W", "error", "-c", COMPILE],
            input="\0".join(map(str, files)),
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr


def _python_files(folder: str) -> list[Path]:
    return [file for file in (ROOT / folder).rglob("*.py") if "node_modules" not in file.parts]
