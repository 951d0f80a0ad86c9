"""The law of silence: nothing that a source raises, shows or sends in a URL tells a key or a person."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from datetime import date

import httpx
import pytest

from shared.errors import SourceError
from shared.sources.claude_code_admin import fetch_day, read_day
from shared.sources.organization import USERS, look_around
from shared.sources.vendor import Vendor
from tests.sources.wire import KEY, Handler, error_of, in_turn, page, row, vendor

DAY = date(2026, 11, 9)
ADDRESS = "ana@example.com"
KEY_NAME = "ci-key-of-ana"
SECRETS = (KEY, ADDRESS, KEY_NAME)

#: A vendor, or whatever stands in its place, that repeats what it should not wherever it can.
LEAKY_HEADERS = {
    "request-id": KEY,
    "retry-after": KEY,
    "location": f"https://elsewhere.test/?k={KEY}",
    "content-type": f"text/{KEY}",
    "x-should-retry": ADDRESS,
}
LEAKY_BODY = {"error": {"type": ADDRESS, "message": KEY}, "request_id": KEY}
STATUSES = (200, 204, 302, 400, 401, 402, 403, 404, 408, 418, 429, 500, 529)


def leaky(status: int, **headers: str) -> Handler:
    return lambda _request: httpx.Response(status, json=LEAKY_BODY, headers={**LEAKY_HEADERS, **headers})


def failing(error: type[httpx.TransportError]) -> Handler:
    return in_turn(error(f"{KEY} {ADDRESS}"))


def ask(handler: Handler) -> Callable[[], object]:
    def act() -> object:
        with vendor(handler) as door:
            return door.get(USERS, {"after_id": "x"})

    return act


def read(*rows: object) -> Callable[[], object]:
    return lambda: read_day([page(*rows)], DAY)


def broken(look: Callable[[Vendor], object], *bodies: bytes) -> Callable[[], object]:
    def act() -> object:
        answers = [
            httpx.Response(200, content=body, headers={"content-type": "application/json"}) for body in bodies
        ]
        with vendor(in_turn(*answers)) as door:
            error = getattr(look(door), "broken")  # noqa: B009 - either kind of answer has it
        assert isinstance(error, SourceError)
        raise error

    return act


CASES: dict[str, Callable[[], object]] = {
    **{f"leaky {status}": ask(leaky(status)) for status in STATUSES},
    **{
        f"leaky JSON {status}": ask(leaky(status, **{"content-type": "application/json"}))
        for status in STATUSES[1:]
    },
    "its own 401": ask(in_turn(error_of(401, "authentication_error"))),
    "connect": ask(failing(httpx.ConnectError)),
    "protocol": ask(failing(httpx.LocalProtocolError)),
    "time-out": ask(failing(httpx.ReadTimeout)),
    "not a key": lambda: vendor(in_turn(), key=f"{KEY}\n{ADDRESS}"),
    "no JSON": ask(
        in_turn(httpx.Response(200, text=f"{KEY} {ADDRESS}", headers={"content-type": "application/json"}))
    ),
    "type": read(row(actor={"type": ADDRESS, "email_address": ADDRESS})),
    "address": read(row(actor={"type": "user_actor", "email_address": [ADDRESS]})),
    "key's name": read(row(actor={"type": "api_actor", "api_key_name": {KEY_NAME: 1}})),
    "population": read(row(customer_type=[ADDRESS])),
    "date": read(row(date=ADDRESS)),
    "organisation": read(row(organization_id=KEY_NAME)),
    "tool": read(row(tool_actions={ADDRESS: {"accepted": -1, "rejected": KEY_NAME}})),
    "currency": read(row(model_breakdown=[{"estimated_cost": {"amount": 1, "currency": ADDRESS}}])),
    "amount": read(row(model_breakdown=[{"estimated_cost": {"amount": KEY_NAME, "currency": "USD"}}])),
    "bytes": lambda: read_day([f'{{"data":["{ADDRESS}'.encode() + b'\xff"]}'], DAY),
    "cursor": broken(lambda door: fetch_day(door, DAY), page(row(), has_more=True, next_page=KEY_NAME)),
    "next_page": broken(lambda door: fetch_day(door, DAY), page(row(), has_more=True, next_page=[KEY_NAME])),
    "organisation's id": broken(look_around, f'{{"id":"{KEY_NAME}","name":"{ADDRESS}"}}'.encode()),
}


@pytest.mark.parametrize("name", CASES)
def test_no_error_tells_a_key_or_a_person(name: str) -> None:
    """Neither an error's text nor its repr, action or traceback repeats a key, an address or a key's name."""
    with pytest.raises(SourceError) as caught:
        CASES[name]()
    error = caught.value
    told = [str(error), repr(error), error.action, *traceback.format_exception(error)]
    assert not [secret for secret in SECRETS for text in told if secret in text]
    assert error.action


def test_a_vendor_does_not_show_its_key() -> None:
    """The repr names the place only, and the key travels in a header, never in a URL."""
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        return httpx.Response(200, json={})

    with vendor(handler) as door:
        door.get(USERS, {"limit": 1})
        assert KEY not in repr(door)
        assert KEY not in str(door)
    assert seen
    assert KEY not in seen[0]
