"""Figures: what is known of a number, and why not more."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from shared.records import Figure, Number

#: Rates and money are rounded for people to read; counts never are.
RATE_PLACES = Decimal("0.0001")
MONEY_PLACES = Decimal("0.01")


def exact(number: Number) -> Figure:
    """A number that is known."""
    return Figure(number, number, number)


def at_least(low: Number, reason: str) -> Figure:
    """A number of which only a part is known: nothing bounds the rest."""
    return Figure(None, low, None, reason)


def absent(reason: str) -> Figure:
    """No number: there is nothing that it could be of."""
    return Figure(None, None, None, reason)


def known(number: Number, reason: str | None) -> Figure:
    """The number where nothing is missing (no reason), else its known part."""
    return exact(number) if reason is None else at_least(number, reason)


def between(low: Number, high: Number | None, reason: str) -> Figure:
    """The number where both bounds agree, else the range and why."""
    return exact(low) if low == high else Figure(None, low, high, reason)


def acceptance_rate(accepted: int, rejected: int, reason: str | None) -> Figure:
    """Accepted ÷ all decisions; absent without any, unknown while some may be missing."""
    if reason is not None:
        return Figure(None, Decimal(0), Decimal(1), reason)
    if accepted + rejected == 0:
        return absent("no decisions were made")
    return exact(rounded(Fraction(accepted, accepted + rejected), RATE_PLACES))


def money(amount: Decimal) -> Decimal:
    """US dollars, to the cent."""
    return amount.quantize(MONEY_PLACES)


def rounded(fraction: Fraction, places: Decimal) -> Decimal:
    """The fraction as a decimal number of that many places."""
    return (Decimal(fraction.numerator) / Decimal(fraction.denominator)).quantize(places)
