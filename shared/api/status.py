"""``GET /api/status``: what each source sees, expected against seen; last runs; receipts, paged."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from shared.adoption.days import classify
from shared.adoption.people import holds_address
from shared.api.cursors import cursor_of
from shared.api.parameters import page_query
from shared.api.principal import Principal, principal_of, require
from shared.api.responses import CACHED, JSON, UNCACHED, Request, Response, data_response, json_bytes
from shared.evidence import Judge
from shared.heads import Access, Backfill, Breaker, Dashboard, ExportsHead
from shared.reading import read, span_of
from shared.records import Check, DayCover, DayEntry, Overdue, Receipt, Run
from shared.revalidating import revalidate

if TYPE_CHECKING:
    from shared.adoption.trust_live import SourceEvidence
    from shared.app import App
    from shared.store.manifests import Heads

RUNS = 20

#: Where exports come from.
SURFACES = frozenset({"console", "claude_ai"})

#: How far back the busiest day is looked for.
LATELY = timedelta(days=28)


class ExpectedSeen(msgspec.Struct, frozen=True, rename="camel"):
    """One line of the table that would have saved a day."""

    what: str
    expected: str
    seen: str


class SourceStatus(msgspec.Struct, frozen=True, rename="camel"):
    """One live source: how it answers, whom it shows, and how far its days reach.

    A day can still change for ``lag_hours`` after its end (null: the source has not told yet);
    ``newest_settled_day`` is the newest that cannot. ``days_left`` are still to be asked for, ``backfill``
    tells how far what is there reaches back.
    ``last_run`` is the newest of ``runs`` that asked this source. ``breaker``: whether it is left alone for a
    while, because it did not answer.
    """

    source: str
    access: Access
    breaker: Breaker
    expected_seen: list[ExpectedSeen]
    lag_hours: int | None
    first_row_day: date | None
    newest_settled_day: date | None
    data_as_of: datetime | None
    days_known: int
    days_left: int
    backfill: Backfill
    last_run: Run | None
    coverage: list[DayCover]


class ExportsStatus(msgspec.Struct, frozen=True, rename="camel"):
    """The dropped exports: how many looks and reports count, when the newest was taken, and where.

    ``set_aside``, by month: looks that do not count, because others contradict them. ``people_by_month``: how
    many people showed use. ``dashboards``: when each was looked at in the last sixteen weeks.
    """

    looks: int
    reports: int
    newest: datetime | None
    cadence_days: int
    lag_hours: int
    expected_seen: list[ExpectedSeen]
    people_by_month: dict[str, int]
    set_aside: dict[str, int]
    dashboards: list[Dashboard]


class Status(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """The body of a 200. ``next_cursor`` is where the receipts go on; it is absent on their last page.
    ``stale``: as in ``/api/adoption``."""

    sources: list[SourceStatus]
    exports: ExportsStatus
    checks: list[Check]
    overdue: list[Overdue]
    runs: list[Run]
    receipts: list[Receipt]
    next_cursor: str | None = None
    stale: bool = False
    demo: bool = False


def get_status(app: App, request: Request) -> Response:
    """What is known of the sources, whether the figures can be trusted or not.

    The checks are those of the periods that ``/api/adoption`` answers with by default.
    """
    now = app.clock.now()
    principal = principal_of(request, app.settings, now=now)
    require(principal, "Usage.Read")
    page = page_query(request.params, now=now)
    heads = app.manifests.heads()
    stale = revalidate(app, heads, now)
    judge = Judge(app.settings, heads, now)
    by_default = read(app, span_of(None, None, None, today=now.date()), heads, now)
    roster = next((row.of for row in reversed(by_default.asked) if row.of is not None), None)
    runs = app.runs.newest(RUNS)
    receipts, last = app.receipts.page(page.limit, page.after)
    shown = [_shown(receipt, principal) for receipt in receipts]
    body = Status(
        sources=[_source(app, one, roster, runs, heads.exports.noted.holidays) for one in judge.sources],
        exports=_exports(app, heads, roster),
        checks=judge(by_default.asked).trust.checks,
        overdue=judge.overdue(by_default.asked),
        runs=runs,
        receipts=shown,
        next_cursor=None if last is None else cursor_of(last),
        stale=stale,
        demo=bool(app.settings.demo_world),
    )
    cached = UNCACHED if any(holds_address(one.name) for one in shown) else CACHED
    return data_response(json_bytes(body), request, content_type=JSON, cached=cached)


def _shown(receipt: Receipt, principal: Principal | None) -> Receipt:
    """The receipt for this reader: a file's name may be an address, which is for who drops files.

    Roles do not contain each other.
    """
    may_see = principal is not None and "Usage.Upload" in principal.roles
    if may_see or not holds_address(receipt.name):
        return receipt
    return msgspec.structs.replace(receipt, name=f"(a name with an address; receipt {receipt.receipt_id})")


# --- a live source -----------------------------------------------------------------------------


def _source(
    app: App,
    evidence: SourceEvidence,
    roster: int | None,
    runs: Sequence[Run],
    holidays: Collection[date],
) -> SourceStatus:
    head = evidence.head
    expected = roster if evidence.roster is None else evidence.roster
    days = app.manifests.read(evidence.source).manifest.days
    return SourceStatus(
        source=evidence.source,
        access=head.access,
        breaker=head.breaker,
        expected_seen=_expected_seen(evidence, _on_the_roster(expected), _busiest(days)),
        lag_hours=None if evidence.lag is None else -(-evidence.lag // timedelta(hours=1)),
        first_row_day=head.first_row_day,
        newest_settled_day=head.newest_settled_day,
        data_as_of=head.data_as_of,
        days_known=head.days_known,
        days_left=head.days_left,
        backfill=head.backfill,
        last_run=next((run for run in runs if run.source == evidence.source), None),
        coverage=[DayCover(day, state) for day, state in classify(days, holidays).items()],
    )


def _busiest(days: Mapping[date, DayEntry]) -> str:
    """On which of the last days most people show; a day's own count, so no one counts twice."""
    newest = max(days, default=None)
    if newest is None:
        return "no day is known"
    people, day = max((entry.people, day) for day, entry in days.items() if newest - day < LATELY)
    return f"{people} on {day}, the busiest of the last {LATELY.days} days" if people else "nobody"


def _on_the_roster(engineers: int | None) -> str:
    return "no roster" if engineers is None else f"{engineers} on the roster"


def _expected_seen(evidence: SourceEvidence, roster: str, busiest: str) -> list[ExpectedSeen]:
    view, head = evidence.head.view, evidence.head
    name = f" ({view.organization_name})" if view.organization_name else ""
    populations = sorted({one for month in head.populations_by_month.values() for one in month})
    return [
        ExpectedSeen(
            "organization",
            evidence.expected_organization or "not configured",
            f"{view.organization}{name}" if view.organization else "not asked yet",
        ),
        ExpectedSeen("members", roster, str(view.members) if view.looked_at else "not asked yet"),
        ExpectedSeen("engineers with usage", roster, busiest),
        ExpectedSeen("customer types", "those that your people use", ", ".join(populations) or "none"),
        ExpectedSeen("rows of people", "some", str(head.people_rows)),
        ExpectedSeen("rows of API keys", "any", str(head.key_rows)),
    ]


# --- the exports -------------------------------------------------------------------------------


def _exports(app: App, heads: Heads, roster: int | None) -> ExportsStatus:
    head, settings = heads.exports, app.settings
    return ExportsStatus(
        looks=head.looks,
        reports=head.reports,
        newest=head.newest,
        cadence_days=settings.export_cadence_days,
        lag_hours=settings.export_lag_hours,
        expected_seen=[
            *_organizations(head, settings.expected_organizations),
            _people(head, roster),
        ],
        people_by_month=head.people_by_month,
        set_aside=head.set_aside,
        dashboards=list(head.dashboards),
    )


def _organizations(head: ExportsHead, expected: Mapping[str, str]) -> list[ExpectedSeen]:
    """Whose the exports are, on each surface that is expected or was seen."""
    found = []
    exported = expected.keys() & SURFACES
    for surface in sorted(head.organizations.keys() | head.unnamed.keys() | exported):
        named, unnamed = head.organizations.get(surface, ()), head.unnamed.get(surface, 0)
        silent = f"{unnamed} without an id in the name" if unnamed else ""
        seen = ", ".join(filter(None, [*named, silent])) or "no export"
        found.append(
            ExpectedSeen(f"organization on {surface}", expected.get(surface, "not configured"), seen)
        )
    return found


def _people(head: ExportsHead, roster: int | None) -> ExpectedSeen:
    newest = max(head.people_by_month, default=None)
    return ExpectedSeen(
        "engineers with usage",
        _on_the_roster(roster),
        "no export" if newest is None else f"{head.people_by_month[newest]} in {newest}",
    )
