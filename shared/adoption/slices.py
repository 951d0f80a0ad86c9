"""One team's part of what is told of a period: the shares of its members, and of nobody else.

Use that belongs to no person belongs to no team. A member whom a source does not list has a stranger's share
there; nobody else who is not listed is on the team.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from shared.adoption.daily import Daily
from shared.adoption.mixed import OPEN_END, Mixed
from shared.adoption.period_rows import Span
from shared.adoption.seats import SeatCost
from shared.adoption.tallies import Tally
from shared.adoption.timeline import Added
from shared.adoption.told import Told

_NOTHING = Added(0, 0)


def span_of_team(span: Span, members: frozenset[str], seats: SeatCost) -> Span:
    """The members' part of a period of daily sources; ``seats``: what theirs cost."""
    sums = _tally(span.tally, members)
    uses = {engineer: span.uses[engineer] for engineer in sums.people}
    return replace(span, tally=sums, uses=uses, roster=members, seats=seats)


def mixed_of_team(mixed: Mixed, members: frozenset[str], seats: SeatCost) -> Mixed:
    """The members' part of a period of which exports tell."""
    in_order = sorted(members)  # so that reasons come in the same order whenever the row is made
    return replace(
        mixed,
        daily=tuple(_daily(one, in_order) for one in mixed.daily),
        exported=tuple(_told(one, in_order) for one in mixed.exported),
        roster=members,
        seats=seats,
    )


def _tally(sums: Tally, members: Iterable[str]) -> Tally:
    return Tally({engineer: sums.people[engineer] for engineer in members if engineer in sums.people})


def _daily(daily: Daily, members: list[str]) -> Daily:
    return replace(
        daily,
        inside=_tally(daily.inside, members),
        touched=_tally(daily.touched, members),
        ended=_tally(daily.ended, members),
    )


def _told(told: Told, members: list[str]) -> Told:
    added = {engineer: told.of(engineer) for engineer in members}
    is_open = told.is_open and any(one.high is None for one in added.values())
    doubt = told.doubt or (OPEN_END if is_open else None)
    return replace(told, added=added, stranger=_NOTHING, doubt=doubt)
