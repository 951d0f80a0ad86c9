"""Apps on accounts in memory: the laws of histories take many files each. That a pile of them comes to the
same on a real account is a law of its own (``test_piles.py``)."""

from __future__ import annotations

from collections import defaultdict
from functools import partial

import pytest

from local.azurite import Ports, connection_string, of_account
from local.vendor import SimulatedVendor
from shared.app import App
from tests.conftest import MakeApp, TestClock, app_on, told_on
from tests.hidden_history.account import MemoryStorage, app_in_memory


@pytest.fixture
def make_app(clock: TestClock) -> MakeApp:
    """Makes apps on one empty account in memory, or on another one that ``DATA_STORAGE`` names."""
    accounts = defaultdict[str, MemoryStorage](lambda: MemoryStorage(clock))

    def make(vendor: SimulatedVendor | None = None, **environ: str) -> App:
        told = told_on("UseDevelopmentStorage=true", vendor, **environ)
        return app_in_memory(clock, told, accounts[told["DATA_STORAGE"]])

    return make


@pytest.fixture
def other_storage() -> str:
    """The name of a second, empty account: the same files in another order."""
    return of_account(connection_string(Ports()), "other")


@pytest.fixture
def make_real_app(storage: str, clock: TestClock) -> MakeApp:
    """Makes apps on one empty account of Azurite's."""
    return partial(app_on, storage, clock)
