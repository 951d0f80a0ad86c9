"""A proxy in front of Azurite that answers for it now and then, or keeps its answer back.

What it does wrong is what Azure's storage, or the way to it, does: refusals in the services' own words, a
connection that is reset before a request arrives, and one that is lost after it was carried out.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Self

import urllib3

from local.vendor.exchange import Answer
from local.vendor.misbehaviour import Delivery
from local.vendor.server import LoopbackHandler, LoopbackServer

Service = Literal["blob", "queue", "table"]

_ENDPOINT = re.compile(r"(Blob|Queue|Table)Endpoint=http://127\.0\.0\.1:(\d+)/")
_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to storage. ``conditional``: it is to be carried out only where a row is as it was read."""

    service: Service
    method: str
    path: str
    conditional: bool

    @property
    def writes(self) -> bool:
        return self.method not in ("GET", "HEAD")


@dataclass(slots=True)
class Trouble:
    """What happens to every ``every``-th of the requests that it concerns.

    ``status`` 0 is no answer: ``after`` the request was carried out, or before it arrived. ``body``: bytes
    of somebody in between, not the service's own. ``retry_after``: more than 0 would be slept through.
    """

    status: int = 0
    code: str = ""
    after: bool = False
    every: int = 1
    concerns: Callable[[Asked], bool] = lambda _: True
    body: bytes | None = None
    retry_after: str = "0"
    met: int = field(default=0, init=False)

    def strikes(self, asked: Asked) -> bool:
        if not self.concerns(asked):
            return False
        self.met += 1
        return self.met % self.every == 0


class StorageProxy:
    """Carries requests to the account of a connection string, while the ``with`` block lasts."""

    def __init__(self, connection: str) -> None:
        self.trouble: Trouble | None = None
        self.asked: list[Asked] = []
        self._lock = threading.Lock()
        self._servers: list[_Server] = []
        self._threads: list[threading.Thread] = []
        self._pools: list[urllib3.HTTPConnectionPool] = []
        self.connection = _ENDPOINT.sub(self._endpoint, connection)

    def heal(self) -> None:
        self.trouble = None

    def __enter__(self) -> Self:
        for server in self._servers:
            thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
            thread.start()
            self._threads.append(thread)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server, thread in zip(self._servers, self._threads, strict=True):
            server.shutdown()
            server.server_close()
            thread.join()
        for pool in self._pools:
            pool.close()

    def _endpoint(self, found: re.Match[str]) -> str:
        service: Service = found[1].lower()  # type: ignore[assignment]  # the expression names these three
        pool = urllib3.HTTPConnectionPool("127.0.0.1", int(found[2]), maxsize=32, retries=False)
        server = _Server(
            lambda method, target, headers, body: self._deliver(service, pool, method, target, headers, body)
        )
        self._pools.append(pool)
        self._servers.append(server)
        return f"{found[1]}Endpoint={server.url}/"

    def _deliver(
        self,
        service: Service,
        pool: urllib3.HTTPConnectionPool,
        method: str,
        target: str,
        headers: dict[str, str],
        body: bytes,
    ) -> Delivery:
        conditional = any(name.lower() == "if-match" and value != "*" for name, value in headers.items())
        asked = Asked(service, method, target.partition("?")[0], conditional)
        with self._lock:
            self.asked.append(asked)
            trouble = self.trouble if self.trouble is not None and self.trouble.strikes(asked) else None
        if trouble is not None and not trouble.after:
            if not trouble.status:
                return Delivery(Answer(0, b""), "reset")
            return Delivery(_refusal(service, trouble))
        answer = pool.urlopen(
            method, target, body or None, headers, redirect=False, decode_content=False, preload_content=True
        )
        if trouble is not None:
            return Delivery(Answer(0, b""), "reset")
        headers = {name.lower(): value for name, value in answer.headers.items()}
        kept = {name: value for name, value in headers.items() if name not in _HOP_BY_HOP}
        return Delivery(Answer(answer.status, answer.data, kept))


def _refusal(service: Service, trouble: Trouble) -> Answer:
    """In the service's own form, with its own code; throttling says when to come again."""
    if trouble.body is not None:
        return Answer(trouble.status, trouble.body, {"content-type": "application/json"})
    if service == "table":
        said = {"odata.error": {"code": trouble.code, "message": {"lang": "en-US", "value": "Simulated."}}}
        body, kind = json.dumps(said).encode(), "application/json"
    else:
        xml = f"<?xml version='1.0'?><Error><Code>{trouble.code}</Code><Message>Simulated.</Message></Error>"
        body, kind = xml.encode(), "application/xml"
    headers = {"content-type": kind, "x-ms-error-code": trouble.code}
    if trouble.status in (429, 503):
        headers["Retry-After"] = trouble.retry_after
    return Answer(trouble.status, body, headers)


class _Handler(LoopbackHandler):
    """The methods of storage, beside a reader's."""


for _method in ("PUT", "DELETE", "PATCH", "HEAD"):
    setattr(_Handler, f"do_{_method}", LoopbackHandler.do_GET)


class _Server(LoopbackServer):
    def __init__(self, deliver: Callable[[str, str, dict[str, str], bytes], Delivery]) -> None:
        super().__init__(0, deliver)
        self.RequestHandlerClass = _Handler
