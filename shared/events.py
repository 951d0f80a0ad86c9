"""What the app says while it works: one JSON object a log line, with a stable event name.

The Python worker drops ``extra=`` of log records, so the object is the message itself. No address, no
key and no name of a file goes into an event: ids, numbers, dates and our own sentences do.
"""

from __future__ import annotations

import logging

import msgspec

_log = logging.getLogger("scoreboard")
_encoder = msgspec.json.Encoder(decimal_format="number", order="deterministic")


def emit(event: str, *, level: int = logging.INFO, **about: object) -> None:
    """Say that something happened. ``about`` is whatever msgspec can encode."""
    _log.log(level, _encoder.encode({"event": event, **about}).decode())


def quiet_libraries() -> None:
    """Let the libraries speak of trouble only: by default they log every request's URL."""
    for name in ("httpx", "httpcore", "azure"):
        logging.getLogger(name).setLevel(logging.WARNING)
