"""Who asks, and what they may see. Closed unless proven.

In Azure the proof is EasyAuth's header ``X-MS-CLIENT-PRINCIPAL``. A client can send that header too, so
it counts only when the platform says that EasyAuth is on (then it strips what clients send):
https://learn.microsoft.com/azure/app-service/configure-authentication-user-identities. On a developer's
machine a principal can be configured by name.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec

from shared.api.problems import FORBIDDEN, UNAUTHENTICATED, Problem
from shared.settings import ROLES

if TYPE_CHECKING:
    from shared.api.responses import Request
    from shared.settings import Settings

Role = Literal["Usage.Read", "Usage.Read.Named", "Usage.Upload", "Usage.Admin"]

#: Who may see names, where they are switched on.
NAMES: Role = "Usage.Read.Named"

HEADER = "X-MS-CLIENT-PRINCIPAL"

#: A token with two hundred groups stays below; the platform itself refuses headers beyond.
HEADER_LIMIT = 32 * 1024

_SUBJECT = ("http://schemas.microsoft.com/identity/claims/objectidentifier", "oid")
_EPOCH_SECONDS = re.compile(r"[0-9]{1,11}")


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who is signed in.

    ``name`` is for showing it to them and may be an e-mail address; whatever is kept or logged names
    the ``subject``, the directory's opaque object id ("" where the platform gave none).
    """

    name: str = field(repr=False)
    subject: str
    roles: frozenset[str]
    development: bool = False


class _Claim(msgspec.Struct, frozen=True):
    typ: str
    val: str


class _ClientPrincipal(msgspec.Struct, frozen=True):
    auth_typ: Annotated[str, msgspec.Meta(min_length=1)]
    claims: list[_Claim]
    name_typ: str | None = None
    role_typ: str | None = None

    def values(self, *types: str | None) -> list[str]:
        return [claim.val for claim in self.claims if claim.typ in types]

    def first(self, *types: str | None) -> str:
        return next(iter(self.values(*types)), "")


_DECODER = msgspec.json.Decoder(_ClientPrincipal)


def principal_of(request: Request, settings: Settings, *, now: datetime) -> Principal | None:
    """Who asks; None where nothing that can be trusted says so. ``now`` is aware."""
    if settings.easy_auth:
        return _easy_auth_principal(request.header(HEADER), now)
    if settings.development_principal and not settings.in_azure:
        return Principal(
            name=settings.development_principal,
            subject="development",
            roles=settings.development_roles & ROLES,
            development=True,
        )
    return None


def require(principal: Principal | None, role: Role) -> Principal:
    """Who asks, who has that role. Raises the Problem ``unauthenticated`` without a principal, ``forbidden``
    without the role.

    Roles do not contain each other: who is to have two is assigned two.
    """
    if principal is None:
        raise Problem(UNAUTHENTICATED)
    if role not in principal.roles:
        raise Problem(FORBIDDEN, f"This needs the role {role}.", requiredRole=role)
    return principal


def names_withheld(principal: Principal, settings: Settings) -> str:
    """Why this reader sees no names, nor figures of so few that they would be names; empty where they may."""
    if NAMES not in principal.roles:
        return f"Names need the role {NAMES}."
    if not settings.show_names:
        return "Names are switched off (SHOW_NAMES)."
    if not principal.subject:
        return "The sign-in does not tell whose it is, so the audit could not."
    return ""


def _easy_auth_principal(header: str, now: datetime) -> Principal | None:
    if not header or len(header) > HEADER_LIMIT:
        return None
    try:
        claimed = _DECODER.decode(base64.b64decode(header, validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return None
    if any(_expired(moment, now) for moment in claimed.values("exp")):
        return None
    return Principal(
        name=claimed.first(claimed.name_typ) or claimed.first("name", "preferred_username"),
        subject=claimed.first(*_SUBJECT),
        roles=ROLES & set(claimed.values(claimed.role_typ, "roles")),
    )


def _expired(epoch_seconds: str, now: datetime) -> bool:
    """Whether that moment has come; one that cannot be read has."""
    return not _EPOCH_SECONDS.fullmatch(epoch_seconds) or int(epoch_seconds) <= now.timestamp()
