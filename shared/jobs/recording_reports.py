"""What an export of a range of days says, recorded: who used how much, who holds which seat, what it cost."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

from shared.adoption.daily import millionths
from shared.adoption.told import NOBODYS
from shared.records import Actor, Report
from shared.sources.exports import ConsoleCost, Members, MembersAnalytics, SpendReport
from shared.store.exports import FILE_VERSION, part_of
from shared.store.manifests import EXPORTS

if TYPE_CHECKING:
    from shared.app import App
    from shared.records import Receipt
    from shared.store.people import People

RangeExport = SpendReport | MembersAnalytics | Members | ConsoleCost
RANGE_EXPORTS = (SpendReport, MembersAnalytics, Members, ConsoleCost)


class Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a report says, with ids in the place of addresses and keys' names.

    ``amounts``, by measure and actor, of the whole range; money in millionths of a US dollar. ``days``: the
    same of single days, for cost. ``last_active``, where there is such a day, and ``seats``, the tier of
    whoever holds one, are of members.
    """

    amounts: dict[str, dict[str, int]] = {}
    days: dict[date, dict[str, int]] = {}
    last_active: dict[str, date] = {}
    seats: dict[str, str] = {}


def keep(app: App, receipt: Receipt, said: RangeExport, content: str) -> Report:
    """Store what an export says; the report that it is."""
    kept = _kept(said, app.people())
    app.facts.write_value(EXPORTS, part_of(receipt.receipt_id), FILE_VERSION, kept)
    first, last = days_of(said)
    return Report(
        report_id=receipt.receipt_id,
        kind=said.kind,
        surface=said.surface,
        population=said.population,
        organization=said.organization,
        first=first,
        last=last,
        since=min([first, *(day + timedelta(days=1) for day in kept.last_active.values())]),
        moment=said.moment,
        date_only=said.date_only,
        evidence=said.evidence,
        content=content,
        people=people_in(said),
        active=sum(
            count > 0 for count in kept.amounts.get("sessions", kept.amounts.get("tokens", {})).values()
        ),
    )


def days_of(said: RangeExport) -> tuple[date, date]:
    """The first and the last day of which an export tells."""
    match said:
        case SpendReport() | ConsoleCost():
            return said.span.first, said.span.last
        case MembersAnalytics():
            return said.window.first, said.window.last
        case Members():
            return said.moment.date(), said.moment.date()


def people_in(said: RangeExport) -> int:
    """How many people, or keys, are listed."""
    match said:
        case SpendReport():
            return len(said.users)
        case ConsoleCost():
            return len({one.key for one in said.costs if one.key is not None})
        case MembersAnalytics() | Members():
            return len(said.members)


def _kept(said: RangeExport, people: People) -> Kept:
    match said:
        case SpendReport():
            return _spend(said, people)
        case ConsoleCost():
            return _cost(said, people)
        case MembersAnalytics():
            ids = _ids(people, (one.address for one in said.members))
            return Kept(
                amounts={"sessions": {ids[one.address]: one.code_sessions for one in said.members}},
                last_active={ids[one.address]: one.last_active for one in said.members if one.last_active},
                seats={ids[one.address]: one.tier for one in said.members if one.holds_seat},
            )
        case Members():
            ids = _ids(people, (one.address for one in said.members))
            return Kept(seats={ids[one.address]: one.tier for one in said.members if one.holds_seat})


def _ids(people: People, addresses: Iterable[str]) -> dict[str, str]:
    found = people.identify(Actor("engineer", address) for address in addresses)
    return {actor.name: identifier for actor, identifier in found.items()}


def _spend(said: SpendReport, people: People) -> Kept:
    """Who used nothing of Claude Code is not in it, whatever other products cost."""
    ids = _ids(people, (one.address for one in said.users))
    tokens = {ids[one.address]: one.spend.tokens for one in said.users}
    cost = {ids[one.address]: millionths(one.spend.net) for one in said.users}
    if said.unattributed.tokens:
        tokens[NOBODYS] = said.unattributed.tokens
    if said.unattributed.net:
        cost[NOBODYS] = millionths(said.unattributed.net)
    return Kept(amounts={"tokens": tokens, "meteredCost": cost})


def _cost(said: ConsoleCost, people: People) -> Kept:
    """Each day's cost by key, of Claude Code alone: other programs use the organisation's API, too."""
    of_claude_code = [one for one in said.costs if one.is_claude_codes]
    ids = people.identify(one.key for one in of_claude_code if one.key is not None)
    days: dict[date, dict[str, int]] = {}
    for one in of_claude_code:
        actor = NOBODYS if one.key is None else ids[one.key]
        day = days.setdefault(one.day, {})
        day[actor] = day.get(actor, 0) + millionths(one.cost)
    return Kept(days=days)
