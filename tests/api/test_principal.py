"""Laws of who may read: closed unless proven."""

from __future__ import annotations

import base64
import dataclasses
import json
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.api.principal import HEADER, HEADER_LIMIT, Principal, Role, principal_of, require
from shared.api.problems import Problem
from shared.api.responses import Request
from shared.errors import SettingsError
from shared.settings import AZURE_MARKS, ROLES, Settings, load

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ROLE_TYPE = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"
NAME_TYPE = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"
OBJECT_ID = "http://schemas.microsoft.com/identity/claims/objectidentifier"

LOCAL = {"DATA_STORAGE": "UseDevelopmentStorage=true"}
DEVELOPER = {**LOCAL, "DEVELOPMENT_PRINCIPAL": "developer", "DEVELOPMENT_ROLES": "Usage.Read"}
BEHIND_EASY_AUTH = load({**LOCAL, "WEBSITE_SITE_NAME": "app", "WEBSITE_AUTH_ENABLED": "True"})

Claims = list[tuple[str, str]]


def in_seconds(seconds: int) -> str:
    return str(int(NOW.timestamp()) + seconds)


def document(claims: Claims, **other: object) -> dict[str, Any]:
    return {
        "auth_typ": "aad",
        "name_typ": NAME_TYPE,
        "role_typ": ROLE_TYPE,
        "claims": [{"typ": typ, "val": val} for typ, val in claims],
        **other,
    }


READER = document([(NAME_TYPE, "ada@example.com"), (OBJECT_ID, "0f-1"), ("roles", "Usage.Read")])


def with_claims(claims: object) -> dict[str, Any]:
    return {**document([]), "claims": claims}


def encoded(value: object) -> str:
    return base64.b64encode(json.dumps(value).encode()).decode()


def asking(header: str | None) -> Request:
    return Request("GET", {}, {} if header is None else {HEADER: header})


def seen(value: object, settings: Settings = BEHIND_EASY_AUTH) -> Principal | None:
    return principal_of(asking(encoded(value)), settings, now=NOW)


def refusal(principal: Principal | None, role: Role) -> str:
    with pytest.raises(Problem) as caught:
        require(principal, role)
    return caught.value.kind.name


def test_the_platforms_principal_is_believed() -> None:
    """Behind EasyAuth the header says who asks, with which roles, under which object id."""
    principal = seen(READER)
    assert principal == Principal("ada@example.com", "0f-1", frozenset({"Usage.Read"}))
    require(principal, "Usage.Read")


@pytest.mark.parametrize("settings", [load(LOCAL), BEHIND_EASY_AUTH], ids=["local", "easy-auth"])
def test_nobody_gets_nothing(settings: Settings) -> None:
    """No principal, no data."""
    principal = principal_of(asking(None), settings, now=NOW)
    assert principal is None
    assert refusal(principal, "Usage.Read") == "unauthenticated"


@pytest.mark.parametrize("mark", ["", *AZURE_MARKS])
def test_a_forged_header_is_worth_nothing_while_easy_auth_is_off(mark: str) -> None:
    """Anybody can send the header; without EasyAuth nobody has stripped it."""
    settings = load({**LOCAL, **({mark: "x"} if mark else {}), "WEBSITE_AUTH_ENABLED": "False"})
    assert seen(READER, settings) is None


def test_a_forged_header_adds_nothing_to_the_developer() -> None:
    """Beside a development principal the header is not read at all."""
    principal = seen(document([("roles", "Usage.Admin")]), load(DEVELOPER))
    assert principal is not None
    assert principal.roles == {"Usage.Read"}


@pytest.mark.parametrize("role", sorted(ROLES - {"Usage.Read"}))
def test_the_wrong_role_is_refused(role: Role) -> None:
    """Each door wants its own role; no role contains another."""
    assert refusal(seen(READER), role) == "forbidden"
    assert refusal(seen(document([("roles", role)])), "Usage.Read") == "forbidden"


def test_who_is_signed_in_without_a_role_may_nothing() -> None:
    """Being somebody is not being allowed."""
    assert refusal(seen(document([(OBJECT_ID, "0f-1")])), "Usage.Read") == "forbidden"


def test_the_refusal_names_the_role() -> None:
    """Who lacks a role can tell their administrator which."""
    with pytest.raises(Problem) as caught:
        require(seen(READER), "Usage.Admin")
    assert caught.value.members == {"requiredRole": "Usage.Admin"}


def test_roles_come_from_the_role_type_and_from_roles() -> None:
    """Both claim types that EasyAuth uses for app roles count; unknown roles and other claims do not."""
    principal = seen(
        document(
            [
                (ROLE_TYPE, "Usage.Read"),
                ("roles", "Usage.Upload"),
                ("roles", "Global.Administrator"),
                ("groups", "Usage.Admin"),
                (NAME_TYPE, "Usage.Admin"),
            ]
        )
    )
    assert principal is not None
    assert principal.roles == {"Usage.Read", "Usage.Upload"}


def test_only_the_exact_role_counts() -> None:
    """Roles are compared to the letter: neither lists, nor case, nor blanks."""
    claims = [("roles", text) for text in ("usage.read", "Usage.Read ", "Usage.Read,Usage.Admin")]
    principal = seen(document(claims))
    assert principal is not None
    assert principal.roles == frozenset()


@pytest.mark.parametrize("seconds", [0, -1, -86_400])
def test_an_expired_principal_is_nobody(seconds: int) -> None:
    """A principal whose exp has come is nobody."""
    assert seen(document([("roles", "Usage.Read"), ("exp", in_seconds(seconds))])) is None


def test_an_unexpired_principal_is_somebody() -> None:
    """Until its last second a principal holds."""
    assert seen(document([("roles", "Usage.Read"), ("exp", in_seconds(1))])) is not None


def test_one_expiry_that_has_come_is_enough() -> None:
    """Of two exp claims the earlier decides."""
    assert seen(document([("exp", in_seconds(60)), ("exp", in_seconds(-60))])) is None


@pytest.mark.parametrize("text", ["", "soon", "-1", "1e99", "٣", " 99999999999", "9" * 400, "inf", "NaN"])
def test_an_expiry_that_cannot_be_read_has_come(text: str) -> None:
    """Closed where exp says nothing that can be read."""
    assert seen(document([("roles", "Usage.Read"), ("exp", text)])) is None


@pytest.mark.parametrize(
    "header",
    [
        "",
        "null",
        "not base64!",
        encoded(READER)[:-5],
        encoded(READER) + ", " + encoded(READER),
        base64.b64encode(b"\xff\xfe").decode(),
        base64.b64encode(b"{").decode(),
        base64.b64encode(b"[" * 20_000).decode(),
        base64.b64encode(b'{"auth_typ":"aad","claims":[],"x":' + b"[" * 20_000).decode(),
        "é" + encoded(READER),
        encoded(None),
        encoded([]),
        encoded("text"),
        encoded({}),
        encoded({"claims": [{"typ": "roles", "val": "Usage.Read"}]}),
        encoded(document([], auth_typ="")),
        encoded(document([], auth_typ=None)),
        encoded(with_claims(None)),
        encoded(with_claims({"roles": "Usage.Read"})),
        encoded(with_claims([["roles", "Usage.Read"]])),
        encoded(with_claims([{"typ": "roles"}])),
        encoded(with_claims([{"typ": "roles", "val": ["Usage.Read"]}])),
        encoded(document([], role_typ=7)),
    ],
)
def test_a_malformed_principal_is_nobody(header: str) -> None:
    """What cannot be read to the end, as the platform writes it, is nobody; never an error."""
    assert principal_of(asking(header), BEHIND_EASY_AUTH, now=NOW) is None


@given(st.text() | st.binary().map(lambda raw: base64.b64encode(raw).decode()))
def test_whatever_is_sent_is_nobody(header: str) -> None:
    """No text and no bytes make somebody by accident, or break the door."""
    assert principal_of(asking(header), BEHIND_EASY_AUTH, now=NOW) is None


def test_an_oversized_principal_is_nobody() -> None:
    """A header beyond the limit is not even decoded."""
    big = encoded(document([("roles", "Usage.Read"), ("groups", "g" * HEADER_LIMIT)]))
    assert principal_of(asking(big), BEHIND_EASY_AUTH, now=NOW) is None


def test_two_headers_are_nobody() -> None:
    """Two principals in two spellings of the header are ambiguous, hence nobody."""
    request = Request("GET", {}, {HEADER: encoded(READER), HEADER.lower(): encoded(READER)})
    assert principal_of(request, BEHIND_EASY_AUTH, now=NOW) is None


def test_the_header_has_no_case() -> None:
    """The host lower-cases header names."""
    request = Request("GET", {}, {HEADER.lower(): encoded(READER)})
    assert principal_of(request, BEHIND_EASY_AUTH, now=NOW) is not None


def test_the_short_claim_names_do_too() -> None:
    """Where the platform does not map claim names, oid and name are read."""
    principal = seen(document([("oid", "0f-2"), ("name", "Ada")], name_typ=None, role_typ=None))
    assert principal == Principal("Ada", "0f-2", frozenset())


def test_a_principal_can_be_logged() -> None:
    """Shown as text, a principal has its object id and not its name, which may be an address."""
    assert "ada@example.com" not in repr(seen(READER))


def test_the_development_principal_is_the_configured_one() -> None:
    """On a developer's machine the settings say who asks, and that it is for development."""
    principal = principal_of(asking(None), load(DEVELOPER), now=NOW)
    assert principal == Principal("developer", "development", frozenset({"Usage.Read"}), development=True)


@pytest.mark.parametrize("mark", AZURE_MARKS)
def test_the_development_principal_does_not_exist_in_azure(mark: str) -> None:
    """In anything that looks like Azure the settings refuse it, and behind them the principal is nobody."""
    with pytest.raises(SettingsError, match="DEVELOPMENT_PRINCIPAL"):
        load({**DEVELOPER, mark: "x"})
    slipped_through = dataclasses.replace(load(DEVELOPER), in_azure=True)
    assert principal_of(asking(None), slipped_through, now=NOW) is None


def test_the_development_principal_does_not_exist_behind_easy_auth() -> None:
    """Where EasyAuth is on, it alone says who asks."""
    with pytest.raises(SettingsError, match="DEVELOPMENT_PRINCIPAL"):
        load({**DEVELOPER, "WEBSITE_AUTH_ENABLED": "true"})
    slipped_through = dataclasses.replace(load(DEVELOPER), easy_auth=True)
    assert principal_of(asking(None), slipped_through, now=NOW) is None


def test_the_roles_are_those_of_the_settings() -> None:
    """The roles a door may require are the roles the app knows."""
    assert frozenset(get_args(Role)) == ROLES
