"""Cohorts are written anew when something changed that they follow from, and then as a whole."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from shared.adoption.answer import SETTLING
from shared.adoption.cohorts import History, Placed, cohorts_of, history_of
from shared.adoption.suppression import shown_columns
from shared.adoption.teams import Team, teams_of
from shared.errors import StoreConflict
from shared.jobs.cohort_periods import closed_periods, mixed, moved
from shared.jobs.sightings import sightings
from shared.periods import ONE_DAY, period_of
from shared.records import COHORTS, Cohort
from shared.store.cohorts import (
    GRACE,
    SCHEMA,
    Bounded,
    CohortCount,
    EngineerRow,
    HeldCohorts,
    Listing,
    Published,
    Retired,
    TeamCounts,
)
from shared.store.period_rows import Inputs

if TYPE_CHECKING:
    from shared.adoption.ranges import Range
    from shared.app import App
    from shared.jobs.workshop import Workshop


def rebuild_cohorts(app: App, workshop: Workshop, *, everything: bool = False) -> None:
    """Bring the cohorts up to what the workshop read; where nothing changed that is one read.

    Raises StoreConflict where another run has published something newer meanwhile.
    """
    manifest = workshop.shelf.manifest
    held = app.cohorts.held()
    if not (held.etag or workshop.book.days() or manifest.looks or manifest.reports):
        return
    inputs = _inputs(app, workshop)
    if not everything and (held.schema > SCHEMA or (held.etag and held.published.inputs == inputs)):
        return
    if held.published.inputs.newer_than(inputs) and workshop.is_behind():
        raise StoreConflict("the stored cohorts were built from newer inputs")
    made = _make(app, workshop)
    content = hashlib.sha256(msgspec.msgpack.encode(made)).hexdigest()[:16]
    listing = held.listing
    if everything or content != held.published.content:
        listing = None
        if made.listing is not None:
            listing = msgspec.structs.replace(made.listing, version=secrets.token_hex(8))
            app.cohorts.write(listing, made.engineers)
    app.cohorts.publish(
        held,
        Published(inputs, content, made.summaries, _retired(app, held, listing, made.summaries)),
        listing,
    )


def _inputs(app: App, workshop: Workshop) -> Inputs:
    """Everything that the cohorts follow from: the days up to the newest period that can be closed, whatever
    exports and configuration say, and which week is over, and should be settled, by now."""
    now = app.clock.now()
    ended, due = (period_of("week", at.date()).start for at in (now, now - SETTLING))
    edges = workshop.mixer.edges
    until = max([ended.date() - ONE_DAY, *(edge.moment.date() for edge in edges[-1:])])
    return Inputs(
        days=workshop.book.versions([day for day in sorted(workshop.book.days()) if day <= until]),
        keys=workshop.everything.keys,
        start=f"{ended.date()}|{due.date()}",
        settings=f"{app.settings.of_figures}|{app.settings.grace_days}",
    )


class _Made(NamedTuple):
    """A listing without a version, None where no period is closed; its engineers; what was read for it."""

    listing: Listing | None
    engineers: list[EngineerRow]
    summaries: tuple[str, ...]


def _make(app: App, workshop: Workshop) -> _Made:
    periods = closed_periods(app, workshop)
    history = history_of([mixed(workshop, one, workshop.by_daily(one)) for one in periods])
    if history is None:
        return _Made(None, [], ())
    newest = history.periods[-1]
    seen, summaries = sightings(app, workshop, newest.end)
    roster = workshop.shelf.roster
    members = roster.members(newest.last_day) if roster else frozenset(seen)
    actors = app.people().actors()
    placed = cohorts_of(
        members,
        history,
        seen=seen,
        since=roster.since(newest.last_day),
        grace_days=app.settings.grace_days,
        moved=moved(workshop, newest),
        addresses={one: actors[one].name for one in members if one in actors},
    )
    teams = teams_of(roster, newest.last_day)
    team_of = {member: team.name for team in teams.values() for member in team.members}
    engineers = [
        EngineerRow(
            engineer_id=one.engineer,
            name_id=roster.name_of(one.engineer, newest.last_day),
            team=team_of.get(one.engineer, ""),
            cohort=one.cohort,
            place=one.place,
            rank=one.rank,
            gaining=one.gaining,
            lines=_bounded(one.lines),
            sessions=_bounded(one.sessions),
            active_periods=_bounded(one.active_periods),
            last_seen=one.last_seen,
            reason=one.reason,
        )
        for one in placed
    ]
    return _Made(_listing(history, placed, teams, has_roster=bool(roster)), engineers, summaries)


def _bounded(one: Range) -> Bounded:
    return Bounded(one.low, one.high)


def _listing(
    history: History, placed: list[Placed], teams: Mapping[str, Team], *, has_roster: bool
) -> Listing:
    counts = _counts(placed)
    of_teams = {
        key: _counts(one for one in placed if one.engineer in team.members) for key, team in teams.items()
    }
    shown = shown_columns(
        {cohort: one.engineers for cohort, one in counts.items()},
        {key: {cohort: one.engineers for cohort, one in of.items()} for key, of in of_teams.items()},
    )
    return Listing(
        version="",
        periods=history.periods,
        basis=history.basis,
        ranked_on=history.ranked_on,
        of=len(placed) if has_roster else None,
        counts=counts,
        teams={
            key: TeamCounts(
                team.name,
                of_teams[key],
                tuple(cohort for cohort in COHORTS if cohort in shown.get(key, ())),
            )
            for key, team in teams.items()
        },
        doubts=history.doubts,
    )


def _counts(placed: Iterable[Placed]) -> dict[Cohort, CohortCount]:
    numbers = {cohort: [0, 0, 0] for cohort in COHORTS}
    for one in placed:
        of = numbers[one.cohort]
        of[0] += 1
        of[1] += one.gaining is True
        of[2] += one.gaining is not False
    return {cohort: CohortCount(*of) for cohort, of in numbers.items()}


def _retired(
    app: App, held: HeldCohorts, listing: Listing | None, summaries: tuple[str, ...]
) -> tuple[Retired, ...]:
    """What the head referred to lately and does not any more: somebody may still be reading it."""
    now = app.clock.now()
    before = {*held.published.summaries, *([held.listing.version] if held.listing else [])}
    after = {*summaries, *([listing.version] if listing else [])}
    lately = [one for one in held.published.retired if now - one.at < GRACE and one.name not in after]
    return (*lately, *(Retired(name, now) for name in sorted(before - after)))
