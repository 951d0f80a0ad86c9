"""Laws of the alerts: each query is run, as DuckDB understands KQL, over what the app would have logged.

A row is an alert. The lines are those of shared/events.py, one an hour.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import duckdb
import duckdb_kql
import pytest

from tests.infra.checks import queries_of
from tests.infra.prediction import Prediction

Line = dict[str, Any] | str

FIRST = datetime(2026, 11, 23, 0, 5)  # noqa: DTZ001 - the table has no zone

LOCKED: Line = {"event": "source.locked", "source": "claude_code_admin"}
OVERDUE: Line = {"event": "export.overdue", "dashboard": "claude_code_team", "month": None}
MISSING: Line = {"event": "month-final.missing", "dashboard": "claude_code_team", "month": "2026-10"}


def finished(outcome: str) -> Line:
    return {"event": "refresh.finished", "run": {"outcome": outcome}}


def trust(before: str | None, after: str) -> Line:
    return {"event": "trust.changed", "from": before, "to": after, "checks": []}


def over(was: str, of: str) -> Line:
    return {"event": "overdue.ended", "was": was, "of": of}


#: A team whose API key is locked, as the log tells of three hours; and one that has no live source at all.
LOCKED_OUT: list[Line] = ["Executing 'Functions.refresh_on_schedule'", LOCKED, finished("skipped")] * 3
ON_EXPORTS: list[Line] = [
    trust(None, "unknown"),
    finished("skipped"),
    trust("unknown", "partial"),
    finished("skipped"),
]

SILENT: list[tuple[str, list[Line]]] = [
    ("no-successful-refresh", [finished("failed"), finished("ok"), finished("failed")]),
    ("no-successful-refresh", [finished("partial")]),
    ("trust-lost", [trust("trusted", "untrusted"), trust("untrusted", "trusted")]),
    ("trust-lowered", [trust("untrusted", "partial")]),
    ("export-overdue", [OVERDUE, over("export.overdue", "claude_code_team")]),
    ("month-final-missing", [MISSING, over("month-final.missing", "claude_code_team 2026-10")]),
    ("export-refused", [{"event": "export.accepted"}, {"event": "export.duplicate"}]),
]

FIRING: list[tuple[str, list[Line]]] = [
    ("no-successful-refresh", []),
    ("no-successful-refresh", ["not JSON", finished("failed"), finished("busy")]),
    ("configuration-error", [{"event": "source.config_error", "detail": "the key was refused"}]),
    ("configuration-error", [{"event": "problem", "type": "misconfigured"}]),
    ("trust-lost", [trust(None, "untrusted")]),
    ("trust-lost", [trust("trusted", "partial"), trust("partial", "unknown")]),
    ("trust-lowered", [trust("trusted", "partial")]),
    ("circuit-open", [{"event": "circuit.opened"}]),
    ("refresh-defect", [{"event": "refresh.defect", "detail": "this program failed over it (KeyError)"}]),
    ("export-overdue", [over("export.overdue", "claude_code_team"), OVERDUE]),
    ("month-final-missing", [MISSING, over("month-final.missing", "claude_code_team 2026-09")]),
    ("export-refused", [{"event": "export.refused"}]),
    ("export-failed", [{"event": "export.failed", "detail": "a defect: KeyError"}]),
    ("job-refused", [{"event": "job.refused"}]),
]


@pytest.fixture
def logs() -> Iterator[duckdb.DuckDBPyConnection]:
    """The workspace's tables, empty."""
    with duckdb.connect() as connection:
        connection.execute("create table AppTraces (TimeGenerated timestamp, Message varchar)")
        columns = "TimeGenerated timestamp, OuterMessage varchar, InnermostMessage varchar"
        connection.execute(f"create table AppExceptions ({columns})")
        yield connection


def alerts(logs: duckdb.DuckDBPyConnection, query: str, lines: Sequence[Line]) -> int:
    """How many rows the query has over these lines alone."""
    logs.execute("delete from AppTraces")
    for hour, line in enumerate(lines):
        message = line if isinstance(line, str) else json.dumps(line)
        logs.execute("insert into AppTraces values (?, ?)", [FIRST + timedelta(hours=hour), message])
    return len(duckdb_kql.query(logs, query).fetchall())


def test_alerts_fire_when_they_should(first_phase: Prediction, logs: duckdb.DuckDBPyConnection) -> None:
    """An absence is a row, too, even where nothing at all was logged."""
    queries = queries_of(first_phase)
    assert [(name, lines) for name, lines in FIRING if alerts(logs, queries[name], lines) != 1] == []
    others = {"poison-message", "http-5xx"}  # of tables that are not ours
    assert {name for name, _ in FIRING} == queries.keys() - others


def test_alerts_are_silent_when_all_is_well(first_phase: Prediction, logs: duckdb.DuckDBPyConnection) -> None:
    """What is over is over; a team without a live source and one whose source is locked hear of nothing."""
    queries = queries_of(first_phase)
    assert [(name, lines) for name, lines in SILENT if alerts(logs, queries[name], lines)] == []
    ours = {name: query for name, query in queries.items() if name in dict(FIRING)}
    for team in (LOCKED_OUT, ON_EXPORTS):
        assert [name for name, query in ours.items() if alerts(logs, query, team)] == []
