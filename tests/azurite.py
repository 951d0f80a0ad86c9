"""Fixtures: a real Azurite, and an empty storage account for each test that asks for one.

`dev.py test` starts one Azurite for the whole run and names it in TEST_STORAGE; without that variable
(plain `pytest`) each process starts its own. Accounts are apart from each other, so a test may use the
app's own names for tables, containers and queues, at the same time as others.
"""

import itertools
import os
from collections.abc import Iterator

import pytest

from local.azurite import Azurite, of_account

ACCOUNTS_PER_WORKER = 500
WORKERS = 4
_numbers = itertools.count()


def accounts() -> tuple[str, ...]:
    """The names of the accounts that tests use up, one after the other."""
    return tuple(f"test{number}" for number in range(ACCOUNTS_PER_WORKER * WORKERS))


@pytest.fixture(scope="session")
def azurite() -> Iterator[str]:
    """The connection string of a running Azurite's development account; tests share it."""
    given = os.environ.get("TEST_STORAGE")
    if given:
        yield given
        return
    with Azurite(location=None, accounts=accounts()) as started:
        yield started.connection_string


@pytest.fixture
def storage(azurite: str) -> str:
    """The connection string of a storage account that is empty and that no other test uses."""
    return unused(azurite)


def unused(azurite: str) -> str:
    """The connection string of an account that nobody has used yet."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKERS
    number = next(_numbers)
    assert number < ACCOUNTS_PER_WORKER, "more tests than accounts: raise ACCOUNTS_PER_WORKER"
    return of_account(azurite, f"test{worker * ACCOUNTS_PER_WORKER + number}")
