"""The one export that would help most next: of now, in the admin's days, and never on a day that is past."""

from __future__ import annotations

from datetime import UTC, date, timedelta, tzinfo
from zoneinfo import ZoneInfo

import msgspec
import pytest

from shared.adoption.advice import best_next, months_file, next_look
from shared.periods import period_of
from shared.records import Answer
from tests.adoption.advising import BERLIN, RANGES, UNKNOWN, advised, dashboard, diary, of_dashboards, row
from tests.adoption.looking import moment

FRIDAYS = ("30 Oct 16:00", "6 Nov 16:00", "13 Nov 16:00")
GONE = "If the dashboard no longer offers it, export on a month's last evening from now on."


# --- 1: a finished month's file ----------------------------------------------------------------


@pytest.mark.parametrize("answer", [UNKNOWN, RANGES])
def test_the_finished_month_that_leaves_a_range_comes_first(answer: Answer) -> None:
    """Where the newest comparable periods are ranges for want of October's file, that file is named: now,
    where it is final today, and with the period that it settles."""
    assert advised(diary("23 Oct 16:00", "30 Oct 16:00", "6 Nov 16:00"), "9 Nov 12:00", answer) == (
        "Export October's file again now, and drop it in drop/2026-11-09/: it settles Friday 30 October to "
        f"Friday 6 November. {GONE}"
    )
    assert "Friday 30 October to Friday 6 November" in advised(diary(*FRIDAYS), "16 Nov 12:00", answer)


@pytest.mark.parametrize(
    ("zone", "lag", "day"),
    [
        pytest.param(UTC, 24, "Monday 2 November 2026 or later", id="the 2nd"),
        pytest.param(
            BERLIN, 24, "Tuesday 3 November 2026 (Europe/Berlin) or later", id="east of UTC, the 3rd"
        ),
        pytest.param(ZoneInfo("America/New_York"), 24, "Monday 2 November 2026", id="west of UTC, the 2nd"),
        pytest.param(UTC, 0, "Sunday 1 November 2026", id="without a lag, the 1st"),
        pytest.param(UTC, 25, "Tuesday 3 November 2026", id="an hour more is a day more"),
    ],
)
def test_before_it_is_final_the_first_day_on_which_it_will_be_is_named(
    zone: tzinfo, lag: int, day: str
) -> None:
    """The day's first moment is the lag behind the month's end: which day that is depends on the zone."""
    of = diary("17 Oct 20:00", "24 Oct 20:00", "31 Oct 20:00", zone=zone, lag=timedelta(hours=lag))
    said = advised(of, "31 Oct 22:00")
    assert said.startswith(f"Export October's file again on {day}")
    assert "or later, and drop it in that day's folder, drop/2026-11-0" in said


def test_the_day_on_which_it_becomes_final_is_the_day_to_say_now() -> None:
    """From the first moment of that day on, as the admin counts days, and not a moment earlier."""
    of = diary("23 Oct", "30 Oct", "6 Nov", zone=BERLIN)
    over = diary("17 Oct 20:00", "24 Oct 20:00", "31 Oct 20:00", zone=BERLIN)
    assert "on Tuesday 3 November 2026 (Europe/Berlin)" in advised(over, "2 Nov 22:59")
    assert "now, and drop it in drop/2026-11-03/" in advised(over, "2 Nov 23:00")
    assert "drop/2026-11-10/" in advised(of, "9 Nov 23:30", UNKNOWN)


def test_of_two_months_the_newer_one_is_named() -> None:
    """It serves the next comparison as well."""
    of = diary("2 Oct 16:00", "30 Oct 16:00", "27 Nov 16:00", "25 Dec 16:00")
    assert advised(of, "26 Dec 12:00", UNKNOWN).startswith("Export November's file again now")
    closed = diary("2 Oct 16:00", "30 Oct 16:00", "27 Nov 16:00", "2 Dec of Nov", "25 Dec 16:00")
    assert advised(closed, "26 Dec 12:00", UNKNOWN).startswith("Export October's file again now")


def test_a_closed_month_is_not_asked_for_again() -> None:
    """Nor one that does not end in the periods: what is unknown for another reason is not October's fault."""
    closed = diary("23 Oct 16:00", "30 Oct 16:00", "2 Nov of Oct", "6 Nov 16:00")
    assert "October" not in advised(closed, "9 Nov 12:00", UNKNOWN)
    assert "file" not in advised(
        diary("6 Nov 16:00", "13 Nov 16:00", "20 Nov 16:00"), "23 Nov 12:00", UNKNOWN
    )
    too_early = diary("23 Oct 16:00", "30 Oct 16:00", "1 Nov of Oct", "6 Nov 16:00")
    assert "October's file" in advised(too_early, "9 Nov 12:00", UNKNOWN)


def test_the_dashboard_whose_file_is_missing_is_named_where_there_are_several() -> None:
    """Each that tells of the answer must be closed; one that does not tell of it need not be."""
    looks = ("23 Oct 16:00", "30 Oct 16:00", "6 Nov 16:00")
    team = dashboard(*looks, "2 Nov of Oct")
    merged = dashboard(*looks, kind="claude_code_contribution", measures=("linesMerged",))
    console = dashboard(*looks, kind="console_team", population="api")
    assert "October" not in advised(of_dashboards([team, merged, console]), "9 Nov 12:00", UNKNOWN)
    open_team = dashboard(*looks)
    both = of_dashboards([open_team, merged])
    assert advised(both, "9 Nov 12:00", UNKNOWN).startswith("Export October's file (claude_code_team) again")


def test_files_named_with_and_without_the_organisation_are_of_one_dashboard() -> None:
    """A final file that names the only organisation closes the month that unnamed files show."""
    looks = dashboard("23 Oct 16:00", "30 Oct 16:00", "6 Nov 16:00")
    final = dashboard("2 Nov of Oct")
    unnamed, named = (
        msgspec.structs.replace(one, organization=name, usual="ours")
        for one, name in ((looks, ""), (final, "ours"))
    )
    assert "October" not in advised(of_dashboards([unnamed, named]), "9 Nov 12:00", UNKNOWN)


def test_what_no_longer_answers_is_not_settled() -> None:
    """After sixteen days October's file would not bring an answer of now: the next look would."""
    of = diary("23 Oct 16:00", "30 Oct 16:00", "6 Nov 16:00")
    assert "October" in advised(of, "22 Nov 16:00", UNKNOWN)
    assert "October" not in advised(of, "22 Nov 16:01", UNKNOWN)


def test_while_a_looks_hours_run_it_comes_before_any_file() -> None:
    """A look cannot be made up for; a file can still be exported in the evening."""
    of = diary("23 Oct 16:00", "30 Oct 16:00", "6 Nov 16:00")
    assert advised(of, "13 Nov 03:59", UNKNOWN).startswith("Export October's file again now")
    assert advised(of, "13 Nov 10:00", UNKNOWN).startswith("Export again now, before 04:00 UTC on Saturday")
    assert advised(of, "14 Nov 04:01", UNKNOWN).startswith("Export October's file again now")


def test_what_is_stored_with_a_row_does_not_grow_old() -> None:
    """The file and what it settles, and no day on which to export it."""
    said = months_file(
        period_of("month", date(2026, 10, 1)), moment("30 Oct 16:00"), moment("6 Nov 16:00"), UTC
    )
    assert said == f"Export October's file again: it settles Friday 30 October to Friday 6 November. {GONE}"


# --- 2: the look that makes two periods --------------------------------------------------------


A_PAIR = "with the exports of Friday 6 November and Friday 13 November it makes two periods of a week"
SECOND = "the answer needs two more weekly exports, of which this is the first"
ANEW = "the answer needs three weekly exports, of which this is the first"
SOONER = "Exporting every week, from Friday 20 November on, gets there sooner: on Friday 27 November."


@pytest.mark.parametrize(
    ("looks", "now", "when", "folder", "why"),
    [
        pytest.param(
            ("6 Nov 16:00", "13 Nov 16:00", "17 Nov 16:00"),
            "18 Nov 09:00",
            "on Friday 20 November 2026 at about 16:00 UTC",
            "2026-11-20",
            A_PAIR,
            id="example 15",
        ),
        pytest.param(
            ("6 Nov 16:00", "13 Nov 16:00", "17 Nov 16:00"),
            "20 Nov 09:00",
            "now, before 04:00 UTC on Saturday 21 November,",
            "2026-11-20",
            A_PAIR,
            id="its hours have begun",
        ),
        pytest.param(
            ("6 Nov", "13 Nov"),
            "18 Nov 09:00",
            "on Friday 20 November 2026",
            "2026-11-20",
            A_PAIR,
            id="mere days: any time will do",
        ),
        pytest.param(
            ("6 Nov", "13 Nov"),
            "20 Nov 09:00",
            "now, before midnight UTC,",
            "2026-11-20",
            A_PAIR,
            id="mere days: it is the day",
        ),
        pytest.param(
            ("6 Nov 16:00", "13 Nov 16:00", "20 Nov 16:00"),
            "29 Nov 12:00",
            "on Friday 4 December 2026 at about 16:00 UTC",
            "2026-12-04",
            "with the exports of Friday 6 November and Friday 20 November it makes two periods of 14 days",
            id="a week was missed: a fortnight",
        ),
        pytest.param(
            ("23 Oct 16:00", "13 Nov 16:00"),
            "14 Nov 09:00",
            "on Friday 4 December 2026 at about 16:00 UTC",
            "2026-12-04",
            "with the exports of Friday 23 October and Friday 13 November it makes two periods of 21 days. "
            + SOONER.removesuffix("."),
            id="two weekly exports are faster than one",
        ),
        pytest.param(
            ("6 Nov 16:00",),
            "9 Nov 09:00",
            "on Friday 13 November 2026 at about 16:00 UTC",
            "2026-11-13",
            SECOND,
            id="a first step",
        ),
        pytest.param(
            ("17 Nov 16:00", "18 Nov 16:00"),
            "19 Nov 09:00",
            "on Tuesday 24 November 2026 at about 16:00 UTC",
            "2026-11-24",
            SECOND,
            id="the soonest first step",
        ),
        pytest.param(("6 Nov 16:00",), "23 Nov 09:00", "now", "2026-11-23", ANEW, id="nothing to go on from"),
    ],
)
def test_the_soonest_look_that_makes_two_periods(
    looks: tuple[str, ...], now: str, when: str, folder: str, why: str
) -> None:
    """Over all steps; else the first step towards them, and how many more are needed."""
    comma = "" if when.endswith(",") else ","
    assert advised(diary(*looks), now) == f"Export again {when}{comma} and drop it in drop/{folder}/: {why}."


def test_hours_and_days_are_the_admins() -> None:
    """By the clock on the wall there, with the zone's name, also where it changes in between."""
    of = diary("9 Oct 14:00", "16 Oct 14:00", "20 Oct 14:00", zone=BERLIN)
    assert advised(of, "20 Oct 15:00").startswith(
        "Export again on Friday 23 October 2026 at about 16:00 (Europe/Berlin), and drop it in drop/2026-10-2"
    )
    mere_days = diary("16 Oct", "23 Oct", zone=BERLIN)
    assert advised(mere_days, "26 Oct 09:00").startswith(
        "Export again on Friday 30 October 2026 (Europe/Berlin), and drop it in drop/2026-10-30/"
    )
    late = diary("6 Nov 20:00", "13 Nov 20:00", zone=ZoneInfo("Pacific/Auckland"))  # Saturday 09:00 there
    assert advised(late, "20 Nov 07:00").startswith(
        "Export again on Saturday 21 November 2026 at about 09:00 (Pacific/Auckland)"
    )
    assert "before 21:00 (Pacific/Auckland), and drop it in drop/2026-11-21/" in advised(late, "20 Nov 20:00")


def test_a_folder_is_named_only_where_its_noon_will_do() -> None:
    """A folder tells the day, which stands at noon: at night that may lie outside the look's hours."""
    of = diary("6 Nov 01:00", "13 Nov 01:00")  # from 13:00 the day before to 13:00
    assert advised(of, "18 Nov 09:00").startswith(
        "Export again on Friday 20 November 2026 at about 01:00 UTC, and drop it in drop/2026-11-20/"
    )
    evening = advised(of, "19 Nov 20:00")
    assert evening.startswith("Export again now, before 13:00 UTC on Friday 20 November, and tell the time")
    assert "as_of" in evening
    assert "drop/" not in evening


# --- 3 and 4: the rhythm, and the first of all -------------------------------------------------


def test_where_there_is_an_answer_the_next_export_keeps_the_rhythm() -> None:
    """A week after the newest edge that is compared, while that hour is to come or running."""
    of = diary("6 Nov 16:00", "13 Nov 16:10", "20 Nov 15:50")
    keeps = "Export again on Friday 27 November 2026 at about 15:50 UTC, and drop it in drop/2026-11-27/: "
    assert advised(of, "20 Nov 16:00") == keeps + "it makes the next answer."
    assert advised(of, "28 Nov 03:50").startswith("Export again now, before 03:50 UTC, and tell the time")
    assert advised(of, "28 Nov 03:51").startswith("Export again on Friday 4 December 2026")
    fortnights = diary("30 Oct 16:00", "13 Nov 16:00", "27 Nov 16:00")
    weekly_again = next_look(fortnights, moment("27 Nov 17:00"))
    assert "on Friday 4 December 2026" in weekly_again
    assert "of single weeks again" in weekly_again


def test_the_file_of_the_month_that_ends_meanwhile_comes_before_the_next_look() -> None:
    """The next answer needs both; the file's day comes first. Without room before the look, the look does."""
    of = diary("16 Oct 16:00", "23 Oct 16:00", "30 Oct 16:00")
    assert advised(of, "30 Oct 17:00") == (
        "Export October's file again on Monday 2 November 2026 or later, and drop it in that day's folder, "
        f"drop/2026-11-02/: it settles Friday 30 October to Friday 6 November. {GONE}"
    )
    assert advised(of, "4 Nov 09:00").startswith(
        "Export October's file again now, and drop it in drop/2026-11-04/"
    )
    closed = diary("16 Oct 16:00", "23 Oct 16:00", "30 Oct 16:00", "2 Nov of Oct")
    for one, now in ((closed, "4 Nov 09:00"), (of, "6 Nov 04:00")):
        assert "October's" not in advised(one, now)
    new_year = diary("11 Dec 16:00", "18 Dec 16:00", "25 Dec 16:00")  # final on 2 January, a Saturday
    assert advised(new_year, "28 Dec 12:00").startswith("Export again on Friday 1 January 2027")


def test_the_first_export_of_all() -> None:
    """Any look helps; today's folder is named, and that three are needed."""
    assert advised(diary(), "18 Nov 09:00") == (
        "Export the current month's team table now, and drop it in drop/2026-11-18/: the answer needs three "
        "weekly exports, of which this is the first."
    )
    assert "drop/2026-11-19/" in advised(diary(zone=BERLIN), "18 Nov 23:30")


def test_a_row_of_another_pair_is_no_evidence() -> None:
    """Between a file and the rows that are made of it the stored answer is of other edges."""
    of = diary("16 Oct 16:00", "23 Oct 16:00", "30 Oct 16:00", "6 Nov 16:00")
    behind = diary("16 Oct 16:00", "23 Oct 16:00", "30 Oct 16:00")
    assert "October" not in best_next(of, row(behind, UNKNOWN), moment("9 Nov 12:00"))
