"""Counts read back as they were meant, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import ExportRefused
from shared.sources.exports.findings import Findings
from shared.sources.exports.numbers import MARKS, CountColumn

counts = st.integers(0, 10**14)


def western(number: int, mark: str, least: int = 4) -> str:
    """Groups of three; some locales (es, pl, pt-PT) leave four digits alone: ``least`` is 5 there."""
    return str(number) if len(str(number)) < least else f"{number:,}".replace(",", mark)


def indian(number: int, mark: str = ",", least: int = 4) -> str:
    """Three digits, then twos: 1,23,45,678."""
    head, tail = str(number)[:-3], str(number)[-3:]
    pairs: list[str] = []
    while head:
        pairs.insert(0, head[-2:])
        head = head[:-2]
    return ",".join([*pairs, tail])


def column(*cells: str) -> tuple[list[int | None], Findings]:
    """What a column of these cells reads as; the first stands on line 2."""
    findings = Findings()
    reader = CountColumn("Lines this Month", findings)
    return [reader.read(line, cell) for line, cell in enumerate(cells, start=2)], findings


def report(*cells: str) -> ExportRefused:
    """The refusal of a column that must be refused."""
    _, findings = column(*cells)
    assert findings
    with pytest.raises(ExportRefused) as caught:
        findings.refuse()
    return caught.value


@given(st.lists(counts), st.sampled_from(MARKS), st.sampled_from([4, 5]), st.sampled_from([western, indian]))
def test_numbers_of_any_locale_are_read_back(
    numbers: list[int], mark: str, least: int, write: object
) -> None:
    """Whatever one locale writes, the counts come back."""
    cells = [indian(number) if write is indian else western(number, mark, least) for number in numbers]
    values, findings = column(*cells)
    assert (values, bool(findings)) == (numbers, False)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("43,855", 43855),
        ("64.230", 64230),
        ("64 230", 64230),
        ("64\u00a0230", 64230),
        ("64\u202f230", 64230),
        ("64'230", 64230),
        ("64’230", 64230),
        ("1,23,456", 123456),
        (" 1234 ", 1234),
        ("٦٤٬٢٣٠", 64230),
        ("0", 0),
    ],
)
def test_the_numbers_that_were_seen_are_read(cell: str, value: int) -> None:
    """The spellings of upstream-contracts.md section 4."""
    values, findings = column(cell)
    assert (values, bool(findings)) == ([value], False)


@pytest.mark.parametrize(
    "cell",
    ["", "-", "--", "64.23", "1.5", "-5", "+5", "1e5", "12,34", "1,2345", "0,123", "1.234,5", "1,234.5",
     "=1+1", "$5", "n/a", "1,,234", "1,234,56", "9" * 16, "9" * 5000],
)  # fmt: skip
def test_what_is_no_whole_number_is_a_type_error(cell: str) -> None:
    """Decimals, signs, blanks and broken groups are no counts, and blank is not zero."""
    (finding,) = report("7", cell).findings
    assert (finding.code, finding.line, finding.column) == ("type-error", 3, "Lines this Month")
    assert finding.expected


def test_a_refused_number_is_quoted_and_a_word_is_not() -> None:
    """A ragged row may bring an address into this column: only what has no letters is repeated."""
    found = [finding.found for finding in report("64.23", "zoe@example.com", " ", "Zoe").findings]
    assert found == ["64.23", "text of 15 characters", "nothing", "text of 3 characters"]


@given(st.lists(st.sampled_from(MARKS), min_size=2, max_size=2, unique=True), counts, counts)
def test_two_marks_in_one_column_are_refused_naming_both_lines(marks: list[str], one: int, two: int) -> None:
    """No download mixes two locales: whoever pasted it together must look."""
    cells = [western(number + 1000, mark) for number, mark in zip((one, two), marks, strict=True)]
    refusal = report("7", *cells, cells[1])
    assert refusal.total == 1
    (finding,) = refusal.findings
    assert (finding.code, finding.line) == ("constraint-error", 4)
    assert "line 3" in finding.note


def test_indian_and_western_groups_do_not_mix() -> None:
    """1,23,456 and 123,456 are of two locales, 12,345 is of both."""
    assert column("12,345", "1,23,456", "12,345")[0] == [12345, 123456, 12345]
    assert report("12,345", "1,23,456", "123,456").findings[0].line == 4
