"""A year of files read again from raw, with every table emptied that a rebuild makes again."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

from benchmarks.stage import Stage
from benchmarks.table import Line
from benchmarks.year import year
from shared.app import App
from shared.jobs.ingest import ingest
from shared.jobs.rebuild import rebuild
from shared.jobs.replay import replay
from shared.store.storage import TABLES

ENGINEERS = 100

#: What is not in raw, and is read and kept.
KEPT = frozenset({"people", "audit"})


def replaying(stage: Stage, engineers: int = ENGINEERS, most: int = 120) -> Iterator[Line]:
    """Seconds and storage transactions: of taking the year in, and of making everything again."""
    app = stage.app()
    files = year(engineers)[-most:]
    for file in files:
        app.storage.container("drop").upload_blob(file.name, file.content, metadata=file.metadata)
    here, traffic = stage.counted(app)
    started = perf_counter()
    states = [receipt.state for file in files if (receipt := ingest(here, file.name))]
    rows = rebuild(here)
    taken_in = f"{perf_counter() - started:.1f} s; {traffic.in_words()}; {rows} period rows"
    yield Line("replay", f"{engineers:,} engineers, {states.count('accepted')} files: first", taken_in)
    _empty(app)
    traffic.clear()
    started = perf_counter()
    outcome = replay(here)
    again = f"{perf_counter() - started:.1f} s; {traffic.in_words()}; {outcome.said}"
    yield Line("replay", f"{engineers:,} engineers, {len(files)} files: from raw", again)


def _empty(app: App) -> None:
    for name in (one for one in TABLES if one not in KEPT):
        table = app.storage.table_service.get_table_client(name)
        for entity in list(table.list_entities(select=["PartitionKey", "RowKey"])):
            table.delete_entity(entity["PartitionKey"], entity["RowKey"])
