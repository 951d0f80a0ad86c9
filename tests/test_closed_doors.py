"""Who may read: each door of the table against each way to get in, through the real functions."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from shared.api.doors import DOORS, Door
from shared.api.responses import Response
from shared.settings import AZURE_MARKS, ROLES
from tests.api.agreeing import agree
from tests.conftest import MakeApp
from tests.knocking import PRINCIPAL, Environ, knock, principal

#: Storage that nobody answers at: who is refused is refused before anything is read.
LOCAL = {"DATA_STORAGE": "UseDevelopmentStorage=true"}
DEVELOPER = {**LOCAL, "DEVELOPMENT_PRINCIPAL": "developer"}
IN_AZURE = {**LOCAL, "WEBSITE_SITE_NAME": "scoreboard", "WEBSITE_AUTH_ENABLED": "true"}
EASY_AUTH_IS_OFF = {**IN_AZURE, "WEBSITE_AUTH_ENABLED": "false"}

CLOSED = [pytest.param(door, id=door.function) for door in DOORS if door.role]
OPEN = [pytest.param(door, id=door.function) for door in DOORS if not door.role]

EVERYTHING = principal(*ROLES)


def expiring(by: timedelta) -> dict[str, str]:
    return principal(*ROLES, exp=str(int((datetime.now(UTC) + by).timestamp())))


def encoded(text: str) -> dict[str, str]:
    return {PRINCIPAL: base64.b64encode(text.encode()).decode()}


#: Nobody: in which environment, with which headers.
NOBODY = {
    "no principal, locally": (LOCAL, {}),
    "no principal, in Azure": (IN_AZURE, {}),
    "a bearer token that no platform has seen": (LOCAL, {"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."}),
    "a forged header, locally": (LOCAL, EVERYTHING),
    "a forged header, in Azure without EasyAuth": (EASY_AUTH_IS_OFF, EVERYTHING),
    **{f"a forged header, where {mark} is set": ({**LOCAL, mark: "x"}, EVERYTHING) for mark in AZURE_MARKS},
    "an expired principal": (IN_AZURE, expiring(timedelta(seconds=-1))),
    "a principal that expires at no time": (IN_AZURE, principal(*ROLES, exp="never")),
    "no base64": (IN_AZURE, {PRINCIPAL: "%%%"}),
    "no JSON": (IN_AZURE, encoded("{")),
    "no principal's JSON": (IN_AZURE, encoded('{"claims": "all"}')),
    "a principal of no provider": (IN_AZURE, encoded('{"auth_typ": "", "claims": []}')),
    "two principals, joined as the host does": (
        IN_AZURE,
        {PRINCIPAL: ", ".join([EVERYTHING[PRINCIPAL]] * 2)},
    ),
    "a principal beyond all measure": (IN_AZURE, principal(*ROLES, groups="g" * 40_000)),
}


def refused(
    door: Door, status: int, kind: str, headers: Mapping[str, str], params: Mapping[str, str]
) -> None:
    """The door says no more than that, by its contract."""
    response, document = knock(door.function, headers, params)
    assert (response.status_code, document["type"]) == (status, f"/problems/{kind}")
    assert response.headers["Cache-Control"] == "no-store"
    agree(door.function, Response(response.status_code, dict(response.headers), response.get_body()))


@pytest.mark.parametrize("who", NOBODY)
@pytest.mark.parametrize("door", CLOSED)
def test_nobody_gets_in(door: Door, who: str, environ: Environ) -> None:
    """401, before the query is looked at or anything is read."""
    environment, headers = NOBODY[who]
    environ(environment)
    refused(door, 401, "unauthenticated", headers, {"colour": "red"})


@pytest.mark.parametrize("door", CLOSED)
def test_another_role_opens_nothing(door: Door, environ: Environ) -> None:
    """403, whichever other roles somebody has, all of them together, none, or one that looks alike."""
    assert door.role is not None
    others = sorted(ROLES - {door.role})
    environ(IN_AZURE)
    for roles in ([], *([role] for role in others), others, [door.role.lower()], [f"{door.role} "], ["*"]):
        refused(door, 403, "forbidden", principal(*roles), {"colour": "red"})
    for role in others:
        environ({**DEVELOPER, "DEVELOPMENT_ROLES": role})
        refused(door, 403, "forbidden", {}, {})


@pytest.mark.parametrize("door", CLOSED)
def test_a_forged_header_adds_nothing_to_the_developer(door: Door, environ: Environ) -> None:
    """Beside a development principal what a client claims to be is not read."""
    environ({**DEVELOPER, "DEVELOPMENT_ROLES": "Usage.Admin"})
    refused(door, 403, "forbidden", EVERYTHING, {})


@pytest.mark.parametrize("mark", [*AZURE_MARKS, "WEBSITE_AUTH_ENABLED"])
@pytest.mark.parametrize("door", CLOSED)
def test_the_developer_does_not_exist_in_azure(door: Door, mark: str, environ: Environ) -> None:
    """Where anything looks like Azure, the setting is an error that closes the door to everybody."""
    environ({**DEVELOPER, mark: "true"})
    for headers in ({}, EVERYTHING):
        refused(door, 500, "misconfigured", headers, {})


@pytest.mark.parametrize("door", CLOSED)
def test_the_role_opens_its_door(door: Door, environ: Environ, make_app: MakeApp) -> None:
    """Vouched for by EasyAuth, and not expired, it is enough alone; the door then looks at the query."""
    assert door.role is not None
    environ({**IN_AZURE, "DATA_STORAGE": make_app().environ["DATA_STORAGE"]})
    reader = principal(door.role, exp=str(int((datetime.now(UTC) + timedelta(hours=1)).timestamp())))
    file = {"X-File-Name": "team.csv", "Content-Type": "text/csv"} if door.takes else {}
    path = {"id": "98236457412000-9a55e1c07d1f4b7e"}
    assert knock(door.function, reader | file, path=path)[0].status_code in (200, 202, 404, 409)
    said = knock(door.function, reader | file, {"colour": "red"}, path=path)[1]
    assert said["type"] == "/problems/bad-parameter"


@pytest.mark.parametrize("door", OPEN)
def test_what_is_open_needs_nobody_and_nothing(door: Door, environ: Environ) -> None:
    """Without data, and the same whoever asks, also where no setting is right."""
    environ({"BACKFILL_DAYS": "many"})
    answers = []
    for headers in ({}, EVERYTHING, {PRINCIPAL: "%%%"}):
        response, _ = knock(door.function, headers)
        agree(door.function, Response(response.status_code, dict(response.headers), response.get_body()))
        answers.append((response.status_code, response.get_body()))
    assert answers == [(200, answers[0][1])] * 3
    assert knock(door.function, {}, {"colour": "red"})[0].status_code == 400
