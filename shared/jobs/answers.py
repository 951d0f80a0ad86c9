"""One day's answer, and all that is kept of it: the raw pages first, then what they say, then how to find it.

Many days are kept side by side, each by a thread of its own. Nothing of it is visible before the collection
publishes the entry that refers to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from shared.periods import ONE_DAY, midnight
from shared.records import DayEntry, Fact, Spent, Volume
from shared.sources import LIVE
from shared.sources.live import source_of
from shared.sources.pages import check_pages

if TYPE_CHECKING:
    from shared.app import App
    from shared.sources.pages import PagedAnswer
    from shared.sources.readings import DayReading
    from shared.store.people import People

#: What a day is told whose rows the vendor has answered empty since (law 1).
EMPTIED = "the vendor answered empty where rows were; the rows stand until an admin accepts it"


@dataclass(frozen=True, slots=True)
class Keeper:
    """Whoever keeps what one run is answered: of one organisation, under the run's epoch."""

    app: App
    people: People
    source: str
    organization: str
    epoch: int

    def keep(self, day: date, at: datetime, answer: PagedAnswer, before: DayEntry) -> DayEntry:
        """What is known of a day after an answer that was asked for ``at`` a moment.

        Raises ContractBroken where the answer cannot be used. Its pages are kept all the same.
        """
        kept = frozenset(before.raw.split(","))
        raw = tuple(self.app.raw.keep_answer(page, known=kept) for page in answer.pages)
        if answer.broken is not None:
            raise answer.broken
        check_pages(answer.pages)
        reading = source_of(self.source).read_day(answer.pages, day, self.organization)
        after = self._entry(before, day, at, raw, reading)
        if says_something_else(before, after):
            after = msgspec.structs.replace(after, version=self.epoch)
            self._note_arrival(day, at, raw, after)
        return after

    def _entry(
        self, before: DayEntry, day: date, at: datetime, raw: Sequence[str], reading: DayReading
    ) -> DayEntry:
        if not reading.rows and before.content == "rows":
            return msgspec.structs.replace(before, last_attempt="failed", fault="emptied", note=EMPTIED)
        entry = entry_of(
            reading,
            version=before.version,
            facts=before.facts if reading.digest == before.digest else self._store(day, reading),
            settled=before.settled or (reading.whole and self._is_settled(day, at)),
            fetched_at=at,
            raw=raw,
        )
        return msgspec.structs.replace(
            entry,
            accepted_empty=before.accepted_empty and not reading.rows,
            most=entry.most.or_more(before.most),
        )

    def _is_settled(self, day: date, at: datetime) -> bool:
        """Whether the day was over for the source's lag; a source that tells its lag shows no day before."""
        return at >= midnight(day + ONE_DAY) + (LIVE[self.source].lag or timedelta(0))

    def _store(self, day: date, reading: DayReading) -> int:
        if not reading.rows:
            return 0
        facts = facts_of(reading, self.people)
        self.app.facts.write(self.source, day.isoformat(), self.epoch, facts)
        return self.epoch

    def _note_arrival(self, day: date, at: datetime, raw: Sequence[str], entry: DayEntry) -> None:
        """What a rebuild needs to know of this answer, beside the answer itself."""
        self.app.raw.note_arrival(
            f"{self.source}/{day.isoformat()}/{arrival_name(at, self.epoch)}",
            {
                "source": self.source,
                "day": day.isoformat(),
                "version": self.epoch,
                "fetchedAt": at,
                "organization": self.organization,
                "pages": list(raw),
                "settled": entry.settled,
                "facts": entry.facts,
            },
        )


def says_something_else(before: DayEntry, after: DayEntry) -> bool:
    """Whether anything changed but when, and in which bytes and words, it was heard."""
    heard = {"fetched_at": before.fetched_at, "raw": before.raw, "note": before.note}
    return msgspec.structs.replace(after, **heard) != before


def entry_of(
    reading: DayReading,
    *,
    version: int,
    facts: int,
    settled: bool,
    fetched_at: datetime,
    raw: Sequence[str],
) -> DayEntry:
    """What the manifest knows of a day that was read."""
    said = volume_of(reading)
    return DayEntry(
        version=version,
        facts=facts,
        content="rows" if reading.rows else "empty",
        last_attempt="ok",
        settled=settled,
        fetched_at=fetched_at,
        raw=",".join(raw),
        digest=reading.digest,
        people=sum(one.actor.kind == "engineer" for one in reading.observations),
        keys=sum(one.actor.kind == "key" for one in reading.observations),
        populations=tuple(sorted({one.population for one in reading.observations})),
        people_digest=reading.people_digest,
        said=said,
        most=said if settled else Volume(),
        spent=_spent(reading),
    )


def volume_of(reading: DayReading) -> Volume:
    """How much a day's rows say in all."""
    found = [one.measures for one in reading.observations]
    return Volume(
        people=len({one.actor for one in reading.observations if one.actor.kind == "engineer"}),
        sessions=sum(one.sessions for one in found),
        lines=sum(one.lines_accepted for one in found),
        tokens=sum(one.tokens for one in found),
    )


def _spent(reading: DayReading) -> dict[str, Spent]:
    sums: dict[str, Spent] = {}
    for one in reading.observations:
        before, now = sums.get(one.population, Spent(0, Decimal(0), 0)), one.measures
        lines = (before.lines or 0) + now.lines_accepted
        sums[one.population] = Spent(before.tokens + now.tokens, before.cost + now.cost, lines)
    return dict(sorted(sums.items()))


def facts_of(reading: DayReading, people: People) -> list[Fact]:
    """What was observed, with ids in the place of actors."""
    ids = people.identify(one.actor for one in reading.observations)
    return [Fact(ids[one.actor], one.population, one.measures) for one in reading.observations]


def arrival_name(at: datetime, epoch: int) -> str:
    """The name of an answer's document: in the order of time, and no other run's, not even after the tables
    were lost and epochs began again."""
    return f"{at:%Y-%m-%dT%H%M%SZ}-{epoch:08d}"
