"""Whatever kind a file is of, it is read however it was saved, and accounts for its rows."""

from __future__ import annotations

import codecs
import csv
import io
import random
from collections.abc import Sequence
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.sources.exports import Dropped, Export
from tests.adoption.looking import laws
from tests.sources.exports.files import (
    ANALYTICS,
    ANALYTICS_WIDER,
    COST,
    COST_2024,
    COST_2026,
    COST_SHORT,
    MEMBERS,
    ORGANIZATION,
    SPEND,
    SPEND_FAMILY,
    SPEND_WIDER,
    csv_of,
    dropped,
    finding,
    refused,
)


class Sample(NamedTuple):
    """A good file as the vendor, or an admin, writes it."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[object]]

    @property
    def content(self) -> bytes:
        return csv_of(*self.rows, header=self.header)


_ANA = ("Ana", "ana@quux.example", "Owner", "Premium", "2026-11-19", 12, 5, 21, 0, 1, 2, 32, 9, 0, 0, 1)
_BEN = ("Ben", "ben@quux.example", "User", "Unassigned", "", *(0 for _ in range(11)))
_USED = ("ana@quux.example", "0b6c", "Claude Code", "claude-opus-5", 10, 900, 100, "0.00", "1.25")
_NOBODY = ("(org service usage)", "", "Code Review", "", 3, 40, 2, "0.50", "0.50")
_MESSAGE = ("2026-11-03", "Claude Haiku 4.5", "Claude Code", "claude_code_key_ana_abcd", "message")
_SEARCH = ("2026-11-02", "--", "Default", "--", "--")

ANALYTICS_NAME = f"members-analytics-{ORGANIZATION}-2026-10-22-to-2026-11-20.csv"
SPEND_NAME = f"spend-report-{ORGANIZATION}-2026-11-09-to-2026-11-15.csv"
COST_NAME = "claude_api_cost_2026_11_01_to_2026_11_30.csv"

SAMPLES = {
    "members analytics": Sample(ANALYTICS_NAME, ANALYTICS, [(*_ANA, "1,234.50"), (*_BEN, "0.00")]),
    "wider members analytics": Sample(
        ANALYTICS_NAME, ANALYTICS_WIDER, [(*_ANA, 4, 5, "1,234.50"), (*_BEN, 0, 0, "0.00")]
    ),
    "members": Sample(
        f"members-{ORGANIZATION}-2026-11-20.csv",
        MEMBERS,
        [
            ("Ana", "ana@quux.example", "Primary Owner", "Active", "Premium"),
            ("", "cid@quux.example", "User", "Pending", "Standard"),
        ],
    ),
    "spend report": Sample(SPEND_NAME, SPEND, [_USED, _NOBODY]),
    "spend report by family": Sample(
        SPEND_NAME, SPEND_FAMILY, [(*_USED[:4], "Opus", *_USED[4:]), (*_NOBODY[:4], "", *_NOBODY[4:])]
    ),
    "wider spend report": Sample(
        SPEND_NAME.replace(ORGANIZATION, ""),
        SPEND_WIDER,
        [(*_USED, "user_1", 100, 700, 60, 40, 0, "", ""), (*_NOBODY, "", "", "", "", "", "", "C1", "")],
    ),
    "console cost of 2024": Sample(
        COST_NAME, COST_2024, [(*_MESSAGE, "output", "0.09"), (*_SEARCH, "--", "0.07")]
    ),
    "short console cost": Sample(
        COST_NAME,
        COST_SHORT,
        [(*_MESSAGE, "≤ 200k", "output", "0.09", "token"), (*_SEARCH, "--", "--", "0.07", "web_search")],
    ),
    "console cost of 2026": Sample(
        COST_NAME,
        COST_2026,
        [
            (*_MESSAGE, "≤ 200k", "output", "0.09", "token", "not_available", ""),
            (*_SEARCH, "--", "--", "0.07", "web_search", "--", "--"),
        ],
    ),
    "console cost": Sample(
        COST_NAME,
        COST,
        [
            (*_MESSAGE, "≤ 200k", "output", "0.09", "0.10", "token", "global", "standard", "key_1", "active"),
            (*_SEARCH, "--", "--", "0.07", "--", "web_search", "--", "--", "--", "--"),
        ],
    ),
    "seat prices": Sample(
        "seat_prices.csv",
        ("tier", "monthly_price", "currency", "from"),
        [("Standard", "25", "USD", ""), ("Premium", "150.00", "usd", "2026-11-01")],
    ),
    "canaries": Sample("canaries.csv", ("email",), [("ana@quux.example",), ("ben@quux.example",)]),
}
RANGED = [name for name, sample in SAMPLES.items() if "-to-" in sample.name or "_to_" in sample.name]

every = pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)


def kept(said: Dropped) -> list[object]:
    """What a file says, without what its outward form left in the notes."""
    return [getattr(said, field) for field in said.__struct_fields__ if field != "notes"]


def quoted(sample: Sample) -> bytes:
    """Every field in quotation marks, as the vendor writes members analytics."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([sample.header, *sample.rows])
    return out.getvalue().encode()


@every
def test_a_good_file_accounts_for_its_rows(sample: Sample) -> None:
    """Rows in are rows accepted, nothing is to be noted, and the name says whose it is."""
    said = dropped(sample.content, sample.name)
    assert (said.rows_in, said.rows_accepted, said.rows_rejected, said.notes) == (2, 2, 0, ())
    if isinstance(said, Export):
        assert said.organization == (ORGANIZATION if ORGANIZATION in sample.name else None)


@every
def test_the_outward_form_is_free(sample: Sample) -> None:
    """Byte order mark, line ends, quotation marks, UTF-16, semicolons and tabs: the same is said."""
    expected = kept(dropped(sample.content, sample.name))
    text = sample.content.decode()
    for content in (
        codecs.BOM_UTF8 + sample.content,
        sample.content.replace(b"\r\n", b"\n"),
        sample.content.replace(b"\r\n", b"\r"),
        sample.content.rstrip() + b"\r\n\r\n",
        quoted(sample),
        codecs.BOM_UTF8 + quoted(sample),
        text.encode("utf-16"),
        codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
        csv_of(*sample.rows, header=sample.header, delimiter=";"),
        csv_of(*sample.rows, header=sample.header, delimiter="\t"),
    ):
        assert kept(dropped(content, sample.name)) == expected


@laws(40)
@given(st.sampled_from(sorted(SAMPLES)), st.randoms(use_true_random=False), st.booleans())
def test_the_order_and_the_case_of_columns_are_free(name: str, chance: random.Random, further: bool) -> None:
    """Columns are found by their labels, and one more is passed over and noted."""
    sample = SAMPLES[name]
    places = list(range(len(sample.header)))
    chance.shuffle(places)
    header = [sample.header[place].swapcase() for place in places]
    rows = [[row[place] for place in places] for row in sample.rows]
    further = further and len(header) > 1
    if further:
        header, rows = [*header, "Office"], [[*row, "Berlin"] for row in rows]
    said = dropped(csv_of(*rows, header=header), sample.name)
    assert kept(said) == kept(dropped(sample.content, sample.name))
    assert said.notes == (("Further columns, passed over: Office.",) if further else ())


@every
def test_each_row_is_of_the_width_of_the_header(sample: Sample) -> None:
    """A row with a cell more or less may have all of its cells in the wrong columns."""
    report = finding(sample.content + b'"x","y"' + b',"z"' * len(sample.header), sample.name)
    assert (report.code, report.line) == ("extra-cell", 4)


@pytest.mark.parametrize("name", RANGED)
def test_a_range_is_said_by_the_name(name: str) -> None:
    """A file that does not say which days it is of proves nothing of any day; the report has such a name."""
    sample = SAMPLES[name]
    report = finding(sample.content, "2026-11-20/export.csv")
    assert (report.code, report.line, report.found) == ("constraint-error", None, None)
    assert "which days" in report.note
    assert report.action
    assert "to" in report.action
    backwards = finding(sample.content, "export-2026-11-15-to-2026-11-09.csv")
    assert (backwards.note, backwards.found) == (
        "the range in the file's name ends before it begins",
        "2026-11-15 to 2026-11-09",
    )


@every
@pytest.mark.parametrize("day", ["2026-11-21", "2027-01-01"])
def test_no_kind_comes_from_the_future(sample: Sample, day: str) -> None:
    """A moment is evidence for each kind as it is for a look."""
    report = finding(sample.content, f"{day}/{sample.name}")
    assert "lies in the future" in report.note
    said = dropped(sample.content, f"2026-11-20/{sample.name}")
    assert (said.evidence, said.explicit, said.date_only) == ("folder", True, True)


@every
def test_an_address_in_any_column_is_refused_and_not_repeated(sample: Sample) -> None:
    """What decides is the text and not the column: in a ragged row any cell may hold an address."""
    rows = [["zelda@quux.example"] * len(sample.header)] * 2
    findings = refused(csv_of(*rows, header=sample.header), sample.name).findings
    assert "zelda" not in str(findings)
