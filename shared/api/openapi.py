"""``GET /api/openapi.json``: the contract (OpenAPI 3.1), made of the doors' table and of the types that are
sent. It holds no data, so everybody may read it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import msgspec

from shared import __version__
from shared.api.doors import DOORS, Door
from shared.api.examples import EXAMPLES, FILE, TABLE, problem_like
from shared.api.exports import MAX_BYTES
from shared.api.parameters import Parameter, no_query
from shared.api.problems import PROBLEM_JSON, PROBLEMS, ProblemType, problem_response
from shared.api.responses import CACHED_BY_ALL, JSON, Request, Response, data_response
from shared.api.schemas import schema_of, schemas_of
from shared.api.tables import CSV

Document = dict[str, Any]

_REF = "#/components/{part}/{name}"

_CORRELATION = "7c1e0f5a-2a53-4b0e-9a55-6f0d3f6f2b11"

_ABOUT = """\
Are more of my engineers getting more value out of Claude Code than they did last week?

What is not data is a problem document (RFC 9457): tell them apart by `type`, compared as text. Fields may
be added to any object, so ignore those that you do not know. A field that the schema does not require is
absent where it has its default; every other one is sent, null where nothing is known. Unknown parameters are
refused.
"""

_BEARER = """\
A token of Entra ID for this app's registration; its app roles decide what may be read. The platform
(EasyAuth) validates it, and its own 401 has no problem document.
"""


def get_openapi(request: Request, *, demo: bool) -> Response:
    """The contract, with an ETag like any data; of a demo, it says so."""
    no_query(request.params)
    return data_response(_encoded(demo), request, content_type=JSON, cached=CACHED_BY_ALL)


@cache
def _encoded(demo: bool) -> bytes:
    return msgspec.json.encode(contract() | ({"x-demo": True} if demo else {}))


def contract() -> Document:
    """The document. Made when it is asked for: no other door pays for it."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Scoreboard",
            "version": __version__,
            "description": _ABOUT,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/api"}],
        "tags": [
            {"name": "data", "description": "For who is signed in and has the role."},
            {"name": "about", "description": "Open to all, without data."},
        ],
        "paths": _paths(),
        "components": {
            "schemas": schemas_of(_types()) | {_name_of(kind): _problem_schema(kind) for kind in PROBLEMS},
            "headers": _HEADERS,
            "examples": {_name_of(kind): {"value": problem_example(kind)} for kind in PROBLEMS},
            "securitySchemes": {
                "entra": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": _BEARER}
            },
        },
    }


def _paths() -> Document:
    """The operations by their paths; a path may have one of each method."""
    paths: dict[str, Document] = {}
    for door in DOORS:
        paths.setdefault(door.path, {})[door.method.lower()] = _operation(door)
    return paths


def problem_example(kind: ProblemType) -> Document:
    """A document of that type, as it is sent."""
    sent = problem_response(problem_like(kind), correlation_id=_CORRELATION, demo=False)
    return msgspec.json.decode(sent.body, type=Document)


def _types() -> list[Any]:
    members = [kind for problem in PROBLEMS for kind in problem.members.values()]
    return [*(door.body for door in DOORS), *members]


# --- one door ----------------------------------------------------------------------------------


def _operation(door: Door) -> Document:
    needs = f" Needs the role `{door.role}`." if door.role else " Open to all."
    return {
        "operationId": door.function,
        "summary": door.summary,
        "description": door.summary + needs,
        "tags": ["data" if door.role else "about"],
        "security": [{"entra": [door.role]}] if door.role else [],
        "parameters": [*map(_parameter, door.parameters), *([_IF_NONE_MATCH] if door.tagged else [])],
        **({"requestBody": _file(door)} if door.takes else {}),
        "responses": {str(door.status): _answer(door), **_unchanged(door), **_problems(door)},
    }


def _file(door: Door) -> Document:
    return {
        "required": True,
        "description": f"The file's bytes as they are, at most {MAX_BYTES} of them.",
        "content": {kind: {"schema": {"contentMediaType": kind}, "example": FILE} for kind in door.takes},
    }


def _parameter(parameter: Parameter) -> Document:
    return {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.required,
        "description": parameter.means,
        "schema": parameter.schema,
        "example": parameter.example,
    }


_IF_NONE_MATCH: Document = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of what the client has: unchanged, it is answered with 304.",
    "schema": {"type": "string"},
    "example": '"5f2b9c0d1e3a4b5c6d7e8f9001122334"',
}


def _answer(door: Door) -> Document:
    content: Document = {JSON: {"schema": schema_of(door.body), "example": EXAMPLES.get(door.function, {})}}
    if door.csv:
        content[CSV] = {"schema": {"type": "string"}, "example": TABLE}
    names = ["Cache-Control", *(["ETag", "Vary"] if door.tagged else [])]
    names += ["Location"] if door.status == 202 else []
    return {"description": door.summary, "headers": _headers(names), "content": content}


def _unchanged(door: Door) -> Document:
    if not door.tagged:
        return {}
    said = "The client has exactly this already."
    return {"304": {"description": said, "headers": _headers(["Cache-Control", "ETag", "Vary"])}}


def _problems(door: Door) -> Document:
    """One response a status; where several types share it, ``type`` tells which it is."""
    by_status: dict[int, list[ProblemType]] = {}
    for kind in door.problems:
        by_status.setdefault(kind.status, []).append(kind)
    return {str(status): _refusal(kinds) for status, kinds in sorted(by_status.items())}


def _refusal(kinds: Sequence[ProblemType]) -> Document:
    refs = [_ref("schemas", _name_of(kind)) for kind in kinds]
    own = {name for kind in kinds for name in kind.headers}
    return {
        "description": "; or: ".join(f"{kind.title} (`{kind.uri}`)" for kind in kinds) + ".",
        "headers": _headers(["Cache-Control", *sorted(own)]),
        "content": {
            PROBLEM_JSON: {
                "schema": refs[0] if len(refs) == 1 else {"oneOf": refs},
                "examples": {kind.name: _ref("examples", _name_of(kind)) for kind in kinds},
            }
        },
    }


# --- problems ----------------------------------------------------------------------------------


def _name_of(kind: ProblemType) -> str:
    return "".join(word.title() for word in kind.name.split("-")) + "Problem"


def _problem_schema(kind: ProblemType) -> Document:
    broken = {"correlationId": {"type": "string", "description": "Found in the app's log."}}
    properties = {
        "type": {"type": "string", "const": kind.uri},
        "title": {"type": "string", "const": kind.title},
        "status": {"type": "integer", "const": kind.status},
        "detail": {"type": "string"},
        **{name: schema_of(member) for name, member in kind.members.items()},
        **(broken if kind.status >= 500 else {}),
    }
    return {
        "type": "object",
        "description": kind.detail,
        "properties": properties | {"demo": {"type": "boolean"}},
        "required": list(properties),
    }


# --- headers -----------------------------------------------------------------------------------


def _header(means: str, **schema: object) -> Document:
    return {"description": means, "schema": {"type": "string", **schema}}


_HEADERS: Mapping[str, Document] = {
    "Cache-Control": _header("Who may keep it, and for how long."),
    "ETag": _header(
        "The strong tag of exactly this representation, its coding included.", pattern='^"[^"]+"$'
    ),
    "Location": _header("Where what was accepted can be asked for."),
    "Retry-After": _header("After how many seconds to try again.", pattern="^[0-9]+$"),
    "Vary": _header("On what the representation depends."),
    "WWW-Authenticate": _header("How to sign in."),
}


def _headers(names: Sequence[str]) -> Document:
    return {name: _ref("headers", name) for name in names}


def _ref(part: str, name: str) -> Document:
    return {"$ref": _REF.format(part=part, name=name)}
