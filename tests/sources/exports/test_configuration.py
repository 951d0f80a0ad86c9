"""What an admin configures is read as strictly as what the vendor exports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from shared.sources.exports import Alias, Holiday, KeyOwner, RosterEntry
from tests.sources.exports.files import FRIDAY, ROSTER, configured, csv_of, finding, refused

ALIASES = ("alias", "email")
KEYS = ("key_name", "email")
HOLIDAYS = ("date", "name")


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


@pytest.mark.parametrize("header", [ROSTER, ALIASES, KEYS, HOLIDAYS])
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
