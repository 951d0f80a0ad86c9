"""Rows that come again, that shrink, or whose cost does not fit: where each begins to be a doubt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest

from shared.adoption.plausibility import DAYS_OF_HISTORY, has_shrunk, odd_costs, repeats
from shared.heads import OddCost, Repeated
from shared.records import DayEntry, Spent, Volume

MONDAY = date(2026, 11, 2)
DAY = timedelta(days=1)


def known(letters: str) -> dict[date, DayEntry]:
    """Days from a Monday on, a letter each for what people's rows say; a dot for a day without any."""
    said = letters.replace(" ", "").replace(".", "\0")
    return {
        MONDAY + number * DAY: DayEntry(people_digest=letter.strip("\0"), content="rows")
        for number, letter in enumerate(said)
    }


@pytest.mark.parametrize(
    ("letters", "found"),
    [
        ("aaaa...", []),
        ("aaaaa..", [(1, 4, 0)]),
        ("abcde.. fghij..", []),
        ("abcde.. abcde..", [(7, 11, 0)]),
        ("abcde.. abcd...", []),
        ("abcde.. abcdf..", []),
        ("abcde.. fghij.. abcde..", [(14, 18, 0)]),
        ("aaa.... aa.....", [(1, 8, 0)]),
        ("aaaax.. aaaax..", [(7, 11, 0)]),
        ("....aaa ...", []),
        ("aaaaa.. aaaaa.. aaaaa..", [(1, 18, 0)]),
        ("abcde.. abcde.. fghij.. fghij..", [(7, 11, 0), (21, 25, 14)]),
    ],
)
def test_five_working_days_running_are_no_chance(letters: str, found: Sequence[tuple[int, int, int]]) -> None:
    """Four are; week-ends do not count, and days without rows of people are as if they were not."""
    expected = [Repeated(*(MONDAY + number * DAY for number in one)) for one in found]
    assert repeats(known(letters)) == expected


def test_a_holiday_is_no_working_day() -> None:
    """What is done on it says nothing of the five."""
    assert repeats(known("aaaaa.."), {MONDAY + 2 * DAY}) == []


@pytest.mark.parametrize(
    ("said", "most", "shrunk"),
    [
        (Volume(4, 10, 100, 1000), Volume(8, 20, 200, 2000), False),
        (Volume(3, 10, 100, 1000), Volume(7, 10, 100, 1000), True),
        (Volume(4, 10, 100, 999), Volume(4, 10, 100, 2000), True),
        (Volume(), Volume(), False),
    ],
)
def test_more_than_half_of_anything_is_too_much(said: Volume, most: Volume, shrunk: bool) -> None:
    """Exactly half is not."""
    assert has_shrunk(DayEntry(said=said, most=most)) == shrunk


def test_rows_that_are_gone_have_shrunk_though_they_stand() -> None:
    """An empty answer where rows were changes no figure, and is told."""
    volume = Volume(1, 1, 1, 1)
    assert has_shrunk(DayEntry(said=volume, most=volume, fault="emptied"))


def costing(*prices: str, tokens: int = 1_000_000, population: str = "api") -> dict[date, DayEntry]:
    return {
        MONDAY + number * DAY: DayEntry(spent={population: Spent(tokens, Decimal(price))})
        for number, price in enumerate(prices)
    }


@pytest.mark.parametrize(
    ("prices", "found"),
    [
        (("9.99",), None),
        (("10.00",), (True, 10)),
        (("0.11",), None),
        (("0.10",), (False, 10)),
        (("100", "100", "100"), (True, 100)),
        (("0",), (False, None)),
    ],
)
def test_ten_times_off_its_own_history_is_odd(
    prices: Sequence[str], found: tuple[bool, int | None] | None
) -> None:
    """In either direction, for as long as it lasts: an odd day never becomes history."""
    first = MONDAY + DAYS_OF_HISTORY * DAY
    days = costing(*["1"] * DAYS_OF_HISTORY, *prices)
    expected = [OddCost("api", first, max(days), *found)] if found else []
    assert odd_costs(days) == expected


def test_without_a_history_nothing_is_odd() -> None:
    """Four days are none; nor is a population that never cost anything."""
    assert odd_costs(costing("1", "1", "1", "1", "100")) == []
    assert odd_costs(costing(*["0"] * 9, "5")) == []


def test_each_population_has_its_own_price() -> None:
    """A subscription's estimate is no measure of the API's."""
    api, subscription = costing(*["1"] * 9), costing(*["0.01"] * 9, population="subscription")
    assert odd_costs({day: DayEntry(spent=api[day].spent | subscription[day].spent) for day in api}) == []


def test_both_directions_are_told_apart() -> None:
    """A price that goes down and then up is two things."""
    found = odd_costs(costing(*["1"] * 5, "0.01", "0.01", "100", "1"))
    assert [(one.is_high, (one.last - one.first).days) for one in found] == [(False, 1), (True, 0)]
