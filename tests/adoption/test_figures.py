"""Laws of figures: a value, or what is known of it and why not more."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adoption.figures import absent, acceptance_rate, at_least, exact, known, money
from shared.records import Figure

COUNTS = st.integers(0, 10**9)


def test_a_known_number_is_its_own_bounds() -> None:
    """What is known has a value, and no reason."""
    assert exact(7) == Figure(7, 7, 7, None) == known(7, None)


def test_an_unknown_number_is_never_zero() -> None:
    """With something missing there is no value: the known part is the low, nothing is the high."""
    assert known(0, "Sunday is missing") == Figure(None, 0, None, "Sunday is missing")
    assert at_least(5, "why") == Figure(None, 5, None, "why")


def test_an_absent_number_has_no_bounds() -> None:
    """What there is nothing of has no bounds, and says why."""
    assert absent("why") == Figure(None, None, None, "why")


@given(COUNTS, COUNTS)
def test_the_acceptance_rate_is_of_the_sums(accepted: int, rejected: int) -> None:
    """Accepted over all decisions, to four places; absent where none was made."""
    figure = acceptance_rate(accepted, rejected, None)
    if accepted + rejected == 0:
        assert figure == absent("no decisions were made")
    else:
        assert isinstance(figure.value, Decimal)
        assert abs(Fraction(figure.value) - Fraction(accepted, accepted + rejected)) <= Fraction(1, 20_000)
        assert 0 <= figure.value <= 1


def test_the_acceptance_rate_is_no_mean_of_rates() -> None:
    """One of one and one of nine is two of ten."""
    assert acceptance_rate(1 + 1, 0 + 8, None) == exact(Decimal("0.2000"))


def test_a_rate_with_decisions_missing_may_be_anything() -> None:
    """While some decisions may be missing the rate lies somewhere from 0 to 1."""
    assert acceptance_rate(9, 1, "a day is missing") == Figure(None, 0, 1, "a day is missing")


@pytest.mark.parametrize(
    ("amount", "shown"), [("1.234", "1.23"), ("1.236", "1.24"), ("0", "0.00"), ("2.5", "2.50")]
)
def test_money_is_to_the_cent(amount: str, shown: str) -> None:
    """Dollars have two places, always."""
    assert str(money(Decimal(amount))) == shown
