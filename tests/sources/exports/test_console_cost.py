"""Console cost says what each key cost on each day, whatever the number of its rows."""

from __future__ import annotations

import tracemalloc
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.records import Actor
from shared.sources.exports import ConsoleCost, KeyCost, Span
from tests.adoption.looking import laws
from tests.sources.exports.files import COST, COST_2026, csv_of, finding, read_as, refused

NAME = "claude_api_cost_2026_11_01_to_2026_11_30.csv"
ZOES = "claude_code_key_zoe_abcd"


def row(
    day: str = "2026-11-03", workspace: str = "Claude Code", key: str = ZOES, cost: object = "0.10"
) -> Sequence[object]:
    """A row of 2026's form, as it was seen."""
    return (day, "Claude Haiku 4.5", workspace, key, "message", "≤ 200k", "output", cost, "token",
            "not_available", "")  # fmt: skip


def file(*rows: Sequence[object]) -> bytes:
    """A file of these rows."""
    return csv_of(*rows, header=COST_2026)


def cost(*rows: Sequence[object], name: str = NAME) -> ConsoleCost:
    """What a file of these rows says."""
    return read_as(ConsoleCost, file(*rows), name)


def test_a_day_and_a_key_have_one_cost() -> None:
    """Rows of one day, workspace and key are added, the same row twice included."""
    said = cost(
        row("2026-11-04", cost="1,000.50"),
        row(cost="0.10"),
        row(cost="0.10"),
        row(key=f" {ZOES} ", cost="-0.01"),
        row(workspace="Default", key="chat-key", cost="2.00"),
    )
    assert (said.kind, said.surface, said.population) == ("console_cost", "console", "api")
    assert (said.span, said.organization) == (Span(date(2026, 11, 1), date(2026, 11, 30)), None)
    assert said.costs == (
        KeyCost(date(2026, 11, 3), "Claude Code", Actor("key", ZOES), Decimal("0.19")),
        KeyCost(date(2026, 11, 3), "Default", Actor("key", "chat-key"), Decimal("2.00")),
        KeyCost(date(2026, 11, 4), "Claude Code", Actor("key", ZOES), Decimal("1000.50")),
    )
    assert (said.rows_in, said.rows_accepted, said.total) == (5, 5, Decimal("1002.69"))


def test_more_keys_than_can_be_given_ids_are_refused() -> None:
    """A key counts once, however many days it is at work; other programs' keys get no ids."""
    rows = [
        row(),
        row("2026-11-04"),
        row(key="claude_code_key_ana_abcd"),
        row(workspace="Default", key="chat"),
    ]
    assert len(read_as(ConsoleCost, file(*rows), NAME, most_people=2).costs) == 4
    one = finding(file(*rows, row(key="claude_code_key_ben_abcd")), NAME, most_people=2)
    assert (one.code, one.note) == ("source-error", "the file tells of more than 2 keys of Claude Code")


@pytest.mark.parametrize(
    ("workspace", "key", "claude_codes"),
    [
        ("Claude Code", ZOES, True),
        ("claude code", "--", True),
        ("Default", ZOES, True),
        ("Default", "Claude_Code_Key_x_abcd", True),
        ("Default", "chat-key", False),
        ("Claude Code Review", "chat-key", False),
        ("--", "", False),
    ],
)
def test_what_is_claude_codes(workspace: str, key: str, claude_codes: bool) -> None:
    """Its own workspace, or a key that it made; anything else is another program's."""
    (one,) = cost(row(workspace=workspace, key=key)).costs
    assert one.is_claude_codes is claude_codes


@pytest.mark.parametrize("cell", ["--", "", "-", " -- "])
def test_a_row_may_name_no_key(cell: str) -> None:
    """It is in the total, and nobody's."""
    (one,) = cost(row(key=cell), row(key="--")).costs
    assert (one.key, one.cost) == (None, Decimal("0.20"))


def test_a_damaged_key_is_refused() -> None:
    """An invisible difference would make two keys of one; what stands there is not repeated."""
    report = finding(file(row(), row(key="claude_code_key_\u200bzoe_abcd")), NAME)
    assert (report.code, report.line, report.column, report.found) == ("constraint-error", 3, "api_key", None)


def test_a_key_that_looks_like_an_address_is_a_key_all_the_same() -> None:
    """Whoever named it so is not proven to have used it."""
    (one,) = cost(row(key="zoe@quux.example")).costs
    assert one.key == Actor("key", "zoe@quux.example")


def test_a_range_holds_all_of_its_rows() -> None:
    """A row of another day is another file's: the first and the last day are in it."""
    assert len(cost(row("2026-11-01"), row("2026-11-20")).costs) == 2
    report = finding(file(row("2026-11-01"), row("2026-10-31")), NAME)
    assert (report.code, report.line, report.column) == ("constraint-error", 3, "usage_date_utc")
    assert (report.found, report.expected) == ("2026-10-31", "a day from 2026-11-01 to 2026-11-30")


def test_a_month_may_go_on_and_its_rows_may_not() -> None:
    """The range may be the running month's; no row can be later than the download."""
    assert cost(row("2026-11-05"), name=f"2026-11-05/{NAME}").span.last == date(2026, 11, 30)
    report = finding(file(row("2026-11-05")), f"2026-11-04/{NAME}")
    assert (report.found, report.expected) == ("2026-11-05", "a day up to 2026-11-04")
    early = finding(file(), f"2026-10-31/{NAME}")
    assert "begins after the moment" in early.note


@pytest.mark.parametrize("day", ["", "--", "11/03/2026", "2026-11-31", "03.11.2026", "46329"])
def test_a_day_is_iso_in_every_row(day: str) -> None:
    """Each row is named, however often a spreadsheet rewrote the same day."""
    findings = refused(file(row(), row(day), row(day)), NAME).findings
    assert [(one.code, one.line, one.column) for one in findings] == [
        ("type-error", 3, "usage_date_utc"),
        ("type-error", 4, "usage_date_utc"),
    ]
    assert all(one.action and "spreadsheet" in one.action for one in findings)


def test_costs_are_of_one_locale_however_late_a_line_tells() -> None:
    """Amounts wait, batch by batch, for the line that decides; without one they are refused."""
    doubtful = [row(cost="1,234")] * 3000
    assert cost(*doubtful, row(cost="0.5")).total == 3000 * 1234 + Decimal("0.5")
    assert cost(*doubtful, row(cost="0,5")).total == 3000 * Decimal("1.234") + Decimal("0.5")
    report = finding(file(*doubtful), NAME)
    assert (report.line, report.column) == (2, "cost_usd")
    assert "before thousands or before decimals" in report.note
    assert finding(file(row(cost="0.5"), *doubtful, row(cost="0,5")), NAME).line == 3003
    assert finding(file(row(cost="1 000.50"), *doubtful, row(cost="1 000.50")), NAME).line == 3


@pytest.mark.parametrize("cell", ["", "--", "x", "€5"])
def test_a_cost_is_in_every_row(cell: str) -> None:
    """Blank is not zero, in whichever batch it stands."""
    for before in (1, 2000):
        report = finding(file(*[row()] * before, row(cost=cell), row()), NAME)
        assert (report.line, report.column) == (before + 2, "cost_usd")


def test_the_list_price_is_checked_and_may_be_missing() -> None:
    """It is what the cost would be without a discount: no cost."""
    narrow = dict(zip(COST_2026, row(), strict=True))
    wide = [[{**narrow, "list_price_usd": price}.get(label, "x") for label in COST]
            for price in ("0.20", "--", "")]  # fmt: skip
    said = read_as(ConsoleCost, csv_of(*wide, header=COST), NAME)
    assert said.total == Decimal("0.30")
    wide[1][COST.index("list_price_usd")] = "x"
    assert finding(csv_of(*wide, header=COST), NAME).column == "list_price_usd"


def test_a_header_alone_is_a_range_that_cost_nothing() -> None:
    """As far as the vendor knows; whether that can be is for others to say."""
    assert not cost().costs
    assert cost().total == 0


def test_memory_does_not_grow_with_the_rows() -> None:
    """A year of a busy organisation is summed in the room of its days and keys."""

    def peak(rows: int) -> int:
        content = file(*[row(), row(cost="12.34")] * (rows // 2))
        tracemalloc.start()
        try:
            assert read_as(ConsoleCost, content, NAME).rows_accepted == rows
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(3_000)  # what is made once is made
    assert peak(15_000) < 1.2 * peak(3_000)


days = st.sampled_from(["2026-11-01", "2026-11-02", "2026-11-20"])
keys = st.sampled_from([ZOES, "chat-key", "--"])
workspaces = st.sampled_from(["Claude Code", "Default"])
some = st.lists(st.tuples(days, workspaces, keys, st.decimals(-1, 10**6, places=2)), max_size=30)


@laws(60)
@given(some, st.data())
def test_all_rows_add_up_in_any_order(
    found: list[tuple[str, str, str, Decimal]], data: st.DataObject
) -> None:
    """Each day, workspace and key once; their sum is that of all rows; twice the rows cost twice as much."""
    rows = [row(*one[:3], cost=f"{one[3]:,f}") for one in found]
    said = cost(*data.draw(st.permutations(rows)))
    assert said == cost(*rows)
    assert said.rows_in == said.rows_accepted == len(rows)
    assert said.total == sum((one[3] for one in found), Decimal(0))
    assert len(said.costs) == len({one[:3] for one in found})
    assert cost(*rows, *rows).total == 2 * said.total
