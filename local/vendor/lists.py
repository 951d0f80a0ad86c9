"""The lists of contract section 2: users, invites and API keys, paged by id in either direction."""

from __future__ import annotations

from collections.abc import Sequence

from local.vendor.exchange import Document, Request
from local.vendor.organization import Listed
from local.vendor.problems import Refusal

PARAMETERS = ("limit", "after_id", "before_id")


def page_of(listed: Sequence[Listed], request: Request, *, names_ends_at_end: bool = True) -> Document:
    """The page that was asked for. Raises Refusal for what the contract does not allow.

    `first_id` and `last_id` may be absent: they are on an empty page, and on the list's last page unless
    `names_ends_at_end`.
    """
    request.accept_only(PARAMETERS)
    limit = request.limit()
    after, before = request.parameter("after_id"), request.parameter("before_id")
    if after is not None and before is not None:
        raise Refusal(400, "after_id and before_id: only one of them may be given")
    if before is not None:
        end = _position(listed, before, "before_id")
        begin = max(0, end - limit)
        has_more = begin > 0
    else:
        begin = 0 if after is None else _position(listed, after, "after_id") + 1
        end = min(len(listed), begin + limit)
        has_more = end < len(listed)
    page = listed[begin:end]
    document: Document = {"data": [row.document() for row in page], "has_more": has_more}
    if page and (has_more or names_ends_at_end):
        document |= {"first_id": page[0].id, "last_id": page[-1].id}
    return document


def _position(listed: Sequence[Listed], wanted: str, parameter: str) -> int:
    for position, row in enumerate(listed):
        if row.id == wanted:
            return position
    raise Refusal(400, f"{parameter}: Invalid id")
