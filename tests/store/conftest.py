"""What tests of the store start from: tables and containers that are made and empty."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from shared.store.layout import create
from shared.store.storage import Storage
from shared.store.tables import Table
from tests.azurite import storage as other_storage

__all__ = ["other_storage"]

Connect = Callable[..., Storage]


@pytest.fixture
def connect(storage: str) -> Connect:
    """Makes clients of one empty account; each call is another instance. Options go to the SDK."""
    create(Storage(storage))

    def to(**options: Any) -> Storage:
        return Storage(storage, **options)

    return to


@pytest.fixture
def table(connect: Connect) -> Table:
    """A table with nothing in it."""
    return connect().table("facts")


@pytest.fixture
def other_connect(other_storage: str) -> Connect:
    """As ``connect``, to another account."""
    create(Storage(other_storage))
    return lambda **options: Storage(other_storage, **options)
