"""A live source's days and who its key sees, made anew from the answers that are kept raw.

It holds the source's lease meanwhile, as a refresh does, so the two never mix; days that say what is known
already stay as they are, with their versions. Facts are written where they are missing; where others stand
under their version, beside them, under this run's epoch.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from shared.errors import ContractBroken, SourceLocked, StoreError, StoreUnavailable
from shared.heads import Access, View
from shared.jobs.accept import DECISIONS as ACCEPTED
from shared.jobs.answers import EMPTIED, entry_of, facts_of, volume_of
from shared.jobs.collecting import about
from shared.jobs.leasing import KeptLease
from shared.jobs.viewing import members_and_keys
from shared.records import DayEntry, Fact, Volume
from shared.sources import LIVE
from shared.sources.live import source_of
from shared.store.facts import KEYS, MEMBERS, fact_order
from shared.store.manifests import Held, Retired

if TYPE_CHECKING:
    from shared.app import App
    from shared.sources.organization import KeyView
    from shared.sources.readings import DayReading
    from shared.store.people import People

Document = dict[str, Any]


def replay_days(app: App, floor: Mapping[tuple[str, str], int]) -> int:
    """Make the days of every live source anew; how many there are answers of."""
    return sum(_replay(app, source, floor) for source in LIVE)


def _replay(app: App, source: str, floor: Mapping[tuple[str, str], int]) -> int:
    """The same of one source. Nothing is done where there are no answers."""
    days, views = _documents(app, source)
    if not days and not views:
        return 0
    kept = KeptLease.take(app, source, f"replay-{secrets.token_hex(6)}")
    return _Replay(app, source, kept, floor, app.people()).publish(days, views)


def _documents(app: App, source: str) -> tuple[list[Document], list[Document]]:
    """What is kept of days, and of who the key saw, each in the order of time."""
    documents = sorted(app.raw.arrivals(f"{source}/"), key=lambda one: (one["fetchedAt"], one["version"]))
    return [one for one in documents if "day" in one], [one for one in documents if "day" not in one]


@dataclass(slots=True)
class _Replay:
    """One reading of everything that is kept of the source, under its lease."""

    app: App
    source: str
    kept: KeptLease
    floor: Mapping[tuple[str, str], int]
    people: People
    _epoch: int = 0
    _retired: list[Retired] = field(default_factory=list)
    _accepted: dict[date, Document] = field(default_factory=dict)

    def publish(self, days: Sequence[Document], views: Sequence[Document]) -> int:
        now = self.app.clock.now()
        manifest = self.kept.held.manifest
        accepted = list(self.app.raw.decisions(f"{ACCEPTED}/{self.source}/"))
        self._accepted = {date.fromisoformat(one["day"]): one for one in accepted}
        self._epoch = max(
            manifest.epoch,
            *(one["version"] + 1 for one in (*days, *views, *accepted)),
            *(version + 1 for (of, _), version in self.floor.items() if of == self.source),
        )
        organization = self._organization(days)
        oldest = now.date() - timedelta(days=self.app.settings.fact_retention_days - 1)
        found = {
            day: entry
            for day, entry in self._entries(_of(days, organization), manifest.days)
            if day >= oldest
        }
        view = self._view(views, organization)
        entries = dict(sorted({**manifest.days, **found}.items()))
        head = msgspec.structs.replace(
            manifest.head,
            access=_access(manifest.head.access, (*days, *views)),
            view=view,
            organization=organization if entries else manifest.head.organization,
            **about(entries),
        )
        self.kept.publish(
            msgspec.structs.replace(
                manifest,
                epoch=self._epoch,
                head=head,
                days=entries,
                retired=(*manifest.retired, *self._retired),
            ),
        )
        return len(found)

    def _organization(self, days: Sequence[Document]) -> str:
        """Whose days count: the expected organisation's, else the stored one's, else the newest."""
        expected = self.app.settings.expected_organizations.get(LIVE[self.source].surface)
        newest = days[-1]["organization"] if days else ""
        return expected or self.kept.held.manifest.head.organization or newest

    def _entries(
        self, days: Iterable[tuple[date, list[Document]]], known: Mapping[date, DayEntry]
    ) -> Iterator[tuple[date, DayEntry]]:
        for day, documents in days:
            self.kept.renew()
            entry = self._entry(day, documents, known.get(day))
            if entry is not None:
                yield day, entry

    def _entry(self, day: date, documents: list[Document], known: DayEntry | None) -> DayEntry | None:
        """The day as its answers leave it: rows are never replaced by an empty answer (law 1), unless an
        admin has accepted it since."""
        newest: Document | None = None
        accepted = self._accepted.get(day)
        for document in reversed(documents):
            reading = self._read(day, document)
            if reading is None:
                continue
            newest = newest or document
            if reading.rows and accepted and _when(accepted, "at") >= _when(document):
                break
            if reading.rows:
                entry = self._of_rows(day, reading, document, newest, known)
                most = self._most(day, documents, entry.most)
                return self._settled(day, known, msgspec.structs.replace(entry, most=most))
        if newest is None:
            return None
        reading = self._read(day, newest)
        assert reading is not None  # noqa: S101  # it was read a moment ago
        entry = _entry_of(reading, newest, 0)
        if accepted and not reading.rows:
            version = max(entry.version, accepted["version"])
            entry = msgspec.structs.replace(entry, version=version, settled=True, accepted_empty=True)
        return self._settled(day, known, entry)

    def _most(self, day: date, documents: Iterable[Document], said: Volume) -> Volume:
        """How much the day ever said once it was settled, and since an admin has accepted it as empty."""
        accepted = self._accepted.get(day)
        for document in documents:
            if not document["settled"] or (accepted and _when(accepted, "at") >= _when(document)):
                continue
            if (reading := self._read(day, document)) is not None:
                said = said.or_more(volume_of(reading))
        return said

    def _read(self, day: date, document: Document) -> DayReading | None:
        """What an answer says; None where this program can no longer read it."""
        try:
            pages = [self.app.raw.read(digest) for digest in document["pages"]]
            return source_of(self.source).read_day(pages, day, document["organization"])
        except ContractBroken:
            return None

    def _of_rows(
        self,
        day: date,
        reading: DayReading,
        document: Document,
        newest: Document,
        known: DayEntry | None,
    ) -> DayEntry:
        version = known.facts if known and known.digest == reading.digest and known.facts else 0
        version = version or document.get("facts") or document["version"]
        facts = self._stored(day, version, facts_of(reading, self.people))
        if known and known.facts and known.facts != facts:
            self._retired.append(Retired(day.isoformat(), known.facts, self.app.clock.now()))
        entry = _entry_of(reading, newest, facts)
        if newest is document:
            return entry
        return msgspec.structs.replace(
            entry,
            raw=",".join(document["pages"]),
            fetched_at=_when(document),
            last_attempt="failed",
            fault="emptied",
            note=EMPTIED,
        )

    def _stored(self, day: date, version: int, facts: list[Fact]) -> int:
        """The version under which the facts stand: the wanted one, unless others stand there."""
        part = day.isoformat()
        try:
            if self.app.facts.read(self.source, part, version) == sorted(facts, key=fact_order):
                return version
        except StoreUnavailable:
            raise
        except StoreError:  # missing, or not whole
            self.app.facts.write(self.source, part, version, facts)
            return version
        self.app.facts.write(self.source, part, self._epoch, facts)
        return self._epoch

    def _settled(self, day: date, known: DayEntry | None, entry: DayEntry) -> DayEntry:
        """The entry under a version that no row is ahead of; the known one, where it says the same."""
        if known is not None and _said(known) == _said(entry):
            return known
        before = max(known.version if known else 0, self.floor.get((self.source, day.isoformat()), 0))
        newer = known is None and before <= entry.version
        return entry if newer else msgspec.structs.replace(entry, version=self._epoch)

    def _view(self, views: Sequence[Document], organization: str) -> View:
        """Who the key saw last, where that is not there."""
        manifest = self.kept.held.manifest
        if manifest.head.view.looked_at is not None and self._is_whole(manifest.head.view):
            return manifest.head.view
        head = msgspec.structs.replace(manifest.head, view=View())
        held = Held(msgspec.structs.replace(manifest, head=head, epoch=self._epoch), self.kept.held.etag)
        for document, seen in reversed(list(_until_all_is_learnt(self.app, self.source, views))):
            self.kept.renew()
            view = msgspec.structs.replace(
                members_and_keys(
                    self.app, held, seen, self.people, is_ours=seen.organization_id == organization
                ),
                organization=seen.organization_id or "",
                organization_name=seen.organization_name or "",
                looked_at=_when(document),
            )
            head = msgspec.structs.replace(held.manifest.head, view=view)
            held = Held(msgspec.structs.replace(held.manifest, head=head), held.etag)
        return held.manifest.head.view

    def _is_whole(self, view: View) -> bool:
        parts: list[tuple[str, int, Any]] = [
            (MEMBERS, view.members_version, list[str]),
            (KEYS, view.keys_version, dict[str, str]),
        ]
        try:
            for part, version, kind in parts:
                if version:
                    self.app.facts.read_value(self.source, part, version, kind)
        except StoreUnavailable:
            raise
        except StoreError:
            return False
        return True


def _when(document: Document, of: str = "fetchedAt") -> datetime:
    return datetime.fromisoformat(document[of])


def _of(days: Sequence[Document], organization: str) -> Iterator[tuple[date, list[Document]]]:
    """Each day's answers of that organisation, in the order of time."""
    found: dict[date, list[Document]] = defaultdict(list)
    for document in days:
        if document["organization"] == organization:
            found[date.fromisoformat(document["day"])].append(document)
    yield from sorted(found.items())


def _entry_of(reading: DayReading, newest: Document, facts: int) -> DayEntry:
    return entry_of(
        reading,
        version=newest["version"],
        facts=facts,
        settled=newest["settled"],
        fetched_at=_when(newest),
        raw=newest["pages"],
    )


def _said(entry: DayEntry) -> DayEntry:
    """An entry without when, and in which bytes and words, it was heard, under which version, after what."""
    return msgspec.structs.replace(
        entry, version=0, fetched_at=None, raw="", note="", last_attempt="ok", fault="", most=Volume()
    )


def _access(before: Access, documents: Sequence[Document]) -> Access:
    """Of a source of which nothing is known: it has answered."""
    if before.state != "never":
        return before
    at = max(_when(one) for one in documents)
    return Access("ok", at=at, answered_at=at)


def _until_all_is_learnt(
    app: App, source: str, views: Sequence[Document]
) -> Iterator[tuple[Document, KeyView]]:
    """The newest looks around, back to those that had learnt both members and keys, or had counted seats."""
    members = keys = False
    for document in reversed(views):
        try:
            kept: Any = _Kept(app, document["pages"])  # all that it asks for
            seen = source_of(source).look_around(kept, _when(document).date())
        except (ContractBroken, SourceLocked):
            continue
        yield document, seen
        members, keys = members or seen.members is not None, keys or seen.keys is not None
        if (members and keys) or seen.seats is not None:
            return


class _Kept:
    """A vendor whose every answer was given before."""

    def __init__(self, app: App, pages: Mapping[str, Sequence[str]]) -> None:
        self._app = app
        self._left = {path: list(digests) for path, digests in pages.items()}

    def get(self, path: str, _params: object = None) -> bytes:
        """The next page of that path. Raises ContractBroken where no more were given."""
        if not self._left.get(path):
            raise ContractBroken(f"GET {path}: no more answers are kept")
        return self._app.raw.read(self._left[path].pop(0))
