"""Whether a live source is to be asked now, and whether what it said is stale. Pure: for runs and readers.

A source that is locked is not part of the plan: it is asked seldom, so that the day on which it opens is
noticed and nobody is bothered until then. One whose circuit is open is left alone until its next probe.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from shared.breaker import PAUSE
from shared.heads import Head

#: A locked source is asked every six hours: the schedule's sixth run, though it may be some minutes early.
LOCKED_FOR = timedelta(hours=5, minutes=45)

#: What was heard is fresh for an hour, and for as long as the hourly run that replaces it may take.
FRESH = timedelta(hours=1, minutes=15)


def left_alone_until(head: Head, now: datetime) -> datetime | None:
    """Until when a locked source, or one whose circuit is open, is left alone; None where it may be asked.

    A moment that is further off than the pause is long was set by a clock that is wrong.
    """
    access, until, pause = head.access, head.breaker.probe_at, PAUSE
    if access.state == "locked" and access.at is not None:
        until, pause = access.at + LOCKED_FOR, LOCKED_FOR
    return until if until is not None and now < until <= now + pause else None


def is_probed(head: Head) -> bool:
    """Whether nobody knows if the source answers, so that a run asks one thing at a time until it does."""
    return head.access.state == "locked" or head.breaker.state == "open"


def is_stale(head: Head, now: datetime) -> bool:
    """Whether what is stored of a source that is not locked is older than the schedule would leave it."""
    if head.access.state == "locked" or head.data_as_of is None:
        return False
    return now - head.data_as_of > FRESH


def may_answer(head: Head, now: datetime) -> bool:
    """Whether a refresh that a reader asks for could help: not where an operator must mend a key first."""
    return head.access.state != "denied" and left_alone_until(head, now) is None
