"""What the app says while it works: one JSON object a log line, with a stable event name.

The Python worker drops ``extra=`` of log records, so the object is the message itself. No address, no
key and no name of a file goes into an event: ids, numbers, dates and our own sentences do.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

import msgspec

_log = logging.getLogger("scoreboard")
_encoder = msgspec.json.Encoder(decimal_format="number", order="deterministic")

#: What every event says that is emitted here and now, beside what is its own.
_said_by_all: ContextVar[Mapping[str, str]] = ContextVar("said_by_all", default={})  # noqa: B039  # read only

T = TypeVar("T")


def emit(event: str, *, level: int = logging.INFO, **about: object) -> None:
    """Say that something happened. ``about`` is whatever msgspec can encode."""
    _log.log(level, _encoder.encode({"event": event, **_said_by_all.get(), **about}).decode())


@contextmanager
def saying(**of_all: str) -> Iterator[None]:
    """Have every event within say this, too, but for what is empty. A thread says it if it is given a copy of
    the context."""
    said = _said_by_all.set({**_said_by_all.get(), **{name: text for name, text in of_all.items() if text}})
    try:
        yield
    finally:
        _said_by_all.reset(said)


def correlation_id() -> str:
    """The id of the invocation that the work here and now goes back to; empty outside of any."""
    return _said_by_all.get().get("correlationId", "")


def invoked(invocation_id: str, work: Callable[[], T]) -> T:
    """Do an invocation's work; whatever it says carries the invocation's id."""
    with saying(correlationId=invocation_id):
        return work()


@contextmanager
def on_behalf_of(cause: str) -> Iterator[None]:
    """Have every event within say that it goes back to the invocation ``cause``, and which one says it."""
    with saying(**{"correlationId": cause, "invocationId": correlation_id()} if cause else {}):
        yield


#: What tells each request with its URL, or each answer with its headers. A dropped file's name stands in a
#: URL and may be an address, so these say nothing, at whatever level an operator wants the others to speak.
_TELLING = (
    "azure.core.pipeline.policies.http_logging_policy",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.proxy",
    "httpx",
    "urllib3.connectionpool",
)


def quiet_libraries() -> None:
    """Let the libraries speak of trouble only: by default they log every request's URL."""
    for name in ("httpx", "httpcore", "azure", "urllib3"):
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in _TELLING:
        logging.getLogger(name).disabled = True
