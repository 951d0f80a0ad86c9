"""The one export that would help most next."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shared.adoption.advice import best_next
from shared.adoption.edges import Edge


def at(day: int, hour: int = 16, minute: int = 0) -> Edge:
    return Edge(datetime(2026, 11, day, hour, minute, tzinfo=UTC), {})


def test_a_finished_months_file_comes_first() -> None:
    """On the second of the next month or later, whatever else is missing."""
    assert best_next([at(6)], "2026-12").startswith(
        "Export December's file again, on 2 January 2027 or later"
    )


@pytest.mark.parametrize(
    ("edges", "day"),
    [
        pytest.param([at(6)], "Friday 13 November 2026", id="a second one"),
        pytest.param([at(6), at(13)], "Friday 20 November 2026", id="a third one"),
        pytest.param([at(6), at(13), at(17)], "Friday 20 November 2026", id="example 15"),
        pytest.param([at(6), at(13), at(17), at(18)], "Friday 20 November 2026", id="several in between"),
        pytest.param([at(6), at(13, 16, 10), at(20, 15, 50)], "Friday 27 November 2026", id="as every week"),
    ],
)
def test_the_next_look_is_the_one_that_makes_two_periods(edges: list[Edge], day: str) -> None:
    """A week after the newest look that has a partner, and never on a day that is over already."""
    assert day in best_next(edges)


def test_without_any_look_any_look_helps() -> None:
    """The first export."""
    assert best_next([]).startswith("Export the team table")
