"""When a live source is asked, and when what it said is stale."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from shared.asking import asked_again, is_stale, may_answer
from shared.heads import Access, Head
from tests.conftest import MONDAY_NOON as NOW


def heard(minutes_ago: int | None) -> datetime | None:
    return None if minutes_ago is None else NOW - timedelta(minutes=minutes_ago)


@pytest.mark.parametrize(
    ("access", "minutes_ago", "stale", "asked"),
    [
        (Access("ok"), 0, False, True),
        (Access("ok"), 75, False, True),
        (Access("ok"), 76, True, True),
        (Access("failed", 503), 76, True, True),
        (Access("failed", 503), None, False, True),
        (Access("denied", 401), 76, True, False),
        (Access("locked", 403, at=NOW), 76, False, False),
        (Access("locked", 403, at=NOW - timedelta(minutes=344)), None, False, False),
        (Access("locked", 403, at=NOW - timedelta(minutes=345)), None, False, True),
        (Access(), None, False, True),
    ],
)
def test_what_is_stale_and_what_is_worth_asking(
    access: Access, minutes_ago: int | None, stale: bool, asked: bool
) -> None:
    """An hour and a run's length; nothing is stale of a source that is locked or never said anything, and who
    must mend a key is not helped by asking."""
    head = Head(access, data_as_of=heard(minutes_ago))
    assert (is_stale(head, NOW), may_answer(head, NOW)) == (stale, asked)
    assert (asked_again(head) is not None) == (access.state == "locked")
