"""One source's days: fetched side by side, kept raw, stored as facts, published a stretch at a time.

The manifest's row is the only thing that readers follow. Whatever is written before it is published
stands under this run's epoch, which no other run writes; a crash leaves what was published before.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

import msgspec

from shared.adoption.plausibility import has_shrunk
from shared.errors import (
    ContractBroken,
    NotShown,
    OutOfTime,
    RowsOfAnother,
    SourceError,
    SourceLocked,
    SourceUnavailable,
)
from shared.events import emit
from shared.heads import Access, Breaker, Head
from shared.jobs.backfilling import Progress, Rows, rows_following
from shared.jobs.leasing import LEASE, RENEWAL_SECONDS
from shared.periods import ONE_DAY, midnight
from shared.records import DayEntry, Fact, Fault, Spent, Volume
from shared.sources import LIVE
from shared.sources.live import source_of
from shared.sources.pages import check_pages
from shared.store.manifests import Held, Retired

if TYPE_CHECKING:
    from shared.app import App
    from shared.sources.live import Source
    from shared.sources.readings import DayReading
    from shared.sources.vendor import Vendor
    from shared.store.people import People

#: What a day is told whose rows the vendor has answered empty since (law 1).
EMPTIED = "the vendor answered empty where rows were; the rows stand until an admin accepts it"

#: After so many days running that the vendor could not serve, the run asks for no more.
FAILURES_RUNNING = 3

#: So many days running may be too recent for a source that does not say which one it shows.
LOOKED_BACK = 7


@dataclass(frozen=True, slots=True)
class Fetched:
    """One day's answer, kept raw; ``error`` where it cannot be used, ``asked`` False where nobody asked.

    ``holds_turn``: the next question waits until the run knows of this one, which may be its last.
    """

    day: date
    at: datetime
    raw: tuple[str, ...] = ()
    reading: DayReading | None = None
    error: SourceError | None = None
    asked: bool = True
    holds_turn: bool = False


@dataclass(slots=True)
class Collection:
    """One run over one source, under its lease.

    ``probing``: nobody knows whether the source answers, so one question is asked at a time until it does.
    ``answered``: it did, of at least one day. ``not_shown``: days that the source does not show yet, or any
    more. ``rows_written``: period rows that followed meanwhile.
    """

    app: App
    vendor: Vendor
    people: People
    held: Held
    probing: bool = False
    answered: bool = False
    changed: int = 0
    failed: int = 0
    left: int = 0
    not_shown: int = 0
    rows_written: int = 0
    stopped_by: SourceError | None = None
    _days: dict[date, DayEntry] = field(default_factory=dict)
    _retired: list[Retired] = field(default_factory=list)
    _failures_running: int = 0
    _shown_until: date | None = None
    _shown_since: date = date.min
    _published_at: float = 0.0
    _progress: Progress = field(init=False)

    @property
    def source(self) -> Source:
        """Whom it asks."""
        return source_of(self.held.manifest.source)

    @property
    def organization(self) -> str:
        """Whose days these are: no row may be of another."""
        return self.held.manifest.head.view.organization

    def collect(self, days: Sequence[date]) -> None:
        """Fetch the days, the first ones first, and publish them.

        Raises StoreConflict where the lease was lost: then another run is at work.
        """
        self._days = dict(self.held.manifest.days)
        self._retired = list(self.held.manifest.retired)
        self._published_at = self.app.clock.monotonic()
        self._progress = Progress.begin(self.app, self.held.manifest.source, days, self._days)
        with rows_following(self.app) as rows:
            self._collect(days, rows)
        self.rows_written = rows.written

    def _collect(self, days: Sequence[date], rows: Rows) -> None:
        waiting = deque(days)
        under_way: set[Future[Fetched]] = set()
        # The vendor allows so many questions at once; as many answers are being kept meanwhile.
        allowed = self.app.settings.fetch_concurrency
        turns = BoundedSemaphore(allowed)
        with ThreadPoolExecutor(2 * allowed) as pool:
            while under_way or (waiting and self.stopped_by is None):
                while waiting and self.stopped_by is None and len(under_way) < self._at_once:
                    day = waiting.popleft()
                    if not self._shown_since <= day <= (self._shown_until or day):
                        self.not_shown += 1
                        self._progress.take(asked=False)
                        self._progress.drop(day)
                        continue
                    under_way.add(pool.submit(self._fetch, day, turns))
                done, under_way = wait(under_way, RENEWAL_SECONDS / 2, FIRST_COMPLETED)
                for future in done:
                    fetched = future.result()
                    self._take(fetched)
                    if fetched.holds_turn:
                        turns.release()
                if self._progress.is_step_due:
                    self.publish()
                    self._progress.tell(self.held.manifest.head.backfill)
                    rows.follow()
                elif self.app.clock.monotonic() - self._published_at >= RENEWAL_SECONDS:
                    self.publish()
        self.left += len(waiting)
        self._progress.to_come = 0

    @property
    def _at_once(self) -> int:
        """One question at a time as long as the next ones depend on its answer."""
        asks_how_far = LIVE[self.held.manifest.source].lag is None and self._shown_until is None
        probes = asks_how_far or (self.probing and not self.answered)
        return 1 if probes else 2 * self.app.settings.fetch_concurrency

    def _fetch(self, day: date, turns: BoundedSemaphore) -> Fetched:
        turns.acquire()
        at = self.app.clock.now()
        if self.stopped_by is not None:
            turns.release()
            return Fetched(day, at, asked=False)
        try:
            answer = self.source.fetch_day(self.vendor, day)
        except SourceError as error:
            return Fetched(day, at, error=error, holds_turn=True)
        turns.release()
        known = self.held.manifest.days.get(day, DayEntry())
        try:
            kept = frozenset(known.raw.split(","))
            raw = tuple(self.app.raw.keep(page, known=kept) for page in answer.pages)
            if answer.broken is not None:
                raise answer.broken
            check_pages(answer.pages)
            reading = self.source.read_day(answer.pages, day, self.organization)
            return Fetched(day, at, raw, reading)
        except SourceError as error:
            return Fetched(day, at, error=error)

    def _take(self, fetched: Fetched) -> None:
        nothing_learnt = not fetched.asked or isinstance(fetched.error, OutOfTime)
        self._progress.take(asked=not nothing_learnt)
        if nothing_learnt or self._is_locked(fetched.error):
            self.left += 1  # nothing was learnt of this day
            self.stopped_by = self.stopped_by or fetched.error
            return
        if isinstance(fetched.error, NotShown) and self._is_not_shown(fetched.day, fetched.error):
            self._progress.drop(fetched.day)
            return
        before = self._days.get(fetched.day, DayEntry())
        if fetched.reading is None:
            self._count_failure(fetched)
            after = msgspec.structs.replace(
                before, last_attempt="failed", fault=fault_of(fetched.error), note=str(fetched.error)
            )
        else:
            self._failures_running = 0
            self._shown_until = max(fetched.day, self._shown_until or fetched.day)
            self._hear()
            after = self._entry(before, fetched, fetched.reading)
        if _says_something_else(before, after):
            after = msgspec.structs.replace(after, version=self.held.manifest.epoch)
            self.changed += 1
            self._note_arrival(fetched, after)
        self._days[fetched.day] = after

    def _is_not_shown(self, day: date, error: NotShown) -> bool:
        """Whether a refused day only says how far the source's days reach by now."""
        shown_before = self.held.manifest.head.shown_until or date.min
        if error.oldest is not None:
            self._shown_since = max(self._shown_since, error.oldest)
        elif self._shown_until is not None or (error.newest is None and day <= shown_before):
            return False  # it shows a later day, or did
        elif error.newest is None and self.not_shown >= LOOKED_BACK:
            self.stopped_by = self.stopped_by or error
            return False
        else:
            self._shown_until = error.newest
        self.not_shown += 1
        return True

    def _hear(self) -> None:
        if not self.answered and self.held.manifest.head.access.state == "locked":
            emit("source.opened", source=self.held.manifest.source)
        self.answered = True

    def _is_locked(self, error: SourceError | None) -> bool:
        """Whether the plan does not include the source: then no day of it has failed."""
        has_answered = self.answered or self.held.manifest.head.access.answered_at is not None
        return isinstance(error, SourceLocked) and not has_answered

    def _count_failure(self, fetched: Fetched) -> None:
        self.failed += 1
        if isinstance(fetched.error, ContractBroken):
            return  # this day's answer is broken; the others need not be
        self._failures_running += 1
        enough = 1 if self.probing and not self.answered else FAILURES_RUNNING
        if not isinstance(fetched.error, SourceUnavailable) or self._failures_running >= enough:
            self.stopped_by = self.stopped_by or fetched.error

    def _entry(self, before: DayEntry, fetched: Fetched, reading: DayReading) -> DayEntry:
        if not reading.rows and before.content == "rows":
            self.failed += 1
            return msgspec.structs.replace(before, last_attempt="failed", fault="emptied", note=EMPTIED)
        facts = before.facts
        if reading.digest != before.digest:
            facts = self._store(fetched.day, reading)
            if before.facts:
                self._retired.append(Retired(fetched.day.isoformat(), before.facts, fetched.at))
        entry = entry_of(
            reading,
            version=before.version,
            facts=facts,
            settled=before.settled or (reading.whole and self._is_settled(fetched)),
            fetched_at=fetched.at,
            raw=fetched.raw,
        )
        return msgspec.structs.replace(
            entry,
            accepted_empty=before.accepted_empty and not reading.rows,
            most=entry.most.or_more(before.most),
        )

    def _is_settled(self, fetched: Fetched) -> bool:
        """Whether the day was over for the source's lag; a source that tells its lag shows no day before."""
        lag = LIVE[self.held.manifest.source].lag or timedelta(0)
        return fetched.at >= midnight(fetched.day + ONE_DAY) + lag

    def _store(self, day: date, reading: DayReading) -> int:
        if not reading.rows:
            return 0
        facts = facts_of(reading, self.people)
        self.app.facts.write(self.held.manifest.source, day.isoformat(), self.held.manifest.epoch, facts)
        return self.held.manifest.epoch

    def _note_arrival(self, fetched: Fetched, entry: DayEntry) -> None:
        """What a rebuild needs to know of this answer, beside the answer itself."""
        if fetched.reading is None:
            return
        source = self.held.manifest.source
        self.app.raw.note_arrival(
            f"{source}/{fetched.day.isoformat()}/{arrival_name(fetched.at, self.held.manifest.epoch)}",
            {
                "source": source,
                "day": fetched.day.isoformat(),
                "version": self.held.manifest.epoch,
                "fetchedAt": fetched.at,
                "organization": self.organization,
                "pages": list(fetched.raw),
                "settled": entry.settled,
                "facts": entry.facts,
            },
        )

    def publish(
        self, *, release: bool = False, access: Access | None = None, breaker: Breaker | None = None
    ) -> None:
        """Replace the manifest's row: what was learnt becomes visible, and the lease is renewed or let go."""
        manifest = self.held.manifest
        now = self.app.clock.now()
        oldest = now.date() - timedelta(days=self.app.settings.fact_retention_days - 1)
        days = {day: entry for day, entry in sorted(self._days.items()) if day >= oldest}
        head = msgspec.structs.replace(
            manifest.head,
            access=access or self._access_so_far(now),
            breaker=breaker or manifest.head.breaker,
            organization=self.organization if days else manifest.head.organization,
            days_left=self.left + self._progress.to_come,
            backfill=self._progress.of(days),
            **self._reach(manifest.head, now),
            **about(days),
        )
        self.held = self.app.manifests.replace(
            self.held,
            msgspec.structs.replace(
                manifest,
                head=head,
                days=days,
                retired=tuple(self._retired),
                lease_holder="" if release else manifest.lease_holder,
                lease_until=None if release else now + LEASE,
            ),
        )
        self._published_at = self.app.clock.monotonic()
        if release:
            self._progress.tell(head.backfill)

    def _reach(self, head: Head, now: datetime) -> dict[str, object]:
        """How far the source's days reach, and how long after its end the newest of them was first seen."""
        newest = self._shown_until
        if newest is None or newest == head.shown_until or LIVE[self.held.manifest.source].lag is not None:
            return {}
        lag = max(now - midnight(newest + ONE_DAY), timedelta(0))
        return {"shown_until": newest, "lag": lag}

    def _access_so_far(self, now: datetime) -> Access:
        """As it was before this run; but the first answer opens a locked source at once, because a run that
        dies in its backfill must not leave it locked for hours."""
        before = self.held.manifest.head.access
        opened = self.answered and before.state == "locked"
        return Access("ok", at=now, answered_at=now) if opened else before


def _says_something_else(before: DayEntry, after: DayEntry) -> bool:
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


def fault_of(error: SourceError | None) -> Fault:
    """What a day is told of an asking that failed."""
    if isinstance(error, RowsOfAnother):
        return "other_organization"
    return "contract" if isinstance(error, ContractBroken) else "unavailable"


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


def about(days: Mapping[date, DayEntry]) -> dict[str, object]:
    """What a reader is told of the days without reading them."""
    with_rows = [(day, entry) for day, entry in days.items() if entry.content == "rows"]
    settled = [day for day, entry in days.items() if entry.settled]
    heard = [entry.fetched_at for entry in days.values() if entry.fetched_at is not None]
    return {
        "first_row_day": min((day for day, _ in with_rows), default=None),
        "newest_settled_day": max(settled, default=None),
        "data_as_of": max(heard, default=None),
        "days_known": sum(entry.content != "none" for entry in days.values()),
        "people_rows": sum(entry.people for _, entry in with_rows),
        "key_rows": sum(entry.keys for _, entry in with_rows),
        "populations_by_month": {
            month: tuple(sorted({name for _, entry in group for name in entry.populations}))
            for month, group in groupby(with_rows, lambda one: one[0].strftime("%Y-%m"))
        },
        "broken_days": {
            day: entry.content != "none"
            for day, entry in days.items()
            if entry.fault in ("contract", "other_organization")
        },
        "others_days": tuple(day for day, entry in days.items() if entry.fault == "other_organization"),
        "shrunk_days": tuple(day for day, entry in days.items() if has_shrunk(entry)),
    }
