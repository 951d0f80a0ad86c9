"""Laws of spans of time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.periods import (
    CALENDAR,
    Calendar,
    Period,
    days_between,
    midnight,
    period_of,
    periods_touching,
)

KINDS = st.sampled_from(CALENDAR)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@given(KINDS, DAYS)
def test_a_day_lies_in_its_period(kind: Calendar, day: date) -> None:
    """The period of a day contains the whole day."""
    period = period_of(kind, day)
    assert period.start <= midnight(day)
    assert midnight(day) + timedelta(days=1) <= period.end


@given(KINDS, DAYS)
def test_a_day_lies_in_exactly_one_period(kind: Calendar, day: date) -> None:
    """Each day of a period has that period, so periods of a kind neither overlap nor leave gaps."""
    period = period_of(kind, day)
    assert {period_of(kind, each) for each in period.days()} == {period}
    assert day in period.days()


@given(KINDS, DAYS)
def test_periods_follow_each_other(kind: Calendar, day: date) -> None:
    """The previous period ends where this one starts, and the next begins where it ends."""
    period = period_of(kind, day)
    assert period.previous().end == period.start
    assert period_of(kind, period.end.date()).previous() == period


@given(KINDS, DAYS)
def test_edges_are_midnights_in_utc(kind: Calendar, day: date) -> None:
    """Both edges of a period are first instants of UTC days."""
    period = period_of(kind, day)
    for edge in (period.start, period.end):
        assert edge == midnight(edge.date())
        assert edge.tzinfo is UTC


@given(KINDS, DAYS)
def test_the_days_of_a_period_fill_it(kind: Calendar, day: date) -> None:
    """Its days, one after the other, are the period: the last instant falls on the last of them."""
    period = period_of(kind, day)
    days = list(period.days())
    assert (days[0], days[-1]) == (period.start.date(), period.last_day)
    assert timedelta(days=len(days)) == period.end - period.start
    assert (period.end - timedelta(microseconds=1)).date() == period.last_day


@given(DAYS)
def test_a_week_is_monday_to_monday(day: date) -> None:
    """Nothing else is called a week."""
    week = period_of("week", day)
    assert (week.start.weekday(), week.end.weekday()) == (0, 0)
    assert week.end - week.start == timedelta(days=7)


@given(DAYS)
def test_a_weeks_label_is_its_iso_week(day: date) -> None:
    """A label read by an ISO calendar is the week itself."""
    week = period_of("week", day)
    year, number = week.label.split("-W")
    assert date.fromisocalendar(int(year), int(number), 1) == week.start.date()
    assert (int(year), int(number)) == tuple(day.isocalendar())[:2]


@given(KINDS, DAYS, DAYS)
def test_labels_sort_and_tell_apart(kind: Calendar, one: date, other: date) -> None:
    """Labels of a kind are in the order of time, and equal only for the same period."""
    first, second = period_of(kind, one), period_of(kind, other)
    assert (first < second) == (first.label < second.label)
    assert (first == second) == (first.label == second.label)


@given(KINDS, st.sets(DAYS, max_size=20))
def test_touching_periods_come_once_and_in_order(kind: Calendar, days: set[date]) -> None:
    """Each day's period is there, once, oldest first; no other is."""
    found = periods_touching(kind, days)
    assert found == sorted(set(found))
    assert set(found) == {period_of(kind, day) for day in days}


@given(DAYS, st.integers(0, 400))
def test_days_between_are_whole_and_newest_first(first: date, more: int) -> None:
    """Both edges are in, nothing is left out, and the newest comes first."""
    days = days_between(first, first + timedelta(days=more))
    assert days == sorted(set(days), reverse=True)
    assert (days[-1], days[0], len(days)) == (first, first + timedelta(days=more), more + 1)


def test_no_days_between_a_day_and_an_earlier_one() -> None:
    """A span that ends before it begins has no days."""
    assert days_between(date(2026, 11, 9), date(2026, 11, 8)) == []


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2026, 11, 9), "2026-W46"),
        (date(2026, 12, 31), "2026-W53"),
        (date(2027, 1, 3), "2026-W53"),
        (date(2027, 1, 4), "2027-W01"),
        (date(2025, 12, 29), "2026-W01"),
        (date(2021, 1, 1), "2020-W53"),
        (date(2024, 12, 30), "2025-W01"),
    ],
)
def test_weeks_at_the_edges_of_years(day: date, label: str) -> None:
    """A week belongs to the year of its Thursday, so some years have a week 53."""
    assert period_of("week", day).label == label


@pytest.mark.parametrize(
    ("day", "label", "length"),
    [
        (date(2024, 2, 29), "2024-02", 29),
        (date(2026, 2, 1), "2026-02", 28),
        (date(2000, 2, 28), "2000-02", 29),
        (date(2100, 2, 28), "2100-02", 28),
        (date(2026, 12, 31), "2026-12", 31),
        (date(2026, 1, 31), "2026-01", 31),
    ],
)
def test_months_have_their_own_lengths(day: date, label: str, length: int) -> None:
    """Leap days and year edges are the calendar's."""
    month = period_of("month", day)
    assert (month.label, len(list(month.days()))) == (label, length)


def test_a_leap_day_is_a_day() -> None:
    """29 February is a period of its own, between its neighbours."""
    leap = period_of("day", date(2024, 2, 29))
    assert (leap.label, leap.previous().label) == ("2024-02-29", "2024-02-28")
    assert period_of("day", leap.end.date()).label == "2024-03-01"


@pytest.mark.parametrize(
    ("kind", "day", "words"),
    [
        ("week", date(2026, 11, 11), "the week of 9 to 15 November 2026"),
        ("week", date(2026, 12, 1), "the week of 30 November to 6 December 2026"),
        ("week", date(2026, 12, 31), "the week of 28 December 2026 to 3 January 2027"),
        ("day", date(2026, 11, 9), "9 November 2026"),
        ("month", date(2026, 11, 9), "November 2026"),
    ],
)
def test_periods_in_words(kind: Calendar, day: date, words: str) -> None:
    """A sentence names days, months and years no more often than it must."""
    assert period_of(kind, day).in_words() == words


def test_periods_sort_by_time() -> None:
    """Order is by start, then end."""
    one = Period(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC), "day")
    assert one < period_of("day", date(2026, 1, 2))
