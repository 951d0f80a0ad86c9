"""The report's parameters, pages and freshness."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.vendor import SimulatedVendor, Use, World
from local.vendor.endpoints import REPORT_PATH
from tests.local.vendor.asking import Client, true_sums, wire_sums
from tests.local.vendor.conftest import NOW, StartVendor

Honest = tuple[SimulatedVendor, Client]
WEDNESDAY = date(2026, 11, 18)


@settings(max_examples=40, deadline=None)
@given(limit=st.integers(1, 1_000), ago=st.integers(1, 30))
def test_paging_neither_loses_nor_repeats_a_row(honest: Honest, limit: int, ago: int) -> None:
    """Whatever the page size, the pages together are the day."""
    day = NOW.date() - timedelta(days=ago)
    whole = honest[1].rows(day)
    pages = list(honest[1].pages(day, limit))
    assert [row for page in pages for row in page["data"]] == whole
    assert all(len(page["data"]) == limit for page in pages[:-1])


def test_a_large_organisation_has_several_full_pages(start: StartVendor) -> None:
    """In the world `many` a working day does not fit into one page of 1,000."""
    _, client = start("many")
    sizes = [len(page["data"]) for page in client.pages(WEDNESDAY)]
    assert len(sizes) >= 2
    assert set(sizes[:-1]) == {1_000}


def test_a_page_has_twenty_rows_unless_told(start: StartVendor) -> None:
    """The default page size is 20."""
    _, client = start("growing-large")
    page = client.report(WEDNESDAY).json()
    assert (len(page["data"]), page["has_more"]) == (20, True)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"starting_at": ""},
        {"starting_at": "2026-11-31"},
        {"starting_at": "2026-11-18T00:00:00Z"},
        {"starting_at": "20261118"},
        {"starting_at": "2026-W47-3"},
        {"starting_at": "2026-11-18", "limit": "0"},
        {"starting_at": "2026-11-18", "limit": "1001"},
        {"starting_at": "2026-11-18", "limit": "many"},
        {"starting_at": "2026-11-18", "limit": "-1"},
        {"starting_at": "2026-11-18", "limit": "٣"},
        {"starting_at": "2026-11-18", "page": "next"},
        {"starting_at": "2026-11-18", "page": ""},
        {"starting_at": "2026-11-18", "ending_at": "2026-11-19"},
        {"starting_at": ["2026-11-18", "2026-11-19"]},
    ],
    ids=json.dumps,
)
def test_bad_parameters_are_refused(honest: Honest, query: dict[str, str | list[str]]) -> None:
    """A missing, malformed, unknown or doubled parameter is a 400 invalid_request_error."""
    answer = honest[1].get(REPORT_PATH, **query)
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "invalid_request_error")


def test_a_cursor_is_good_for_its_day_only(start: StartVendor) -> None:
    """Another day's cursor is a 400."""
    _, client = start()
    cursor = client.report(WEDNESDAY, limit=2).json()["next_page"]
    assert client.report(WEDNESDAY, limit=2, page=cursor).status_code == 200
    assert client.report(WEDNESDAY + timedelta(days=1), limit=2, page=cursor).status_code == 400


def test_data_younger_than_an_hour_is_not_shown(start: StartVendor) -> None:
    """A use appears at the first moment at which it is an hour old."""
    use = Use.on(WEDNESDAY, "ana@example.com", sessions=1, lines_accepted=3)
    vendor, client = start(World.of_uses([use]), now=use.moment + timedelta(minutes=59, seconds=59))
    assert client.rows(WEDNESDAY) == []
    vendor.clock = use.moment + timedelta(hours=1)
    assert len(client.rows(WEDNESDAY)) == 1


def test_a_day_only_grows_and_is_final_an_hour_after_its_end(start: StartVendor) -> None:
    """Hour by hour no sum of the day falls, and from 25:00 on no row of it changes."""
    beginning = datetime(2026, 11, 18, tzinfo=UTC)
    vendor, client = start(now=beginning)
    lines = []
    for hour in range(26):
        vendor.clock = beginning + timedelta(hours=hour)
        rows = client.rows(WEDNESDAY)
        assert wire_sums(rows) == true_sums(vendor.world.truth(WEDNESDAY, as_of=vendor.clock()))
        lines.append(sum(row["core_metrics"]["lines_of_code"]["added"] for row in rows))
    final = client.rows(WEDNESDAY)
    assert lines == sorted(lines)
    assert lines[0] == 0
    assert len(set(lines)) > 3
    for days in (1, 5, 60):
        vendor.clock = beginning + timedelta(days=days, hours=1)
        assert client.rows(WEDNESDAY) == final


def test_pages_are_of_the_moment_of_the_first(start: StartVendor) -> None:
    """Rows that arrive between two pages wait for the next first page."""
    noon = datetime(2026, 11, 18, 12, tzinfo=UTC)
    vendor, client = start(now=noon)
    whole = client.rows(WEDNESDAY)
    first = client.report(WEDNESDAY, limit=1).json()
    vendor.clock = noon + timedelta(hours=12)
    rest = client.report(WEDNESDAY, limit=1_000, page=first["next_page"]).json()
    assert [*first["data"], *rest["data"]] == whole
    assert len(client.rows(WEDNESDAY)) > len(whole)


def test_the_future_is_empty(honest: Honest) -> None:
    """A day that has not come has no rows, however far away."""
    for day in (NOW.date() + timedelta(days=1), date.max):
        assert honest[1].rows(day) == []
