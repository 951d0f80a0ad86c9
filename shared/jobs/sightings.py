"""When each engineer showed use of Claude Code, for the first and for the last time, in whichever source.

Days of a live source are many, and most of them never change again: of each month it is kept on which days
everybody was seen first and last, under a name for the facts that say so.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from shared.adoption.cohorts import Seen
from shared.adoption.told import is_person
from shared.jobs.shelf import month_of
from shared.periods import ONE_DAY, midnight, period_of
from shared.store.cohorts import Days, summary_partition

if TYPE_CHECKING:
    from shared.app import App
    from shared.jobs.workshop import Workshop

#: What a report tells that is use.
_USE = ("tokens", "sessions")


class Sightings(NamedTuple):
    """Everybody who was ever seen, and the summaries of months that say so."""

    seen: dict[str, Seen]
    summaries: tuple[str, ...]


def sightings(app: App, workshop: Workshop, until: datetime) -> Sightings:
    """Whoever showed use up to a moment. Each time is the moment by which a source shows it."""
    seen: dict[str, Seen] = {}
    summaries: list[str] = []
    for person, first, last in (
        *_by_exports(workshop, until),
        *_by_reports(workshop, until),
        *_by_days(app, workshop, until, summaries),
    ):
        if is_person(person):
            known = seen.get(person, Seen(first, last))
            seen[person] = Seen(min(first, known.first), max(last, known.last))
    return Sightings(seen, tuple(summaries))


_Sighting = tuple[str, datetime, datetime]


def _by_exports(workshop: Workshop, until: datetime) -> Iterator[_Sighting]:
    """Whose count is above that of every look of the month before had used it since."""
    shelf = workshop.shelf
    looks = [one.look for one in shelf.manifest.looks if one.state == "accepted"]
    highest: dict[tuple[str, str, str], dict[str, int]] = defaultdict(dict)
    for look in sorted(looks, key=lambda one: (one.moment, one.total, one.look_id)):
        at = min(look.moment, period_of("month", month_of(look)).end)
        if at > until:
            continue
        for measure in look.measures:
            before = highest[shelf.stream_of(look), look.month, measure]
            for person, count in shelf.counts(look, measure).items():
                if count > before.get(person, 0):
                    before[person] = count
                    yield person, at, at


def _by_reports(workshop: Workshop, until: datetime) -> Iterator[_Sighting]:
    """Whoever used tokens, or had a session, in a range of days; of one that is not over, perhaps by now."""
    reports = workshop.mixer.reports
    for report in (one.report for one in workshop.shelf.manifest.reports):
        at = min(midnight(report.last + ONE_DAY), until)
        if midnight(report.first) < at:
            for measure in _USE:
                for actor, amount in reports.used(report, measure).items():
                    if amount > 0:
                        yield actor, at, at


def _by_days(app: App, workshop: Workshop, until: datetime, summaries: list[str]) -> Iterator[_Sighting]:
    for source, days in workshop.book.with_facts(until).items():
        directory = workshop.book.directory(source)
        months: dict[str, dict[date, int]] = defaultdict(dict)
        for day, version in days.items():
            months[f"{day:%Y-%m}"][day] = version
        for month, of_month in months.items():
            made_of = hashlib.sha256(msgspec.msgpack.encode(sorted(of_month.items()))).hexdigest()[:16]
            summaries.append(summary_partition(source, month, made_of))
            for actor, (first, last) in _summary(app, workshop, source, of_month, summaries[-1]).items():
                person = directory.person(actor)
                if person is not None:
                    yield person, midnight(first + ONE_DAY), midnight(last + ONE_DAY)


def _summary(
    app: App, workshop: Workshop, source: str, days: Mapping[date, int], partition: str
) -> dict[str, Days]:
    """The first and the last of these days on which each showed use: kept, or made and kept."""
    kept = app.cohorts.summary(partition)
    if kept is not None:
        return kept
    made: dict[str, Days] = {}
    for day in sorted(days):
        for actor in workshop.book.users(source, day):
            made[actor] = (made[actor][0] if actor in made else day, day)
    made = dict(sorted(made.items()))
    app.cohorts.write_summary(partition, made)
    return made
