"""A month-to-date export is read whole or refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.records import Actor
from tests.sources.exports.files import (
    CONSOLE,
    HEADER,
    ORGANIZATION,
    addresses,
    csv_of,
    finding,
    people,
    read,
    refused,
)


def test_an_export_says_what_it_is() -> None:
    """Kind, measure, organisation, month and each person's count, rows accounted for."""
    name = f"claude-code-{ORGANIZATION}-2026-11-01-to-2026-11-30.csv"
    export = read(csv_of((" Zoe@Example.com ", "1,600"), ("claude_code_key_ci_Abcd", 7), ("Max", "0")), name)
    assert (export.kind, export.measures, export.month) == ("claude_code_team", ("linesAccepted",), "2026-11")
    assert export.organization == ORGANIZATION
    assert (export.surface, export.population) == ("claude_ai", "subscription")
    assert export.rows == (
        (Actor("engineer", "zoe@example.com"), (1600,)),
        (Actor("key", "claude_code_key_ci_Abcd"), (7,)),
        (Actor("name", "Max"), (0,)),
    )
    assert (export.rows_in, export.rows_accepted, export.rows_rejected) == (3, 3, 0)
    assert export.of("linesAccepted") == (1600, 7, 0)
    assert export.total("linesAccepted") == 1607
    assert export.notes == ()


def test_a_header_alone_is_an_export_of_nobody() -> None:
    """Whether nobody used it or everybody vanished is not this file's to say."""
    export = read(csv_of(header=CONSOLE))
    assert (export.rows, export.total("meteredCost"), export.measures) == (
        (),
        0,
        ("linesAccepted", "meteredCost"),
    )


@given(people, st.data())
def test_the_order_of_rows_and_columns_is_free(names: list[str], data: st.DataObject) -> None:
    """Any permutation of rows and columns says the same."""
    counts = {name: data.draw(st.integers(0, 10**6)) for name in names}
    columns = data.draw(st.permutations([0, 1, 2]))
    rows = data.draw(st.permutations([(name, f"{count:,}", "x") for name, count in counts.items()]))
    header = [(*HEADER, "Team")[column] for column in columns]
    content = csv_of(*([row[column] for column in columns] for row in rows), header=header)
    assert addresses(read(content)) == counts


def test_a_person_stands_in_a_look_once() -> None:
    """Two rows of one person are not added up: which of them the vendor showed is not known."""
    report = finding(csv_of(("zoe@example.com", 1), ("max@example.com", 2), (" ZOE@example.com", 3)))
    assert (report.code, report.line, report.found) == ("constraint-error", 4, None)
    assert "line 2" in report.note


@pytest.mark.parametrize("cell", ["zoe@exam\nple.com", "zo\u200be@example.com", "Zo\ufffd", "zoe\x00"])
def test_a_damaged_name_is_refused(cell: str) -> None:
    """An invisible difference would make two people of one."""
    assert refused(csv_of((cell, 5)).replace(b"\x00", b"\x01")).findings[0].code == "constraint-error"


@pytest.mark.parametrize("who", ["", "Total", "Gesamt"])
def test_a_total_row_is_left_out_and_noted(who: str) -> None:
    """Who has neither address nor key and the sum of all others is no person."""
    export = read(csv_of(("zoe@example.com", "1,600"), ("max@example.com", 400), (who, "2,000")))
    assert addresses(export) == {"zoe@example.com": 1600, "max@example.com": 400}
    assert export.notes == ("Line 4 is a total row, the sum of all others: it counts for nobody.",)
    assert (export.rows_in, export.rows_accepted, export.rows_rejected) == (3, 2, 1)


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        ([("zoe@example.com", 5), ("max@example.com", 5)], 2),
        ([("zoe@example.com", 5), ("claude_code_key_ci_abcd", 5)], 2),
        ([("Zoe", 0)], 1),
        ([("zoe@example.com", 0), ("Max", 0)], 2),
        ([("zoe@example.com", 0), ("Total", 0)], 1),
        ([("Zoe", 5), ("Total", 5)], 1),
    ],
)
def test_who_has_an_address_or_a_key_is_no_total(rows: list[tuple[str, int]], kept: int) -> None:
    """An accident of numbers hides nobody whose row says who it is."""
    assert len(read(csv_of(*rows)).actors) == kept


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ([("zoe@example.com", 5), ("", 4)], [3]),
        ([("zoe@example.com", 5), ("Total", 4)], [3]),
        ([("Total", 4)], [2]),
        ([("Zoe", 5), ("Max", 5)], [2, 3]),
        ([("", 3), ("zoe@example.com", 5), ("", 4)], [2, 4]),
    ],
)
def test_a_total_that_does_not_add_up_is_refused(rows: list[tuple[str, int]], lines: list[int]) -> None:
    """A row may have been lost: that is said, not passed over."""
    refusal = refused(csv_of(*rows))
    assert [(error.code, error.line) for error in refusal.findings] == [
        ("constraint-error", line) for line in lines
    ]


def test_the_name_and_the_rows_are_reported_together() -> None:
    """An admin mends a file once."""
    refusal = refused(csv_of(("zoe@example.com", "x")), "2026-11-02/export.csv")
    assert {error.code for error in refusal.findings} == {"constraint-error", "type-error"}


@pytest.mark.parametrize(
    ("header", "row", "kind", "values"),
    [
        (CONSOLE, ("zoe@example.com", "$1,135.85", "35,497"), "console_team", (35497, Decimal("1135.85"))),
        (("User", "Lines this month", "PRs with CC"), ("zoe@example.com", 7, 2), "claude_code_team", (7, 2)),
        (
            ("Email", "Lines with CC", "PRs with CC"),
            ("zoe@example.com", 7, 2),
            "claude_code_contribution",
            (7, 2),
        ),
        (
            ("Email", "PRs with CC", "All PRs", "Lines with CC", "All Lines"),
            ("zoe@example.com", 2, 9, 7, "1,000"),
            "claude_code_contribution",
            (7, 2),
        ),
    ],
)
def test_each_form_gives_its_measures(
    header: tuple[str, ...], row: tuple[object, ...], kind: str, values: tuple[object, ...]
) -> None:
    """What is Claude Code's is kept, in the kind's order; the "All …" columns are everybody's."""
    export = read(csv_of(row, header=header))
    assert (export.kind, export.rows) == (kind, ((Actor("engineer", "zoe@example.com"), values),))
    assert export.notes == ()


def test_a_column_that_is_not_kept_is_checked() -> None:
    """A row that is broken where nothing is kept is broken all the same."""
    header = ("Email", "PRs with CC", "All PRs", "Lines with CC", "All Lines")
    report = finding(csv_of(("zoe@example.com", 2, "x", 7, 1), header=header))
    assert (report.code, report.line, report.column) == ("type-error", 2, "All PRs")


@pytest.mark.parametrize("blank", ["", "-", "--"])
def test_a_further_column_in_which_nobody_has_a_value_is_as_good_as_missing(blank: str) -> None:
    """Where pull requests are not counted at all there is no measure; one blank beside values is refused."""
    header = (*HEADER, "PRs with CC")
    export = read(csv_of(("zoe@example.com", 7, blank), ("max@example.com", 8, blank), header=header))
    assert export.measures == ("linesAccepted",)
    assert export.notes == ("No row has a value in the column PRs with CC.",)
    report = finding(csv_of(("zoe@example.com", 7, 1), ("max@example.com", 8, blank), header=header))
    assert (report.code, report.line, report.column, report.found) == (
        "type-error",
        3,
        "PRs with CC",
        "nothing",
    )
    assert finding(csv_of(("zoe@example.com", blank))).column == "Lines this Month"


@pytest.mark.parametrize(
    ("total", "kept"),
    [
        (("Gesamt", "$4.00", "30"), 2),  # the sum in every measure
        (("Gesamt", "$3.99", "30"), 2),  # but for the rounding of each row to the cent
        (("Total", "$4.01", "30"), 2),
        (("Max", "$3.00", "30"), 3),
        (("Max", "$4.00", "29"), 3),
    ],
)
def test_a_total_row_is_the_sum_in_every_measure(total: tuple[str, ...], kept: int) -> None:
    """A person may have everybody's lines or everybody's spend by accident, hardly both."""
    rows = [("zoe@example.com", "$1.00", "10"), ("claude_code_key_ci_abcd", "$3.00", "20"), total]
    assert len(read(csv_of(*rows, header=CONSOLE)).actors) == kept


def test_a_few_cents_make_nobody_a_total() -> None:
    """The rounding is granted to a name or a count that says total, not to two small amounts."""
    rows = [("zoe@example.com", "$0.02", "0"), ("Max", "$0.01", "0")]
    assert len(read(csv_of(*rows, header=CONSOLE)).actors) == 2


def test_a_wrong_total_names_what_was_expected_of_it() -> None:
    """The report says the sums, so that the admin sees by how much the file falls short."""
    rows = [("zoe@example.com", "$1.00", "10"), ("Total", "$2.00", "10")]
    assert (
        finding(csv_of(*rows, header=CONSOLE)).expected == "somebody, or 10, 1.00, the sum of the other rows"
    )
