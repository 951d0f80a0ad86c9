"""The checks of the exports: whose, what they cover, how old, and whether they agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from shared.adoption.trust_exports import ExportsEvidence, check_exports, exports_usable
from shared.heads import Bounds, Disagreement, ExportsHead, Noted
from shared.periods import Period
from shared.records import Answer, Check, Overdue, OverdueName, PeriodRow, SourceCover

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
OURS, THEIRS = "ours", "theirs"
HEAD = ExportsHead(looks=3, newest=NOW - timedelta(days=3), organizations={"claude_ai": (OURS,)})


def row_of(start: datetime, *, covered: bool = True) -> PeriodRow:
    """An export period of a week, with nothing in it."""
    period = Period(start, start + timedelta(days=7), "export")
    return PeriodRow(
        label=period.label,
        period=period,
        closed=True,
        completeness="complete",
        basis="linesAccepted",
        active={},
        of=None,
        figures={},
        unattributed={},
        sources=[SourceCover("exports", covered, ["subscription"], [])],
        answer=Answer("unknown", ""),
    )


NOVEMBER = row_of(datetime(2026, 11, 6, 16, tzinfo=UTC))


def checked(
    name: str,
    expected: str | None = OURS,
    *,
    rows: tuple[PeriodRow, ...] = (),
    now: datetime = NOW,
    **head: object,
) -> Check:
    evidence = ExportsEvidence(
        msgspec.structs.replace(HEAD, **head), {"claude_ai": expected} if expected else {}
    )
    checks = check_exports(evidence, rows, now)
    return next(check for check in checks if check.name == name)


@pytest.mark.parametrize(
    ("expected", "organizations", "unnamed", "status"),
    [
        (OURS, (OURS,), 0, "pass"),
        (OURS, (OURS,), 2, "pass"),
        (OURS, (), 3, "warn"),
        (OURS, (OURS, THEIRS), 0, "fail"),
        (None, (OURS,), 0, "unknown"),
    ],
)
def test_the_organisation_is_the_one_that_was_meant(
    expected: str | None, organizations: tuple[str, ...], unnamed: int, status: str
) -> None:
    """Another organisation's id fails, none at all warns, and nothing configured is unknown."""
    found = checked(
        "expected-organization",
        expected,
        organizations={"claude_ai": organizations} if organizations else {},
        unnamed={"claude_ai": unnamed} if unnamed else {},
    )
    assert found.status == status
    assert (found.action == "") == (status == "pass")


@pytest.mark.parametrize(
    ("age", "status"),
    [
        (timedelta(days=8), "pass"),
        (timedelta(days=8, seconds=1), "warn"),
        (timedelta(days=16), "warn"),
        (timedelta(days=16, seconds=1), "fail"),
    ],
)
def test_an_export_is_late_after_eight_days_and_too_old_after_sixteen(age: timedelta, status: str) -> None:
    """Freshness speaks of now, and never makes a closed period unusable."""
    assert checked("freshness", newest=NOW - age).status == status


def waiting(name: OverdueName, dashboard: str, since: datetime) -> Overdue:
    """Something overdue; what was seen and what is to be done name the dashboard."""
    return Overdue(name, dashboard, None, since, "", f"seen of {dashboard}", f"Export {dashboard}.")


def test_freshness_names_each_dashboard_that_is_late() -> None:
    """The oldest one decides, however new the others are; and each has its next look."""
    for age, status in ((timedelta(days=16), "warn"), (timedelta(days=16, seconds=1), "fail")):
        late = (
            waiting("export.overdue", "console_team", NOW - age + timedelta(days=8)),
            waiting("export.overdue", "claude_code_team", NOW - timedelta(hours=1)),
        )
        checks = check_exports(ExportsEvidence(HEAD, overdue=late), (), NOW)
        found = next(one for one in checks if one.name == "freshness")
        assert found.status == status
        assert found.seen == "seen of console_team; seen of claude_code_team"
        assert found.action == "Export console_team. Export claude_code_team."


def test_coverage_names_the_finished_months_file_that_is_missing() -> None:
    """Where a period is no more than a range for want of it; a late export is freshness's to tell."""
    rows = (msgspec.structs.replace(NOVEMBER, completeness="incomplete"),)
    late = waiting("export.overdue", "console_team", NOW)
    final = waiting("month-final.missing", "claude_code_team", NOW)
    for overdue, seen, action in (
        ((late,), f"only ranges for {NOVEMBER.label}", "See each figure's reason"),
        ((late, final), f"only ranges for {NOVEMBER.label}; seen of claude_code_team", "Export claude_"),
    ):
        checks = check_exports(ExportsEvidence(HEAD, overdue=overdue), rows, NOW)
        found = next(one for one in checks if one.name == "coverage")
        assert (found.status, found.seen) == ("warn", seen)
        assert found.action.startswith(action)


@pytest.mark.parametrize(
    ("strangers", "organizations", "status"),
    [(None, (), "warn"), (0, (), "pass"), (1, (), "warn"), (1, (OURS,), "warn"), (None, (OURS,), "pass")],
)
def test_an_export_without_an_id_is_known_by_its_people(
    strangers: int | None, organizations: tuple[str, ...], status: str
) -> None:
    """It passes where half of its people are on the roster; without a roster another file's id must do."""
    noted = Noted(has_roster=strangers is not None, unnamed_strangers={"claude_ai": strangers or 0})
    found = checked(
        "expected-organization",
        organizations={"claude_ai": organizations} if organizations else {},
        unnamed={"claude_ai": 2},
        noted=noted,
    )
    assert found.status == status
    assert (found.action == "") == (status == "pass")


def test_a_roster_tells_whose_exports_are_where_no_id_does() -> None:
    """The vendor's usual name has no id: half of the people on the roster is proof enough."""
    evidence = ExportsEvidence(
        msgspec.structs.replace(
            HEAD, organizations={}, unnamed={"claude_ai": 3}, noted=Noted(has_roster=True)
        )
    )
    found = next(one for one in check_exports(evidence, (), NOW) if one.name == "expected-organization")
    assert (found.status, found.action) == ("pass", "")
    without = replace(evidence, head=msgspec.structs.replace(evidence.head, noted=Noted()))
    found = next(one for one in check_exports(without, (), NOW) if one.name == "expected-organization")
    assert found.status == "unknown"
    assert "roster" in found.action


def test_a_slower_cadence_is_late_later() -> None:
    """A fortnightly team is warned on the sixteenth day."""
    evidence = ExportsEvidence(msgspec.structs.replace(HEAD, newest=NOW - timedelta(days=15)))
    for cadence, status in ((7, "warn"), (14, "pass")):
        checks = check_exports(replace(evidence, cadence=timedelta(days=cadence)), (), NOW)
        assert next(one.status for one in checks if one.name == "freshness") == status


def test_a_live_source_that_contradicts_them_is_named_with_both_numbers() -> None:
    """Of the periods asked for, and of no others."""
    one = Disagreement("admin", "subscription", NOVEMBER.period, Bounds(400, 400), Bounds(0, 80), False)
    found = checked("reconciliation", rows=(NOVEMBER,), noted=Noted(disagreements=(one,)))
    assert found.status == "warn"
    assert "400 lines by the exports and 0 to 80 lines by admin" in found.seen
    later = row_of(NOVEMBER.period.end)
    assert checked("reconciliation", rows=(later,), noted=Noted(disagreements=(one,))).status == "pass"


def test_each_surface_is_held_to_its_own_id() -> None:
    """A company has one id on each: the worst of them counts, and both are told."""
    named = {"claude_ai": (OURS,), "console": (THEIRS,)}
    for expected, status in (
        ({"claude_ai": OURS, "console": THEIRS}, "pass"),
        ({"claude_ai": OURS}, "unknown"),
        ({"claude_ai": THEIRS, "console": OURS}, "fail"),
    ):
        evidence = ExportsEvidence(msgspec.structs.replace(HEAD, organizations=named), expected)
        found = next(one for one in check_exports(evidence, (), NOW) if one.name == "expected-organization")
        assert found.status == status
        assert found.seen == f"claude_ai: {OURS}; console: {THEIRS}"
        assert bool(found.action) == (status != "pass")


def test_two_organisations_of_one_surface_are_one_too_many() -> None:
    """Nobody said which is meant, and both cannot be."""
    evidence = ExportsEvidence(msgspec.structs.replace(HEAD, organizations={"claude_ai": (OURS, THEIRS)}))
    found = next(one for one in check_exports(evidence, (), NOW) if one.name == "expected-organization")
    assert (found.status, found.seen) == ("warn", f"{OURS}, {THEIRS}")


def test_old_exports_are_usable_and_anothers_are_not() -> None:
    """A failing check takes the periods that it names; that of the age names none."""
    stale = Check("freshness", "exports", "fail", "", "")
    others = Check("expected-organization", "exports", "fail", "", "", periods=[NOVEMBER.label])
    open_end = row_of(datetime(2026, 11, 13, 16, tzinfo=UTC), covered=False)
    assert exports_usable([stale], [NOVEMBER, open_end]) == {NOVEMBER.label}
    assert exports_usable([stale, others], [NOVEMBER]) == set()


def test_nothing_between_two_looks_is_unknown_coverage() -> None:
    """Without a period there is nothing to cover."""
    assert checked("coverage").status == "unknown"


def test_files_set_aside_are_reconciliations_warning() -> None:
    """A file that others contradict is told with the periods of its month, and with no others."""
    assert checked("reconciliation", rows=(NOVEMBER,)).status == "pass"
    assert checked("reconciliation", rows=(NOVEMBER,), set_aside={"2026-11": 2}).status == "warn"
    assert checked("reconciliation", rows=(NOVEMBER,), set_aside={"2026-09": 2}).status == "pass"
