"""``GET /api/engineers``: the cohorts. Counts for every reader; names, page by page, for who may see them.

Every reader is given the same counts of everybody. Of a team, a reader without names is given those of which
nothing follows about one to four people.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from shared.adoption.figures import between
from shared.adoption.teams import is_too_few, team_key
from shared.api.defence import read_what_can_be_defended
from shared.api.engineer_pages import EngineerShown, page_of, place_of, wrong_cursor
from shared.api.parameters import EngineersQuery, engineers_query
from shared.api.principal import NAMES, names_withheld, principal_of, require
from shared.api.problems import (
    NO_DATA_YET,
    NOT_FOUND,
    TOO_FEW,
    UNPROVEN,
    Problem,
)
from shared.api.responses import CACHED, JSON, UNCACHED, Request, Response, data_response, json_bytes
from shared.periods import Period
from shared.reading import span_of
from shared.records import COHORTS, Basis, Cohort, Figure, Trust

if TYPE_CHECKING:
    from shared.api.defence import Defended
    from shared.app import App
    from shared.store.cohorts import CohortCount, Listing, TeamCounts

_NO_ROSTER = "there is no roster: who never used it is not known"
_NO_VERDICT = "the newest verdict leaves it open"


class CohortShown(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """How many engineers are in a cohort, and how many of them started or gained in the newest verdict.

    ``suppressed``: the count is withheld, because it would tell of fewer than five people, or another one
    would through it. Of a team, ``gaining`` is told with names only. ``reason``: why it is not known.
    """

    cohort: Cohort
    engineers: int | None
    gaining: Figure | None
    suppressed: bool = False
    reason: str | None = None


class Engineers(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """The body of a 200: of up to four periods in a row, as of the end of the last.

    ``of`` is the roster's size there, of the team where one was asked for. ``names_withheld``: why there are
    no engineers. ``teams``: which can be asked for, by name; absent where there is none. ``stale``: as in
    ``/api/adoption``.
    """

    periods: list[Period]
    basis: Basis
    ranked_on: str
    of: int | None
    cohorts: list[CohortShown]
    engineers: list[EngineerShown]
    names_shown: bool
    trust: Trust
    data_as_of: datetime | None
    names_withheld: str | None = None
    next_cursor: str | None = None
    team: str | None = None
    teams: list[str] = []
    stale: bool = False
    demo: bool = False


def get_engineers(app: App, request: Request) -> Response:
    """Answer from the store alone. No names leave before it is written down that they do."""
    now = app.clock.now()
    principal = require(principal_of(request, app.settings, now=now), "Usage.Read")
    query = engineers_query(request.params, now=now)
    withheld = names_withheld(principal, app.settings)
    told = read_what_can_be_defended(app, span_of(None, None, None, today=now.date()), now)
    evaluation = told.evaluation
    place = None if query.after is None or withheld else place_of(query)
    listing = app.cohorts.listing(place.version if place else "")
    if listing is None and place is not None:
        raise wrong_cursor("a cursor of a list that is still kept; begin again without one")
    if listing is None:
        raise Problem(
            NO_DATA_YET, "No period is closed yet.", checks=evaluation.trust.checks, action=told.first_step
        )
    _refuse_unusable_periods(app, listing, told)
    team = _team(listing, query, named=not withheld)
    engineers, after = ([], None) if withheld else page_of(app, listing, query, place, principal, now)
    body = Engineers(
        periods=list(listing.periods),
        basis=listing.basis,
        ranked_on=listing.ranked_on,
        of=listing.of if team is None else _members(team),
        cohorts=[_count(listing, team, cohort, named=not withheld) for cohort in COHORTS],
        engineers=engineers,
        names_shown=not withheld,
        trust=evaluation.trust,
        data_as_of=told.heads.data_as_of,
        names_withheld=withheld or None,
        next_cursor=after,
        team=None if team is None else team.name,
        teams=_teams(listing, named=not withheld),
        stale=told.stale,
        demo=bool(app.settings.demo_world),
    )
    cached = CACHED if withheld else UNCACHED
    return data_response(json_bytes(body), request, content_type=JSON, cached=cached)


def _refuse_unusable_periods(app: App, listing: Listing, told: Defended) -> None:
    """Raise ``unproven`` where a period seems whole and none of its sources can be trusted. What is missing
    of a period is no reason: its ranges say so."""
    reading, evaluation = told.reading, told.evaluation
    labels = [period.label for period in listing.periods]
    rows = {row.label: row for row in reading.asked}
    usable = evaluation.usable
    if not rows.keys() >= set(labels):
        first, last = listing.periods[0], listing.periods[-1]
        rows = {row.label: row for row in app.periods.read(last.kind, first.end, last.end)}
        if reading.exported is not None:
            rows[reading.exported.label] = reading.exported
        usable = told.judge([rows[label] for label in labels if label in rows]).usable
    for label in labels:
        row = rows.get(label)
        if row and label not in usable and all(cover.covered for cover in row.sources):
            detail = f"{row.period.in_words()}: no source that covers it can be trusted."
            raise Problem(
                UNPROVEN, detail, checks=evaluation.trust.checks, action="See the checks that fail."
            )


# --- counts ------------------------------------------------------------------------------------


def _teams(listing: Listing, *, named: bool) -> list[str]:
    """The teams that the reader is not refused."""
    return sorted(team.name for team in listing.teams.values() if named or not _is_too_few(team, listing))


def _team(listing: Listing, query: EngineersQuery, *, named: bool) -> TeamCounts | None:
    """The team that was asked for. Raises ``not-found``, or ``too-few`` for who may not see names."""
    if query.team is None:
        return None
    team = listing.teams.get(team_key(query.team))
    if team is None:
        raise Problem(NOT_FOUND, "No team of that name was on the roster at the end of the newest period.")
    if not named and _is_too_few(team, listing):
        action = f"Ask for the role {NAMES}, or for the counts of everybody."
        raise Problem(TOO_FEW, requiredRole=NAMES, action=action)
    return team


def _is_too_few(team: TeamCounts, listing: Listing) -> bool:
    return is_too_few(_members(team), listing.of or 0)


def _members(team: TeamCounts) -> int:
    return sum(one.engineers for one in team.counts.values())


def _count(listing: Listing, team: TeamCounts | None, cohort: Cohort, *, named: bool) -> CohortShown:
    if cohort == "notYetStarted" and listing.of is None:
        return CohortShown(cohort, None, None, reason=_NO_ROSTER)
    if team is None:
        count = listing.counts[cohort]
        return CohortShown(cohort, count.engineers, _gaining(count))
    count = team.counts[cohort]
    if named:
        return CohortShown(cohort, count.engineers, _gaining(count))
    if cohort not in team.shown:
        return CohortShown(cohort, None, None, suppressed=True)
    return CohortShown(cohort, count.engineers, None)


def _gaining(count: CohortCount) -> Figure:
    return between(count.gaining, count.perhaps_gaining, _NO_VERDICT)
