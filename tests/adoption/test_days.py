"""Laws of what a day is worth: empty is a classification, never a zero."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.adoption.days import classify, coverage_start, is_working_day, silence_of
from shared.periods import ONE_DAY
from shared.records import DayEntry, DayState
from tests.adoption.making import ENTRIES, MONDAY, classified, known

FIRSTS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
HISTORIES = st.text("reREf.", min_size=1, max_size=40)
FINISHED = st.text("ref.", min_size=1, max_size=40)
PROVEN: frozenset[DayState] = frozenset({"complete", "empty_expected"})
EMPTY: frozenset[DayState] = frozenset({"empty_expected", "empty_suspect"})


@pytest.mark.parametrize(
    ("letters", "states"),
    [
        ("r", "c"),
        ("R", "p"),
        ("E", "p"),
        ("f", "f"),
        (".", "."),
        ("rer", "cec"),
        ("ree", "css"),
        ("r.r", "c.c"),
    ],
)
def test_each_state_comes_from_what_is_known(letters: str, states: str) -> None:
    """A day's state follows from its content, its last attempt, whether it is settled, and its neighbours."""
    assert classified(MONDAY, letters) == states


def test_nothing_known_is_nothing_concluded() -> None:
    """Without any entry there is no day."""
    assert classify({}) == {}
    assert coverage_start({}) is None


def test_a_day_between_that_was_never_asked_for_is_named() -> None:
    """A hole in the manifest is a day that was never fetched, not a day left out."""
    entries = {MONDAY: ENTRIES["r"], MONDAY + 2 * ONE_DAY: ENTRIES["r"]}
    assert classify(entries)[MONDAY + ONE_DAY] == "never_fetched"


def test_rows_that_stand_after_a_failed_attempt_still_count() -> None:
    """A later failure does not take away what was fetched."""
    stood = DayEntry(content="rows", last_attempt="failed", settled=True)
    assert classify({MONDAY: stood}) == {MONDAY: "complete"}


def test_example_28_an_empty_weekend_is_expected() -> None:
    """Nothing on a Saturday and a Sunday between full weekdays, or after them, is no use and no doubt."""
    assert classified(MONDAY, "rrrrree rrrrree") == "cccccee" * 2


def test_example_30_a_silence_of_two_working_days_is_suspect_from_its_first() -> None:
    """Nothing since Wednesday, and it is Friday: Wednesday and Thursday are suspect, the rest stands."""
    assert classified(MONDAY, "rrrrree" * 8 + "rreeE") == "cccccee" * 8 + "ccssp"


def test_one_quiet_working_day_is_believed() -> None:
    """A single empty working day after use is expected; only the second one running casts doubt."""
    assert classified(MONDAY, "rre") == "cce"
    assert classified(MONDAY, "rrrreeeE") == "cccceeep"


def test_a_silence_goes_on_over_the_weekend() -> None:
    """Friday and Monday are two working days running: both are doubted."""
    states = classified(MONDAY, "rrrreeee")
    assert (states[4], states[7]) == ("s", "s")


def test_the_days_before_the_turn_of_the_year_are_no_working_days() -> None:
    """An empty time from 24 December to 1 January casts no doubt."""
    thursday = date(2026, 12, 24)
    assert classified(thursday - ONE_DAY, "r" + "e" * 9) == "c" + "e" * 9
    assert not is_working_day(thursday)
    assert not is_working_day(date(2027, 1, 1))
    assert is_working_day(date(2026, 12, 23))
    assert is_working_day(date(2027, 1, 4))


def test_holidays_are_no_working_days() -> None:
    """What an admin's file says; where it names days of the turn of the year, these alone are free there."""
    monday, epiphany = date(2026, 11, 9), date(2027, 1, 6)
    assert not is_working_day(monday, {monday})
    assert not is_working_day(date(2026, 12, 28), {epiphany})
    assert is_working_day(date(2026, 12, 28), {date(2026, 12, 25)})
    assert is_working_day(date(2026, 12, 24), {date(2027, 1, 1)})
    assert not is_working_day(date(2027, 12, 24), {date(2026, 12, 25)})


def test_a_silence_over_holidays_is_believed() -> None:
    """Two free days after the last use leave the source as credible as a weekend does."""
    entries = known(MONDAY, "rrree")
    free = {MONDAY + 3 * ONE_DAY, MONDAY + 4 * ONE_DAY}
    assert set(classify(entries).values()) == {"complete", "empty_suspect"}
    assert set(classify(entries, free).values()) == {"complete", "empty_expected"}


@pytest.mark.parametrize(
    ("letters", "silence"),
    [
        ("rrrrree rrrrree", (MONDAY + 12 * ONE_DAY, 0, 0)),
        ("rrrrree rreeree rrr", (MONDAY + 17 * ONE_DAY, 0, 2)),
        ("rreerre rree", (MONDAY + 9 * ONE_DAY, 2, 2)),
        ("rf.Eeee", (MONDAY + ONE_DAY, 1, 0)),  # Friday alone: the others are not known to be empty
    ],
)
def test_a_silence_is_told_beside_the_longest_before(letters: str, silence: tuple[date, int, int]) -> None:
    """In working days that are known to be empty, since the last use and at most between two uses."""
    found = silence_of(known(MONDAY, letters))
    assert found is not None
    assert (found.since, found.working_days, found.longest) == silence


def test_who_never_spoke_is_not_silent() -> None:
    """Without any rows there is no silence to measure."""
    assert silence_of({}) is None
    assert silence_of(known(MONDAY, "eeeee")) is None


def test_example_31_a_week_off_between_use_is_true() -> None:
    """A whole week without use, with use before and after it, is expected day by day."""
    assert classified(MONDAY, "rrrrree eeeeeee rrr") == "ccccceeeeeeeeeccc"


def test_example_32_nothing_ever_proves_nothing() -> None:
    """Ninety empty days are suspect, every one."""
    assert classified(MONDAY, "e" * 90) == "s" * 90


def test_example_32a_a_new_team_is_covered_from_its_first_monday() -> None:
    """First rows on a Tuesday: the Monday before them counts, the Sunday before that does not."""
    assert classified(MONDAY - timedelta(days=70), "e" * 70 + "errrree") == "s" * 70 + "eccccee"
    assert coverage_start(known(MONDAY, "err")) == MONDAY


@given(FIRSTS, HISTORIES)
def test_a_day_with_rows_is_never_called_empty(first: date, letters: str) -> None:
    """Rows are complete or provisional, whatever their neighbours."""
    states = classify(known(first, letters))
    for day, entry in known(first, letters).items():
        if entry.content == "rows":
            assert states[day] == ("complete" if entry.settled else "provisional")


@given(FIRSTS, HISTORIES)
def test_a_day_that_is_not_there_is_never_called_empty(first: date, letters: str) -> None:
    """What was not fetched is failed or never fetched, never a kind of empty, and the other way round."""
    states = classify(known(first, letters))
    for day, entry in known(first, letters).items():
        assert (entry.content == "none") == (states[day] in {"failed", "never_fetched"})
        assert (states[day] in EMPTY) == (entry.content == "empty" and entry.settled)


@given(FIRSTS, HISTORIES)
def test_use_on_both_sides_makes_the_gap_true(first: date, letters: str) -> None:
    """A settled empty day with rows somewhere before and somewhere after it is expected."""
    entries = known(first, letters)
    with_rows = [day for day, entry in entries.items() if entry.content == "rows"]
    assume(with_rows)
    states = classify(entries)
    for day, entry in entries.items():
        if entry == ENTRIES["e"] and min(with_rows) < day < max(with_rows):
            assert states[day] == "empty_expected"


@given(FIRSTS, FINISHED)
def test_nothing_before_the_monday_of_the_first_rows_is_covered(first: date, letters: str) -> None:
    """Before that Monday no finished day is proven; without any rows none is at all."""
    entries = known(first, letters)
    start = coverage_start(entries) or date.max
    assert all(state not in PROVEN for day, state in classify(entries).items() if day < start)


@given(FIRSTS, FINISHED, st.data())
def test_rows_that_come_later_unprove_nothing(first: date, letters: str, data: st.DataObject) -> None:
    """Putting rows on any further days leaves each proven day proven."""
    entries = known(first, letters)
    span = st.integers(0, len(letters) + 9).map(lambda number: first + number * ONE_DAY)
    later = entries | dict.fromkeys(data.draw(st.sets(span, max_size=5)), ENTRIES["r"])
    before, after = classify(entries), classify(later)
    assert all(after[day] in PROVEN for day, state in before.items() if state in PROVEN)


@given(FIRSTS, st.integers(2, 12))
def test_a_silence_that_lasts_is_doubted(first: date, days: int) -> None:
    """From the second empty working day after the last use on, no working day of the silence is proven."""
    entries = known(first, "r" + "e" * days)
    silent = [day for day in entries if day > first and is_working_day(day)]
    assume(len(silent) > 1)
    states = classify(entries)
    assert {states[day] for day in silent} == {"empty_suspect"}
