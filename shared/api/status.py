"""``GET /api/status``: what each source sees, expected against seen; last runs; receipts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING

import msgspec

from shared.adoption.days import classify
from shared.api.principal import Principal, principal_of, require
from shared.api.responses import Request, Response, json_response
from shared.evidence import Judge
from shared.heads import Access, ExportsHead
from shared.reading import read, span_of
from shared.records import Check, DayCover, Receipt, Run
from shared.store.manifests import Heads

if TYPE_CHECKING:
    from shared.adoption.trust_live import SourceEvidence
    from shared.app import App

RUNS = 20
RECEIPTS = 50


class ExpectedSeen(msgspec.Struct, frozen=True, rename="camel"):
    """One line of the table that would have saved a day."""

    what: str
    expected: str
    seen: str


class SourceStatus(msgspec.Struct, frozen=True, rename="camel"):
    """One live source."""

    source: str
    access: Access
    expected_seen: list[ExpectedSeen]
    first_row_day: date | None
    newest_settled_day: date | None
    data_as_of: datetime | None
    days_known: int
    days_left: int
    coverage: list[DayCover]


class Status(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """The body of a 200."""

    sources: list[SourceStatus]
    exports: ExportsHead
    checks: list[Check]
    runs: list[Run]
    receipts: list[Receipt]
    demo: bool = False


def get_status(app: App, request: Request) -> Response:
    """What is known of the sources, whether the figures can be trusted or not.

    The checks are those of the periods that ``/api/adoption`` answers with by default.
    """
    now = app.clock.now()
    principal = principal_of(request, app.settings, now=now)
    require(principal, "Usage.Read")
    heads: Heads = app.manifests.heads()
    judge = Judge(app.settings, heads, now)
    by_default = read(app, span_of(None, None, None, today=now.date()), heads, now)
    return json_response(
        Status(
            sources=[_source(app, one, heads.exports.noted.holidays) for one in judge.sources],
            exports=heads.exports,
            checks=judge(by_default.asked).trust.checks,
            runs=app.runs.newest(RUNS),
            receipts=[_shown(receipt, principal) for receipt in app.receipts.newest(RECEIPTS)],
            demo=bool(app.settings.demo_world),
        ),
        request,
    )


def _shown(receipt: Receipt, principal: Principal | None) -> Receipt:
    """The receipt for this reader: a file's name may be an address, which is for who drops files."""
    may_see = principal is not None and principal.roles & {"Usage.Upload", "Usage.Admin"}
    if may_see or "@" not in receipt.name:
        return receipt
    return msgspec.structs.replace(receipt, name=f"(a name with an address; receipt {receipt.receipt_id})")


def _source(app: App, evidence: SourceEvidence, holidays: Collection[date]) -> SourceStatus:
    head = evidence.head
    days = app.manifests.read(evidence.source).manifest.days
    return SourceStatus(
        source=evidence.source,
        access=head.access,
        expected_seen=_expected_seen(evidence),
        first_row_day=head.first_row_day,
        newest_settled_day=head.newest_settled_day,
        data_as_of=head.data_as_of,
        days_known=head.days_known,
        days_left=head.days_left,
        coverage=[DayCover(day, state) for day, state in classify(days, holidays).items()],
    )


def _expected_seen(evidence: SourceEvidence) -> list[ExpectedSeen]:
    view, head = evidence.head.view, evidence.head
    name = f" ({view.organization_name})" if view.organization_name else ""
    populations = sorted({one for month in head.populations_by_month.values() for one in month})
    return [
        ExpectedSeen(
            "organization",
            evidence.expected_organization or "not configured",
            f"{view.organization}{name}" if view.organization else "not asked yet",
        ),
        ExpectedSeen(
            "members",
            "no roster" if evidence.roster is None else str(evidence.roster),
            str(view.members) if view.looked_at else "not asked yet",
        ),
        ExpectedSeen("rows of people", "some", str(head.people_rows)),
        ExpectedSeen("rows of API keys", "any", str(head.key_rows)),
        ExpectedSeen("customer types", "those that your people use", ", ".join(populations) or "none"),
    ]
