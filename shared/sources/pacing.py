"""How many requests a minute one key's organisation may be asked, over all endpoints and threads."""

from __future__ import annotations

import threading
from collections import deque
from typing import Protocol


class Pace(Protocol):
    """Whether a request may be sent at a moment of a monotonic clock, and when it was answered."""

    def wait(self, now: float) -> float:
        """Seconds until this is to be asked again; 0: the request may go, and ``answered`` must follow."""
        ...

    def answered(self, now: float) -> None:
        """The request that ``wait`` let through has its answer, or never will."""
        ...


class PerMinute:
    """At most so many requests in any minute, as the vendor counts them; threads and runs may share it.

    The vendor counts a request some time between its sending and its answer. So a place among those of the
    minute is taken when one is sent, and free again a minute after it was *answered*: then the two cannot
    lie in one minute, however long either was on its way.
    """

    #: Who waits for a place that is taken by a request under way looks again so often.
    POLL = 0.25

    def __init__(self, requests: int, seconds: float = 60.0) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._free_at: deque[float] = deque([float("-inf")] * requests)

    def wait(self, now: float) -> float:
        with self._lock:
            if not self._free_at:
                return self.POLL
            if self._free_at[0] <= now:
                self._free_at.popleft()
                return 0.0
            return self._free_at[0] - now

    def answered(self, now: float) -> None:
        with self._lock:
            self._free_at.append(now + self._seconds)
