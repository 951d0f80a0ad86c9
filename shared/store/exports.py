"""What is known of the exports, in one row: their looks, how each stands, and what the admin configured.

Written by short compare-and-swap loops: an ingest never waits for a refresh.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Literal, NamedTuple, Protocol

import msgspec

from shared.heads import Dashboard, ExportsHead, LookTaken, Noted
from shared.periods import period_of
from shared.records import Look, Report
from shared.store.manifests import EXPORTS, PARTITION, SCHEMA
from shared.store.packing import joined, pack, properties, unpack
from shared.store.tables import Table

#: A file's facts are written once, under a part of their own: there is nothing for a version to tell apart.
FILE_VERSION = 1

#: How far before the newest look a head remembers: by default twelve weeks are asked for, the first period of
#: which may have begun 28 days and 12 hours before them.
REMEMBERED = timedelta(days=7 * 12 + 28 + 1)


def part_of(receipt_id: str) -> str:
    """The part of the facts under which what a file says stands."""
    return f"look-{receipt_id}"


#: Reports that tell of use, and those that tell who holds a seat.
OF_USE = frozenset({"spend_report", "members_analytics", "console_cost"})
OF_SEATS = frozenset({"members", "members_analytics"})

LookState = Literal["accepted", "refused", "contested"]


class LookEntry(msgspec.Struct, frozen=True):
    """A recorded look, when its file was received, and whether it counts."""

    look: Look
    received: datetime
    state: LookState = "accepted"
    reason: str = ""


class ReportEntry(msgspec.Struct, frozen=True):
    """A recorded report, and when its file was received."""

    report: Report
    received: datetime


class ConfigurationEntry(msgspec.Struct, frozen=True):
    """A configuration file: its facts stand under its receipt's id. The newest of a kind holds."""

    receipt_id: str
    kind: str
    moment: datetime
    content: str
    received: datetime


class Retracted(msgspec.Struct, frozen=True):
    """A recorded file that an operator took out again, when (``at``) and why; the rest is what it was.

    ``span`` is its month, or its first and last day (``2026-11-09/2026-11-15``).
    """

    receipt_id: str
    kind: str
    moment: datetime
    content: str
    received: datetime
    at: datetime
    reason: str = ""
    span: str = ""
    organization: str | None = None


class ExportsManifest(msgspec.Struct, frozen=True):
    """The exports: see the module's docstring.

    What is ``retracted`` stands there and nowhere else, so that nothing that reads the others can count it.

    ``version`` grows with each write but those of ``noted``; ``months`` and ``configured`` hold the version
    that last changed the looks of a month, and the configuration: what period rows are behind of.
    Months before ``forgotten`` are not kept any more: rows that were made of them stay as they are.
    ``first_use`` is that of latecomers to the roster (``jobs/first_use``), a part of the configuration.
    ``disputes`` names what reports contradict each other about (``jobs/reports``).
    ``first_use_of``, ``disputes_of`` and ``noted_of`` name what each was concluded from, as far as that is
    much to read.
    """

    version: int = 0
    looks: tuple[LookEntry, ...] = ()
    configurations: tuple[ConfigurationEntry, ...] = ()
    reports: tuple[ReportEntry, ...] = ()
    retracted: tuple[Retracted, ...] = ()
    forgotten: str = ""
    months: Mapping[str, int] = {}
    configured: int = 0
    first_use: Mapping[str, date] = {}
    first_use_of: str = ""
    disputes: str = ""
    disputes_of: str = ""
    noted: Noted = Noted()
    noted_of: str = ""

    @property
    def head(self) -> ExportsHead:
        """What a reader needs of the exports without their looks."""
        counted = [entry.look for entry in self.looks if entry.state == "accepted"]
        people: dict[str, int] = {}
        for look in counted:
            if look.population == "subscription":
                people[look.month] = max(people.get(look.month, 0), look.active)
        used = [one.report for one in self.reports if one.report.kind in OF_USE]
        for report in used:
            for month in months_between(report.first, report.last):
                if report.population == "subscription":
                    people[month] = max(people.get(month, 0), report.active)
        return ExportsHead(
            looks=len(counted),
            reports=len(used),
            newest=max([*(one.moment for one in counted), *(one.moment for one in used)], default=None),
            people_by_month=dict(sorted(people.items())),
            organizations=_named([*counted, *used]),
            unnamed=dict(sorted(Counter(one.surface for one in counted if one.organization is None).items())),
            set_aside=dict(
                sorted(Counter(one.look.month for one in self.looks if one.state != "accepted").items())
            ),
            noted=self.noted,
            dashboards=self._dashboards(counted),
        )

    @property
    def usual_organizations(self) -> dict[str, str]:
        """The organisation of each surface that most of its files name."""
        return usual_organizations(self.named())

    def named(self, but: str = "") -> list[Look | Report]:
        """Whatever may name an organisation; without the file of one receipt."""
        looks = [one.look for one in self.looks if one.look.look_id != but]
        return [*looks, *(one.report for one in self.reports if one.report.report_id != but)]

    def _dashboards(self, counted: list[Look]) -> tuple[Dashboard, ...]:
        """When each dashboard was looked at, in the months that ``REMEMBERED`` touches."""
        newest = max((look.moment for look in counted), default=None)
        first = f"{newest - REMEMBERED:%Y-%m}" if newest else ""
        found: dict[tuple[str, str, str], list[Look]] = {}
        for look in counted:
            if look.month >= first:
                found.setdefault((look.surface, look.kind, look.organization or ""), []).append(look)
        usual = self.usual_organizations
        return tuple(
            Dashboard(
                kind=kind,
                surface=surface,
                population=looks[0].population,
                organization=organization,
                usual=usual.get(surface, ""),
                measures=tuple(sorted({measure for look in looks for measure in look.measures})),
                looks=tuple(
                    LookTaken(*one)
                    for one in sorted({(look.moment, look.month, look.date_only) for look in looks})
                ),
                ended=max(looks, key=lambda look: (look.moment, look.total)).total == 0,
            )
            for (surface, kind, organization), looks in sorted(found.items())
        )

    def with_looks(self, looks: tuple[LookEntry, ...]) -> ExportsManifest:
        """The manifest after these looks have taken the place of its own, under the next version."""
        version = self.version + 1
        before, after = _by_month(self.looks), _by_month(looks)
        changed = {month for month in before.keys() | after.keys() if before.get(month) != after.get(month)}
        return msgspec.structs.replace(
            self, version=version, looks=looks, months={**self.months, **dict.fromkeys(changed, version)}
        )

    def with_report(self, entry: ReportEntry) -> ExportsManifest:
        """The manifest after a report, under the next version: that of each month of which it tells, and of
        the configuration where it tells of seats."""
        version, report = self.version + 1, entry.report
        told = dict.fromkeys(months_between(report.since, report.last), version)
        return msgspec.structs.replace(
            self,
            version=version,
            reports=(*self.reports, entry),
            months={**self.months, **told},
            configured=version if report.kind in OF_SEATS else self.configured,
        )

    def with_configuration(self, entry: ConfigurationEntry) -> ExportsManifest:
        """The manifest after a configuration file, under the next version."""
        return self._configured_by((*self.configurations, entry))

    def _configured_by(self, configurations: tuple[ConfigurationEntry, ...]) -> ExportsManifest:
        version = self.version + 1
        return msgspec.structs.replace(
            self, version=version, configured=version, configurations=configurations
        )

    def without(self, receipt_id: str, at: datetime, reason: str) -> ExportsManifest:
        """The manifest once a file was taken out, under the next version; itself where it holds none."""
        for look in (one for one in self.looks if one.look.look_id == receipt_id):
            gone = Retracted(
                receipt_id=receipt_id,
                kind=look.look.kind,
                moment=look.look.moment,
                content=look.look.content,
                received=look.received,
                at=at,
                reason=reason,
                span=look.look.month,
                organization=look.look.organization,
            )
            rest = self.with_looks(tuple(one for one in self.looks if one is not look))
            return msgspec.structs.replace(rest, retracted=(*self.retracted, gone))
        for said in (one for one in self.configurations if one.receipt_id == receipt_id):
            gone = Retracted(receipt_id, said.kind, said.moment, said.content, said.received, at, reason)
            others = self._configured_by(tuple(one for one in self.configurations if one is not said))
            return msgspec.structs.replace(others, retracted=(*self.retracted, gone))
        for entry in (one for one in self.reports if one.report.report_id == receipt_id):
            return self._without_report(entry, at, reason)
        return self

    def _without_report(self, entry: ReportEntry, at: datetime, reason: str) -> ExportsManifest:
        report = entry.report
        gone = Retracted(
            receipt_id=report.report_id,
            kind=report.kind,
            moment=report.moment,
            content=report.content,
            received=entry.received,
            at=at,
            reason=reason,
            span=f"{report.first}/{report.last}",
            organization=report.organization,
        )
        rest = self.with_report(entry)  # whatever the report came to tell of is told of anew
        return msgspec.structs.replace(
            rest,
            reports=tuple(one for one in self.reports if one is not entry),
            retracted=(*self.retracted, gone),
        )

    def without_months_before(self, month: str) -> ExportsManifest:
        """The manifest once what is older was forgotten; the months' versions stay, so no row follows."""
        looks = tuple(one for one in self.looks if one.look.month >= month)
        reports = tuple(
            one
            for one in self.reports
            if one.report.kind in OF_SEATS
            or f"{one.report.last:%Y-%m}" >= month  # who held a seat since when
        )
        retracted = tuple(one for one in self.retracted if not one.span or one.span[-10:][:7] >= month)
        if (looks, reports, retracted) == (self.looks, self.reports, self.retracted):
            return self
        return msgspec.structs.replace(
            self, version=self.version + 1, looks=looks, reports=reports, retracted=retracted, forgotten=month
        )

    @property
    def counted(self) -> set[str]:
        """The receipts' ids of whatever is recorded and was not retracted, of whichever kind: every text that
        stands here, so that a new kind of entry is among them without being told of."""
        recorded = msgspec.structs.replace(self, retracted=(), noted=Noted(), first_use={})
        return set(_texts(msgspec.to_builtins(recorded)))

    def retraction(self, receipt_id: str) -> Retracted | None:
        """What is known of a file that was taken out again; None where it was not."""
        return next((one for one in self.retracted if one.receipt_id == receipt_id), None)

    def with_first_use(self, first_use: Mapping[str, date], of: str) -> ExportsManifest:
        """The manifest with latecomers' first days; where one changed, as another configuration."""
        changed = msgspec.structs.replace(self, first_use=first_use, first_use_of=of)
        if first_use == self.first_use:
            return changed
        return msgspec.structs.replace(changed, version=self.version + 1, configured=self.version + 1)


class OfOrganization(Protocol):
    """Whatever the vendor showed at a moment, of an organisation that it may name."""

    @property
    def surface(self) -> str: ...

    @property
    def organization(self) -> str | None: ...

    @property
    def moment(self) -> datetime: ...


def months_between(first: date, last: date) -> list[str]:
    """The months from one day's to another's, ``YYYY-MM``."""
    month, found = first.replace(day=1), []
    while month <= last:
        found.append(f"{month:%Y-%m}")
        month = period_of("month", month).end.date()
    return found


def usual_organizations(files: Iterable[OfOrganization]) -> dict[str, str]:
    """The organisation of each surface that most of the files name; of several the one named first.

    A file that names none is of that one: a stray file of another must not part them into two dashboards,
    whose people would count twice.
    """
    named: dict[str, dict[str, list[datetime]]] = {}
    for one in files:
        if one.organization:
            named.setdefault(one.surface, {}).setdefault(one.organization, []).append(one.moment)
    return {
        surface: min(found, key=lambda one: (-len(found[one]), min(found[one]), one))
        for surface, found in named.items()
    }


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)


def _named(looks: Iterable[Look | Report]) -> dict[str, tuple[str, ...]]:
    """The organisations that files name, by surface: a company has one id on each."""
    pairs = sorted({(look.surface, look.organization) for look in looks if look.organization})
    return {surface: tuple(name for _, name in found) for surface, found in groupby(pairs, itemgetter(0))}


def _by_month(looks: tuple[LookEntry, ...]) -> dict[str, list[LookEntry]]:
    months: dict[str, list[LookEntry]] = {}
    for entry in looks:
        months.setdefault(entry.look.month, []).append(entry)
    return months


class HeldExports(NamedTuple):
    """The exports' manifest and the ETag under which it was read ("" where there is none yet)."""

    manifest: ExportsManifest
    etag: str


class Exports:
    """The exports' row of the ``manifests`` table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def read(self) -> HeldExports:
        """The manifest; an empty one where nothing was ever accepted."""
        stored = self._table.get(PARTITION, EXPORTS)
        if stored is None:
            return HeldExports(ExportsManifest(), "")
        return HeldExports(unpack(joined("looks", stored.entity), ExportsManifest), stored.etag)

    def replace(self, held: HeldExports, manifest: ExportsManifest) -> HeldExports:
        """Write the manifest where it is still as it was read. Raises StoreConflict otherwise."""
        entity = {
            "PartitionKey": PARTITION,
            "RowKey": EXPORTS,
            "schema": SCHEMA,
            **properties("head", pack(manifest.head)),
            **properties("looks", pack(manifest)),
        }
        etag = self._table.replace(entity, held.etag) if held.etag else self._table.insert(entity)
        return HeldExports(manifest, etag)
