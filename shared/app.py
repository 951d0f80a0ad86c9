"""The app, put together: settings, storage, clock. Made once a process, and only when a door needs it."""

from __future__ import annotations

import gc
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from shared.events import emit, quiet_libraries
from shared.records import Receipt, Run
from shared.settings import Settings, load
from shared.sources import LIVE
from shared.sources.pacing import Pace, PerMinute
from shared.store.askings import Askings
from shared.store.audit import Audit
from shared.store.cohorts import Cohorts
from shared.store.exports import Exports
from shared.store.facts import Facts, FactsAtHand
from shared.store.journals import Journal
from shared.store.manifests import Manifests
from shared.store.names import Names
from shared.store.people import People
from shared.store.period_rows import PeriodRows
from shared.store.storage import Storage
from shared.store.team_rows import TeamRows

if TYPE_CHECKING:
    from shared.store.blobs import Drop, Quarantine, Raw


#: A new one each time a process starts.
PROCESS = secrets.token_hex(4)


#: So many new objects make Python look for cycles among them; by itself it does with each 700. A large team's
#: rows are half a million objects without any, and looking was a tenth of a backfill's work.
OBJECTS_TO_LOOK_AT = 10_000


def look_for_cycles_seldom() -> None:
    """For the whole process: it costs some megabytes."""
    gc.set_threshold(OBJECTS_TO_LOOK_AT)


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Clock:
    """Time as the app sees it; tests bring their own."""

    now: Callable[[], datetime] = utc_now
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class App:
    """What the jobs and the answers work with. ``process`` is this process's name, ``vault`` what is told to
    ``key_of`` about the vault beyond the settings."""

    settings: Settings
    storage: Storage
    environ: Mapping[str, str]
    clock: Clock = field(default_factory=Clock)
    process: str = PROCESS
    vault: Mapping[str, Any] = field(default_factory=dict)
    _paces: dict[str, Pace] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> App:
        """The app that the environment describes. Raises SettingsError naming all that is wrong."""
        quiet_libraries()
        look_for_cycles_seldom()
        settings = load(environ)
        return cls(settings, Storage.of(settings), environ)

    def for_one_run(self) -> Self:
        """The same app, for a run that will ask for facts which it has just written."""
        app = copy(self)
        app.__dict__["facts"] = FactsAtHand(self.storage.table("facts"))
        return app

    def tell(self, event: str, *, level: int = logging.INFO, **about: object) -> None:
        """Say that something happened to what is kept: an event, which a rehearsal keeps to itself."""
        emit(event, level=level, **about)

    @cached_property
    def manifests(self) -> Manifests:
        return Manifests(self.storage.table("manifests"))

    @cached_property
    def askings(self) -> Askings:
        return Askings(self.storage.table("manifests"))

    @cached_property
    def exports(self) -> Exports:
        return Exports(self.storage.table("manifests"))

    @cached_property
    def facts(self) -> Facts:
        return Facts(self.storage.table("facts"))

    @cached_property
    def periods(self) -> PeriodRows:
        return PeriodRows(self.storage.table("periods"))

    @cached_property
    def teams(self) -> TeamRows:
        return TeamRows(self.storage.table("periods"))

    @cached_property
    def cohorts(self) -> Cohorts:
        return Cohorts(self.storage.table("cohorts"))

    @cached_property
    def runs(self) -> Journal[Run]:
        return Journal(self.storage.table("runs"), "run", Run)

    @cached_property
    def receipts(self) -> Journal[Receipt]:
        return Journal(self.storage.table("receipts"), "receipt", Receipt)

    @cached_property
    def audit(self) -> Audit:
        return Audit(self.storage.table("audit"))

    @cached_property
    def raw(self) -> Raw:
        from shared.store.blobs import Raw

        return Raw(self.storage.container("raw"))

    @cached_property
    def drop(self) -> Drop:
        from shared.store.blobs import Drop

        return Drop(self.storage.container("drop"))

    @cached_property
    def quarantine(self) -> Quarantine:
        from shared.store.blobs import Quarantine

        return Quarantine(self.storage.container("quarantine"))

    @cached_property
    def names(self) -> Names:
        return Names(self.storage.table("people"))

    def pace_of(self, source: str) -> Pace | None:
        """How fast a live source may be asked, by all of this process; None where no limit is known."""
        limit = LIVE[source].requests_a_minute
        if limit is None:
            return None
        return self._paces.setdefault(source, PerMinute(limit))

    def people(self) -> People:
        """The people table, read afresh: one run works with one reading of it."""
        return People(self.storage.table("people"))
