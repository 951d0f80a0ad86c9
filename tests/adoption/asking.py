"""A reader of the app: asks as a door would, and reads what comes back."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shared.api.adoption import get_adoption
from shared.api.engineers import get_engineers
from shared.api.problems import answered
from shared.api.responses import Request, Response
from shared.api.status import get_status
from shared.app import App
from tests.api.agreeing import agree

LOG = logging.getLogger("tests.asking")


@dataclass(frozen=True)
class Answered:
    """One response, read."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def document(self) -> dict[str, Any]:
        """The JSON body; its numbers are exact."""
        found = json.loads(self.body, parse_float=Decimal)
        assert isinstance(found, dict)
        return found

    @property
    def periods(self) -> dict[str, dict[str, Any]]:
        """The periods by their labels."""
        return {period["label"]: period for period in self.document["periods"]}

    @property
    def statuses(self) -> dict[str, str]:
        """What each check says."""
        found = self.document.get("checks") or self.document["trust"]["checks"]
        return {check["name"]: check["status"] for check in found}


def ask(app: App, headers: Mapping[str, str] | None = None, /, **params: str) -> Answered:
    """``GET /api/adoption``; ``from_`` is the parameter ``from``."""
    query = {name.rstrip("_"): value for name, value in params.items()}
    return _answered(app, get_adoption, Request("GET", query, headers or {}), "get_adoption")


def ask_status(app: App, headers: Mapping[str, str] | None = None, /, **params: str) -> Answered:
    """``GET /api/status``."""
    return _answered(app, get_status, Request("GET", params, headers or {}), "get_status")


def ask_engineers(app: App, headers: Mapping[str, str] | None = None, /, **params: str) -> Answered:
    """``GET /api/engineers``."""
    return _answered(app, get_engineers, Request("GET", params, headers or {}), "get_engineers")


def _answered(app: App, work: Callable[[App, Request], Response], request: Request, door: str) -> Answered:
    """What the door says; whatever it is, the contract knows it."""
    response = answered(
        lambda: work(app, request), correlation_id="c-1", demo=bool(app.settings.demo_world), log=LOG
    )
    agree(door, response)
    return Answered(response.status, response.headers, response.body)
