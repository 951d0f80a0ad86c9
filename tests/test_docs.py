"""What the papers say is what the code does."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import get_args

from shared.api.doors import DOORS
from shared.api.problems import PROBLEMS
from shared.records import OverdueName, ReceiptState
from shared.settings import SETTINGS

ROOT = Path(__file__).parent.parent


def table_rows(path: str, heading: str) -> dict[str, list[str]]:
    """The rows of the first table under a heading, by their first cell's code."""
    text = (ROOT / path).read_text(encoding="utf-8").split(heading, 1)[1]
    rows: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.startswith("#") and rows:
            break
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("| "))]
        if len(cells) > 1 and (code := re.fullmatch(r"`([^`]+)`", cells[0])):
            rows[code.group(1)] = cells
    return rows


def test_the_readme_tells_each_setting_with_its_default_and_its_meaning() -> None:
    """A setting exists in settings.py and in the README's table, and nowhere in one alone."""
    rows = table_rows("README.md", "## Settings")
    assert list(rows) == [setting.name for setting in SETTINGS]
    for setting in SETTINGS:
        _, default, meaning = rows[setting.name]
        assert default == (f"`{setting.default}`" if setting.default else "none")
        assert meaning.removesuffix(" Secret.") == setting.meaning
        assert meaning.endswith(" Secret.") == setting.secret


def test_each_problem_is_documented_with_its_status() -> None:
    """docs/problems.md has one row for each type that the app can answer, and no other."""
    rows = table_rows("docs/problems.md", "# Problem documents")
    assert {uri: cells[1] for uri, cells in rows.items()} == {
        problem.uri: str(problem.status) for problem in PROBLEMS
    }


def test_each_problem_has_a_section_with_its_cure() -> None:
    """One by one, in the order of the table."""
    text = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    rows = table_rows("docs/problems.md", "# Problem documents")
    sections = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert [f"/problems/{name}" for name in sections] == list(rows)
    assert all(len(section) > 60 for section in text.split("\n## ")[1:])


def test_each_door_is_documented_with_its_role_and_parameters() -> None:
    """docs/api.md has one row for each route, with every parameter, and no other."""
    rows = table_rows("docs/api.md", "# The API")
    assert {route: cells[1:3] for route, cells in rows.items()} == {
        f"{door.method} /api{door.path}": [
            f"`{door.role}`" if door.role else "all",
            ", ".join(f"`{parameter.name}`" for parameter in door.parameters) or "none",
        ]
        for door in DOORS
    }


def test_the_example_of_msal_is_ten_lines() -> None:
    """Who copies it can read it."""
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    code = text.split("```ts\n", 1)[1].split("```", 1)[0]
    statements = [line for line in code.splitlines() if line and not line.startswith("import")]
    assert len(statements) <= 10


# --- what the app says ---------------------------------------------------------------------------

#: What an event is called: what it is about, and what happened.
EVENT = r"[a-z]+(?:-[a-z]+)*\.[a-z_]+"


def emitted() -> set[str]:
    """Every event that the program can emit: the names in the modules that do, and those made of states."""
    made = {*get_args(OverdueName), *(f"export.{state}" for state in get_args(ReceiptState)), "problem"}
    for path in (ROOT / "shared").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "emit(" not in text or path.name == "events.py":
            continue
        constants = [node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)]
        made |= {one for one in constants if isinstance(one, str) and re.fullmatch(EVENT, one)}
    return made


def alerts_by_event() -> dict[str, set[str]]:
    """The alerts whose query names an event."""
    text = (ROOT / "infra" / "modules" / "alerts.bicep").read_text(encoding="utf-8")
    found: dict[str, set[str]] = {}
    for name, query in re.findall(r"name: '([\w-]+)'\n +severity.*?query: \$?'''(.*?)'''", text, re.DOTALL):
        for event in re.findall(rf"'({EVENT}|problem)'", query):
            found.setdefault(event, set()).add(name)
    return found


def test_each_event_is_documented_with_its_alerts_and_what_to_do_at_night() -> None:
    """docs/operations.md has one row for each event that the app can emit, and no other."""
    rows = table_rows("docs/operations.md", "## What the app says")
    assert rows.keys() == emitted()
    alerts = alerts_by_event()
    assert alerts.keys() <= emitted()
    for event, (_, _, _, alert, at_night) in rows.items():
        assert set(re.findall(r"`([\w-]+)`", alert)) == alerts.get(event, set()), event
        assert at_night, event
