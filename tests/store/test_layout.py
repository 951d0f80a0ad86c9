"""Tables, containers and queues are made where they are missing."""

from __future__ import annotations

from shared.store.layout import create
from shared.store.storage import CONTAINERS, QUEUES, TABLES, Storage


def test_everything_is_made_and_making_it_again_is_free(storage: str) -> None:
    """What stands there already stays as it is."""
    mine = Storage(storage)
    create(mine)
    mine.table("runs").put({"PartitionKey": "p", "RowKey": "r"})
    create(mine)
    assert {table.name for table in mine.table_service.list_tables()} == set(TABLES)
    assert {container.name for container in mine.blob_service.list_containers()} == set(CONTAINERS)
    assert {queue.name for queue in mine.queue_service.list_queues()} == set(QUEUES)
    assert mine.table("runs").get("p", "r") is not None
