"""Hangs up on whoever keeps a question open beyond the run's deadline.

Each read of an answer has its own time-out, so a peer that sends a byte now and then meets none: not within
endless headers, nor in a body that never ends. At one moment all connections of a run are shut instead, and
whoever reads from one finds it closed.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any
from weakref import WeakSet

#: Where the client tells of a connection that was made; with TLS there are two of them, one over the other.
_MADE = ("connect_tcp.complete", "start_tls.complete")


class HangUp:
    """Shuts the connections of one client once no seconds are left, unless it is cancelled before.

    ``seconds_left`` is asked when the first connection is made.
    """

    def __init__(self, seconds_left: Callable[[], float]) -> None:
        self._seconds_left = seconds_left
        self._sockets = WeakSet[socket.socket]()
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._is_over = False

    def trace(self, event: str, about: Mapping[str, Any]) -> None:
        """What the client's requests are to be given as their extension ``trace``."""
        if event.endswith(_MADE):
            made = about["return_value"].get_extra_info("socket")
            with self._lock:
                self._sockets.add(made)
                if self._is_over:
                    _shut(made)
                elif self._timer is None:
                    self._timer = self._begin()

    def cancel(self) -> None:
        """Leave the connections alone."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()

    def _begin(self) -> threading.Timer:
        timer = threading.Timer(min(max(self._seconds_left(), 0.0), threading.TIMEOUT_MAX), self._shut)
        timer.daemon = True
        timer.start()
        return timer

    def _shut(self) -> None:
        with self._lock:
            self._is_over = True
            for one in list(self._sockets):
                _shut(one)


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):  # it is closed already
        # Of a TLS socket, too, the one below: its own method would take the state away from who reads.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
