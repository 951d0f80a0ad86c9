"""Numbers read back as they were meant, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.errors import ExportRefused
from shared.records import Number
from shared.sources.exports.columns import NumberColumn
from shared.sources.exports.findings import Findings
from shared.sources.exports.forms import Column

SPACES = " \u00a0\u2009\u202f\u3000"
MARKS = ",.\u066c'" + SPACES
BATCH = 3

counts = st.integers(0, 10**14)
amounts = st.decimals(-(10**9), 10**9, places=2)
Style = tuple[str, str]  # the mark of groups, the mark of decimals
STYLES: Sequence[Style] = [
    (",", "."),
    (".", ","),
    ("\u202f", ","),
    ("’", "."),
    ("", "."),
    ("", ","),
    ("\u066c", "\u066b"),
]


def western(number: int, mark: str, least: int = 4) -> str:
    """Groups of three; some locales (es, pl, pt-PT) leave four digits alone: ``least`` is 5 there."""
    return str(number) if len(str(number)) < least else f"{number:,}".replace(",", mark)


def indian(number: int) -> str:
    """Three digits, then twos: 1,23,45,678."""
    head, tail = str(number)[:-3], str(number)[-3:]
    pairs: list[str] = []
    while head:
        pairs.insert(0, head[-2:])
        head = head[:-2]
    return ",".join([*pairs, tail])


def money(amount: Decimal, style: Style, places: int = 2) -> str:
    """An amount in that style; ``places`` is how many decimals are shown."""
    group, decimal = style
    return f"{amount:,.{places}f}".translate({ord(","): group, ord("."): decimal})


def column(*cells: str, of: Literal["count", "money"] = "count") -> tuple[NumberColumn, Findings]:
    """A column of these cells, read in batches; the first stands on line 2."""
    findings = Findings()
    label = "Lines this Month" if of == "count" else "Spend this Month (USD)"
    reader = NumberColumn(Column(label, of, "measure"), findings)
    for at in range(0, len(cells), BATCH):
        part = cells[at : at + BATCH]
        reader.read(range(at + 2, at + 2 + len(part)), part)
    reader.settle()
    return reader, findings


def values(*cells: str, of: Literal["count", "money"] = "count") -> list[Number]:
    """What a column that must be good reads as."""
    reader, findings = column(*cells, of=of)
    assert not findings
    return reader.take()


def report(*cells: str, of: Literal["count", "money"] = "count") -> ExportRefused:
    """The refusal of a column that must be refused."""
    _, findings = column(*cells, of=of)
    assert findings
    with pytest.raises(ExportRefused) as caught:
        findings.refuse()
    return caught.value


@given(st.lists(counts), st.sampled_from(MARKS), st.sampled_from([4, 5]))
def test_counts_of_any_locale_are_read_back(numbers: list[int], mark: str, least: int) -> None:
    """Whatever one locale writes, the counts come back."""
    assert values(*(western(number, mark, least) for number in numbers)) == numbers


@given(st.lists(counts))
def test_indian_counts_are_read_back(numbers: list[int]) -> None:
    """Lakhs and crores are grouped by two."""
    assert values(*map(indian, numbers)) == numbers


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
        ("1234\n", 1234),
        ("٦٤٬٢٣٠", 64230),
        ("６４，２３０".replace("，", ","), 64230),
        ("0", 0),
    ],
)
def test_the_counts_that_were_seen_are_read(cell: str, value: int) -> None:
    """The spellings that real exports show."""
    assert values(cell) == [value]


@pytest.mark.parametrize(
    "cell",
    ["", "-", "--", "—", "64.23", "1.5", "-5", "+5", "1e5", "12,34", "1,2345", "0,123", "1.234,5", "1,234.5",
     "=1+1", "$5", "n/a", "1,,234", "1,234,56", "1\n2", "1\t234", "5²", "1_000", "9" * 16, "9" * 5000],
)  # fmt: skip
def test_what_is_no_whole_number_is_a_type_error(cell: str) -> None:
    """Decimals, signs, blanks and broken groups are no counts, and blank is not zero."""
    (finding,) = report("7", cell).findings
    assert (finding.code, finding.line, finding.column) == ("type-error", 3, "Lines this Month")
    assert finding.expected


@pytest.mark.parametrize("of", ["count", "money"])
def test_a_refused_number_is_quoted_and_a_word_is_not(of: Literal["count", "money"]) -> None:
    """A ragged row may bring an address into this column: only what has no letters is repeated."""
    cells = ("1,2,3", "zoe@example.com", "Zoe", "zoe@example.com$5", "€zoe@example.com")
    found = [finding.found for finding in report(*cells, of=of).findings]
    words = [
        "text of 15 characters",
        "text of 3 characters",
        "text of 17 characters",
        "text of 16 characters",
    ]
    assert found == ["1,2,3", *words]


@given(st.lists(st.sampled_from(",.'"), min_size=2, max_size=2, unique=True), counts, counts)
def test_two_marks_in_one_column_are_refused_naming_both_lines(marks: list[str], one: int, two: int) -> None:
    """No download mixes two locales: whoever pasted it together must look."""
    cells = [western(number + 1000, mark) for number, mark in zip((one, two), marks, strict=True)]
    refusal = report("7", *cells, cells[1])
    assert refusal.total == 1
    (finding,) = refusal.findings
    assert (finding.code, finding.line) == ("constraint-error", 4)
    assert "line 3" in finding.note


def test_one_mark_of_several_spellings_is_one_mark() -> None:
    """An editor may turn one kind of space or apostrophe into another: the number is the same."""
    assert values(*(f"64{space}230" for space in SPACES)) == [64230] * len(SPACES)
    assert values("64'230", "64’230") == [64230, 64230]


def test_indian_and_western_groups_do_not_mix() -> None:
    """1,23,456 and 123,456 are of two locales, 12,345 is of both."""
    assert values("12,345", "1,23,456", "12,345") == [12345, 123456, 12345]
    assert report("12,345", "1,23,456", "123,456").findings[0].line == 4


# --- money -------------------------------------------------------------------------------------


@given(
    st.lists(amounts),
    st.sampled_from(STYLES),
    st.sampled_from(["{}", "${}", "{} $", "US$ {}", "USD {}", "{} USD"]),
)
def test_money_of_any_locale_is_read_back(numbers: list[Decimal], style: Style, sign: str) -> None:
    """Two decimals leave no doubt, whatever stands before thousands."""
    assert values(*(sign.format(money(number, style)) for number in numbers), of="money") == numbers


@example([Decimal("1234")], (",", "."), [0])
@given(st.lists(amounts, min_size=1), st.sampled_from(STYLES), st.lists(st.integers(0, 4), min_size=1))
def test_money_is_read_as_it_was_meant_or_refused(
    numbers: list[Decimal], style: Style, places: list[int]
) -> None:
    """However many decimals are shown, no amount is ever taken for another one."""
    shown = [round(number, places[at % len(places)]) for at, number in enumerate(numbers)]
    cells = [money(amount, style, places[at % len(places)]) for at, amount in enumerate(shown)]
    reader, findings = column(*cells, of="money")
    assert findings or reader.take() == shown


@pytest.mark.parametrize(
    ("cells", "amounts"),
    [
        (["$135.85"], ["135.85"]),
        (["1.234,50"], ["1234.50"]),
        (["1,000.50"], ["1000.50"]),
        (["USD 135.85", "US$1", "＄2"], ["135.85", "1", "2"]),
        (["135,85 $", "135,85 $ US"], ["135.85", "135.85"]),
        (["-0.01", "-$0.02", "$-0.03", "−0.04"], ["-0.01", "-0.02", "-0.03", "-0.04"]),
        (["1,234", "$1,000.50"], ["1234", "1000.50"]),
        (["1,234", "1 000,50"], ["1.234", "1000.50"]),
        (["1,234", "5,6"], ["1.234", "5.6"]),
        (["1,234", "1,234,567"], ["1234", "1234567"]),
        (["1,234", "64 230"], ["1.234", "64230"]),
        (["0,123", "0.5"], None),
        (["0.123", "1.234"], ["0.123", "1.234"]),
        (["1234.567"], ["1234.567"]),
        (["1,23,456.50"], ["123456.50"]),
        (["7", "135"], ["7", "135"]),
    ],
)
def test_one_line_decides_the_whole_column(cells: list[str], amounts: list[str] | None) -> None:
    """A doubtful amount means what the other lines' marks mean; lines that contradict are refused."""
    if amounts is None:
        assert "line 2" in report(*cells, of="money").findings[0].note
    else:
        assert values(*cells, of="money") == list(map(Decimal, amounts))


@pytest.mark.parametrize("cells", [["1,234"], ["1.234", "12.345"], ["7", "$1,234", "99"]])
def test_money_that_nothing_decides_is_refused(cells: list[str]) -> None:
    """1,234 may be a thousand dollars or one: a guess would be wrong by a thousand times."""
    (finding,) = report(*cells, of="money").findings
    assert finding.code == "constraint-error"
    assert "before thousands or before decimals" in finding.note
    assert finding.action


@pytest.mark.parametrize(
    ("cells", "first", "line"),
    [
        (["1.234,50", "1,234.50"], 2, 3),
        (["5.5", "6", "5,5"], 2, 4),
        (["1,234,567", "5,50"], 2, 3),
        (["5.50", "1.234.567"], 2, 3),
        (["1,23,456.00", "123,456.00"], 2, 3),
    ],
)
def test_money_written_in_two_ways_is_refused_naming_both_lines(
    cells: list[str], first: int, line: int
) -> None:
    """One mark has one meaning in the whole column."""
    (finding,) = report(*cells, of="money").findings
    assert (finding.code, finding.line) == ("constraint-error", line)
    assert f"line {first}:" in finding.note


@pytest.mark.parametrize(
    ("cell", "currency"), [("€5.00", "€"), ("5,00 EUR", "EUR"), ("£1", "£"), ("R$ 5", "R$"), ("CHF 7", "CHF")]
)
def test_another_currency_is_refused_by_name(cell: str, currency: str) -> None:
    """The column is in US dollars: another currency's number is another number."""
    (finding,) = report("$1.00", cell, of="money").findings
    assert (finding.code, finding.line, finding.found) == ("constraint-error", 3, currency)


@pytest.mark.parametrize(
    "cell",
    ["", "-", "--", "$", "5%", "($5)", "5-", "--5", ".50", "5.", "1e-5", "=5", "$5 5.2", "$" * 5000],
)
def test_what_is_no_amount_is_a_type_error(cell: str) -> None:
    """Blank is not zero, and what is half a number is none."""
    (finding,) = report("7.25", cell, of="money").findings
    assert (finding.code, finding.line, finding.column) == ("type-error", 3, "Spend this Month (USD)")
