"""Who the vendor knows: the organisation, its members, invites and API keys (contract section 2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol


class Listed(Protocol):
    """One row of a list: it has an id to page by and a document to show."""

    @property
    def id(self) -> str:
        """The vendor's id."""
        ...

    def document(self) -> dict[str, object]:
        """The row as the vendor writes it."""
        ...


@dataclass(frozen=True, slots=True)
class Organization:
    """An organisation; two may share a name, never an id."""

    id: str
    name: str

    def document(self) -> dict[str, object]:
        """The answer of `/v1/organizations/me`."""
        return {"id": self.id, "name": self.name, "type": "organization"}


@dataclass(frozen=True, slots=True)
class Member:
    """A member. `email` is written as the person once typed it, so its case may be mixed; roles are open."""

    id: str
    email: str
    name: str
    role: str
    added_at: datetime

    def document(self) -> dict[str, object]:
        """A row of `/v1/organizations/users`."""
        return {
            "id": self.id,
            "type": "user",
            "email": self.email,
            "name": self.name,
            "role": self.role,
            "added_at": stamp(self.added_at),
        }


@dataclass(frozen=True, slots=True)
class Invite:
    """An invitation to an address."""

    id: str
    email: str
    role: str
    status: Literal["accepted", "deleted", "expired", "pending"]
    invited_at: datetime
    expires_at: datetime
    accepted_at: datetime | None = None

    def document(self) -> dict[str, object]:
        """A row of `/v1/organizations/invites`."""
        return {
            "id": self.id,
            "type": "invite",
            "email": self.email,
            "role": self.role,
            "status": self.status,
            "invited_at": stamp(self.invited_at),
            "expires_at": stamp(self.expires_at),
            "accepted_at": stamp(self.accepted_at) if self.accepted_at else None,
        }


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key. Names are not unique: an archived key may share the name of an active one."""

    id: str
    name: str
    status: Literal["active", "archived", "expired", "inactive"]
    created_at: datetime
    created_by: str
    expires_at: datetime | None = None
    workspace_id: str | None = None

    def document(self) -> dict[str, object]:
        """A row of `/v1/organizations/api_keys`."""
        return {
            "id": self.id,
            "type": "api_key",
            "name": self.name,
            "status": self.status,
            "created_at": stamp(self.created_at),
            "created_by": {"id": self.created_by, "type": "user"},
            "expires_at": stamp(self.expires_at) if self.expires_at else None,
            "workspace_id": self.workspace_id,
        }


def stamp(moment: datetime) -> str:
    """A moment as the vendor writes it: RFC 3339 in UTC, ending in Z."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
