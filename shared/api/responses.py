"""Requests and responses as this app sees them, and how a value becomes a representation.

The doors in ``function_app.py`` translate between these and azure-functions' own types, so that
everything behind a door runs without the runtime.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

JSON = "application/json"

#: A browser may show what it has for a minute; then it asks, and mostly hears 304.
CACHED = "private, max-age=60, must-revalidate"
UNCACHED = "no-store"

#: What is everybody's: the contract. Kept by whoever passes it on, but a new deployment shows at once after.
CACHED_BY_ALL = "public, max-age=300, must-revalidate"

#: Who asks decides what is answered, and a client says who it is in one of these. The platform's
#: X-MS-CLIENT-PRINCIPAL is no request header of the client, so a private cache could not vary on it.
VARY = "Accept-Encoding, Authorization, Cookie"

#: A shorter body fits into the packets that an answer needs anyway.
WORTH_COMPRESSING = 1024

_ALWAYS = {"X-Content-Type-Options": "nosniff"}
_QUALITY = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)
_OPAQUE_TAG = re.compile(r'"[\x21\x23-\x7e\x80-\xff]*"')
_ENCODER = msgspec.json.Encoder(decimal_format="number", order="deterministic")


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked. ``params`` is the decoded query; ``headers`` may come in any case; ``path`` holds
    what a route leaves open."""

    method: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    path: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)

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
    body: bytes,
    request: Request,
    *,
    content_type: str,
    headers: Mapping[str, str] | None = None,
    cached: str = CACHED,
) -> Response:
    """200 with these bytes, or 304 where the client has exactly those; kept privately for a minute.

    A compressed body is another representation, with a tag of its own (RFC 9110, 8.8.3.3).
    """
    whole = Response(200, {"Content-Type": content_type, **(headers or {})}, body)
    sent = compressed(whole, request)
    tag = entity_tag(sent.body, content_type)
    about = {**_ALWAYS, "Cache-Control": cached, "ETag": tag, "Vary": VARY}
    if request.method == "GET" and _matches(request.header("If-None-Match"), tag):
        return Response(304, about)
    return Response(200, {**about, **sent.headers}, sent.body)


def compressed(response: Response, request: Request) -> Response:
    """The response in gzip, where the client takes that and it is worth it: the platform does not do it.

    Not twice, and not under a tag that was made of other bytes.
    """
    has = {"Content-Encoding", "ETag"} & response.headers.keys()
    if has or len(response.body) < WORTH_COMPRESSING or not _takes_gzip(request.header("Accept-Encoding")):
        return response
    return Response(
        response.status,
        {**response.headers, "Content-Encoding": "gzip"},
        zlib.compress(response.body, wbits=31),
    )


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


def _takes_gzip(accept_encoding: str) -> bool:
    """Whether gzip is named, or the star stands for it, with a quality above 0 (RFC 9110, 12.5.3)."""
    found: dict[str, bool] = {}
    for part in accept_encoding.lower().split(","):
        coding, _, weight = (piece.strip() for piece in part.partition(";"))
        quality = _QUALITY.fullmatch(weight) if weight else None
        found[coding] = not weight or (quality is not None and float(quality.group(1)) > 0)
    return found.get("gzip", found.get("*", False))
