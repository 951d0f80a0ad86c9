"""A team's row as a reader may see it who may not see names: nothing in it tells of fewer than five."""

from __future__ import annotations

import msgspec

from shared.adoption.sentences import unknown_sentence
from shared.adoption.teams import TOO_FEW, is_too_few
from shared.records import Answer, Figure, PeriodRow, TeamRow

FEW = f"fewer than {TOO_FEW} people are on the team, or on the roster beside it"
FEW_STAYED = f"fewer than {TOO_FEW} people are on the team in both periods, or on the roster beside it"
FEW_MOVED = f"how many is withheld, because fewer than {TOO_FEW} people joined the team or left it"

ACTION = "Ask for the role Usage.Read.Named, or for the figures of everybody."

_WITHHELD = Figure(None, 0, None, FEW)


def without_few(one: TeamRow) -> PeriodRow:
    """The row without what is of too few: its figures, its verdict, or the verdict's numbers.

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
    if _are_few(sizes.joined) or _are_few(sizes.left):
        return msgspec.structs.replace(row, answer=_verdict_alone(row.answer))
    return row


def _unknown(row: PeriodRow, reason: str) -> Answer:
    return Answer("unknown", unknown_sentence(reason), period=row.period, reason=reason, action=ACTION)


def _verdict_alone(answer: Answer) -> Answer:
    """The verdict without a number. How many are active of those who stayed, taken from how many are active
    on the team, would say it of those who came, and in the period before of those who went."""
    sentence = answer.sentence
    if answer.verdict != "unknown":
        sentence = f"{answer.verdict.capitalize()}: {FEW_MOVED}."
    return msgspec.structs.replace(
        answer, sentence=sentence, counts=None, ranges=None, joiners=None, leavers=None
    )


def _are_few(people: int) -> bool:
    return 0 < people < TOO_FEW
