"""What the tests of sources share: a clock that only waiting moves, and rows as the contract has them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from shared.sources.vendor import Vendor

BASE_URL = "https://vendor.test"
KEY = "sk-ant-admin01-never-be-seen"
ORGANIZATION = "5b1f7a52-3a0e-4c47-9d0b-7d1f0e6f8a11"
ELSEWHERE = "c2d90e4e-8f5b-4b7e-a1a6-3f0b9d7c2e55"
START = datetime(2026, 11, 9, 12, tzinfo=UTC)

Handler = Callable[[httpx.Request], httpx.Response]


class Clock:
    """Time that passes only where somebody waits; it remembers each wait."""

    def __init__(self) -> None:
        self.waits: list[float] = []
        self._lock = threading.Lock()

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.waits.append(seconds)

    def monotonic(self) -> float:
        with self._lock:
            return sum(self.waits)

    def now(self) -> datetime:
        return START + timedelta(seconds=self.monotonic())


def vendor(
    handler: Handler | None = None,
    *,
    clock: Clock | None = None,
    base_url: str = BASE_URL,
    key: str = KEY,
    seconds: float = 600,
    draw: float = 0.5,
    read_timeout: float = 5.0,
) -> Vendor:
    """A vendor whose answers come from ``handler`` (or a real socket), on a clock that nobody waits for."""
    clock = clock or Clock()
    return Vendor(
        base_url,
        key,
        deadline=clock.monotonic() + seconds,
        transport=httpx.MockTransport(handler) if handler else None,
        timeouts=httpx.Timeout(read_timeout),
        sleep=clock.sleep,
        monotonic=clock.monotonic,
        rng=lambda: draw,
        now=clock.now,
    )


def in_turn(*answers: httpx.Response | Exception) -> Handler:
    """A handler that gives one answer after the other, and the last one for ever."""
    left = list(answers)

    def handler(_request: httpx.Request) -> httpx.Response:
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    return handler


def row(**changes: Any) -> dict[str, Any]:
    """One row of 9 November 2026, whole; ``changes`` replace its fields."""
    return {
        "date": "2026-11-09",
        "organization_id": ORGANIZATION,
        "actor": {"type": "user_actor", "email_address": "ana@example.com"},
        "customer_type": "api",
        "core_metrics": {
            "num_sessions": 2,
            "lines_of_code": {"added": 120, "removed": 30},
            "commits_by_claude_code": 3,
            "pull_requests_by_claude_code": 1,
        },
        "tool_actions": {"edit_tool": {"accepted": 5, "rejected": 2}},
        "model_breakdown": [
            {
                "model": "claude-opus-4-8",
                "tokens": {"input": 100, "output": 20, "cache_read": 7, "cache_creation": 3},
                "estimated_cost": {"amount": 186, "currency": "USD"},
            }
        ],
        **changes,
    }


def page(*rows: Any, has_more: bool = False, **changes: Any) -> bytes:
    """One page with those rows."""
    return json.dumps({"data": list(rows), "has_more": has_more, **changes}).encode()


def error_of(status: int, kind: str, **headers: str) -> httpx.Response:
    """The vendor's own error, whose message names what no message of ours may repeat."""
    message = f"refused for {KEY} of ana@example.com"
    body = {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_011abc"}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json=body, headers=named)
