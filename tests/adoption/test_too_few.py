"""Nothing of a team's row tells a reader who may not see names of fewer than five people."""

from __future__ import annotations

import msgspec
import pytest

from shared.adoption.too_few import (
    DAYS,
    FEW,
    FEW_MOVED,
    FEW_STAYED,
    is_hidden,
    keep_back,
    tells_numbers,
    without_few,
)
from shared.periods import period_of
from shared.records import PeriodRow, Spread, TeamRow, TeamSizes
from tests.adoption.making import compared

TEAM = tuple("abcdefgh")
ROW = compared(dict.fromkeys(TEAM, 10), dict.fromkeys(TEAM, 20))
LARGE = TeamSizes(8, 20, stayed=8, roster_stayed=20)


def shown(**sizes: int) -> PeriodRow:
    """The row of a team of such sizes, with a joiner or leaver who is active."""
    answer = msgspec.structs.replace(ROW.answer, joiners=Spread(1, 1), leavers=Spread(1, 1))
    whole = msgspec.structs.replace(ROW, answer=answer)
    return without_few(TeamRow("Web", whole, msgspec.structs.replace(LARGE, **sizes)))


def test_of_enough_people_everything_is_shown() -> None:
    """Figures, verdict, and how many of nobody came or went."""
    row = shown()
    assert (row.figures, row.active, row.answer.counts) == (ROW.figures, ROW.active, ROW.answer.counts)
    assert shown(roster=8, roster_stayed=8) == row  # the team is the whole roster


@pytest.mark.parametrize("sizes", [{"members": 4}, {"roster": 12}, {"roster": 9}])
def test_a_period_of_too_few_has_neither_figure_nor_verdict(sizes: dict[str, int]) -> None:
    """On the team, or beside it: the difference from everybody would be theirs."""
    row = shown(**sizes)
    assert {figure.reason for figure in (*row.figures.values(), *row.active.values())} == {FEW}
    assert {figure.value for figure in (*row.figures.values(), *row.active.values())} == {None}
    assert {figure.low for figure in row.figures.values()} == {0}
    assert (row.answer.verdict, row.answer.reason, row.answer.counts) == ("unknown", FEW, None)


@pytest.mark.parametrize("sizes", [{"stayed": 4}, {"roster_stayed": 12}])
def test_a_verdict_over_too_few_is_withheld_alone(sizes: dict[str, int]) -> None:
    """Eight are on the team in either period, four of them in both."""
    row = shown(**sizes)
    assert row.figures == ROW.figures
    assert (row.answer.verdict, row.answer.reason) == ("unknown", FEW_STAYED)
    assert (row.answer.counts, row.answer.ranges, row.answer.joiners) == (None, None, None)


@pytest.mark.parametrize("sizes", [{"members": 9, "roster": 21}, {"members": 12, "roster": 24}, {"left": 4}])
def test_of_few_who_came_or_went_nobody_can_work_out_whether_they_are_active(sizes: dict[str, int]) -> None:
    """Who they are everybody knows; the team's active less those of the verdict are theirs, so the verdict
    stands without a number, in its sentence neither."""
    row = shown(**sizes)
    assert (row.figures, row.active, row.answer.verdict) == (ROW.figures, ROW.active, ROW.answer.verdict)
    answer = row.answer
    assert (answer.counts, answer.ranges, answer.joiners, answer.leavers) == (None, None, None, None)
    assert answer.sentence == f"Yes: {FEW_MOVED}."


def test_of_five_who_came_or_went_everything_is_told() -> None:
    """Five are enough, as on a team."""
    assert shown(members=13, roster=25).answer.joiners == Spread(1, 1)
    assert shown(left=5).answer.leavers == Spread(1, 1)
    assert shown(left=5).answer.counts == ROW.answer.counts


def hidden(roster: int, off: int = 0, /, **teams: int) -> set[str]:
    """Which teams are not shown, of so many members each."""
    sizes = {name: TeamSizes(members, roster, off=off) for name, members in teams.items()}
    return {name for name, one in keep_back(sizes).items() if is_hidden(one)}


def test_nobody_can_work_out_few_from_all_teams_that_are_shown() -> None:
    """Everybody less all of them is nobody, or five at least: else the smallest is kept back as well."""
    assert hidden(17, a=7, b=6, c=4) == {"b", "c"}
    assert hidden(15, a=6, b=6) == {"a"}  # three are on no team; of two equals the first by key
    assert hidden(18, a=7, b=6, c=5) == set()
    assert hidden(21, a=7, b=6, c=4, d=4) == {"c", "d"}  # the eight stand together


def test_who_is_off_the_roster_is_beside_every_team() -> None:
    """Their use is in everybody's figures alone, so it would be the difference."""
    assert hidden(12, 1, a=7, b=5) == {"b"}
    assert hidden(8, 1, a=8) == {"a"}
    assert hidden(12, 5, a=7, b=5) == set()
    assert hidden(11, 1, a=7) == {"a"}  # of the roster four are beside it, whoever else is


def test_nobody_can_work_out_few_from_the_verdicts_of_all_teams() -> None:
    """Who moved to another team, or is on none, is in everybody's verdict alone."""
    large = TeamSizes(8, 30, stayed=8, roster_stayed=20)
    few = keep_back({"a": large, "b": msgspec.structs.replace(large, members=9, stayed=9)})
    assert [name for name, one in few.items() if tells_numbers(one)] == ["b"]
    assert not any(is_hidden(one) for one in few.values())
    moved = keep_back({"a": large, "b": msgspec.structs.replace(large, members=10, stayed=9)})
    assert [name for name, one in moved.items() if tells_numbers(one)] == ["a"]
    verdict = without_few(TeamRow("A", ROW, few["a"])).answer
    assert (verdict.verdict, verdict.counts, verdict.sentence) == ("yes", None, f"Yes: {FEW_MOVED}.")


def test_single_days_of_a_team_are_withheld() -> None:
    """Seven days, each of who was on the team then, less their week, of who is on it at its end, would be
    what one who moved did before: the week stands, its days do not."""
    day = msgspec.structs.replace(ROW, period=period_of("day", ROW.period.last_day))
    row = without_few(TeamRow("Web", day, LARGE))
    assert {(one.value, one.reason) for one in (*row.figures.values(), *row.active.values())} == {
        (None, DAYS)
    }
    assert (row.answer.verdict, row.answer.reason, row.answer.counts) == ("unknown", DAYS, None)
