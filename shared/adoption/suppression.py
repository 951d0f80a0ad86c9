"""Which counts of a breakdown may be shown to who may not see names: none from which 1 to 4 people follow.

The breakdown is a table: a row for each team that is shown at all, and one, never shown, for everybody else;
a column for each cohort. Its totals are known: how many are on each team, and how many of everybody are in
each cohort. Small counts are withheld, and with them so many others that no small one can be worked out:
whoever knows all totals and all counts that are shown still finds two tables that fit, and differ there.

Such another table exists exactly where a count can be made one larger or smaller while others make up for it
in its row and its column, and theirs in turn: a cycle of steps, up along a row and down along a column.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence, Set
from operator import itemgetter

from shared.adoption.teams import TOO_FEW, is_too_few

Counts = Mapping[str, int]
Cell = tuple[int, int]

#: A row, or a column (False), that is one too many or one too few.
_Line = tuple[bool, int]


def shown_columns(everybody: Counts, teams: Mapping[str, Counts]) -> dict[str, frozenset[str]]:
    """Of each team that is shown, the columns whose counts are. Teams have nobody in common.

    A team that is everybody has no secrets: the whole is always shown. So has whatever the totals of the
    whole tell by themselves, such as that everybody is in one cohort.
    """
    columns = sorted(everybody)
    size = sum(everybody.values())
    shown = {name: of for name, of in sorted(teams.items()) if not is_too_few(sum(of.values()), size)}
    rows = [[of.get(column, 0) for column in columns] for of in shown.values()]
    rest = [everybody[column] - sum(row[at] for row in rows) for at, column in enumerate(columns)]
    if not any(rest):
        withheld = _withheld(rows, frozenset()) if len(rows) > 1 else frozenset()
    else:
        withheld = _withheld([*rows, rest], frozenset((len(rows), at) for at in range(len(columns))))
    return {
        name: frozenset(column for at, column in enumerate(columns) if (index, at) not in withheld)
        for index, name in enumerate(shown)
    }


def _withheld(rows: Sequence[Sequence[int]], hidden: frozenset[Cell]) -> frozenset[Cell]:
    """The cells to withhold. ``hidden`` is the row of those of whom nothing is shown."""
    small = sorted(cell for cell in _cells(rows) if _is_small(rows, cell, hidden))
    withheld = set(hidden).union(small)
    for cell in small:
        withheld |= _cheapest_cycle(rows, withheld, cell)
    return frozenset(withheld)


def _cells(rows: Sequence[Sequence[int]]) -> Iterator[Cell]:
    return ((row, column) for row in range(len(rows)) for column in range(len(rows[row])))


def _is_small(rows: Sequence[Sequence[int]], cell: Cell, hidden: frozenset[Cell]) -> bool:
    """One to four people; of a rest of so few even that nobody is there: it would tell of each of them."""
    if cell in hidden and 0 < sum(rows[cell[0]]) < TOO_FEW:
        return True
    return 0 < rows[cell[0]][cell[1]] < TOO_FEW


def _cheapest_cycle(rows: Sequence[Sequence[int]], withheld: Set[Cell], cell: Cell) -> Set[Cell]:
    """The cells that share a cycle with this one and cost the fewest counts; none where there is no cycle."""
    row, column = (True, cell[0]), (False, cell[1])
    ways = [_cheapest_way(rows, withheld, cell, column, row)]  # one more here, so one fewer in its column …
    if rows[cell[0]][cell[1]]:
        ways.append(_cheapest_way(rows, withheld, cell, row, column))  # one fewer here, one more in its row …
    found = [way for way in ways if way is not None]
    return min(found, key=itemgetter(0))[1] if found else frozenset()


def _cheapest_way(
    rows: Sequence[Sequence[int]], withheld: Set[Cell], but: Cell, start: _Line, goal: _Line
) -> tuple[int, frozenset[Cell]] | None:
    """Steps from one line to another over any cell but one: what they cost, and their cells.

    A cell that is shown costs what it tells, and at least 1; what is withheld already costs nothing.
    """
    ahead: list[tuple[int, _Line, tuple[Cell, ...]]] = [(0, start, ())]
    done: set[_Line] = set()
    while ahead:
        cost, line, way = heapq.heappop(ahead)
        if line == goal:
            return cost, frozenset(way)
        if line in done:
            continue
        done.add(line)
        for cell, there in _steps(rows, line):
            if cell != but and there not in done:
                price = 0 if cell in withheld else 1 + rows[cell[0]][cell[1]]
                heapq.heappush(ahead, (cost + price, there, (*way, cell)))
    return None


def _steps(rows: Sequence[Sequence[int]], line: _Line) -> Iterator[tuple[Cell, _Line]]:
    """From a row one up, to the column that has one too many then; from a column one down, where one is."""
    is_row, at = line
    if is_row:
        yield from (((at, column), (False, column)) for column in range(len(rows[at])))
    else:
        yield from (((row, at), (True, row)) for row in range(len(rows)) if rows[row][at])
