"""A spend report says who used Claude Code in its range, and what everything cost beyond the seats."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.sources.exports import Span, Spend, SpendReport, UserSpend
from tests.adoption.looking import laws
from tests.sources.exports.files import (
    ORGANIZATION,
    SPEND,
    SPEND_WIDER,
    csv_of,
    finding,
    read_as,
    refused,
)

NAME = f"spend-report-{ORGANIZATION}-2026-11-09-to-2026-11-15.csv"


def row(
    user: str = "zoe@quux.example",
    product: str = "Claude Code",
    *,
    requests: object = 1,
    tokens: tuple[object, object] = (90, 10),
    net: object = "0.00",
    gross: object = "0.00",
) -> Sequence[object]:
    """A row of the oldest form; tokens are the prompt's and the completion's."""
    return (user, "0b6c", product, "claude-opus-5", requests, *tokens, net, gross)


def file(*rows: Sequence[object]) -> bytes:
    """A file of these rows."""
    return csv_of(*rows, header=SPEND)


def report(*rows: Sequence[object], name: str = NAME) -> SpendReport:
    """What a file of these rows says."""
    return read_as(SpendReport, file(*rows), name)


def test_a_users_rows_of_claude_code_are_summed() -> None:
    """Several models make one user; the product is the vendor's in any case and spacing."""
    said = report(
        row("Zoe@quux.example", requests="1,200", tokens=("1,100,000", 20), net="0.50", gross="1,000.50"),
        row(" zoe@quux.example", " claude  CODE ", requests=3, tokens=(5, 6), net="0.25", gross="2.00"),
        row("ana@quux.example", tokens=(1, 0)),
    )
    assert (said.kind, said.surface, said.population) == ("spend_report", "claude_ai", "subscription")
    assert said.span == Span(date(2026, 11, 9), date(2026, 11, 15))
    assert said.users == (
        UserSpend("ana@quux.example", Spend(1, 1, Decimal("0.00"), Decimal("0.00"))),
        UserSpend("zoe@quux.example", Spend(1203, 1_100_031, Decimal("0.75"), Decimal("1002.50"))),
    )
    assert (said.unattributed, said.other_products) == (Spend(), Spend())


def test_0_usd_with_tokens_is_use() -> None:
    """On a Team plan the seat pays: worked example 9."""
    (zoe,) = report(row(tokens=("1,200,000", 0))).users
    assert zoe.spend == Spend(1, 1_200_000, Decimal(0), Decimal(0))


def test_who_used_other_products_only_is_no_user_of_claude_code() -> None:
    """Everything else is one sum, so that all rows add up to the total."""
    said = report(
        row(net="1.00", gross="2.00"),
        row("ana@quux.example", "Chat", net="3.00", gross="4.00"),
        row("zoe@quux.example", "Claude Code Review", net="5.00", gross="6.00"),
        row("ana@quux.example", "", net="7.00", gross="8.00"),
    )
    assert [user.address for user in said.users] == ["zoe@quux.example"]
    assert said.other_products == Spend(3, 300, Decimal(15), Decimal(18))
    assert said.total == Spend(4, 400, Decimal(16), Decimal(20))


@pytest.mark.parametrize("nobody", ["(org service usage)", "(org service)", "(other)", " (Other) "])
def test_what_the_vendor_puts_in_parentheses_is_nobody(nobody: str) -> None:
    """It is in the total and unattributed, and no person."""
    said = report(row(nobody, net="1.00"), row(nobody, "Code Review", net="2.00"), row())
    assert [user.address for user in said.users] == ["zoe@quux.example"]
    assert said.unattributed == Spend(1, 100, Decimal(1), Decimal(0))
    assert said.other_products.net == 2


@pytest.mark.parametrize("user", ["", "Total", "Zoe", "claude_code_key_zoe", "()@"])
def test_any_other_text_in_the_place_of_an_address_is_refused(user: str) -> None:
    """A total row that a spreadsheet added would count everything twice."""
    one = finding(file(row(), row(user)), NAME)
    assert (one.code, one.line, one.column, one.found) == ("type-error", 3, "user_email", None)
    assert one.action


def test_what_caches_hold_is_part_of_the_prompt() -> None:
    """Tokens of caches are checked and never added: prompt tokens are the whole input side."""
    wide = (*row(tokens=(900, 100)), "user_1", 100, 700, 60, 40, 2, "", "")
    said = read_as(SpendReport, csv_of(wide, header=SPEND_WIDER), NAME)
    assert said.total.tokens == 1000
    broken = (*row(), "user_1", 100, "7.5", 60, 40, 2, "", "")
    assert finding(csv_of(wide, broken, header=SPEND_WIDER), NAME).column == "total_cache_read_tokens"


def test_rows_that_differ_by_channel_or_in_nothing_are_added() -> None:
    """The vendor splits one user, product and model by Slack or Teams channel."""
    rows = [(*row(), "user_1", 90, 0, 0, 0, 0, channel, "") for channel in ("C1", "C2", "C2")]
    (zoe,) = read_as(SpendReport, csv_of(*rows, header=SPEND_WIDER), NAME).users
    assert zoe.spend.requests == 3


def test_corrections_may_be_negative_and_counts_may_not() -> None:
    """A tiny negative spend is the vendor's rounding; a negative count is no count."""
    assert report(row(net="-0.000001", gross="0.01")).total.net == Decimal("-0.000001")
    assert finding(file(row(requests=-1)), NAME).column == "total_requests"


@pytest.mark.parametrize("cell", ["1.2E+06", "1200000.0", "1,2,3"])
def test_a_count_that_a_spreadsheet_rewrote_is_refused(cell: str) -> None:
    """Digits that it rounded away are gone: the report says to export again."""
    one = finding(file(row(), row(tokens=(cell, 0))), NAME)
    assert (one.code, one.line, one.column) == ("type-error", 3, "total_prompt_tokens")
    assert one.action
    assert "without opening it in a spreadsheet" in one.action


def test_numbers_are_of_one_locale() -> None:
    """1,234 and 1.234 are read by what the column shows elsewhere, or not at all."""
    said = report(row(net="1.234", gross="1.000,50"), row(net="0,5", gross="2,00"))
    assert said.total == Spend(2, 200, Decimal("1234.5"), Decimal("1002.50"))
    one = finding(file(row(net="1.234")), NAME)
    assert (one.column, one.line) == ("total_net_spend_usd", 2)


@pytest.mark.parametrize("label", SPEND[4:])
def test_a_blank_is_not_zero(label: str) -> None:
    """What counts must be there in each row; what merely splits it may be blank."""
    blank = ["" if column == label else value for column, value in zip(SPEND, row(), strict=True)]
    one = finding(file(row(), blank), NAME)
    assert (one.line, one.column, one.found) == (3, label, "nothing")


def test_a_header_alone_is_a_range_in_which_nobody_used_anything() -> None:
    """Whether that can be is for whoever compares it with other files to say."""
    said = report()
    assert (said.rows_in, said.users, said.total) == (0, (), Spend())


def test_more_users_than_can_be_given_ids_are_refused() -> None:
    """Who used other products only gets none, nor does nobody in particular."""
    rows = [row("zoe@quux.example"), row("ana@quux.example"), row("ben@quux.example", "Chat"), row("(other)")]
    assert len(read_as(SpendReport, file(*rows), NAME, most_people=2).users) == 2
    one = finding(file(*rows, row("ben@quux.example")), NAME, most_people=2)
    assert (one.code, one.note) == ("source-error", "the file tells of more than 2 users of Claude Code")


def test_a_report_of_days_to_come_is_refused() -> None:
    """It could not be exact for its range; the day of the download itself is told in part."""
    assert report(row(), name=f"2026-11-15/{NAME}").span.last == date(2026, 11, 15)
    one = finding(file(row()), f"2026-11-14/{NAME}")
    assert "ends after the moment" in one.note
    assert one.action
    assert "a range that has ended" in one.action
    many = report(row(), name="spend-report--2026-08-15-to-2026-11-12 (1).csv")
    assert (many.span.first, many.organization) == (date(2026, 8, 15), None)


users = st.sampled_from(["zoe@quux.example", "ana@quux.example", "ben@quux.example", "(other)"])
products = st.sampled_from(["Claude Code", "claude code", "Chat", "Cowork"])
counts = st.integers(0, 10**9)
money = st.decimals(-1, 10**5, places=6)
some = st.lists(st.tuples(users, products, counts, counts, counts, money, money), max_size=25)


@laws(60)
@given(some, st.data())
def test_all_rows_add_up_in_any_order(
    found: list[tuple[str, str, int, int, int, Decimal, Decimal]], data: st.DataObject
) -> None:
    """The parts are the total, each user's sum is that of the user's rows, and order does not matter."""
    rows = [
        row(user, product, requests=calls, tokens=(prompt, completion), net=f"{net:f}", gross=f"{gross:f}")
        for user, product, calls, prompt, completion, net, gross in found
    ]
    said = report(*data.draw(st.permutations(rows)))
    assert said == report(*rows)
    assert said.rows_in == said.rows_accepted == len(rows)
    assert said.total == Spend(
        sum(one[2] for one in found),
        sum(one[3] + one[4] for one in found),
        sum((one[5] for one in found), Decimal(0)),
        sum((one[6] for one in found), Decimal(0)),
    )
    for user in said.users:
        mine = [one for one in found if one[0] == user.address and one[1].casefold() == "claude code"]
        assert user.spend.tokens == sum(one[3] + one[4] for one in mine)
    assert {user.address for user in said.users} == {
        one[0] for one in found if "@" in one[0] and one[1].casefold() == "claude code"
    }


def test_everything_that_is_wrong_is_said_at_once() -> None:
    """One report for the name, the users and the numbers."""
    found = refused(file(row("zoe"), row(requests="x"), row(gross="€5")), "spend.csv").findings
    assert [(one.line, one.column) for one in found] == [
        (None, None),
        (2, "user_email"),
        (3, "total_requests"),
        (4, "total_gross_spend_usd"),
    ]
