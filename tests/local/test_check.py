"""`dev.py check`: what would happen, said offline, with nothing stored and no storage to store it in."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Never

import pytest

from local import commands
from local.commands.drop import blob_name

TEAM = "claude_code_team_2025_05_01_to_2025_05_31.csv"
HEADER = "User,Lines this Month\n"
ROWS = HEADER + "ana@example.com,1200\nben@example.com,0\n"

Check = Callable[..., tuple[int, str]]
CheckAll = Callable[..., tuple[int, str]]


@pytest.fixture
def check_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CheckAll:
    """Runs the command on files, by their paths, where no storage is configured and no connection can be
    made; its exit code and what it said. Nothing may appear beside the files, nor may one change."""

    def refuse(*_: object, **__: object) -> Never:
        raise AssertionError("check is offline")

    def contents() -> dict[str, bytes]:
        return {str(one.relative_to(tmp_path)): one.read_bytes() for one in tmp_path.rglob("*.*")}

    def run(files: Mapping[str, str | bytes], *options: str) -> tuple[int, str]:
        for name, content in files.items():
            file = tmp_path / name
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        before = contents()
        code = commands.run(commands.parse(["check", *files, *options]))
        assert contents() == before
        said = capsys.readouterr()
        return code, said.out + said.err

    for setting in ("DATA_STORAGE", "EXPORT_TIMEZONE", "EXPORT_LAG_HOURS", "EXPECTED_ORGANIZATIONS"):
        monkeypatch.delenv(setting, raising=False)
    monkeypatch.setattr("local.host.settings.FILES", ())
    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.chdir(tmp_path)
    return run


@pytest.fixture
def check(check_all: CheckAll) -> Check:
    """The same for one file."""

    def run(content: str | bytes, *options: str, name: str = TEAM) -> tuple[int, str]:
        return check_all({name: content}, *options)

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
        "  settles: Thursday 1 May 00:00 to Friday 16 May 2025 12:00 UTC",
        "  missing: With an export of about a week earlier (9 May 2025 12:00 UTC) or later (23 May 2025 "
        "12:00 UTC), within 12 hours, it settles the week between them.",
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
        (
            "2025-05-02",
            "UTC",
            "24",
            "The week before it reaches into April: it needs April's final file as well.",
        ),
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
    assert (code, f"found {theirs}; expected {ours}" in said) == (1, True)


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


def test_a_report_is_told_by_its_days(check: Check) -> None:
    """A file of a range of days says which, and of how many people."""
    spend = (
        "user_email,product,total_requests,total_prompt_tokens,total_completion_tokens,total_net_spend_usd,"
        "total_gross_spend_usd\nzelda@quux.example,Claude Code,1,2,3,0.00,0.00\n"
    )
    code, said = check(spend, name="spend-report--2026-11-02-to-2026-11-08.csv")
    assert code == 0
    assert "spend_report" in said
    assert "2026-11-02 to 2026-11-08" in said
    assert "people: 1" in said
    assert "zelda" not in said


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    """It is said, and the exit code is 1; so is one name for two files."""
    assert commands.run(commands.parse(["check", "nowhere.csv"])) == 1
    assert "nowhere.csv" in capsys.readouterr().err
    assert commands.run(commands.parse(["check", "a.csv", "b.csv", "--as", "c.csv"])) == 1


# --- several, considered together ------------------------------------------------------------------

APRIL = "claude_code_team_2025_04_01_to_2025_04_30.csv"
ROSTER = "email,name,team,joined,left\nana@example.com,Ana,core,,\nben@example.com,Ben,core,,2025-05-10\n"


def export(**counts: int) -> str:
    return HEADER + "".join(f"{name}@example.com,{count}\n" for name, count in counts.items())


PILE = {
    f"2025-04-25/{APRIL}": export(ana=900, ben=50),
    f"2025-05-02/{APRIL}": export(ana=1000, ben=50),
    f"2025-05-02/{TEAM}": export(ana=100, ben=30),
    f"2025-05-09/{TEAM}": export(ana=400, ben=30),
    f"2025-05-16/{TEAM}": export(ana=500),
    "2025-05-01/roster.csv": ROSTER,
}


def blocks(said: str) -> dict[str, list[str]]:
    """What is said of each file, and of all together."""
    found: dict[str, list[str]] = {}
    for line in said.splitlines():
        if line.startswith("  "):
            found[list(found)[-1]].append(line.strip())
        else:
            found[line] = []
    return found


def test_a_pile_of_files_settles_weeks(check_all: CheckAll) -> None:
    """Each is dropped in its folder; the periods that they settle together come last."""
    code, said = check_all(PILE)
    found = blocks(said)
    assert (code, len(found)) == (0, 7)
    assert found["Together they settle:"] == [
        "Tuesday 1 April 00:00 to Friday 25 April 2025 12:00 UTC",
        "Friday 25 April 12:00 to Friday 2 May 2025 12:00 UTC",
        "Friday 2 May 12:00 to Friday 9 May 2025 12:00 UTC",
        "Friday 9 May 12:00 to Friday 16 May 2025 12:00 UTC",
    ]
    final = found[f"2025-05-02/{APRIL}: would be accepted"]
    assert "note: It is the final file of April 2025: it closes the month." in final
    assert "settles: Friday 25 April 12:00 to Friday 2 May 2025 12:00 UTC" in final


def test_the_order_of_files_does_not_matter(check_all: CheckAll) -> None:
    """What is said of each is the same, and in the order given."""
    said = blocks(check_all(PILE)[1])
    turned = blocks(check_all(dict(reversed(PILE.items())))[1])
    assert turned == said
    assert list(turned)[:-1] == list(said)[-2::-1]


def test_a_roster_among_them_makes_leavers_known(check_all: CheckAll) -> None:
    """Without it somebody vanished, and both files are named."""
    last = f"2025-05-16/{TEAM}: would be accepted"
    left = "note: 1 person who has left the roster is not in it: the last count holds."
    assert left in blocks(check_all(PILE)[1])[last]
    without = {path: content for path, content in PILE.items() if content != ROSTER}
    vanished = [one for one in blocks(check_all(without)[1])[last] if "vanished between" in one]
    assert f"the export of 9 May 2025 (file 2025-05-09/{TEAM})" in vanished[0]


def test_aliases_among_them_are_applied(check_all: CheckAll) -> None:
    """Two addresses of one person are no contradiction."""
    files = {f"2025-05-09/{TEAM}": export(old=400), f"2025-05-16/{TEAM}": export(new=500)}
    assert "vanished" in check_all(files)[1]
    aliases = "alias,email\nold@example.com,new@example.com\n"
    assert "vanished" not in check_all({**files, "2025-05-17/a.csv": aliases})[1]


def test_files_that_contradict_each_other(check_all: CheckAll) -> None:
    """The later one would be refused, and says which it contradicts; the exit code says so too."""
    people = [f"p{number}" for number in range(8)]
    many, few = (export(**dict.fromkeys(people, count)) for count in (900, 100))
    code, said = check_all({f"2025-05-16/{TEAM}": few, f"2025-05-09/{TEAM}": many})
    found = blocks(said)
    assert code == 1
    assert f"2025-05-09/{TEAM}: would be accepted" in found
    (finding,) = [one for one in found[f"2025-05-16/{TEAM}: would be refused"] if one.startswith("finding")]
    assert finding.startswith("finding: 8 of 8 people have fallen or vanished between this and the export of")
    assert f"(file 2025-05-09/{TEAM})" in finding


def test_duplicates_among_them(check_all: CheckAll) -> None:
    """The same content with no moment of its own; a quiet week's export, in a folder of its own, is none."""
    files = {
        TEAM: ROWS,
        f"2025-05-09/{TEAM}": ROWS,
        f"2025-05-16/{TEAM}": ROWS,
        "2025-05-01/roster.csv": ROSTER,
        "roster.csv": ROSTER,
    }
    code, said = check_all(files)
    assert code == 0
    assert [line.rpartition(" would be ")[2] for line in blocks(said)][:-1] == [
        "a duplicate",
        "accepted",
        "accepted",
        "accepted",
        "a duplicate",
    ]
    assert f"duplicate of: file 2025-05-09/{TEAM}" in said
    assert "note: The same content was recorded for 9 May 2025 12:00 UTC. If this is a fresh export" in said


def test_one_bad_file_among_good_ones(check_all: CheckAll) -> None:
    """It is told, and the others are considered without it."""
    code, said = check_all({"bad.csv": "nothing,known\n1,2\n", **PILE})
    assert code == 1
    assert "bad.csv: would be refused" in said
    assert len(blocks(said)["Together they settle:"]) == 4
    assert check_all({"bad.csv": "nothing,known\n", "worse.csv": ""})[1].endswith(
        "Together they settle nothing yet.\n"
    )


def test_a_folder_named_for_a_day_is_where_a_file_is_dropped() -> None:
    """Unless a date is given; another folder's name says nothing."""
    assert blob_name(Path("exports/2025-05-09/a.csv"), None, None) == "2025-05-09/a.csv"
    assert blob_name(Path("exports/2025-05-09/a.csv"), "b.csv", date(2025, 5, 16)) == "2025-05-16/b.csv"
    assert blob_name(Path("exports/a.csv"), None, None) == "a.csv"
