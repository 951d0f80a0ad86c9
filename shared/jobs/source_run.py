"""One run over one live source: its lease, who the key sees, its days, and how it answered."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from shared.asking import is_probed, left_alone_until
from shared.breaker import Heard, after
from shared.errors import Defect, OutOfTime, SourceError, SourceLocked, SourceMisconfigured, StoreConflict
from shared.events import emit
from shared.heads import Access, AccessState, Breaker, Head
from shared.jobs.collecting import Collection
from shared.jobs.defects import as_defects, tell_defect
from shared.jobs.doubting import tell_doubt
from shared.jobs.leasing import lease
from shared.jobs.plan import days_to_ask, days_to_read_again
from shared.jobs.viewing import look_again, start_over, wrong_organization
from shared.records import Run, RunOutcome
from shared.sources import LIVE
from shared.sources.credentials import key_of
from shared.sources.live import source_of
from shared.sources.refusals import locked_or_misconfigured, of_the_other_kind
from shared.sources.vendor import Vendor
from shared.store.manifests import Held

if TYPE_CHECKING:
    from shared.app import App
    from shared.sources.credentials import Key

#: The status of a vendor that limits us.
LIMITED = 429


def run_source(app: App, run: Run, *, seconds: float, insist: bool = False) -> Run:
    """Ask ``run.source`` for the days that can have changed, within so many seconds, and publish them; what
    happened, for the run's record.

    ``insist``: ask even where the source is to be left alone for a while. A defect of ours ends this run and
    no other; its lease runs out.
    """
    deadline = app.clock.monotonic() + seconds
    try:
        with as_defects():
            return _run(app, run, deadline, insist=insist)
    except StoreConflict:
        return msgspec.structs.replace(run, outcome="busy", detail="another run took the lease over")
    except Defect as defect:
        tell_defect(defect, source=run.source)
        return msgspec.structs.replace(run, outcome="failed", detail=str(defect))


def _run(app: App, run: Run, deadline: float, *, insist: bool) -> Run:
    """The run. Raises StoreConflict where its lease was lost."""
    read = app.manifests.read(run.source)
    left_alone = None if insist else _left_alone(app, run, read.manifest.head)
    if left_alone is not None:
        return left_alone
    held = lease(app, run.source, run.run_id, read)
    if held is None:
        return msgspec.structs.replace(run, outcome="busy", detail="another run holds the lease and is alive")
    try:
        left_alone = None if insist else _left_alone(app, run, held.manifest.head)
        if left_alone is not None:  # who had the lease before has asked it meanwhile
            _let_go(app, held, held.manifest.head)
            return left_alone
        key = _key(app, run.source)
        head = msgspec.structs.replace(held.manifest.head, key=_name_of(app, key))
        held = Held(msgspec.structs.replace(held.manifest, head=head), held.etag)
        with _vendor(app, run.source, key, deadline) as vendor:
            return _ask(app, run, held, vendor)
    except SourceError as error:  # there is no usable key: nothing was asked
        return _give_up(app, run, held, error, "nothing")


def _left_alone(app: App, run: Run, head: Head) -> Run | None:
    """The run that does not ask, where the source is to be left alone; else None. One that is locked is asked
    at once with a new key."""
    again = left_alone_until(head, app.clock.now())
    if again is None:
        return None
    is_locked = head.access.state == "locked"
    if is_locked and _has_new_key(app, run.source, head):
        return None
    why = f"locked: {head.access.detail}" if is_locked else "the circuit is open: the vendor does not answer"
    detail = f"{why}; it is asked again from {again:%Y-%m-%d %H:%M} UTC on"
    return msgspec.structs.replace(run, outcome="skipped" if is_locked else "failed", detail=detail)


def _let_go(app: App, held: Held, head: Head) -> None:
    manifest = msgspec.structs.replace(held.manifest, head=head, lease_holder="", lease_until=None)
    app.manifests.replace(held, manifest)


def _key(app: App, source: str) -> Key:
    return key_of(LIVE[source].key, app.settings, app.environ, **app.vault)


def _name_of(app: App, key: Key) -> str:
    """What tells a key from the one before it, and nothing else: its version in the vault; a key of the
    environment may be another one in each process."""
    return key.version or app.process


def _has_new_key(app: App, source: str, head: Head) -> bool:
    """Whether the key is another one than was asked with last. A vault that cannot say has no news."""
    with suppress(SourceError):
        return _name_of(app, _key(app, source)) != head.key
    return False


def _vendor(app: App, source: str, key: Key, deadline: float) -> Vendor:
    return Vendor(
        app.settings.anthropic_base_url,
        key.text,
        deadline=deadline,
        kind=LIVE[source].key,
        pace=app.pace_of(source),
        key_again=lambda: _key(app, source).text,
        sleep=app.clock.sleep,
        monotonic=app.clock.monotonic,
        now=app.clock.now,
    )


def _ask(app: App, run: Run, held: Held, vendor: Vendor) -> Run:
    live = LIVE[run.source]
    expected = app.settings.expected_organizations.get(live.surface)
    people = app.people()
    try:
        held = start_over(look_again(app, held, vendor, people, expected), expected)
        if (wrong := wrong_organization(run.source, held.manifest.head, expected)) is not None:
            raise wrong
    except SourceError as error:
        error = _of_which_kind(error, held, vendor)
        given_up = _give_up(app, run, held, error, _heard(error, answered=False))
        return msgspec.structs.replace(given_up, requests=vendor.requests)
    now, trailing = app.clock.now(), timedelta(days=app.settings.trailing_days)
    days = days_to_ask(
        held.manifest.days,
        now.date(),
        backfill_days=min(app.settings.backfill_days, app.settings.fact_retention_days),
        trailing_days=trailing.days,
        since=live.first_day(now.date()),
        newest=held.manifest.head.shown_until,
        also=days_to_read_again(held.manifest.days, now, max(live.revisable, trailing)),
    )
    access = held.manifest.head.access
    collection = Collection(app, vendor, people, held, probing=is_probed(held.manifest.head))
    collection.collect(days)
    has_answered = collection.answered or access.answered_at is not None
    stopped = collection.stopped_by and _of_which_kind(collection.stopped_by, held, vendor)
    stopped = stopped and _in_view_of_the_past(run.source, stopped, has_answered)
    now_known = None if isinstance(stopped, OutOfTime) and collection.answered else stopped
    collection.publish(
        release=True,
        access=_access(app, access, now_known),
        breaker=_breaker(app, held, _heard(stopped, answered=collection.answered)),
    )
    tell_doubt(app, held.manifest.source, held.manifest.days, collection.held.manifest.days)
    return msgspec.structs.replace(
        run,
        outcome="skipped" if isinstance(stopped, SourceLocked) else _outcome(collection, len(days)),
        days_asked=len(days) - collection.left - collection.not_shown,
        days_changed=collection.changed,
        days_failed=collection.failed,
        days_left=collection.left,
        requests=vendor.requests,
        periods_written=collection.rows_written,
        detail=str(stopped or ""),
    )


def _give_up(app: App, run: Run, held: Held, error: SourceError, heard: Heard) -> Run:
    """Let the lease go, with what was learnt of the source; no day was asked for."""
    before = held.manifest.head
    said = _in_view_of_the_past(run.source, error, before.access.answered_at is not None)
    access, breaker = _access(app, before.access, said), _breaker(app, held, heard)
    _let_go(app, held, msgspec.structs.replace(before, access=access, breaker=breaker))
    return msgspec.structs.replace(run, outcome=_OUTCOMES.get(type(said), "failed"), detail=str(said))


#: What a run is told that asked for no day; a plan without the source is no failure.
_OUTCOMES: dict[type[SourceError], RunOutcome] = {OutOfTime: "partial", SourceLocked: "skipped"}


def _outcome(collection: Collection, asked: int) -> RunOutcome:
    if collection.failed == 0 and collection.left == 0:
        return "ok"
    unanswered = collection.failed + collection.left + collection.not_shown
    return "failed" if unanswered == asked and collection.failed else "partial"


def _of_which_kind(error: SourceError, held: Held, vendor: Vendor) -> SourceError:
    """The error, unless the key is one for another API: its beginning suggests it, and that API answers it.

    Only a source that has never answered is asked about: a key that opened it is of its kind.
    """
    live = LIVE[held.manifest.source]
    if not isinstance(error, SourceLocked) or held.manifest.head.access.answered_at is not None:
        return error
    for name, other in LIVE.items():
        if other.key is not live.key and other.key is vendor.looks_like:
            with suppress(SourceError):
                if source_of(name).opens(vendor):
                    return of_the_other_kind(error, live.key, other.key)
    return error


def _in_view_of_the_past(source: str, error: SourceError, answered_before: bool) -> SourceError:
    """The error as it is to be told, and told as an event: a lock after an answer is a fault."""
    said = locked_or_misconfigured(error, answered_before, LIVE[source].key)
    event, level = _EVENTS.get(type(said), ("source.unavailable", logging.WARNING))
    emit(event, level=level, source=source, detail=str(said), action=said.action)
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
        emit("circuit.opened", level=logging.WARNING, source=held.manifest.source, **about)
    else:
        emit("circuit.closed", source=held.manifest.source, openedAt=before.opened_at)
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
