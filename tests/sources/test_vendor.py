"""Laws of the one door to the vendor: what it sends, what it asks again, what it refuses."""

from __future__ import annotations

import json
import socketserver
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from email.utils import format_datetime
from threading import Thread

import httpx
import pytest
import respx

from shared.errors import (
    ContractBroken,
    OutOfTime,
    SourceError,
    SourceLocked,
    SourceMisconfigured,
    SourceUnavailable,
)
from shared.sources import vendor as vendor_module
from shared.sources.patience import LONGEST_PAUSE, LONGEST_RETRY_AFTER, SPREAD
from shared.sources.vendor import MAX_BODY, Vendor
from tests.sources.wire import BASE_URL, KEY, START, Clock, error_of, in_turn, vendor

PATH = "/v1/organizations/me"
GOOD = httpx.Response(200, json={"id": "x"})


def refused(*answers: httpx.Response | Exception, clock: Clock | None = None) -> SourceError:
    with vendor(in_turn(*answers), clock=clock) as door, pytest.raises(SourceError) as caught:
        door.get(PATH)
    return caught.value


def test_a_request_says_who_asks_with_which_key_and_which_version() -> None:
    """Each request carries the key, the pinned version, and a user agent that names this program."""
    router = respx.Router()
    route = router.get(f"{BASE_URL}{PATH}", params={"limit": "1"}).respond(json={"id": "x"})
    with vendor(router.handler) as door:
        assert door.get(PATH, {"limit": 1}) == GOOD.content
        assert door.requests == 1
    sent = route.calls.last.request.headers
    assert sent["x-api-key"] == KEY
    assert sent["anthropic-version"] == "2023-06-01"
    assert sent["user-agent"].startswith("scoreboard/0.1")


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504, 529])
def test_what_may_pass_is_asked_again(status: int) -> None:
    """A 408, 409, 429 or 5xx is asked again, and the answer that then comes is the answer."""
    with vendor(in_turn(error_of(status, "api_error"), GOOD)) as door:
        assert door.get(PATH) == GOOD.content
        assert door.requests == 2


@pytest.mark.parametrize(
    "fault",
    [
        httpx.ConnectError("no"),
        httpx.ReadError("no"),
        httpx.ReadTimeout("no"),
        httpx.RemoteProtocolError("cut"),
        httpx.DecodingError("no gzip"),
    ],
)
def test_a_fault_of_the_network_is_asked_again(fault: httpx.HTTPError) -> None:
    """A connection that fails, a cut body and a time-out are transient."""
    with vendor(in_turn(fault, GOOD)) as door:
        assert door.get(PATH) == GOOD.content


@pytest.mark.parametrize(
    ("status", "kind", "raised"),
    [
        (400, "invalid_request_error", ContractBroken),
        (401, "authentication_error", SourceMisconfigured),
        (402, "billing_error", SourceMisconfigured),
        (403, "permission_error", SourceLocked),
        (404, "not_found_error", SourceLocked),
        (407, "proxy", SourceMisconfigured),
        (413, "request_too_large", ContractBroken),
        (418, "teapot", ContractBroken),
        (204, "no_content", ContractBroken),
    ],
)
def test_each_refusal_says_whose_turn_it_is_and_is_not_repeated(
    status: int, kind: str, raised: type[SourceError]
) -> None:
    """No other 4xx is asked again; the error's class says who acts, its message what the vendor called it."""
    with vendor(in_turn(error_of(status, kind))) as door:
        with pytest.raises(raised, match=rf"GET {PATH}: {status} \({kind}, req_011abc\)") as caught:
            door.get(PATH)
        assert door.requests == 1
    assert type(caught.value) is raised
    assert caught.value.status == status
    assert caught.value.action


@pytest.mark.parametrize("status", [403, 404])
def test_a_page_of_a_firewall_is_no_lock(status: int) -> None:
    """Only the vendor's own refusal locks a source, which pages nobody; a stranger's must be looked into."""
    error = refused(httpx.Response(status, html="<h1>Blocked</h1>"))
    assert type(error) is SourceMisconfigured
    assert "ANTHROPIC_BASE_URL" in error.action


def test_a_key_for_another_api_is_hinted_at() -> None:
    """Where the vendor refuses a key that looks like one for another API, the action says so."""
    with (
        vendor(in_turn(error_of(403, "permission_error")), key="sk-ant-api03-abc") as door,
        pytest.raises(SourceLocked) as caught,
    ):
        door.get(PATH)
    assert "sk-ant-api" in caught.value.action


@pytest.mark.parametrize("to", ["https://elsewhere.test/", "javascript:1", "https://[", ""])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int, to: str) -> None:
    """A redirect would carry the key to another host: it is refused and nothing else is asked."""
    answer = httpx.Response(status, headers={"location": to})
    with vendor(in_turn(answer)) as door:
        with pytest.raises(ContractBroken, match="redirect"):
            door.get(PATH)
        assert door.requests == 1


def test_a_vendor_that_asks_not_to_be_asked_again_is_obeyed() -> None:
    """x-should-retry: false ends it at once, whatever the status."""
    clock = Clock()
    assert (
        type(refused(error_of(529, "overloaded_error", x_should_retry="false"), clock=clock))
        is SourceUnavailable
    )
    assert clock.waits == []


def test_html_with_a_200_is_a_broken_contract() -> None:
    """A log-in page of a proxy is an answer of nobody we know."""
    error = refused(httpx.Response(200, html="<html></html>"))
    assert type(error) is ContractBroken
    assert "HTML" in str(error)


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "Application/JSON", "application/problem+json"]
)
def test_json_is_known_by_its_content_type(kind: str) -> None:
    """Parameters and case of the content type do not matter."""
    with vendor(in_turn(httpx.Response(200, content=b"{}", headers={"content-type": kind}))) as door:
        assert door.get(PATH) == b"{}"


def test_half_a_body_is_asked_for_again() -> None:
    """A body that ends early although the connection closed cleanly is a fault of the way."""
    half = httpx.Response(
        200, content=b'{"data":[{"date":"2026', headers={"content-type": "application/json"}
    )
    with vendor(in_turn(half, half, GOOD)) as door:
        assert door.get(PATH) == GOOD.content
    assert type(refused(half)) is SourceUnavailable


def test_a_body_that_never_is_json_is_a_broken_contract() -> None:
    """What is wrong in the middle is asked for again too, and then is the vendor's."""
    wrong = httpx.Response(200, content=b'{"data":oops}', headers={"content-type": "application/json"})
    assert type(refused(wrong)) is ContractBroken
    deep = httpx.Response(200, content=b"[" * 100_000, headers={"content-type": "application/json"})
    assert isinstance(refused(deep), SourceError)


class Endless(httpx.SyncByteStream):
    """A body without an end that counts what was taken from it."""

    def __init__(self) -> None:
        self.taken = 0

    def __iter__(self):  # type: ignore[no-untyped-def]
        while True:
            self.taken += 1 << 20
            yield b" " * (1 << 20)


def test_a_huge_body_is_refused_before_it_is_read() -> None:
    """Neither an announced nor an endless body fills the memory."""
    body = Endless()
    endless = httpx.Response(200, stream=body, headers={"content-type": "application/json"})
    assert type(refused(endless)) is ContractBroken
    assert body.taken <= MAX_BODY + (2 << 20)
    body = Endless()
    headers = {"content-type": "application/json", "content-length": str(MAX_BODY + 1)}
    assert type(refused(httpx.Response(200, stream=body, headers=headers))) is ContractBroken
    assert body.taken == 0


# --- waiting -----------------------------------------------------------------------------------


@pytest.mark.parametrize("draw", [0.0, 0.5, 1.0])
def test_patience_with_a_429_exceeds_a_minute(draw: float) -> None:
    """Without a usable Retry-After the pauses grow to a cap and together exceed 60 s, however the draw."""
    clock = Clock()
    with (
        vendor(in_turn(error_of(429, "rate_limit_error")), clock=clock, draw=draw) as door,
        pytest.raises(SourceUnavailable, match="gave up after"),
    ):
        door.get(PATH)
    assert sum(clock.waits) > 60
    assert max(clock.waits) <= LONGEST_PAUSE
    assert clock.waits[:3] == sorted(clock.waits[:3])


def test_an_outage_is_given_up_within_a_minute_or_so() -> None:
    """Whatever fails otherwise is left to the next run sooner than a limit is."""
    clock = Clock()
    assert type(refused(httpx.ConnectError("no"), clock=clock)) is SourceUnavailable
    assert 30 < sum(clock.waits) < 90


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("7", 7.0),
        ("1.5", 1.5),
        ("3600", LONGEST_RETRY_AFTER),
        (format_datetime(START.replace(second=20), usegmt=True), 20.0),
        ("Mon, 09 Nov 2026 12:00:20 -0000", 20.0),
    ],
)
def test_retry_after_is_honoured_up_to_a_minute(text: str, least: float) -> None:
    """Seconds or a date: the next attempt comes no earlier, and at most a minute and the spread later."""
    clock = Clock()
    with vendor(in_turn(error_of(429, "rate_limit_error", retry_after=text), GOOD), clock=clock) as door:
        door.get(PATH)
    assert least <= sum(clock.waits) <= least + SPREAD


@pytest.mark.parametrize(
    "text", ["", "0", "soon", "-5", "nan", "Mon, 09 Nov 2026 11:59:00 GMT", "1e9", "1 Jan " + "9" * 20]
)
def test_an_unusable_retry_after_is_as_none(text: str) -> None:
    """Nothing, the past and nonsense leave the pause to our own patience."""
    clock = Clock()
    with vendor(in_turn(error_of(429, "rate_limit_error", retry_after=text), GOOD), clock=clock) as door:
        door.get(PATH)
    assert clock.waits == [0.5]


def test_one_threads_limit_holds_the_others_back() -> None:
    """The limit is the key's: what Retry-After tells one thread, the others heed."""
    sent: list[tuple[str, float]] = []

    class Meanwhile(Clock):
        """While the first thread waits for its next attempt, another one asks."""

        def sleep(self, seconds: float) -> None:
            if len(sent) == 1 and not self.waits:
                self.waits.append(0.0)
                door.get("/other")
            super().sleep(seconds)

    clock = Meanwhile()

    def handler(request: httpx.Request) -> httpx.Response:
        sent.append((request.url.path, clock.monotonic()))
        return error_of(429, "rate_limit_error", retry_after="20") if len(sent) == 1 else GOOD

    with vendor(handler, clock=clock) as door:
        door.get(PATH)
    assert [path for path, _ in sent] == [PATH, "/other", PATH]
    assert all(moment >= 20 for _, moment in sent[1:])


def test_threads_share_one_vendor() -> None:
    """Many threads may ask at once; each gets its own answer and every request is counted."""

    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"id": request.url.params["limit"]})

    with vendor(handler) as door, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: door.get(PATH, {"limit": number}), range(64)))
        assert door.requests == 64
    assert [json.loads(answer)["id"] for answer in answers] == [str(number) for number in range(64)]


def test_nothing_is_asked_after_the_deadline() -> None:
    """Once the deadline has passed no request leaves."""
    with vendor(in_turn(GOOD), seconds=0) as door:
        with pytest.raises(OutOfTime):
            door.get(PATH)
        assert door.requests == 0


def test_nobody_waits_for_an_attempt_that_cannot_start() -> None:
    """Where the pause would end after the deadline, the run is told at once and with the last status."""
    clock = Clock()
    answer = error_of(429, "rate_limit_error", retry_after="50")
    with vendor(in_turn(answer), clock=clock, seconds=30) as door:
        with pytest.raises(OutOfTime) as caught:
            door.get(PATH)
        with pytest.raises(OutOfTime, match="not sent"):
            door.get(PATH)
        assert door.requests == 1
    assert clock.waits == []
    assert caught.value.status == 429


def test_an_answer_that_drips_ends_with_the_deadline() -> None:
    """A body that is still arriving at the deadline is left."""
    clock = Clock()

    class Drip(httpx.SyncByteStream):
        def __iter__(self):  # type: ignore[no-untyped-def]
            while True:
                clock.sleep(10)
                yield b" "

    slow = httpx.Response(200, stream=Drip(), headers={"content-type": "application/json"})
    with vendor(in_turn(slow), clock=clock, seconds=60) as door, pytest.raises(OutOfTime):
        door.get(PATH)


#: What a peer goes on with for ever, a piece at a time: no single read of it is late.
ENDLESS = {
    "answers to come": (b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
    "a body that unpacks to nothing": (
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\n"
        b"transfer-encoding: chunked\r\n\r\na\r\n\x1f\x8b\x08\x08\0\0\0\0\0\x03\r\n",
        b"1\r\nA\r\n",
    ),
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_nobody_keeps_a_question_open_beyond_the_deadline(kind: str) -> None:
    """A peer that always says something, and never an answer, is hung up on."""
    head, piece = ENDLESS[kind]

    class Talker(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65536)
            with suppress(OSError):
                self.request.sendall(head)
                while True:
                    self.request.sendall(piece)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True  # the kernel may let one that was hung up on talk to itself for two minutes

    with Server(("127.0.0.1", 0), Talker) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        door = Vendor(f"http://127.0.0.1:{server.server_address[1]}", KEY, deadline=time.monotonic() + 0.2)
        with door, pytest.raises(OutOfTime):
            door.get(PATH)
        server.shutdown()


def test_timeouts_are_on_and_never_longer_than_the_run() -> None:
    """Each step has its own time-out by default, and the deadline shortens it."""
    seen: list[dict[str, float]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.extensions["timeout"])
        return GOOD

    with vendor(handler, seconds=600, read_timeout=30) as door:
        door.get(PATH)
    with vendor(handler, seconds=3, read_timeout=30) as door:
        door.get(PATH)
    assert [step["read"] for step in seen] == [30, 3]
    assert all(seconds is not None for seconds in vendor_module.TIMEOUTS.as_dict().values())


def test_a_client_that_is_shared_stays_open() -> None:
    """A vendor closes only the client that it made."""
    with httpx.Client(transport=httpx.MockTransport(in_turn(GOOD))) as client:
        for _ in range(2):
            with vendor_module.Vendor(BASE_URL, KEY, deadline=1e12, client=client) as door:
                door.get(PATH)
        assert not client.is_closed


def test_a_refusal_counts_even_where_its_body_does_not_arrive() -> None:
    """A 401 whose body is cut is a 401."""

    class Cut(httpx.SyncByteStream):
        def __iter__(self):  # type: ignore[no-untyped-def]
            yield b'{"error":'
            raise httpx.RemoteProtocolError("cut")

    clock = Clock()

    class Drip(httpx.SyncByteStream):
        def __iter__(self):  # type: ignore[no-untyped-def]
            while True:
                clock.sleep(1)
                yield b" "

    assert refused(httpx.Response(401, stream=Drip()), clock=clock).status == 401
    assert clock.monotonic() <= 30
    assert refused(httpx.Response(401, stream=Cut())).status == 401
    assert refused(httpx.Response(401, stream=Endless())).status == 401


# --- a key that was rotated --------------------------------------------------------------------


def rotated(again: Callable[[], str]) -> Vendor:
    """A vendor that knows the new key only, and a door that was given the old one."""

    def handler(request: httpx.Request) -> httpx.Response:
        is_new = request.headers["x-api-key"] == f"{KEY}-2"
        return GOOD if is_new else error_of(401, "authentication_error")

    clock = Clock()
    return Vendor(
        BASE_URL,
        KEY,
        deadline=600,
        transport=httpx.MockTransport(handler),
        key_again=again,
        sleep=clock.sleep,
        monotonic=clock.monotonic,
        now=clock.now,
    )


def test_a_refused_key_is_read_again_once_for_all_threads() -> None:
    """Who meets the refusal takes up the key that is stored by now; the vault is not asked by each."""
    asked: list[str] = []

    def again() -> str:
        asked.append("")
        return f" {KEY}-2 "

    with rotated(again) as door, ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: door.get(PATH), range(24))) == {GOOD.content}
    assert len(asked) == 1


@pytest.mark.parametrize("answer", [KEY, "with a blank", None])
def test_a_key_that_was_not_rotated_is_refused(answer: str | None) -> None:
    """The same key, text that is none, a vault that is away: what the vendor says is told, and the vault is
    not asked again."""
    asked: list[str | None] = []

    def again() -> str:
        asked.append(answer)
        if answer is None:
            raise SourceUnavailable("Key Vault does not answer")
        return answer

    with rotated(again) as door:
        for _ in range(2):
            with pytest.raises(SourceMisconfigured, match="wrong or revoked"):
                door.get(PATH)
    assert asked == [answer]
