"""A request as the vendor reads it and an answer as the vendor means it, before any socket."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

from local.vendor.problems import Refusal

Document = dict[str, object]


@dataclass(frozen=True, slots=True)
class Request:
    """A request. `headers` have lower-case names; `query` keeps what was sent, in its order."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    moment: datetime
    body: bytes = b""

    @classmethod
    def read(
        cls, method: str, target: str, headers: Mapping[str, str], moment: datetime, body: bytes = b""
    ) -> Request:
        """The request for that target, a path with an optional query."""
        parts = urlsplit(target)
        query = tuple(parse_qsl(parts.query, keep_blank_values=True))
        lowered = {name.lower(): value for name, value in headers.items()}
        return cls(method, parts.path, query, lowered, moment, body)

    def parameter(self, name: str) -> str | None:
        """The value of a query parameter, None where it was not sent."""
        return dict(self.query).get(name)

    def accept_only(self, names: Sequence[str]) -> None:
        """Refuse a parameter that is none of these, and one that comes twice."""
        sent = [name for name, _ in self.query]
        for name in sent:
            if name not in names:
                raise Refusal(400, f"{name}: Extra inputs are not permitted")
            if sent.count(name) > 1:
                raise Refusal(400, f"{name}: given more than once")

    def limit(self, default: int = 20) -> int:
        """The page size: 20 unless told or another default, at most 1,000 (contract sections 1 to 3)."""
        sent = self.parameter("limit")
        if sent is None:
            return default
        if not (sent.isascii() and sent.isdigit() and 1 <= int(sent) <= 1_000):
            raise Refusal(400, "limit: Input should be a whole number from 1 to 1000")
        return int(sent)


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: a status, headers and the bytes of a body."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, document: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
        """An answer whose body is that document as JSON."""
        body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        return cls(status, body, {"content-type": "application/json", **(headers or {})})

    @classmethod
    def refusal(cls, refusal: Refusal, request_id: str) -> Answer:
        """The answer that says so."""
        headers = {"request-id": request_id, **refusal.headers}
        return cls.of(refusal.document(request_id), refusal.status, headers)
