"""A team: what it is called, who is on it on a day, and when its figures would point at somebody.

A team is what a roster file calls one. Two spellings that differ in case, width or spaces are one team; who
has none belongs to none, and the figures of people without a team are in those of everybody alone.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import date

from shared.adoption.roster import Roster

#: Figures of fewer people than this point at single ones of them.
TOO_FEW = 5

#: A team's name is shown, and can be asked for, up to this length.
LONGEST_NAME = 100

_KEY_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Team:
    """``name`` as it is written; ``members`` are the ids of the engineers who are on it."""

    name: str
    members: frozenset[str]


def normal_name(text: str) -> str:
    """The one spelling by which a team is known: NFKC, case-folded, words a space apart; empty for none."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.split())


def team_key(name: str) -> str:
    """What stands for a team in keys: sixteen hexadecimal digits, the same for every spelling."""
    return hashlib.sha256(normal_name(name).encode()).hexdigest()[:_KEY_LENGTH]


def teams_of(roster: Roster, day: date) -> dict[str, Team]:
    """The teams that have anybody on them on a day, by their keys. Of several spellings the first by the
    alphabet is the team's name, whatever the order of the lines."""
    by_spelling: dict[str, set[str]] = {}
    for engineer in roster.members(day):
        by_spelling.setdefault(roster.team_of(engineer, day), set()).add(engineer)
    members: dict[str, set[str]] = {}
    spellings: dict[str, list[str]] = {}
    for spelling, engineers in by_spelling.items():
        if normal_name(spelling):
            key = team_key(spelling)
            members.setdefault(key, set()).update(engineers)
            spellings.setdefault(key, []).append(" ".join(spelling.split()))
    return {key: Team(min(spellings[key])[:LONGEST_NAME], frozenset(members[key])) for key in sorted(members)}


def is_too_few(members: int, roster: int) -> bool:
    """Whether the figures of a team are kept from readers without the names role: fewer than five are on it,
    or one to four are not, of whom the difference from everybody would tell.

    A team that is the whole roster is none of these: everybody's figures are served in any case.
    """
    others = roster - members
    return members < TOO_FEW or 0 < others < TOO_FEW
