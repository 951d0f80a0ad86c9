"""From the runtime's request to ours, and from our response to the runtime's."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable

import azure.functions as func

from shared.api.problems import answered
from shared.api.responses import Request, Response, compressed

_log = logging.getLogger("scoreboard")


def answer(
    req: func.HttpRequest, context: func.Context, respond: Callable[[Request], Response]
) -> func.HttpResponse:
    """What ``respond`` says to the request, or the problem document of whatever it raised."""
    request = Request(req.method or "GET", req.params, req.headers, req.route_params, req.get_body() or b"")
    answer = answered(
        lambda: respond(request), correlation_id=context.invocation_id, demo=is_demo(), log=_log
    )
    response = compressed(answer, request)
    return func.HttpResponse(response.body, status_code=response.status, headers=dict(response.headers))


def is_demo() -> bool:
    """Whether the data are simulated; asked of the environment, because settings may be unusable."""
    return bool(os.environ.get("DEMO_WORLD", "").strip())
