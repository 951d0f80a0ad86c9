"""The commands of dev.py: what they offer, where files go, whom they find running."""

import os
import socket
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from local import commands
from local.commands import services
from local.commands.drop import blob_name
from local.commands.running import AppError, Running, alone, find, wait_for
from local.commands.telling import tell_receipt
from local.vendor.worlds import worlds


def test_help_lists_each_world(capsys: pytest.CaptureFixture[str]) -> None:
    """Before anything is installed: a newcomer sees what the demo can show."""
    with pytest.raises(SystemExit):
        commands.parse(["start", "--help"])
    said = capsys.readouterr().out
    assert [name for name in worlds() if f"  {name} " not in said] == []


def test_a_demo_has_a_world_by_name() -> None:
    """`--demo` alone takes the default one; none of it, the vendor."""
    assert commands.parse(["start"]).demo == ""
    assert commands.parse(["start", "--demo"]).demo == "honest"
    assert commands.parse(["start", "--demo=trap"]).demo == "trap"


def test_real_and_made_up_data_share_no_folder() -> None:
    """Each world has its own, too."""
    folders = {services.data_folder(world) for world in ("", "honest", "trap")}
    assert len(folders) == 3


def test_a_demo_takes_every_real_secret_away() -> None:
    """The simulator must not meet a real key, nor a vault that holds one."""
    told = services.world_settings("trap", "http://127.0.0.1:1")
    assert told["ANTHROPIC_ADMIN_KEY"].startswith("sk-ant-admin01-simulated")
    assert told["ANTHROPIC_ADMIN_KEY_SECRET"] == told["KEY_VAULT_URL"] == ""
    assert told["ANTHROPIC_BASE_URL"] == "http://127.0.0.1:1"
    assert told["EXPECTED_ORGANIZATIONS"].startswith("console:")


def test_a_file_goes_where_it_is_told() -> None:
    """Under its own name or another, in the folder of its day or in none."""
    file = Path("exports") / "team.csv"
    assert blob_name(file, None, None) == "team.csv"
    assert blob_name(file, "other.csv", date(2026, 11, 20)) == "2026-11-20/other.csv"


@pytest.fixture
def port() -> Iterator[int]:
    """A port on which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_who_runs_is_found(tmp_path: Path, port: int) -> None:
    """By the record of `dev.py start`."""
    running = Running(os.getpid(), f"http://127.0.0.1:{port}", "storage", "trap")
    running.write(tmp_path / "running.json")
    assert find(tmp_path / "running.json") == running


def test_the_record_of_a_killed_one_is_nobody(tmp_path: Path) -> None:
    """Its process is gone, or nobody listens; nor is a broken record anybody."""
    file = tmp_path / "running.json"
    assert find(file) is None
    file.write_text("{")
    assert find(file) is None
    with socket.create_server(("127.0.0.1", 0)) as listening:
        free = listening.getsockname()[1]
    Running(os.getpid(), f"http://127.0.0.1:{free}", "storage").write(file)
    assert find(file) is None


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such lock there")
def test_only_one_start_at_a_time(tmp_path: Path) -> None:
    """Two Azurites on one folder of data would ruin it; who has ended is in nobody's way."""
    with alone(tmp_path / "lock"), pytest.raises(AppError, match="runs already"), alone(tmp_path / "lock"):
        pass
    with alone(tmp_path / "lock"):
        pass


def test_waiting_says_what_did_not_come() -> None:
    """A command does not wait without end."""
    with pytest.raises(AppError, match="A receipt did not come"):
        wait_for(lambda: None, within=0, what="A receipt")


def test_a_receipt_ends_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    """State first, and the findings in words."""
    finding = {
        "code": "type-error",
        "note": "not a whole number",
        "line": 3,
        "found": "1.5",
        "action": "export again",
    }
    tell_receipt({"name": "team.csv", "state": "refused", "size": 8, "findings": [finding]})
    assert capsys.readouterr().out.splitlines() == [
        "team.csv: refused",
        "  size: 8",
        "  finding: line 3; not a whole number; found 1.5. export again",
    ]
