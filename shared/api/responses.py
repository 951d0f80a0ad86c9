"""Requests and responses as this app sees them, and how a value becomes a representation.

The doors in ``function_app.py`` translate between these and azure-functions' own types, so that
everything behind a door runs without the runtime.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

JSON = "application/json"

#: A browser may show what it has for a minute; then it asks, and mostly hears 304.
CACHED = "private, max-age=60, must-revalidate"
UNCACHED = "no-store"

#: Who asks decides what is answered, and a client says who it is in one of these. The platform's
#: X-MS-CLIENT-PRINCIPAL is no request header of the client, so a private cache could not vary on it.
VARY = "Authorization, Cookie"

_ALWAYS = {"X-Content-Type-Options": "nosniff"}
_OPAQUE_TAG = re.compile(r'"[\x21\x23-\x7e\x80-\xff]*"')
_ENCODER = msgspec.json.Encoder(decimal_format="number", order="deterministic")


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked. ``params`` is the decoded query; ``headers`` may come in any case."""

    method: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def header(self, name: str) -> str:
        """The header of that name in any case, several joined by commas (RFC 9110, 5.3); "" if none."""
        return ", ".join(value for key, value in self.headers.items() if key.lower() == name.lower())


@dataclass(frozen=True, slots=True)
class Response:
    """What the client gets."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


def json_bytes(value: object) -> bytes:
    """The one JSON form of a value: structs in their own names, Decimals as numbers, keys of dicts sorted.

    Datetimes must be UTC (they end in ``Z``) and Decimals finite: JSON has no NaN.
    """
    return _ENCODER.encode(value)


def entity_tag(body: bytes, content_type: str) -> str:
    """The strong tag of exactly these bytes of this type: what differs in a byte differs in its tag.

    Role, format and trust decide the bytes, so they need no place of their own in the tag.
    """
    digest = hashlib.sha256(content_type.encode() + b"\n" + body).hexdigest()
    return f'"{digest[:32]}"'


def json_response(value: object, request: Request) -> Response:
    """200 with the value as JSON, or 304 where the client has exactly that already."""
    return data_response(json_bytes(value), request, content_type=JSON)


def data_response(
    body: bytes, request: Request, *, content_type: str, headers: Mapping[str, str] | None = None
) -> Response:
    """200 with these bytes, or 304 where the client has exactly those; kept privately for a minute."""
    tag = entity_tag(body, content_type)
    about = {**_ALWAYS, "Cache-Control": CACHED, "ETag": tag, "Vary": VARY}
    if request.method == "GET" and _matches(request.header("If-None-Match"), tag):
        return Response(304, about)
    return Response(200, {**about, "Content-Type": content_type, **(headers or {})}, body)


def uncached_response(
    value: object,
    *,
    status: int = 200,
    content_type: str = JSON,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The value as JSON, kept by nobody: problems, liveness, and whatever carries names."""
    about = {**_ALWAYS, "Cache-Control": UNCACHED, "Content-Type": content_type, **(headers or {})}
    return Response(status, about, json_bytes(value))


def _matches(if_none_match: str, tag: str) -> bool:
    """Weak comparison, as If-None-Match wants it (RFC 9110, 8.8.3.2): ``W/`` before a tag does not matter."""
    return if_none_match.strip() == "*" or tag in _OPAQUE_TAG.findall(if_none_match)
