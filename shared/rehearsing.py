"""What would become of files if they were dropped now: for the door that checks one, and the command line.

They are taken in by what takes dropped files in, over storage that forgets (``store/drafts``). So a check
says what the receipt will say, as long as nothing else arrives before the file does.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

import msgspec

from shared.app import App, Clock
from shared.errors import ExportRefused
from shared.jobs.ingest import ingest
from shared.records import Receipt, Turned
from shared.settings import Settings
from shared.sources.exports import MOST_PEOPLE, read_dropped
from shared.store.blobs import Dropped
from shared.store.drafts import DraftDrop, DraftQuarantine, DraftRaw, DraftStorage


class Offered(NamedTuple):
    """A file that could be dropped: the name that it would have in the container, its bytes, its metadata.

    ``called`` is how texts name it, since it has no receipt yet.
    """

    name: str
    content: bytes
    metadata: Mapping[str, str]
    called: str


@dataclass(frozen=True)
class Rehearsal(App):
    """An app like another one, which reads what that one has and keeps to itself whatever it does."""

    storage: DraftStorage

    @classmethod
    def over(cls, app: App) -> Rehearsal:
        """One that begins with what an app has."""
        return cls(app.settings, DraftStorage(app.storage), app.environ, app.clock)

    @classmethod
    def over_nothing(cls, settings: Settings) -> Rehearsal:
        """One that begins with nothing, and asks no storage."""
        return cls(settings, DraftStorage(None), {}, Clock())

    @cached_property
    def drop(self) -> DraftDrop:
        return DraftDrop()

    @cached_property
    def raw(self) -> DraftRaw:
        return DraftRaw()

    @cached_property
    def quarantine(self) -> DraftQuarantine:
        return DraftQuarantine()

    def tell(self, event: str, *, level: int = logging.INFO, **about: object) -> None:
        """Nothing has happened."""

    def take(self, offered: Sequence[Offered]) -> list[Receipt]:
        """The receipts that these files would have once all of them were taken in, in the order given.

        Those that state their moment are taken first: the same content without one is then a duplicate.
        """
        at = self.clock.now().replace(microsecond=0)  # storage tells seconds apart
        dropped = [
            Dropped(one.name, f"offered {place}", len(one.content), at, one.metadata)
            for place, one in enumerate(offered)
        ]
        for place in self._in_order(offered, at):
            self.drop.offer(dropped[place], offered[place].content)
            ingest(self, dropped[place].name)
        receipts = self.receipts.between(at, at)
        called = {one.receipt_id: by.called for one, by in zip(dropped, offered, strict=True)}
        return [_calling(receipts[one.receipt_id], called) for one in dropped]

    def turned(self, app: App) -> list[Turned]:
        """Which receipts of the app's would have another state, the newest first."""
        found = []
        for _, place in sorted(self.storage.table("receipts").written):
            before, after = app.receipts.find(place), self.receipts.find(place)
            if before and after and before.state != after.state:
                found.append(Turned(after.receipt_id, after.name, before.state, after.state))
        return found

    def _in_order(self, offered: Sequence[Offered], at: datetime) -> list[int]:
        """Stated moments, other moments, what cannot be read; their places."""
        places = range(len(offered))
        if len(offered) == 1:
            return [*places]
        return sorted(places, key=lambda place: (*self._moment(offered[place], at), place))

    def _moment(self, one: Offered, at: datetime) -> tuple[bool, bool, datetime]:
        nothing = True, True, at
        if len(one.content) > self.settings.export_max_bytes:
            return nothing
        try:
            said = read_dropped(
                one.content,
                name=one.name,
                metadata=one.metadata,
                last_modified=at,
                arrived=at,
                timezone=self.settings.export_timezone,
                most_people=MOST_PEOPLE,
            )
        except ExportRefused:
            return nothing
        return False, not said.explicit, said.moment


def _calling(receipt: Receipt, called: Mapping[str, str]) -> Receipt:
    """The receipt with the files, which have no receipts yet, as they are called."""

    def say(text: str) -> str:
        return _OF_A_RECEIPT.sub(lambda found: called.get(found[1], found[0]), text)

    return msgspec.structs.replace(
        receipt,
        duplicate_of=receipt.duplicate_of and called.get(receipt.duplicate_of, receipt.duplicate_of),
        notes=[*map(say, receipt.notes)],
        remarks=[*map(say, receipt.remarks)],
        missing=[*map(say, receipt.missing)],
        findings=[msgspec.structs.replace(one, note=say(one.note)) for one in receipt.findings],
    )


_OF_A_RECEIPT = re.compile(r"receipt ([0-9a-f]{16})")
