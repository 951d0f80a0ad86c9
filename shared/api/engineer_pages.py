"""Pages of engineers by name. Each is in the audit before it leaves; without its audit row there is no page.

A cursor names the version whose list it goes on with, so all pages of a list are of one version, and tell of
everybody once, whatever is published meanwhile.
"""

from __future__ import annotations

import re
import secrets
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from shared.adoption.figures import between
from shared.adoption.mixed import OFF_THE_EDGES
from shared.adoption.teams import team_key
from shared.api.cursors import cursor_of
from shared.api.parameters import EngineersQuery
from shared.api.principal import Principal
from shared.api.problems import BAD_PARAMETER, Problem, WrongParameter
from shared.records import AuditEntry, Cohort, Figure

if TYPE_CHECKING:
    from shared.app import App
    from shared.store.cohorts import Bounded, EngineerRow, Listing

_PLACE = re.compile(r"([0-9a-f]{16})/([0-9a-f]{16})?/([A-Za-z]+)?/([A-Za-z]+\|[0-9]{6})")


class EngineerShown(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """One engineer. ``name`` and ``email`` are null for who was erased, ``rank`` where ranges leave it open.

    ``lines_accepted`` and ``sessions`` are of all the periods, ``active_periods`` is in how many of them the
    engineer was active, ``last_seen`` the last day by which use shows. ``reason``: why the cohort is unknown.
    """

    name: str | None
    email: str | None
    team: str | None
    cohort: Cohort
    gaining: bool | None
    rank: int | None
    last_seen: date | None
    lines_accepted: Figure
    sessions: Figure
    active_periods: Figure
    reason: str | None = None


class Place(NamedTuple):
    """Where a page begins: in which version, of which team and cohort, at which row."""

    version: str
    team: str
    cohort: str
    row: str

    @property
    def cursor(self) -> str:
        return cursor_of("/".join(self))


def place_of(query: EngineersQuery) -> Place:
    """The place of the query's cursor. Raises ``bad-parameter`` where it is of another query."""
    found = _PLACE.fullmatch(query.after or "")
    place = Place(*(part or "" for part in found.groups())) if found else None
    if place is None or (place.team, place.cohort) != _filter(query):
        raise wrong_cursor("the nextCursor of the page before, with the same team and cohort")
    return place


def _filter(query: EngineersQuery) -> tuple[str, str]:
    return team_key(query.team) if query.team else "", query.cohort or ""


def wrong_cursor(expected: str) -> Problem:
    return Problem(BAD_PARAMETER, parameters=[WrongParameter("cursor", "a cursor", expected)])


def page_of(
    app: App,
    listing: Listing,
    query: EngineersQuery,
    place: Place | None,
    principal: Principal,
    now: datetime,
) -> tuple[list[EngineerShown], str | None]:
    """One page of engineers by name, and the cursor of the next. It is in the audit before it is returned."""
    team, cohort = _filter(query)
    page = app.cohorts.page(
        listing.version, team or None, query.cohort, place.row if place else "", query.limit
    )
    ids = {one.engineer_id for one in page.engineers}
    names = app.names.of(ids.union(one.name_id for one in page.engineers if one.name_id))
    app.audit.record(
        AuditEntry(
            audit_id=secrets.token_hex(8),
            what="names",
            of=f"team {team or 'any'}, cohort {cohort or 'any'}, from {place.row if place else 'the first'}",
            by=principal.subject,
            reason="",
            at=now,
            state="done",
            outcome=f"{len(ids)} engineers were shown by name",
            finished_at=now,
        )
    )
    after = Place(listing.version, team, cohort, page.next_place).cursor if page.next_place else None
    return [_shown(one, listing, names) for one in page.engineers], after


def _shown(one: EngineerRow, listing: Listing, names: dict[str, str]) -> EngineerShown:
    email = names.get(one.engineer_id)
    return EngineerShown(
        name=names.get(one.name_id or "") if email else None,  # who was erased may share a name
        email=email,
        team=one.team or None,
        cohort=one.cohort,
        gaining=one.gaining,
        rank=one.rank,
        last_seen=one.last_seen,
        lines_accepted=_figure(one.lines, listing, "linesAccepted"),
        sessions=_figure(one.sessions, listing, "sessions"),
        active_periods=_figure(one.active_periods, listing, listing.basis),
        reason=one.reason or None,
    )


def _figure(one: Bounded, listing: Listing, measure: str) -> Figure:
    return between(one.low, one.high, listing.doubts.get(measure) or OFF_THE_EDGES)
