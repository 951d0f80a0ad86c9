"""Fixtures: a real Azurite, and an empty storage account for each test that asks for one.

Each process of a run has an Azurite of its own, and takes a new one when it has used up many accounts:
Azurite holds in memory whatever was ever written, and after a thousand tests it answers ten times slower.
Accounts are apart from each other, so a test may use the app's own names for tables, containers and queues.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local.azurite import Azurite, of_account

#: After so many accounts a new Azurite is worth the second that it takes to start.
ACCOUNTS = 120

#: A module may go on with the Azurite that it has, whatever it needs.
MOST_ACCOUNTS = 600


class Accounts:
    """Empty accounts, one after the other."""

    def __init__(self) -> None:
        self._azurite: Azurite | None = None
        self._used = 0

    def unused(self) -> str:
        """The connection string of an account that nobody has used yet."""
        if self._azurite is None:
            self._azurite = Azurite(
                location=None, accounts=tuple(f"test{number}" for number in range(MOST_ACCOUNTS))
            )
        assert self._used < MOST_ACCOUNTS, "more accounts in one module than there are: raise MOST_ACCOUNTS"
        self._used += 1
        return of_account(self._azurite.connection_string, f"test{self._used - 1}")

    def renew(self) -> None:
        """Let an Azurite go that has served many; only where nobody uses an account of it any more."""
        if self._used >= ACCOUNTS:
            self.stop()

    def stop(self) -> None:
        if self._azurite is not None:
            self._azurite.stop()
        self._azurite, self._used = None, 0


@pytest.fixture(scope="session")
def accounts() -> Iterator[Accounts]:
    """Where this process has its accounts from."""
    found = Accounts()
    yield found
    found.stop()


@pytest.fixture(scope="module", autouse=True)
def renewed(accounts: Accounts) -> None:
    """No account outlives its module, so that between two of them an Azurite can be let go."""
    accounts.renew()


@pytest.fixture
def storage(accounts: Accounts) -> str:
    """The connection string of a storage account that is empty and that no other test uses."""
    return accounts.unused()
