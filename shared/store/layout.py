"""Makes the tables, containers and queues. In Azure the deployment does; locally ``dev.py start``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from azure.core.exceptions import ResourceExistsError

from shared.store.storage import CONTAINERS, QUEUES, TABLES, Storage

if TYPE_CHECKING:
    from collections.abc import Callable


def create(storage: Storage) -> None:
    """Make whatever is not there yet. Running again is free."""
    for name in TABLES:
        storage.table_service.create_table_if_not_exists(name)
    for name in CONTAINERS:
        _unless_there(storage.container(name).create_container)
    for name in QUEUES:
        _unless_there(storage.queue(name).create_queue)


def _unless_there(make: Callable[[], object]) -> None:
    try:
        make()
    except ResourceExistsError:
        return


if __name__ == "__main__":
    from shared.settings import load

    create(Storage.of(load(os.environ)))
