"""HTTP triggers and the admin endpoint, as one ASGI application."""

import json
import logging
import re
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

from azure.functions import meta
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, QueryParams
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Lifespan

from local.host.errors import HostError
from local.host.functions import Function, encode_response
from local.host.page import Page

log = logging.getLogger("local.host")

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
OUR_NAMES = ("127.0.0.1", "localhost", "[::1]")
"""A page on the web must not reach us by giving its own name this machine's address."""

Invoke = Callable[[str], object]
"""Runs a function now, given the `input` of an admin request."""


def application(
    functions: Sequence[Function],
    *,
    prefix: str,
    origins: Sequence[str],
    admin: Mapping[str, Invoke],
    page: Path | None = None,
    lifespan: Lifespan[Starlette] | None = None,
) -> Starlette:
    """Answers the routes of the HTTP functions among `functions`, and runs those in `admin` when asked to.

    Where no route is meant, it answers with the files of the folder `page`.
    """
    routes = [_route(function, prefix) for function in functions if function.kind == "httpTrigger"]
    routes.append(Route("/admin/functions/{name}", _admin(functions, admin), methods=["POST"]))
    middleware = [Middleware(TrustedHostMiddleware, allowed_hosts=list(OUR_NAMES))]
    if origins:
        cors = Middleware(
            CORSMiddleware, allow_origins=list(origins), allow_methods=["*"], allow_headers=["*"]
        )
        middleware.append(cors)
    made = Starlette(routes=routes, middleware=middleware, lifespan=lifespan)
    if page is not None:
        made.router.default = Page(page, made.router.default)
    return made


def route_of(function: Function, prefix: str) -> str:
    """The path of an HTTP function. Raises HostError for a template that this host does not know."""
    template = str(function.trigger.get("route") or function.name)
    if re.search(r"\{(?!\w+\})", template):
        raise HostError(f"{function.name}: this host knows only {{name}} in a route, not {template!r}.")
    return "/" + "/".join(part for part in (prefix, template.strip("/")) if part)


def methods_of(function: Function) -> tuple[str, ...]:
    return tuple(function.trigger.get("methods") or METHODS)


def _route(function: Function, prefix: str) -> Route:
    async def endpoint(request: Request) -> Response:
        started = monotonic()
        data = _datum(request, await request.body())
        response = await run_in_threadpool(_answer, function, data)
        took = (monotonic() - started) * 1000
        log.info("%s %s %d in %.0f ms", request.method, request.url.path, response.status_code, took)
        return response

    route = Route(route_of(function, prefix), endpoint, methods=list(methods_of(function)))
    route.methods = set(methods_of(function))  # GET alone does not mean HEAD, too
    return route


def _answer(function: Function, data: meta.Datum) -> Response:
    try:
        returned = function.invoke(data)
        if returned is None:
            return Response(status_code=204)
        encoded = encode_response(returned)
    except Exception:  # noqa: BLE001 - the caller learns that it failed, the terminal learns why
        log.error("%s: failed\n%s", function.name, traceback.format_exc())
        return Response(status_code=500)
    if encoded.type == "string":
        return Response(encoded.value, media_type="text/plain")
    value = encoded.value
    response = Response(value["body"].value, status_code=int(value["status_code"].value))
    for name, header in value["headers"].items():
        response.headers[name] = header.value
    for cookie in value["cookies"] or ():
        for morsel in cookie.values():
            response.headers.append("set-cookie", morsel.OutputString())
    return response


def _datum(request: Request, body: bytes) -> meta.Datum:
    """A request as the Functions host words it for its workers: what occurs twice is joined by commas."""
    value = {
        "method": meta.Datum(request.method, "string"),
        "url": meta.Datum(str(request.url), "string"),
        "headers": _joined(request.headers),
        "query": _joined(request.query_params),
        "params": {name: meta.Datum(value, "string") for name, value in request.path_params.items()},
        "body": meta.Datum(body, "bytes"),
    }
    return meta.Datum(value, "http")


def _joined(pairs: Headers | QueryParams) -> dict[str, meta.Datum]:
    joined: dict[str, str] = {}
    for name, value in pairs.multi_items() if isinstance(pairs, QueryParams) else pairs.items():
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return {name: meta.Datum(value, "string") for name, value in joined.items()}


def _admin(functions: Sequence[Function], admin: Mapping[str, Invoke]) -> Any:
    known = {function.name for function in functions}

    async def endpoint(request: Request) -> Response:
        name = request.path_params["name"]
        if "origin" in request.headers:
            return _problem(403, "The admin endpoint is not for web pages.")
        if name not in known:
            return _problem(404, f"There is no function {name}.")
        if name not in admin:
            return _problem(400, f"{name} answers HTTP: call its route.")
        try:
            text = _input(await request.body())
        except ValueError:
            return _problem(400, 'The body must be JSON like {"input": "text"}.')
        threading.Thread(target=admin[name], args=(text,), name=f"admin-{name}", daemon=True).start()
        return Response(status_code=202)

    return endpoint


def _input(body: bytes) -> str:
    """The `input` of an admin request; what is not a text stands as JSON. Raises ValueError."""
    document = json.loads(body) if body.strip() else {}
    if not isinstance(document, dict):
        raise ValueError("not an object")  # noqa: TRY004 - for the caller it is as bad as no JSON
    given = document.get("input", "")
    return given if isinstance(given, str) else json.dumps(given)


def _problem(status: int, title: str) -> Response:
    return JSONResponse({"status": status, "title": title}, status, media_type="application/problem+json")
