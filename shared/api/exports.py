"""The doors of files: ``POST /api/exports/check``, ``POST /api/exports``, and the receipt that follows.

A file's bytes are the body, and its name a header. A form of another site can send neither the header nor the
media types without being let in by CORS first.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

import msgspec

from shared.api.parameters import RECEIPT, file_query, no_query
from shared.api.principal import Principal, principal_of, require
from shared.api.problems import NOT_FOUND, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, Problem
from shared.api.responses import Request, Response, uncached_response
from shared.records import AuditEntry, Finding, Receipt, ReceiptState, Turned

if TYPE_CHECKING:
    from shared.api.parameters import FileQuery
    from shared.app import App

#: Bytes: ten times what a team of thirty thousand exports. The host, the worker and the app hold a body at
#: once, so it is far below what the platform lets through and what a dropped file may have.
MAX_BYTES = 8 << 20

#: What says that the body is a file's bytes, and cannot come from a form.
ACCEPTED = ("text/csv", "application/octet-stream")

#: For so long after an upload its receipt is awaited: the hourly timer takes in what a trigger missed.
WAITS = timedelta(days=1)


class ExportCheck(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """What the receipt of this file would say, were it dropped now; nothing is stored. The fields are a
    receipt's, and ``name`` is the file's own.

    ``state``: ``accepted``, ``duplicate`` (of the receipt ``duplicate_of``), or ``refused`` for its
    ``findings``, the first fifty of ``findings_total``; seldom ``contested``. ``turns``: the earlier files
    whose state would change with it.
    """

    name: str
    state: ReceiptState
    size: int
    kind: str | None
    organization: str | None
    month: str | None
    first: date | None
    last: date | None
    moment: datetime | None
    evidence: str | None
    rows_in: int | None
    rows_accepted: int | None
    rows_rejected: int | None
    people: int | None
    duplicate_of: str | None
    notes: list[str]
    remarks: list[str]
    settles: list[str]
    missing: list[str]
    findings: list[Finding]
    findings_total: int
    turns: list[Turned]
    demo: bool = False


class ExportUpload(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """How far an upload has come: it waits to be taken in, mostly for seconds, or has its ``receipt``.

    ``id`` is what to ask with, ``receipt_id`` the receipt's own, as ``/api/status`` lists it.
    """

    id: str
    receipt_id: str
    state: Literal["waiting", "received"]
    receipt: Receipt | None
    demo: bool = False


def check_export(app: App, request: Request) -> Response:
    """Say what would become of a file. Nothing is stored, and nobody is told."""
    from shared.rehearsing import Offered, Rehearsal  # brings the blob client, which no answer needs

    now = app.clock.now()
    _, query = _admitted(app, request, now)
    rehearsal = Rehearsal.over(app)
    offered = Offered(_blob_name(query), request.body, _metadata(query), "this file")
    (receipt,) = rehearsal.take([offered])
    said = {name: getattr(receipt, name) for name in receipt.__struct_fields__ if name in _OF_A_RECEIPT}
    body = ExportCheck(
        **{**said, "name": query.name}, turns=rehearsal.turned(app), demo=bool(app.settings.demo_world)
    )
    return uncached_response(body)


_OF_A_RECEIPT = frozenset(ExportCheck.__struct_fields__)


def upload_export(app: App, request: Request) -> Response:
    """Put a file into the drop container, where its trigger finds it as it finds any other.

    The audit has it before it is there, and says afterwards that it is.
    """
    now = app.clock.now()
    principal, query = _admitted(app, request, now)
    name = _blob_name(query)
    entry = app.audit.begin(
        AuditEntry(
            audit_id=secrets.token_hex(8),
            what="upload",
            of=name.partition("/")[0],
            by=principal.subject or "unknown",
            reason="",
            at=now,
        )
    )
    dropped = app.drop.put(name, request.body, _metadata(query))
    done = f"{dropped.size} bytes, receipt {dropped.receipt_id}"
    app.audit.complete(entry, "done", done, app.clock.now())
    place = app.receipts.place(dropped.last_modified, dropped.receipt_id)
    return uncached_response(
        _upload(app, place, None), status=202, headers={"Location": f"/api/receipts/{place}"}
    )


def get_receipt(app: App, request: Request) -> Response:
    """The receipt of an upload, or that it waits; one row is read."""
    now = app.clock.now()
    require(principal_of(request, app.settings, now=now), "Usage.Upload")
    no_query(request.params)
    try:
        place = RECEIPT.parse(request.path.get("id", ""), now.date())
    except ValueError:
        raise Problem(NOT_FOUND) from None
    receipt = app.receipts.find(place)
    if receipt is None and abs(now - app.receipts.moment(place)) > WAITS:
        raise Problem(NOT_FOUND)
    return uncached_response(_upload(app, place, receipt))


def _upload(app: App, place: str, receipt: Receipt | None) -> ExportUpload:
    return ExportUpload(
        id=place,
        receipt_id=place.partition("-")[2],
        state="waiting" if receipt is None else "received",
        receipt=receipt,
        demo=bool(app.settings.demo_world),
    )


def _admitted(app: App, request: Request, now: datetime) -> tuple[Principal, FileQuery]:
    """Who sends a file, and what comes with it. Its size is judged by what the client declares, before
    anything else of it is looked at, and by what came."""
    principal = require(principal_of(request, app.settings, now=now), "Usage.Upload")
    declared = request.header("Content-Length")
    if len(request.body) > MAX_BYTES or (declared.isdecimal() and int(declared) > MAX_BYTES):
        most = app.settings.export_max_bytes
        action = f"Drop it into the container `drop`, which takes files of up to {most} bytes."
        raise Problem(TOO_LARGE, maxBytes=MAX_BYTES, action=action)
    if request.header("Content-Type").partition(";")[0].strip().lower() not in ACCEPTED:
        raise Problem(UNSUPPORTED_MEDIA_TYPE, accepted=list(ACCEPTED))
    return principal, file_query(request.params, request.header, now=now)


def _blob_name(query: FileQuery) -> str:
    """In a folder of its own, so that it takes no other file's place."""
    return f"upload-{secrets.token_hex(8)}/{query.name}"


def _metadata(query: FileQuery) -> dict[str, str]:
    return {"as_of": query.as_of} if query.as_of else {}
