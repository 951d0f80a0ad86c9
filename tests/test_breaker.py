"""The circuit breaker of a live source: when it opens, when one run may probe, when it closes."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.asking import is_probed, left_alone_until
from shared.breaker import FAILURES, PAUSE, Heard, after
from shared.heads import Breaker, Head
from tests.conftest import MONDAY_NOON as NOW

CLOSED = Breaker()
OPEN = Breaker("open", FAILURES, NOW - timedelta(hours=1), NOW)


@pytest.mark.parametrize(
    ("before", "heard", "then"),
    [
        (CLOSED, "answer", CLOSED),
        (CLOSED, "nothing", CLOSED),
        (CLOSED, "failure", Breaker(failures=1)),
        (Breaker(failures=FAILURES - 1), "answer", CLOSED),
        (Breaker(failures=FAILURES - 1), "nothing", Breaker(failures=FAILURES - 1)),
        (Breaker(failures=FAILURES - 1), "failure", Breaker("open", FAILURES, NOW, NOW + PAUSE)),
        (CLOSED, "limit", Breaker("open", 1, NOW, NOW + PAUSE)),
        (OPEN, "answer", CLOSED),
        (OPEN, "failure", Breaker("open", FAILURES + 1, OPEN.opened_at, NOW + PAUSE)),
        (OPEN, "limit", Breaker("open", FAILURES + 1, OPEN.opened_at, NOW + PAUSE)),
        (OPEN, "nothing", Breaker("open", FAILURES, OPEN.opened_at, NOW + PAUSE)),
    ],
)
def test_each_step(before: Breaker, heard: Heard, then: Breaker) -> None:
    """The fifth failure running opens it, and so does one limit; an answer closes it; nothing else does."""
    assert after(before, heard, NOW) == then
    assert is_probed(Head(breaker=then)) == (then.state == "open")
    assert left_alone_until(Head(breaker=then), NOW) == then.probe_at


@given(
    st.lists(
        st.tuples(
            st.integers(0, 70).map(lambda minutes: timedelta(minutes=minutes)),
            st.sampled_from(["answer", "failure", "limit", "nothing"]),
        ),
        max_size=40,
    )
)
def test_any_history_of_runs(history: list[tuple[timedelta, Heard]]) -> None:
    """Runs come whenever they like. While the circuit is open those that are let through lie a pause apart;
    it is open exactly since five failures running, or a limit, that no answer followed."""
    now: datetime = NOW
    breaker, running, is_open = CLOSED, 0, False
    probes: list[datetime] = []
    for gap, heard in history:
        now += gap
        if left_alone_until(Head(breaker=breaker), now) is not None:
            continue
        probes = [*probes, now] if is_open else [now]
        running = 0 if heard == "answer" else running + (heard in ("failure", "limit"))
        is_open = heard != "answer" and (is_open or heard == "limit" or running >= FAILURES)
        breaker = after(breaker, heard, now)
        assert (breaker.state == "open", breaker.failures) == (is_open, running)
        assert (breaker.opened_at is not None, breaker.probe_at is not None) == (is_open, is_open)
        assert all(later - earlier >= PAUSE for earlier, later in pairwise(probes))
