"""Who knocks at the doors: azure-functions' own requests, in an environment of the test's making."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import azure.functions as func
import pytest

import function_app
from shared.api.doors import DOORS
from shared.settings import AZURE_MARKS, SETTINGS

Environ = Callable[[Mapping[str, str]], None]

PRINCIPAL = "X-MS-CLIENT-PRINCIPAL"


class Context:
    """What the runtime tells a function of its call."""

    invocation_id = "invocation-7"
    function_name = "door"
    function_directory = "."
    trace_context = None
    retry_context = None
    thread_local_storage = None


def knock(
    door: str,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
    *,
    path: Mapping[str, str] | None = None,
    body: bytes = b"",
) -> tuple[func.HttpResponse, dict[str, Any]]:
    """What the function of that name says; the body read, where it is JSON."""
    (method,) = (one.method for one in DOORS if one.function == door)
    request = func.HttpRequest(
        method,
        "http://localhost:7071/api",
        headers=headers or {},
        params=params or {},
        route_params=path or {},
        body=body,
    )
    response = getattr(function_app, door)(request, Context())
    assert isinstance(response, func.HttpResponse)
    is_json = "json" in response.headers.get("Content-Type", "")
    return response, json.loads(response.get_body()) if is_json else {}


def principal(*roles: str, **claims: str) -> dict[str, str]:
    """The header of somebody with these roles, as EasyAuth writes it and anybody could."""
    told = [*(("roles", role) for role in roles), *claims.items()]
    document = {"auth_typ": "aad", "claims": [{"typ": typ, "val": val} for typ, val in told]}
    return {PRINCIPAL: base64.b64encode(json.dumps(document).encode()).decode()}


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch) -> Iterator[Environ]:
    """Sets this process's settings to exactly these, and lets the app be made anew."""

    def told(settings: Mapping[str, str]) -> None:
        for name in [*(setting.name for setting in SETTINGS), *AZURE_MARKS, "WEBSITE_AUTH_ENABLED"]:
            monkeypatch.delenv(name, raising=False)
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        function_app.the_app.cache_clear()

    yield told
    function_app.the_app.cache_clear()
