"""Laws of the doors of files: a check says what the receipt will, and stores nothing; an upload is a drop."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest

from shared.api.exports import check_export, get_receipt, upload_export
from shared.api.problems import answered
from shared.api.responses import Request, Response
from shared.app import App
from shared.jobs.ingest import ingest
from shared.jobs.retract import retract
from shared.records import Receipt
from shared.sources.exports.findings import KEPT
from tests.adoption.asking import LOG, Answered
from tests.adoption.weekly import FRI_6, FRI_13, lines, look, name_of
from tests.api.agreeing import agree
from tests.conftest import MakeApp, TestClock
from tests.jobs.dropping import HEADER, NOVEMBER, waiting
from tests.jobs.stage import instance
from tests.store.wire import Watch, etags

UPLOADER = {"DEVELOPMENT_ROLES": "Usage.Upload"}
SPEND = (
    b"user_email,product,total_requests,total_prompt_tokens,total_completion_tokens,total_net_spend_usd,"
    b"total_gross_spend_usd\nana@quux.example,Claude Code,1,2,3,0.00,0.00\n"
)
ROSTER = b"email,name,team,joined,left\n" + b"".join(
    b"%c@quux.example,,core,,\n" % one for one in b"abcdefgh"
)

#: Of a check, what is the file's own: a receipt names the blob.
OWN = ("name", "turns")

Door = Callable[[App, Request], Response]


def send(
    door: Door,
    app: App,
    content: bytes = b"",
    name: str = NOVEMBER,
    headers: Mapping[str, str] | None = None,
    **params: str,
) -> Answered:
    """What a door says to a file; held against the contract."""
    told = {"X-File-Name": quote(name, safe=""), "Content-Type": "text/csv", **(headers or {})}
    return heard(door, app, Request("POST", params, told, body=content))


def heard(door: Door, app: App, request: Request) -> Answered:
    response = answered(lambda: door(app, request), correlation_id="c-1", demo=False, log=LOG)
    agree(door.__name__, response)
    assert response.headers["Cache-Control"] == "no-store"
    return Answered(response.status, response.headers, response.body)


def ask_for(app: App, upload: Mapping[str, Any] | str) -> Answered:
    """How far an upload has come."""
    identifier = upload if isinstance(upload, str) else upload["id"]
    return heard(get_receipt, app, Request("GET", path={"id": identifier}))


def taken_in(app: App, upload: Mapping[str, Any]) -> Receipt:
    """The upload's file taken in, as its trigger does it."""
    (name,) = waiting(app)
    receipt = ingest(app, name)
    assert receipt is not None
    assert receipt.receipt_id == upload["receiptId"]
    return receipt


@pytest.fixture
def app(make_app: MakeApp, clock: TestClock) -> App:
    """An uploader's app; its time is the storage's."""
    clock.at = datetime.now(UTC)
    return make_app(**UPLOADER)


# --- a check -------------------------------------------------------------------------------------

ALL = dict.fromkeys("abcdefgh", 1000)
GROWN = dict.fromkeys("abcdefgh", 1400)
FALLEN = dict.fromkeys("abcdefgh", 300)
BAD = HEADER + "".join(f"{number}@quux.example,many\n" for number in range(KEPT + 10))

FILES: Mapping[str, tuple[bytes, str, dict[str, Any]]] = {
    "accepted": (lines(GROWN), NOVEMBER, {"as_of": "2026-11-20"}),
    "duplicate": (lines(ALL), NOVEMBER, {"as_of": "2026-11-13T16:10:00+00:00"}),
    "of a retracted file": (lines(dict.fromkeys("ab", 7)), NOVEMBER, {"as_of": "2026-11-10"}),
    "unreadable": (BAD.encode(), NOVEMBER, {"as_of": "2026-11-20"}),
    "of another organisation": (
        lines(GROWN),
        name_of("2026-11", "1" * 8 + "-1111-4111-8111-" + "1" * 12),
        {},
    ),
    "in conflict": (lines(FALLEN), NOVEMBER, {"as_of": "2026-11-20"}),
    "of the future": (lines(GROWN), NOVEMBER, {"as_of": "2099-11-20"}),
    "report": (SPEND, "spend-report--2026-11-02-to-2026-11-08.csv", {"as_of": "2026-11-10"}),
    "roster": (ROSTER, "röster (1).csv", {"as_of": "2026-11-01"}),
    "empty": (b"", "nothing.csv", {}),
    "formula": (b"=cmd|' /C calc'!A1\n", "=1+1.csv", {}),
}


@pytest.fixture
def standing(app: App) -> App:
    """Two Fridays' looks of eight people, and a file that was retracted."""
    look(app, FRI_6, dict.fromkeys("abcdefgh", 900))
    look(app, FRI_13, ALL)
    gone = look(app, "2026-11-10", dict.fromkeys("ab", 7))
    retract(app, gone.receipt_id, "wrong file")
    return app


def test_a_check_says_what_the_receipt_will_say_and_stores_nothing(
    standing: App, make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever the file is: not a request that writes, no event; then, uploaded, its receipt says it all."""
    organization = "claude_ai:" + "0" * 8 + "-0000-4000-8000-" + "0" * 12
    app = make_app(**UPLOADER, EXPECTED_ORGANIZATIONS=organization)
    app = App(app.settings, app.storage, app.environ, standing.clock)
    states = {}
    for what, (content, name, params) in FILES.items():
        watch, before = Watch(), etags(app.storage)
        caplog.clear()
        with caplog.at_level("INFO", "scoreboard"):
            check = send(check_export, instance(app, watch), content, name, **params)
        assert check.status == 200, check.text
        assert [one for one in watch.asked if one.writes or one.concerns("raw")] == []
        assert (etags(app.storage), caplog.records) == (before, [])
        upload = send(upload_export, app, content, name, **params).document
        receipt = json.loads(agreeing_receipt(app, upload))
        said = check.document
        assert (said["name"], receipt["name"].partition("/")[2]) == (name, name)
        same = [field for field in said if field not in OWN]
        assert {field: said[field] for field in same} == {field: receipt[field] for field in same}, what
        states[what] = said["state"]
        retract(app, upload["receiptId"], "the next one is checked without it")
    assert states == {
        "accepted": "accepted",
        "duplicate": "duplicate",
        "of a retracted file": "duplicate",
        "unreadable": "refused",
        "of another organisation": "refused",
        "in conflict": "refused",
        "of the future": "refused",
        "report": "accepted",
        "roster": "accepted",
        "empty": "refused",
        "formula": "refused",
    }


def agreeing_receipt(app: App, upload: Mapping[str, Any]) -> str:
    """The receipt as the door of uploads tells it, once it is there."""
    assert ask_for(app, upload).document["state"] == "waiting"
    taken_in(app, upload)
    received = ask_for(app, upload).document
    assert received["state"] == "received"
    return json.dumps(received["receipt"])
