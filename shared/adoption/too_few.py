"""A team's row as a reader may see it who may not see names: nothing in it tells of fewer than five."""

from __future__ import annotations

import msgspec

from shared.adoption.sentences import unknown_sentence
from shared.adoption.teams import TOO_FEW, is_too_few
from shared.records import Answer, Figure, PeriodRow, Spread, TeamRow

FEW = f"fewer than {TOO_FEW} people are on the team, or on the roster beside it"
FEW_STAYED = f"fewer than {TOO_FEW} people are on the team in both periods, or on the roster beside it"

ACTION = "Ask for the role Usage.Read.Named, or for the figures of everybody."

_WITHHELD = Figure(None, 0, None, FEW)


def without_few(one: TeamRow) -> PeriodRow:
    """The row without what is of too few: its figures, its verdict, or who came and went.

    Each period is judged by its own people: a team of eight today was one of four, and its figures of then
    are four people's.
    """
    row, sizes = one.row, one.sizes
    if is_too_few(sizes.members, sizes.roster):
        return msgspec.structs.replace(
            row,
            active=dict.fromkeys(row.active, _WITHHELD),
            figures=dict.fromkeys(row.figures, _WITHHELD),
            answer=_unknown(row, FEW),
        )
    if row.answer.previous is None:
        return row
    if is_too_few(sizes.stayed, sizes.roster_stayed):
        return msgspec.structs.replace(row, answer=_unknown(row, FEW_STAYED))
    answer = msgspec.structs.replace(
        row.answer,
        joiners=_unless_few(row.answer.joiners, sizes.joined),
        leavers=_unless_few(row.answer.leavers, sizes.left),
    )
    return msgspec.structs.replace(row, answer=answer)


def _unknown(row: PeriodRow, reason: str) -> Answer:
    return Answer("unknown", unknown_sentence(reason), period=row.period, reason=reason, action=ACTION)


def _unless_few(active: Spread | None, people: int) -> Spread | None:
    """How many of these people are active; nobody of none, and nothing of one to four."""
    return None if 0 < people < TOO_FEW else active
