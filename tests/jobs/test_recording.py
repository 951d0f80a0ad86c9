"""A good file is recorded once: which files are the same, and which only look so."""

from __future__ import annotations

import pytest

from shared.app import App
from tests.adoption.weekly import FRI_13, MONDAY, look
from tests.conftest import MakeApp, TestClock
from tests.jobs.dropping import looks

ONE, OTHER = "0f5e2e7a-6c1e-4f0e-9a55-6f0d3f6f2b11", "1f5e2e7a-6c1e-4f0e-9a55-6f0d3f6f2b11"


@pytest.fixture
def app(make_app: MakeApp, clock: TestClock) -> App:
    clock.at = MONDAY
    return make_app()


def test_the_same_content_of_another_month_is_another_look(app: App) -> None:
    """Two months in which nobody did anything are two months, whatever the moment of their files."""
    first = look(app, "2026-11-10T09:00Z", {"ana": 0}, month="2026-09")
    second = look(app, "2026-11-10T09:00Z", {"ana": 0}, month="2026-10")
    assert (first.state, second.state) == ("accepted", "accepted")
    assert [one.month for one in looks(app)] == ["2026-09", "2026-10"]


def test_the_same_content_of_another_organisation_is_another_look(app: App) -> None:
    """Two organisations can show the same numbers."""
    assert look(app, FRI_13, {"ana": 5}, of=ONE).state == "accepted"
    assert look(app, FRI_13, {"ana": 5}, of=OTHER).state == "accepted"
    assert look(app, FRI_13, {"ana": 5}, of=OTHER).state == "duplicate"


def test_a_look_says_who_and_how_many(app: App) -> None:
    """People, those with a count, and their sum stand on the look and the receipt."""
    receipt = look(app, FRI_13, {"ana": 5, "ben": 0, "cy": 7})
    (found,) = looks(app)
    assert (found.people, found.active, found.total, receipt.people) == (3, 2, 12, 3)
