"""The timer's work, in order: the live source, the drops, the rows that are behind, the sweep, retention; and
a look at what readers are told now."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import msgspec

from shared.events import emit
from shared.jobs.ingest import ingest_waiting
from shared.jobs.rebuild import rebuild
from shared.jobs.retention import retain
from shared.jobs.sweep import sweep
from shared.jobs.watching import watch
from shared.records import Run

if TYPE_CHECKING:
    from shared.app import App


def refresh(app: App, trigger: str, *, insist: bool = False) -> Run:
    """Do everything that the timer does, once. Running again is free, and so is running twice at once.

    ``insist``: ask the source even where it is to be left alone for a while, because an operator wants it.

    Raises StoreUnavailable where storage is away; what a source does wrong is in the run's record.
    """
    started = app.clock.now()
    last = next(iter(app.runs.newest(1)), None)
    run = Run(
        secrets.token_hex(6), started, started, "skipped", trigger, "", detail="no live source is set up"
    )
    if app.settings.live_source_configured:
        from shared.jobs.source_run import run_source

        run = run_source(app, run, insist=insist)
    ingested = ingest_waiting(app)
    rows = rebuild(app)
    sweep(app)
    retain(app, last.started_at if last else None)
    run = watch(app, msgspec.structs.replace(run, periods_written=rows), last)
    run = msgspec.structs.replace(run, finished_at=app.clock.now())
    app.runs.write(run.started_at, run.run_id, run)
    emit("refresh.finished", run=run, ingested=ingested)
    return run
