"""The circuit breaker of a live source: when it opens, when one run may probe, when it closes. Pure.

What it is told is how a run ended for the vendor, not for us: a refusal (401, 403, another organisation) is
an answer, of a vendor that is there; it alerts in its own way and never opens the circuit.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from shared.heads import Breaker

#: So many runs running without an answer open the circuit.
FAILURES = 5

#: An open circuit lets one run through after this long: each hour's timer, and no reader in between.
PAUSE = timedelta(minutes=30)

Heard = Literal["answer", "failure", "limit", "nothing"]
"""What a run heard: an answer; none; 429 until its patience or its time ended; or it did not get to ask."""


def after(breaker: Breaker, heard: Heard, now: datetime) -> Breaker:
    """The breaker after a run that was let through and ended now."""
    if heard == "answer":
        return Breaker()
    failures = breaker.failures + (heard != "nothing")
    if breaker.state == "open":
        return msgspec.structs.replace(breaker, failures=failures, probe_at=now + PAUSE)
    if heard == "limit" or failures >= FAILURES:
        return Breaker("open", failures, opened_at=now, probe_at=now + PAUSE)
    return Breaker(failures=failures)
