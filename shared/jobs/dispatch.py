"""A message of the jobs queue, and who does what it asks for."""

from __future__ import annotations

import hashlib
import logging
from typing import TYPE_CHECKING, assert_never

import msgspec

from shared.asking import is_stale
from shared.errors import MessageRefused, ScoreboardError
from shared.events import emit, on_behalf_of
from shared.jobs.accept import accept_empty
from shared.jobs.erase import erase
from shared.jobs.outcome import Outcome
from shared.jobs.rebuild import rebuild
from shared.jobs.refresh import refresh
from shared.jobs.replay import replay
from shared.jobs.retract import retract
from shared.records import AuditEntry
from shared.sources.live import configured
from shared.store.job_queue import (
    READER,
    AcceptEmptyJob,
    EraseJob,
    OperatorJob,
    RebuildJob,
    RefreshJob,
    RetractJob,
    read_job,
)

if TYPE_CHECKING:
    from shared.app import App


def run_job(app: App, message: bytes) -> None:
    """Do what the message asks for. One that nobody understands is said and let go: it would never work.

    Raises StoreUnavailable where storage is away, and StoreConflict where others were faster for too long, so
    that the queue brings the message again; of an operator's job that is told, because it can end as poison.
    """
    try:
        job = read_job(message)
    except MessageRefused as refused:
        emit("job.refused", level=logging.ERROR, detail=str(refused))
        return
    if isinstance(job, RefreshJob):
        if job.asked_by == READER and _is_answered(app):
            return
        with on_behalf_of(job.correlation_id):
            refresh(app, "queue", insist=job.asked_by != READER)
        return
    entry = app.audit.begin(_entry(app, job))
    try:
        outcome = _do(app, job)
    except Exception as error:
        _tell_failure(entry, error)
        raise
    app.audit.complete(entry, "done" if outcome.done else "nothing", outcome.said, app.clock.now())
    emit(
        "job.finished" if outcome.done else "job.nothing_to_do",
        level=logging.INFO if outcome.done else logging.WARNING,
        type=entry.what,
        of=entry.of,
        auditId=entry.audit_id,
        detail=outcome.said,
    )


def _tell_failure(entry: AuditEntry, error: Exception) -> None:
    """Of a foreign exception the kind alone: its text may hold anything."""
    emit(
        "job.failed",
        level=logging.WARNING,
        type=entry.what,
        of=entry.of,
        auditId=entry.audit_id,
        detail=str(error) if isinstance(error, ScoreboardError) else f"a defect: {type(error).__name__}",
    )


def _is_answered(app: App) -> bool:
    """Whether the timer, or this message when it came before, did what a reader asked for."""
    heads, now = app.manifests.heads().live, app.clock.now()
    live = [heads[source] for source in configured(app.settings) if source in heads]
    return bool(live) and not any(is_stale(head, now) for head in live)


def _do(app: App, job: OperatorJob) -> Outcome:
    match job:
        case RebuildJob(from_raw=True):
            return replay(app)
        case RebuildJob():
            return Outcome(done=True, said=f"{rebuild(app, everything=True)} period rows were computed again")
        case RetractJob():
            return retract(app, job.receipt_id, job.reason)
        case AcceptEmptyJob():
            return accept_empty(app, job.source, job.day, job.reason)
        case EraseJob():
            return erase(app, job.engineer_id)
        case _:
            assert_never(job)


def _entry(app: App, job: OperatorJob) -> AuditEntry:
    """What the audit says of a job; one whose sender gave it no id is known by what it says."""
    said = msgspec.json.encode(job)
    return AuditEntry(
        audit_id=job.id or hashlib.sha256(said).hexdigest()[:16],
        what=str(type(job).__struct_config__.tag),
        of=_object_of(job),
        by=job.by,
        reason=job.reason,
        at=job.at or app.clock.now(),
    )


def _object_of(job: OperatorJob) -> str:
    match job:
        case RebuildJob():
            return "everything, from raw" if job.from_raw else "period rows"
        case RetractJob():
            return job.receipt_id
        case AcceptEmptyJob():
            return f"{job.source} {job.day}"
        case EraseJob():
            return job.engineer_id
        case _:
            assert_never(job)
