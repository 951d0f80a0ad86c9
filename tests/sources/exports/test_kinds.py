"""A file's kind is what its header says."""

from __future__ import annotations

import itertools

import pytest

from shared.sources.exports import KINDS, recognise
from shared.sources.exports.kinds import Column, Kind
from tests.sources.exports.files import csv_of, finding, read

CONSOLE = ("User", "Spend this Month (USD)", "Lines this Month")


@pytest.mark.parametrize(
    "header",
    [
        ("User", "Lines this Month"),
        ("Lines this month", "USER"),
        ("  user ", "LINES  THIS\u00a0MONTH"),
        ("User", "Lines this month", "PRs with CC"),
    ],
)
def test_a_header_is_recognised_whatever_its_case_order_and_spaces(header: tuple[str, ...]) -> None:
    """Labels match by name: case, order, surrounding spaces and further columns are free."""
    kind = recognise(header)
    assert kind is not None
    assert (kind.name, kind.measure, kind.month_to_date) == ("claude_code_team", "linesAccepted", True)


def test_the_console_export_is_not_taken_for_the_team_export() -> None:
    """Two columns in common do not make one kind: the Console's counts are another organisation's."""
    assert all(recognise(order) is None for order in itertools.permutations(CONSOLE))


def test_an_unknown_header_is_named_beside_the_kinds_that_are_known() -> None:
    """Who drops another file reads what its header was and what headers would do."""
    report = finding(csv_of(("zoe@example.com", "$1.00", "7"), header=CONSOLE))
    assert (report.code, report.line, report.found) == ("missing-label", 1, ", ".join(CONSOLE))
    assert report.expected is not None
    assert "claude_code_team (User, Lines this Month" in report.expected
    assert report.action


@pytest.mark.parametrize(
    "first", [("zoe@example.com", "12"), ("Zoe Smith", "12"), ("claude_code_key_zoe_abcd", "x")]
)
def test_a_file_without_a_header_is_refused_unquoted(first: tuple[str, str]) -> None:
    """Where the first line is a person's, the report says so without repeating it."""
    report = finding(csv_of(header=first))
    assert (report.code, report.line, report.found) == ("missing-label", 1, None)
    assert "not a header" in report.note


def test_further_columns_are_named_in_a_note() -> None:
    """Nothing is passed over in silence."""
    export = read(csv_of(("zoe@example.com", "7", "1"), header=("User", "Lines this month", "PRs with CC")))
    assert export.notes == ("Further columns, passed over: PRs with CC.",)


def test_a_new_kind_is_one_entry_and_the_fullest_match_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind that explains more of the columns is preferred to one that explains fewer."""
    fuller = Kind("fuller", "linesAccepted", (*KINDS[0].columns, Column("PRs with CC", "count")), True)
    monkeypatch.setattr("shared.sources.exports.kinds.KINDS", (KINDS[0], fuller))
    assert recognise(("PRs with CC", "User", "Lines this Month")) == fuller
    assert recognise(("User", "Lines this Month")) == KINDS[0]
