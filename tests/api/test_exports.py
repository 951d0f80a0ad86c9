"""Laws of the doors of files: a check says what the receipt will, and stores nothing; an upload is a drop."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest

from local.azurite import Ports, connection_string
from shared.api.exports import ACCEPTED, MAX_BYTES, check_export, get_receipt, upload_export
from shared.api.problems import answered
from shared.api.responses import Request, Response
from shared.app import App
from shared.jobs.ingest import ingest
from shared.jobs.retract import retract
from shared.records import Receipt
from shared.settings import load
from shared.sources.exports.findings import KEPT
from shared.store.storage import Storage
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

#: Requests to storage that a check makes at most: as many with ten thousand people as with eight.
MOST_REQUESTS = 20

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
    "many new people": (
        lines(ALL | {f"new-{one}": 1 for one in range(300)}),
        NOVEMBER,
        {"as_of": "2026-11-21"},
    ),
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
        assert [one for one in watch.asked if one.writes] == []
        assert len(watch.asked) <= MOST_REQUESTS, what
        assert (etags(app.storage), caplog.records) == (before, [])
        upload = send(upload_export, app, content, name, **params).document
        receipt = json.loads(receipt_of(app, upload))
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
        "many new people": "accepted",
        "report": "accepted",
        "roster": "accepted",
        "empty": "refused",
        "formula": "refused",
    }


def receipt_of(app: App, upload: Mapping[str, Any]) -> str:
    """The receipt as the door of uploads tells it, once it is there."""
    assert ask_for(app, upload).document["state"] == "waiting"
    taken_in(app, upload)
    received = ask_for(app, upload).document
    assert received["state"] == "received"
    return json.dumps(received["receipt"])


def test_a_check_tells_which_earlier_files_it_would_turn(app: App) -> None:
    """With a third look that fits the refused one, the refused counts and the first is contested."""
    first = look(app, FRI_6, dict.fromkeys("abcdefgh", 900))
    second = look(app, FRI_13, dict.fromkeys("abcdefgh", 300))
    assert (first.state, second.state) == ("accepted", "refused")
    check = send(check_export, app, lines(dict.fromkeys("abcdefgh", 400)), as_of="2026-11-20").document
    assert check["state"] == "accepted"
    turns = {one["receiptId"]: (one["before"], one["after"]) for one in check["turns"]}
    assert turns == {
        first.receipt_id: ("accepted", "contested"),
        second.receipt_id: ("refused", "accepted"),
    }
    assert {one.receipt_id: one.state for one in app.receipts.newest(2)} == {
        first.receipt_id: "accepted",
        second.receipt_id: "refused",
    }


# --- an upload -----------------------------------------------------------------------------------


def test_an_upload_is_a_drop_that_the_audit_knows(app: App, clock: TestClock) -> None:
    """202 with where to ask; the audit says who, how large and which receipt; nobody's file is replaced. The
    same again is a duplicate. What never comes to a receipt is not awaited for ever."""
    content = lines(ALL)
    first, second = (send(upload_export, app, content, as_of="2026-11-13T17:00+01:00") for _ in range(2))
    uploads = [first.document, second.document]
    assert (first.status, first.headers["Location"]) == (202, f"/api/receipts/{uploads[0]['id']}")
    names = waiting(app)
    assert len({name.partition("/")[0] for name in names}) == 2
    assert {name.partition("/")[2] for name in names} == {NOVEMBER}
    done = {f"{len(content)} bytes, receipt {one['receiptId']}" for one in uploads}
    entries = app.audit.newest(9)
    assert {one.outcome for one in entries} == done
    assert {(one.what, one.by, one.state) for one in entries} == {("upload", "development", "done")}
    assert {one.of for one in entries} == {name.partition("/")[0] for name in names}
    for name in names:
        ingest(app, name)
    received = [ask_for(app, one).document["receipt"] for one in uploads]
    assert sorted(one["state"] for one in received) == ["accepted", "duplicate"]
    assert {one["moment"] for one in received} == {"2026-11-13T16:00:00Z"}
    assert {one["evidence"] for one in received} == {"metadata as_of"}
    lost = uploads[0]["id"].partition("-")[0] + "-0000000000000000"
    assert ask_for(app, lost).document["state"] == "waiting"
    clock.move(days=2)
    assert ask_for(app, lost).status == 404
    assert ask_for(app, uploads[0]).status == 200
    for nothing in ("check", "0", lost.upper().replace("-", "~"), f"{lost}0", ""):
        assert ask_for(app, nothing).status == 404


@pytest.mark.parametrize("door", [check_export, upload_export])
def test_what_is_no_file_s_is_refused_with_what_is_expected(door: Door) -> None:
    """Before any storage is asked: too large as declared or as sent, another media type, a name that is none.
    A name is not said again, since it may be an address."""
    app = app_without_storage()
    assert send(door, app, bytes(MAX_BYTES + 1)).document["maxBytes"] == MAX_BYTES
    assert send(door, app, b"x", headers={"Content-Length": str(MAX_BYTES + 1)}).status == 413
    for kind in ("", "text/plain", "multipart/form-data; boundary=b", "application/x-www-form-urlencoded"):
        refused = send(door, app, b"x", headers={"Content-Type": kind})
        assert (refused.status, refused.document["accepted"]) == (415, list(ACCEPTED))
    for name in BAD_NAMES:
        refused = send(door, app, b"x", name)
        assert (refused.status, refused.document["parameters"][0]["name"]) == (400, "X-File-Name"), name
        assert len(name) < 3 or name not in refused.text
    for raw in ("", "a,b.csv", "a b.csv", "%FF.csv", "%E0%80%AF.csv", "%", "%0", "\u202e.csv", "a.csv%00"):
        assert send(door, app, b"x", headers={"X-File-Name": raw}).status == 400, raw
    for moment in ("yesterday", "2026-13-01", "20261120", "2026-11-20T25:00", "2026-11-20T16:00 01:00", ""):
        assert send(door, app, b"x", as_of=moment).document["parameters"][0]["name"] == "as_of", moment
    both = send(door, app, b"x", "ana@example.com.csv", as_of="yesterday", colour="red").document
    assert [one["name"] for one in both["parameters"]] == ["X-File-Name", "as_of", "colour"]


BAD_NAMES = (
    "../team.csv",
    "..",
    ".",
    "2026-11-20/team.csv",
    "folder\\team.csv",
    "team\n.csv",
    "team\x00.csv",
    "team\u202ecsv.exe",
    "team\ufffe.csv",
    "team.",
    " ",
    "x" * 256,
    "x" * 1024,
    "ana@example.com.csv",
    "ana\uff20example.com.csv",
    "ana%40example.com.csv",
)


def app_without_storage() -> App:
    """An uploader's app whose storage nobody answers at."""
    told = {
        "DATA_STORAGE": connection_string(Ports(9, 9, 9)),
        "DEVELOPMENT_PRINCIPAL": "developer",
        **UPLOADER,
    }
    settings = load(told)
    return App(settings, Storage.of(settings), told)


@pytest.mark.parametrize(
    "name", ["x" * 251 + ".csv", "日本語 (1).csv", "a#b?c%d&e=f+g.csv", "🙂" * 250 + ".csv"]
)
def test_a_name_is_kept_as_it_is(app: App, name: str) -> None:
    """Whatever a file may be called elsewhere: it is data, and comes back on the receipt."""
    upload = send(upload_export, app, b"not,known\n", name).document
    assert taken_in(app, upload).name.partition("/")[2] == name
    assert ask_for(app, upload).document["receipt"]["state"] == "refused"
    assert waiting(app) == []
