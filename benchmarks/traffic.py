"""What goes to storage and comes back, counted at the transport: retries count too."""

from __future__ import annotations

from collections import Counter
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

from azure.core.pipeline.transport import RequestsTransport

from local.azurite import Ports

READS = frozenset({"GET", "HEAD"})


class Traffic(RequestsTransport):  # type: ignore[misc]  # azure.core makes the name only when asked for it
    """A transport for every client of one ``Storage``; a transaction of a table is one request."""

    def __init__(self, ports: Ports) -> None:
        super().__init__(connection_timeout=5, read_timeout=20)
        self._services = {ports.table: "table", ports.blob: "blob", ports.queue: "queue"}
        self._lock = Lock()
        self.requests: Counter[tuple[str, str]] = Counter()
        self.received = 0
        self.sent = 0

    def send(self, request: Any, **kwargs: Any) -> Any:
        """Send the request, and count it under its service, as a read or a write."""
        response = super().send(request, **kwargs)
        service = self._services[urlsplit(request.url).port or 0]
        with self._lock:
            self.requests[service, "read" if request.method in READS else "write"] += 1
            self.sent += len(request.data) if isinstance(request.data, str | bytes) else 0
            if not kwargs.get("stream"):
                self.received += len(response.body())
        return response

    def clear(self) -> None:
        """Begin again at nothing."""
        self.requests.clear()
        self.received = self.sent = 0

    def bytes_in_words(self) -> str:
        """``63 KiB in, 8 KiB out``: bodies of answers and of requests; a blob's content comes piece by piece
        and is not counted."""
        return f"{self.received / 1024:.0f} KiB in, {self.sent / 1024:.0f} KiB out"

    def in_words(self) -> str:
        """``tables 12 + 3, blobs 0 + 1``: reads + writes of each service that was asked."""
        told = [
            f"{service}s {self.requests[service, 'read']} + {self.requests[service, 'write']}"
            for service in self._services.values()
            if self.requests[service, "read"] or self.requests[service, "write"]
        ]
        return ", ".join(told) or "none"
