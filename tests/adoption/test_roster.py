"""The roster: from when to when somebody counts, over the files as they followed each other."""

from __future__ import annotations

from datetime import date

from shared.adoption.roster import Entry, Roster, RosterFile

OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 1), date(2026, 11, 10), date(2026, 12, 1)


def file(day: date, *entries: Entry) -> RosterFile:
    return RosterFile(day, entries)


def test_without_a_file_there_is_no_roster_and_an_empty_one_is_a_roster() -> None:
    """No roster is not the same as one with nobody on it."""
    assert not Roster([])
    assert Roster([file(OCTOBER)])
    assert Roster([file(OCTOBER)]).members(NOVEMBER) == frozenset()


def test_the_first_roster_holds_from_the_beginning_unless_joined_is_stated() -> None:
    """Whoever is on the first roster always was, but for a stated first day."""
    roster = Roster([file(NOVEMBER, Entry("a"), Entry("b", joined=OCTOBER))])
    assert roster.members(date(2025, 1, 1)) == {"a"}
    assert roster.members(OCTOBER) == {"a", "b"}


def test_a_later_roster_holds_from_its_day_or_from_first_use_before_it() -> None:
    """A newcomer counts from the stated day, else from the earlier of the file's day and first use."""
    files = [file(OCTOBER, Entry("a")), file(NOVEMBER, Entry("a"), Entry("b"), Entry("c", joined=DECEMBER))]
    assert Roster(files).members(date(2026, 11, 9)) == {"a"}
    assert Roster(files, {"b": date(2026, 11, 3)}).members(date(2026, 11, 3)) == {"a", "b"}
    assert Roster(files, {"b": DECEMBER}).members(NOVEMBER) == {"a", "b"}
    assert Roster(files, {"c": OCTOBER}).members(date(2026, 11, 30)) == {"a", "b"}


def test_left_is_the_last_day_and_a_missing_line_ends_on_the_day_before_the_file() -> None:
    """Off it from the day after the stated one, else from the first later roster's own day."""
    stated = Roster([file(OCTOBER, Entry("a", left=NOVEMBER))])
    assert stated.members(NOVEMBER) == {"a"}
    assert not stated.members(date(2026, 11, 11))
    gone = Roster([file(OCTOBER, Entry("a")), file(NOVEMBER)])
    assert gone.members(date(2026, 11, 9)) == {"a"}
    assert not gone.members(NOVEMBER)
    assert gone.left_by("a", NOVEMBER)
    assert not gone.left_by("a", date(2026, 11, 9))
    assert not gone.left_by("stranger", NOVEMBER)


def test_who_comes_back_has_two_stays() -> None:
    """Absent from one roster and on the next: on it before and after, not between."""
    roster = Roster([file(OCTOBER, Entry("a")), file(NOVEMBER), file(DECEMBER, Entry("a"))])
    assert [bool(roster.members(day)) for day in (OCTOBER, NOVEMBER, DECEMBER)] == [True, False, True]


def test_the_order_in_which_rosters_arrive_does_not_matter() -> None:
    """Files stand in the order of their days."""
    files = [file(OCTOBER, Entry("a")), file(NOVEMBER, Entry("b"))]
    days = (OCTOBER, NOVEMBER, DECEMBER)
    one, other = Roster(files), Roster(files[::-1])
    assert [one.members(day) for day in days] == [other.members(day) for day in days]


def test_a_name_means_somebody_only_where_one_engineer_ever_bore_it() -> None:
    """Two of one name are nobody; a leaver's name, or a former one, still means who bore it."""
    files = [
        file(OCTOBER, Entry("a", "n1")),
        file(NOVEMBER, Entry("a", "n2"), Entry("b", "n3"), Entry("c", "n3")),
    ]
    assert Roster(files).by_name() == {"n1": "a", "n2": "a"}
    later = file(DECEMBER, Entry("d", "n2"))
    assert Roster([*files, later]).by_name() == {"n1": "a"}


def test_a_team_is_that_of_the_day() -> None:
    """The newest file up to the day says the team."""
    roster = Roster([file(OCTOBER, Entry("a", team="x")), file(NOVEMBER, Entry("a", team="y"))])
    assert (roster.team_of("a", OCTOBER), roster.team_of("a", NOVEMBER)) == ("x", "y")
    assert roster.team_of("stranger", NOVEMBER) == ""
