"""How far a source's days reach while they are being fetched: in its head for readers, in the log, in rows.

A backfill may take longer than one run. What it has fetched is there for readers before it ends, newest
first, and stays there whoever is killed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import copy_context
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from shared.events import emit
from shared.heads import Backfill
from shared.jobs.rebuild import rebuild

if TYPE_CHECKING:
    from shared.app import App
    from shared.records import DayEntry

#: A run tells how far it is, and has the period rows follow, after so long or so many days: while the vendor
#: is waited for, much of the rows' work costs no time.
STEP_SECONDS = 60.0
STEP_DAYS = 60

#: A day begins each midnight: one that is missing is no backfill.
FEWEST_MISSING = 2


@dataclass(slots=True)
class Progress:
    """One run's way through the days that it asks for. ``to_come`` of them were not heard of yet."""

    app: App
    source: str
    wanted: frozenset[date]
    to_come: int
    began_at: float
    told_at: float
    is_backfill: bool = False
    asked: int = 0
    untold: int = 0

    @classmethod
    def begin(cls, app: App, source: str, to_ask: Sequence[date], known: Mapping[date, DayEntry]) -> Progress:
        """The run's beginning. Wanted is whatever is to be asked for, and what is there and not too old."""
        now = app.clock.monotonic()
        too_old = app.clock.now().date() - timedelta(days=app.settings.fact_retention_days)
        wanted = frozenset(day for day in (*to_ask, *_there(known)) if day > too_old)
        progress = cls(app, source, wanted, len(to_ask), now, now)
        progress.is_backfill = len(wanted - _there(known)) >= FEWEST_MISSING
        return progress

    def take(self, *, asked: bool) -> None:
        """One more day is done with; ``asked``: the vendor said something of it, if only a refusal."""
        self.to_come -= 1
        self.asked += asked
        self.untold += asked

    def drop(self, day: date) -> None:
        """A day that the source does not show is not wanted."""
        self.wanted -= {day}

    @property
    def is_step_due(self) -> bool:
        """Whether anybody is to be told again."""
        return self.untold >= STEP_DAYS or self.app.clock.monotonic() - self.told_at >= STEP_SECONDS

    def of(self, days: Mapping[date, DayEntry]) -> Backfill:
        """How far these days reach, and how long the missing ones will take at this run's pace."""
        there = _there(days)
        wanted = self.wanted | there
        seconds = self.app.clock.monotonic() - self.began_at
        missing = len(wanted) - len(there)
        left = math.ceil(missing * seconds / self.asked) if self.asked else None
        return Backfill(len(wanted), len(there), min(there, default=None), left if missing else 0)

    def tell(self, backfill: Backfill) -> None:
        """Say how far it is, where there is a way to go or was one."""
        self.told_at, self.untold = self.app.clock.monotonic(), 0
        if self.is_backfill:
            emit(
                "backfill.progress",
                source=self.source,
                daysWanted=backfill.days_wanted,
                daysThere=backfill.days_there,
                oldestDay=backfill.oldest_day,
                secondsLeft=backfill.seconds_left,
            )


def _there(days: Mapping[date, DayEntry]) -> frozenset[date]:
    return frozenset(day for day, entry in days.items() if entry.content != "none")


class Rows:
    """Period rows that follow what is published while the fetching goes on, one rebuild at a time."""

    def __init__(self, app: App, pool: ThreadPoolExecutor) -> None:
        self._app = app
        self._pool = pool
        self._under_way: Future[int] | None = None
        self.written = 0

    def follow(self) -> None:
        """Have the rows brought up to what is published, unless that is being done."""
        if self._under_way is None or self._under_way.done():
            self.written += self._under_way.result() if self._under_way else 0
            self._under_way = self._pool.submit(copy_context().run, self._rebuild)

    def finish(self) -> None:
        """Wait for what is under way."""
        self.written += self._under_way.result() if self._under_way else 0
        self._under_way = None

    def _rebuild(self) -> int:
        with suppress(Exception):  # the run rebuilds at its end, too, and fails then where it must
            return rebuild(self._app, on_the_way=True)
        return 0


@contextmanager
def rows_following(app: App) -> Iterator[Rows]:
    """Rows that follow until the block ends, and are done with then."""
    with ThreadPoolExecutor(1) as pool:
        rows = Rows(app, pool)
        yield rows
        rows.finish()
