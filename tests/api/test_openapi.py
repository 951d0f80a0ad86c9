"""Laws of the contract: it is OpenAPI, it is whole, and it says what is sent."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import azure.functions as func
import jsonschema_rs
import msgspec
import pytest

from local.places import ROOT
from shared import __version__
from shared.api.doors import DOORS, Door
from shared.api.examples import EXAMPLES, problem_like
from shared.api.openapi import contract, get_openapi
from shared.api.problems import PROBLEMS, ProblemType, problem_response
from shared.api.responses import JSON, Request, Response, json_bytes, json_response
from shared.api.schemas import schema_of, schemas_of
from shared.records import Figure
from shared.settings import ROLES
from tests.api.agreeing import agree, document
from tests.api.examples import WRITE

GET = Request("GET")

#: Problems that each door can answer, one after the other.
REFUSALS = [
    pytest.param(door, kind, id=f"{door.function}-{kind.name}") for door in DOORS for kind in door.problems
]


def test_the_doors_are_those_that_azure_is_told_of(functions: list[func.Function]) -> None:
    """Each HTTP function has its entry with its own route, and no entry is without a function."""
    routes = {}
    for function in functions:
        trigger = json.loads(function.get_raw_bindings()[0])
        if trigger["type"] == "httpTrigger":
            (method,) = trigger["methods"]
            routes[function.get_function_name()] = method, "/" + trigger["route"]
    assert {door.function: (door.method, door.path) for door in DOORS} == routes


def test_it_is_openapi_and_everybody_may_keep_it() -> None:
    """3.1, of this version, with a tag of its own; no sign-in, since it holds no data."""
    response = get_openapi(GET, demo=False)
    agree("get_openapi", response)
    told = json.loads(response.body)
    assert (told["openapi"], told["info"]["version"]) == ("3.1.0", __version__)
    assert response.headers["Cache-Control"].startswith("public, ")
    tag = response.headers["ETag"]
    assert get_openapi(Request("GET", {}, {"If-None-Match": tag}), demo=False).status == 304


def test_a_demo_s_contract_says_so() -> None:
    """Each response of a demo is marked."""
    assert json.loads(get_openapi(GET, demo=True).body)["x-demo"] is True


def test_each_reference_leads_somewhere() -> None:
    """No schema, header or example is referred to that is not there, and none is there for nobody."""
    told = document()
    text = json.dumps(told)
    for part, entries in told["components"].items():
        for name in entries:
            assert part == "securitySchemes" or f'"#/components/{part}/{name}"' in text, name
    for reference in set(_references(told)):
        _, components, part, name = reference.split("/")
        assert components == "components"
        assert name in told["components"][part]


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if "$ref" in value else []
        return own + [found for one in value.values() for found in _references(one)]
    return [found for one in value for found in _references(one)] if isinstance(value, list) else []


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.function)
def test_each_door_is_told_whole(door: Door) -> None:
    """An operation has its name, its role, each parameter with meaning and example, and its responses."""
    operation = document()["paths"][door.path][door.method.lower()]
    assert operation["operationId"] == door.function
    assert operation["security"] == ([{"entra": [door.role]}] if door.role else [])
    assert door.role is None or door.role in ROLES
    told = [one for one in operation["parameters"] if one["name"] != "If-None-Match"]
    assert [(one["name"], one["in"]) for one in told] == [(one.name, one.place) for one in door.parameters]
    assert set(operation.get("requestBody", {}).get("content", ())) == {*door.takes}
    for one in told:
        assert one["description"].endswith(".")
        jsonschema_rs.Draft202012Validator(one["schema"], validate_formats=True).validate(one["example"])
    assert set(operation["responses"]) == {
        str(door.status),
        *(["304"] if door.tagged else []),
        *(str(kind.status) for kind in door.problems),
    }


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.function)
def test_the_examples_agree(door: Door) -> None:
    """The example of what a door answers when all is well is one that it could send."""
    response = json_response(EXAMPLES[door.function], GET)
    told = {"Location": ""} if door.status == 202 else {}
    agree(door.function, Response(door.status, {**response.headers, **told}, response.body))


@pytest.mark.parametrize(("door", "kind"), REFUSALS)
def test_each_problem_agrees(door: Door, kind: ProblemType) -> None:
    """A problem of each type that a door declares, as it is sent, is one that the contract tells of."""
    response = problem_response(problem_like(kind), correlation_id="c-1", demo=True)
    agree(door.function, response)
    told = document()["components"]["examples"]
    shown = [one["value"] for one in told.values() if one["value"]["type"] == kind.uri]
    assert [one.keys() for one in shown] == [json.loads(response.body).keys() - {"demo"}]


def test_every_problem_belongs_to_a_door() -> None:
    """A type that no door can answer would be a promise to nobody."""
    assert {kind.name for door in DOORS for kind in door.problems} == {kind.name for kind in PROBLEMS}


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.pop("granularity"),
        lambda body: body.update(colour="red"),
        lambda body: body["answer"].pop("reason"),
        lambda body: body["periods"][0]["figures"]["cost"].update(low="41"),
        lambda body: body["periods"][0].update(basis="sessions"),
        lambda body: body.update(dataAsOf="yesterday"),
        lambda body: body["trust"].update(checks=None),
    ],
)
def test_what_does_not_agree_is_found(change: Any) -> None:
    """A field that is missing, unknown, of another type, value or form is a failure."""
    body = json.loads(json_bytes(EXAMPLES["get_adoption"]))
    response = json_response(body, GET)
    agree("get_adoption", response)
    change(body)
    with pytest.raises(jsonschema_rs.ValidationError):
        agree("get_adoption", json_response(body, GET))


class _Sent(msgspec.Struct, rename="camel"):
    """A struct with a field of each kind. It says ``null``."""

    some_day: date
    at: datetime | None
    price: Decimal | int | None
    names: tuple[str, ...] = ()
    figures: dict[date, Figure] = {}
    figure: Figure | None = None


def test_a_schema_says_what_the_encoder_does() -> None:
    """Decimals are numbers, moments and days have their formats, and fields with defaults are sent, too."""
    schemas = schemas_of([list[_Sent]])
    assert set(schemas) == {"_Sent", "Figure"}
    assert schemas["_Sent"]["required"] == ["someDay", "at", "price", "names", "figures", "figure"]
    assert schemas["_Sent"]["properties"] == {
        "someDay": {"type": "string", "format": "date"},
        "at": {"type": ["string", "null"], "format": "date-time"},
        "price": {"type": ["number", "null"]},
        "names": {"type": "array", "items": {"type": "string"}},
        "figures": {
            "type": "object",
            "propertyNames": {"type": "string", "format": "date"},
            "additionalProperties": {"$ref": "#/components/schemas/Figure"},
        },
        "figure": {"anyOf": [{"$ref": "#/components/schemas/Figure"}, {"type": "null"}]},
    }
    assert schemas["_Sent"]["description"] == "A struct with a field of each kind. It says `null`."
    sent = _Sent(date(2026, 11, 2), datetime(2026, 11, 2, tzinfo=UTC), Decimal("1.5"))
    whole = {"components": {"schemas": schemas}, **schema_of(_Sent)}
    assert jsonschema_rs.is_valid(whole, json.loads(json_bytes(sent)), validate_formats=True)


def test_what_is_never_sent_has_no_schema() -> None:
    """A type that the encoder would write in a way nobody thought of is found when the contract is made."""
    with pytest.raises(TypeError, match="nothing that this app sends"):
        schema_of(bytes)


def test_the_contract_is_json() -> None:
    """The type of the contract is the one that its door sends."""
    assert get_openapi(GET, demo=False).headers["Content-Type"] == JSON


def test_the_page_s_client_is_made_of_this_contract() -> None:
    """``web/openapi.json`` is the contract, of which ``npm run generate`` makes the client's types.

    After a change of the contract: ``WRITE_EXAMPLES=1 python3 dev.py test tests/api/test_openapi.py``.
    """
    kept = ROOT / "web" / "openapi.json"
    told = msgspec.json.format(msgspec.json.encode(contract()), indent=1).decode() + "\n"
    if WRITE:
        kept.write_text(told, encoding="utf-8")
    assert kept.read_text(encoding="utf-8") == told, "web/openapi.json is behind: see the docstring"
