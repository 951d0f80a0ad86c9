"""How the vendor misbehaves when it is told to: one table of kinds, and the rules in force."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from local.vendor.endpoints import REPORT_PATH
from local.vendor.exchange import Answer, Document, Request
from local.vendor.problems import ERROR_TYPES, Refusal
from local.vendor.report import write_cursor

Manner = Literal["whole", "cut", "reset", "hang"]
ANNOUNCED_HUGE = 1 << 40  # bytes: more than any client can hold
OTHER_ORGANIZATION = "00000000-aaaa-4bbb-8ccc-dddddddddddd"
GATEWAY_PAGE = b"<!doctype html><html><head><title>%d</title></head><body>Not the vendor</body></html>\n"


@dataclass(frozen=True, slots=True)
class Delivery:
    """An answer and how it travels: whole, cut at half and closed, reset, or never.

    Its length is what its headers say, where they say one."""

    answer: Answer
    manner: Manner = "whole"
    delay_ms: float = 0


@dataclass(slots=True)
class Misbehaviour:
    """One rule. It applies to requests whose path begins with `path` and that ask for `day`, where given.

    The first `skip` of them pass unharmed, the next `times` do not; `times` None is always.
    """

    kind: str
    times: int | None = 1
    path: str | None = None
    day: date | None = None
    skip: int = 0
    milliseconds: float = 1_000
    retry_after: str = "1"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no misbehaviour is called {self.kind!r}; there are: {', '.join(KINDS)}")

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Misbehaviour:
        """A rule as JSON. Raises TypeError or ValueError where it is none."""
        day = document.get("day")
        return cls(**{**document, "day": date.fromisoformat(day) if day else None})

    def document(self) -> Document:
        """The rule as JSON."""
        return {
            "kind": self.kind,
            "times": self.times,
            "path": self.path,
            "day": self.day.isoformat() if self.day else None,
            "skip": self.skip,
        }

    def takes(self, request: Request) -> bool:
        """Does it strike this request? Counts the requests that it applies to."""
        if not request.path.startswith(self.path or "/") or not KINDS[self.kind].applies(request):
            return False
        if self.day is not None and request.parameter("starting_at") != self.day.isoformat():
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times is None:
            return True
        self.times -= 1
        return self.times >= 0

    def deliver(self, request: Request, good: Answer) -> Delivery:
        """What is sent in place of the good answer."""
        return KINDS[self.kind].deliver(self, request, good)


Deliver = Callable[[Misbehaviour, Request, Answer], Delivery]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of misbehaviour: what it is, what it does, and whether only to pages of the report."""

    description: str
    deliver: Deliver
    report_only: bool = False

    def applies(self, request: Request) -> bool:
        """Can this request be answered in this way?"""
        return not self.report_only or request.path == REPORT_PATH


def _refuse(status: int, headers: Mapping[str, str] | None = None) -> Deliver:
    def deliver(_rule: Misbehaviour, _request: Request, good: Answer) -> Delivery:
        refusal = Refusal(status, f"Simulated {ERROR_TYPES[status]}", headers)
        return Delivery(Answer.refusal(refusal, good.headers["request-id"]))

    return deliver


def _retry_after(rule: Misbehaviour, request: Request, good: Answer) -> Delivery:
    return _refuse(429, {"retry-after": rule.retry_after})(rule, request, good)


def _gateway(status: int) -> Deliver:
    """A status that only something in front of the vendor gives, so a page and not the vendor's error."""

    def deliver(_rule: Misbehaviour, _request: Request, _good: Answer) -> Delivery:
        return Delivery(Answer(status, GATEWAY_PAGE % status, {"content-type": "text/html"}))

    return deliver


def _travel(manner: Manner) -> Deliver:
    return lambda _rule, _request, good: Delivery(good, manner)


def _slow(rule: Misbehaviour, _request: Request, good: Answer) -> Delivery:
    return Delivery(good, delay_ms=rule.milliseconds)


def _truncated(_rule: Misbehaviour, _request: Request, good: Answer) -> Delivery:
    return Delivery(replace(good, body=good.body[: len(good.body) // 2]))


def _wrong_content_type(_rule: Misbehaviour, _request: Request, good: Answer) -> Delivery:
    return Delivery(replace(good, headers={**good.headers, "content-type": "text/plain"}))


def _huge(_rule: Misbehaviour, _request: Request, good: Answer) -> Delivery:
    return Delivery(replace(good, headers={**good.headers, "content-length": str(ANNOUNCED_HUGE)}), "cut")


def _html_page(_rule: Misbehaviour, _request: Request, _good: Answer) -> Delivery:
    return Delivery(Answer(200, GATEWAY_PAGE % 200, {"content-type": "text/html"}))


def _bend(bend: Callable[[Request, Document], None]) -> Deliver:
    """Change the document of a good answer; an error stays what it is."""

    def deliver(_rule: Misbehaviour, request: Request, good: Answer) -> Delivery:
        if good.status != 200:
            return Delivery(good)
        document: Document = json.loads(good.body)
        bend(request, document)
        return Delivery(Answer.of(document, headers=good.headers))

    return deliver


def _repeat_cursor(request: Request, document: Document) -> None:
    """The cursor that was sent comes back; the first page gets one that leads to itself."""
    day = date.fromisoformat(request.parameter("starting_at") or "")
    document["has_more"] = True
    document["next_page"] = request.parameter("page") or write_cursor(day, 0, request.moment)


def _drop_has_more(_request: Request, document: Document) -> None:
    document.pop("has_more", None)


def _drop_next_page(_request: Request, document: Document) -> None:
    document["has_more"] = True
    document.pop("next_page", None)


def _repeat_rows(request: Request, document: Document) -> None:
    """The first page leads to one that begins before its end: its last rows come twice."""
    if request.parameter("page") is None and (rows := _rows(document)):
        day = date.fromisoformat(request.parameter("starting_at") or "")
        document["has_more"] = True
        document["next_page"] = write_cursor(day, max(len(rows) - 2, 0), request.moment)


def _move_to_another_day(_request: Request, document: Document) -> None:
    for row in _rows(document):
        row["date"] = (date.fromisoformat(row["date"][:10]) - timedelta(days=1)).isoformat()


def _move_to_another_organization(_request: Request, document: Document) -> None:
    for row in _rows(document):
        row["organization_id"] = OTHER_ORGANIZATION


def _rows(document: Document) -> list[dict[str, Any]]:
    rows = document["data"]
    assert isinstance(rows, list)  # noqa: S101  our own report's
    return rows


KINDS: dict[str, Kind] = {
    **{
        str(status): Kind(f"{status} {kind}", _refuse(status))
        for status, kind in ERROR_TYPES.items()
        if status != 429
    },
    "408": Kind("408 with a gateway's page", _gateway(408)),
    "429": Kind("429 without Retry-After", _refuse(429)),
    "429-retry-after": Kind("429 with Retry-After (`retry_after`, default 1)", _retry_after),
    "500-do-not-retry": Kind("500 with x-should-retry: false", _refuse(500, {"x-should-retry": "false"})),
    "502": Kind("502 with a gateway's page", _gateway(502)),
    "503": Kind("503 with a gateway's page", _gateway(503)),
    "slow": Kind("the good answer after `milliseconds`", _slow),
    "hang": Kind("no answer until the client gives up", _travel("hang")),
    "reset": Kind("the connection is reset", _travel("reset")),
    "cut": Kind("half the body, then closed although Content-Length promised more", _travel("cut")),
    "truncated": Kind("half the body as if it were all", _truncated),
    "wrong-content-type": Kind("good JSON called text/plain", _wrong_content_type),
    "huge": Kind("the beginning of an answer that is said to be a TiB long", _huge),
    "html": Kind("200 with an HTML page", _html_page),
    "repeated-cursor": Kind("has_more with the cursor that was sent", _bend(_repeat_cursor), True),
    "missing-has-more": Kind("a page without has_more", _bend(_drop_has_more)),
    "has-more-without-next-page": Kind("has_more and no cursor", _bend(_drop_next_page), True),
    "repeated-rows": Kind(
        "a second page that begins with the last rows of the first", _bend(_repeat_rows), True
    ),
    "rows-of-another-day": Kind("rows of the day before", _bend(_move_to_another_day), True),
    "rows-of-another-organization": Kind(
        "rows of another organisation", _bend(_move_to_another_organization), True
    ),
}
