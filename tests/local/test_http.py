"""HTTP triggers: prefix, methods, route parameters, what a caller learns of a failure, and the admin door."""

from collections.abc import Callable
from typing import Any

import anyio
import httpx
import pytest

from local.host.host import Host
from tests.local.conftest import WriteApp
from tests.local.seen import seen

APP = """
import json

@app.route("things/{id}", methods=["GET"])
def things(req: func.HttpRequest) -> func.HttpResponse:
    told = {"id": req.route_params["id"], "params": dict(req.params), "agent": req.headers["User-Agent"]}
    return func.HttpResponse(json.dumps(told), mimetype="application/json", headers={"ETag": '"1"'})

@app.route("echo", methods=["POST"])
def echo(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(json.dumps(req.get_json()), status_code=201)

@app.route("raw", methods=["POST"])
def raw(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(req.get_body(), mimetype="application/octet-stream")

@app.route()
def plain(req: func.HttpRequest) -> str:
    return "text"

@app.route()
def nothing(req: func.HttpRequest) -> None: ...

@app.route()
def broken(req: func.HttpRequest) -> str:
    raise RuntimeError("sk-ant-admin-secret")
"""

Call = Callable[..., httpx.Response]


def caller(host: Host, base_url: str = "http://127.0.0.1:7071") -> Call:
    """Sends one request to the host's application, without a network."""

    def call(method: str, path: str, **options: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=host.application)
            async with httpx.AsyncClient(transport=transport, base_url=base_url) as client:
                return await client.request(method, path, **options)

        return anyio.run(send)

    return call


@pytest.fixture
def call(write_app: WriteApp) -> Call:
    return caller(Host(write_app(APP), {}, origins=["http://localhost:5173"]))


def test_a_route_has_the_prefix_and_its_parameters(call: Call) -> None:
    """A function sees its route parameters, its query and its headers; what it answers arrives unchanged."""
    answer = call("GET", "/api/things/a%20b?x=1&y=", headers={"User-Agent": "test"})
    assert answer.status_code == 200
    assert answer.json() == {"id": "a b", "params": {"x": "1", "y": ""}, "agent": "test"}
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["content-type"] == "application/json"


def test_what_occurs_twice_is_joined_by_commas(call: Call) -> None:
    """As the Functions host hands it to its workers."""
    assert call("GET", "/api/things/1?x=1&x=2").json()["params"] == {"x": "1,2"}


def test_bodies_and_statuses_pass(call: Call) -> None:
    """JSON goes in, and the function's own status comes out; bytes that are no text stay what they are."""
    answer = call("POST", "/api/echo", json={"a": [1]})
    assert (answer.status_code, answer.json()) == (201, {"a": [1]})
    every = bytes(range(256))
    assert call("POST", "/api/raw", content=every, headers={"Content-Type": "text/csv"}).content == every


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/things/1", 404),
        ("GET", "/api/nowhere", 404),
        ("POST", "/api/things/1", 405),
        ("HEAD", "/api/things/1", 405),
        ("GET", "/api/plain", 200),
        ("PUT", "/api/plain", 200),
        ("GET", "/api/nothing", 204),
    ],
)
def test_only_what_was_declared_is_there(call: Call, method: str, path: str, status: int) -> None:
    """A function without methods answers all of them; one with methods, these."""
    assert call(method, path).status_code == status


def test_a_caller_learns_that_it_failed_and_no_more(call: Call, caplog: pytest.LogCaptureFixture) -> None:
    """The reason is for the log alone."""
    answer = call("GET", "/api/broken")
    assert (answer.status_code, answer.content) == (500, b"")
    assert "sk-ant-admin-secret" in caplog.text


def test_the_developer_s_page_may_call_and_others_may_not(call: Call) -> None:
    """CORS is the local host's part: the origins of the settings file."""
    allowed = call("GET", "/api/plain", headers={"Origin": "http://localhost:5173"})
    assert allowed.headers["access-control-allow-origin"] == "http://localhost:5173"
    other = call("GET", "/api/plain", headers={"Origin": "http://evil.example"})
    assert "access-control-allow-origin" not in other.headers
    for origin, status in (("http://localhost:5173", 200), ("http://evil.example", 400)):
        asking = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-file-name"}
        assert call("OPTIONS", "/api/raw", headers={"Origin": origin, **asking}).status_code == status


def test_a_page_elsewhere_may_send_what_it_needs_and_reads_the_body_alone(call: Call) -> None:
    """A token, a tag, anything of its own. As in Azure, where the platform can expose no header, it is shown
    none: whoever wrote a page that reads one here would meet null there."""
    wanted = {
        "Origin": "http://localhost:5173",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization, if-none-match, x-anything",
    }
    asked = call("OPTIONS", "/api/things/1", headers=wanted)
    allowed = {name.strip().lower() for name in asked.headers["access-control-allow-headers"].split(",")}
    assert {"authorization", "if-none-match", "x-anything"} <= allowed
    assert "GET" in asked.headers["access-control-allow-methods"]
    answer = call("GET", "/api/things/1", headers={"Origin": wanted["Origin"], "User-Agent": "test"})
    assert "Origin" in answer.headers["vary"]
    assert "access-control-expose-headers" not in answer.headers


def test_a_strange_name_for_this_machine_is_refused(write_app: WriteApp) -> None:
    """A web page that points its own name at 127.0.0.1 reads nothing."""
    call = caller(Host(write_app(APP), {}), "http://evil.example:7071")
    assert call("GET", "/api/plain").status_code == 400


BACKGROUND = """
import threading
ran = threading.Event()

@app.queue_trigger("message", "jobs", "DATA_STORAGE")
def run_job(message: func.QueueMessage) -> None:
    seen.append(message.get_body().decode())
    ran.set()

@app.route("wait")
def wait(req: func.HttpRequest) -> str:
    return str(ran.wait(10))
"""


@pytest.fixture
def admin(write_app: WriteApp, storage: str) -> Call:
    environment = {"AzureWebJobsStorage": storage, "DATA_STORAGE": storage}
    return caller(Host(write_app(BACKGROUND), environment))


@pytest.mark.parametrize(
    ("body", "expected"), [('{"input": "text"}', "text"), ('{"input": {"a": 1}}', '{"a": 1}'), ("", "")]
)
def test_the_admin_door_runs_a_function_now(admin: Call, body: str, expected: str) -> None:
    """202 at once, and the function gets the input, as in Azure."""
    assert admin("POST", "/admin/functions/run_job", content=body).status_code == 202
    assert admin("GET", "/api/wait").text == "True"
    assert seen == [expected]


@pytest.mark.parametrize(
    ("path", "options", "status"),
    [
        ("/admin/functions/none", {}, 404),
        ("/admin/functions/wait", {}, 400),
        ("/admin/functions/run_job", {"content": "no json"}, 400),
        ("/admin/functions/run_job", {"content": "[1]"}, 400),
        ("/admin/functions/run_job", {"headers": {"Origin": "http://evil.example"}}, 403),
    ],
)
def test_the_admin_door_refuses(admin: Call, path: str, options: dict[str, Any], status: int) -> None:
    """What is unknown, not its business, not JSON, or from a web page."""
    assert admin("POST", path, **options).status_code == status
    assert seen == []
