"""A team's row as a reader may see it who may not see names: nothing in it tells of fewer than five."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from shared.adoption.sentences import unknown_sentence
from shared.adoption.teams import TOO_FEW, is_too_few
from shared.records import Answer, Figure, PeriodRow, TeamRow, TeamSizes

FEW = f"fewer than {TOO_FEW} people are on the team, or beside it, or beside all teams that are shown"
FEW_STAYED = f"fewer than {TOO_FEW} people are on the team in both periods, or on the roster beside it"
FEW_MOVED = (
    f"how many is withheld, because fewer than {TOO_FEW} people joined the team or left it, "
    "or are beside all teams that are shown"
)

DAYS = (
    "a team's single days are withheld: with its weeks they would tell of who joined it or left it meanwhile"
)

ACTION = "Ask for the figures of everybody; or, where SHOW_NAMES is on, for the role Usage.Read.Named."


def without_few(one: TeamRow) -> PeriodRow:
    """The row without what is of too few: its figures, its verdict, or the verdict's numbers.

    Each period is judged by its own people: a team of eight today was one of four, and its figures of then
    are four people's.
    """
    row, sizes = one.row, one.sizes
    reason = FEW if is_hidden(sizes) else DAYS if row.period.kind == "day" else None
    if reason is not None:
        withheld = Figure(None, 0, None, reason)
        return msgspec.structs.replace(
            row,
            active=dict.fromkeys(row.active, withheld),
            figures=dict.fromkeys(row.figures, withheld),
            answer=_unknown(row, reason),
        )
    if row.answer.previous is None:
        return row
    if is_too_few(sizes.stayed, sizes.roster_stayed):
        return msgspec.structs.replace(row, answer=_unknown(row, FEW_STAYED))
    if not tells_numbers(sizes):
        return msgspec.structs.replace(row, answer=_verdict_alone(row.answer))
    return row


def is_hidden(sizes: TeamSizes) -> bool:
    """Whether a team's figures are withheld: of too few, or too few are beside it, on the roster or in
    everybody's figures, or beside all teams that are shown."""
    everybody = sizes.roster + sizes.off
    return sizes.kept_back or any(is_too_few(sizes.members, whole) for whole in (sizes.roster, everybody))


def tells_numbers(sizes: TeamSizes) -> bool:
    """Whether a verdict may be told with its numbers, where the team is shown."""
    is_few = is_too_few(sizes.stayed, sizes.roster_stayed) or _are_few(sizes.joined) or _are_few(sizes.left)
    return not (is_few or sizes.numbers_kept_back)


def keep_back(teams: Mapping[str, TeamSizes]) -> dict[str, TeamSizes]:
    """The sizes of all teams of a period, marked where one of them is not to be shown because of the others.

    Everybody's figures less those of all teams that are shown are those of who is left; where these are one
    to four, the smallest of the teams is kept back as well, and stands among them.
    """
    found = dict(teams)
    shown = {key: one.members for key, one in found.items() if not is_hidden(one)}
    if shown:
        whole = found[min(shown)]
        if least := _least(shown, whole.roster, whole.roster + whole.off):
            found[least] = msgspec.structs.replace(found[least], kept_back=True)
    told = {key: one.stayed for key, one in found.items() if not is_hidden(one) and tells_numbers(one)}
    if told and (least := _least(told, found[min(told)].roster_stayed)):
        found[least] = msgspec.structs.replace(found[least], numbers_kept_back=True)
    return found


def _least(teams: Mapping[str, int], *wholes: int) -> str | None:
    """The smallest of the teams, where one to four people are on none of them."""
    together = sum(teams.values())
    return (
        min(teams, key=lambda key: (teams[key], key))
        if any(_are_few(one - together) for one in wholes)
        else None
    )


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
