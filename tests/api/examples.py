"""The states that a client can meet, each in a simulated world, and the file in docs/examples that shows it.

A new one is one line below; then `WRITE_EXAMPLES=1 python3 dev.py test tests/api/test_examples.py`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import msgspec

from shared.api.adoption import get_adoption
from shared.api.engineers import get_engineers
from shared.api.exports import MAX_BYTES, check_export, get_receipt, upload_export
from shared.api.health import get_health
from shared.api.problems import answered
from shared.api.responses import Request, Response
from shared.api.status import get_status
from shared.app import App
from shared.jobs.ingest import ingest
from tests.adoption.asking import LOG
from tests.api.agreeing import agree

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "examples"

#: Set, the files are written instead of compared.
WRITE = bool(os.environ.get("WRITE_EXAMPLES"))

ROUTES: Mapping[str, Callable[[App, Request], Response]] = {
    "get_adoption": get_adoption,
    "get_engineers": get_engineers,
    "get_status": get_status,
    "check_export": check_export,
    "upload_export": upload_export,
    "get_receipt": lambda app, request: received(app, request),
    "get_health": lambda app, request: get_health(request, demo=bool(app.settings.demo_world)),
}
PATHS = {
    "get_adoption": "/api/adoption",
    "get_engineers": "/api/engineers",
    "get_status": "/api/status",
    "check_export": "/api/exports/check",
    "upload_export": "/api/exports",
    "get_receipt": "/api/receipts/{id}",
    "get_health": "/api/health",
}

#: What is drawn at random, or depends on it: ids of runs, of receipts and of uploads.
_RANDOM = re.compile(
    rb'(?<=")[0-9a-f]{12}(?:[0-9a-f]{4})?(?=")|(?<=")[0-9]{14}(?=-[0-9a-f]{16}")'
    rb'|(?<=[0-9]{14}-)[0-9a-f]{16}(?=")|(?<="upload-)[0-9a-f]{16}|(?<=receipt )[0-9a-f]{16}'
)

_OURS = "0f5e2e7a-6c1e-4f0e-9a55-6f0d3f6f2b11"
_EXPORT = f"claude_code_team_2026_11_01_to_2026_11_30_{_OURS}.csv"
_HEADER = b"User,Lines this Month\n"
_TEAM = ("ana", "ben", "chen", "dara", "emeka", "fatima", "goran")


def _rows(*counts: int) -> bytes:
    return _HEADER + b"".join(
        f"{who}@example.com,{count}\n".encode() for who, count in zip(_TEAM, counts, strict=True)
    )


#: What is uploaded: the next export, the last one again, one that fell, and one that a spreadsheet spoilt.
NEXT = _rows(1702, 1790, 2533, 1893, 3310, 2401, 2977)
AGAIN = _rows(1608, 1731, 2487, 1893, 3082, 2274, 2850)
FALLEN = _rows(608, 731, 487, 893, 1082, 274, 850)
SPOILT = _HEADER + b"ana@example.com,1.702.5\nben@example.com,many\n"


@dataclass(frozen=True)
class Example:
    """One file: what is asked in which world, and what is to be seen in the answer."""

    file: str
    world: str
    shows: str
    status: int = 200
    door: str = "get_adoption"
    params: Mapping[str, str] = field(default_factory=dict)
    file_sent: bytes = b""
    media_type: str = "text/csv"

    @property
    def method(self) -> str:
        return "GET" if self.door.startswith("get_") else "POST"

    @property
    def request(self) -> str:
        query = f"?{urlencode(self.params)}" if self.params else ""
        return f"{self.method} {PATHS[self.door]}{query}"


EXAMPLES = (
    Example("adoption-trusted.json", "with-roster", "the answer by weeks; every check passes"),
    Example("adoption-partial.json", "honest", "the same without a roster: one check cannot be made"),
    Example("adoption-exports.json", "team-plan", "the answer by export periods; the key is refused"),
    Example("adoption-stale.json", "stale-exports", "periods that stand, and no answer of now"),
    Example("adoption-vendor-away.json", "vendor-away", "`stale`: what was heard three hours ago"),
    Example("adoption-both-keys.json", "both-keys", "two live sources, each with the people it counts for"),
    Example("adoption-team.json", "three-teams", "the answer of one team", params={"team": "Legs"}),
    Example("adoption.csv", "honest", "the table of periods", params={"format": "csv"}),
    Example("engineers.json", "with-roster", "the cohorts, in counts", door="get_engineers"),
    Example("problem-untrusted.json", "trap", "the organisation of the same name", 409),
    Example("problem-unproven.json", "empty", "the right organisation, and never a row", 409),
    Example("problem-locked.json", "locked", "a plan without the API, before the first export", 409),
    Example("problem-no-data-yet.json", "nothing-yet", "nothing was ever asked or dropped", 409),
    Example(
        "problem-bad-parameter.json",
        "honest",
        "each parameter that is wrong, at once",
        400,
        params={"granularity": "year", "colour": "red"},
    ),
    Example("problem-unauthenticated.json", "signed-out", "nobody is signed in", 401),
    Example("problem-forbidden.json", "wrong-role", "the role is missing", 403),
    Example("problem-too-few.json", "with-roster", "a team of three", 403, params={"team": "Legs"}),
    Example("problem-store-unavailable.json", "no-storage", "storage cannot be read", 503),
    Example("status.json", "with-roster", "a source that is well, and a receipt", door="get_status"),
    Example("status-trap.json", "trap", "expected against seen, at its worst", door="get_status"),
    Example(
        "status-overdue.json", "stale-exports", "exports that are overdue, and receipts", door="get_status"
    ),
    Example(
        "check-accepted.json",
        "team-plan",
        "the next export, before it is uploaded",
        door="check_export",
        params={"as_of": "2026-11-23"},
        file_sent=NEXT,
    ),
    Example(
        "check-duplicate.json",
        "team-plan",
        "what was dropped on Friday, again, and no moment stated",
        door="check_export",
        file_sent=AGAIN,
    ),
    Example(
        "check-refused.json",
        "team-plan",
        "cells that are no counts, line by line",
        door="check_export",
        params={"as_of": "2026-11-23"},
        file_sent=SPOILT,
    ),
    Example(
        "check-contradiction.json",
        "team-plan",
        "counts that fell, against an earlier export",
        door="check_export",
        params={"as_of": "2026-11-23"},
        file_sent=FALLEN,
    ),
    Example(
        "upload-waiting.json",
        "team-plan",
        "the next export, uploaded",
        202,
        door="upload_export",
        params={"as_of": "2026-11-23"},
        file_sent=NEXT,
    ),
    Example("upload-received.json", "team-plan", "and its receipt", door="get_receipt", file_sent=NEXT),
    Example(
        "problem-too-large.json",
        "team-plan",
        "more than is taken over HTTP",
        413,
        door="check_export",
        file_sent=bytes(MAX_BYTES + 1),
    ),
    Example(
        "problem-unsupported-media-type.json",
        "team-plan",
        "a form instead of a file's bytes",
        415,
        door="upload_export",
        file_sent=NEXT,
        media_type="multipart/form-data; boundary=b",
    ),
    Example("health.json", "honest", "liveness", door="get_health"),
)


def answer_of(app: App, example: Example) -> Response:
    """What the app answers, and the contract knows."""
    headers = {"X-File-Name": quote(_EXPORT), "Content-Type": example.media_type}
    request = Request(
        example.method, example.params, headers if example.file_sent else {}, body=example.file_sent
    )
    route = ROUTES[example.door]
    response = answered(
        lambda: route(app, request), correlation_id="7c1e0f5a-2a53-4b0e-9a55-6f0d3f6f2b11", demo=True, log=LOG
    )
    agree(example.door, response)
    return response


def received(app: App, request: Request) -> Response:
    """The same file uploaded as of the Monday, taken in, and asked for."""
    sent = Request("POST", {"as_of": "2026-11-23"}, request.headers, body=request.body)
    upload = msgspec.json.decode(upload_export(app, sent).body)
    (name,) = (
        name
        for name in app.drop.list()
        if (waiting := app.drop.find(name)) and waiting.receipt_id == upload["receiptId"]
    )
    ingest(app, name)
    return get_receipt(app, Request("GET", path={"id": upload["id"]}))


def written(response: Response) -> bytes:
    """The body as it stands in the file: indented, and with ids that count instead of random ones."""
    if "json" not in response.headers["Content-Type"]:
        return response.body
    body = _in_order(response.body) if b'"receipts":' in response.body else response.body
    ids: dict[bytes, bytes] = {}

    def steady(found: re.Match[bytes]) -> bytes:
        identifier = found[0]
        return ids.setdefault(identifier, b"%0*x" % (len(identifier), len(ids) + 1))

    return msgspec.json.format(_RANDOM.sub(steady, body), indent=2) + b"\n"


def _in_order(status: bytes) -> bytes:
    """Storage tells seconds apart, and these files were dropped within one: they stand by name here."""
    document = msgspec.json.decode(status)
    document["receipts"].sort(key=lambda receipt: receipt["name"], reverse=True)
    return msgspec.json.encode(document)


def listing() -> str:
    """docs/examples/README.md."""
    rows = "\n".join(
        f"| [{one.file}]({one.file}) | `{one.request}` | {one.status} | `{one.world}` | {one.shows} |"
        for one in EXAMPLES
    )
    return _LISTING.format(rows=rows)


_LISTING = """\
# What a client can meet

Each file is a body as the app sent it, indented, in a simulated world. To see one for yourself, of today:
`python3 dev.py start --demo=WORLD`, then send the request. [The API](../api.md) tells how to call it,
[problems](../problems.md) what to do about each problem.

The tests make these files and fail where one differs. After a change of what is sent, write them again and
read the difference: `WRITE_EXAMPLES=1 python3 dev.py test tests/api/test_examples.py`.

| file | request | status | world | shows |
|---|---|---|---|---|
{rows}
"""
