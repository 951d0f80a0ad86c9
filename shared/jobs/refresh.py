"""The timer's work, in order: the live sources, the drops, the rows that are behind, the sweep, retention;
and a look at what readers are told now."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import msgspec

from shared.errors import Defect, StoreConflict
from shared.events import emit, saying
from shared.jobs.defects import as_defects, tell_defect
from shared.jobs.ingest import ingest_waiting
from shared.jobs.rebuild import rebuild
from shared.jobs.retention import retain
from shared.jobs.sweep import sweep
from shared.jobs.watching import watch
from shared.records import Run, RunOutcome
from shared.sources.live import configured

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.app import App

T = TypeVar("T")


def refresh(app: App, trigger: str, *, insist: bool = False) -> Run:
    """Do everything that the timer does, once. Running again is free, and so is running twice at once.

    Each source has a run of its own; the one that went worst is returned. ``insist``: ask a source even where
    it is to be left alone for a while, because an operator wants it.

    Raises StoreUnavailable where storage is away; what a source or a step of ours does wrong is in the run's
    record.
    """
    app = app.for_one_run()
    last = next(iter(app.runs.newest(1)), None)
    runs = _ask_the_sources(app, trigger, insist=insist)
    with saying(runId=runs[0].run_id):
        return _conclude(app, runs, last)


def _conclude(app: App, runs: list[Run], last: Run | None) -> Run:
    """Everything that follows what the sources said, and each run's record; the one that went worst."""
    steps = _Steps()
    ingested = steps.take("ingest", lambda: ingest_waiting(app)) or 0
    rows = steps.take("rebuild", lambda: rebuild(app)) or 0
    steps.take("sweep", lambda: sweep(app))
    steps.take("retain", lambda: _retain(app, last))
    told = steps.take("watch", lambda: watch(app, runs[0], last)) or last or runs[0]
    for at, run in enumerate(runs):
        run = msgspec.structs.replace(
            run,
            outcome="partial" if steps.failed and run.outcome in ("ok", "skipped") else run.outcome,
            detail="; ".join(filter(None, (run.detail, *steps.failed.values()))),
            undone=tuple(steps.failed),
            finished_at=app.clock.now(),
            periods_written=run.periods_written + (0 if at else rows),
            trust_state=told.trust_state,
            overdue=told.overdue,
        )
        runs[at] = run
        app.runs.write(run.started_at, run.run_id, run)
        with saying(runId=run.run_id):
            emit("refresh.finished", run=run, ingested=0 if at else ingested)
    return max(runs, key=lambda run: _WORST.index(run.outcome))


def _retain(app: App, last: Run | None) -> None:
    retain(app, last.started_at if last else None, again=last is not None and "retain" in last.undone)


@dataclass
class _Steps:
    """The steps of a refresh, each done whatever became of the one before; ``failed`` says what became of
    those that could not be done."""

    failed: dict[str, str] = field(default_factory=dict)

    def take(self, name: str, step: Callable[[], T]) -> T | None:
        """What the step came to; None where it could not be done, and the next refresh tries again.

        Raises StoreUnavailable: then no other step can be done either.
        """
        try:
            with as_defects():
                return step()
        except StoreConflict as overtaken:  # others publish faster than this run can follow
            self.failed[name] = f"{name}: {overtaken}"
        except Defect as defect:
            tell_defect(defect, step=name)
            self.failed[name] = f"{name}: {defect}"
        return None


#: From the best outcome to the worst.
_WORST: tuple[RunOutcome, ...] = ("ok", "skipped", "busy", "partial", "failed")


def _ask_the_sources(app: App, trigger: str, *, insist: bool) -> list[Run]:
    """One source after the other, whatever became of the one before: each may take its share of the time that
    is left, so that the backfill of one does not keep the next from its hour's days."""
    sources = configured(app.settings)
    if not sources:
        now = app.clock.now()
        return [
            Run(secrets.token_hex(6), now, now, "skipped", trigger, "", detail="no live source is set up")
        ]
    from shared.jobs.source_run import run_source

    until = app.clock.monotonic() + app.settings.refresh_budget_seconds
    runs = []
    for waiting, source in zip(range(len(sources), 0, -1), sources, strict=True):
        now = app.clock.now()
        run = Run(secrets.token_hex(6), now, now, "skipped", trigger, source)
        seconds = max(until - app.clock.monotonic(), 0.0) / waiting
        with saying(runId=run.run_id):
            runs.append(run_source(app, run, seconds=seconds, insist=insist))
    return runs
