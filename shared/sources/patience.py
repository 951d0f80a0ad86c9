"""How long one question is asked again, and how long is waited between two attempts.

The vendor's 429 often names no usable moment and its limits are counted by the minute, so patience
with it exceeds 60 s; a moment that is named is honoured.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from shared.errors import SourceError, SourceUnavailable

#: Seconds for which one question is asked again, and the attempts that it gets in any case.
PATIENCE = 45.0
PATIENCE_WHEN_LIMITED = 90.0
FEWEST_ATTEMPTS = 3

#: Seconds between two attempts: exponential with full jitter, unless the vendor names a moment.
FIRST_PAUSE = 1.0
SHORTEST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
LONGEST_RETRY_AFTER = 60.0

#: Those who wait for one moment come back spread over this many seconds after it.
SPREAD = 1.0


class Fault(Exception):
    """One attempt failed and another may succeed; ``becomes`` is raised once patience ends."""

    def __init__(
        self,
        what: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        becomes: type[SourceError] = SourceUnavailable,
    ) -> None:
        self.status = status
        self.retry_after = retry_after
        self.becomes = becomes
        super().__init__(what)

    def outlasts_patience(self, attempts: int, seconds: float) -> bool:
        """Whether so many attempts over so many seconds were enough."""
        patience = PATIENCE_WHEN_LIMITED if self.status == 429 else PATIENCE
        return attempts >= FEWEST_ATTEMPTS and seconds >= patience

    def pause(self, attempts: int, rng: Callable[[], float]) -> float:
        """Seconds to wait after so many attempts; ``rng`` gives numbers from 0 to 1."""
        if self.retry_after is not None:
            return self.retry_after + rng() * SPREAD
        ceiling = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(attempts - 1, 10))
        return max(SHORTEST_PAUSE, rng() * ceiling)


def retry_after_seconds(text: str, now: datetime) -> float | None:
    """Seconds that a ``Retry-After`` header asks for, at most 60.

    It is a number of seconds or an HTTP date; None where it says nothing usable, or a moment that
    is not in the future.
    """
    text = text.strip()
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text):
        seconds = float(text)
    else:
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, OverflowError):
            return None
        seconds = (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds()
    return min(seconds, LONGEST_RETRY_AFTER) if seconds > 0 else None
