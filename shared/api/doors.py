"""The doors that answer HTTP, in one table: who may ask what, and what can come back.

Parameters are parsed from it, the contract is made of it, and the tests of the doors are run over it. A new
door is a function in ``function_app.py``, a module here, and one entry below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.api.adoption import Adoption
from shared.api.engineers import Engineers
from shared.api.exports import ACCEPTED, ExportCheck, ExportUpload
from shared.api.health import Health
from shared.api.parameters import ADOPTION, ENGINEERS, FILE, PAGED, RECEIPT, Parameter
from shared.api.problems import (
    BAD_PARAMETER,
    FORBIDDEN,
    INTERNAL,
    MISCONFIGURED,
    NO_DATA_YET,
    NOT_FOUND,
    STORE_UNAVAILABLE,
    TOO_FEW,
    TOO_LARGE,
    UNAUTHENTICATED,
    UNPROVEN,
    UNSUPPORTED_MEDIA_TYPE,
    UNTRUSTED,
    ProblemType,
)
from shared.api.status import Status

if TYPE_CHECKING:
    from shared.api.principal import Role

#: What can be wrong at every door that reads data, and at every door.
_CLOSED = (UNAUTHENTICATED, FORBIDDEN)
_BROKEN = (INTERNAL, MISCONFIGURED, STORE_UNAVAILABLE)


@dataclass(frozen=True, slots=True)
class Door:
    """One route. ``function`` is its name in function_app.py, ``path`` what follows ``/api``.

    ``role`` is None where everybody may ask. ``body`` is the type of a 200's JSON, ``csv`` whether it can be
    had as a table. ``tagged``: a 200 has an ETag and may be kept, so 304 is an answer, too. ``takes``: the
    media types of the body that it is sent. ``status``: what it answers when all is well.
    """

    function: str
    path: str
    summary: str
    body: Any
    role: Role | None = None
    parameters: tuple[Parameter, ...] = ()
    problems: tuple[ProblemType, ...] = ()
    csv: bool = False
    tagged: bool = True
    method: str = "GET"
    takes: tuple[str, ...] = ()
    status: int = 200


DOORS: tuple[Door, ...] = (
    Door(
        "get_adoption",
        "/adoption",
        "The answer, the periods, the trust checks; no names.",
        Adoption,
        "Usage.Read",
        ADOPTION,
        (BAD_PARAMETER, *_CLOSED, TOO_FEW, NOT_FOUND, NO_DATA_YET, UNTRUSTED, UNPROVEN, *_BROKEN),
        csv=True,
    ),
    Door(
        "get_engineers",
        "/engineers",
        "The cohorts: counts for every reader, names for the role that may see them.",
        Engineers,
        "Usage.Read",
        ENGINEERS,
        (BAD_PARAMETER, *_CLOSED, TOO_FEW, NOT_FOUND, NO_DATA_YET, UNTRUSTED, UNPROVEN, *_BROKEN),
    ),
    Door(
        "get_status",
        "/status",
        "What each source sees, expected against seen; coverage; last runs; receipts, paged.",
        Status,
        "Usage.Read",
        PAGED,
        (BAD_PARAMETER, *_CLOSED, *_BROKEN),
    ),
    Door(
        "check_export",
        "/exports/check",
        "What would become of an export, by what takes exports in and beside all that is there; nothing is "
        "stored.",
        ExportCheck,
        "Usage.Upload",
        FILE,
        (BAD_PARAMETER, *_CLOSED, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, *_BROKEN),
        tagged=False,
        method="POST",
        takes=ACCEPTED,
    ),
    Door(
        "upload_export",
        "/exports",
        "Put an export into the drop container. Its receipt follows, mostly within seconds.",
        ExportUpload,
        "Usage.Upload",
        FILE,
        (BAD_PARAMETER, *_CLOSED, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, *_BROKEN),
        tagged=False,
        method="POST",
        takes=ACCEPTED,
        status=202,
    ),
    Door(
        "get_receipt",
        "/receipts/{id}",
        "The receipt of an uploaded export, or that it waits still.",
        ExportUpload,
        "Usage.Upload",
        (RECEIPT,),
        (BAD_PARAMETER, *_CLOSED, NOT_FOUND, *_BROKEN),
        tagged=False,
    ),
    Door(
        "get_health",
        "/health",
        "That the app lives, and its version; no data.",
        Health,
        problems=(BAD_PARAMETER, INTERNAL),
        tagged=False,
    ),
    Door(
        "get_openapi",
        "/openapi.json",
        "This document.",
        Mapping[str, Any],
        problems=(BAD_PARAMETER, INTERNAL),
    ),
)
