"""Over every edge that a calendar has, hour after hour, each period is what it says and says what is so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from local.vendor import SimulatedVendor, World
from shared.jobs.refresh import refresh
from tests.conftest import MakeApp, TestClock
from tests.faults.aggregates import assert_nothing_false
from tests.jobs.stage import QUINCY, YVES, ZELDA, assert_true, entry, every_row, use

Serve = Callable[..., SimulatedVendor]

DAYS = 4


@dataclass(frozen=True)
class Edge:
    """A moment to begin at, the label of the week in which the first day lies, and how many days its month
    has. ``skew``: how far the vendor's clock is ahead of ours."""

    begins: datetime
    week: str
    days_of_month: int
    skew: timedelta = timedelta()
    timezone: str = "UTC"


def edge(moment: str, week: str, days_of_month: int, **options: float | str) -> Edge:
    skew = timedelta(minutes=float(options.get("skew", 0)))
    timezone = str(options.get("timezone", "UTC"))
    return Edge(datetime.fromisoformat(moment).replace(tzinfo=UTC), week, days_of_month, skew, timezone)


EDGES = {
    "a leap day": edge("2028-02-28T22:30", "2028-W09", 29),
    "no leap day": edge("2027-02-28T22:30", "2027-W08", 28),
    "the end of week 53": edge("2027-01-03T22:30", "2026-W53", 31),
    "a year's end within week 53": edge("2026-12-31T22:30", "2026-W53", 31),
    "a year's end in another year's week": edge("2024-12-31T22:30", "2025-W01", 31),
    "clocks go forward": edge("2027-03-27T23:30", "2027-W12", 31, timezone="Europe/Berlin"),
    "clocks go back": edge("2026-10-24T23:30", "2026-W43", 31, timezone="America/New_York"),
    "the vendor is ahead": edge("2026-11-15T22:30", "2026-W46", 30, skew=90),
    "the vendor is behind": edge("2026-11-15T22:30", "2026-W46", 30, skew=-90),
}


def around(day: date) -> World:
    """Use at all hours of the days before and after."""
    days = [day + timedelta(days=offset) for offset in range(1 - DAYS, 3)]
    return World.of_uses(
        use(one, who, 10 * hour + number, at=datetime(2026, 1, 1, hour, 59).time())  # noqa: DTZ001 - a time
        for one in days
        for number, who in enumerate((ZELDA, QUINCY, YVES))
        for hour in (0, 9, 22)
    )


@pytest.mark.parametrize("name", EDGES)
def test_an_edge_is_crossed(name: str, serve: Serve, make_app: MakeApp, clock: TestClock) -> None:
    """Before midnight UTC, after it, and once the day before is settled: nothing is false at any time, not
    even of a day that has not begun for the vendor, and in the end every period says what is so."""
    at = EDGES[name]
    clock.at = at.begins
    world = around(at.begins.date())
    vendor = serve(world)
    vendor.clock = lambda: clock.now() + at.skew
    app = make_app(vendor, BACKFILL_DAYS=str(DAYS), EXPORT_TIMEZONE=at.timezone)
    since = at.begins.date() - timedelta(days=DAYS - 1)
    for hours in (2, 2, 23, 0):
        refresh(app, "timer")
        assert_nothing_false(app, world, since, clock.now() + max(at.skew, timedelta()))
        clock.move(hours=hours)
    assert entry(app, at.begins.date()).settled
    rows = every_row(app)
    for row in (*rows["day"], *rows["week"], *rows["month"]):
        assert_true(row, world, since, vendor.clock())
    assert at.week in {row.label for row in rows["week"]}
    assert {row.period.end - row.period.start for row in rows["week"]} == {timedelta(days=7)}
    assert {row.period.end - row.period.start for row in rows["day"]} == {timedelta(days=1)}
    month = next(row for row in rows["month"] if row.label == f"{at.begins:%Y-%m}")
    assert (month.period.end - month.period.start).days == at.days_of_month
