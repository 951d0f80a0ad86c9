"""Laws of the sentence: it says which periods, how many, and on which basis."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adoption.sentences import BASIS_IN_WORDS, sentence, unknown_sentence
from shared.adoption.verdict import verdict_of
from shared.records import Basis, Counts
from tests.adoption.making import week

NUMBERS = st.integers(0, 10**4)
COUNTS = st.builds(Counts, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS)
YES = Counts(active_before=5, active=6, started=2, gained=2, held=1, declined=1, stopped=1)


def test_the_whole_answer_in_one_sentence() -> None:
    """Example 18 on a roster of 8, word by word."""
    assert sentence("yes", YES, week(), week(-1), "anyActivity", of=8) == (
        "Yes: 6 of 8 engineers used Claude Code in the week of 9 to 15 November 2026, 5 in the week of 2 to "
        "8 November 2026; 4 started or gained, 1 held, 2 declined or stopped (active: any session, line, "
        "commit, pull request, decision or token)."
    )


@given(COUNTS, st.none() | st.integers(0, 10**4), st.sampled_from(get_args(Basis)))
def test_it_names_both_periods_the_counts_and_the_basis(counts: Counts, of: int | None, basis: Basis) -> None:
    """Both periods, both numbers of active engineers, the movements and the basis are in each sentence."""
    said = sentence(verdict_of(counts), counts, week(), week(-1), basis, of)
    for part in (
        week().in_words(),
        week(-1).in_words(),
        f"{counts.active_before} in ",
        f"{counts.started + counts.gained} started or gained",
        f"{counts.held} held",
        f"{counts.declined + counts.stopped} declined or stopped",
        BASIS_IN_WORDS[basis],
    ):
        assert part in said
    who = f"{counts.active} of {of} engineers" if of is not None else f"{counts.active} engineer"
    assert who in said
    assert (": 1 engineer used" in said) == (counts.active == 1 and of is None)


@given(COUNTS)
def test_its_first_word_is_the_verdict(counts: Counts) -> None:
    """The sentence opens with yes, no or mixed, and says flat exactly where nothing moved on balance."""
    verdict = verdict_of(counts)
    said = sentence(verdict, counts, week(), week(-1), "anyActivity", None)
    assert said.lower().startswith(verdict)
    up, down = counts.started + counts.gained, counts.declined + counts.stopped
    assert said.startswith("No, flat:") == (counts.active == counts.active_before and up == down)


def test_every_basis_has_words() -> None:
    """No basis is without an explanation that a reader understands."""
    assert set(BASIS_IN_WORDS) == set(get_args(Basis))


@pytest.mark.parametrize("reason", ["no week is closed yet"])
def test_an_unknown_says_why(reason: str) -> None:
    """Without a verdict the sentence is the reason."""
    assert unknown_sentence(reason) == f"Unknown: {reason}."
