"""Cohorts by hand, and their laws: everybody in exactly one, and no word that the ranges do not prove."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adoption.cohorts import History, Placed, Seen, Shown, cohorts_of, history_of
from shared.adoption.mixed import Mixed
from shared.adoption.ranges import NOTHING, UNKNOWN, Range
from shared.adoption.timeline import Added
from shared.adoption.told import Told
from shared.periods import Period, period_of
from shared.records import COHORTS

LAST_DAY = date(2026, 11, 22)

Count = int | tuple[int, int | None]


def weeks(number: int) -> tuple[Period, ...]:
    return tuple(period_of("week", LAST_DAY - timedelta(days=7 * ago)) for ago in reversed(range(number)))


def a_range(told: Count) -> Range:
    return Range(*told) if isinstance(told, tuple) else Range(told, told)


def history(lines: Mapping[str, Iterable[Count]], sessions: Mapping[str, int] | None = None) -> History:
    """Each engineer's lines, period by period; sessions are all of the last period's."""
    ranges = {who: [a_range(one) for one in told] for who, told in lines.items()}
    number = max(map(len, ranges.values()))
    shown = tuple(Shown({who: told[at] for who, told in ranges.items()}, NOTHING) for at in range(number))
    nothing = Shown({}, NOTHING if sessions is not None else UNKNOWN)
    last = Shown({who: Range(one, one) for who, one in (sessions or {}).items()}, nothing.unlisted)
    return History(
        weeks(number),
        "linesAccepted",
        "linesAccepted",
        {"linesAccepted": shown, "sessions": (*[nothing] * (number - 1), last)},
        {},
    )


def seen_in(told: History, *earlier: str) -> dict[str, Seen]:
    """Who shows use, from the first period to the last in which it does; some showed it long before, too."""
    found: dict[str, Seen] = {}
    for period, shown in zip(told.periods, told.shown["linesAccepted"], strict=True):
        for who, one in shown.ranges.items():
            if one.low:
                found[who] = Seen(found[who].first if who in found else period.end, period.end)
    for who in earlier:
        before = told.periods[0].start - timedelta(days=30)
        found[who] = Seen(before, found[who].last if who in found else before)
    return found


def place(
    lines: Mapping[str, Iterable[Count]],
    *earlier: str,
    since: Mapping[str, date] | None = None,
    sessions: Mapping[str, int] | None = None,
    **more: Any,
) -> dict[str, Placed]:
    told = history(lines, sessions)
    arguments: dict[str, Any] = {
        "seen": seen_in(told, *earlier),
        "since": dict.fromkeys(lines, date.min) | dict(since or {}),
        "grace_days": 14,
        "moved": {},
        "addresses": {who: f"{who}@quux.example" for who in lines},
    }
    return {one.engineer: one for one in cohorts_of(list(lines), told, **(arguments | more))}


def cohorts(lines: Mapping[str, Iterable[Count]], *earlier: str, **more: Any) -> dict[str, str]:
    return {who: one.cohort for who, one in place(lines, *earlier, **more).items()}


# --- worked by hand ------------------------------------------------------------------------------


def test_a_team_of_eight() -> None:
    """Of seven active two may be power, if they were active in all four: of the first two one was."""
    lines = {
        "ana": (400, 400, 400, 400),  # in all four, second
        "ben": (300, 300, 300, 300),  # in all four, third: one too many
        "cem": (200, 200, 200, 200),
        "dan": (0, 900, 900, 900),  # three of four, though he did more than anybody
        "eva": (50, 0, 0, 5),  # two of four
        "fay": (0, 0, 0, 9),  # never seen before the last two
        "gil": (70, 70, 0, 0),  # nothing in the last two
        "hal": (0, 0, 0, 0),  # never
    }
    assert cohorts(lines) == {
        "ana": "power",
        "ben": "regular",
        "cem": "regular",
        "dan": "regular",
        "eva": "casual",
        "fay": "new",
        "gil": "dormant",
        "hal": "notYetStarted",
    }
    places = place(lines)
    assert [who for who, _ in places.items()] == ["dan", "ana", "ben", "cem", "gil", "eva", "fay", "hal"]
    assert [one.rank for one in places.values()] == [*range(1, 9)]
    assert places["gil"].last_seen == date(2026, 11, 8)
    assert places["eva"].active_periods == Range(2, 2)


@pytest.mark.parametrize(("active", "power"), [(1, 1), (3, 2), (8, 2), (9, 3), (12, 3), (13, 4)])
def test_a_quarter_of_the_active_is_power_and_at_least_two(active: int, power: int) -> None:
    """⌈active ÷ 4⌉, whoever is on the roster beside them."""
    lines = {f"p{at:02}": (9 + at,) * 4 for at in range(active)} | {f"z{at}": (0,) * 4 for at in range(9)}
    found = cohorts(lines)
    assert [who for who, one in found.items() if one == "power"] == [
        f"p{at:02}" for at in reversed(range(active - power, active))
    ]


def test_ties_are_broken_by_sessions_then_by_address() -> None:
    """Cy has more sessions than three with as many lines; of these the first by the alphabet is second. An
    engineer whose address nobody knows any more comes last, and sessions that are not known break no tie."""
    same = dict.fromkeys(("xa", "xb", "xc", "cy"), (10,) * 4)
    told = {"xa": 1, "xb": 1, "xc": 1, "cy": 2}
    assert list(place(same, sessions=told)) == ["cy", "xa", "xb", "xc"]
    assert list(place(same)) == ["cy", "xa", "xb", "xc"]
    addresses = {"xb": "aa@quux.example", "cy": "zz@quux.example", "xc": "bb@quux.example"}
    assert list(place(same, addresses=addresses)) == ["xb", "xc", "cy", "xa"]


def test_new_is_who_is_first_seen_in_the_last_two_periods() -> None:
    """Both or the last of them. Who showed use long ago is not new."""
    lines = {"two": (0, 0, 5, 5), "one": (0, 0, 0, 5), "back": (0, 0, 0, 5), "third": (0, 5, 0, 5)}
    assert cohorts(lines, "back") == {
        "two": "new",
        "one": "new",
        "back": "casual",
        "third": "casual",
    }


def test_newness_that_an_earlier_range_denies_is_unknown() -> None:
    """In the month without a final file she may have used it: then she was not new."""
    found = place({"ana": (0, (0, None), 5, 5)})["ana"]
    assert (found.cohort, bool(found.reason)) == ("unknown", True)


def test_dormant_needs_proof_of_two_idle_periods() -> None:
    """A period in which something is possible proves nothing; nor does an idle basis, beside other use."""
    lines: dict[str, tuple[Count, ...]] = {
        "idle": (5, 5, 0, 0),
        "maybe": (5, 5, 0, (0, 9)),
        "asks": (5, 5, 0, 0),
        "long ago": (0, 0, 0, 0),
    }
    told = history(lines)
    seen = seen_in(told, "long ago") | {"asks": Seen(told.periods[0].end, told.periods[3].end)}
    assert cohorts(lines, seen=seen) == {
        "idle": "dormant",
        "maybe": "unknown",
        "asks": "unknown",
        "long ago": "dormant",
    }


def test_grace_is_counted_to_the_end_of_the_newest_period() -> None:
    """After 14 days on the roster who was never seen has not started; until then, nobody says so. Whether
    somebody has started that a range leaves open is unknown, however long they are there."""
    lines: dict[str, tuple[Count, ...]] = {"a": (0,) * 4, "b": (0,) * 4, "c": (0, 0, 0, (0, None))}
    since = {"a": LAST_DAY - timedelta(days=14), "b": LAST_DAY - timedelta(days=13)}
    assert cohorts(lines, since=since) == {"a": "notYetStarted", "b": "unknown", "c": "unknown"}


def test_fewer_than_four_periods_have_no_power_and_no_regular() -> None:
    """What the missing ones may have held leaves it open; who is new, dormant, or never started is known."""
    for number in (2, 3):
        lines = {"all": (9,) * number, "new": (0,) * (number - 1) + (9,), "idle": (0,) * number}
        assert cohorts({**lines, "nobody": (0,) * number}, "all", "idle") == {
            "all": "unknown",
            "new": "new",
            "idle": "dormant",
            "nobody": "notYetStarted",
        }
    assert cohorts({"ana": (9,), "ben": (0,)}, "ana", "ben") == {"ana": "unknown", "ben": "unknown"}


def test_a_rank_that_ranges_leave_open_is_unknown_or_shut() -> None:
    """Ben may be before ana or behind cem: whoever may be power and may not is unknown; ana is certain
    of the second place at least, and dee has no way up."""
    lines: dict[str, tuple[Count, ...]] = {
        "ana": (100,) * 4,
        "ben": (50, 50, 50, (1, 999)),
        "cem": (60,) * 4,
        "dee": (10,) * 4,
    }
    found = place(lines)
    assert {who: one.cohort for who, one in found.items()} == {
        "ana": "power",
        "ben": "unknown",
        "cem": "unknown",
        "dee": "regular",
    }
    assert {who: one.rank for who, one in found.items()} == {
        "ana": None,
        "ben": None,
        "cem": None,
        "dee": 4,
    }


def test_gaining_is_a_flag_of_the_newest_verdict() -> None:
    """Set where each way to move is up, open where some are, and never for who is not in the verdict."""
    lines = dict.fromkeys(("up", "open", "down", "joiner"), (9,) * 4)
    moved = {
        "up": frozenset({"started", "gained"}),
        "open": frozenset({"gained", "held"}),
        "down": frozenset({"declined"}),
    }
    found = place(lines, moved=moved)
    assert {who: one.gaining for who, one in found.items()} == {
        "up": True,
        "open": None,
        "down": False,
        "joiner": False,
    }
    assert {one.gaining for one in place(lines, moved=None).values()} == {None}


# --- from what sources tell ----------------------------------------------------------------------


def mixed(week: Period, measure: str, lines: Mapping[str, int], *also: str) -> Mixed:
    """A week of which one population's export tells; ``also``: populations that export other measures."""
    told = {who: Added(count, count) for who, count in lines.items()}
    others = [Told(frozenset({name}), "sessions", {}, Added(0, 0)) for name in also]
    return Mixed(week, (), (Told(frozenset({"subscription"}), measure, told, Added(0, 0)), *others), True)


def test_the_basis_is_the_best_that_all_periods_have() -> None:
    """Tokens of one week alone are no basis for four; where some population does not tell the measure,
    nobody is idle for certain; periods of which nothing tells do not count."""
    first, second, third = weeks(3)
    both = mixed(third, "linesAccepted", {"e1": 7})
    tokens = Told(frozenset({"subscription"}), "tokens", {"e1": Added(9, 9)}, Added(0, 0))
    both = replace(both, exported=(*both.exported, tokens))
    told = history_of([Mixed(first, (), (), True), mixed(second, "linesAccepted", {"e1": 5}), both])
    assert told is not None
    assert (told.basis, told.ranked_on, told.periods) == ("linesAccepted", "linesAccepted", (second, third))
    assert told.active("e1") == [Range(5, 5), Range(7, 7)]
    assert told.active("e2") == [NOTHING, NOTHING]
    assert told.total("linesAccepted", "e1") == Range(12, 12)
    assert told.total("sessions", "e1") == UNKNOWN
    lacking = history_of(
        [mixed(second, "linesAccepted", {"e1": 5}), mixed(third, "linesAccepted", {}, "api")]
    )
    assert lacking is not None
    assert (lacking.active("e1"), lacking.active("e2")) == ([Range(5, 5), UNKNOWN], [NOTHING, UNKNOWN])
    assert history_of([Mixed(first, (), (), True)]) is None


# --- laws ----------------------------------------------------------------------------------------

exact = st.sampled_from([0, 0, 1, 5, 40])
ranged = st.one_of(exact, st.tuples(st.integers(0, 3), st.sampled_from([None, 3, 50])))


@st.composite
def a_team(draw: st.DrawFn, of: st.SearchStrategy[Any]) -> dict[str, tuple[Count, ...]]:
    number = draw(st.integers(1, 4))
    names = draw(st.lists(st.sampled_from("abcdefghij"), min_size=1, unique=True))
    return {name: tuple(draw(of) for _ in range(number)) for name in names}


@given(a_team(ranged), st.randoms(use_true_random=False))
def test_everybody_is_in_exactly_one_cohort_whatever_the_order(
    lines: dict[str, tuple[Count, ...]], chance: Any
) -> None:
    """Places are all of 1 to n, certain ranks are their places, and nothing depends on the order of ids."""
    found = place(lines)
    assert found.keys() == lines.keys()
    assert {one.cohort for one in found.values()} <= set(COHORTS)
    assert [one.place for one in found.values()] == [*range(1, len(lines) + 1)]
    assert all(one.rank in (None, one.place) for one in found.values())
    assert all((one.cohort == "unknown") == bool(one.reason) for one in found.values())
    shuffled = list(lines.items())
    chance.shuffle(shuffled)
    assert place(dict(shuffled)) == found


@given(a_team(ranged), st.data())
def test_what_ranges_prove_is_true_of_every_value_within_them(
    lines: dict[str, tuple[Count, ...]], data: st.DataObject
) -> None:
    """Whatever is drawn out of the ranges: a cohort other than unknown, and a rank, stay what they were."""
    drawn: dict[str, tuple[Count, ...]] = {
        who: tuple(
            one if isinstance(one, int) else data.draw(st.integers(one[0], 60 if one[1] is None else one[1]))
            for one in told
        )
        for who, told in lines.items()
    }
    ranged_, exact_ = place(lines), place(drawn)
    for who, one in ranged_.items():
        if one.cohort != "unknown":
            assert exact_[who].cohort == one.cohort, (lines, drawn)
        if one.rank is not None:
            assert exact_[who].rank == one.rank
        assert one.lines.low <= exact_[who].lines.low <= one.lines.top


@given(a_team(exact))
def test_of_exact_figures_only_the_young_are_unknown(lines: dict[str, tuple[Count, ...]]) -> None:
    """Four exact periods leave nobody unknown who is long enough on the roster."""
    found = place(lines)
    if len(next(iter(lines.values()))) == 4:
        assert all(one.cohort != "unknown" for one in found.values())
