"""What the vendor says it knows is what its rows add up to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from local.vendor import Amounts, SimulatedVendor, Use, World, build_world, worlds
from local.vendor.amounts import COUNTS
from local.vendor.usage import days_between
from tests.local.vendor.asking import Client, true_sums, wire_sums
from tests.local.vendor.conftest import NOW, StartVendor

MONDAY = date(2026, 11, 16)
WEDNESDAY = date(2026, 11, 18)


@pytest.mark.parametrize("world", [name for name in worlds() if name != "many"])
def test_the_rows_of_a_week_sum_to_its_truth(start: StartVendor, world: str) -> None:
    """In every world and each of the last three weeks the rows add up to the truth, actor by actor."""
    vendor, client = start(world)
    for weeks in range(3):
        monday = MONDAY - timedelta(weeks=weeks)
        days = days_between(monday, monday + timedelta(days=7))
        rows = [row for day in days for row in client.rows(day)]
        assert wire_sums(rows) == true_sums(vendor.world.truth_of_week(monday))


def test_the_pages_of_a_large_day_sum_to_its_truth(start: StartVendor) -> None:
    """So they do where a day has several pages."""
    vendor, client = start("many")
    assert wire_sums(client.rows(WEDNESDAY)) == true_sums(vendor.world.truth(WEDNESDAY))


def test_the_whole_honest_history_sums_to_its_truth(honest: tuple[SimulatedVendor, Client]) -> None:
    """Over 120 days not one line, token or cent is lost between history and wire."""
    vendor, client = honest
    first = NOW.date() - timedelta(days=120)
    rows = [row for day in days_between(first, NOW.date()) for row in client.rows(day)]
    assert wire_sums(rows) == true_sums(vendor.world.truth(first, NOW.date()))


def test_a_restated_day_changes_rows_and_truth_together(start: StartVendor) -> None:
    """After a restatement the day's rows say the new truth; its neighbours stay."""
    vendor, client = start()
    before, neighbour = client.rows(WEDNESDAY), client.rows(WEDNESDAY + timedelta(days=1))
    vendor.world.restate(WEDNESDAY, 1.5)
    after = client.rows(WEDNESDAY)
    assert after != before
    assert wire_sums(after) == true_sums(vendor.world.truth(WEDNESDAY))
    assert client.rows(WEDNESDAY + timedelta(days=1)) == neighbour
    vendor.reset()
    assert client.rows(WEDNESDAY) == before


def test_a_day_can_be_made_empty(start: StartVendor) -> None:
    """An emptied day has no rows and no truth."""
    vendor, client = start()
    assert client.rows(WEDNESDAY)
    vendor.world.make_empty(WEDNESDAY)
    assert client.rows(WEDNESDAY) == []
    assert vendor.world.truth(WEDNESDAY).people == {}


def test_a_factor_cannot_be_negative() -> None:
    """A day cannot be restated below nothing."""
    with pytest.raises(ValueError, match="negative"):
        World.of_uses([]).restate(WEDNESDAY, -1)


def test_a_world_written_by_hand_is_what_was_written(start: StartVendor) -> None:
    """Three engineers and four days are enough for a world, and its truth can be read off."""
    days = [MONDAY + timedelta(days=number) for number in range(4)]
    uses = [
        *(Use.on(day, "Ana@example.com", sessions=1, lines_accepted=10, tokens_input=5) for day in days),
        *(Use.on(day, "ben@example.com", "api", sessions=2, cost_cents=Decimal("1.25")) for day in days[:2]),
        Use.on(days[0], "ben@example.com", commits=1),
        Use.on(days[3], "nightly", "api", is_key=True, tokens_output=7),
    ]
    vendor, client = start(World.of_uses(uses, engineers=["Cara@example.com"]))
    truth = vendor.world.truth_of_week(MONDAY)
    assert truth.person("ana@example.com").lines_accepted == 40
    assert truth.person("BEN@example.com").cost_cents == Decimal("2.50")
    assert truth.people["ben@example.com"]["subscription"].commits == 1
    assert truth.person("cara@example.com").is_activity is False
    assert truth.key("nightly").tokens == 7
    assert truth.active_people == {"ana@example.com", "ben@example.com"}
    assert truth.active_keys == {"nightly"}
    assert truth.total().sessions == 8
    assert truth.total("api").tokens == 7
    assert vendor.world.engineers == ("ana@example.com", "ben@example.com", "cara@example.com")
    assert len(client.get("/v1/organizations/users").json()["data"]) == 3
    assert wire_sums(row for day in days for row in client.rows(day)) == true_sums(truth)


@pytest.mark.parametrize("count", COUNTS)
def test_any_count_is_activity(count: str) -> None:
    """Any session, line, commit, pull request, decision or token makes a person active; nothing else does."""
    noon = datetime(2026, 11, 16, 12, tzinfo=UTC)
    one, cost = (
        Amounts.of([int(name == count) for name in COUNTS], Decimal(0)),
        Amounts(cost_cents=Decimal(1)),
    )
    active = World.of_uses([Use(noon, "ana@example.com", "api", one)])
    idle = World.of_uses([Use(noon, "ana@example.com", "api", cost)])
    assert active.truth(MONDAY).active_people == {"ana@example.com"}
    assert idle.truth(MONDAY).active_people == frozenset()


def test_a_week_begins_on_monday() -> None:
    """The truth of a week that does not is refused."""
    with pytest.raises(ValueError, match="not a Monday"):
        World.of_uses([]).truth_of_week(WEDNESDAY)


def test_month_to_date_is_cumulative_and_restarts_with_the_month() -> None:
    """Lines of subscriptions count from the month's beginning up to the moment, or to the month's end."""
    world = World.of_uses(
        [
            Use.on(date(2026, 10, 31), "ana@example.com", lines_accepted=500),
            Use.on(date(2026, 11, 6), "ana@example.com", lines_accepted=10),
            Use.on(date(2026, 11, 6), "ana@example.com", "api", lines_accepted=99),
            Use.on(date(2026, 11, 9), "ana@example.com", lines_accepted=7),
            Use.on(date(2026, 11, 9), "ben@example.com", sessions=1),
        ]
    )

    def lines(month: date, day: int, hour: int = 0) -> dict[str, int]:
        return world.lines_month_to_date(month, datetime(2026, 11, day, hour, tzinfo=UTC))

    assert lines(date(2026, 11, 1), 6, 12) == {}
    assert lines(date(2026, 11, 30), 6, 13) == {"ana@example.com": 10}
    assert lines(date(2026, 11, 1), 20) == {"ana@example.com": 17}
    assert lines(date(2026, 10, 1), 20) == {"ana@example.com": 500}


def test_exports_show_what_the_trap_hides() -> None:
    """In the author's trap no person has a row, and the team's exports have lines for seven of eight."""
    world = build_world("trap", seed=1, today=NOW.date())
    assert world.truth(NOW.date() - timedelta(days=90), NOW.date()).people == {}
    assert len(world.lines_month_to_date(NOW.date(), NOW)) == 7
