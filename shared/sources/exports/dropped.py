"""What every good file tells of itself, whatever its kind."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

import msgspec

from shared.sources.exports.forms import ExportKind, Kind, Population, Surface
from shared.sources.exports.moments import Arrival, Evidence, Moment
from shared.sources.exports.names import organization_of
from shared.sources.exports.table import Table

__all__ = ["Dropped", "Export", "export_facts_of", "facts_of"]


class Dropped(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was read whole. ``moment`` is in UTC, ``evidence`` says where it comes from.

    ``rows_in`` = ``rows_accepted`` + ``rows_rejected``: what is rejected in a good file stands for nobody,
    and ``notes``, which are for the admin, name it.
    """

    kind: str
    moment: datetime
    date_only: bool
    evidence: Evidence
    rows_in: int
    rows_accepted: int
    notes: tuple[str, ...]

    @property
    def explicit(self) -> bool:
        """Whether somebody said the moment: then the same content again is a quiet week's look."""
        return self.evidence != "last modified"

    @property
    def rows_rejected(self) -> int:
        return self.rows_in - self.rows_accepted


class Export(Dropped, frozen=True, kw_only=True):
    """What the vendor told of one organisation; ``surface`` says whose UUID ``organization`` is."""

    surface: Surface
    population: Population
    organization: str | None


class Facts(TypedDict):
    """The fields of a Dropped that its table, its kind and its moment give."""

    kind: str
    moment: datetime
    date_only: bool
    evidence: Evidence
    rows_in: int


class ExportFacts(Facts):
    """Those of an Export."""

    surface: Surface
    population: Population
    organization: str | None


def facts_of(table: Table, kind: Kind, moment: Moment) -> Facts:
    """Of a table that was read to its end."""
    return {
        "kind": kind.name,
        "moment": moment.at,
        "date_only": moment.date_only,
        "evidence": moment.evidence,
        "rows_in": table.rows_in,
    }


def export_facts_of(table: Table, kind: ExportKind, moment: Moment, arrival: Arrival) -> ExportFacts:
    """The same of an export, with whose it is."""
    return {
        **facts_of(table, kind, moment),
        "surface": kind.surface,
        "population": kind.population,
        "organization": organization_of(arrival.name),
    }
