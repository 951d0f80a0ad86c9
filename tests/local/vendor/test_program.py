"""The vendor as a program of its own, and as a folder that stands alone."""

from __future__ import annotations

import ast
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

import local.vendor
from local.vendor import ADMIN_KEY, SimulatedVendor, worlds
from local.vendor.__main__ import main

FOLDER = Path(local.vendor.__file__).parent
ALLOWED = {"local", *sys.stdlib_module_names}


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_the_program_says_where_it_listens_and_stops_when_told(stop: signal.Signals) -> None:
    """One line when it is ready, answers on that address, exit 0 on SIGTERM and SIGINT, nothing printed."""
    command = [sys.executable, "-m", "local.vendor", "--world", "trap", "--now", "2026-11-23T03:00:00Z"]
    with subprocess.Popen(  # noqa: S603  our own program
        command, cwd=FOLDER.parent.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        try:
            assert program.stdout is not None
            words = program.stdout.readline().split()
            assert words[:2] == ["listening", "on"]
            headers = {"x-api-key": ADMIN_KEY, "anthropic-version": "2023-06-01"}
            assert httpx.get(f"{words[2]}/v1/organizations/me", headers=headers).status_code == 200
            program.send_signal(stop)
            assert program.communicate(timeout=10) == ("", "")
            assert program.returncode == 0
        finally:
            program.kill()


def test_help_lists_every_world(capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody who asks for help sees each world with its description."""
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    for name, description in worlds().items():
        assert name in shown
        assert description in shown


@pytest.mark.parametrize("told", [["--world", "atlantis"], ["--now", "2026-11-23"], ["--now", "today"]])
def test_wrong_arguments_end_the_program(told: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown world and a moment without an offset are refused before anything starts."""
    with pytest.raises(SystemExit) as ended:
        main(told)
    assert ended.value.code == 2
    assert told[0] in capsys.readouterr().err


def test_a_moment_needs_an_offset() -> None:
    """A clock that does not say its zone is refused."""
    with pytest.raises(ValueError, match="offset"):
        SimulatedVendor("empty", now=datetime(2026, 11, 23))  # noqa: DTZ001  what is refused


def test_the_clock_may_run() -> None:
    """A function as clock is asked for each request."""
    moments = iter([datetime(2026, 11, 23, hour, tzinfo=UTC) for hour in (3, 4)])
    with SimulatedVendor("empty", now=lambda: next(moments)) as vendor:
        httpx.get(f"{vendor.url}/v1/organizations/me")
        assert vendor.requests[0].moment.hour == 4


@pytest.mark.parametrize("module", sorted(FOLDER.rglob("*.py")), ids=lambda path: path.stem)
def test_the_vendor_imports_nothing_of_the_app(module: Path) -> None:
    """It is written from the contracts: only the standard library and itself, never `shared`."""
    imported: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add(node.module or "")
    assert {name.partition(".")[0] for name in imported} <= ALLOWED
    assert all(name.startswith("local.vendor") for name in imported if name.startswith("local"))
