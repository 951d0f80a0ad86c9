"""The Claude Enterprise Analytics API (contract section 3), to which no world has access yet.

The seam: a world on an Enterprise plan gets its answers here, from the same history and the same truth.
"""

from __future__ import annotations

from typing import NoReturn

from local.vendor.exchange import Request
from local.vendor.problems import Refusal

PREFIX = "/v1/organizations/analytics/"


def answer(request: Request) -> NoReturn:
    """No access: 403 for a key without the scope, 404 for an organisation that is not on Enterprise."""
    if request.headers.get("x-api-key", "").startswith("sk-ant-admin"):
        raise Refusal(403, "Missing required scopes. Got: ['api:admin'] Needed: ['read:analytics']")
    raise Refusal(404, "Not found")
