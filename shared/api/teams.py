"""What is answered about one team: its rows in the place of everybody's, or why not.

The rows of everybody that were read say which periods there are, what they can be trusted for, and which two
the answer compares; the team's own say the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from shared.adoption.sentences import unknown_sentence
from shared.adoption.teams import team_key
from shared.adoption.too_few import ACTION, is_hidden, without_few
from shared.api.principal import NAMES
from shared.api.problems import NOT_FOUND, TOO_FEW, Problem
from shared.records import Answer

if TYPE_CHECKING:
    from shared.app import App
    from shared.periods import Granularity
    from shared.reading import Reading
    from shared.records import PeriodRow, TeamRow

_NOBODY = "nobody was on the team then"

#: Where a row stands: in which partitions, and under which key.
_Place = tuple["Granularity", str]


def of_team(app: App, reading: Reading, team: str, *, names: bool) -> tuple[str, Reading]:
    """The team's name as it is written, and what was read, of that team: the periods in which it had anybody,
    and everybody's rows with the team's verdicts. ``names``: whether the reader may see them.

    Raises the Problem ``not-found`` where no row that was read knows the team; ``too-few`` where, without
    ``names``, it is too small in the newest of the periods asked for.
    """
    kept = _kept(app, team_key(team), reading)

    def of(row: PeriodRow) -> TeamRow | None:
        return kept.get(_place_of(row, reading))

    asked = [one for row in reading.asked if (one := of(row)) is not None]
    newest = max(asked or kept.values(), key=lambda one: one.row.period.end, default=None)
    if newest is None:
        raise Problem(NOT_FOUND, "No team of that name was on the roster in the periods that were read.")
    if not names and is_hidden(newest.sizes):
        raise Problem(TOO_FEW, requiredRole=NAMES, action=ACTION)

    def shown(one: TeamRow) -> PeriodRow:
        return one.row if names else without_few(one)

    def with_verdict(row: PeriodRow) -> PeriodRow:
        one = of(row)
        nobody = Answer("unknown", unknown_sentence(_NOBODY), period=row.period, reason=_NOBODY)
        return msgspec.structs.replace(row, answer=shown(one).answer if one else nobody)

    return newest.name, reading._replace(
        weeks=[with_verdict(row) for row in reading.weeks],
        exported=with_verdict(reading.exported) if reading.exported else None,
        asked=[shown(one) for one in asked],
    )


def _kept(app: App, team: str, reading: Reading) -> dict[_Place, TeamRow]:
    """The team's rows beside everybody's that were read."""
    rows = [*reading.weeks, *reading.asked, *filter(None, [reading.exported])]
    keys: dict[Granularity, set[str]] = {}
    for kind, key in (_place_of(row, reading) for row in rows):
        keys.setdefault(kind, set()).add(key)
    return {
        (kind, key): row
        for kind, wanted in keys.items()
        for key, row in app.teams.read(kind, team, wanted).items()
    }


def _place_of(row: PeriodRow, reading: Reading) -> _Place:
    from shared.store.period_rows import (  # the contract names this module, and needs no storage
        ANSWER,
        key_of,
    )

    return row.period.kind, ANSWER if row is reading.exported else key_of(row.period)
