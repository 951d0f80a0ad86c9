"""What an admin configures is read as strictly as what the vendor exports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from shared.sources.exports import Alias, Canary, Holiday, KeyOwner, RosterEntry, SeatPrice
from tests.sources.exports.files import FRIDAY, ROSTER, configured, csv_of, finding, refused

ALIASES = ("alias", "email")
KEYS = ("key_name", "email")
HOLIDAYS = ("date", "name")
PRICES = ("tier", "monthly_price", "currency", "from")
CANARIES = "2026-11-20/canaries.csv"


def test_a_roster_says_who_counts_as_an_engineer_and_since_when() -> None:
    """Addresses are normalised, text is kept, and what is blank is not stated."""
    file = configured(
        csv_of(
            (" Zoe@Example.com ", " Zoe\u0301 ", "Platform", "2026-01-05", "2026-10-30"),
            ("max@example.com", "", "", "", ""),
            header=ROSTER,
        )
    )
    assert file.kind == "roster"
    assert file.entries == (
        RosterEntry("zoe@example.com", "Zo\u00e9", "Platform", date(2026, 1, 5), date(2026, 10, 30)),
        RosterEntry("max@example.com"),
    )
    assert (file.rows_in, file.rows_accepted, file.rows_rejected, file.notes) == (2, 2, 0, ())


def test_left_may_be_missing_and_columns_may_be_added() -> None:
    """The shortest roster has four columns."""
    file = configured(csv_of(("2026-01-05", "max@example.com", "M", "A", "Berlin"),
                             header=("Joined", "Email", "Name", "Team", "Office")))  # fmt: skip
    assert file.entries == (RosterEntry("max@example.com", "M", "A", date(2026, 1, 5)),)
    assert file.notes == ("Further columns, passed over: Office.",)


def test_aliases_keys_and_holidays() -> None:
    """The three small files; a key is spelled as the exports spell it, a day may have two names."""
    aliases = configured(csv_of(("Max@old.example.com", "max@example.com"), header=ALIASES))
    assert aliases.entries == (Alias("max@old.example.com", "max@example.com"),)
    keys = configured(csv_of((" claude_code_key_Max_abcd ", "max@example.com"), header=KEYS))
    assert keys.entries == (KeyOwner("claude_code_key_Max_abcd", "max@example.com"),)
    days = configured(csv_of(("2026-12-25", "Christmas"), ("2026-12-25", ""), header=HOLIDAYS))
    assert days.entries == (Holiday(date(2026, 12, 25), "Christmas"), Holiday(date(2026, 12, 25)))


@pytest.mark.parametrize("header", [ROSTER, ALIASES, KEYS, HOLIDAYS, PRICES])
def test_a_header_alone_says_nobody(header: Sequence[str]) -> None:
    """An empty list is an answer, and the only way to take back all of a former one."""
    assert configured(csv_of(header=header)).entries == ()


@pytest.mark.parametrize(
    ("name", "moment", "evidence"),
    [
        ("2026-11-03/roster.csv", datetime(2026, 11, 3, 12, tzinfo=UTC), "folder"),
        ("roster 2026-11-02.csv", datetime(2026, 11, 2, 12, tzinfo=UTC), "file name"),
        ("roster.csv", FRIDAY, "last modified"),
    ],
)
def test_it_holds_from_its_moment_on_whatever_the_day_of_the_month(
    name: str, moment: datetime, evidence: str
) -> None:
    """The order of evidence is that of a look; a month's first days are days like any other."""
    file = configured(csv_of(header=ROSTER), name)
    assert (file.moment, file.evidence, file.date_only) == (moment, evidence, evidence != "last modified")
    assert file.explicit == file.date_only
    assert "future" in finding(csv_of(header=ROSTER), "2026-12-01/roster.csv").note


@pytest.mark.parametrize(
    "cell", ["", "zoe", "zoe@", "@example.com", "zoe@@example.com", "a@b@c", "a b@c", "z\u200b@b.c"]
)
def test_an_address_has_one_at_sign(cell: str) -> None:
    """Who cannot be written to cannot be matched."""
    report = finding(csv_of((cell, "Zoe", "", "", ""), header=ROSTER))
    assert (report.code, report.line, report.column, report.found) == ("type-error", 2, "email", None)


@pytest.mark.parametrize(
    "cell", ["05.01.2026", "20260105", "2026-W02-1", "2026-02-30", "2026-1-5", "46027", "0001-01-01"]
)
def test_days_are_iso_and_nothing_else(cell: str) -> None:
    """5/1 is January or May: only one way of writing is read."""
    report = finding(csv_of(("zoe@example.com", "", "", cell), header=ROSTER[:4]))
    assert (report.code, report.line, report.column) == ("type-error", 2, "joined")
    assert report.expected == "a day as YYYY-MM-DD"
    assert finding(csv_of((cell, "x"), header=HOLIDAYS)).column == "date"


def test_a_holiday_has_a_day() -> None:
    """Only an entry that may leave a day open may leave it blank."""
    assert finding(csv_of(("", "Christmas"), header=HOLIDAYS)).code == "type-error"


def test_nobody_leaves_before_joining() -> None:
    """The last day on the roster may be the first one."""
    good = ("zoe@example.com", "", "", "2026-01-05", "2026-01-05")
    assert configured(csv_of(good, header=ROSTER)).rows_accepted == 1
    report = finding(csv_of(good, ("max@example.com", "", "", "2026-01-05", "2026-01-04"), header=ROSTER))
    assert (report.line, report.column, report.expected) == (3, "left", "2026-01-05 or a later day")


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        (ROSTER[:4], [("Zoe@example.com", "a", "", ""), ("zoe@example.com ", "b", "", "")]),
        (ALIASES, [("z@example.com", "zoe@example.com"), ("Z@example.com", "max@example.com")]),
        (KEYS, [("ci", "zoe@example.com"), (" ci", "max@example.com")]),
    ],
)
def test_who_is_said_twice_is_refused(header: Sequence[str], rows: list[Sequence[str]]) -> None:
    """Two rows of one person would leave it to chance which of them holds."""
    report = finding(csv_of(*rows, header=header))
    assert (report.code, report.line, report.column) == ("constraint-error", 3, header[0])
    assert "line 2" in report.note


def test_an_alias_points_to_the_address_in_use() -> None:
    """Chains, circles and aliases of themselves are refused, each line named."""
    rows = [
        ("a@example.com", "b@example.com"),
        ("b@example.com", "c@example.com"),
        ("d@example.com", "d@example.com"),
    ]
    errors = refused(csv_of(*rows, header=ALIASES)).findings
    assert [(error.line, error.column) for error in errors] == [(2, "email"), (4, "email")]
    assert "on line 3" in errors[0].note
    assert "itself" in errors[1].note


def test_text_that_looks_like_a_formula_is_kept_and_noted() -> None:
    """It is data here; who opens it in a spreadsheet is warned, by line."""
    rows = [(f"p{n}@example.com", "=1+1" if n % 2 else "Zoe", "@team", "") for n in range(12)]
    file = configured(csv_of(*rows, header=ROSTER[:4]))
    first = file.entries[1]
    assert isinstance(first, RosterEntry)
    assert (first.name, first.team) == ("=1+1", "@team")
    (note,) = file.notes
    assert note.startswith("Text that a spreadsheet would run as a formula, kept as it stands: lines 2, 3, 4")
    assert note.endswith("11 and 2 more.")


def test_damaged_text_is_refused_and_not_repeated() -> None:
    """A lost character is lost: the file must be saved again as UTF-8."""
    errors = refused(csv_of(("zoe@example.com", "Zo\ufffd", "a\nb", ""), header=ROSTER[:4])).findings
    assert [(error.code, error.column, error.found) for error in errors] == [
        ("constraint-error", "name", None),
        ("constraint-error", "team", None),
    ]


# --- seat prices -------------------------------------------------------------------------------


def test_a_seat_has_a_price_from_a_day_on() -> None:
    """Without a day, or without the column, it is from the beginning."""
    file = configured(
        csv_of(
            (" Standard ", "25", "usd", ""),
            ("Standard", "30.00", "USD", "2026-11-01"),
            ("Unassigned", "0", " USD", ""),
            header=PRICES,
        )
    )
    assert file.kind == "seat_prices"
    assert file.entries == (
        SeatPrice("Standard", Decimal(25), "USD"),
        SeatPrice("Standard", Decimal("30.00"), "USD", date(2026, 11, 1)),
        SeatPrice("Unassigned", Decimal(0), "USD"),
    )
    short = configured(csv_of(("USD", "Premium", "149.5"), header=("Currency", "Tier", "Monthly_Price")))
    assert short.entries == (SeatPrice("Premium", Decimal("149.5"), "USD"),)


@pytest.mark.parametrize(
    "cell", ["", "-5", "1,000", "30,00", "$30", "30 USD", "1e3", ".5", "5.", "NaN", "٣", "free", "9" * 12]
)
def test_a_price_is_written_in_one_way(cell: str) -> None:
    """A few prices cannot show a locale as a whole column does: 1,000 may be one."""
    report = finding(csv_of(("Standard", cell, "USD", ""), header=PRICES))
    assert (report.code, report.line, report.column) == ("type-error", 2, "monthly_price")
    assert report.expected == "a number such as 30 or 149.50"
    assert report.action == "correct the line and drop the file again"


@pytest.mark.parametrize("cell", ["", "US", "US$", "€", "Euro", "zoe@example.com"])
def test_a_currency_is_a_code_of_three_letters(cell: str) -> None:
    """What it is called otherwise is not repeated: it may be anything."""
    report = finding(csv_of(("Standard", "30", cell, ""), header=PRICES))
    assert (report.code, report.column, report.found) == ("type-error", "currency", None)


def test_all_prices_are_in_the_vendors_currency() -> None:
    """Dollars and euros are never added: every line of another currency is named."""
    rows = [("Standard", "30", "USD", ""), ("Premium", "149", "EUR", ""), ("Max", "9", "EUR", "")]
    errors = refused(csv_of(*rows, header=PRICES)).findings
    assert [(error.line, error.column, error.found, error.expected) for error in errors] == [
        (3, "currency", "EUR", "USD"),
        (4, "currency", "EUR", "USD"),
    ]
    assert all(error.action for error in errors)


@pytest.mark.parametrize("day", ["", "2026-11-01"])
def test_a_tier_has_one_price_from_one_day_on(day: str) -> None:
    """The same tier in another case is the same tier; another day is another price."""
    rows = [
        ("Standard", "30", "USD", day),
        ("standard ", "31", "USD", day),
        ("Standard", "32", "USD", "2026-12-01"),
    ]
    report = finding(csv_of(*rows, header=PRICES))
    assert (report.code, report.line, report.column) == ("constraint-error", 3, "tier")
    assert "line 2" in report.note
    assert report.found == f"from {day or 'the beginning'}"


def test_a_price_is_some_tiers() -> None:
    """Nobody holds a seat without a tier."""
    assert finding(csv_of((" ", "30", "USD", ""), header=PRICES)).column == "tier"


# --- canaries ----------------------------------------------------------------------------------


def test_canaries_are_addresses_each_once() -> None:
    """Engineers who are known to be at work."""
    file = configured(csv_of((" Zoe@Example.com",), ("max@example.com",), header=("Email",)), CANARIES)
    assert (file.kind, file.entries) == ("canaries", (Canary("zoe@example.com"), Canary("max@example.com")))
    report = finding(csv_of(("zoe@example.com",), ("ZOE@example.com",), header=("email",)), CANARIES)
    assert (report.line, report.column) == (3, "email")
    assert finding(csv_of(("zoe",), header=("email",)), CANARIES).code == "type-error"
    assert configured(csv_of(header=("email",)), CANARIES).entries == ()


@pytest.mark.parametrize("name", ["people.csv", "roster.csv", "2026-11-20/export.csv"])
def test_a_list_of_addresses_is_the_canaries_only_where_its_name_says_so(name: str) -> None:
    """A header of one column tells too little: a mailing list or half a roster must not become canaries."""
    report = finding(csv_of(("zoe@example.com",), header=("email",)), name)
    assert (report.code, report.line, report.found) == ("missing-label", 1, None)
    assert report.action == "name it canaries.csv if that is what it is"
    for good in ("Canaries.csv", "2026-11-20/canary 1.csv", "canaries/2026.csv"):
        assert configured(csv_of(("zoe@example.com",), header=("email",)), good).kind == "canaries"
