"""What is answered instead of data: RFC 9457 problem documents, one table.

A ``type`` is ``/problems/<name>``: a full path, the same in every deployment, compared as text and
never dereferenced by a client; ``docs/problems.md`` tells each one's cure. A document says what the
caller can use. What only the operator should know goes to the log, found by the ``correlationId``.
"""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from shared.api.responses import Response, uncached_response
from shared.errors import ScoreboardError, SettingsError, StoreUnavailable
from shared.events import invoked
from shared.records import Check

PROBLEM_JSON = "application/problem+json"

RETRY_AFTER_SECONDS = 30


class WrongParameter(msgspec.Struct, frozen=True, rename="camel"):
    """One parameter that cannot be used: what was found (cut short if long), and what is expected."""

    name: str
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One way to be refused. ``detail`` is what it says where the occasion has nothing better.

    ``members`` are what each of its documents has beside what all have, and of which type; camelCase.
    """

    name: str
    status: int
    title: str
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, Any] = field(default_factory=dict)

    @property
    def uri(self) -> str:
        """The stable ``type`` of the document."""
        return f"/problems/{self.name}"


#: Why there is no figure: each check with what was expected and what was seen, and what would mend it.
_WHY = {"checks": list[Check], "action": str}

BAD_PARAMETER = ProblemType(
    "bad-parameter",
    400,
    "A parameter is wrong",
    "Correct each parameter that is listed.",
    members={"parameters": list[WrongParameter]},
)
UNAUTHENTICATED = ProblemType(
    "unauthenticated",
    401,
    "Nobody is signed in",
    "Sign in, and send the token that this app's registration issued.",
    {"WWW-Authenticate": 'Bearer realm="scoreboard"'},
)
FORBIDDEN = ProblemType(
    "forbidden",
    403,
    "The role is missing",
    "Ask an administrator to assign the role that is named.",
    members={"requiredRole": str},
)
TOO_FEW = ProblemType(
    "too-few",
    403,
    "The team is too small to be shown",
    "Fewer than 5 people are on it, or beside it, or beside all teams that are shown; its figures would tell "
    "of single ones.",
    members={"requiredRole": str, "action": str},
)
NOT_FOUND = ProblemType("not-found", 404, "There is no such thing", "Nothing is kept under that name.")
NO_DATA_YET = ProblemType(
    "no-data-yet",
    409,
    "Nothing has been collected yet",
    "Wait for the first refresh or drop an export.",
    members=_WHY,
)
UNTRUSTED = ProblemType(
    "untrusted",
    409,
    "The data must not be trusted",
    "A check of the data's source failed.",
    members=_WHY,
)
UNPROVEN = ProblemType(
    "unproven",
    409,
    "Nothing proves the data",
    "No source that covers the time asked for could be checked.",
    members=_WHY,
)
TOO_LARGE = ProblemType(
    "too-large",
    413,
    "The file is too large for this door",
    "Drop it into the container `drop` instead, which takes larger ones.",
    members={"maxBytes": int, "action": str},
)
UNSUPPORTED_MEDIA_TYPE = ProblemType(
    "unsupported-media-type",
    415,
    "The body is not a file's bytes",
    "Send the bytes of one file as they are, under a media type that says so.",
    members={"accepted": list[str]},
)
INTERNAL = ProblemType(
    "internal", 500, "Something broke", "A defect of this app; its log has it under the correlationId."
)
MISCONFIGURED = ProblemType(
    "misconfigured",
    500,
    "The app is not set up",
    "The operator finds the settings to correct in the app's log under the correlationId.",
)
STORE_UNAVAILABLE = ProblemType(
    "store-unavailable",
    503,
    "Storage cannot be read now",
    f"Try again in {RETRY_AFTER_SECONDS} seconds.",
    {"Retry-After": str(RETRY_AFTER_SECONDS)},
)

PROBLEMS: tuple[ProblemType, ...] = (
    BAD_PARAMETER,
    UNAUTHENTICATED,
    FORBIDDEN,
    TOO_FEW,
    NOT_FOUND,
    NO_DATA_YET,
    UNTRUSTED,
    UNPROVEN,
    TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
    INTERNAL,
    MISCONFIGURED,
    STORE_UNAVAILABLE,
)


class Problem(ScoreboardError):
    """Raised where a request ends without data; becomes the document of its type.

    ``members`` are those that the type declares, every one: a client can rely on them.
    """

    def __init__(self, kind: ProblemType, detail: str = "", /, **members: object) -> None:
        if members.keys() != kind.members.keys():
            raise ValueError(f"{kind.name} has the members {sorted(kind.members)}, not {sorted(members)}")
        self.kind = kind
        self.detail = detail or kind.detail
        self.members = members
        super().__init__(f"{kind.name}: {self.detail}")


def problem_of(error: Exception) -> Problem:
    """The problem that an error is to the caller. What is not the caller's to know is left out."""
    match error:
        case Problem():
            return error
        case SettingsError():
            return Problem(MISCONFIGURED)
        case StoreUnavailable():
            return Problem(STORE_UNAVAILABLE)
        case _:
            return Problem(INTERNAL)


def problem_response(problem: Problem, *, correlation_id: str, demo: bool) -> Response:
    """The document. What is not the caller's doing (5xx) carries the ``correlationId`` of its log line."""
    kind = problem.kind
    document: dict[str, object] = {
        "type": kind.uri,
        "title": kind.title,
        "status": kind.status,
        "detail": problem.detail,
        **problem.members,
    }
    if kind.status >= 500:
        document["correlationId"] = correlation_id
    if demo:
        document["demo"] = True
    return uncached_response(document, status=kind.status, content_type=PROBLEM_JSON, headers=kind.headers)


def answered(
    work: Callable[[], Response], *, correlation_id: str, demo: bool, log: logging.Logger
) -> Response:
    """What a door returns: the work's response, or the problem document of whatever it raised."""
    try:
        return invoked(correlation_id, work)
    except Exception as error:  # noqa: BLE001 - the last resort: nobody above us knows problem documents
        problem = problem_of(error)
        if problem.kind.status >= 500:
            log.error(_log_line(error, problem.kind, correlation_id))
        return problem_response(problem, correlation_id=correlation_id, demo=demo)


def _log_line(error: Exception, kind: ProblemType, correlation_id: str) -> str:
    """One JSON object. Of a foreign exception only its class and place: its text may name a person."""
    line: dict[str, object] = {
        "event": "problem",
        "type": kind.name,
        "correlationId": correlation_id,
        "error": type(error).__name__,
    }
    if isinstance(error, ScoreboardError):
        line["detail"] = str(error)
    if kind is INTERNAL:
        frames = traceback.extract_tb(error.__traceback__)
        line["where"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-8:]]
    return json.dumps(line)
