"""Takes one engineer out of everything that names anybody; no total changes.

The id stays in facts and rows, and names nobody once its row among the people is gone. A tombstone, a keyed
hash, knows who was erased: first it says what to take out of the raw files, and later it gives whoever comes
again the same id. Last go the rows in which the names stand; who dies before finds them, and begins again.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from shared.jobs.leasing import KeptLease
from shared.jobs.outcome import Outcome
from shared.jobs.shelf import Shelf
from shared.jobs.viewing import PERSONAL_KEY
from shared.records import Actor
from shared.sources import LIVE
from shared.sources.exports import content_key
from shared.sources.redaction import redact, redact_text
from shared.store.facts import KEYS
from shared.store.manifests import EXPORTS

if TYPE_CHECKING:
    from shared.app import App
    from shared.store.people import People


def erase(app: App, engineer_id: str) -> Outcome:
    """Erase the engineer, with every other address and personal key. Again takes out what came since."""
    people = app.people()
    actors = _actors_of(app, people, engineer_id)
    if not actors and not people.is_erased(engineer_id):
        return Outcome(done=False, said="there is no such engineer")
    people.begin_to_erase(actors)
    kept = _leases(app)
    work = _Redaction(app, people, kept)
    work.redact_everything()
    for lease in kept:
        lease.publish(lease.held.manifest)
    people.erase(actors)
    gone = app.clock.now() + timedelta(days=app.settings.soft_delete_days)
    return Outcome(
        done=True,
        said=f"{len(actors)} names were erased, and {work.files} files rewritten; what they were is kept by "
        f"soft delete until {gone.date()}, and gone then",
    )


def _actors_of(app: App, people: People, engineer_id: str) -> dict[str, Actor]:
    """Everything that names the engineer, by its id: addresses, aliases, names, keys of their own."""
    shelf = Shelf(app, app.exports.read().manifest)
    told: dict[str, str] = {}
    for source in LIVE:
        version = app.manifests.read(source).manifest.head.view.keys_version
        told |= app.facts.read_value(source, KEYS, version, dict[str, str]) if version else {}
    directory = shelf.told.directory.with_keys(told)
    person = directory.person(engineer_id)
    entries = [one for file in shelf.told.files for one in file.entries]
    names = {one.name_id for one in entries if one.engineer_id == person}
    others = {one.name_id for one in entries if one.engineer_id != person}
    found = {}
    for identifier, actor in people.actors().items():
        if actor.kind == "name":
            is_theirs = identifier in names - others
        else:
            is_theirs = directory.person(identifier) == person
            is_theirs = is_theirs and (actor.kind == "engineer" or actor.name.startswith(PERSONAL_KEY))
        if is_theirs:
            found[identifier] = actor
    return found


def _leases(app: App) -> list[KeptLease]:
    """Every live source's: no answer may be kept, or taken as kept, while others are rewritten."""
    holder = f"erase-{secrets.token_hex(6)}"
    leases: list[KeptLease] = []
    for source in (one for one in LIVE if app.manifests.read(one).etag):
        leases.append(KeptLease.take(app, source, holder))
        for lease in leases:
            lease.renew()  # the next one may be long in coming
    return leases


@dataclass(slots=True)
class _Redaction:
    """Everything raw, without the erased. ``replaced``: from the digest of a content to its redaction's."""

    app: App
    people: People
    kept: list[KeptLease]
    files: int = 0
    replaced: dict[str, str] = field(default_factory=dict)

    def redact_everything(self) -> None:
        """Twice, because files are dropped meanwhile: one that is kept and has no document yet is left to the
        second time."""
        met: set[str] = set()
        for is_last in (False, True):
            contents = set(self.app.raw.contents()) - met
            met |= contents - self._redact_contents(contents, is_last=is_last)
        for path, document in self.app.raw.arrivals_by_path(f"{EXPORTS}/"):
            self._redact_name(path, document)
        self.files += self.app.receipts.rewrite(
            lambda one: msgspec.structs.replace(one, name=redact_text(one.name, self.people.token_of))
        )
        for name in self.app.quarantine.names():
            without = redact(self.app.quarantine.read(name), self.people.token_of)
            if without is not None:
                self.app.quarantine.replace(name, without)
                self.files += 1

    def _redact_contents(self, contents: set[str], *, is_last: bool) -> set[str]:
        """Put redactions in the place of contents: kept first, then pointed to, then the old ones removed.
        Those to which nothing points are returned, and the last time removed."""
        documents = dict(self.app.raw.arrivals_by_path(""))
        referring: dict[str, list[str]] = defaultdict(list)
        for path, document in documents.items():
            for digest in _digests(document):
                referring[digest].append(path)
        of_days = self._named_by_days()
        found, lonely = [], set[str]()
        for digest in sorted(contents):
            self._renew()
            content = self.app.raw.read(digest)
            without = redact(content, self.people.token_of)
            if without is None:
                continue
            is_named = bool(referring[digest]) or digest in of_days
            if not is_named and not is_last:
                lonely.add(digest)
                continue
            found.append(digest)
            if is_named:
                self.replaced[digest] = self.app.raw.keep(without)
            for path in referring[digest]:
                self._point(path, documents[path], content)
        self._point_days()
        for digest in found:
            self.app.raw.remove(digest)
        self.files += len(found)
        return lonely

    def _point(self, path: str, document: dict[str, Any], content: bytes) -> None:
        """Have an arrival's document, and its receipt, tell of the redaction. What it was known by stays."""
        document["pages"] = _replaced(document["pages"], self.replaced)
        if document["source"] == EXPORTS:
            document.setdefault("contentKey", content_key(content))
            document.setdefault("size", len(content))
        self.app.raw.note_arrival(path, document)
        if document["source"] == EXPORTS:
            [digest] = document["pages"]
            received = datetime.fromisoformat(document["lastModified"])
            receipt = self.app.receipts.read(received, document["receiptId"])
            if receipt is not None:
                now = msgspec.structs.replace(receipt, digest=digest)
                self.app.receipts.write(received, receipt.receipt_id, now)

    def _named_by_days(self) -> set[str]:
        """What days name. An answer that says the same as the one before, in other bytes, has no document."""
        entries = (entry for kept in self.kept for entry in kept.held.manifest.days.values())
        return {digest for entry in entries for digest in entry.raw.split(",")}

    def _point_days(self) -> None:
        """Days name the answers that are kept: no run may take one that is gone for kept."""
        for kept in self.kept:
            manifest = kept.held.manifest
            days = {
                day: msgspec.structs.replace(
                    entry, raw=",".join(_replaced(entry.raw.split(","), self.replaced))
                )
                for day, entry in manifest.days.items()
            }
            if days != manifest.days:
                kept.replace(msgspec.structs.replace(manifest, days=days))

    def _redact_name(self, path: str, document: dict[str, Any]) -> None:
        """A file's own name, and what was told of it, may hold an address."""
        token_of = self.people.token_of
        name = redact_text(document["name"], token_of)
        metadata = {key: redact_text(value, token_of) for key, value in document["metadata"].items()}
        if (name, metadata) != (document["name"], document["metadata"]):
            self.app.raw.note_arrival_anew(path, {**document, "name": name, "metadata": metadata})
            self.files += 1

    def _renew(self) -> None:
        for kept in self.kept:
            kept.renew()


def _digests(document: dict[str, Any]) -> list[str]:
    pages = document["pages"]
    return [one for part in pages.values() for one in part] if isinstance(pages, dict) else list(pages)


def _replaced(pages: Any, replaced: dict[str, str]) -> Any:
    if isinstance(pages, dict):
        return {path: _replaced(part, replaced) for path, part in pages.items()}
    return [replaced.get(one, one) for one in pages]
