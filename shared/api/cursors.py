"""Places in a paged list, as a client carries them: opaque, safe in a URL, and nothing that names anybody."""

from __future__ import annotations

import base64
import binascii
import re

#: A row's key: printable ASCII without a blank, well below what a URL can carry.
_PLACE = re.compile(r"[!-~]{1,120}")

_EXPECTED = "the nextCursor of the page before"


def cursor_of(place: str) -> str:
    """The cursor of a place; the place is a row's key."""
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def place_of(cursor: str) -> str:
    """The place of a cursor. Raises ValueError with what is expected."""
    try:
        place = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode(
            "ascii"
        )
    except (binascii.Error, ValueError):
        raise ValueError(_EXPECTED) from None
    if not _PLACE.fullmatch(place) or cursor_of(place) != cursor:
        raise ValueError(_EXPECTED)
    return place
