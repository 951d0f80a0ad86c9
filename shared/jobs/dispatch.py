"""A message of the jobs queue, and who does what it asks for."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from shared.errors import MessageRefused
from shared.events import emit
from shared.jobs.rebuild import rebuild
from shared.jobs.refresh import refresh
from shared.store.job_queue import RebuildJob, RefreshJob, read_job

if TYPE_CHECKING:
    from shared.app import App


def run_job(app: App, message: bytes) -> None:
    """Do what the message asks for. One that nobody understands is said and let go: it would never work.

    Raises StoreUnavailable where storage is away, so that the queue brings the message again.
    """
    try:
        job = read_job(message)
    except MessageRefused as refused:
        emit("job.refused", level=logging.ERROR, detail=str(refused))
        return
    match job:
        case RefreshJob():
            refresh(app, "queue")
        case RebuildJob():
            emit("job.finished", type="rebuild", periodsWritten=rebuild(app, everything=True))
