"""An export is read whole or refused, and a refusal names nobody."""

from __future__ import annotations

import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import ExportRefused
from shared.records import Actor
from tests.sources.exports.files import (
    HEADER,
    NOVEMBER,
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
    assert (export.kind, export.measure, export.month) == ("claude_code_team", "linesAccepted", "2026-11")
    assert export.organization == ORGANIZATION
    assert export.counts == (
        (Actor("engineer", "zoe@example.com"), 1600),
        (Actor("key", "claude_code_key_ci_Abcd"), 7),
        (Actor("name", "Max"), 0),
    )
    assert (export.rows_in, export.rows_accepted, export.rows_rejected, export.total) == (3, 3, 0, 1607)
    assert export.notes == ()


def test_a_header_alone_is_an_export_of_nobody() -> None:
    """Whether nobody used it or everybody vanished is not this file's to say."""
    assert read(csv_of()).counts == ()


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
    assert len(read(csv_of(*rows)).counts) == kept


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


def _break(content: bytes, chance: random.Random) -> bytes:
    """The file with a few bytes gone, doubled or replaced."""
    broken = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(broken))
        broken[at : at + chance.randint(0, 3)] = chance.choice(
            [b"", b",", b'"', b"\n", b";", b"\xff", b"1,0"]
        )
    return bytes(broken)


marked = st.lists(st.from_regex(r"qz[a-z]{3,8}@example\.com", fullmatch=True), unique=True, min_size=1)


@given(marked, st.randoms(use_true_random=False))
def test_no_finding_names_a_person(names: list[str], chance: random.Random) -> None:
    """Whatever is wrong with a file, its report repeats no address, not even half of one."""
    rows = [(name, chance.choice(["1", "1.5", "1,234", "1.234", "", name])) for name in (*names, names[0])]
    header = chance.choice([HEADER, HEADER[::-1], ("Who", "What"), rows[0]])
    content = _break(csv_of(*rows, header=header), chance)
    name = chance.choice([NOVEMBER, f"2026-11-02/{names[0]}.csv", f"{names[0]} 2026-99-99.csv"])
    try:
        read(content, name)
    except ExportRefused as refusal:
        said = msgspec.json.encode(refusal.findings).decode() + str(refusal)
        assert "qz" not in said
        assert "@" not in said
        assert "example" not in said
