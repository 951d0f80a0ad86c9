"""One run over the live source: its lease, who the key sees, its days, and how it answered."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import msgspec

from shared.asking import asked_again, is_probed
from shared.breaker import Heard, after
from shared.errors import OutOfTime, SourceError, SourceLocked, SourceMisconfigured, StoreConflict
from shared.events import emit
from shared.heads import Access, AccessState, Breaker, Head
from shared.jobs.collecting import Collection
from shared.jobs.leasing import lease
from shared.jobs.plan import days_to_ask
from shared.jobs.viewing import look_again, start_over, wrong_organization
from shared.records import Run, RunOutcome
from shared.sources import claude_code_admin as source
from shared.sources.credentials import admin_key
from shared.sources.refusals import locked_or_misconfigured
from shared.sources.vendor import Vendor

if TYPE_CHECKING:
    from shared.app import App
    from shared.store.manifests import Held

#: The status of a vendor that limits us.
LIMITED = 429


def run_source(app: App, run: Run, *, insist: bool = False) -> Run:
    """Ask for the days that can have changed, and publish them; what happened, for the run's record.

    ``insist``: ask even where the source is to be left alone for a while.
    """
    run = msgspec.structs.replace(run, source=source.NAME)
    read = app.manifests.read(source.NAME)
    left_alone = None if insist else _left_alone(app, run, read.manifest.head)
    if left_alone is not None:
        return left_alone
    held = lease(app, source.NAME, run.run_id, read)
    if held is None:
        return msgspec.structs.replace(run, outcome="busy", detail="another run holds the lease and is alive")
    try:
        left_alone = None if insist else _left_alone(app, run, held.manifest.head)
        if left_alone is not None:  # who had the lease before has asked it meanwhile
            _let_go(app, held, held.manifest.head)
            return left_alone
        with _vendor(app) as vendor:
            return _ask(app, run, held, vendor)
    except SourceError as error:  # there is no usable key: nothing was asked
        return _give_up(app, run, held, error, "nothing")
    except StoreConflict:
        return msgspec.structs.replace(run, outcome="busy", detail="another run took the lease over")


def _left_alone(app: App, run: Run, head: Head) -> Run | None:
    """The run that does not ask, where the source is to be left alone; else None."""
    again = asked_again(head)
    if again is None or app.clock.now() >= again:
        return None
    is_locked = head.access.state == "locked"
    why = f"locked: {head.access.detail}" if is_locked else "the circuit is open: the vendor does not answer"
    detail = f"{why}; it is asked again from {again:%Y-%m-%d %H:%M} UTC on"
    return msgspec.structs.replace(run, outcome="skipped" if is_locked else "failed", detail=detail)


def _let_go(app: App, held: Held, head: Head) -> None:
    manifest = msgspec.structs.replace(held.manifest, head=head, lease_holder="", lease_until=None)
    app.manifests.replace(held, manifest)


def _vendor(app: App) -> Vendor:
    return Vendor(
        app.settings.anthropic_base_url,
        admin_key(app.settings, app.environ),
        deadline=app.clock.monotonic() + app.settings.refresh_budget_seconds,
        sleep=app.clock.sleep,
        monotonic=app.clock.monotonic,
        now=app.clock.now,
    )


def _ask(app: App, run: Run, held: Held, vendor: Vendor) -> Run:
    expected = app.settings.expected_organizations.get("console")
    people = app.people()
    try:
        held = start_over(look_again(app, held, vendor, people, expected), expected)
        if (wrong := wrong_organization(held.manifest.head, expected)) is not None:
            raise wrong
    except SourceError as error:
        given_up = _give_up(app, run, held, error, _heard(error, answered=False))
        return msgspec.structs.replace(given_up, requests=vendor.requests)
    days = days_to_ask(
        held.manifest.days,
        app.clock.now().date(),
        backfill_days=min(app.settings.backfill_days, app.settings.fact_retention_days),
        trailing_days=app.settings.trailing_days,
    )
    access = held.manifest.head.access
    collection = Collection(app, vendor, people, held, probing=is_probed(held.manifest.head))
    collection.collect(days)
    has_answered = collection.answered or access.answered_at is not None
    stopped = collection.stopped_by and _in_view_of_the_past(collection.stopped_by, has_answered)
    now_known = None if isinstance(stopped, OutOfTime) and collection.answered else stopped
    collection.publish(
        release=True,
        access=_access(app, access, now_known),
        breaker=_breaker(app, held, _heard(stopped, answered=collection.answered)),
    )
    return msgspec.structs.replace(
        run,
        outcome="skipped" if isinstance(stopped, SourceLocked) else _outcome(collection, len(days)),
        days_asked=len(days) - collection.left,
        days_changed=collection.changed,
        days_failed=collection.failed,
        days_left=collection.left,
        requests=vendor.requests,
        detail=str(stopped or ""),
    )


def _give_up(app: App, run: Run, held: Held, error: SourceError, heard: Heard) -> Run:
    """Let the lease go, with what was learnt of the source; no day was asked for."""
    before = held.manifest.head
    said = _in_view_of_the_past(error, before.access.answered_at is not None)
    access, breaker = _access(app, before.access, said), _breaker(app, held, heard)
    _let_go(app, held, msgspec.structs.replace(before, access=access, breaker=breaker))
    return msgspec.structs.replace(run, outcome=_OUTCOMES.get(type(said), "failed"), detail=str(said))


#: What a run is told that asked for no day; a plan without the source is no failure.
_OUTCOMES: dict[type[SourceError], RunOutcome] = {OutOfTime: "partial", SourceLocked: "skipped"}


def _outcome(collection: Collection, asked: int) -> RunOutcome:
    if collection.failed == 0 and collection.left == 0:
        return "ok"
    return "failed" if collection.failed + collection.left == asked and collection.failed else "partial"


def _in_view_of_the_past(error: SourceError, answered_before: bool) -> SourceError:
    """The error as it is to be told, and told as an event: a lock after an answer is a fault."""
    said = locked_or_misconfigured(error, answered_before)
    event, level = _EVENTS.get(type(said), ("source.unavailable", logging.WARNING))
    emit(event, level=level, source=source.NAME, detail=str(said), action=said.action)
    return said


_EVENTS: dict[type[SourceError], tuple[str, int]] = {
    SourceMisconfigured: ("source.config_error", logging.ERROR),
    SourceLocked: ("source.locked", logging.INFO),
    OutOfTime: ("source.out_of_time", logging.INFO),
}


def _heard(stopped: SourceError | None, *, answered: bool) -> Heard:
    """What a run that asked heard of the vendor; ``answered``: some day was. A refusal is an answer, too."""
    if isinstance(stopped, SourceMisconfigured | SourceLocked):
        return "answer"
    if isinstance(stopped, OutOfTime):
        return "answer" if answered else "limit" if stopped.status == LIMITED else "nothing"
    if stopped is not None and stopped.status == LIMITED:
        return "limit"
    return "answer" if answered else "failure"


def _breaker(app: App, held: Held, heard: Heard) -> Breaker:
    """The source's breaker after this run, and an event where the circuit opens or closes."""
    before, now = held.manifest.head.breaker, app.clock.now()
    breaker = after(before, heard, now)
    if breaker.state == before.state:
        return breaker
    if breaker.state == "open":
        about = {"failures": breaker.failures, "limited": heard == "limit", "probeAt": breaker.probe_at}
        emit("circuit.opened", level=logging.WARNING, source=source.NAME, **about)
    else:
        emit("circuit.closed", source=source.NAME, openedAt=before.opened_at)
    return breaker


def _access(app: App, before: Access, error: SourceError | None) -> Access:
    """How the source answered, in the words of the trust check ``access``."""
    now = app.clock.now()
    if error is None:
        return Access("ok", at=now, answered_at=now)
    if isinstance(error, OutOfTime):
        return before
    state: AccessState = "failed"
    if isinstance(error, SourceLocked):
        state = "locked"
    elif isinstance(error, SourceMisconfigured):
        state = "denied"
    return Access(state, error.status, str(error), error.action, now, before.answered_at)
