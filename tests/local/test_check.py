"""`dev.py check`: what would happen, said offline, with nothing stored and no storage to store it in."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Never

import pytest

from local import commands

TEAM = "claude_code_team_2025_05_01_to_2025_05_31.csv"
HEADER = "User,Lines this Month\n"
ROWS = HEADER + "ana@example.com,1200\nben@example.com,0\n"

Check = Callable[..., tuple[int, str]]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Check:
    """Runs the command on one file, where no storage is configured and no connection can be made; its exit
    code and what it said. Nothing may appear beside the file, nor may the file change."""

    def refuse(*_: object, **__: object) -> Never:
        raise AssertionError("check is offline")

    def run(content: str | bytes, *options: str, name: str = TEAM) -> tuple[int, str]:
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        before = file.read_bytes()
        code = commands.run(commands.parse(["check", str(file), *options]))
        assert [one.name for one in tmp_path.iterdir()] == [name]
        assert file.read_bytes() == before
        said = capsys.readouterr()
        return code, said.out + said.err

    for setting in ("DATA_STORAGE", "EXPORT_TIMEZONE", "EXPORT_LAG_HOURS", "EXPECTED_ORGANIZATIONS"):
        monkeypatch.delenv(setting, raising=False)
    monkeypatch.setattr("local.host.settings.FILES", ())
    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.chdir(tmp_path)
    return run


def test_a_good_file(check: Check) -> None:
    """What the receipt would say, and which period it would settle."""
    code, said = check(ROWS, "--date", "2025-05-16")
    assert code == 0
    assert said.splitlines() == [
        f"2025-05-16/{TEAM}: would be accepted",
        "  kind: claude_code_team",
        "  month: 2025-05",
        "  moment: 16 May 2025 12:00 UTC (known from: folder)",
        "  people: 2",
        "  total linesAccepted: 1200",
        "  With an export of about a week earlier (9 May 2025 12:00 UTC, within 12 hours) it settles the "
        "period to 16 May 2025 12:00 UTC.",
    ]


def test_checking_again_says_the_same(check: Check) -> None:
    """Nothing is remembered, so nothing becomes a duplicate."""
    assert check(ROWS, "--date", "2025-05-16") == check(ROWS, "--date", "2025-05-16")


@pytest.mark.parametrize(
    ("day", "zone", "lag", "told"),
    [
        ("2025-06-02", "UTC", "24", "It is the final file of May 2025: it closes the month."),
        ("2025-06-01", "UTC", "24", "Export May again on 2 June 2025 or later."),
        ("2025-06-01", "UTC", "0", "It is the final file of May 2025: it closes the month."),
        ("2025-06-02", "Europe/Berlin", "24", "Export May again on 3 June 2025 or later."),
        ("2025-06-03", "Europe/Berlin", "24", "It is the final file of May 2025: it closes the month."),
        ("2025-05-02", "UTC", "24", "That period reaches into April: it needs April's final file as well."),
    ],
)
def test_what_it_settles(
    check: Check, monkeypatch: pytest.MonkeyPatch, day: str, zone: str, lag: str, told: str
) -> None:
    """A month is closed once its file is old enough, by the clock of the export time zone."""
    monkeypatch.setenv("EXPORT_TIMEZONE", zone)
    monkeypatch.setenv("EXPORT_LAG_HOURS", lag)
    assert check(ROWS, "--date", day)[1].splitlines()[-1].endswith(told)


def test_a_bad_file(check: Check) -> None:
    """Exit code 1, line and column, and no cell that identifies a person."""
    code, said = check(HEADER + "ana@example.com,12\nben@example.com,many\nana@example.com,3\n")
    assert code == 1
    assert "would be refused" in said
    assert "line 3; column Lines this Month" in said
    assert "expected" in said
    assert "ana" not in said
    assert "ben" not in said


def test_a_file_of_another_organisation(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """The UUID in its name is compared with the expected one's, as ingest does it."""
    ours, theirs = "0" * 8 + "-0000-4000-8000-" + "0" * 12, "1" * 8 + "-1111-4111-8111-" + "1" * 12
    monkeypatch.setenv("EXPECTED_ORGANIZATIONS", f"claude_ai:{ours}")
    name = f"claude_code_team_{theirs}_2025_05_01_to_2025_05_31.csv"
    code, said = check(ROWS, "--date", "2025-05-16", name=name)
    assert (code, f"found organisation {theirs}; expected {ours}" in said) == (1, True)


def test_a_file_that_is_too_large(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused unread, as by the app."""
    monkeypatch.setenv("EXPORT_MAX_BYTES", "1024")
    code, said = check(HEADER + " " * 2000)
    assert (code, "expected at most 1024 bytes" in said) == (1, True)


def test_a_configuration_file(check: Check) -> None:
    """Its kind, and from when on it holds."""
    code, said = check("alias,email\nold@example.com,new@example.com\n", "--date", "2025-05-16", name="a.csv")
    assert code == 0
    assert said.splitlines() == [
        "2025-05-16/a.csv: would be accepted",
        "  kind: aliases",
        "  holds from: 16 May 2025 12:00 UTC (known from: folder)",
        "  entries: 1",
    ]


def test_a_file_of_a_kind_that_is_not_used_yet(check: Check) -> None:
    """It is understood and would be refused, as by the app."""
    code, said = check("tier,monthly_price,currency\nPremium,150,USD\n", name="prices.csv")
    assert code == 1
    assert "understood, but not yet used" in said


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    """It is said, and the exit code is 1; so is one name for two files."""
    assert commands.run(commands.parse(["check", "nowhere.csv"])) == 1
    assert "nowhere.csv" in capsys.readouterr().err
    assert commands.run(commands.parse(["check", "a.csv", "b.csv", "--as", "c.csv"])) == 1
