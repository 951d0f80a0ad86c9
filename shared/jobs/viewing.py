"""Who a source's key sees: asked once a day, of every other key, and when the last run did not go well."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

import msgspec

from shared.errors import ContractBroken, SourceMisconfigured
from shared.events import emit
from shared.heads import Head, View
from shared.jobs.answers import arrival_name
from shared.records import Actor, DayEntry
from shared.sources import LIVE
from shared.sources.live import source_of
from shared.store.facts import KEYS, MEMBERS
from shared.store.manifests import Held, Retired

if TYPE_CHECKING:
    from shared.app import App
    from shared.sources.organization import KeyView
    from shared.sources.vendor import Vendor
    from shared.store.people import People

T = TypeVar("T")

EVERY = timedelta(hours=20)

#: Keys that Claude Code makes for one person bear this prefix: their maker is their user. Any other
#: key may run in a pipeline, and its maker is no engineer at work.
PERSONAL_KEY = "claude_code_key_"


def look_again(app: App, held: Held, vendor: Vendor, people: People, expected: str | None) -> Held:
    """Ask who the key sees where that is due; the manifest with the view, not yet published.

    It is due once in ``EVERY``, after a run that did not go well, and while the organisation is wrong. A key
    that is another than then, or may be, is asked whose it is, and is looked at where that changed.

    Raises what the source's ``look_around`` raises, and ContractBroken where not even the organisation was
    learnt.
    """
    now = app.clock.now()
    if not _is_due(held, expected, now):
        key, seen_before = held.manifest.head.key, held.manifest.head.view
        if seen_before.key == key:
            return held
        # An empty answer does not say whose it is.
        if source_of(held.manifest.source).whose(vendor, now.date()) == seen_before.organization:
            return _with_view(held, msgspec.structs.replace(seen_before, key=key))
    source, at_once = held.manifest.source, app.settings.fetch_concurrency
    seen = source_of(source).look_around(vendor, now.date(), at_once=at_once)
    kept = {path: [app.raw.keep_answer(page) for page in pages] for path, pages in seen.pages.items()}
    app.raw.note_arrival(
        f"{source}/view/{arrival_name(now, held.manifest.epoch)}",
        {"source": source, "fetchedAt": now, "version": held.manifest.epoch, "pages": kept},
    )
    if seen.organization_id is None:
        raise seen.broken or ContractBroken("the vendor did not name the key's organisation", status=200)
    meant = expected or held.manifest.head.organization or seen.organization_id
    view = msgspec.structs.replace(
        members_and_keys(app, held, seen, people, is_ours=seen.organization_id == meant),
        organization=seen.organization_id,
        organization_name=seen.organization_name or "",
        looked_at=now,
        key=held.manifest.head.key,
    )
    return _with_view(held, view)


def _with_view(held: Held, view: View) -> Held:
    head = msgspec.structs.replace(held.manifest.head, view=view)
    return Held(msgspec.structs.replace(held.manifest, head=head), held.etag)


def _is_due(held: Held, expected: str | None, now: datetime) -> bool:
    head = held.manifest.head
    return (
        head.access.state != "ok"
        or head.view.looked_at is None
        or now - head.view.looked_at >= EVERY
        or wrong_organization(held.manifest.source, head, expected) is not None
        or any(entry.last_attempt == "failed" for entry in held.manifest.days.values())
    )


def members_and_keys(app: App, held: Held, seen: KeyView, people: People, *, is_ours: bool) -> View:
    """The view with what changed stored under this run's epoch; what was not learnt stays as it was.

    Another organisation's keys say nothing of the days that are stored: their mapping stays as it was.
    """
    view, epoch, source = held.manifest.head.view, held.manifest.epoch, held.manifest.source
    if seen.members is not None:
        actors = [Actor("engineer", member.address) for member in seen.members]
        members = sorted(people.identify(actors).values())
        if _stored(app, source, MEMBERS, view.members_version, list[str]) != members:
            app.facts.write_value(source, MEMBERS, epoch, members)
            view = msgspec.structs.replace(view, members=len(members), members_version=epoch)
    if seen.keys is not None and is_ours:
        owners = _owners(seen, people)
        if _stored(app, source, KEYS, view.keys_version, dict[str, str]) != owners:
            app.facts.write_value(source, KEYS, epoch, owners)
            view = msgspec.structs.replace(view, keys=len(seen.keys), keys_version=epoch)
    if seen.seats is not None:
        view = msgspec.structs.replace(view, seats=seen.seats, members=seen.seats)
    if seen.daily_active is not None:
        view = msgspec.structs.replace(view, daily_active=dict(seen.daily_active))
    return view


def _owners(seen: KeyView, people: People) -> dict[str, str]:
    made = {
        Actor("key", key.name): Actor("engineer", key.creator_address)
        for key in seen.keys or ()
        if key.creator_address and key.name.startswith(PERSONAL_KEY)
    }
    ids = people.identify([*made, *made.values()])
    return {ids[key]: ids[owner] for key, owner in sorted(made.items(), key=lambda one: one[0].name)}


def _stored(app: App, source: str, part: str, version: int, kind: type[T]) -> T | None:
    return app.facts.read_value(source, part, version, kind) if version else None


def wrong_organization(source: str, head: Head, expected: str | None) -> SourceMisconfigured | None:
    """Why nothing is to be fetched with this key; None where its organisation is the right one."""
    seen = head.view.organization
    if expected and seen != expected:
        return of_another(source, "the expected one")
    if head.organization and seen != head.organization:
        return of_another(source, "the days that are stored")
    return None


def of_another(source: str, than: str) -> SourceMisconfigured:
    """What is wrong with a key of another organisation."""
    return SourceMisconfigured(
        f"the key belongs to another organisation than {than}",
        action=f"Use an {LIVE[source].key.called} of the expected organisation, or correct "
        "EXPECTED_ORGANIZATIONS.",
    )


def start_over(held: Held, expected: str | None) -> Held:
    """Set aside days of an organisation that is not the expected one, once the key is of that one.

    They were fetched with a wrong key before anybody said which organisation was meant. Their raw
    answers stay; every day is as if never fetched.
    """
    manifest = held.manifest
    head = manifest.head
    if not expected or head.view.organization != expected or head.organization in ("", expected):
        return held
    now = head.view.looked_at or datetime.min.replace(tzinfo=UTC)
    retired = tuple(
        Retired(day.isoformat(), entry.facts, now) for day, entry in manifest.days.items() if entry.facts
    )
    emit("source.organization_changed", source=manifest.source, days=len(manifest.days))
    fresh = msgspec.structs.replace(
        manifest,
        head=msgspec.structs.replace(head, organization=""),
        days={day: DayEntry(version=manifest.epoch) for day in manifest.days},
        retired=(*manifest.retired, *retired),
    )
    return Held(fresh, held.etag)
