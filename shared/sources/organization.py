"""Who does this key see? The organisation it belongs to, its members, and who made which API key.

Compared with the roster and with ``EXPECTED_ORGANIZATIONS``; it never feeds the roster by itself
(docs/metrics.md). Facts of the wire: the vendor's page "Admin API".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from shared.adoption.people import normal_address, without_addresses
from shared.errors import ContractBroken, SourceLocked
from shared.sources.pages import (
    ROWS_A_PAGE,
    PagedAnswer,
    breach,
    decode,
    follow,
    organization_id,
)

if TYPE_CHECKING:
    from shared.sources.vendor import Vendor

ME = "/v1/organizations/me"
USERS = "/v1/organizations/users"
API_KEYS = "/v1/organizations/api_keys"


@dataclass(frozen=True, slots=True, order=True)
class Member:
    """A user of the organisation; ``role`` is an open set."""

    address: str
    role: str


@dataclass(frozen=True, slots=True, order=True)
class ApiKey:
    """An API key's name and who made it: None where that is unknown or the name is not unique."""

    name: str
    creator_address: str | None


@dataclass(frozen=True, slots=True)
class KeyView:
    """What one key sees. None means not learnt, which is never the same as nobody.

    ``pages`` holds the raw answers by path, for keeping; ``broken`` is the first breach of the
    contract, where there was one. ``seats`` are assigned, and ``daily_active`` people used Claude Code on
    each day, where an API counts them.
    """

    organization_id: str | None
    organization_name: str | None
    members: tuple[Member, ...] | None
    keys: tuple[ApiKey, ...] | None
    pages: Mapping[str, tuple[bytes, ...]]
    broken: ContractBroken | None = None
    seats: int | None = None
    daily_active: Mapping[date, int] | None = None


class _Organization(msgspec.Struct):
    id: str
    name: str


class _Id(msgspec.Struct):
    id: str


class _Envelope(msgspec.Struct):
    data: list[_Id]
    has_more: bool
    last_id: str | None = None


class _User(msgspec.Struct):
    id: str
    role: str
    email: str | None = None
    email_address: str | None = None


class _Users(msgspec.Struct):
    data: list[_User]


class _Key(msgspec.Struct):
    name: str
    created_by: _Id | None = None


class _Keys(msgspec.Struct):
    data: list[_Key]


_ORGANIZATION = msgspec.json.Decoder(_Organization)
_ENVELOPE = msgspec.json.Decoder(_Envelope)
_USERS = msgspec.json.Decoder(_Users)
_KEYS = msgspec.json.Decoder(_Keys)


def look_around(vendor: Vendor, *, at_once: int = 1) -> KeyView:
    """Ask for the organisation first, then for its users and its API keys: one after the other, or both at
    once where so many questions are allowed.

    Raises what ``Vendor.get`` raises, but for ContractBroken, and for a lock on one of the lists alone:
    what was not learnt is None in the view, the rest stands, and the raw pages are all there.
    """
    me = follow(lambda _: vendor.get(ME), lambda _page, _number: None)
    with ThreadPoolExecutor(min(at_once, 2)) as pool:
        users, keys = pool.map(partial(_fetch_list, vendor), (USERS, API_KEYS))
    broken = [answer.broken for answer in (me, users, keys) if answer.broken]

    organization: tuple[str, str] | None = None
    people: dict[str, Member] | None = None
    made: tuple[ApiKey, ...] | None = None
    try:
        if not me.broken:
            organization = _read_organization(me.pages[0])
    except ContractBroken as error:
        broken.append(error)
    try:
        if not users.broken:
            people = _read_users(users.pages)
        if not keys.broken and people is not None:  # without people, nobody can have made a key
            made = _read_keys(keys.pages, people)
    except ContractBroken as error:
        broken.append(error)
    return KeyView(
        organization_id=organization[0] if organization else None,
        organization_name=organization[1] if organization else None,
        members=None if people is None else tuple(sorted(people.values())),
        keys=made,
        pages={ME: me.pages, USERS: users.pages, API_KEYS: keys.pages},
        broken=broken[0] if broken else None,
    )


def whose(vendor: Vendor) -> str:
    """The organisation that the key is of. Raises what ``Vendor.get`` raises."""
    return _read_organization(vendor.get(ME))[0]


def _fetch_list(vendor: Vendor, path: str) -> PagedAnswer:
    def ask(cursor: str | None) -> bytes:
        params: dict[str, str | int] = {"limit": ROWS_A_PAGE}
        if cursor is not None:
            params["after_id"] = cursor
        return vendor.get(path, params)

    try:
        return follow(ask, _next_id)
    except SourceLocked:
        return PagedAnswer((), ContractBroken(f"GET {path}: the key sees its organisation, but not this"))


def _next_id(page: bytes, number: int) -> str | None:
    """The id after which the next page begins; ``last_id`` stands on the last page too."""
    envelope = decode(_ENVELOPE, page, number)
    if not envelope.has_more:
        return None
    last = envelope.last_id or (envelope.data[-1].id if envelope.data else "")
    if not last:
        raise breach(f"page {number}", "has_more true without a last_id or a row", "an id")
    return last


def _read_organization(page: bytes) -> tuple[str, str]:
    said = decode(_ORGANIZATION, page, 1)
    return organization_id(said.id, "page 1, id"), without_addresses(said.name)


def _read_users(pages: Sequence[bytes]) -> dict[str, Member]:
    people: dict[str, Member] = {}
    for number, page in enumerate(pages, start=1):
        for index, user in enumerate(decode(_USERS, page, number).data):
            address = normal_address(user.email or user.email_address or "")
            if "@" not in address:
                place = f"page {number}, data[{index}].email"
                raise breach(place, "text without @" if address else "nothing", "an e-mail address")
            people[user.id] = Member(address, user.role)
    return people


def _read_keys(pages: Sequence[bytes], people: Mapping[str, Member]) -> tuple[ApiKey, ...]:
    makers: dict[str, str | None] = {}
    times: Counter[str] = Counter()
    for number, page in enumerate(pages, start=1):
        for key in decode(_KEYS, page, number).data:
            name = key.name.strip()
            maker = people.get(key.created_by.id) if key.created_by else None
            makers[name] = maker.address if maker else None
            times[name] += 1
    return tuple(ApiKey(name, makers[name] if times[name] == 1 else None) for name in sorted(makers))
