"""`GET /v1/organizations/usage_report/claude_code`: one UTC day a request, in pages (contract section 1)."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections import OrderedDict
from datetime import UTC, date, datetime, time, timedelta

from local.vendor.draw import draw
from local.vendor.exchange import Document, Request
from local.vendor.problems import Refusal
from local.vendor.rows import rows_of
from local.vendor.world import SHOWN_AFTER, World

PARAMETERS = ("starting_at", "limit", "page")
DAYS_REMEMBERED = 16  # rows are rendered once for all pages of a day

Cursor = tuple[int, datetime]
"""How many rows were given so far, and the moment as of which the first page was read."""


class Report:
    """The report of one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rendered: OrderedDict[tuple[object, ...], list[Document]] = OrderedDict()
        self._lock = threading.Lock()

    def page(self, request: Request) -> Document:
        """The page that was asked for. Raises Refusal for what the contract does not allow.

        A cursor carries the moment of its first page: what arrives later neither repeats nor loses a row.
        """
        request.accept_only(PARAMETERS)
        day = _day(request.parameter("starting_at"))
        limit = request.limit()
        sent = request.parameter("page")
        begin, as_of = (0, request.moment) if sent is None else read_cursor(sent, day)
        rows = self._rows(day, as_of)
        end = begin + limit
        document: Document = {"data": rows[begin:end], "has_more": end < len(rows)}
        if end < len(rows):
            document["next_page"] = write_cursor(day, end, as_of)
        elif not rows or draw(self._world.seed, day, "next_page").random() < 0.5:
            document["next_page"] = None  # and absent otherwise: both mean the end
        return document

    def _rows(self, day: date, as_of: datetime) -> list[Document]:
        """The rows that the day has at that moment: rendered once, and for good when the day is final."""
        world = self._world
        with self._lock:
            final = as_of - SHOWN_AFTER - timedelta(days=1) >= datetime.combine(day, time(), tzinfo=UTC)
            key = (day, world.revision(day), None if final else as_of)
            if key not in self._rendered:
                self._rendered[key] = rows_of(
                    day,
                    world.uses(day, as_of=as_of),
                    organization_id=world.organization.id,
                    seed=world.seed,
                )
            self._rendered.move_to_end(key)
            if len(self._rendered) > DAYS_REMEMBERED:
                self._rendered.popitem(last=False)
            return self._rendered[key]


def write_cursor(day: date, offset: int, as_of: datetime) -> str:
    """An opaque cursor, good for that day only."""
    text = json.dumps([day.isoformat(), offset, as_of.isoformat()])
    return "page_" + base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(text: str, day: date) -> Cursor:
    """What a cursor says. Raises Refusal where it is not one of ours, or is another day's."""
    coded = text.removeprefix("page_")
    try:
        of_day, offset, as_of = json.loads(base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)))
        if of_day != day.isoformat() or offset < 0:
            raise ValueError("another day's cursor")
        return offset, datetime.fromisoformat(as_of).astimezone(UTC)
    except (ValueError, TypeError) as error:
        raise Refusal(400, "page: Invalid page token") from error


def _day(sent: str | None) -> date:
    if sent is None:
        raise Refusal(400, "starting_at: Field required")
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", sent, re.ASCII):
            raise ValueError("another form")
        return date.fromisoformat(sent)
    except ValueError as error:
        raise Refusal(400, "starting_at: Input should be a valid date, YYYY-MM-DD") from error
