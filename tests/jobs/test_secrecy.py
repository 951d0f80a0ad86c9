"""Nothing that travels in a URL, a key, a blob's name or a log line tells who a person is (law 12)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from urllib.parse import unquote

import pytest

from local.vendor import ANALYTICS_KEY, Enterprise, SimulatedVendor
from shared.app import App
from shared.jobs.refresh import refresh
from shared.store.storage import CONTAINERS, TABLES
from tests.conftest import MakeApp
from tests.jobs.dropping import NOVEMBER, export, put
from tests.jobs.stage import OWN_KEY, PIPELINE_KEY, instance, small_world
from tests.store.wire import Watch, blob_names, entities, plain

Serve = Callable[..., SimulatedVendor]

#: Local parts, the domain, and what is characteristic in the names of keys.
TELLING = ("zelda", "quincy", "yves", "gwen", "quux", "@", PIPELINE_KEY, OWN_KEY, "sk-ant")


def telling(text: str) -> list[str]:
    said = unquote(unquote(text)).casefold()
    return [word for word in TELLING if word.casefold() in said]


@pytest.fixture
def seen(
    serve: Serve, make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> tuple[App, Watch, SimulatedVendor]:
    """An account after a refresh of both APIs, exports good and bad, and a refresh again; and every request
    made."""
    vendor = serve(small_world(12))
    vendor.world.enterprise = Enterprise(vendor.world.engineers, vendor.world.history)
    app = make_app(vendor, BACKFILL_DAYS="12", ANTHROPIC_ANALYTICS_KEY=ANALYTICS_KEY)
    watch = Watch()
    working = instance(app, watch)
    with caplog.at_level(logging.DEBUG):
        refresh(working, "timer")
        put(app, f"2026-11-12/{NOVEMBER}", export(zelda=9, gwen=3))
        put(app, f"2026-11-13/{NOVEMBER}", export(zelda=9, gwen=3) + f"{OWN_KEY},many\n".encode())
        vendor.world.restate(app.clock.now().date(), 2.0)
        vendor.misbehave("missing-has-more", day=app.clock.now().date().replace(day=14))
        refresh(working, "timer")
    return app, watch, vendor


Seen = tuple[App, Watch, SimulatedVendor]


def test_no_key_of_any_table_tells(seen: Seen) -> None:
    """Partition and row keys of every entity of every table, the people's among them."""
    app, _, _ = seen
    found = {table: list(entities(app.storage, table)) for table in TABLES}
    assert all(found[table] for table in ("manifests", "facts", "periods", "people", "runs", "receipts"))
    for rows in found.values():
        for row in rows:
            assert telling(row["PartitionKey"] + " " + row["RowKey"]) == []


def test_no_blobs_name_tells(seen: Seen) -> None:
    """In raw and in quarantine; drop is the admin's, and empty."""
    app, _, _ = seen
    found = {container: blob_names(app.storage, container) for container in CONTAINERS}
    assert found["raw"]
    assert found["quarantine"]
    assert found["drop"] == []
    for names in found.values():
        assert [name for name in names if telling(name)] == []


def test_addresses_stand_in_one_table(seen: Seen) -> None:
    """Unpacked, no property of any other table holds one."""
    app, _, _ = seen
    for table in TABLES:
        told = [
            word
            for row in entities(app.storage, table)
            for value in row.values()
            for word in telling(plain(value))
            if word != "@"  # packed numbers may look like one
        ]
        assert bool(told) == (table == "people"), table


def test_no_url_tells(seen: Seen) -> None:
    """Of no request to storage, nor to the vendor."""
    _, watch, vendor = seen
    assert [asked.url for asked in watch.asked if telling(asked.url)] == []
    assert [request for request in vendor.requests if telling(request.path + str(request.query))] == []


def test_no_log_line_tells(seen: Seen, caplog: pytest.LogCaptureFixture) -> None:
    """Neither ours nor the SDK's, at any level; and no line holds the vendor's key."""
    _, _, vendor = seen
    lines = [record.getMessage() for record in caplog.get_records("setup")]
    assert any("refresh.finished" in line for line in lines)
    assert any("export.refused" in line for line in lines)
    for line in lines:
        assert [word for word in telling(line) if word != "@"] == []
        assert vendor.key not in line
