"""Which files figures wait for: found when the clock says so, and never what no figure uses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.adoption.advice import best_next, next_look
from shared.adoption.diary import Diary, months_ended
from shared.adoption.overdue import overdue
from shared.heads import ExportsHead, LookTaken
from shared.periods import Period
from shared.records import Answer, Completeness, Figure, Overdue, PeriodRow, SourceCover
from tests.adoption.advising import BERLIN, UNKNOWN, dashboard, diary, of_dashboards, row, taken
from tests.adoption.looking import laws, moment

WEEK, DAY, HOUR = timedelta(days=7), timedelta(days=1), timedelta(hours=1)
TEAM, CONSOLE = "claude_code_team", "console_team"
HEAD = ExportsHead(looks=1)


def row_between(
    start: datetime,
    end: datetime,
    populations: Iterable[str] = ("subscription",),
    *,
    completeness: Completeness = "complete",
    measures: Iterable[str] = ("linesAccepted",),
) -> PeriodRow:
    """The row of two exports; its figures of these populations come from exports."""
    period = Period(start, end, "export")
    return PeriodRow(
        label=period.label,
        period=period,
        closed=True,
        completeness=completeness,
        basis="linesAccepted",
        active={},
        of=None,
        figures=dict.fromkeys(measures, Figure(None, 0, None, "no later export of its month bounds it")),
        unattributed={},
        sources=[SourceCover("exports", True, list(populations), [])],
        answer=Answer("unknown", ""),
    )


def rows_of(of: Diary) -> list[PeriodRow]:
    """From edge to edge; each is exact but where a month ends inside that is not closed."""
    unclosed = {month for one in of.streams.values() for month in one.shown - one.closed}
    edges = [edge.moment for edge in of.edges]
    populations = sorted({one.population for one in of.streams.values()})
    return [
        row_between(
            start,
            end,
            populations,
            completeness="incomplete"
            if any(month.label in unclosed for month in months_ended(start, end))
            else "complete",
        )
        for start, end in pairwise(edges)
    ]


def found(of: Diary, now: str, rows: Sequence[PeriodRow] | None = None) -> list[Overdue]:
    """What is overdue then; the rows are the diary's own where no others are given."""
    return overdue(of, HEAD, rows_of(of) if rows is None else rows, WEEK, moment(now))


def keys(of: Diary, now: str, rows: Sequence[PeriodRow] | None = None) -> list[str]:
    return [one.key for one in found(of, now, rows)]


# --- laws --------------------------------------------------------------------------------------


def board_of(looks: Iterable[LookTaken], zone: tzinfo) -> Diary:
    return of_dashboards([msgspec.structs.replace(dashboard(), looks=tuple(looks))], zone)


@laws(75)
@given(
    st.lists(st.integers(-11, 11), min_size=2, max_size=12),
    st.integers(0, 6),
    st.integers(0, 8 * 24),
    st.sampled_from([(UTC, 2), (BERLIN, 3)]),
)
def test_who_exports_weekly_and_closes_each_month_is_never_reminded(
    hours: list[int], weekday: int, later: int, days: tuple[tzinfo, int]
) -> None:
    """Whatever the weekday, give or take the hours that still make a week, and each month's file on the first
    day that will do: at no hour until an export is more than a day late."""
    zone, day = days
    first = moment("2 Oct 12:00") + weekday * DAY
    exports = [first + week * WEEK + by * HOUR for week, by in enumerate(hours)]
    looks = [LookTaken(at, f"{at:%Y-%m}") for at in exports]
    looks += [taken(f"{day} {after} of {month}", zone) for after, month in (("Nov", "Oct"), ("Dec", "Nov"))]
    now = exports[-1] + later * HOUR
    of = board_of((look for look in looks if look.moment <= now), zone)
    assert overdue(of, HEAD, rows_of(of), WEEK, now) == []


@laws(75)
@example(3, 7, 12 * 7 * 24)
@given(st.integers(2, 8), st.integers(1, 14), st.integers(0, 12 * 7 * 24 + 48))
def test_who_stops_is_overdue_from_a_day_after_the_next_export_was_due(
    exports: int, cadence: int, later: int
) -> None:
    """To the second; and no longer than for the twelve weeks that are asked for by default."""
    last = moment("27 Nov 16:00")
    of = board_of(
        (LookTaken(at, f"{at:%Y-%m}") for at in (last - week * WEEK for week in range(exports))), UTC
    )
    now, late = last + later * HOUR, timedelta(days=cadence + 1)
    rows = [one for one in rows_of(of) if one.completeness == "complete"][-1:]
    said = overdue(of, HEAD, rows, timedelta(days=cadence), now)
    assert [one.key for one in said] == [f"export.overdue {TEAM}"] * (late < now - last <= 12 * WEEK)
    assert all((one.since, one.action) == (last + late, next_look(of, now)) for one in said)


# --- a dashboard -------------------------------------------------------------------------------


def test_the_dashboard_that_was_forgotten_is_named() -> None:
    """Of two that are in use: which one, since when, and the next look with its name in it."""
    team = dashboard("6 Nov 16:00", "13 Nov 16:00", "20 Nov 16:00")
    console = dashboard("6 Nov 16:00", "13 Nov 17:00", kind=CONSOLE, population="api")
    of = of_dashboards([team, console])
    assert keys(of, "21 Nov 17:00") == []
    (said,) = found(of, "21 Nov 18:00")
    assert said.key == f"export.overdue {CONSOLE}"
    assert (said.since, said.seen) == (
        moment("21 Nov 17:00"),
        f"the newest of {CONSOLE} of 2026-11-13 17:00",
    )
    assert said.action.startswith(f"Export again ({CONSOLE}) on Friday 27 November 2026 at about 16:00 UTC")
    assert keys(of, "29 Nov 12:00") == [f"export.overdue {TEAM}", f"export.overdue {CONSOLE}"]


def test_two_dashboards_of_one_kind_are_told_apart_by_their_organisation() -> None:
    """Where nobody said which is meant, both count, and the forgotten one is named."""
    ours, theirs = (
        msgspec.structs.replace(dashboard(*looks), organization=name)
        for name, looks in (("ours", ("13 Nov 16:00", "20 Nov 16:00")), ("theirs", ("13 Nov 16:00",)))
    )
    assert keys(of_dashboards([ours, theirs]), "23 Nov") == [f"export.overdue {TEAM} of theirs"]


@pytest.mark.parametrize(
    "newest",
    [
        pytest.param(row_between(moment("16 Nov"), moment("23 Nov"), ()), id="a live source shows everybody"),
        pytest.param(row_between(moment("16 Nov"), moment("23 Nov"), ("api",)), id="all but API users"),
        pytest.param(
            row_between(moment("16 Nov"), moment("23 Nov"), measures=("linesMerged",)),
            id="no figure is of what it tells",
        ),
    ],
)
def test_nobody_is_reminded_of_what_no_figure_uses(newest: PeriodRow) -> None:
    """Whatever older periods took from it: the newest one asked for has its figures from elsewhere."""
    of = diary("30 Oct 16:00", "6 Nov 16:00")
    older = row_between(moment("30 Oct 16:00"), moment("6 Nov 16:00"))
    assert keys(of, "24 Nov", [older]) == [f"export.overdue {TEAM}"]
    assert keys(of, "24 Nov", [older, newest]) == []


def test_a_dashboard_that_came_to_its_end_is_not_waited_for() -> None:
    """Its last export shows nobody, while another one of the same people goes on."""
    team = dashboard("13 Nov 16:00", "20 Nov 16:00")
    other = msgspec.structs.replace(dashboard("6 Nov 16:00", "13 Nov 16:00"), organization="other")
    assert keys(of_dashboards([team, other]), "23 Nov") == [f"export.overdue {TEAM} of other"]
    assert keys(of_dashboards([team, msgspec.structs.replace(other, ended=True)]), "23 Nov") == []


def test_a_running_period_does_not_say_what_is_in_use() -> None:
    """A live source has not proven it yet; the newest closed period counts, if there is one."""
    of = diary("30 Oct 16:00", "6 Nov 16:00")
    by_live = row_between(moment("9 Nov"), moment("16 Nov"), ())
    running = msgspec.structs.replace(row_between(moment("16 Nov"), moment("23 Nov")), closed=False)
    assert keys(of, "20 Nov", [by_live, running]) == []
    assert keys(of, "20 Nov", [running]) == [f"export.overdue {TEAM}"]


def test_who_never_exported_hears_nothing() -> None:
    """Whatever live sources show, and before there is anything."""
    assert found(of_dashboards([]), "23 Nov", [row_between(moment("9 Nov"), moment("16 Nov"), ())]) == []
    assert found(of_dashboards([]), "23 Nov", []) == []


def test_a_finished_months_file_is_no_look_at_the_running_one() -> None:
    """However late it was downloaded, it tells of nothing after the month."""
    of = diary("23 Oct 16:00", "30 Oct 16:00", "8 Nov 10:00 of Oct")
    assert keys(of, "9 Nov 00:00") == []
    assert keys(of, "9 Nov 00:01") == [f"export.overdue {TEAM}"]


def test_reports_are_reminded_of_where_they_are_all_there_is() -> None:
    """Beside a dashboard they do not stand for it, nor it for them."""
    head = ExportsHead(reports=2, newest=moment("9 Nov 16:00"))
    rows = [row_between(moment("2 Nov"), moment("9 Nov"))]
    nothing = of_dashboards([])
    assert overdue(nothing, head, rows, WEEK, moment("17 Nov 16:00")) == []
    (said,) = overdue(nothing, head, rows, WEEK, moment("17 Nov 16:01"))
    assert said.key == "export.overdue reports"
    assert said.action.endswith("drop it in drop/2026-11-17/.")
    with_looks = ExportsHead(looks=1, reports=2, newest=moment("17 Nov 16:00"))
    late = overdue(diary("6 Nov 16:00"), with_looks, rows, WEEK, moment("17 Nov 16:01"))
    assert [one.key for one in late] == [f"export.overdue {TEAM}"]


# --- a finished month's file -------------------------------------------------------------------

OCTOBER = f"month-final.missing {TEAM} 2026-10"


@pytest.mark.parametrize(
    ("looks", "since"),
    [
        pytest.param(("30 Oct 16:00", "6 Nov 16:00"), "7 Nov 16:00", id="needed when it was possible"),
        pytest.param(("25 Oct 16:00", "1 Nov 16:00"), "3 Nov 00:00", id="possible when it was needed"),
        pytest.param(("30 Oct 16:00", "1 Nov of Oct", "6 Nov 16:00"), "7 Nov 16:00", id="not late enough"),
    ],
)
def test_a_months_file_is_missing_a_day_after_it_was_possible_and_needed(
    looks: tuple[str, ...], since: str
) -> None:
    """It is needed once an export period lies over the month's end."""
    of = diary(*looks)
    due = moment(since)
    assert overdue(of, HEAD, rows_of(of), WEEK, due) == []
    (said,) = overdue(of, HEAD, rows_of(of), WEEK, due + HOUR)
    assert (said.key, said.since) == (OCTOBER, due)
    assert (said.expected, said.seen) == (
        "October 2026's file, exported on 2026-11-02 or later",
        f"no final file of October 2026 ({TEAM})",
    )


def test_it_is_named_in_the_words_of_the_advice_until_it_is_there() -> None:
    """One voice; and as long as a period that is asked for lies over that month's end."""
    of = diary("23 Oct 16:00", "30 Oct 16:00", "6 Nov 16:00")
    (said,) = found(of, "9 Nov 12:00")
    assert said.action == best_next(of, row(of, UNKNOWN), moment("9 Nov 12:00"))
    weekly = ("23 Oct 16:00", "30 Oct 16:00", *(f"{day} Nov 16:00" for day in (6, 13, 20, 27)))
    assert keys(diary(*weekly), "28 Nov") == [OCTOBER]
    assert keys(diary(*weekly), "28 Nov", rows_of(diary(*weekly))[2:]) == []
    assert keys(diary(*weekly, "28 Nov of Oct"), "29 Nov") == []


def test_a_month_whose_period_is_exact_all_the_same_is_not_missing() -> None:
    """Absences, or a live source, settle it; and an ISO week waits for no single file."""
    of = diary("30 Oct 16:00", "6 Nov 16:00")
    exact = row_between(moment("30 Oct 16:00"), moment("6 Nov 16:00"))
    by_live = row_between(moment("30 Oct 16:00"), moment("6 Nov 16:00"), (), completeness="incomplete")
    iso_week = Period(moment("26 Oct"), moment("2 Nov"), "week")
    week = msgspec.structs.replace(exact, period=iso_week, completeness="incomplete")
    for one in (exact, by_live, week):
        assert keys(of, "9 Nov 12:00", [one]) == []


def test_each_dashboard_has_its_own_file_of_the_month() -> None:
    """One that did not show the month is not asked for it, unless none did."""
    looks = ("30 Oct 16:00", "6 Nov 16:00")
    closed = dashboard(*looks, "2 Nov of Oct")
    console = dashboard(*looks, kind=CONSOLE, population="api")
    (said,) = found(of_dashboards([closed, console]), "9 Nov")
    assert said.key == f"month-final.missing {CONSOLE} 2026-10"
    assert said.action.startswith(f"Export October's file ({CONSOLE}) again now, and drop it in drop/2026-11")
    since_november = dashboard("6 Nov 16:00", kind=CONSOLE, population="api")
    assert keys(of_dashboards([closed, since_november]), "9 Nov") == []
    gap = [row_between(moment("25 Sep 16:00"), moment("6 Nov 16:00"), completeness="incomplete")]
    assert keys(diary("25 Sep 16:00", "6 Nov 16:00"), "9 Nov", gap) == [
        f"month-final.missing {TEAM} 2026-{month}" for month in ("09", "10")
    ]


def test_what_the_diary_does_not_reach_back_to_is_not_missing() -> None:
    """The looks of an older month are not remembered: its file may be there."""
    old = [row_between(moment("28 Aug 16:00"), moment("4 Sep 16:00"), completeness="incomplete")]
    assert keys(diary("20 Nov 16:00"), "23 Nov", old) == []
