"""The one table in which an address stands: actor → opaque random id.

Its row keys are keyed hashes (the key, drawn once, stands in the table), so that neither an address
nor anything that a dictionary could turn into one travels in a URL or a storage log.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from contextlib import suppress
from threading import Lock

from shared.errors import StoreConflict
from shared.records import Actor
from shared.store.tables import Table

PARTITION = "actor"
_PREFIX = {"engineer": "e", "key": "k", "name": "n"}


class People:
    """Ids of actors. Safe to use from several threads; two instances agree on every id."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._ids: dict[Actor, str] = {}
        self._pepper = b""
        self._lock = Lock()

    def identify(self, actors: Iterable[Actor]) -> dict[Actor, str]:
        """The id of each actor; who was never seen before gets one."""
        wanted = set(actors)
        with self._lock:
            if wanted - self._ids.keys():
                self._load()
            while missing := sorted(wanted - self._ids.keys(), key=lambda actor: (actor.kind, actor.name)):
                self._add(missing)
            return {actor: self._ids[actor] for actor in wanted}

    def actors(self) -> dict[str, Actor]:
        """Who each id is."""
        with self._lock:
            self._load()
            return {identifier: actor for actor, identifier in self._ids.items()}

    def _load(self) -> None:
        self._ids = {
            Actor(entity["kind"], entity["name"]): entity["actorId"]
            for entity, _ in self._table.query(PARTITION)
        }

    def _add(self, missing: list[Actor]) -> None:
        rows = [
            {
                "PartitionKey": PARTITION,
                "RowKey": self._row_key(actor),
                "kind": actor.kind,
                "name": actor.name,
                "actorId": _PREFIX[actor.kind] + secrets.token_hex(8),
            }
            for actor in missing
        ]
        with suppress(StoreConflict):  # another instance met one of them first: its id holds
            self._table.insert_all(rows)
        self._load()

    def _row_key(self, actor: Actor) -> str:
        if not self._pepper:
            self._pepper = self._read_pepper()
        text = f"{actor.kind}:{actor.name}".encode()
        return hmac.new(self._pepper, text, hashlib.sha256).hexdigest()[:40]

    def _read_pepper(self) -> bytes:
        stored = self._table.get("pepper", "pepper")
        if stored is None:
            fresh = {"PartitionKey": "pepper", "RowKey": "pepper", "bytes": secrets.token_bytes(32)}
            with suppress(StoreConflict):  # another instance drew it first: that one holds
                self._table.insert(fresh)
            stored = self._table.get("pepper", "pepper")
        assert stored is not None  # noqa: S101  # inserted above, and nothing deletes it
        return bytes(stored.entity["bytes"])
