"""When a live source is asked, and when what it said is stale."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from shared.asking import is_stale, left_alone_until, may_answer
from shared.heads import Access, Breaker, Head
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
        (Access("locked", 403, at=NOW + timedelta(minutes=1)), None, False, True),
        (Access(), None, False, True),
    ],
)
def test_what_is_stale_and_what_is_worth_asking(
    access: Access, minutes_ago: int | None, stale: bool, asked: bool
) -> None:
    """An hour and a run's length; nothing is stale of a source that is locked or never said anything, and who
    must mend a key is not helped by asking. What was heard in the future was heard by a wrong clock."""
    head = Head(access, data_as_of=heard(minutes_ago))
    assert (is_stale(head, NOW), may_answer(head, NOW)) == (stale, asked)
    assert (left_alone_until(head, NOW) is None) == (asked or access.state == "denied")


@pytest.mark.parametrize(("minutes", "asked"), [(-1, True), (0, True), (1, False), (30, False), (31, True)])
def test_a_circuit_is_left_alone_for_no_longer_than_its_pause(minutes: int, asked: bool) -> None:
    """A probe that is further off was set by an instance whose clock is ahead."""
    head = Head(Access("failed", 503), breaker=Breaker("open", 5, NOW, NOW + timedelta(minutes=minutes)))
    assert may_answer(head, NOW) == asked
