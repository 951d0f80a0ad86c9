"""Whether a live source is to be asked at all now. Pure: for the runs that ask it, and for readers.

A source that is locked is not part of the plan: it is asked seldom, so that the day on which it opens is
noticed and nobody is bothered until then.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from shared.heads import Head

#: A locked source is asked every six hours: the schedule's sixth run, though it may be some minutes early.
LOCKED_FOR = timedelta(hours=5, minutes=45)


def asked_again(head: Head) -> datetime | None:
    """The moment before which a locked source is left alone; None where it is not locked."""
    access = head.access
    return access.at + LOCKED_FOR if access.state == "locked" and access.at is not None else None
