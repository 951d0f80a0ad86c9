"""Cohorts: who is in which, a version at a time.

A version is written in full, under partitions of its own, and published by one conditional replace of the one
head row: readers follow the head, and who dies on the way leaves rows that nobody refers to. What a listing
shows beside its engineers stands once more with its version, so that all its pages are of that one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import msgspec

from shared.periods import Period
from shared.records import COHORTS, Basis, Cohort
from shared.store.facts import PartitionSeen
from shared.store.packing import chunks, entities_of, joined, pack, properties, unpack
from shared.store.period_rows import EVERYBODY, Inputs
from shared.store.tables import Stored, Table

#: Grows when what is stored here means something else: then everything is written anew.
SCHEMA = 1

#: A version, and a summary, that nothing has referred to for so long is swept.
GRACE = timedelta(hours=24)

#: So many engineers stand in one entity: a write of ten thousand must not take ten thousand.
BLOCK = 50

_HEAD = "head"
_SUMMARIES = "seen"

#: Of each version: what a listing shows beside its engineers. Its key sorts behind every cohort's.
_LISTING = "~listing"


class Bounded(msgspec.Struct, frozen=True, array_like=True):
    """A whole number from ``low`` to ``high`` (None: no bound)."""

    low: int
    high: int | None


class EngineerRow(msgspec.Struct, frozen=True, array_like=True):
    """One engineer of a version, by ids alone. ``team`` is its name as the roster writes it, "" for none."""

    engineer_id: str
    name_id: str | None
    team: str
    cohort: Cohort
    place: int
    rank: int | None
    gaining: bool | None
    lines: Bounded
    sessions: Bounded
    active_periods: Bounded
    last_seen: date | None
    reason: str


class CohortCount(msgspec.Struct, frozen=True, array_like=True):
    """How many are in a cohort, and how many of them gained: certainly, and possibly."""

    engineers: int
    gaining: int
    perhaps_gaining: int


class TeamCounts(msgspec.Struct, frozen=True, array_like=True):
    """A team's cohorts. ``shown``: those whose counts may be told to who may not see names."""

    name: str
    counts: Mapping[Cohort, CohortCount]
    shown: tuple[Cohort, ...]


class Listing(msgspec.Struct, frozen=True):
    """What one version says beside its engineers: of which periods it is, and how many are in each cohort.

    ``of`` is the roster's size at the end, None without a roster. ``teams`` by key. ``doubts``, by measure:
    why not every figure of it is exact.
    """

    version: str
    periods: tuple[Period, ...]
    basis: Basis
    ranked_on: str
    of: int | None
    counts: Mapping[Cohort, CohortCount]
    teams: Mapping[str, TeamCounts]
    doubts: Mapping[str, str]


class Retired(msgspec.Struct, frozen=True, array_like=True):
    """A version, or a summary's partition, to which the head referred until then."""

    name: str
    at: datetime


class Published(msgspec.Struct, frozen=True):
    """What the head was made of, and what it refers to, for those who write and sweep.

    ``content`` names what the version says, so that saying the same again needs no new one. ``summaries``:
    the partitions of the summaries that were read.
    """

    inputs: Inputs
    content: str = ""
    summaries: tuple[str, ...] = ()
    retired: tuple[Retired, ...] = ()


class HeldCohorts(NamedTuple):
    """The head as its writer reads it, and the ETag under which it was read ("" where there is none)."""

    published: Published
    listing: Listing | None
    schema: int
    etag: str


class Page(NamedTuple):
    """Some engineers, in order, and the place of the first one after them, if any: ``power|000050``, the
    cohort and how many of it come before."""

    engineers: list[EngineerRow]
    next_place: str | None


#: A first and a last day.
Days = tuple[date, date]


class Cohorts:
    """The rows of the ``cohorts`` table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def held(self) -> HeldCohorts:
        """The head, for its writer."""
        stored = self._table.get(_HEAD, _HEAD)
        if stored is None:
            return HeldCohorts(Published(Inputs({}, {})), None, SCHEMA, "")
        entity = stored.entity
        if entity["schema"] != SCHEMA:
            return HeldCohorts(Published(Inputs({}, {})), None, entity["schema"], stored.etag)
        published = unpack(joined("published", entity), Published)
        return HeldCohorts(published, _listing(stored), SCHEMA, stored.etag)

    def listing(self, version: str = "") -> Listing | None:
        """What the newest version says beside its engineers, or that one; None where it is not there."""
        key = (f"{EVERYBODY}|{version}", _LISTING) if version else (_HEAD, _HEAD)
        stored = self._table.get(*key, select=("listing0", "listing1", "listing2", "listing3"))
        return None if stored is None else _listing(stored)

    def write(self, listing: Listing, engineers: Iterable[EngineerRow]) -> None:
        """Write a version in full, everybody and each team. Nobody reads it before it is published."""
        key_of = {team.name: key for key, team in listing.teams.items()}
        by_team: dict[str, dict[Cohort, list[EngineerRow]]] = {EVERYBODY: {}}
        for one in engineers:
            for team in (EVERYBODY, *([key_of[one.team]] if one.team else [])):
                by_team.setdefault(team, {}).setdefault(one.cohort, []).append(one)
        for team, by_cohort in by_team.items():
            partition = {"PartitionKey": f"{team}|{listing.version}"}
            rows = [
                {**partition, "RowKey": f"{cohort}|{number:04}", **properties("rows", pack(block))}
                for cohort, members in by_cohort.items()
                for number, block in enumerate(_blocks(members))
            ]
            if team == EVERYBODY:
                rows.append({**partition, "RowKey": _LISTING, **properties("listing", pack(listing))})
            self._table.put_all(rows)

    def publish(self, held: HeldCohorts, published: Published, listing: Listing | None) -> None:
        """Point to a version where the head is still as it was read. Raises StoreConflict otherwise."""
        entity = {
            "PartitionKey": _HEAD,
            "RowKey": _HEAD,
            "schema": SCHEMA,
            **properties("published", pack(published)),
            **(properties("listing", pack(listing)) if listing else {}),
        }
        if held.etag:
            self._table.replace(entity, held.etag)
        else:
            self._table.insert(entity)

    def page(self, version: str, team: str | None, cohort: Cohort | None, start: str, limit: int) -> Page:
        """At most so many engineers of a version, from a place on ("": from the first)."""
        begin, _, at = start.partition("|")
        position = int(at or 0)
        found: list[EngineerRow] = []
        for entity, _ in self._table.query(
            f"{team or EVERYBODY}|{version}",
            first=f"{begin or cohort or ''}|{position // BLOCK:04}" if begin or cohort else "",
            last=f"{cohort}|~" if cohort else "}",  # before what stands beside the engineers
            select=("RowKey", "rows0"),
            page=limit // BLOCK + 1 + len(COHORTS),
        ):
            of, _, number = entity["RowKey"].partition("|")
            for place, one in enumerate(
                unpack(joined("rows", entity), list[EngineerRow]), start=int(number) * BLOCK
            ):
                if of == begin and place < position:
                    continue
                if len(found) == limit:
                    return Page(found, f"{of}|{place:06}")
                found.append(one)
        return Page(found, None)

    def summary(self, partition: str) -> dict[str, Days] | None:
        """The first and the last day of whoever showed use in a month of days; None where it is not there."""
        rows = [entity for entity, _ in self._table.query(partition)]
        if not rows or len(rows) != rows[0]["entities"]:
            return None
        return unpack(b"".join(joined("packed", row) for row in rows), dict[str, Days])

    def write_summary(self, partition: str, summary: Mapping[str, Days]) -> None:
        """Keep what ``summary`` gives. Its partition is named for what it was made of: never another's."""
        groups = list(entities_of(chunks(pack(summary))))
        self._table.put_all(
            {
                "PartitionKey": partition,
                "RowKey": f"{at:04d}",
                "entities": len(groups),
                **{f"packed{index}": piece for index, piece in enumerate(group)},
            }
            for at, group in enumerate(groups)
        )

    def partitions(self) -> Iterator[PartitionSeen]:
        """Every partition but the head's, for the sweep."""
        wanted = ("PartitionKey", "RowKey", "Timestamp")
        rows = self._table.query_partitions("", "~", select=wanted)
        for key, found in groupby((entity for entity, _ in rows), key=itemgetter("PartitionKey")):
            if key != _HEAD:
                entities = list(found)
                written = max(entity.metadata["timestamp"] for entity in entities)  # type: ignore[attr-defined]
                yield PartitionSeen(key, tuple(entity["RowKey"] for entity in entities), written)

    def remove(self, seen: PartitionSeen) -> None:
        """Delete a partition to which nothing refers."""
        self._table.delete_all(seen.key, seen.rows)


def summary_partition(source: str, month: str, made_of: str) -> str:
    """Where the summary of a month of a source stands; ``made_of`` names the facts that it was made of."""
    return f"{_SUMMARIES}|{source}|{month}|{made_of}"


def version_of(partition: str) -> str:
    """The version whose partition it is; a summary's is its own name."""
    return partition if partition.startswith(f"{_SUMMARIES}|") else partition.rpartition("|")[2]


def _blocks(engineers: Sequence[EngineerRow]) -> Iterator[Sequence[EngineerRow]]:
    for at in range(0, len(engineers), BLOCK):
        yield engineers[at : at + BLOCK]


def _listing(stored: Stored) -> Listing | None:
    packed = joined("listing", stored.entity)
    return _unpacked(packed) if packed else None


@lru_cache(maxsize=4)
def _unpacked(packed: bytes) -> Listing:
    """The same bytes are the same listing: it is read with every request, and changes once a week."""
    return unpack(packed, Listing)
