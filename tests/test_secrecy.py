"""Secrets and addresses are fed in through every way in, and none comes out of any way out (law 12).

Whatever is secret here holds one word, so one search finds any of it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec
import pytest

from shared.api.adoption import get_adoption
from shared.api.engineers import get_engineers
from shared.api.problems import answered
from shared.api.responses import Request, Response
from shared.api.status import get_status
from shared.app import App
from shared.errors import ScoreboardError
from shared.events import invoked, quiet_libraries
from shared.jobs.dispatch import run_job
from shared.jobs.ingest import receive
from shared.jobs.refresh import refresh
from shared.settings import load
from shared.store.storage import CONTAINERS, TABLES
from tests.conftest import MakeApp, TestClock
from tests.jobs.dropping import put
from tests.jobs.stage import ago, instance
from tests.knocking import principal
from tests.sources.wire import ORGANIZATION, page, row
from tests.store.wire import Watch, blob_names, entities, plain

SECRET = "zzsecret"
KEY = f"sk-ant-admin01-{SECRET}-0123456789"
ANA, BEN, EVE = (f"{name}.{SECRET}@quux.example" for name in ("ana", "ben", "eve"))
KEY_NAME = f"claude_code_key_{SECRET}_w3"

Answer = tuple[int, Mapping[str, str], bytes]


def told(text: str) -> bool:
    """Whether a text gives anything away, however it is written."""
    said = unquote(unquote(text)).casefold()
    return SECRET in said or "quux" in said


def around(text: str) -> str:
    """The place where a text gives something away."""
    said = unquote(unquote(text)).casefold()
    at = max(said.find(SECRET), said.find("quux"))
    return said[max(0, at - 120) : at + 60]


# --- a vendor that repeats what it should not ------------------------------------------------------


class Leaky:
    """Answers as the contract has it, but for what ``breaks`` says of a day, or of every question."""

    def __init__(self) -> None:
        self.breaks: dict[str, Answer] = {}
        self.urls: list[str] = []

    def answer(self, url: str) -> Answer:
        self.urls.append(url)
        asked = urlsplit(url)
        day = parse_qs(asked.query).get("starting_at", [""])[0]
        broken = self.breaks.get(day) or self.breaks.get("*")
        return broken or (200, {"Content-Type": "application/json"}, _good(asked.path, day))


def _good(path: str, day: str) -> bytes:
    if path.endswith("/me"):
        return json.dumps(
            {"id": ORGANIZATION, "name": f"{ANA}'s Organization", "type": "organization"}
        ).encode()
    if path.endswith("/users"):
        return page(*({"id": one, "email": one, "name": one, "role": "user"} for one in (ANA, BEN, EVE)))
    if path.endswith("/api_keys"):
        return page({"id": KEY, "name": KEY_NAME, "created_by": {"id": ANA, "type": "user"}})
    actors = [
        *({"type": "user_actor", "email_address": one} for one in (ANA, BEN.upper())),
        {"type": "api_actor", "api_key_name": KEY_NAME},
    ]
    return page(*(row(date=day, actor=actor) for actor in actors))


def refusal(status: int, **headers: str) -> Answer:
    """The vendor's own error, which repeats the key and a person wherever it can."""
    error = {"type": f"error_of_{ANA}", "message": f"{KEY} of {ANA}"}
    leaks = {"request-id": KEY, "X-Key": KEY, "Location": f"https://{SECRET}.example/?k={KEY}"}
    body = json.dumps({"type": "error", "error": error, "request_id": ANA}).encode()
    return status, {"Content-Type": "application/json", **leaks, **headers}, body


def breach(day: date, **changes: Any) -> Answer:
    return 200, {"Content-Type": "application/json"}, page(row(**{"date": day.isoformat()} | changes))


#: By age of the day: what breaks the contract, and says whom or what in doing so.
BREACHES: list[Callable[[date], Answer]] = [
    lambda day: breach(day, actor={"type": ANA, "email_address": [ANA]}),
    lambda day: breach(day, actor={"type": "api_actor", "api_key_name": {KEY_NAME: 1}}),
    lambda day: breach(day, customer_type=[ANA]),
    lambda day: breach(day, organization_id=KEY),
    lambda day: breach(day, tool_actions={ANA: {"accepted": -1, "rejected": KEY}}),
    lambda day: breach(day, date=ANA),
    lambda _: (200, {"Content-Type": f"text/{SECRET}"}, f"<html>{KEY} {ANA}</html>".encode()),
    lambda _: (200, {"Content-Type": "application/json"}, f'{{"data":["{ANA}"'.encode() + b"\xff"),
    lambda _: (200, {"Content-Type": "application/json"}, page(has_more=True, next_page=[KEY])),
    lambda _: refusal(302),
    lambda _: refusal(400),
]


@pytest.fixture
def vendor() -> Iterator[tuple[Leaky, str]]:
    """The leaky vendor, and where it listens."""
    leaky = Leaky()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = leaky.answer(self.path)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield leaky, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Every logger that there is says everything, once the app has told the libraries to be quiet."""
    quiet_libraries()
    loggers = [one for one in logging.root.manager.loggerDict.values() if isinstance(one, logging.Logger)]
    levels = {one: one.level for one in loggers}
    for one in loggers:
        one.setLevel(logging.DEBUG)
    with caplog.at_level(logging.DEBUG):
        yield caplog
    for one, level in levels.items():
        one.setLevel(level)


# --- the ways in -----------------------------------------------------------------------------------

TEAM = "claude_code_team_2026_11_01_to_2026_11_30.csv"

FILES: dict[str, bytes] = {
    f"2026-11-06/{ANA}/{TEAM}": f"User,Lines this Month\n{ANA},900\n{BEN},800\n{KEY_NAME},70\n".encode(),
    f"2026-11-13/{ANA}/{TEAM}": f"User,Lines this Month\n{ANA},30\n{BEN},20\n{EVE},5\n".encode(),
    f"2026-11-14/{SECRET}%40quux.example.csv": f"{ANA},{BEN}\n1,2\n".encode(),
    f"2026-11-14/{EVE}.pdf": f"%PDF-1.7 {KEY}".encode(),
    f"2026-11-15/{TEAM}": f"User,Lines this Month\n{ANA},many {KEY}\n{BEN},\n{EVE},3,{KEY}\n".encode(),
    f"2026-11-15/roster-of-{BEN}.csv": (
        f"email,name,team,joined\n{ANA},{ANA},{SECRET} team,{BEN}\n{ANA},,,\n".encode()
    ),
    f"2026-11-15/alias {ANA}.csv": f"alias,email\n{ANA},{BEN}\n{BEN},{EVE}\n{EVE},{ANA}\n".encode(),
    "2026-11-15/keys.csv": f"key_name,email\n{KEY_NAME},no address of {SECRET}\n".encode(),
}

MESSAGES = [
    f'{{"type":"refresh","asked_by":"{ANA}"}}',
    f'{{"type":"refresh","correlation_id":"{KEY} "}}',
    f'{{"type":"erase","engineerId":"{ANA}"}}',
    f'{{"type":"retract","receiptId":"ab12","reason":"of {ANA}"}}',
    f'{{"type":"{KEY}"}}',
    '{"type":"retract","receiptId":"ab12"}',
    f"{KEY} {ANA}",
]

QUERIES = [{"team": ANA}, {"cursor": KEY}, {"from": ANA}, {ANA: KEY}, {"granularity": KEY}]

HEADERS = principal("Usage.Read", name=ANA, preferred_username=ANA) | {
    "Authorization": f"Bearer {KEY}",
    "Cookie": f"session={KEY}",
    "If-None-Match": f'"{SECRET}"',
    "Accept-Encoding": f"{SECRET};q={ANA}",
    "User-Agent": ANA,
}

BAD_SETTINGS = [
    {"ANTHROPIC_BASE_URL": f"https://{SECRET}:{KEY}@api.example"},
    {"EXPECTED_ORGANIZATIONS": f"console:{KEY}"},
    {"BACKFILL_DAYS": KEY},
    {"KEY_VAULT_URL": f"https://vault.example/?key={KEY}"},
]

BAD_KEYS = [f"{KEY}\n{ANA}", f"sk-ant-api01-{SECRET}", f"@Microsoft.KeyVault(SecretUri=https://{SECRET}/)"]


def safely(work: Callable[[], Any]) -> Response:
    """What a door makes of it."""
    return answered(work, correlation_id="c-1", demo=False, log=logging.getLogger("scoreboard"))


def read(app: App, headers: Mapping[str, str], params: Mapping[str, str]) -> list[Response]:
    """What every door with data says."""
    request = Request("GET", params, headers)
    return [safely(partial(door, app, request)) for door in (get_adoption, get_engineers, get_status)]


def fail() -> Response:
    raise ValueError(f"{KEY} of {ANA}")


def test_nothing_secret_that_comes_in_comes_out(
    vendor: tuple[Leaky, str], make_app: MakeApp, clock: TestClock, lines: pytest.LogCaptureFixture
) -> None:
    """Fed in: a vendor's rows, lists, breaches and refusals; good and bad files, their names and cells;
    messages, queries, headers, keys and settings. Searched: every log line at DEBUG, of the libraries, too;
    what readers without the names role are sent; names of blobs, keys of rows, everything in every table but
    the people's, and in the reports beside refused files; messages; URLs; texts of errors."""
    leaky, url = vendor
    settings = {
        "ANTHROPIC_ADMIN_KEY": KEY,
        "ANTHROPIC_BASE_URL": url,
        "EXPECTED_ORGANIZATIONS": f"console:{ORGANIZATION}",
        "BACKFILL_DAYS": "12",
        "SHOW_NAMES": "true",
        "DEVELOPMENT_ROLES": "Usage.Read",
    }
    made = make_app(**settings)
    watch = Watch()
    app = instance(made, watch)
    errors: list[str] = []
    sent: list[Response] = []

    def run(one: App) -> None:
        errors.append(invoked("c-1", lambda: refresh(one, "timer")).detail)
        sent.extend(read(one, HEADERS, {}))
        clock.move(hours=1)

    leaky.breaks = {ago(age).isoformat(): make(ago(age)) for age, make in enumerate(BREACHES)}
    run(app)
    leaky.breaks = {}
    run(app)
    for name, content in FILES.items():
        put(app, name, content)
        with suppress(ScoreboardError):
            receive(app, name)
    run(app)
    for status in (401, 403, 404, 500):
        leaky.breaks = {"*": refusal(status, **{"x-should-retry": "false"})}
        run(app)
    for key in BAD_KEYS:
        run(replace(app, environ={**app.environ, "ANTHROPIC_ADMIN_KEY": key}))
    for message in MESSAGES:
        run_job(app, message.encode())
    leaky.breaks = {}
    clock.move(hours=30)
    for query in QUERIES:
        read(app, HEADERS, query)  # a reader is told which of their own words cannot be used
    for otherwise in BAD_SETTINGS:
        sent.append(safely(partial(load, {**app.environ, **otherwise})))
        with pytest.raises(ScoreboardError) as caught:
            load({**app.environ, **otherwise})
        errors.append(f"{caught.value} {caught.value!r}")
    sent.append(safely(fail))
    run(app)

    out: dict[str, list[str]] = {
        "log": [f"{one.getMessage()} {one.exc_text or ''} {one.args}" for one in lines.records],
        "body": [f"{one.body.decode()} {dict(one.headers)}" for one in sent],
        "error": errors,
        "blob's name": [name for container in CONTAINERS for name in blob_names(app.storage, container)],
        "key": [
            f"{one['PartitionKey']} {one['RowKey']}"
            for table in TABLES
            for one in entities(app.storage, table)
        ],
        "report": [
            app.quarantine.read(name).decode()
            for name in app.quarantine.names()
            if name.endswith("report.json")
        ],
        "message": [str(one.content) for one in app.storage.queue("jobs").receive_messages()],
        "URL": [*leaky.urls, *(one.url for one in watch.asked if not one.concerns("drop/"))],
        **{
            table: [plain(value) for one in entities(app.storage, table) for value in one.values()]
            for table in TABLES
            if table not in ("people", "receipts")
        },
        "receipts": [
            msgspec.json.encode(msgspec.structs.replace(one, name="")).decode()
            for one in app.receipts.every()
        ],
    }
    assert [f"{where}: {around(text)}" for where, texts in out.items() for text in texts if told(text)] == []
    assert {where for where, texts in out.items() if not texts} <= {"cohorts"}
    states = {one.state for one in app.receipts.newest(50)}
    assert {"accepted", "refused"} <= states
    assert {json.loads(one.message)["event"] for one in lines.records if one.name == "scoreboard"} >= {
        "refresh.finished",
        "source.config_error",
        "source.unavailable",
        "export.refused",
        "job.refused",
        "problem",
    }
    assert {one.status for one in sent} >= {200, 500}
