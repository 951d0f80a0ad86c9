"""Laws of the table of periods: the same figures as the JSON, one line a period, nothing that could run."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import msgspec
import pytest

from shared.adoption.figures import exact
from shared.api.tables import CSV, csv_of
from shared.records import Figure, PeriodRow
from tests.adoption.making import fact, row, week

FACTS = [fact("ea", "api", lines_accepted=30, cost="1.50", decisions_accepted=2, decisions_rejected=1)]
ROWS = [row(FACTS, period=week(-1)), row(FACTS, "cc", settled=False)]
ABOUT = ["period", "start", "end", "closed", "completeness", "basis", "verdict"]


def read(table: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.decode(), newline="")))


def figures_of(one: PeriodRow) -> dict[str, Figure]:
    return {"active": one.active[one.basis], **one.figures}


def test_each_period_is_a_line_with_its_own_words() -> None:
    """Label, edges, closed, completeness, basis and verdict stand before the figures."""
    closed, running = read(csv_of(ROWS))
    assert [closed[name] for name in ABOUT] == [
        "2026-W45",
        "2026-11-02T00:00:00+00:00",
        "2026-11-09T00:00:00+00:00",
        "true",
        "complete",
        "anyActivity",
        "unknown",
    ]
    assert (running["period"], running["closed"], running["completeness"]) == (
        "2026-W46",
        "false",
        "provisional",
    )


def test_every_figure_has_its_value_low_and_high() -> None:
    """Each figure of the row is three cells, exact to the digit; unknown is an empty cell, never 0."""
    for line, one in zip(read(csv_of(ROWS)), ROWS, strict=True):
        figures = figures_of(one)
        assert set(line) == {*ABOUT, *(name + edge for name in figures for edge in ("", "Low", "High"))}
        for name, figure in figures.items():
            for edge, cell in (("", figure.value), ("Low", figure.low), ("High", figure.high)):
                said = line[name + edge]
                assert (said == "") == (cell is None), name
                assert cell is None or Decimal(said) == cell
    assert read(csv_of(ROWS))[1]["linesAccepted"] == ""
    assert read(csv_of(ROWS))[1]["linesAcceptedLow"] == "30"


def test_no_cell_can_be_a_formula() -> None:
    """No cell begins as a spreadsheet's formula does."""
    cells = [cell for line in csv.reader(io.StringIO(csv_of(ROWS).decode(), newline="")) for cell in line]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", "  =", "＝", "＋", "－", "＠", "\u3000="]
)
def test_a_team_s_name_is_shown_and_never_run(start: str) -> None:
    """Whatever a team is called, the last column says it; one that would be a formula is a text."""
    name = start + 'HYPERLINK("http://evil.example","core"),"x'
    for line in read(csv_of(ROWS, team=name)):
        assert list(line)[-1] == "team"
        assert line["team"] == "'" + name
    assert {line["team"] for line in read(csv_of(ROWS, team="Core, east"))} == {"Core, east"}


def test_simulated_data_say_so_in_the_table() -> None:
    """A demo's table is marked on every line, a real one nowhere."""
    assert {line["demo"] for line in read(csv_of(ROWS, demo=True))} == {"true"}
    assert "demo" not in csv_of(ROWS).decode()


def test_a_table_without_periods_is_its_header() -> None:
    """No rows, no figures: the header says what a line would begin with; lines end as RFC 4180 wants."""
    assert csv_of([]).decode().startswith(",".join(ABOUT))
    assert csv_of([]).endswith(b"\r\n")
    assert csv_of(ROWS).count(b"\r\n") == 3
    assert CSV.startswith("text/csv")


def test_a_figure_that_only_some_periods_have_is_empty_in_the_others() -> None:
    """Merged lines are there from the first contribution export on; before it no line breaks."""
    told = msgspec.structs.replace(ROWS[1], figures=ROWS[1].figures | {"linesMerged": exact(7)})
    for rows in ([ROWS[0], told], [told, ROWS[0]]):
        assert {line["period"]: line["linesMerged"] for line in read(csv_of(rows))} == {
            "2026-W45": "",
            "2026-W46": "7",
        }


def test_a_teams_table_names_it_and_even_that_is_no_formula() -> None:
    """A roster is the admin's own text, and a spreadsheet would run it."""
    for name, cell in (("Web", "Web"), ("=1+1", "'=1+1"), ("@sum", "'@sum"), ("-", "'-")):
        assert {line["team"] for line in read(csv_of(ROWS, team=name))} == {cell}
    assert list(read(csv_of(ROWS, team="Web", demo=True))[0])[-2:] == ["team", "demo"]
