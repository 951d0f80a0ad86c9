"""The one table in which an address stands: actor → opaque random id.

Its row keys are keyed hashes (the key, drawn once, stands in the table), so that neither an address
nor anything that a dictionary could turn into one travels in a URL or a storage log.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Lock
from typing import Any

from shared.errors import StoreConflict, StoreUnavailable
from shared.records import Actor
from shared.store.limits import BATCH_ENTITIES
from shared.store.tables import Table

PARTITION = "actor"

#: A large team comes in a hundred batches, and storage is waited for half of the time.
BATCHES_AT_ONCE = 4

#: Who was erased: keyed hash → id. It tells nobody who it was, and knows them when they come again.
ERASED = "erased"

#: What stands in redacted files for somebody who was erased: it names the id, and is one of its kind.
_TOKENS = {
    "engineer": ("{}@erased.invalid", re.compile(r"(e[0-9a-f]{16})@erased\.invalid")),
    "key": ("claude_code_key_erased_{}", re.compile(r"claude_code_key_erased_(k[0-9a-f]{16})")),
    "name": ("erased {}", re.compile(r"erased (n[0-9a-f]{16})")),
}
_PREFIX = {"engineer": "e", "key": "k", "name": "n"}


class People:
    """Ids of actors. Safe to use from several threads; two instances agree on every id."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._ids: dict[Actor, str] = {}
        self._erased: dict[str, str] = {}
        self._pepper = b""
        self._lock = Lock()

    def identify(self, actors: Iterable[Actor]) -> dict[Actor, str]:
        """The id of each actor; who was never seen before gets one.

        Raises StoreUnavailable where storage neither takes them nor knows them.
        """
        wanted = set(actors)
        with self._lock:
            if wanted - self._ids.keys():
                self._load()
                self._ids |= {actor: one for actor in wanted if (one := self._id_of_erased(actor))}
            before: list[Actor] = []
            while missing := sorted(wanted - self._ids.keys(), key=lambda actor: (actor.kind, actor.name)):
                if missing == before:
                    raise StoreUnavailable("table storage says that rows are there, and does not show them")
                self._add(missing)
                before = missing
            return {actor: self._ids[actor] for actor in wanted}

    def actors(self) -> dict[str, Actor]:
        """Who each id is."""
        with self._lock:
            return {identifier: actor for actor, identifier in self._load().items()}

    def find(self, actor: Actor) -> str | None:
        """The id of an actor who was seen before, erased or not; nobody gets one."""
        with self._lock:
            self._load()
            return self._ids.get(actor) or self._id_of_erased(actor)

    def token_of(self, actor: Actor) -> str | None:
        """What stands for somebody who is being erased, or was; None for everybody else."""
        identifier = self._erased.get(self._row_key(actor)) if self._erased else None
        return None if identifier is None else _TOKENS[actor.kind][0].format(identifier)

    def begin_to_erase(self, actors: Mapping[str, Actor]) -> None:
        """From now on ``token_of`` knows them, by their ids. They can still be found, and named."""
        for identifier, actor in sorted(actors.items()):
            row = {"PartitionKey": ERASED, "RowKey": self._row_key(actor), "actorId": identifier}
            self._table.put(row)
        with self._lock:
            self._load()

    def erase(self, actors: Mapping[str, Actor]) -> None:
        """Take away the rows in which their names stand. Their ids stay, and name nobody."""
        for actor in actors.values():
            self._table.delete(PARTITION, self._row_key(actor))
        with self._lock:
            self._load()

    def is_erased(self, identifier: str) -> bool:
        """Whether somebody of that id was erased, or is being."""
        with self._lock:
            self._load()
            return identifier in self._erased.values()

    def _id_of_erased(self, actor: Actor) -> str | None:
        found = _TOKENS[actor.kind][1].fullmatch(actor.name)
        if found:
            return found[1]
        return self._erased.get(self._row_key(actor)) if self._erased else None

    def _load(self) -> dict[Actor, str]:
        """Read the table again; who stands in it."""
        stored: dict[Actor, str] = {}
        erased: dict[str, str] = {}
        wanted = ("PartitionKey", "RowKey", "kind", "name", "actorId")
        for entity, _ in self._table.query_partitions(PARTITION, ERASED, select=wanted):
            if entity["PartitionKey"] == ERASED:
                erased[entity["RowKey"]] = entity["actorId"]
            else:
                stored[Actor(entity["kind"], entity["name"])] = entity["actorId"]
        self._erased = erased
        known = {actor: one for actor in self._ids if (one := self._id_of_erased(actor))}
        self._ids = known | stored
        return stored

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
        batches = [rows[at : at + BATCH_ENTITIES] for at in range(0, len(rows), BATCH_ENTITIES)]
        if len(batches) == 1:
            self._insert(rows)
        else:
            with ThreadPoolExecutor(BATCHES_AT_ONCE) as pool:
                inserted = [pool.submit(self._insert, batch) for batch in batches]
                try:
                    for one in inserted:
                        one.result()
                finally:  # where storage is away it is asked once, not for each batch
                    pool.shutdown(cancel_futures=True)
        self._load()

    def _insert(self, rows: list[dict[str, Any]]) -> None:
        with suppress(StoreConflict):  # another instance met one of them first: its id holds
            self._table.insert_all(rows)

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
        if stored is None:
            raise StoreUnavailable("table storage says that a row is there, and does not show it")
        return bytes(stored.entity["bytes"])
