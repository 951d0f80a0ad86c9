"""The members file says who holds a seat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from shared.sources.exports import Member, Members
from tests.sources.exports.files import MEMBERS, ORGANIZATION, csv_of, finding, read_as, refused

NAME = f"members-{ORGANIZATION}-2026-11-18.csv"


def members(*rows: Sequence[str], name: str = NAME) -> Members:
    """What a file of these rows says."""
    return read_as(Members, csv_of(*rows, header=MEMBERS), name)


def test_a_member_has_an_address_and_what_the_vendor_calls_the_rest() -> None:
    """Addresses are normalised; a name may be missing, or hold what no admin could mend."""
    said = members(
        ("Zoe\u0301  von\u00a0A", " Zoe@Quux.example ", "Primary Owner", "Active", "Premium"),
        ("\U0001f469\u200d\U0001f4bb Max", "max@quux.example", "User", "Active", "Standard"),
        ("", "=new@quux.example", "", "Pending", ""),
    )
    assert (said.kind, said.surface, said.population) == ("members", "claude_ai", "subscription")
    assert said.organization == ORGANIZATION
    assert said.members == (
        Member("zoe@quux.example", "Zo\u00e9 von A", "Primary Owner", "Active", "Premium"),
        Member("max@quux.example", "\U0001f469\u200d\U0001f4bb Max", "User", "Active", "Standard"),
        Member("=new@quux.example", "", "", "Pending", ""),
    )


def test_the_day_in_the_name_is_that_of_the_download() -> None:
    """It is no range: the strongest evidence after metadata and folder."""
    said = members(("Zoe", "zoe@quux.example", "User", "Active", "Standard"))
    assert (said.moment, said.evidence) == (datetime(2026, 11, 18, 12, tzinfo=UTC), "file name")


@pytest.mark.parametrize(
    ("status", "tier", "holds"),
    [
        ("Active", "Standard", True),
        ("active", "premium", True),
        ("ACTIVE", "Max 5x", True),
        ("Active", "Unassigned", False),
        ("Active", "", False),
        ("Inactive", "Premium", False),
        ("Pending", "Standard", False),
        ("Suspended", "Standard", True),
        ("Suspended", "Unassigned", False),
    ],
)
def test_who_holds_a_seat(status: str, tier: str, holds: bool) -> None:
    """Pending, Inactive and Unassigned do not; a word that is not known takes nobody's seat away."""
    assert Member("zoe@quux.example", "Zoe", "User", status, tier).holds_seat is holds


def test_a_new_status_among_known_ones_is_kept_and_noted() -> None:
    """The vendor's words are an open set, and no admin can correct them: the lines are named."""
    rows = [(f"P{n}", f"p{n}@quux.example", "User", "Suspended", "Standard") for n in range(12)]
    said = members(("Zoe", "zoe@quux.example", "User", "Active", "Standard"), *rows)
    assert said.members[1].status == "Suspended"
    assert said.notes == (
        "Status is neither Active nor Inactive nor Pending, taken for one that holds a seat: "
        "lines 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 2 more.",
    )


def test_a_file_without_any_known_status_is_of_another_language() -> None:
    """A guess would count everybody in, the inactive and the invited as well."""
    report = finding(csv_of(("Zoe", "zoe@quux.example", "User", "Aktiv", "Standard"), header=MEMBERS), NAME)
    assert (report.code, report.line, report.column, report.found) == ("constraint-error", 2, "Status", None)
    assert (report.expected, report.action) == ("Active, Inactive or Pending", "export in English")


def test_a_member_is_listed_once() -> None:
    """Which of two rows holds is not known."""
    rows = [
        ("Zoe", "zoe@quux.example", "User", "Active", "Standard"),
        ("Zoe", "ZOE@quux.example ", "User", "Active", "Premium"),
    ]
    report = finding(csv_of(*rows, header=MEMBERS), NAME)
    assert (report.code, report.line, report.column) == ("constraint-error", 3, "Email")
    assert "line 2" in report.note


@pytest.mark.parametrize("cell", ["", "zoe", "claude_code_key_zoe", "a@b@c", "z\u200boe@quux.example"])
def test_a_member_without_an_address_is_refused(cell: str) -> None:
    """Nobody could be matched with the row, and its seat would be lost in silence."""
    report = finding(csv_of(("Zoe", cell, "User", "Active", "Standard"), header=MEMBERS), NAME)
    assert (report.code, report.line, report.column, report.found) == ("type-error", 2, "Email", None)
    assert report.action


def test_a_character_that_was_lost_is_refused() -> None:
    """The file went through another encoding, and whose name it was is not known any more."""
    report = finding(csv_of(("Zo\ufffd", "z@quux.example", "User", "Active", "x"), header=MEMBERS), NAME)
    assert (report.code, report.line, report.column, report.found) == ("constraint-error", 2, "Name", None)


def test_a_list_of_nobody_is_refused() -> None:
    """Whoever exported it is a member."""
    assert finding(csv_of(header=MEMBERS), NAME).note == "the file lists no member"


def test_everything_that_is_wrong_is_said_at_once() -> None:
    """One report for the whole file, the name included."""
    rows = [("Zoe", "", "User", "Active", "x"), ("Max", "max", "User", "Active", "x")]
    findings = refused(csv_of(*rows, header=MEMBERS), "members-2026-02-30.csv").findings
    assert [(one.line, one.column) for one in findings] == [(None, None), (2, "Email"), (3, "Email")]
