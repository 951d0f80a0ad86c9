"""From what is shown without names no count of one to four people follows; checked by trying every table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.adoption.suppression import shown_columns
from shared.adoption.teams import TOO_FEW, is_too_few

Row = tuple[int, ...]
COLUMNS = "abc"


def shown(rows: Mapping[str, Row], nobody_on: Row = (0, 0, 0)) -> dict[str, str]:
    """What is shown of each team, as the letters of the columns. ``nobody_on``: of those without a team."""
    everybody = {
        column: sum(row[at] for row in (*rows.values(), nobody_on)) for at, column in enumerate(COLUMNS)
    }
    teams = {name: dict(zip(COLUMNS, row, strict=True)) for name, row in rows.items()}
    return {team: "".join(sorted(of)) for team, of in shown_columns(everybody, teams).items()}


def test_small_counts_are_withheld_and_others_with_them() -> None:
    """Web's two are withheld; its total would tell them, so a second of its counts is; and the columns'
    totals would tell both, so two of Ops are, too."""
    told = shown({"web": (2, 5, 6), "ops": (7, 8, 9)})
    assert "a" not in told["web"]
    assert len(told["web"]) == 1
    assert told["ops"] == told["web"]


def test_where_nothing_is_small_everything_is_shown() -> None:
    """Nobody in a cohort is no person; zeros of five people or more are shown."""
    assert shown({"web": (5, 6, 0), "ops": (9, 0, 0)}, (5, 5, 5)) == {"web": "abc", "ops": "abc"}


def test_a_rest_of_a_few_people_is_not_told_by_what_the_teams_leave_over() -> None:
    """Nine and eight of twenty: of the three others it does not follow either that none is in a cohort."""
    told = shown({"web": (9, 0, 0), "ops": (0, 8, 0)}, (0, 0, 3))
    assert told == {"web": "", "ops": ""} or all(len(of) < 3 for of in told.values())


def test_a_team_that_is_everybody_has_no_secrets() -> None:
    """The whole is always shown, under whatever name."""
    assert shown({"web": (1, 2, 3)}) == {"web": "abc"}


def test_a_team_that_is_too_small_is_not_in_the_table() -> None:
    """Neither one of four, nor one but for whom four are left."""
    assert shown({"web": (1, 2, 1), "ops": (9, 9, 9)}) == {}


counts = st.tuples(*[st.integers(0, 6)] * 3)


@settings(max_examples=150, deadline=None)
@given(st.lists(counts, min_size=1, max_size=3), counts)
def test_no_count_of_one_to_four_can_be_derived(rows: list[Row], nobody_on: Row) -> None:
    """Of all tables with the totals and the counts that are shown, some two differ in each small count, of
    each team and of everybody else. But for what follows from the totals alone."""
    teams = {f"t{at}": row for at, row in enumerate(rows)}
    told = shown(teams, nobody_on)
    known = [row for name, row in teams.items() if name in told]
    rest = tuple(
        sum(row[at] for row in (*rows, nobody_on)) - sum(row[at] for row in known) for at in range(3)
    )
    assert told.keys() == {
        name for name, row in teams.items() if not is_too_few(sum(row), sum(map(sum, (*rows, nobody_on))))
    }
    if not known or (len(known) == 1 and not any(rest)):
        return
    table = [*known, rest] if any(rest) else known
    masks = ["".join(told[name]) for name in teams if name in told] + ([""] if any(rest) else [])
    is_fixed = derivable(table, masks)
    is_hopeless = derivable(table, [""] * len(table))
    for at, row in enumerate(table):
        few = at == len(known) and 0 < sum(row) < TOO_FEW
        for column, one in enumerate(row):
            if few or 0 < one < TOO_FEW:
                assert COLUMNS[column] not in masks[at]
                assert not is_fixed[at][column] or is_hopeless[at][column]


def derivable(table: Sequence[Row], masks: Sequence[str]) -> list[list[bool]]:
    """Which cells are the same in all tables that a reader has to think possible."""
    totals = tuple(sum(row[at] for row in table) for at in range(3))
    seen: list[list[set[int]]] = [[set(), set(), set()] for _ in table]

    @cache
    def fill(at: int, left: Row) -> bool:
        if at == len(table):
            return not any(left)
        fits = False
        for row in _rows_like(table[at], masks[at], left):
            if fill(at + 1, tuple(a - b for a, b in zip(left, row, strict=True))):
                fits = True
                for column, one in enumerate(row):
                    seen[at][column].add(one)
        return fits

    fill(0, totals)
    return [[len(values) == 1 for values in row] for row in seen]


def _rows_like(row: Row, mask: str, left: Row) -> Iterator[Row]:
    """Every row with this one's total and shown counts, within what the columns have left."""
    size = sum(row)
    for first in range(min(size, left[0]) + 1):
        for second in range(min(size - first, left[1]) + 1):
            other = (first, second, size - first - second)
            if other[2] <= left[2] and all(
                other[at] == row[at] for at, column in enumerate(COLUMNS) if column in mask
            ):
                yield other


@pytest.mark.parametrize("teams", [1, 120])
def test_the_pattern_does_not_depend_on_the_order_of_teams(teams: int) -> None:
    """The same table, told in another order, is withheld in the same places, however many teams there are."""
    rows = {f"t{at:03}": ((at * 7) % 9, (at * 5) % 11, 6) for at in range(teams)}
    backwards = dict(reversed(rows.items()))
    assert shown(rows, (9, 9, 9)) == shown(backwards, (9, 9, 9))
