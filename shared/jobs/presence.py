"""Whom the sources show at work, and whom they should: canaries, and those who have vanished."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from shared.adoption.days import is_working_day
from shared.adoption.departures import BEFORE, departed
from shared.heads import CanariesSeen, Departed
from shared.jobs.shelf import main_measure
from shared.store.manifests import EXPORTS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from shared.jobs.day_book import DayBook
    from shared.jobs.workshop import Workshop

#: A canary is missed after so many working days.
CANARY_DAYS = 5

#: Who vanished is missed as long as the default request shows the weeks: 12, and the four before.
WATCHED = timedelta(weeks=12) + BEFORE


def canaries(workshop: Workshop) -> dict[str, CanariesSeen]:
    """By source that shows anybody: how many of the canaries no source has shown lately.

    Of a live source the last five working days count, if it knows as many; of exports the months that these
    touch, up to the newest look.
    """
    missed = workshop.shelf.told.canaries
    if not missed:
        return {}
    seen = {
        source: {one for day in days for one in workshop.book.people_on(source, day)}
        for source in workshop.book.silences
        if (days := _last_working_days(workshop, source))
    }
    if (exported := _exported_lately(workshop)) is not None:
        seen[EXPORTS] = exported
    unseen = missed.difference(*seen.values())
    return {source: CanariesSeen(len(missed), len(unseen)) for source in seen}


def _last_working_days(workshop: Workshop, source: str) -> list[date]:
    """A source's days from the fifth last working day on that is settled; none where fewer are known."""
    known, holidays = workshop.book.days_of(source), workshop.shelf.told.holidays
    settled = [day for day, entry in sorted(known.items()) if entry.settled and is_working_day(day, holidays)]
    if len(settled) < CANARY_DAYS:
        return []
    return [day for day in known if day >= settled[-CANARY_DAYS]]


def _exported_lately(workshop: Workshop) -> set[str] | None:
    """Whom the newest looks show; None without any. A month of fewer working days proves nothing alone."""
    looks = [one.look for one in workshop.shelf.manifest.looks if one.state == "accepted"]
    if not looks:
        return None
    day = max(look.moment for look in looks).date()
    working = 0
    while working < CANARY_DAYS:
        day -= timedelta(days=1)
        working += is_working_day(day, workshop.shelf.told.holidays)
    return {
        person
        for look in looks
        if look.month >= f"{day:%Y-%m}"
        for person, count in workshop.shelf.counts(look, main_measure(look)).items()
        if count
    }


def watched(book: DayBook, source: str) -> list[date]:
    """The settled days of a source in which somebody is looked for who has vanished, in order."""
    settled = sorted(day for day, entry in book.days_of(source).items() if entry.settled)
    return [day for day in settled if day > settled[-1] - WATCHED]


def days_of_use(book: DayBook, source: str) -> dict[str, list[date]]:
    """On which of the ``watched`` days a live source shows each engineer at work."""
    used: dict[str, list[date]] = {}
    for day in watched(book, source):
        for person in book.people_on(source, day):
            used.setdefault(person, []).append(day)
    return used


def departed_from(
    workshop: Workshop,
    source: str,
    used: Mapping[str, Sequence[date]],
    seats: Collection[str],
    exported: Mapping[str, str],
) -> Departed | None:
    """Who has vanished from a live source and holds a seat; but not whom exports of the time since show: of
    them the exports tell. ``used``: the source's ``days_of_use``."""
    shown = {one for one, on in used.items() if exported.get(one, "") >= f"{on[-1]:%Y-%m}"}
    holidays = workshop.shelf.told.holidays
    working = [day for day in watched(workshop.book, source) if is_working_day(day, holidays)]
    return departed(used, working, set(seats) - shown)
