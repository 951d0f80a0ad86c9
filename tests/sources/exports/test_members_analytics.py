"""Members analytics proves presence and absence in its own window, and says nothing of what comes after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.sources.exports import MemberActivity, MembersAnalytics, Span
from tests.adoption.looking import laws
from tests.sources.exports.files import (
    ANALYTICS,
    FRIDAY,
    ORGANIZATION,
    csv_of,
    finding,
    people,
    read_as,
    refused,
)

NAME = f"members-analytics-{ORGANIZATION}-2026-10-22-to-2026-11-20.csv"


def row(
    address: str = "zoe@quux.example",
    *,
    last: str = "2026-11-19",
    days: object = 3,
    sessions: object = 7,
    spend: str = "0.00",
    further: object = 0,
) -> Sequence[object]:
    """A member's row; ``further`` is what stands in all columns that nothing here needs."""
    values = {"Name": "Zoe", "Email": address, "Role": "User", "Seat Tier": "Standard", "Last Active": last,
              "Days Active": days, "Code sessions": sessions, "Estimated Spend (USD)": spend}  # fmt: skip
    return [values.get(label, further) for label in ANALYTICS]


def file(*rows: Sequence[object]) -> bytes:
    """A file of these rows."""
    return csv_of(*rows, header=ANALYTICS)


def analytics(*rows: Sequence[object], name: str = NAME) -> MembersAnalytics:
    """What a file of these rows says."""
    return read_as(MembersAnalytics, file(*rows), name)


def test_each_member_has_a_row_the_inactive_included() -> None:
    """An empty day is no day; numbers are the locale's; what is of other products is not kept."""
    said = analytics(
        row("Zoe@quux.example", days="12", sessions="1.234", spend="1.234,50"),
        row("max@quux.example", last="", days=0, sessions=0, spend="0,00"),
    )
    assert (said.kind, said.surface, said.population) == ("members_analytics", "claude_ai", "subscription")
    assert said.members == (
        MemberActivity(
            "zoe@quux.example", "Zoe", "User", "Standard", date(2026, 11, 19), 12, 1234, Decimal("1234.50")
        ),
        MemberActivity("max@quux.example", "Zoe", "User", "Standard", None, 0, 0, Decimal("0.00")),
    )


@pytest.mark.parametrize(("tier", "holds"), [("Premium", True), ("unassigned", False), ("", False)])
def test_who_holds_a_seat(tier: str, holds: bool) -> None:
    """An assigned tier; this export has no status."""
    (zoe,) = analytics([tier if value == "Standard" else value for value in row()]).members
    assert zoe.holds_seat is holds


def test_the_window_is_the_names_and_its_end_is_no_moment() -> None:
    """Whoever drops it without a folder says no moment, and the window ends where it ends."""
    said = analytics(row(last="2026-11-01"), name=NAME.replace("11-20", "11-13"))
    assert said.window == Span(date(2026, 10, 22), date(2026, 11, 13))
    assert (said.window.start, said.window.end) == (
        datetime(2026, 10, 22, tzinfo=UTC),
        datetime(2026, 11, 14, tzinfo=UTC),
    )
    assert (said.moment, said.evidence, said.explicit) == (FRIDAY, "last modified", False)
    assert analytics(row(), name=f"2026-11-20/{NAME}").explicit


def test_a_window_that_ends_after_the_moment_is_refused() -> None:
    """The folder or the name is another file's; the day of the download itself is told in part."""
    assert analytics(row(last=""), name=f"2026-11-20/{NAME}").window.last == date(2026, 11, 20)
    report = finding(file(row(last="")), f"2026-11-19/{NAME}")
    assert report.found == "2026-11-19 for 2026-10-22 to 2026-11-20"
    assert report.expected == "a moment from 2026-11-20 on"
    assert "ends after the moment" in report.note
    west = ZoneInfo("America/Los_Angeles")  # where 19 November ends on the 20th
    assert read_as(MembersAnalytics, file(row(last="")), f"2026-11-19/{NAME}", timezone=west)


def test_nobody_was_active_after_the_download() -> None:
    """The moment would be wrong, and absence be proven of days that nobody had looked at."""
    report = finding(file(row(), row("max@quux.example", last="2026-11-21")), NAME)
    assert (report.code, report.line, report.column) == ("constraint-error", 3, "Last Active")
    assert (report.found, report.expected) == ("2026-11-21", "a day up to 2026-11-20")
    assert analytics(row(last="2026-01-05")).members[0].last_active == date(2026, 1, 5)


@pytest.mark.parametrize("cell", ["11/20/2026", "20.11.2026", "2026/11/20", "46346", "2026-11-31", "-"])
def test_a_day_that_a_spreadsheet_rewrote_is_refused(cell: str) -> None:
    """11/12 is November or December: no line tells, and the vendor's own file does not ask."""
    report = finding(file(row(last=cell)), NAME)
    assert (report.code, report.line, report.column, report.found) == (
        "type-error",
        2,
        "Last Active",
        cell,
    )
    assert report.expected == "a day as YYYY-MM-DD"
    assert report.action
    assert "without opening it in a spreadsheet" in report.action


@pytest.mark.parametrize("label", ["Chats", "Cowork Messages", "Artifacts Created", "Days Active"])
@pytest.mark.parametrize("cell", ["x", "1.5", "-1"])
def test_every_count_is_checked(label: str, cell: str) -> None:
    """A row that is broken where nothing is kept is broken all the same."""
    broken = [cell if column == label else value for column, value in zip(ANALYTICS, row(), strict=True)]
    report = finding(file(row("max@quux.example"), broken), NAME)
    assert (report.code, report.line, report.column) == ("type-error", 3, label)


def test_a_member_is_listed_once_and_somebody_is() -> None:
    """Two rows of one member would be two answers; none is no export."""
    assert finding(file(row(), row(" ZOE@quux.example")), NAME).column == "Email"
    assert finding(file(), NAME).note == "the file lists no member"


@laws(30)
@given(people.filter(bool), st.data())
def test_the_order_of_rows_is_free(names: list[str], data: st.DataObject) -> None:
    """Any permutation says the same of each member, and each row is somebody's."""
    rows = [row(name, sessions=f"{data.draw(st.integers(0, 10**6)):,}") for name in names]
    one, two = (analytics(*data.draw(st.permutations(rows))) for _ in range(2))
    assert set(one.members) == set(two.members)
    assert one.rows_in == one.rows_accepted == len(one.members) == len(names)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    """Findings of cells, of columns and of the name come in one report, in the order of the lines."""
    rows = [row("zoe"), row("max@quux.example", last="x", sessions="1.5"), row("a@quux.example", spend="€1")]
    findings = refused(file(*rows), "export.csv").findings
    assert [(one.line, one.column) for one in findings] == [
        (None, None),
        (2, "Email"),
        (3, "Code sessions"),
        (3, "Last Active"),
        (4, "Estimated Spend (USD)"),
    ]
