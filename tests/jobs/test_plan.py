"""Which days are asked for: exactly those that can have changed, and those that are not there."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.jobs.plan import KEPT_DAYS, can_have_changed, days_to_ask, days_to_read_again, first_day
from shared.records import Attempt, Content, DayEntry
from shared.sources import LIVE

TODAY = date(2026, 11, 16)

contents: list[Content] = ["rows", "empty", "none"]
attempts: list[Attempt] = ["ok", "failed", "never"]
entries = st.builds(
    lambda content, attempt, settled: DayEntry(content=content, last_attempt=attempt, settled=settled),
    st.sampled_from(contents),
    st.sampled_from(attempts),
    st.booleans(),
)
manifests = st.dictionaries(
    st.integers(0, KEPT_DAYS - 1).map(lambda age: TODAY - timedelta(days=age)), entries, max_size=60
)
backfills, trailings = st.integers(1, 400), st.integers(3, 30)


@given(manifests, backfills, trailings)
def test_exactly_the_days_that_can_have_changed_are_asked_for(
    known: dict[date, DayEntry], backfill: int, trailing: int
) -> None:
    """A day is left out if, and only if, it is there, settled, and older than the trailing days."""
    asked = days_to_ask(known, TODAY, backfill_days=backfill, trailing_days=trailing)
    oldest = min([TODAY - timedelta(days=backfill - 1), *known])
    for age in range((TODAY - oldest).days + 1):
        day = TODAY - timedelta(days=age)
        entry = known.get(day)
        final = (
            entry is not None
            and entry.content in ("rows", "empty")
            and entry.last_attempt == "ok"
            and entry.settled
            and age > trailing
        )
        assert (day in asked) != final


@given(manifests, backfills, trailings)
def test_the_newest_come_first_of_what_is_there_and_of_what_is_not(
    known: dict[date, DayEntry], backfill: int, trailing: int
) -> None:
    """Each once, from today backwards, never the future, never beyond what a manifest keeps; before what is
    there whatever is newer. However few a run has time for after that, it is further with either."""
    asked = days_to_ask(known, TODAY, backfill_days=backfill, trailing_days=trailing)
    assert asked[0] == TODAY
    there = [day for day in asked if day in known and known[day].content != "none"]
    missing = [day for day in asked if day not in there]
    for days in (there, missing):
        assert days == sorted(set(days), reverse=True)
        assert all((TODAY - day).days in range(KEPT_DAYS) for day in days)
    newer = [day for day in missing if day > max(there, default=date.min)]
    assert asked[: len(newer) + 1] == [*newer, *there[:1]]
    for further, done in enumerate(range(len(newer) + 2, len(asked) + 1), start=1):
        of_missing, of_there = missing[len(newer) :], there[1:]
        assert len(set(asked[:done]) & set(of_missing)) >= min((further + 1) // 2, len(of_missing))
        assert len(set(asked[:done]) & set(of_there)) >= min(further // 2, len(of_there))


@given(manifests, backfills, trailings)
def test_failed_and_never_fetched_days_are_asked_for_at_any_age(
    known: dict[date, DayEntry], backfill: int, trailing: int
) -> None:
    """Until they are there, also where BACKFILL_DAYS was made smaller meanwhile."""
    asked = set(days_to_ask(known, TODAY, backfill_days=backfill, trailing_days=trailing))
    assert {day for day, entry in known.items() if entry.last_attempt != "ok"} <= asked
    assert {day for day, entry in known.items() if entry.content == "none"} <= asked
    first = first_day(known, TODAY, backfill)
    between = {first + timedelta(days=number) for number in range((TODAY - first).days + 1)}
    assert between - known.keys() <= asked


def test_a_first_run_asks_for_the_whole_backfill() -> None:
    """So many days, today included."""
    asked = days_to_ask({}, TODAY, backfill_days=90, trailing_days=5)
    assert len(asked) == 90
    assert asked[-1] == date(2026, 8, 19)


def test_a_source_that_lags_is_asked_for_its_own_trailing_days() -> None:
    """Those up to the newest that it shows, and whatever there may be after it; and no day that it does not
    tell of, be it missing for ever."""
    settled = DayEntry(content="rows", last_attempt="ok", settled=True)
    known = {TODAY - timedelta(days=age): settled for age in range(2, 9)}
    newest, since = TODAY - timedelta(days=2), TODAY - timedelta(days=12)
    asked = days_to_ask(known, TODAY, backfill_days=90, trailing_days=3, since=since, newest=newest)
    assert sorted((TODAY - day).days for day in asked) == [0, 1, 2, 3, 4, 9, 10, 11, 12]


def test_what_may_be_revised_is_read_again_once_a_day_and_once_when_that_is_over() -> None:
    """So long after the day's end, and not oftener; whatever the day's own figures do. A revision of the last
    hours counts, and one of weeks in which nobody could ask."""
    now = datetime.combine(TODAY, time(12), UTC)
    known = {
        TODAY - timedelta(days=age): DayEntry(fetched_at=now - timedelta(hours=hours))
        for age, hours in ((1, 19), (2, 20), (30, 30), (31, 20), (32, 20), (33, 80), (60, 900), (61, 300))
    }
    asked = days_to_read_again(known, now, timedelta(days=30))
    assert sorted((TODAY - day).days for day in asked) == [2, 30, 31, 33, 60]
    assert days_to_read_again(known, now, timedelta(0)) == set()
    also = days_to_ask({}, TODAY, backfill_days=1, trailing_days=3, also=asked)
    assert also == [TODAY]  # what is not there is no matter of its cost


def test_a_source_tells_of_no_day_beyond_its_reach() -> None:
    """From its first day on, and so far back."""
    enterprise = LIVE["claude_enterprise_analytics"]
    assert enterprise.first_day(date(2026, 6, 1)) == date(2026, 1, 1)
    assert enterprise.first_day(date(2027, 6, 1)) == date(2026, 6, 2)
    assert LIVE["claude_code_admin"].first_day(TODAY) == date.min


def test_the_trailing_days_are_finished_days() -> None:
    """Five of them, and today beside them."""
    settled = DayEntry(content="rows", last_attempt="ok", settled=True)
    assert [age for age in range(9) if can_have_changed(settled, age, 5)] == [0, 1, 2, 3, 4, 5]


def test_a_larger_backfill_reaches_further_and_a_smaller_one_forgets_nothing() -> None:
    """The first day never moves forward but by age."""
    known = {TODAY - timedelta(days=50): DayEntry(content="rows", last_attempt="ok", settled=True)}
    assert first_day(known, TODAY, 10) == TODAY - timedelta(days=50)
    assert first_day(known, TODAY, 90) == TODAY - timedelta(days=89)
    ancient = {TODAY - timedelta(days=900): DayEntry()}
    assert first_day(ancient, TODAY, 10) == TODAY - timedelta(days=KEPT_DAYS - 1)
