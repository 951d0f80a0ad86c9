"""Teams' parts of a period: together with those on no team, and with what is nobody's, they are the whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adoption.comparing import compare
from shared.adoption.daily import METERED, TELLS, Daily
from shared.adoption.mixed import OPEN_END, Mixed
from shared.adoption.mixed_rows import build as build_mixed
from shared.adoption.period_rows import build
from shared.adoption.ranges import Range
from shared.adoption.seats import UNKNOWN
from shared.adoption.slices import mixed_of_team, span_of_team
from shared.adoption.tallies import tally, total
from shared.adoption.team_rows import NOBODY_STAYED, Membership, rows_of_teams
from shared.adoption.teams import Team
from shared.adoption.timeline import Added
from shared.adoption.told import NOBODYS, Told
from shared.adoption.verdict import THRESHOLD
from shared.records import Fact, Measures, PeriodRow, SourceCover, Spread, TeamSizes
from tests.adoption.making import fact, span, week

PEOPLE = [f"e{number}" for number in range(8)]
ACTORS = [*PEOPLE, "k1", "k2"]
#: Of whom the reader hears apart; who is in none of them is on no team.
TEAMS = st.lists(st.sampled_from(PEOPLE), unique=True).flatmap(
    lambda on: st.integers(0, len(on)).map(lambda at: [frozenset(on[:at]), frozenset(on[at:])])
)
FACTS = st.lists(
    st.builds(
        Fact,
        st.sampled_from(ACTORS),
        st.sampled_from(("api", "subscription")),
        st.builds(
            Measures,
            sessions=st.integers(0, 3),
            lines_accepted=st.integers(0, 99),
            decisions_accepted=st.integers(0, 9),
            tokens=st.integers(0, 2**40),
            cost=st.integers(0, 10**6).map(lambda cents: Decimal(cents) / 100),
        ),
    ),
    max_size=20,
)


def parts_of(teams: list[frozenset[str]]) -> list[frozenset[str]]:
    """The teams, and those who are on none."""
    return [*teams, frozenset(PEOPLE).difference(*teams)]


@given(FACTS, TEAMS)
def test_of_daily_sources_the_teams_add_up_to_the_whole(
    facts: list[Fact], teams: list[frozenset[str]]
) -> None:
    """Each sum of everybody is that of the teams, of those without one, and of what is nobody's: with a key
    that is somebody's on the owner's team. And active are as many as on the teams and beside them."""
    whole = span(facts, owners={"k2": "e3"})
    slices = [span_of_team(whole, part, UNKNOWN) for part in parts_of(teams)]
    rows = [build(one, None) for one in slices]
    everybody = build(whole, None)
    nobodys = total(one.measures for one in facts if one.actor_id == "k1")
    expected = {
        "sessions": nobodys.sessions,
        "linesAccepted": nobodys.lines_accepted,
        "decisionsAccepted": nobodys.decisions_accepted,
        "tokens": nobodys.tokens,
    }
    for name, amount in expected.items():
        assert everybody.figures[name].value == amount + sum(row.figures[name].value or 0 for row in rows)
    paid = sum((one.measures.cost for one in facts if one.population == METERED), Decimal(0))
    theirs = sum(one.tally.by_population().get(METERED, Measures()).cost for one in slices)
    assert theirs + whole.tally.unattributed.get(METERED, Measures()).cost == paid
    assert everybody.active["anyActivity"].value == sum(row.active["anyActivity"].value or 0 for row in rows)
    assert {row.completeness for row in rows} == {everybody.completeness}


ADDED = st.builds(
    lambda low, more: Added(low, None if more is None else low + more),
    st.integers(0, 50),
    st.none() | st.integers(0, 50),
)
TOLD = st.builds(
    Told,
    st.sampled_from((frozenset({"subscription"}), frozenset({"console"}))),
    st.sampled_from(("linesAccepted", "tokens")),
    st.dictionaries(st.sampled_from([*ACTORS, NOBODYS]), ADDED),
    st.sampled_from((Added(0, 0), Added(0, None))),
)
BY_DAY = st.builds(
    lambda inside, more, doubt: Daily(
        SourceCover("admin", covered=True, populations=["api"], days=[]),
        tally(inside, {}),
        tally([*inside, *more], {}),
        tally(inside, {}),
        doubt,
    ),
    FACTS,
    FACTS,
    st.none() | st.just("Sunday is missing"),
)


def range_of_all(ranges: list[Range]) -> Range:
    highs = [one.high for one in ranges]
    bounded = [high for high in highs if high is not None]
    return Range(sum(one.low for one in ranges), sum(bounded) if len(bounded) == len(highs) else None)


@given(st.lists(TOLD, max_size=4), st.lists(BY_DAY, max_size=1), TEAMS, st.booleans())
def test_of_exports_the_teams_add_up_to_the_whole(
    told: list[Told], by_day: list[Daily], teams: list[frozenset[str]], ended: bool
) -> None:
    """A member's range is the same in the team's part as in the whole, and nobody else is in it: so lows add
    up with what is nobody's, and highs where no stranger's use is open. The basis stays what it is."""
    whole = Mixed(week(), tuple(by_day), tuple(told), True, frozenset(PEOPLE), by_ended_days=ended)
    slices = [mixed_of_team(whole, part, UNKNOWN) for part in parts_of(teams)]
    for measure in {*TELLS, "linesMerged"}:
        ranges = whole.ranges(measure)
        for part, one in zip(parts_of(teams), slices, strict=True):
            assert one.ranges(measure) == {person: ranges[person] for person in part}
            if not one.untold(measure) and one.is_told(measure) and not any(by.doubt for by in by_day):
                assert one.total(measure) == range_of_all([ranges[person] for person in part])
        found = range_of_all([one.total(measure) for one in slices] + [whole.unattributed(measure)])
        assert whole.total(measure).low == found.low
        if found.high is not None:
            assert whole.total(measure).high == found.high
        assert {(one.basis, *one.bases) for one in slices} == {(whole.basis, *whole.bases)}


def exported(added: Mapping[str, int], *, open_end: bool = False) -> Told:
    return Told(
        frozenset({"subscription"}),
        "linesAccepted",
        {who: Added(count, count) for who, count in added.items()},
        Added(0, None if open_end else 0),
    )


def test_who_is_not_listed_is_a_stranger_on_the_own_team_alone() -> None:
    """No export bounds e2, whom none lists: e2's team has a range and says why, the other's is exact."""
    whole = Mixed(week(), (), (exported({"e0": 5, "e1": 7}, open_end=True),), True, frozenset(PEOPLE))
    exact, open_ = (mixed_of_team(whole, frozenset(team), UNKNOWN) for team in (("e0", "e1"), ("e1", "e2")))
    assert exact.total("linesAccepted") == Range(12, 12)
    assert exact.doubts("linesAccepted") == []
    assert open_.total("linesAccepted") == Range(7, None)
    assert open_.doubts("linesAccepted") == [OPEN_END]


BEFORE = {"e0": 10, "e1": 10, "e2": 10, "e3": 5}
AFTER = {"e0": 20, "e1": 30, "e2": 40, "e3": 9}
THEN = Membership(frozenset(PEOPLE), {"t": Team("T", frozenset({"e0", "e1", "e2"}))})
NOW = Membership(
    frozenset(PEOPLE), {"t": Team("T", frozenset({"e0", "e1", "e3"})), "u": Team("U", frozenset({"e2"}))}
)


def by_days(key: str) -> PeriodRow:
    first, second = (
        span([fact(who, lines_accepted=count) for who, count in counts.items()], period=week(at))
        for at, counts in ((-1, BEFORE), (0, AFTER))
    )
    return build(span_of_team(second, NOW.of(key), UNKNOWN), span_of_team(first, THEN.of(key), UNKNOWN))


def by_exports(key: str) -> PeriodRow:
    first, second = (
        Mixed(week(at), (), (exported(counts),), True) for at, counts in ((-1, BEFORE), (0, AFTER))
    )
    before, after = (mixed_of_team(one, of.of(key), UNKNOWN) for one, of in ((first, THEN), (second, NOW)))
    return build_mixed(after, compare(before, after, THRESHOLD, ""))


@pytest.mark.parametrize("build_team", [by_days, by_exports])
def test_a_teams_verdict_is_over_those_who_are_on_it_at_the_end_of_both_periods(
    build_team: Callable[[str], PeriodRow],
) -> None:
    """Who moved to it is a joiner, who moved away a leaver, as with the roster; and over nobody there is no
    verdict."""
    whole = msgspec.structs.replace(build_team("t"), sources=[SourceCover("any", True, [], [])])
    rows = rows_of_teams(whole, NOW, THEN, build_team)
    of_t, of_u = rows["t"], rows["u"]
    assert (of_t.name, of_t.sizes) == ("T", TeamSizes(3, 8, stayed=2, roster_stayed=8, left=1))
    assert (of_t.row.of, of_t.row.figures["linesAccepted"].value) == (3, 20 + 30 + 9)
    answer = of_t.row.answer
    assert answer.counts is not None
    assert (answer.verdict, answer.counts.gained, answer.counts.active) == ("yes", 2, 2)
    assert (answer.joiners, answer.leavers) == (Spread(1, 1), Spread(1, 1))
    assert (of_u.row.answer.verdict, of_u.row.answer.reason) == ("unknown", NOBODY_STAYED)
    assert of_u.sizes == TeamSizes(1, 8, stayed=0, roster_stayed=8, left=0)
    off = rows_of_teams(whole, NOW, THEN, build_team, {"e0", "e8", "e9"})
    assert off["t"].sizes.off == off["u"].sizes.off == 2  # who shows use, and is not on the roster
    assert of_t.row.sources == of_u.row.sources == whole.sources
    assert {figure.value for figure in of_t.row.unattributed.values()} == {0}
