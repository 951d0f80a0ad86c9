"""When the vendor showed it, and of which month: by the strongest evidence, or refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.sources.exports import organization_of
from tests.sources.exports.files import FRIDAY, NOVEMBER, ORGANIZATION, csv_of, finding, read, refused

FILE = csv_of(("zoe@example.com", "1600"))
BERLIN = ZoneInfo("Europe/Berlin")
OCTOBER = "claude_code_team_2026_10_01_to_2026_10_31.csv"
LATE = datetime(2026, 12, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "metadata", "moment", "evidence"),
    [
        (f"2026-11-18/{NOVEMBER}", {"As_Of": "2026-11-17"}, "2026-11-17T12:00Z", "metadata as_of"),
        (f"2026-11-18/{NOVEMBER}", {}, "2026-11-18T12:00Z", "folder"),
        (f"drop/2026-11-18/{NOVEMBER}", {}, "2026-11-18T12:00Z", "folder"),
        ("2026-11-18/export-2026-11-16.csv", {}, "2026-11-18T12:00Z", "folder"),
        ("team/export-2026-11-16.csv", {}, "2026-11-16T12:00Z", "file name"),
        ("export 2026_11_16 (1).csv", {}, "2026-11-16T12:00Z", "file name"),
        (NOVEMBER, {}, "2026-11-20T16:00Z", "last modified"),
        (NOVEMBER, {"other": "2026-11-17"}, "2026-11-20T16:00Z", "last modified"),
    ],
)
def test_the_strongest_evidence_gives_the_moment(
    name: str, metadata: dict[str, str], moment: str, evidence: str
) -> None:
    """Metadata before the folder before a day in the name before Last-Modified."""
    export = read(FILE, name, metadata=metadata)
    assert (export.moment, export.evidence) == (datetime.fromisoformat(moment), evidence)
    assert export.date_only == (evidence != "last modified")
    assert export.explicit == (evidence != "last modified")
    assert export.month == "2026-11"


@pytest.mark.parametrize(
    ("as_of", "moment"),
    [
        ("2026-11-19", datetime(2026, 11, 19, 11, tzinfo=UTC)),
        ("2026-11-19T16:00", datetime(2026, 11, 19, 15, tzinfo=UTC)),
        ("2026-11-19T16:00:00Z", datetime(2026, 11, 19, 16, tzinfo=UTC)),
        (" 2026-11-19T16:00:00-05:00 ", datetime(2026, 11, 19, 21, tzinfo=UTC)),
    ],
)
def test_times_without_a_zone_are_of_the_export_time_zone(as_of: str, moment: datetime) -> None:
    """A date is that day's noon there, a time is what its clocks show."""
    export = read(FILE, metadata={"as_of": as_of}, timezone=BERLIN)
    assert export.moment == moment
    assert export.date_only == ("T" not in as_of)


@pytest.mark.parametrize(
    "as_of",
    ["", "Friday", "2026-11-31", "0001-01-01", "2026-11-20T25:00", "20.11.2026", "20261120", "2026-W47-5"],
)
def test_unreadable_metadata_is_refused_and_not_passed_over(as_of: str) -> None:
    """Somebody said the moment: guessing another would be false."""
    report = finding(FILE, metadata={"as_of": as_of})
    assert report.code == "constraint-error"
    assert report.action


@pytest.mark.parametrize(
    ("name", "month"),
    [
        (OCTOBER, "2026-10"),
        ("claude_code_team_2026_11_01_to_2026_11_30 (1).csv", "2026-11"),
        (f"claude-code-{ORGANIZATION}-2026-11-01-to-2026-11-30.csv", "2026-11"),
        (f"2026-11-03/acme/claude-code-{ORGANIZATION}-2026-10-01-to-2026-10-31-1.csv", "2026-10"),
        ("2026-11-03/code-2026-10-30.csv", "2026-10"),
        ("2026-11-02.csv", "2026-11"),
        (f"2026-11-02 {OCTOBER}", "2026-10"),
        ("2026-11-06/export.csv", "2026-11"),
        ("export.csv", "2026-11"),
    ],
)
def test_the_name_proves_the_month_and_else_the_moment_does(name: str, month: str) -> None:
    """A range is its month's, a download day stands for its month, without either it is the moment's."""
    assert read(FILE, name).month == month


@pytest.mark.parametrize("day", range(1, 6))
def test_in_a_months_first_days_a_silent_name_is_refused(day: int) -> None:
    """On 3 November a file may be October's final look or November's first: nobody guesses."""
    report = finding(FILE, f"2026-11-{day:02d}/export.csv")
    assert report.expected == "a name that says whether this is October or November 2026"
    assert report.action
    assert read(FILE, f"2026-11-{day:02d}/{OCTOBER}").month == "2026-10"


def test_months_are_utc_and_dates_are_days_where_the_admin_is() -> None:
    """An instant's month is UTC's; a date's is the date's, however far from Greenwich."""
    last = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    assert read(FILE, "export.csv", last_modified=last, timezone=BERLIN).month == "2026-10"
    far = ZoneInfo("Pacific/Kiritimati")
    assert read(FILE, "2026-11-01.csv", timezone=far).month == "2026-11"


def test_a_day_is_compared_as_the_span_that_it_is() -> None:
    """In Los Angeles the evening of 31 October is in November, and its day alone proves neither month."""
    west = ZoneInfo("America/Los_Angeles")
    assert read(FILE, f"2026-10-31/{NOVEMBER}", timezone=west).month == "2026-11"
    assert read(FILE, f"2026-10-31/{OCTOBER}", timezone=west).month == "2026-10"
    assert "nothing proves the file's month" in finding(FILE, "2026-10-31/export.csv", timezone=west).note
    assert read(FILE, "2026-11-06/export.csv", timezone=BERLIN).month == "2026-11"


def test_a_range_may_end_with_the_day_of_the_download() -> None:
    """Beyond that day it would be the whole month; before it the file is of another span than its moment."""
    assert read(FILE, "claude_code_team_2026_11_01_to_2026_11_20.csv").month == "2026-11"


def test_two_organizations_in_one_name_prove_neither() -> None:
    """One UUID twice is one."""
    other = ORGANIZATION.replace("0b6c", "1b6c")
    assert organization_of(f"{ORGANIZATION} {other}.csv") is None
    assert organization_of(f"{ORGANIZATION} {ORGANIZATION.upper()}.csv") == ORGANIZATION


def test_a_finished_months_file_may_be_looked_at_later() -> None:
    """A moment after its month's end is a final look."""
    export = read(FILE, f"2026-12-02/{NOVEMBER}", arrived=LATE)
    assert (export.month, export.moment) == ("2026-11", datetime(2026, 12, 2, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("name", "metadata"),
    [
        ("2026-10-31/" + NOVEMBER, {}),
        ("claude_code_team_2026_12_01_to_2026_12_31.csv", {}),
        (NOVEMBER, {"as_of": "2026-10-31T23:59:59Z"}),
    ],
)
def test_a_moment_before_its_month_is_refused(name: str, metadata: dict[str, str]) -> None:
    """A month that has not begun has no counts."""
    report = finding(FILE, name, metadata=metadata)
    assert "before the file's month" in report.note
    assert report.action


def test_the_future_is_refused_and_today_is_not_the_future() -> None:
    """Noon of today may be later than now; tomorrow may not, nor an instant beyond the clocks' skew."""
    morning = datetime(2026, 11, 20, 6, tzinfo=UTC)
    today = read(FILE, f"2026-11-20/{NOVEMBER}", last_modified=morning, arrived=morning)
    assert today.moment == morning.replace(hour=12)
    assert "future" in finding(FILE, f"2026-11-21/{NOVEMBER}", arrived=morning).note
    late = {"as_of": (morning + timedelta(minutes=10)).isoformat()}
    assert "future" in finding(FILE, metadata=late, arrived=morning).note
    assert read(FILE, last_modified=morning + timedelta(minutes=1), arrived=morning).month == "2026-11"
    evening = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    assert read(FILE, f"2026-11-21/{NOVEMBER}", arrived=evening, timezone=BERLIN).date_only


@pytest.mark.parametrize(
    "name",
    [
        "2026-02-30/export.csv",
        "export-2026-13-01.csv",
        "0001-01-01/export.csv",
        "claude_code_team_2026_10_15_to_2026_11_14.csv",
        "claude_code_team_2026_11_02_to_2026_11_30.csv",
        "claude_code_team_2026_10_01_to_2026_11_30.csv",
        "claude_code_team_2026_11_01_to_2026_11_15.csv",
        "a-2026-11-10-b-2026-11-11.csv",
        f"{OCTOBER} {NOVEMBER}",
    ],
)
def test_a_name_that_contradicts_itself_is_refused(name: str) -> None:
    """A day that does not exist, a range that is no month, two answers: the admin decides."""
    assert {error.code for error in refused(FILE, name).findings} == {"constraint-error"}


@pytest.mark.parametrize(
    ("name", "organization"),
    [
        (f"claude-code-{ORGANIZATION}-2026-11-01-to-2026-11-30.csv", ORGANIZATION),
        (f"2026-11-20/claude-code-{ORGANIZATION.upper()}-2026-11-20 (2).csv", ORGANIZATION),
        (f"{ORGANIZATION}/{NOVEMBER}", None),
        (NOVEMBER, None),
    ],
)
def test_the_organization_is_the_uuid_in_the_files_name(name: str, organization: str | None) -> None:
    """A folder's name is the admin's, the file's is the vendor's."""
    assert organization_of(name) == organization


def test_a_quiet_week_is_told_by_its_explicit_moment() -> None:
    """Worked examples 12a and 12b: the same bytes with a folder say a moment, without one they do not."""
    assert read(FILE, f"2026-11-20/{NOVEMBER}").explicit
    assert not read(FILE, NOVEMBER, last_modified=FRIDAY).explicit
