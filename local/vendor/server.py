"""The sockets: an HTTP/1.1 server on loopback that can also cut, reset and keep silent."""

from __future__ import annotations

import select
import socket
import struct
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from local.vendor.misbehaviour import Delivery

LOOPBACK = "127.0.0.1"
GONE_CHECK_SECONDS = 0.05  # how often a hanging answer looks whether its client is gone

Deliver = Callable[[str, str, dict[str, str], bytes], Delivery]
"""From method, target, headers and body to what is sent."""


class LoopbackServer(ThreadingHTTPServer):
    """Serves `deliver`. Stopping it closes every connection, the hanging ones too."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, port: int, deliver: Deliver) -> None:
        self.deliver = deliver
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._serving: list[threading.Thread] = []
        self._lock = threading.Lock()
        super().__init__((LOOPBACK, port), LoopbackHandler)

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return f"http://{LOOPBACK}:{self.server_address[1]}"

    def process_request(self, request: Any, client_address: Any) -> None:
        """One thread a connection; they are joined when the server stops."""
        thread = threading.Thread(
            target=self.process_request_thread, args=(request, client_address), daemon=True
        )
        with self._lock:
            self._open.add(request)
            self._serving = [serving for serving in self._serving if serving.is_alive()]
            self._serving.append(thread)
            thread.start()

    def shutdown_request(self, request: Any) -> None:
        """The connection is over."""
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print what went wrong, unless it is only a client that went away in the middle."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def server_close(self) -> None:
        """Stop listening, end every connection and wait for their threads."""
        self.stopping.set()
        super().server_close()
        with self._lock:
            waiting, connections = list(self._serving), list(self._open)
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it ended by itself in between
        for thread in waiting:
            thread.join()


class LoopbackHandler(BaseHTTPRequestHandler):
    """One connection: reads requests, sends deliveries."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: LoopbackServer

    def do_GET(self) -> None:
        """Answer a request without a body."""
        self._serve()

    def do_POST(self) -> None:
        """Answer a request with a body."""
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed: the vendor keeps its own log of requests."""

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        delivery = self.server.deliver(self.command, self.path, dict(self.headers.items()), body)
        if delivery.manner == "hang":
            self._hang()
        elif delivery.manner == "reset":
            self._reset()
        else:
            self._send(delivery)

    def _send(self, delivery: Delivery) -> None:
        """Head and body in one write, so that no packet waits for another's acknowledgement."""
        answer = delivery.answer
        fields = {"content-length": str(len(answer.body)), **answer.headers}
        lines = [
            f"HTTP/1.1 {answer.status} Simulated",
            *(f"{name}: {value}" for name, value in fields.items()),
        ]
        head = "\r\n".join([*lines, "", ""]).encode()
        cut = delivery.manner == "cut"
        self.wfile.write(head + (answer.body[: len(answer.body) // 2] if cut else answer.body))
        if cut:
            self.close_connection = True

    def _hang(self) -> None:
        """Wait, without an answer, for the client to go or the server to stop."""
        self.close_connection = True
        while not self.server.stopping.is_set():
            readable, _, _ = select.select([self.connection], [], [], GONE_CHECK_SECONDS)
            if readable:
                return

    def _reset(self) -> None:
        """Close with RST: lingering for zero seconds throws the connection away."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.rfile.close()
        self.connection.close()
