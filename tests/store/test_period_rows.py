"""Period rows: read in one query, replaced by their ETag, and never by one built from older inputs."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from shared.adoption.period_rows import SourceSpan, build, span_of
from shared.errors import StoreConflict
from shared.periods import Period, midnight, period_of
from shared.records import PeriodRow
from shared.store.period_rows import SCHEMA, Built, Inputs, PeriodRows, Written, key_of, partition_of
from tests.store.conftest import Connect
from tests.store.wire import Watch

MONDAY = date(2026, 11, 9)
WEEK = period_of("week", MONDAY)
SOURCE = "a_source"


@pytest.fixture
def rows(connect: Connect) -> PeriodRows:
    return PeriodRows(connect().table("periods"))


def row_of(period: Period, *, settled: bool = True) -> PeriodRow:
    """A whole row of a period without use."""
    span = SourceSpan(SOURCE, dict.fromkeys(period.days(), "empty_expected"), settled, [], {})
    return build(span_of(period, [span]), None)


def inputs(version: int, *, keys: int = 1, second: int = 1) -> Inputs:
    """The inputs of a row of which the first day has that version."""
    days = tuple((day.isoformat(), version if day == MONDAY else second, "complete") for day in WEEK.days())
    return Inputs(days={SOURCE: days}, keys={SOURCE: keys})


def stored(rows: PeriodRows) -> Built:
    return rows.built("week")[key_of(WEEK)]


def first_of(rows: PeriodRows) -> PeriodRow:
    return rows.read("week", WEEK.end, WEEK.end)[0]


def test_a_row_comes_back_as_it_was_written(rows: PeriodRows) -> None:
    """With what it was built from."""
    rows.write(row_of(WEEK), inputs(1), None)
    assert rows.read("week", WEEK.end, WEEK.end) == [row_of(WEEK)]
    assert stored(rows).inputs == inputs(1)
    assert stored(rows).schema == SCHEMA


def test_a_read_is_one_query_within_its_bounds_in_order(connect: Connect) -> None:
    """Each period is found by its end, both bounds included; other granularities are apart."""
    watch = Watch()
    rows = PeriodRows(connect(transport=watch).table("periods"))
    weeks = [period_of("week", MONDAY + timedelta(days=7 * number)) for number in range(6)]
    for week in reversed(weeks):
        rows.write(row_of(week), inputs(1), None)
    rows.write(row_of(period_of("day", MONDAY)), inputs(1), None)
    before = len(watch.asked)
    found = rows.read("week", weeks[1].end, weeks[4].end)
    assert [row.period for row in found] == weeks[1:5]
    assert len(watch.asked) == before + 1
    assert rows.read("week", weeks[1].end + timedelta(seconds=60), weeks[2].end) == [row_of(weeks[2])]


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (inputs(4), inputs(5)),
        (inputs(4, keys=1), inputs(4, keys=2)),
        (inputs(9, second=3), inputs(9, second=4)),
    ],
)
def test_a_row_is_never_replaced_by_one_built_from_older_inputs(
    rows: PeriodRows, older: Inputs, newer: Inputs
) -> None:
    """Not even where the writer has read it: one older input of many is enough."""
    rows.write(row_of(WEEK), newer, None)
    with pytest.raises(StoreConflict):
        rows.write(row_of(WEEK, settled=False), older, stored(rows))
    assert first_of(rows) == row_of(WEEK)


def test_inputs_that_grew_apart_replace_neither(rows: PeriodRows) -> None:
    """Each has something newer than the other: both writers read again."""
    rows.write(row_of(WEEK), inputs(5, second=1), None)
    with pytest.raises(StoreConflict):
        rows.write(row_of(WEEK), inputs(4, second=2), stored(rows))


def test_an_input_that_is_not_known_any_more_is_newer(rows: PeriodRows) -> None:
    """A writer that knows less than the row does has read an older manifest."""
    rows.write(row_of(WEEK), inputs(5), None)
    with pytest.raises(StoreConflict):
        rows.write(row_of(WEEK), Inputs(days={}, keys={}), stored(rows))


def test_a_row_is_replaced_by_one_built_from_the_same_or_newer_inputs(rows: PeriodRows) -> None:
    """Computing again is free."""
    rows.write(row_of(WEEK), inputs(4), None)
    rows.write(row_of(WEEK), inputs(4), stored(rows))
    rows.write(row_of(WEEK, settled=False), inputs(5), stored(rows))
    assert first_of(rows) == row_of(WEEK, settled=False)


def test_a_row_that_was_replaced_meanwhile_is_not_replaced(rows: PeriodRows) -> None:
    """The ETag that was read decides, even between equal inputs."""
    rows.write(row_of(WEEK), inputs(4), None)
    read = stored(rows)
    rows.write(row_of(WEEK, settled=False), inputs(4), read)
    with pytest.raises(StoreConflict):
        rows.write(row_of(WEEK), inputs(5), read)
    with pytest.raises(StoreConflict):
        rows.write(row_of(WEEK), inputs(5), None)
    assert first_of(rows) == row_of(WEEK, settled=False)


def test_a_row_with_everything_in_it_is_one_entity(rows: PeriodRows, connect: Connect) -> None:
    """A month of several sources, with long texts."""
    month = period_of("month", MONDAY)
    spans = [
        SourceSpan(f"source_{number}", dict.fromkeys(month.days(), "complete"), True, [], {})
        for number in range(10)
    ]
    row = msgspec.structs.replace(build(span_of(month, spans), None), label="x" * 2_000)
    rows.write(row, inputs(1), None)
    assert rows.read("month", month.end, month.end) == [row]


def test_keys_are_in_the_order_of_time() -> None:
    """So that a range of row keys is a range of time, over a year's end too."""
    ends = [midnight(date(2025, 12, 1)) + timedelta(days=number) for number in range(60)]
    keys = [key_of(Period(end - timedelta(days=7), end, "week")) for end in ends]
    assert keys == sorted(keys)
    assert key_of(WEEK) == "2026-11-16T00:00Z"
    assert partition_of("week") == "week|everybody"
    assert datetime.strptime(keys[0], "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC) == ends[0]


def test_new_rows_go_in_one_transaction_and_are_all_or_none(connect: Connect) -> None:
    """A year of days is four of them; where one of a transaction's rows stands there already, none is
    written."""
    watch = Watch()
    rows = PeriodRows(connect(transport=watch).table("periods"))
    days = [period_of("day", MONDAY + timedelta(days=number)) for number in range(365)]
    rows.write_all([Written(key_of(day), row_of(day), inputs(1), None) for day in days])
    assert len(watch.asked) == 4
    assert [row.period for row in rows.read("day", days[0].end, days[-1].end)] == days
    with pytest.raises(StoreConflict):
        rows.write_all(
            [
                Written(key_of(day), row_of(day), inputs(1), None)
                for day in (*days[-1:], period_of("day", MONDAY - timedelta(days=1)))
            ]
        )
    assert len(rows.built("day")) == 365
