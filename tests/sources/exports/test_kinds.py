"""A file's kind is what its header says."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.sources.exports import KINDS, ConfigurationKind, ExportKind, Kind, MonthToDateKind, recognise
from shared.sources.exports.forms import Column
from tests.sources.exports.files import (
    ANALYTICS,
    ANALYTICS_WIDER,
    CONSOLE,
    COST,
    COST_2024,
    COST_2026,
    COST_SHORT,
    HEADER,
    MEMBERS,
    ROSTER,
    SPEND,
    SPEND_FAMILY,
    SPEND_WIDER,
    csv_of,
    finding,
    read,
)

FORMS: dict[tuple[str, ...], str] = {
    ("User", "Lines this Month"): "claude_code_team",
    ("User", "Lines this month", "PRs with CC"): "claude_code_team",
    ("Email", "Lines with CC", "PRs with CC"): "claude_code_contribution",
    ("Email", "PRs with CC", "All PRs", "Lines with CC", "All Lines"): "claude_code_contribution",
    CONSOLE: "console_team",
    ROSTER: "roster",
    ROSTER[:4]: "roster",
    ("alias", "email"): "aliases",
    ("key_name", "email"): "keys",
    ("date", "name"): "holidays",
    ("tier", "monthly_price", "currency", "from"): "seat_prices",
    ("tier", "monthly_price", "currency"): "seat_prices",
    ("email",): "canaries",
    MEMBERS: "members",
    **dict.fromkeys((ANALYTICS, ANALYTICS_WIDER), "members_analytics"),
    **dict.fromkeys((SPEND, SPEND_FAMILY, SPEND_WIDER), "spend_report"),
    **dict.fromkeys((COST_2024, COST_SHORT, COST_2026, COST), "console_cost"),
}
SPELLINGS = (str, str.upper, str.lower, str.title, lambda label: f"  {label.replace(' ', '  ')} ")


def name_of(kind: Kind | None) -> str | None:
    """The kind's name, if there is one."""
    return kind.name if kind else None


@given(st.sampled_from(sorted(FORMS)), st.data())
def test_a_header_is_recognised_in_any_order_and_case(header: tuple[str, ...], data: st.DataObject) -> None:
    """Labels match by name: order, case and spaces are free, and so is a further column."""
    labels = [data.draw(st.sampled_from(SPELLINGS))(label) for label in data.draw(st.permutations(header))]
    assert name_of(recognise(labels)) == FORMS[header]
    if len(header) > 1:
        assert name_of(recognise(["Note", *labels])) == FORMS[header]


@pytest.mark.parametrize("header", FORMS, ids="-".join)
def test_no_header_of_one_kind_explains_another_as_well(header: tuple[str, ...]) -> None:
    """Each form of each kind is explained best by that kind, and to the last column."""
    explained = {kind.name: kind.explains(header) for kind in KINDS}
    assert explained.pop(FORMS[header]) == len(header)
    assert max(explained.values()) < len(header)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.name))
def test_the_columns_that_a_kind_must_have_are_enough(kind: Kind) -> None:
    """Whatever else the vendor leaves out one day, what is needed is there."""
    assert recognise([column.label for column in kind.columns if not column.optional]) is kind


@pytest.mark.parametrize(
    "header",
    [
        ("User", "Lines this Month", "Spend this Month (EUR)"),
        ("User", "PRs with CC"),
        ("User", "Lines this Month", "Email", "Lines with CC", "PRs with CC", "PRs"),
        ("alias", "email", "key_name"),
        ("email", "Note"),
        ("e-mail",),
        ("Name", "Email", "Role", "Status"),
        SPEND[:-1],
        COST_2024[:-1],
        ("date", "name", "price", "city"),
        (),
    ],
)
def test_a_header_of_no_kind_or_of_two_is_not_guessed_at(header: tuple[str, ...]) -> None:
    """What is missing a column, or is as much one kind as another, or has only a name in common."""
    assert recognise(header) is None


def test_each_kind_says_whose_figures_it_brings() -> None:
    """The surface tells whose UUID a name carries, the population with whom the figures add up."""
    said = [
        (kind.name, kind.surface, kind.population, [column.gives for column in kind.columns if column.gives])
        for kind in KINDS
        if isinstance(kind, MonthToDateKind)
    ]
    assert said == [
        ("claude_code_team", "claude_ai", "subscription", ["linesAccepted", "pullRequests"]),
        ("claude_code_contribution", "claude_ai", "subscription", ["linesMerged", "pullRequestsMerged"]),
        ("console_team", "console", "api", ["linesAccepted", "meteredCost"]),
    ]
    others = [(kind.name, kind.surface, kind.population) for kind in KINDS
              if isinstance(kind, ExportKind) and not kind.month_to_date]  # fmt: skip
    assert others == [
        ("members_analytics", "claude_ai", "subscription"),
        ("members", "claude_ai", "subscription"),
        ("spend_report", "claude_ai", "subscription"),
        ("console_cost", "console", "api"),
    ]
    assert [kind.name for kind in KINDS if isinstance(kind, ConfigurationKind)] == [
        "roster",
        "aliases",
        "keys",
        "holidays",
        "seat_prices",
        "canaries",
    ]


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (("User", "Spend this Month (EUR)"), "User, Spend this Month (EUR)"),
        (("Name", "Zoe"), "Name, Zoe"),
        (("zoe@example.com", "12"), None),
        (("Zoe Smith", "12"), None),
        (("Grace Price", "12"), None),
        (("Product", "What it cost (EUR)"), "Product, What it cost (EUR)"),
        (("Who", "Total spend in dollars"), "Who, Total spend in dollars"),
        (("Zoe Smith", "Max"), None),
        (("claude_code_key_zoe_abcd", "x"), None),
    ],
)
def test_an_unknown_header_is_quoted_and_a_persons_row_is_not(
    header: Sequence[str], found: str | None
) -> None:
    """Who drops another file reads what its header was, unless the first line may be somebody's row."""
    report = finding(csv_of(header=header))
    assert (report.code, report.line, report.found) == ("missing-label", 1, found)
    assert ("not a header" in report.note) == (found is None)
    assert report.expected is not None
    assert "claude_code_team (User,Lines this Month[,PRs with CC])" in report.expected
    assert report.action


def test_further_columns_are_named_in_a_note() -> None:
    """Nothing is passed over in silence."""
    export = read(csv_of(("zoe@example.com", "7", "1"), header=("User", "Lines this month", "Seat")))
    assert export.notes == ("Further columns, passed over: Seat.",)


def test_a_new_kind_is_one_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the entry says is read, checked and kept; the kind that explains more columns is preferred."""
    columns = (*KINDS[0].columns, Column("Commits", "count", "commits"))
    further = MonthToDateKind(name="commits", surface="claude_ai", population="subscription", columns=columns)
    monkeypatch.setattr("shared.sources.exports.kinds.KINDS", (*KINDS, further))
    export = read(csv_of(("zoe@example.com", "7", "1,200"), header=(*HEADER, "commits")))
    assert (export.kind, export.measures, export.of("commits")) == (
        "commits",
        ("linesAccepted", "commits"),
        (1200,),
    )
