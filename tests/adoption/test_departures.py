"""Engineers who fall silent together: from when on they are missed, and who is not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from shared.adoption.departures import departed
from shared.heads import Departed

MONDAY, DAY = date(2026, 10, 5), timedelta(days=1)
CALENDAR = [MONDAY + DAY * number for number in range(42)]
WORKING = [day for day in CALENDAR if day.weekday() < 5]
NEWEST = WORKING[-1]


def used(habits: Mapping[str, str]) -> dict[str, list[date]]:
    """A letter a working day: x used it, a dot did not; the last letter holds until the end."""
    return {
        who: [day for number, day in enumerate(WORKING) if habit[min(number, len(habit) - 1)] == "x"]
        for who, habit in habits.items()
    }


def found(habits: Mapping[str, str], seats: str = "abcdefgh") -> Departed | None:
    return departed(used(habits), WORKING, seats)


FULL = "x"
GONE = "x" * 24 + "."  # since the Friday of the fifth week


@pytest.mark.parametrize(
    ("habits", "seats", "silent"),
    [
        ({"a": FULL, "b": FULL, "c": GONE, "d": GONE}, "abcd", 2),
        ({"a": FULL, "b": FULL, "c": FULL, "d": GONE, "e": GONE}, "abcde", None),
        ({"a": FULL, "b": GONE}, "ab", None),
        ({"a": GONE, "b": GONE}, "ab", None),
        ({"a": FULL, "b": FULL, "c": GONE, "d": GONE}, "abc", None),
        ({"a": FULL, "b": FULL, "c": GONE, "d": "x" * 19 + "."}, "abcd", None),
        ({"a": FULL, "b": GONE, "c": "x" * 22 + "."}, "abc", 2),
        ({"a": FULL, "b": "x" * 28 + ".", "c": "x" * 28 + "."}, "abc", None),
        ({"a": FULL, "b": "x" * 27 + ".", "c": "x" * 27 + "."}, "abc", 2),
        ({"a": FULL, "b": GONE, "c": "." * 22 + "xx."}, "abc", None),
        ({"a": FULL, "b": GONE, "c": "x" * 10 + "......" + "x" * 8 + "."}, "abc", None),
    ],
    ids=[
        "half",
        "two of five",
        "one of two",
        "nobody goes on",
        "one of them has no seat",
        "not on the same day",
        "one was away for two days before",
        "two days are no silence",
        "three days are",
        "one of them tried it twice",
        "one of them pauses as long now and then",
    ],
)
def test_half_of_those_who_were_active_and_two(
    habits: Mapping[str, str], seats: str, silent: int | None
) -> None:
    """At least half, and two, silent since the same day, while others go on, and in their seats."""
    one = found(habits, seats)
    assert (one.silent if one else None) == silent


def test_the_silence_is_told_from_its_first_day() -> None:
    """The day after the last use of any of them, up to the newest day that is known."""
    assert found({"a": FULL, "b": FULL, "c": GONE, "d": GONE}) == Departed(WORKING[23] + DAY, NEWEST, 2, 4)


def test_who_comes_back_was_away() -> None:
    """Use on both sides makes the gap true."""
    assert found({"a": FULL, "b": GONE + "....x", "c": GONE + "....x"}) is None
