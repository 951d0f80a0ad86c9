"""Laws of what seats cost: held × price ÷ days of the month × days, and never a guess."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from shared.adoption.costs import cost_figures
from shared.adoption.figures import at_least, exact
from shared.adoption.seats import NO_MEMBERS, NO_PRICES, SeatCost, SeatPrice, Seats, SeatsShown
from shared.periods import Period, period_of
from tests.adoption.looking import moment

NOVEMBER = period_of("month", date(2026, 11, 1))
STANDARD, PREMIUM = SeatPrice("standard", Decimal(30)), SeatPrice("premium", Decimal(150))
FOUR = SeatsShown(date(2026, 11, 10), {"a": "standard", "b": "standard", "c": "standard", "d": "premium"})


def amount(text: str) -> SeatCost:
    return SeatCost(Decimal(text), Decimal(text))


def test_a_month_costs_its_monthly_prices() -> None:
    """Three at 30 and one at 150, whenever in the month that was seen."""
    assert Seats([FOUR], [STANDARD, PREMIUM]).cost(NOVEMBER) == amount("240.00")


@pytest.mark.parametrize(
    ("period", "cost"),
    [
        (period_of("week", date(2026, 11, 9)), "56.00"),  # 240 ÷ 30 × 7
        (period_of("day", date(2026, 12, 9)), "7.74"),  # 240 ÷ 31
        (Period(moment("6 Nov 12:00"), moment("8 Nov"), "export"), "12.00"),  # a day and a half
        (period_of("week", date(2026, 11, 30)), "54.45"),  # a day of November, six of December
    ],
)
def test_each_day_costs_its_share_of_its_month(period: Period, cost: str) -> None:
    """Also where a period ends within a day, or reaches into another month."""
    assert Seats([FOUR], [STANDARD, PREMIUM]).cost(period) == amount(cost)


def test_prices_and_holders_hold_from_their_day_on() -> None:
    """A new price from the 16th; a fifth seat from the file of the 21st; before the first file as it says."""
    prices = [STANDARD, SeatPrice("standard", Decimal(60), date(2026, 11, 16))]
    shown = [
        SeatsShown(date(2026, 11, 1), {"a": "standard"}),
        SeatsShown(date(2026, 11, 21), {"a": "standard", "b": "standard"}),
    ]
    assert Seats(shown, prices).cost(NOVEMBER) == amount("65.00")  # 15 × 1 + 5 × 2 + 10 × 2 × 2
    assert Seats(shown[1:], prices[:1]).cost(period_of("day", date(2026, 11, 1))) == amount("2.00")


def test_what_is_not_known_has_no_bound() -> None:
    """No prices, no members, a tier without a price: at least what is known, and why not more."""
    assert Seats([FOUR], []).cost(NOVEMBER) == SeatCost(Decimal(0), None, NO_PRICES)
    assert Seats([], [STANDARD]).cost(NOVEMBER) == SeatCost(Decimal(0), None, NO_MEMBERS)
    part = Seats([FOUR], [STANDARD]).cost(NOVEMBER)
    assert (part.low, part.high) == (Decimal("90.00"), None)
    assert "premium" in (part.reason or "")
    later = [SeatPrice("standard", Decimal(30), date(2026, 12, 1)), PREMIUM]
    assert Seats([FOUR], later).cost(NOVEMBER).high is None


def test_the_cost_is_metered_and_seats_and_is_shared_by_who_is_active() -> None:
    """Nobody active: no cost per active engineer, whatever it cost; one part unknown: at least the rest."""
    seats = amount("56.00")
    figures = cost_figures(exact(Decimal("4.00")), seats, exact(8))
    assert (figures["cost"].value, figures["costPerActive"].value) == (Decimal("60.00"), Decimal("7.50"))
    idle = cost_figures(exact(Decimal(0)), seats, exact(0))
    assert (idle["cost"].value, idle["costPerActive"].reason) == (Decimal("56.00"), "nobody is active")
    open_ = cost_figures(at_least(Decimal("4.00"), "Sunday is missing"), seats, exact(8))
    assert (open_["cost"].low, open_["cost"].high) == (Decimal("60.00"), None)
    assert open_["costPerActive"].reason == "Sunday is missing"


def test_the_seats_of_teams_add_up_to_everybodys() -> None:
    """Each as the newest file says by then, another address included; who never held one costs nothing."""
    later = SeatsShown(
        date(2026, 11, 16), {"a": "premium", "c": "standard", "c2": "standard", "d": "premium"}
    )
    seats = Seats([later, FOUR], [STANDARD, PREMIUM], {"c2": "c"})
    assert seats.cost(NOVEMBER, {"a", "x"}) == amount("90.00")  # half a month of either
    assert seats.cost(NOVEMBER, {"b"}) == amount("15.00")
    assert seats.cost(NOVEMBER, {"c"}) == amount("45.00")
    assert seats.cost(NOVEMBER, {"d"}) == amount("150.00")
    assert seats.cost(NOVEMBER, "abcd") == seats.cost(NOVEMBER) == amount("300.00")
    assert seats.cost(NOVEMBER, ()) == amount("0.00")
