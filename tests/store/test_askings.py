"""One reader asks for a refresh, and after some minutes another one."""

from __future__ import annotations

from datetime import timedelta

from shared.store.askings import AGAIN, Askings
from shared.store.tables import Table
from tests.conftest import MONDAY_NOON


def test_one_reader_asks_and_a_clock_that_is_wrong_silences_nobody(table: Table) -> None:
    """Once in so many minutes; also after an instance whose clock is hours ahead has asked."""
    askings = Askings(table)
    moments = [timedelta(0), timedelta(minutes=9), AGAIN, timedelta(hours=5), timedelta(minutes=30)]
    assert [askings.elect(MONDAY_NOON + one) for one in moments] == [True, False, True, True, True]
    assert not askings.elect(MONDAY_NOON + timedelta(minutes=31))
