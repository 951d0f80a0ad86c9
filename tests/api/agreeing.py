"""What is sent, held against what the contract says: every response that a test gets passes here.

The contract lets objects have fields that it does not name, for clients that are older than the app. Here
each field must be named, so that the app sends nothing that its contract keeps quiet about.
"""

from __future__ import annotations

import json
import zlib
from functools import cache
from typing import Any

import jsonschema_rs

from shared.api.openapi import contract
from shared.api.responses import Response, json_bytes


def agree(door: str, response: Response) -> None:
    """Fail where the door's response is none of those that the contract gives it."""
    told = _responses(door)
    assert not [name for name in response.headers if name.lower().startswith("access-control-")], "the host's"
    assert str(response.status) in told, f"{door} does not tell of {response.status}"
    for name in told[str(response.status)]["headers"]:
        assert name in response.headers, f"{response.status} of {door} has no {name}"
    content = told[str(response.status)].get("content", {})
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    if not content:
        assert (response.body, kind) == (b"", ""), f"{response.status} of {door} has a body"
        return
    assert kind in {name.partition(";")[0] for name in content}, f"{door} does not tell of {kind}"
    if "json" in kind:
        coded = response.headers.get("Content-Encoding") == "gzip"
        body = zlib.decompress(response.body, wbits=31) if coded else response.body
        _validator(door, str(response.status), kind).validate(json.loads(body))


def document() -> dict[str, Any]:
    """The contract as a client reads it."""
    found: dict[str, Any] = json.loads(json_bytes(contract()))
    return found


def _responses(door: str) -> dict[str, Any]:
    operations = [operation for path in _closed()["paths"].values() for operation in path.values()]
    (found,) = [one["responses"] for one in operations if one["operationId"] == door]
    assert isinstance(found, dict)
    return found


@cache
def _closed() -> dict[str, Any]:
    """The contract with every object closed."""
    closed = _close(document())
    assert isinstance(closed, dict)
    return closed


def _close(value: Any) -> Any:
    if isinstance(value, list):
        return [_close(one) for one in value]
    if not isinstance(value, dict):
        return value
    closed = {name: _close(one) for name, one in value.items()}
    return closed | {"additionalProperties": False} if isinstance(value.get("properties"), dict) else closed


@cache
def _validator(door: str, status: str, kind: str) -> jsonschema_rs.Draft202012Validator:
    schema = _responses(door)[status]["content"][kind]["schema"]
    whole = {"components": _closed()["components"], **schema}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
