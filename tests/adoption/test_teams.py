"""Teams: one name for each, the people of a day, and the rule of too few."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adoption.roster import Entry, Roster, RosterFile
from shared.adoption.teams import TOO_FEW, Team, is_too_few, normal_name, team_key, teams_of

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 10)


@pytest.mark.parametrize(
    "spelling", ["Platform  Tools", " platform tools", "PLATFORM\u00a0TOOLS", "Ｐlatform\ttools"]
)
def test_a_team_has_one_name_however_it_is_written(spelling: str) -> None:
    """Case, width and spaces tell no teams apart; in keys stands nothing of the name."""
    assert normal_name(spelling) == "platform tools"
    assert team_key(spelling) == team_key("Platform Tools") != team_key("Platform")
    assert len(team_key(spelling)) == 16
    assert set(team_key(spelling)) <= set("0123456789abcdef")


@given(st.text())
def test_a_name_that_is_normal_stays_as_it_is(text: str) -> None:
    """What a reader asks for has been trimmed and composed on the way, and is the same team."""
    assert normal_name(unicodedata.normalize("NFKC", text).strip()) == normal_name(text)
    assert normal_name(normal_name(text)) == normal_name(text)


def test_the_teams_of_a_day_are_those_of_its_people() -> None:
    """Who has moved is on the new team from the newer file on, who has left on none; an entry without a
    team belongs to none."""
    first = RosterFile(
        OCTOBER, (Entry("ea", team="Web"), Entry("eb", team="web "), Entry("ec", team="Ops"), Entry("ed"))
    )
    second = RosterFile(NOVEMBER, (Entry("ea", team="Ops"), Entry("eb", team="web"), Entry("ed", team=" ")))
    roster = Roster([first, second])
    assert teams_of(roster, OCTOBER) == {
        team_key("web"): Team("Web", frozenset({"ea", "eb"})),
        team_key("ops"): Team("Ops", frozenset({"ec"})),
    }
    assert teams_of(roster, NOVEMBER) == {
        team_key("web"): Team("web", frozenset({"eb"})),
        team_key("ops"): Team("Ops", frozenset({"ea"})),
    }
    assert teams_of(Roster([]), NOVEMBER) == {}


@given(st.integers(0, 40), st.integers(0, 40))
def test_nobody_is_shown_by_a_small_team_or_a_small_rest(members: int, others: int) -> None:
    """Both the team and those who are not on it are at least five, or the team is everybody."""
    shown = not is_too_few(members, members + others)
    assert shown == (members >= TOO_FEW and (others >= TOO_FEW or not others))
