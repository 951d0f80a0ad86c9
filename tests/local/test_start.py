"""The main job, as a newcomer does it: start a demo, drop a file, refresh, stop."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from local.azurite import Ports, connection_string
from local.commands import running
from local.places import ROOT
from tests.local.conftest import WriteApp
from tests.starting import DEV, of_its_own, started


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return of_its_own(tmp_path / "state")


def _dev(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own program
        [*DEV, *arguments], env=environment, check=False, capture_output=True, text=True, timeout=90
    )


#: What schemathesis does not look for: a day may lie in the future, which no schema can forbid.
NOT_CHECKED = "positive_data_acceptance"


def _keeps_its_contract(app: running.Running, folder: Path) -> None:
    """Schemathesis reads the contract, asks everything that it allows and forbids, and finds nothing.

    That a request must be signed in is taken out: here the development principal stands for the platform.
    """
    _, contract = app.get("/api/openapi.json")
    operations = [operation for path in contract["paths"].values() for operation in path.values()]
    for operation in operations:
        del operation["security"]
    file = folder / "contract.json"
    file.write_text(json.dumps(contract), encoding="utf-8")
    program = [sys.executable, "-m", "schemathesis.cli"]  # its script may be another checkout's
    asked = ["--phases", "examples,coverage,fuzzing", "--max-examples", "10", "--generation-deterministic"]
    done = subprocess.run(  # noqa: S603 - the program of our requirements
        [*program, "run", file, "--url", f"{app.url}/api", *asked, "--exclude-checks", NOT_CHECKED],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Tested: {len(operations)}" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent to a process there")
def test_a_demo_from_start_to_stop(environment: dict[str, str], tmp_path: Path) -> None:
    """One answer, computed by the real functions out of real storage, as a demo and by the contract."""
    with started({**environment, "BACKFILL_DAYS": "22"}, "--demo") as child:
        assert any(line.startswith("Yes: ") for line in child.last_lines(50))
        app = running.find(tmp_path / "state" / "running.json")
        assert app is not None
        assert app.get("/api/adoption")[1]["demo"] is True
        _keeps_its_contract(app, tmp_path)
        again = _dev(environment, "start")
        assert (again.returncode, again.stderr.count("runs already")) == (1, 1)
        refreshed = _dev(environment, "refresh")
        assert refreshed.returncode == 0, refreshed.stderr
        assert refreshed.stdout.startswith("Refresh ok")
        export = tmp_path / "nonsense.csv"
        export.write_text("nonsense\n")
        dropped = _dev(environment, "drop", str(export))
        assert dropped.returncode == 0, dropped.stderr
        assert dropped.stdout.startswith("nonsense.csv: refused")


@pytest.mark.parametrize(
    ("world", "code", "said"),
    [
        pytest.param("trap", 1, "expected-organization: fail; expected ", id="trap"),
        pytest.param("team-plan", 0, "Yes: 7 of 8 engineers", id="exports"),
    ],
)
def test_a_world_is_seen_in_the_terminal(
    environment: dict[str, str], world: str, code: int, said: str
) -> None:
    """The organisation of the same name, expected against seen; and the answer out of dropped exports."""
    done = _dev(environment, "start", "--once", "--port", "0", f"--demo={world}")
    assert done.returncode == code, done.stderr
    assert said in done.stdout


def test_settings_that_cannot_be_meant_stop_the_start(environment: dict[str, str]) -> None:
    """With the setting's name and what is expected, and without a traceback."""
    done = _dev(environment | {"EXPECTED_ORGANIZATIONS": "acme"}, "start", "--once", "--port", "0")
    assert done.returncode == 1
    assert "EXPECTED_ORGANIZATIONS" in done.stderr
    assert "Traceback" not in done.stderr


def test_commands_without_an_app_say_what_to_do(environment: dict[str, str]) -> None:
    """Nothing is running: start it."""
    for command in (["refresh"], ["drop", "x.csv"]):
        done = _dev(environment, *command)
        assert done.returncode == 1
        assert "dev.py start" in done.stderr


@pytest.mark.parametrize(
    ("schedule", "reason"), [("5 * * * *", "has 5 fields"), ("0 5 * * * *", "does not answer")]
)
def test_a_host_that_cannot_start_says_why(write_app: WriteApp, schedule: str, reason: str) -> None:
    """A bad schedule, or no storage: a sentence, without a traceback."""
    folder = write_app(f"@app.timer_trigger('t', '{schedule}')\ndef f(t: func.TimerRequest) -> None: ...")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        nobody = listening.getsockname()[1]
    storage = connection_string(Ports(nobody, nobody, nobody))
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "local.host", "--app", str(folder), "--port", "0"],
        cwd=ROOT,
        env=os.environ | {"AzureWebJobsStorage": storage},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert reason in done.stderr
    assert "Traceback" not in done.stderr
