"""The one door to the vendor's API: a GET with patience, a deadline, and no secret in what it says.

What a refusal means stands in ``refusals``, how long is waited in ``patience``. A message names the
path and what those two allow: never a header, a query, a body or the text of another's exception.
"""

from __future__ import annotations

import random
import re
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from types import TracebackType
from typing import NoReturn, Self

import httpx
import msgspec
from tenacity import RetryCallState, Retrying, retry_if_exception_type

from shared import __version__
from shared.errors import ContractBroken, OutOfTime, SourceError, SourceUnavailable
from shared.settings import LOOPBACK_HOSTS
from shared.sources.credentials import usable_key
from shared.sources.hanging_up import HangUp
from shared.sources.keys import ADMIN_KEY, KeyKind, kind_hint, looks_like
from shared.sources.pacing import Pace
from shared.sources.patience import SPREAD, Fault, retry_after_seconds
from shared.sources.refusals import (
    CHECK_THE_WAY,
    NEXT_RUN,
    REPORT,
    days_named,
    is_transient,
    refusal_of,
    vendor_words,
)

API_VERSION = "2023-06-01"
USER_AGENT = f"scoreboard/{__version__} (+Claude Code adoption on Azure Functions)"
HEADERS = {"anthropic-version": API_VERSION, "User-Agent": USER_AGENT, "Accept": "application/json"}

#: Seconds for each step of one attempt; the deadline shortens them.
TIMEOUTS = httpx.Timeout(connect=10.0, read=30.0, write=10.0, pool=60.0)
MAX_BODY = 64 * 1024 * 1024
MAX_ERROR_BODY = 64 * 1024
ERROR_BODY_SECONDS = 10.0

#: Seconds after the deadline at which connections are shut: whoever can say what was missing does so before.
GRACE = 0.5


class Vendor:
    """The vendor's API as one key sees it, for one run. Threads may share it.

    ``deadline`` is a moment of ``monotonic``: no attempt starts after it, and none waits beyond it; whatever
    still arrives then is hung up on. A
    ``client`` that is passed in stays open; without one a client is made (through ``transport``,
    where given) and closed with this object. ``pace`` holds requests back, of every vendor that shares it.
    ``key_again`` brings the key as it is stored now: it is asked once a key where the vendor refuses that.

    Raises SourceMisconfigured for text that cannot be a key.
    """

    def __init__(
        self,
        base_url: str,
        key: str,
        *,
        deadline: float,
        kind: KeyKind = ADMIN_KEY,
        pace: Pace | None = None,
        key_again: Callable[[], str] | None = None,
        client: httpx.Client | None = None,
        transport: httpx.BaseTransport | None = None,
        timeouts: httpx.Timeout = TIMEOUTS,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        rng: Callable[[], float] = random.random,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._kind = kind
        self._key = usable_key(key, kind)
        self._key_again = key_again
        self._pace = pace
        self._deadline = deadline
        self._owns_client = client is None
        self._client = client or _client(self.base_url, transport)
        self._timeouts = timeouts
        self._sleep = sleep
        self._monotonic = monotonic
        self._rng = rng
        self._now = now
        self._lock = threading.Lock()
        self._renewing = threading.Lock()
        self._not_before = float("-inf")
        self._requests = 0
        self._renewals = 0
        self._hang_up = HangUp(lambda: deadline - monotonic() + GRACE)

    def __repr__(self) -> str:
        return f"Vendor({self.base_url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hang_up.cancel()
        if self._owns_client:
            self._client.close()

    @property
    def looks_like(self) -> KeyKind:
        """The kind of key that this one's beginning suggests."""
        return looks_like(self._key, self._kind)

    @property
    def requests(self) -> int:
        """How many requests were sent, repeated ones included."""
        with self._lock:
            return self._requests

    @property
    def renewals(self) -> int:
        """How often another key took a refused one's place."""
        return self._renewals

    def get(self, path: str, params: Mapping[str, str | int] | None = None) -> bytes:
        """The body of one 200: whole, at most ``MAX_BODY`` bytes, and JSON.

        Raises SourceMisconfigured, SourceLocked or ContractBroken as ``refusals`` says;
        ContractBroken for a redirect, for what is not JSON and for too much of it; SourceUnavailable
        once patience has ended; OutOfTime where the deadline comes first.
        """
        started = self._monotonic()

        def enough(state: RetryCallState) -> bool:
            return _fault(state).outlasts_patience(state.attempt_number, self._monotonic() - started)

        retrying = Retrying(
            retry=retry_if_exception_type(Fault),
            stop=enough,
            wait=self._pause,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return retrying(self._attempt, path, params or {})
        except Fault as fault:
            last = fault
        attempts = retrying.statistics["attempt_number"]
        action = NEXT_RUN if last.becomes is SourceUnavailable else REPORT
        raise last.becomes(f"{last}; gave up after {attempts} attempts", status=last.status, action=action)

    # --- one attempt ---------------------------------------------------------------------------

    def _attempt(self, path: str, params: Mapping[str, str | int]) -> bytes:
        key = self._key
        response, body = self._in_turn(path, params, key)
        if response.status_code == 401 and (newer := self._newer_than(key)) is not None:
            response, body = self._in_turn(path, params, newer)
        if response.status_code != 200:
            self._refuse(path, response, body)
        return _json(path, response, body)

    def _newer_than(self, key: str) -> str | None:
        """The key in the refused one's place, where it was rotated since it was read; else None."""
        with self._renewing:
            if self._key == key and self._key_again is not None:
                again, self._key_again = self._key_again, None
                with suppress(SourceError):  # what the vendor says is the better account
                    newer = usable_key(again(), self._kind)
                    if newer != key:
                        self._renewals += 1  # first: who gets an answer with it must see that
                        self._key, self._key_again = newer, again
            return self._key if self._key != key else None

    def _in_turn(self, path: str, params: Mapping[str, str | int], key: str) -> tuple[httpx.Response, bytes]:
        """One request, when its turn has come."""
        self._await_turn(path)
        try:
            return self._send(path, params, key)
        except httpx.HTTPError as error:
            raise Fault(f"GET {path}: {_kind(error)}") from None
        except httpx.InvalidURL:  # the client reads where a redirect leads, though it does not go there
            raise ContractBroken(f"GET {path}: a redirect to nowhere", action=CHECK_THE_WAY) from None
        finally:
            if self._pace is not None:
                self._pace.answered(self._monotonic())

    def _send(self, path: str, params: Mapping[str, str | int], key: str) -> tuple[httpx.Response, bytes]:
        with self._lock:
            self._requests += 1
        with self._client.stream(
            "GET",
            self.base_url + path,
            params=dict(params),
            headers={**HEADERS, "x-api-key": key},
            timeout=self._timeouts_left(),
            extensions={"trace": self._hang_up.trace},
            follow_redirects=False,
        ) as response:
            if response.status_code == 200:
                return response, self._body(path, response)
            return response, self._error_body(response)

    def _timeouts_left(self) -> httpx.Timeout:
        left = max(self._deadline - self._monotonic(), 0.001)
        steps = self._timeouts.as_dict().items()
        return httpx.Timeout(**{step: min(left if most is None else most, left) for step, most in steps})

    def _body(self, path: str, response: httpx.Response) -> bytes:
        """Read the body in pieces: a huge one is refused before it fills the memory."""
        announced = response.headers.get("content-length", "")
        body = bytearray()
        if not (announced.isdecimal() and int(announced) > MAX_BODY):
            for piece in response.iter_bytes():
                body += piece
                if len(body) > MAX_BODY:
                    break
                if self._monotonic() >= self._deadline:
                    raise _out_of_time(f"GET {path}: the answer was still arriving")
            else:
                return bytes(body)
        raise ContractBroken(f"GET {path}: 200 with more than {MAX_BODY} bytes", status=200, action=REPORT)

    def _error_body(self, response: httpx.Response) -> bytes:
        """The beginning of a refusal's body; the status counts even where its body does not arrive."""
        body = bytearray()
        until = self._monotonic() + ERROR_BODY_SECONDS
        with suppress(httpx.HTTPError):
            for piece in response.iter_bytes():
                body += piece
                if len(body) > MAX_ERROR_BODY or self._monotonic() >= until:
                    break
        return bytes(body)

    def _refuse(self, path: str, response: httpx.Response, body: bytes) -> NoReturn:
        """Raise what an answer other than 200 means."""
        status, headers = response.status_code, response.headers
        what = f"GET {path}: {status}{vendor_words(body, headers.get('request-id', ''))}"
        if is_transient(status):
            if headers.get("x-should-retry", "").strip().lower() == "false":
                what = f"{what}, and not to be asked again now"
                raise SourceUnavailable(what, status=status, action=NEXT_RUN)
            retry_after = retry_after_seconds(headers.get("retry-after", ""), self._now())
            raise Fault(what, status=status, retry_after=retry_after)
        refusal = refusal_of(status, is_json=_is_json(response), kind=self._kind)
        hint = kind_hint(self._key, self._kind) if status in {401, 403} else ""
        action = f"{refusal.action} {hint}" if hint else refusal.action
        error = refusal.raises(f"{what}: {refusal.meaning}", status=status, action=action)
        if isinstance(error, ContractBroken):
            error.days = days_named(body)
        raise error

    # --- between two attempts ------------------------------------------------------------------

    def _pause(self, state: RetryCallState) -> float:
        """Seconds until the next attempt; raises OutOfTime rather than wait in vain."""
        fault = _fault(state)
        now = self._monotonic()
        pause = fault.pause(state.attempt_number, self._rng)
        if fault.retry_after is not None:
            with self._lock:  # the limit is the key's, so the other threads hold back as well
                self._not_before = max(self._not_before, now + fault.retry_after)
        if now + pause >= self._deadline:
            raise _out_of_time(str(fault), fault.status)
        return pause

    def _await_turn(self, path: str) -> None:
        """Wait for the moment that the vendor named to any thread, and for a place in the minute."""
        while True:
            now = self._monotonic()
            with self._lock:
                turn = self._not_before
            if max(now, turn) >= self._deadline:
                raise _out_of_time(f"GET {path}: not sent")
            if turn > now:
                self._sleep(turn - now + self._rng() * SPREAD)
                continue
            pause = self._pace.wait(now) if self._pace is not None else 0.0
            if not pause:
                return
            if now + pause >= self._deadline:
                raise _out_of_time(f"GET {path}: not sent, because the vendor's limit a minute is used up")
            self._sleep(pause)


def _client(base_url: str, transport: httpx.BaseTransport | None) -> httpx.Client:
    # Proxies of the environment apply, except to this machine's own loopback.
    is_outside = httpx.URL(base_url).host not in LOOPBACK_HOSTS
    return httpx.Client(transport=transport, trust_env=is_outside, verify=_authorities(is_outside))


@cache
def _authorities(trust_env: bool) -> ssl.SSLContext:
    """Who vouches for a vendor, read once a process: to read them takes longer than a request does."""
    return httpx.create_ssl_context(trust_env=trust_env)


def _fault(state: RetryCallState) -> Fault:
    error = state.outcome.exception() if state.outcome else None
    if not isinstance(error, Fault):
        raise TypeError("only a fault is tried again")
    return error


def _out_of_time(what: str, status: int | None = None) -> OutOfTime:
    return OutOfTime(
        f"{what}; the run's deadline comes first",
        status=status,
        action="Nothing: the next run goes on from here.",
    )


def _kind(error: httpx.HTTPError) -> str:
    """The kind of a network error and of its root; their texts stay out of messages."""
    root: BaseException = error
    while (inner := root.__cause__ or root.__context__) is not None:
        root = inner
    return " from ".join(dict.fromkeys((type(error).__name__, type(root).__name__)))


def _is_json(response: httpx.Response) -> bool:
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return re.fullmatch(r"application/([\w.-]+\+)?json", kind) is not None


def _json(path: str, response: httpx.Response, body: bytes) -> bytes:
    """The body, once it is known to be one whole JSON value.

    Where no length was announced, a body that was cut ends cleanly: half a value is a transport
    fault, and so is asked for again.
    """
    if not _is_json(response):
        found = "HTML" if "html" in response.headers.get("content-type", "").lower() else "another content"
        raise ContractBroken(
            f"GET {path}: 200 with {found}, expected JSON", status=200, action=f"{REPORT} {CHECK_THE_WAY}"
        )
    try:
        msgspec.json.decode(body, type=msgspec.Raw)
    except msgspec.DecodeError as error:
        cut = "truncated" in str(error) or not body.rstrip().endswith(b"}")  # it may end inside a number
        raise Fault(
            f"GET {path}: 200 with {'a body that ends early' if cut else 'a body that is no JSON'}",
            status=200,
            becomes=SourceUnavailable if cut else ContractBroken,
        ) from None
    except RecursionError:
        raise ContractBroken(
            f"GET {path}: 200 with JSON nested too deep", status=200, action=REPORT
        ) from None
    return body
