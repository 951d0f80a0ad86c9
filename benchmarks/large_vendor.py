"""``python -m benchmarks.large_vendor``: a vendor of any number of engineers, whose days are pages made once.

The simulated vendor draws each engineer's day; at ten thousand of them that would be what is measured. Here
every working day has the same rows but for its date, and weekends have none.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from benchmarks.team import SHARE_A_DAY
from local.vendor.world import ACME

ROWS_A_PAGE = 1000
DAY = "2026-01-01"


class Pages:
    """What is answered, by path and cursor, with ``DAY`` in the place of the day that is asked for."""

    def __init__(self, engineers: int) -> None:
        addresses = [f"engineer{number}@quux.example" for number in range(engineers)]
        users: list[dict[str, object]] = [
            {"id": f"user_{number}", "email": address, "name": address, "role": "user", "type": "user"}
            for number, address in enumerate(addresses)
        ]
        active = addresses[: int(engineers * SHARE_A_DAY)]
        self._report = list(_paged([_row(number, who) for number, who in enumerate(active)], "next_page"))
        self._users = list(_paged(users, "last_id"))

    def answer(self, url: str) -> bytes:
        """The body for a question."""
        asked = urlsplit(url)
        query = {name: values[0] for name, values in parse_qs(asked.query).items()}
        if asked.path.endswith("/me"):
            return json.dumps({"id": ACME.id, "name": ACME.name, "type": "organization"}).encode()
        if asked.path.endswith("/api_keys"):
            return b'{"data":[],"has_more":false}'
        if asked.path.endswith("/users"):
            return self._users[int(query.get("after_id", "0"))]
        day = query["starting_at"]
        if date.fromisoformat(day).weekday() >= 5:
            return b'{"data":[],"has_more":false}'
        return self._report[int(query.get("page", "0"))].replace(DAY.encode(), day.encode())


def _paged(rows: list[dict[str, object]], cursor: str) -> Iterator[bytes]:
    for at in range(0, len(rows), ROWS_A_PAGE):
        more = at + ROWS_A_PAGE < len(rows)
        page = {"data": rows[at : at + ROWS_A_PAGE], "has_more": more, cursor: str(at // ROWS_A_PAGE + 1)}
        yield json.dumps(page).encode()


def _row(number: int, address: str) -> dict[str, object]:
    lines = number * 7 % 400
    return {
        "date": DAY,
        "organization_id": ACME.id,
        "actor": {"type": "user_actor", "email_address": address},
        "customer_type": "api" if number % 4 == 0 else "subscription",
        "terminal_type": "vscode",
        "core_metrics": {
            "num_sessions": 1 + lines % 3,
            "lines_of_code": {"added": lines, "removed": lines // 4},
            "commits_by_claude_code": lines // 80,
            "pull_requests_by_claude_code": lines // 250,
        },
        "tool_actions": {"edit_tool": {"accepted": lines // 25, "rejected": lines // 90}},
        "model_breakdown": [
            {
                "model": "claude-opus-4-8",
                "tokens": {"input": 4_000, "output": lines * 170, "cache_read": 90_000, "cache_creation": 0},
                "estimated_cost": {"amount": lines * 137, "currency": "USD"},
            }
        ],
    }


def main() -> None:
    """Answer until nobody listens any more."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engineers", type=int, required=True)
    parser.add_argument("--latency-ms", type=float, default=0)
    told = parser.parse_args()
    pages = Pages(told.engineers)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            time.sleep(told.latency_ms / 1000)
            body = pages.answer(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
