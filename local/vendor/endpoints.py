"""The vendor's endpoints: who may ask, and which question goes where."""

from __future__ import annotations

from collections.abc import Callable

from local.vendor.analytics import PREFIX, Analytics
from local.vendor.enterprise import REVOKED_ANALYTICS_KEY
from local.vendor.exchange import Document, Request
from local.vendor.lists import page_of
from local.vendor.problems import Refusal
from local.vendor.report import Report
from local.vendor.world import World

REPORT_PATH = "/v1/organizations/usage_report/claude_code"
API_VERSION = "2023-06-01"  # contract section 0: pinned in every request


class Endpoints:
    """What the vendor answers about one world, when nothing goes wrong."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._analytics = Analytics(world)
        self._paths: dict[str, Callable[[Request], Document]] = {
            REPORT_PATH: Report(world).page,
            "/v1/organizations/me": self._me,
            "/v1/organizations/users": lambda request: page_of(world.members, request),
            "/v1/organizations/invites": lambda request: page_of(world.invites, request),
            "/v1/organizations/api_keys": lambda request: page_of(
                world.api_keys, request, names_ends_at_end=False
            ),
        }

    def document(self, request: Request) -> Document:
        """The document that answers the request. Raises Refusal with the contract's error."""
        self._identify(request)
        if request.path.startswith(PREFIX):
            return self._analytics.answer(request)
        self._authorize(request)
        answer = self._paths.get(request.path)
        if answer is None or request.method != "GET":
            raise Refusal(404, "Not found")
        return answer(request)

    def _identify(self, request: Request) -> None:
        """401 without a key that exists, 400 without the version."""
        key = request.headers.get("x-api-key")
        if not key:
            raise Refusal(401, "x-api-key header is required")
        is_analytics = key.startswith("sk-ant-api") and key != REVOKED_ANALYTICS_KEY
        if key != self._world.key and not is_analytics:
            raise Refusal(401, "invalid x-api-key")
        version = request.headers.get("anthropic-version")
        if version != API_VERSION:
            raise Refusal(400, f"anthropic-version: {'is not valid' if version else 'header is required'}")

    def _authorize(self, request: Request) -> None:
        """403 for a real key of the other kind: the Admin API wants an Admin key."""
        if request.headers["x-api-key"] != self._world.key:
            raise Refusal(403, "Missing required scopes. Got: ['read:analytics'] Needed: ['api:admin']")

    def _me(self, request: Request) -> Document:
        request.accept_only(())
        return self._world.organization.document()
