"""The rows of a period's teams, out of everybody's row and a way to build one team's part of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from decimal import Decimal
from typing import NamedTuple

import msgspec

from shared.adoption.figures import exact, money
from shared.adoption.sentences import unknown_sentence
from shared.adoption.teams import Team
from shared.adoption.too_few import keep_back
from shared.records import Answer, Figure, PeriodRow, TeamRow, TeamSizes

NOBODY_STAYED = "nobody is on the team in both periods"

_NOBODY: frozenset[str] = frozenset()


class Rows(NamedTuple):
    """A period's row of everybody, and those of its teams by their keys."""

    everybody: PeriodRow
    teams: Mapping[str, TeamRow]


class Membership(NamedTuple):
    """Who is on the roster at a period's end, and on which team."""

    roster: frozenset[str] = frozenset()
    teams: Mapping[str, Team] = {}

    def of(self, team: str) -> frozenset[str]:
        """The members of a team, by its key."""
        return self.teams[team].members if team in self.teams else _NOBODY


def rows_of_teams(
    whole: PeriodRow,
    now: Membership,
    before: Membership | None,
    build: Callable[[str], PeriodRow],
    users: Set[str] = _NOBODY,
) -> dict[str, TeamRow]:
    """Each team's row by its key; ``build`` makes it of the team's part.

    The sources, and so what they are trusted for, are those of everybody's row, ``whole``; ``before`` is None
    where there is no period before it. ``users`` are all whose use is in everybody's figures, or may be.
    """
    rows, sizes = {}, {}
    former = before or Membership()
    roster_stayed = len(now.roster & former.roster)
    for key, team in now.teams.items():
        then = former.of(key)
        stayed = len(team.members & then)
        row = build(key)
        rows[key] = msgspec.structs.replace(
            row,
            sources=whole.sources,
            unattributed=_nobodys(whole.unattributed),
            answer=_answer(row, nobody_stayed=before is not None and not stayed),
        )
        sizes[key] = TeamSizes(
            members=len(team.members),
            roster=len(now.roster),
            stayed=stayed,
            roster_stayed=roster_stayed,
            left=len(then) - stayed,
            off=len(users - now.roster),
        )
    return {key: TeamRow(now.teams[key].name, rows[key], one) for key, one in keep_back(sizes).items()}


def _nobodys(whole: Mapping[str, Figure]) -> dict[str, Figure]:
    """What belongs to no person belongs to no team."""
    return {name: exact(money(Decimal(0)) if name == "meteredCost" else 0) for name in whole}


def _answer(row: PeriodRow, *, nobody_stayed: bool) -> Answer:
    """No verdict over nobody: that would be a flat "no"."""
    if not nobody_stayed or row.answer.previous is None:
        return row.answer
    sentence = unknown_sentence(NOBODY_STAYED)
    return Answer("unknown", sentence, period=row.period, reason=NOBODY_STAYED)
