"""The timer's work: who the key sees, the days that can have changed, the rows that are behind, the drops."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from shared.errors import (
    OutOfTime,
    SourceError,
    SourceLocked,
    SourceMisconfigured,
    StoreConflict,
)
from shared.events import emit
from shared.jobs.collecting import LEASE, Collection
from shared.jobs.ingest import ingest_waiting
from shared.jobs.plan import days_to_ask
from shared.jobs.rebuild import rebuild
from shared.jobs.sweep import sweep
from shared.jobs.viewing import look_again, wrong_organization
from shared.records import Access, AccessState, Run, RunOutcome
from shared.sources import claude_code_admin as source
from shared.store.manifests import Held, take_lease

if TYPE_CHECKING:
    from shared.app import App
    from shared.sources.vendor import Vendor

#: Who finds the lease taken looks again so often; a live holder renews it well before it runs out.
POLL_SECONDS = 3.0


def refresh(app: App, trigger: str) -> Run:
    """Do everything that the timer does, once. Running again is free, and so is running twice at once.

    Raises StoreUnavailable where storage is away; what a source does wrong is in the run's record.
    """
    started = app.clock.now()
    run_id = secrets.token_hex(6)
    run = Run(
        run_id, started, started, "skipped", trigger, source.NAME, detail="no live source is configured"
    )
    if app.settings.live_source_configured:
        run = _collect(app, run)
    ingested = ingest_waiting(app)
    rows = rebuild(app)
    sweep(app)
    run = msgspec.structs.replace(run, finished_at=app.clock.now(), periods_written=rows)
    app.runs.write(run.started_at, run.run_id, run)
    emit("refresh.finished", run=run, ingested=ingested)
    return run


def _collect(app: App, run: Run) -> Run:
    held = _lease(app, run.run_id)
    if held is None:
        return msgspec.structs.replace(run, outcome="busy", detail="another run holds the lease and is alive")
    deadline = app.clock.monotonic() + app.settings.refresh_budget_seconds
    try:
        with _vendor(app, deadline) as vendor:
            return _collect_from(app, run, held, vendor)
    except SourceMisconfigured as error:  # there is no usable key: nothing was asked
        _let_go(app, held, _access(held, error, app.clock.now()))
        return _ended(run, "failed", error)
    except StoreConflict:
        return msgspec.structs.replace(run, outcome="busy", detail="another run took the lease over")


def _collect_from(app: App, run: Run, held: Held, vendor: Vendor) -> Run:
    collection = Collection(app, vendor, app.raw, app.people(), "", held)
    try:
        collection.held = held = look_again(app, held, vendor, collection.people)
        view = held.manifest.head.view
        collection.organization = view.organization
        wrong = wrong_organization(held.manifest.head, app.settings.expected_organizations.get("console"))
        if wrong is not None:
            _let_go(app, held, _access(held, None, app.clock.now()))
            return msgspec.structs.replace(_ended(run, "failed", wrong), requests=vendor.requests)
    except OutOfTime as error:
        _let_go(app, held, held.manifest.head.access)
        return msgspec.structs.replace(_ended(run, "partial", error), requests=vendor.requests)
    except SourceError as error:
        _let_go(app, held, _access(held, error, app.clock.now()))
        return msgspec.structs.replace(_ended(run, "failed", error), requests=vendor.requests)
    days = days_to_ask(
        held.manifest.days,
        app.clock.now().date(),
        backfill_days=app.settings.backfill_days,
        trailing_days=app.settings.trailing_days,
    )
    collection.collect(days)
    stopped = collection.stopped_by
    said = None if isinstance(stopped, OutOfTime) else stopped
    collection.publish(release=True, access=_access(collection.held, said, app.clock.now()))
    return msgspec.structs.replace(
        run,
        outcome=_outcome(collection, len(days)),
        days_asked=len(days) - collection.left,
        days_changed=collection.changed,
        days_failed=collection.failed,
        days_left=collection.left,
        requests=vendor.requests,
        detail=str(stopped or ""),
    )


def _outcome(collection: Collection, asked: int) -> RunOutcome:
    if collection.failed == 0 and collection.left == 0:
        return "ok"
    return "failed" if collection.failed + collection.left == asked and collection.failed else "partial"


def _lease(app: App, run_id: str) -> Held | None:
    """The lease; where a run that died holds it, once it has run out. None while the holder is alive."""
    first_until: datetime | None = None
    while True:
        held = take_lease(app.manifests, source.NAME, run_id, app.clock.now(), LEASE)
        if held is not None:
            return held
        until = app.manifests.read(source.NAME).manifest.lease_until
        first_until = first_until or until
        if until is None or first_until is None:
            continue  # it was let go meanwhile
        if until > first_until or until > app.clock.now() + 2 * LEASE:
            return None  # it was renewed: the holder is alive
        app.clock.sleep(POLL_SECONDS)


def _vendor(app: App, deadline: float) -> Vendor:
    from shared.sources.credentials import admin_key
    from shared.sources.vendor import Vendor

    return Vendor(
        app.settings.anthropic_base_url,
        admin_key(app.settings, app.environ),
        deadline=deadline,
        sleep=app.clock.sleep,
        monotonic=app.clock.monotonic,
        now=app.clock.now,
    )


def _access(held: Held, error: SourceError | None, now: datetime) -> Access:
    """How the source answered, in the words of the trust check ``access``."""
    before = held.manifest.head.access
    if error is None:
        return Access("ok", at=now, answered_at=now)
    state: AccessState
    if isinstance(error, SourceLocked) and before.answered_at is None:
        state = "locked"
    else:
        state = "denied" if isinstance(error, SourceLocked | SourceMisconfigured) else "failed"
    return Access(state, error.status, str(error), error.action, now, before.answered_at)


def _let_go(app: App, held: Held, access: Access) -> None:
    manifest = held.manifest
    head = msgspec.structs.replace(manifest.head, access=access)
    app.manifests.replace(
        held, msgspec.structs.replace(manifest, head=head, lease_holder="", lease_until=None)
    )


def _ended(run: Run, outcome: RunOutcome, error: SourceError) -> Run:
    emit(f"source.{_EVENTS.get(type(error), 'unavailable')}", source=source.NAME, detail=str(error))
    return msgspec.structs.replace(run, outcome=outcome, detail=str(error))


_EVENTS: dict[type[SourceError], str] = {
    SourceMisconfigured: "config_error",
    SourceLocked: "locked",
    OutOfTime: "out_of_time",
}
