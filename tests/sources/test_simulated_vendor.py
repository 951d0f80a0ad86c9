"""End to end over real sockets: the simulated vendor, honest and misbehaving."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from local.vendor import REVOKED_KEY, Amounts, SimulatedVendor, build_world
from shared.errors import ContractBroken, OutOfTime, SourceLocked, SourceMisconfigured, SourceUnavailable
from shared.records import Measures
from shared.sources.claude_code_admin import fetch_day, read_day
from shared.sources.organization import USERS, look_around
from shared.sources.vendor import Vendor
from tests.sources.wire import Clock
from tests.sources.wire import vendor as through

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = date(2026, 11, 18)


@pytest.fixture(scope="module")
def server() -> Iterator[SimulatedVendor]:
    with SimulatedVendor(world="honest", seed=1, now=NOW) as simulated:
        yield simulated


@pytest.fixture
def upstream(server: SimulatedVendor) -> SimulatedVendor:
    server.reset()
    return server


def door(upstream: SimulatedVendor, *, key: str | None = None, **options: Any) -> Vendor:
    return through(base_url=upstream.url, key=key or upstream.key, **options)


def measured(true: Amounts) -> Measures:
    return Measures(
        true.sessions,
        true.lines_accepted,
        true.lines_removed,
        true.decisions_accepted,
        true.decisions_rejected,
        true.commits,
        true.pull_requests,
        true.tokens,
        true.cost_cents / Decimal(100),
    )


def agree_with_the_truth(upstream: SimulatedVendor, vendor: Vendor, day: date) -> None:
    answer = fetch_day(vendor, day)
    assert answer.broken is None
    reading = read_day(answer.pages, day, upstream.world.expected_organization)
    truth = upstream.world.truth(day, as_of=NOW)
    expected = {
        (kind, name, population): measured(sums)
        for kind, actors in (("engineer", truth.people), ("key", truth.keys))
        for name, populations in actors.items()
        for population, sums in populations.items()
    }
    seen = {(one.actor.kind, one.actor.name, one.population): one.measures for one in reading.observations}
    assert seen == expected


@pytest.mark.parametrize("ago", range(1, 15))
def test_every_day_is_read_as_it_was(upstream: SimulatedVendor, ago: int) -> None:
    """Each variant of the wire leads to the true sums of each actor and population."""
    with door(upstream) as vendor:
        agree_with_the_truth(upstream, vendor, NOW.date() - timedelta(days=ago))


def test_a_day_of_many_pages_is_read_as_it_was() -> None:
    """More rows than a page holds are all there, once."""
    with (
        SimulatedVendor(build_world("many", seed=2, today=NOW.date()), now=NOW) as upstream,
        door(upstream) as vendor,
    ):
        agree_with_the_truth(upstream, vendor, DAY)
        assert vendor.requests == len(fetch_day(vendor, DAY).pages) > 1


def test_the_key_sees_its_organisation(upstream: SimulatedVendor) -> None:
    """The members are the team, and each key is its maker's."""
    with door(upstream) as vendor:
        view = look_around(vendor)
    assert view.broken is None
    assert view.organization_id == upstream.world.expected_organization
    assert {member.address for member in view.members or ()} == set(upstream.world.engineers)
    assert view.keys


def test_the_authors_trap_shows_another_organisation() -> None:
    """The key of the organisation of the same name is told by its id, and its rows are a breach."""
    with SimulatedVendor("trap", now=NOW) as upstream, door(upstream) as vendor:
        assert look_around(vendor).organization_id != upstream.world.expected_organization
        answer = fetch_day(vendor, NOW.date() - timedelta(days=6))
        with pytest.raises(ContractBroken, match="organization_id"):
            read_day(answer.pages, NOW.date() - timedelta(days=6), upstream.world.expected_organization)


TRANSIENT = ["408", "409", "429", "500", "502", "503", "504", "529", "cut", "truncated", "reset"]


@pytest.mark.parametrize("kind", TRANSIENT)
def test_a_passing_fault_changes_nothing(upstream: SimulatedVendor, kind: str) -> None:
    """After three faults in a row the day is read as if there had been none."""
    upstream.misbehave(kind, times=3)
    with door(upstream) as vendor:
        agree_with_the_truth(upstream, vendor, DAY)
        assert vendor.requests == 4


@pytest.mark.parametrize("kind", TRANSIENT)
def test_a_lasting_fault_is_left_to_the_next_run(upstream: SimulatedVendor, kind: str) -> None:
    """Patience ends; nothing is made up."""
    upstream.misbehave(kind, times=None)
    with door(upstream) as vendor, pytest.raises(SourceUnavailable):
        fetch_day(vendor, DAY)


def test_a_vendor_that_asks_not_to_be_asked_again_is_obeyed(upstream: SimulatedVendor) -> None:
    """One request, and no other until the next run."""
    upstream.misbehave("500-do-not-retry", times=None)
    with door(upstream) as vendor:
        with pytest.raises(SourceUnavailable):
            fetch_day(vendor, DAY)
        assert vendor.requests == 1


def test_a_named_moment_is_waited_for(upstream: SimulatedVendor) -> None:
    """Retry-After over the wire."""
    upstream.misbehave("429-retry-after", times=1, retry_after="17")
    clock = Clock()
    with door(upstream, clock=clock) as vendor:
        agree_with_the_truth(upstream, vendor, DAY)
    assert 17 <= sum(clock.waits) <= 18


def test_a_silent_vendor_is_given_up() -> None:
    """An answer that never comes runs into the time-out and is asked for again."""
    with SimulatedVendor("honest", now=NOW) as upstream, door(upstream, read_timeout=0.5) as vendor:
        upstream.misbehave("hang", times=1)
        agree_with_the_truth(upstream, vendor, DAY)
        assert vendor.requests == 2


def test_a_slow_vendor_meets_the_deadline(upstream: SimulatedVendor) -> None:
    """A slow answer is waited for within the time-out; past the deadline the run stops."""
    upstream.misbehave("slow", times=None, milliseconds=500)
    with door(upstream) as vendor:
        agree_with_the_truth(upstream, vendor, DAY)
    with (
        door(upstream, read_timeout=0.01) as vendor,
        pytest.raises(SourceUnavailable),
    ):
        fetch_day(vendor, DAY)
    with (
        door(upstream, seconds=0.02) as vendor,
        pytest.raises(OutOfTime),
    ):
        fetch_day(vendor, DAY)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("repeated-cursor", "a cursor that came before"),
        ("missing-has-more", "no has_more"),
        ("has-more-without-next-page", "without a usable next_page"),
        ("html", "HTML"),
        ("wrong-content-type", "expected JSON"),
    ],
)
def test_a_broken_contract_breaks_the_day(upstream: SimulatedVendor, kind: str, words: str) -> None:
    """What the contract excludes is never read as data."""
    upstream.misbehave(kind, times=None)
    with door(upstream) as vendor:
        answer = fetch_day(vendor, DAY)
    assert words in str(answer.broken)


@pytest.mark.parametrize("kind", ["rows-of-another-day", "rows-of-another-organization"])
def test_rows_of_something_else_are_a_breach(upstream: SimulatedVendor, kind: str) -> None:
    """A row of another day or organisation than the one asked for refuses the day."""
    upstream.misbehave(kind)
    with door(upstream) as vendor:
        answer = fetch_day(vendor, DAY)
    with pytest.raises(ContractBroken):
        read_day(answer.pages, DAY, upstream.world.expected_organization)


def test_refusals_over_the_wire(upstream: SimulatedVendor) -> None:
    """A revoked key is the operator's; a permission that is missing is a lock."""
    with door(upstream, key=REVOKED_KEY) as refused, pytest.raises(SourceMisconfigured):
        refused.get(USERS)
    upstream.misbehave("403", times=1)
    with door(upstream) as limited, pytest.raises(SourceLocked):
        limited.get(USERS)
