"""Who was absent when, by spend reports and members analytics."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from shared.adoption.absences import Absences, MembersShown, Presence, SpendShown
from shared.adoption.timeline import Absence
from tests.adoption.looking import moment

SPEND, MEMBERS = "the spend report", "the members analytics"
LATER = moment("30 Nov")


def spend(begin: str, end: str, *users: str, spoken: datetime = LATER) -> SpendShown:
    return SpendShown(moment(begin), moment(end), spoken, frozenset(users), SPEND)


def members(*seen: Presence, spoken: datetime = LATER) -> MembersShown:
    return MembersShown(moment("1 Nov"), moment("16 Nov"), spoken, {"ana": seen}, MEMBERS)


def test_who_is_not_in_a_spend_report_used_nothing() -> None:
    """Not even somebody whom nothing ever listed; who is in it was not absent."""
    absences = Absences([spend("9 Nov", "16 Nov", "ana")])
    assert absences.of("ana") == ()
    for person in ("ben", "nobody"):
        assert absences.of(person) == (Absence(moment("9 Nov"), moment("16 Nov"), SPEND),)


def test_a_report_speaks_of_nothing_after_it_was_shown() -> None:
    """A range that was not over, lag and all, tells of its beginning only; one in the future of nothing."""
    assert Absences([spend("9 Nov", "16 Nov", spoken=moment("12 Nov 09:00"))]).of("ben") == (
        Absence(moment("9 Nov"), moment("12 Nov 09:00"), SPEND),
    )
    assert Absences([spend("9 Nov", "16 Nov", spoken=moment("9 Nov"))]).of("ben") == ()


@pytest.mark.parametrize(
    ("seen", "begin"),
    [
        (Presence(0, None), "1 Nov"),
        (Presence(0, date(2026, 11, 3)), "1 Nov"),
        (Presence(5, date(2026, 11, 3)), "4 Nov"),
        (Presence(0, date(2026, 10, 20)), "21 Oct"),
    ],
)
def test_members_analytics_tells_from_when_on_a_member_was_absent(seen: Presence, begin: str) -> None:
    """Without a session of Claude Code over the window, and after the last day of any product in any case."""
    assert Absences(members=[members(seen)]).of("ana") == (Absence(moment(begin), moment("16 Nov"), MEMBERS),)


def test_a_last_day_of_some_product_proves_no_use_and_no_absence_before_it() -> None:
    """Sessions in the window and activity on its last day: nothing is known of any day of it."""
    assert Absences(members=[members(Presence(5, date(2026, 11, 15)))]).of("ana") == ()
    assert Absences(members=[members(Presence(0, None))]).of("nobody's member") == ()


@pytest.mark.parametrize(
    ("seen", "begin"),
    [
        ((Presence(0, date(2026, 10, 20)), Presence(0, None)), "1 Nov"),
        ((Presence(0, date(2026, 10, 20)), Presence(0, date(2026, 10, 25))), "26 Oct"),
        ((Presence(0, date(2026, 11, 9)), Presence(5, date(2026, 11, 3))), "4 Nov"),
    ],
)
def test_of_two_addresses_of_a_member_each_was_absent(seen: tuple[Presence, ...], begin: str) -> None:
    """One without a last day may have been used on any day before the window; and who had no session in it
    under one, whatever product was used, was absent from the last day of the other on."""
    absence = Absence(moment(begin), moment("16 Nov"), MEMBERS)
    assert Absences(members=[members(*seen)]).of("ana") == (absence,)


def test_spans_that_meet_are_one() -> None:
    """Two reports that follow each other speak of one absence, and both are named."""
    absences = Absences([spend("2 Nov", "9 Nov"), spend("9 Nov", "16 Nov")], [members(Presence(0, None))])
    (one,) = absences.of("ana")
    assert (one.begin, one.end) == (moment("1 Nov"), moment("16 Nov"))
    assert one.in_words == f"{MEMBERS}, {SPEND}"
    assert len(Absences([spend("2 Nov", "9 Nov"), spend("10 Nov", "16 Nov")]).of("ana")) == 2
