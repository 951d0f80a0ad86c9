"""Laws of the verdict: who moved how, and what follows."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adoption.verdict import NO_USE, Movement, Use, count, is_flat, movement, use_of, verdict_of
from shared.records import Counts
from tests.adoption.making import compared, measures

ROSTER = "abcdefgh"

USES = st.builds(lambda active, amount: Use(active, amount * active), st.booleans(), st.integers(0, 10**6))
TEAMS = st.dictionaries(st.sampled_from([f"e{name}" for name in ROSTER]), USES)
NUMBERS = st.integers(0, 6)
COUNTS = st.builds(Counts, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS)


def amounts(text: str) -> tuple[dict[str, int], dict[str, int]]:
    """``a 100→150, b 0→5`` as the lines before and after."""
    before, after = {}, {}
    for part in text.split(", "):
        name, _, change = part.partition(" ")
        earlier, _, later = change.partition("→")
        before[name], after[name] = int(earlier), int(later)
    return before, after


EXAMPLES = [
    pytest.param(
        "a 100→150, b 200→205, c 300→200, d 400→0, e 500→700, f 0→50, g 0→10, h 0→0",
        Counts(active_before=5, active=6, started=2, gained=2, held=1, declined=1, stopped=1),
        "yes",
        "Yes: ",
        id="18",
    ),
    pytest.param(
        "a 100→300, b 100→300, c 100→300, d 100→0, e 0→0, f 0→0, g 0→0, h 0→0",
        Counts(active_before=4, active=3, started=0, gained=3, held=0, declined=0, stopped=1),
        "mixed",
        "Mixed, fewer but more gained than lost: ",
        id="19",
    ),
    pytest.param(
        "a 100→100, b 200→200, c 300→300",
        Counts(active_before=3, active=3, started=0, gained=0, held=3, declined=0, stopped=0),
        "no",
        "No, flat: ",
        id="20",
    ),
    pytest.param(
        "a 100→20, b 200→90, c 0→5, d 0→5",
        Counts(active_before=2, active=4, started=2, gained=0, held=0, declined=2, stopped=0),
        "mixed",
        "Mixed, more but not more gained than lost: ",
        id="21",
    ),
    pytest.param(
        "a 100→100, b 200→200, c 300→300, x 0→0",
        Counts(active_before=3, active=3, started=0, gained=0, held=3, declined=0, stopped=0),
        "no",
        "No, flat: ",
        id="24-without-its-joiner",
    ),
    pytest.param(
        "a 100→90, b 100→110",
        Counts(active_before=2, active=2, started=0, gained=0, held=2, declined=0, stopped=0),
        "no",
        "No, flat: ",
        id="25",
    ),
]


@pytest.mark.parametrize(("lines", "counts", "verdict", "opening"), EXAMPLES)
def test_worked_example(lines: str, counts: Counts, verdict: str, opening: str) -> None:
    """From the lines of two weeks follow the counts, the verdict and how its sentence begins."""
    answer = compared(*amounts(lines)).answer
    assert (answer.counts, answer.verdict) == (counts, verdict)
    assert answer.sentence.startswith(opening)


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        (100, 110, "held"),
        (100, 111, "gained"),
        (100, 90, "held"),
        (100, 89, "declined"),
        (10, 11, "held"),
        (10, 12, "gained"),
        (10, 9, "held"),
        (10, 8, "declined"),
        (3, 3, "held"),
        (3, 4, "gained"),
        (0, 0, "held"),
        (0, 1, "gained"),
        (1, 0, "declined"),
        (10**18, 10**18 + 10**17, "held"),
        (10**18, 10**18 + 10**17 + 1, "gained"),
    ],
)
def test_both_edges_of_ten_per_cent_are_held(before: int, after: int, moved: Movement) -> None:
    """Of who is active in both, exactly ±10 % is held, one line beyond is not; 0→0 held, 0→n gained."""
    assert movement(Use(True, before), Use(True, after)) == moved


def test_who_was_inactive_before_started() -> None:
    """0→n is *started* for who was inactive before, and n→0 is *stopped* for who is inactive now."""
    assert movement(NO_USE, Use(True, 5)) == "started"
    assert movement(NO_USE, Use(True, 0)) == "started"
    assert movement(Use(True, 5), NO_USE) == "stopped"
    assert movement(NO_USE, NO_USE) is None


def test_questions_without_a_line_are_use() -> None:
    """Activity is on the basis anyActivity, its amount in accepted lines."""
    assert use_of(measures(sessions=1)) == Use(True, 0)
    assert use_of(measures(lines_accepted=7, tokens=9)) == Use(True, 7)
    assert use_of(measures()) == NO_USE


@given(TEAMS, TEAMS)
def test_each_active_engineer_moved_in_exactly_one_way(
    before: Mapping[str, Use], after: Mapping[str, Use]
) -> None:
    """The five movements share out everybody who is active in either period, and nobody else."""
    counts = count(before, after)
    active = {name for team in (before, after) for name, use in team.items() if use.active}
    assert counts.started + counts.gained + counts.held + counts.declined + counts.stopped == len(active)
    assert counts.active == counts.started + counts.gained + counts.held + counts.declined
    assert counts.active_before == counts.stopped + counts.gained + counts.held + counts.declined


@given(TEAMS, TEAMS)
def test_time_turned_round_turns_the_movements(before: Mapping[str, Use], after: Mapping[str, Use]) -> None:
    """Seen backwards, who started has stopped, and nobody is active who was not."""
    there, back = count(before, after), count(after, before)
    assert (there.started, there.stopped) == (back.stopped, back.started)
    assert (there.active, there.active_before) == (back.active_before, back.active)


@given(COUNTS)
def test_the_verdicts_are_exhaustive_and_exclusive(counts: Counts) -> None:
    """Exactly one of the three cases holds, and it is the verdict."""
    up, down = counts.started + counts.gained, counts.declined + counts.stopped
    more, fewer = counts.active > counts.active_before, counts.active < counts.active_before
    cases = {
        "yes": not fewer and up > down,
        "no": not more and up <= down,
        "mixed": (more and not up > down) or (fewer and up > down),
    }
    assert [name for name, holds in cases.items() if holds] == [verdict_of(counts)]


@given(COUNTS)
def test_flat_is_a_no(counts: Counts) -> None:
    """As many active and as many up as down is flat, and flat is always a no."""
    up, down = counts.started + counts.gained, counts.declined + counts.stopped
    assert is_flat(counts) == (counts.active == counts.active_before and up == down)
    if is_flat(counts):
        assert verdict_of(counts) == "no"
