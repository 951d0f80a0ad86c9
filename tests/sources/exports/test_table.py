"""Rows are of the header's width, and every error has its line."""

from __future__ import annotations

import pytest

from shared.sources.exports.findings import KEPT
from shared.sources.exports.text import LONGEST_LINE
from tests.sources.exports.files import csv_of, finding, read, refused

HEAD = b"User,Lines this Month\n"


def test_every_error_is_named_in_the_order_of_the_lines() -> None:
    """One report tells all that is wrong with a file."""
    refusal = refused(b"User,Lines this Month\nann@example.com,x\nbob@example.com\neve@example.com,1,2\n,,\n")
    assert [(error.code, error.line) for error in refusal.findings] == [
        ("type-error", 2),
        ("missing-cell", 3),
        ("extra-cell", 4),
    ]


def test_lines_are_counted_through_quoted_line_breaks() -> None:
    """A line is what an editor shows, whatever the quotation marks."""
    content = b'Note,User,Lines this Month\n"two\nlines",ann@example.com,1\nx,bob@example.com,1.5\n'
    assert finding(content).line == 4


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (
            b'User,Lines this Month\nann@example.com,1\n"bob@example.com,2\neve@example.com,3\n',
            3,
            "never closed",
        ),
        (b'User,Lines this Month\n"ann"x@example.com,1\n', 2, "do not match"),
        (b"User,Lines this Month\n" + b"a" * 200_000 + b",1\n", 2, "longer than"),
        (b"User,Lines this Month\n" + b"a," * (LONGEST_LINE // 2 + 1), 2, "longer than"),
        (b"x," * LONGEST_LINE, 1, "longer than"),
        (b"User,Lines this Month\n" + b'"' + b"a\n" * LONGEST_LINE, 2, "a cell is longer than"),
        (b"User,Lines this Month\n" + b'"a\n",' * LONGEST_LINE * 16, 2, "the row is longer than"),
        (HEAD + b"\n" * 9 + b'"a\n",' * LONGEST_LINE * 16, 11, "the row is longer than"),
    ],
)
def test_what_is_not_csv_ends_the_reading(content: bytes, line: int, says: str) -> None:
    """Where rows can no longer be told apart, the report says so and quotes nothing."""
    report = finding(content)
    assert (report.code, report.line) == ("source-error", line)
    assert says in report.note


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (b"User,Lines this Month,", "blank-label"),
        (b"User,Lines this Month,user ", "duplicate-label"),
    ],
)
def test_a_header_must_name_each_column_once(header: bytes, code: str) -> None:
    """A column without a name of its own could be either."""
    assert finding(header + b"\nann@example.com,1,2\n").code == code


def test_a_report_keeps_the_first_fifty_and_counts_the_rest() -> None:
    """A report stays readable and still says how bad it is."""
    refusal = refused(csv_of(*((f"p{n}@example.com", "x") for n in range(KEPT + 7))))
    assert (len(refusal.findings), refusal.total) == (KEPT, KEPT + 7)
    assert [error.line for error in refusal.findings] == list(range(2, KEPT + 2))


def test_what_was_passed_over_is_noted() -> None:
    """Semicolons and empty rows are read, and said."""
    export = read(csv_of(("ann@example.com", "1"), ("", ""), delimiter=";"))
    assert export.notes == ("Cells are separated by semicolons.", "Rows without any content, passed over: 1.")
    assert export.rows_in == export.rows_accepted == 1
