"""The rows of single teams, in the table of the period rows: a partition a team and granularity.

Everybody's row of a period is written after those of its teams and names them. So it says which of them
count, for readers too: what a job left that died before everybody's row followed is not read. Where it is
frozen, they all are.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

import msgspec

from shared.errors import StoreConflict
from shared.periods import Granularity
from shared.records import TeamRow, TeamSizes
from shared.store.packing import joined, pack, properties, unpack
from shared.store.period_rows import ROW, SCHEMA, TEAMS, Inputs, partition_of, teams_of, unpacked
from shared.store.tables import Change, Entity, Table


class TeamRows:
    """The teams' rows of the ``periods`` table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def write(
        self,
        granularity: Granularity,
        team: str,
        rows: Mapping[str, Entity | None],
        newest: Inputs,
        *,
        everything: bool = False,
    ) -> None:
        """Put one team's rows, of ``entities_of``, in the place of whatever stands under their keys; None
        takes one away. ``newest`` is what the writer knows of every input.

        A later program's row is left alone unless ``everything``: it stands before everybody's does, and
        would stay an older one's under a later one's.

        Raises StoreConflict where one was built from newer inputs, or is written meanwhile.
        """
        partition = partition_of(granularity, team)
        wanted = ("RowKey", "schema", "inputs0", "inputs1")
        stored = {
            found.entity["RowKey"]: found
            for found in self._table.query(partition, first=min(rows), last=max(rows), select=wanted)
        }
        changes = []
        for key, entity in rows.items():
            over = stored.get(key)
            if over is not None and over.entity["schema"] > SCHEMA and not everything:
                continue
            if over is not None and unpack(joined("inputs", over.entity), Inputs).newer_than(newest):
                raise StoreConflict("the stored row was built from newer inputs")
            of_row = {"PartitionKey": partition, "RowKey": key}
            if entity is not None:
                changes.append(Change({**of_row, **entity}, over.etag if over else None))
            elif over is not None:
                changes.append(Change(of_row, over.etag, gone=True))
        self._table.change_all(changes)

    def read(self, granularity: Granularity, team: str, keys: Set[str]) -> dict[str, TeamRow]:
        """One team's rows of these keys, as far as everybody's row names the team. Two range queries."""
        if not keys:
            return {}
        first, last = min(keys), max(keys)
        of_everybody = self._table.query(
            partition_of(granularity), first=first, last=last, select=("RowKey", "frozen", *TEAMS)
        )
        frozen = {
            entity["RowKey"]: bool(entity.get("frozen"))
            for entity, _ in of_everybody
            if entity["RowKey"] in keys and team in teams_of(entity)
        }
        found = self._table.query(
            partition_of(granularity, team), first=first, last=last, select=("RowKey", "team", "sizes0", *ROW)
        )
        return {
            key: _row_of(entity, frozen=frozen[key])
            for entity, _ in found
            if (key := entity["RowKey"]) in frozen
        }


def entities_of(inputs: Inputs, rows: Mapping[str, TeamRow]) -> dict[str, Entity]:
    """A period's rows of teams as they are put, by team."""
    built_from = properties("inputs", pack(inputs))
    return {
        team: {
            "schema": SCHEMA,
            "team": one.name,
            **built_from,
            **properties("row", pack(one.row)),
            **properties("sizes", pack(one.sizes)),
        }
        for team, one in rows.items()
    }


def _row_of(entity: Mapping[str, Any], *, frozen: bool) -> TeamRow:
    row = msgspec.structs.replace(unpacked(joined("row", entity)), frozen=frozen)
    return TeamRow(entity["team"], row, unpack(joined("sizes", entity), TeamSizes))
