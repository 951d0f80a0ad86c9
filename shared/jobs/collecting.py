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
from itertools import groupby
from threading import BoundedSemaphore, Lock
from typing import TYPE_CHECKING

import msgspec

from shared.adoption.plausibility import has_shrunk
from shared.errors import (
    ContractBroken,
    Defect,
    NotShown,
    OutOfTime,
    RowsOfAnother,
    SourceError,
    SourceLocked,
    SourceUnavailable,
)
from shared.events import emit
from shared.heads import Access, Breaker, Head
from shared.jobs.answers import Keeper, says_something_else
from shared.jobs.backfilling import Progress, Rows, rows_following
from shared.jobs.defects import as_defects, tell_defect
from shared.jobs.leasing import LEASE, RENEWAL_SECONDS
from shared.jobs.viewing import of_another
from shared.periods import ONE_DAY, midnight
from shared.records import DayEntry, Fault
from shared.sources import LIVE
from shared.sources.live import source_of
from shared.store.manifests import Held, Retired

if TYPE_CHECKING:
    from shared.app import App
    from shared.sources.live import Source
    from shared.sources.vendor import Vendor
    from shared.store.people import People

#: After so many days running that the vendor could not serve, the run asks for no more.
FAILURES_RUNNING = 3

#: So many days running may be too recent for a source that does not say which one it shows.
LOOKED_BACK = 7


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one day's answer came to; ``error`` where it cannot be used, ``asked`` False where nobody asked.

    ``is_shown``: the source answered of this day. ``holds_turn``: the next question waits until the run knows
    of this one, which may be its last.
    """

    day: date
    at: datetime
    entry: DayEntry | None = None
    error: SourceError | None = None
    asked: bool = True
    is_shown: bool = False
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
    _met_defect: bool = False
    _shown_until: date | None = None
    _shown_since: date = date.min
    _published_at: float = 0.0
    _renewals_checked: int = 0
    _checking: Lock = field(default_factory=Lock)
    _keeper: Keeper = field(init=False)
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
        manifest = self.held.manifest
        self._keeper = Keeper(self.app, self.people, manifest.source, self.organization, manifest.epoch)
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
            with as_defects():
                try:
                    answer = self.source.fetch_day(self.vendor, day)
                finally:  # another organisation's refusal tells nothing of our days either
                    self._check_key()
        except SourceError as error:
            return Fetched(day, at, error=error, holds_turn=True)
        self._failures_running = 0  # at once: a later day may fail before this one is kept
        turns.release()
        before = self._days.get(day, DayEntry())
        try:
            with as_defects():
                return Fetched(day, at, self._keeper.keep(day, at, answer, before))
        except SourceError as error:
            return Fetched(day, at, error=error, is_shown=bool(answer.pages))

    def _check_key(self) -> None:
        """See whose the key is that took a refused one's place: an empty answer does not tell.

        Raises what ``Source.whose`` raises, and SourceMisconfigured where it is another organisation's.
        """
        with self._checking:
            renewals = self.vendor.renewals
            if renewals == self._renewals_checked:
                return
            if self.source.whose(self.vendor, self.app.clock.now().date()) != self.organization:
                raise of_another(self.held.manifest.source, "the one that it took the place of")
            self._renewals_checked = renewals

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
        if fetched.entry is None:
            after = self._failed(before, fetched)
            if not self._is_due(fetched, before):
                self._progress.drop(fetched.day)
                return
        else:
            after = fetched.entry
            self._hear(fetched.day)
            self.failed += after.last_attempt == "failed"
            if before.facts and after.facts != before.facts:
                self._retired.append(Retired(fetched.day.isoformat(), before.facts, fetched.at))
        self.changed += says_something_else(before, after)
        self._days[fetched.day] = after

    def _is_not_shown(self, day: date, error: NotShown) -> bool:
        """Whether a refused day only says how far the source's days reach by now."""
        shown_before = self.held.manifest.head.shown_until or date.min
        if error.oldest is not None:
            self._shown_since = max(self._shown_since, error.oldest)
        elif self._shown_until is not None or (error.newest or day - ONE_DAY) < shown_before:
            return False  # it shows a later day, or did
        elif error.newest is None and self.not_shown >= LOOKED_BACK:
            self.stopped_by = self.stopped_by or error
            return False
        else:
            self._shown_until = error.newest
        self.not_shown += 1
        return True

    def _hear(self, day: date) -> None:
        self._shown_until = max(day, self._shown_until or day)
        if not self.answered and self.held.manifest.head.access.state == "locked":
            emit("source.opened", source=self.held.manifest.source)
        self.answered = True

    def _is_locked(self, error: SourceError | None) -> bool:
        """Whether the plan does not include the source: then no day of it has failed."""
        has_answered = self.answered or self.held.manifest.head.access.answered_at is not None
        return isinstance(error, SourceLocked) and not has_answered

    def _is_due(self, fetched: Fetched, before: DayEntry) -> bool:
        """Whether a day that could not be fetched is missed: not where nobody knows if it is shown by now,
        because its source tells its lag by its answers alone."""
        if LIVE[self.held.manifest.source].lag is not None or fetched.is_shown or before.content != "none":
            return True
        shown = (self._shown_until, self.held.manifest.head.shown_until)
        return any(newest is not None and fetched.day <= newest for newest in shown)

    def _failed(self, before: DayEntry, fetched: Fetched) -> DayEntry:
        """What is known of a day whose answer cannot be used, or never came."""
        self._count_failure(fetched.error)
        after = msgspec.structs.replace(
            before, last_attempt="failed", fault=fault_of(fetched.error), note=str(fetched.error)
        )
        if not says_something_else(before, after):
            return after
        return msgspec.structs.replace(after, version=self.held.manifest.epoch)

    def _count_failure(self, error: SourceError | None) -> None:
        self.failed += 1
        if isinstance(error, Defect) and not self._met_defect:
            self._met_defect = True  # one that each day meets is told once
            tell_defect(error, source=self.held.manifest.source)
        if isinstance(error, ContractBroken):
            return  # this day's answer is broken; the others need not be
        self._failures_running += 1
        enough = 1 if self.probing and not self.answered else FAILURES_RUNNING
        if not isinstance(error, SourceUnavailable) or self._failures_running >= enough:
            self.stopped_by = self.stopped_by or error

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


def fault_of(error: SourceError | None) -> Fault:
    """What a day is told of an asking that failed."""
    if isinstance(error, RowsOfAnother):
        return "other_organization"
    return "contract" if isinstance(error, ContractBroken) else "unavailable"


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
