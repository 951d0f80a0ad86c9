"""The simulated vendor: a world, a clock, a log and a server; in-process or for a program of its own."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from types import TracebackType

from local.vendor import control
from local.vendor.endpoints import Endpoints
from local.vendor.exchange import Answer, Document, Request
from local.vendor.misbehaviour import Delivery, Misbehaviour
from local.vendor.organization import stamp
from local.vendor.problems import Refusal
from local.vendor.server import LoopbackServer
from local.vendor.world import World
from local.vendor.worlds import DEFAULT_WORLD, build_world

Clock = Callable[[], datetime]
KEY = re.compile(r"sk-ant-[\w-]*")


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request as it was answered. `status` is None where no answer was sent; a key is never in it."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    status: int | None
    moment: datetime
    user_agent: str | None

    def parameter(self, name: str) -> str | None:
        """The value of a query parameter, None where it was not sent."""
        return dict(self.query).get(name)

    def document(self) -> Document:
        """The entry as JSON."""
        return {
            "method": self.method,
            "path": self.path,
            "query": dict(self.query),
            "status": self.status,
            "moment": stamp(self.moment),
            "userAgent": self.user_agent,
        }


class SimulatedVendor:
    """Serves one world on a loopback port while the `with` block lasts.

    `now` is a moment, where the clock then stands still, or a function that tells it; the default is the real
    clock. A named world is built as of the clock's day; later the clock may be moved, and past days stay what
    they were. `latency_ms` goes before each answer, and `sleep` (seconds) is how it is waited for.
    """

    def __init__(
        self,
        world: str | World = DEFAULT_WORLD,
        *,
        seed: int = 1,
        now: datetime | Clock | None = None,
        port: int = 0,
        latency_ms: float = 0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock = _clock(now if now is not None else lambda: datetime.now(UTC))
        today = self._clock().date()
        self.world = build_world(world, seed=seed, today=today) if isinstance(world, str) else world
        self._endpoints = Endpoints(self.world)
        self._latency_ms = latency_ms
        self._sleep = sleep
        self._request_ids = count(1)
        self._rules: list[Misbehaviour] = []
        self._log: list[LoggedRequest] = []
        self._lock = threading.Lock()
        self._server = LoopbackServer(port, self._deliver)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> SimulatedVendor:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """The base URL, in place of https://api.anthropic.com."""
        return self._server.url

    @property
    def key(self) -> str:
        """The Admin key that opens this world."""
        return self.world.key

    @property
    def clock(self) -> Clock:
        """What tells the vendor's time, in UTC. Set to a function, or to a moment where it stands still."""
        return self._clock

    @clock.setter
    def clock(self, now: datetime | Clock) -> None:
        self._clock = _clock(now)

    @property
    def requests(self) -> tuple[LoggedRequest, ...]:
        """Every request to the vendor's own paths so far, in the order of their answers."""
        with self._lock:
            return tuple(self._log)

    @property
    def misbehaviours(self) -> tuple[Misbehaviour, ...]:
        """The rules that were given, in their order; the first one that strikes is the one that counts."""
        with self._lock:
            return tuple(self._rules)

    def misbehave(
        self,
        kind: str,
        times: int | None = 1,
        *,
        path: str | None = None,
        day: date | None = None,
        skip: int = 0,
        milliseconds: float = 1_000,
        retry_after: str = "1",
    ) -> None:
        """Misbehave from now on: see `Misbehaviour` for the meaning, `KINDS` for the kinds."""
        self.add_rule(
            Misbehaviour(
                kind,
                times,
                path=path,
                day=day,
                skip=skip,
                milliseconds=milliseconds,
                retry_after=retry_after,
            )
        )

    def add_rule(self, rule: Misbehaviour) -> None:
        """Put a rule in force, after those that are."""
        with self._lock:
            self._rules.append(rule)

    def behave(self) -> None:
        """No misbehaviour any more."""
        with self._lock:
            self._rules.clear()

    def reset(self) -> None:
        """As at the start, but for the clock: no misbehaviour, no restatement, an empty log."""
        self.behave()
        self.world.forget_restatements()
        with self._lock:
            self._log.clear()

    def _deliver(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Delivery:
        request = Request.read(method, target, headers, self._clock(), body)
        if request.path.startswith(control.PREFIX):
            return Delivery(control.answer(self, request))
        good = self._good_answer(request)
        with self._lock:
            rule = next((rule for rule in self._rules if rule.takes(request)), None)
        delivery = rule.deliver(request, good) if rule else Delivery(good)
        waiting = self._latency_ms + delivery.delay_ms
        if waiting:
            self._sleep(waiting / 1_000)
        answered = delivery.manner in ("whole", "cut")
        with self._lock:
            self._log.append(_logged(request, delivery.answer.status if answered else None))
        return delivery

    def _good_answer(self, request: Request) -> Answer:
        request_id = f"req_simulated{next(self._request_ids):06d}"
        try:
            return Answer.of(self._endpoints.document(request), headers={"request-id": request_id})
        except Refusal as refusal:
            return Answer.refusal(refusal, request_id)


def _clock(now: datetime | Clock) -> Clock:
    """A clock in UTC. Raises ValueError for a moment without an offset."""
    if not isinstance(now, datetime):
        return now
    if now.tzinfo is None:
        raise ValueError("now needs a UTC offset")
    moment = now.astimezone(UTC)
    return lambda: moment


def _logged(request: Request, status: int | None) -> LoggedRequest:
    query = tuple((name, KEY.sub("[key]", value)) for name, value in request.query)
    agent = request.headers.get("user-agent")
    return LoggedRequest(request.method, request.path, query, status, request.moment, agent)
