"""The law of the limit: in no minute, counted anywhere on the way, are there more requests than allowed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.vendor import ANALYTICS_KEY, SimulatedVendor
from local.vendor.enterprise import REQUESTS_A_MINUTE
from shared.errors import OutOfTime
from shared.sources.claude_enterprise_analytics import USERS
from shared.sources.keys import ANALYTICS_KEY as KIND
from shared.sources.pacing import PerMinute
from shared.sources.vendor import Vendor
from tests.sources.wire import START, Clock

delays = st.floats(0, 90, allow_nan=False)


@given(st.integers(1, 5), st.lists(st.tuples(delays, delays, st.floats(0, 1)), max_size=40))
def test_no_minute_has_more_wherever_it_is_counted(
    allowed: int, asked: list[tuple[float, float, float]]
) -> None:
    """Whenever between its sending and its answer the vendor counts a request, and however they overlap."""
    pace, now = PerMinute(allowed), 0.0
    under_way: list[tuple[float, float]] = []  # answered at, counted at
    counted: list[float] = []
    for pause, takes, share in asked:
        now += pause
        while True:
            for answer in sorted(one for one in under_way if one[0] <= now):
                pace.answered(answer[0])
                under_way.remove(answer)
            wait = pace.wait(now)
            if not wait:
                break
            now += wait
        counted.append(now + takes * share)
        under_way.append((now + takes, counted[-1]))
    counted.sort()
    for first, last in zip(counted, counted[allowed:], strict=False):
        assert last - first >= 60 - 1e-6


def test_eight_threads_and_two_runs_keep_to_sixty_a_minute() -> None:
    """Over real sockets and a clock that waiting moves: the vendor refuses nothing, and nobody waits longer
    than the limit asks for."""
    clock = Clock()
    with SimulatedVendor("enterprise", now=clock.now) as upstream:
        pace = PerMinute(REQUESTS_A_MINUTE)
        doors = [_door(upstream, clock, pace) for _ in range(2)]
        days = [START.date() - timedelta(days=3 + ago % 90) for ago in range(190)]
        with doors[0], doors[1], ThreadPoolExecutor(8) as pool:
            asked = zip(days, doors * len(days), strict=False)
            done = list(pool.map(lambda one: _ask(one[1], one[0]), asked))
        assert len(done) == len(upstream.requests) == 190
        assert {one.status for one in upstream.requests} == {200}
        assert clock.monotonic() >= 180


def test_who_cannot_wait_is_out_of_time() -> None:
    """The run's deadline comes before the minute is over: the day is left for the next run."""
    clock = Clock()
    pace = PerMinute(1)
    with (
        SimulatedVendor("enterprise", now=clock.now) as upstream,
        _door(upstream, clock, pace, seconds=30) as door,
    ):
        _ask(door, START.date() - timedelta(days=3))
        with pytest.raises(OutOfTime, match="limit a minute"):
            _ask(door, START.date() - timedelta(days=4))
        assert door.requests == 1


def _door(upstream: SimulatedVendor, clock: Clock, pace: PerMinute, seconds: float = 6_000) -> Vendor:
    return Vendor(
        upstream.url,
        ANALYTICS_KEY,
        deadline=clock.monotonic() + seconds,
        kind=KIND,
        pace=pace,
        sleep=clock.sleep,
        monotonic=clock.monotonic,
        now=clock.now,
    )


def _ask(door: Vendor, day: date) -> bytes:
    return door.get(USERS, {"date": day.isoformat()})
