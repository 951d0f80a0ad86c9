"""Who is erased is nowhere any more; and no total, no row and no verdict has changed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from typing import Any
from urllib.parse import unquote

import pytest

from local.vendor import SimulatedVendor
from shared.app import App
from shared.jobs.dispatch import run_job
from shared.jobs.erase import erase
from shared.jobs.ingest import ingest_waiting
from shared.jobs.refresh import refresh
from shared.jobs.replay import replay
from shared.records import Actor
from shared.sources import claude_code_admin
from shared.store.storage import CONTAINERS, TABLES
from tests.azurite import Accounts
from tests.conftest import MakeApp, TestClock, app_on
from tests.jobs.dropping import NOVEMBER, drop, export, put
from tests.jobs.stage import OWN_KEY, YVES, instance, manifest, small_world
from tests.jobs.test_replay import Dead, aggregates, die, empty
from tests.store.wire import Watch, at, copy, entities, etags, plain

Serve = Callable[..., SimulatedVendor]

ALIAS, NAME = "y.orville@old.example", "Yves Orville"

#: Everything that tells who it was.
TELLING = (YVES, ALIAS, NAME, OWN_KEY, "yves", "orville")

ROSTER = f"email,name,team,joined\n{YVES},{NAME},core,\nzelda@quux.example,Zelda Q,core,\n".encode()


@pytest.fixture
def app(written: App, serve: Serve, make_app: MakeApp, clock: TestClock) -> App:
    """An app on a copy of everything that was written."""
    clock.at = written.clock.now()
    app = make_app(serve(small_world(6)), BACKFILL_DAYS="6")
    copy(written.storage, app.storage)
    return app


@pytest.fixture(scope="module")
def written(accounts: Accounts) -> Iterator[App]:
    """Somebody who is in everything: answers, exports good, bad and twice, a roster, aliases, a name."""
    clock = TestClock()
    with SimulatedVendor(small_world(6), now=clock.now) as vendor:
        app = app_on(accounts.unused(), clock, vendor, BACKFILL_DAYS="6")
        _write(app, clock)
        yield app


def _write(app: App, clock: TestClock) -> None:
    refresh(app, "timer")
    files = [
        ("2026-11-01/roster.csv", ROSTER),
        ("2026-11-01/aliases.csv", f"alias,email\n{ALIAS},{YVES}\n".encode()),
        (f"2026-11-06/{NOVEMBER}", export(zelda=9, yves=3)),
        (
            f"2026-11-13/{NOVEMBER}",
            export(zelda=19, yves=13) + f"{ALIAS},4\n{NAME},2\n{OWN_KEY},1\n".encode(),
        ),
        (
            f"2026-11-13/{NOVEMBER}",
            export(zelda=19, yves=13) + f"{ALIAS},4\n{NAME},2\n{OWN_KEY},1\n".encode(),
        ),
        (f"2026-11-14/from {YVES}/{NOVEMBER}", export(zelda=19, yves=14).decode().encode("utf-16")),
        (f"2026-11-15/{NOVEMBER}", export(zelda=9, yves=3) + b"gwen@quux.example,many\n"),
    ]
    for name, content in files:
        clock.move(minutes=1)
        drop(app, name, content)
    refresh(app, "timer")


def telling(app: App) -> list[str]:
    """Where anything still tells: every property of every row, every byte and name of every blob."""
    found = []
    for table in TABLES:
        for entity in entities(app.storage, table):
            text = " ".join(map(plain, entity.values())).casefold()
            found += [f"{table} {entity['RowKey']}" for word in TELLING if word.casefold() in text]
    for container in CONTAINERS:
        client = app.storage.container(container)
        for blob in client.list_blobs():
            content = client.download_blob(blob.name).readall()
            texts = [blob.name, content.decode("utf-8", "replace"), content.decode("utf-16", "replace")]
            said = " ".join(texts).casefold()
            found += [f"{container} {blob.name}" for word in TELLING if word.casefold() in said]
    return found


def answers_telling(app: App) -> list[str]:
    """The vendor's answers that tell, of those places."""
    kept = {digest for one in app.raw.arrivals(f"{claude_code_admin.NAME}/2") for digest in one["pages"]}
    return [one for one in telling(app) if one.rpartition("/")[2] in kept]


def known(app: App) -> dict[str, Any]:
    """What must not change; a file's name may hold an address, and its digest is of what is kept."""
    found = aggregates(app)
    found["receipts"] = [
        (one.receipt_id, one.state, one.month, one.people, one.settles) for one in found["receipts"]
    ]
    found["days"] = {day: (one.content, one.settled, one.people) for day, one in found["days"].items()}
    return found


def id_of(app: App, address: str = YVES) -> str:
    found = app.people().find(Actor("engineer", address))
    assert found is not None
    return found


def test_who_is_erased_is_nowhere(app: App, caplog: pytest.LogCaptureFixture) -> None:
    """No table, no blob, no log line, no URL; everything else stands, byte for byte."""
    assert answers_telling(app)
    before, engineer_id = known(app), id_of(app)
    watch = Watch()
    with caplog.at_level(logging.DEBUG):
        run_job(instance(app, watch), f'{{"type":"erase","engineerId":"{engineer_id}","by":"ops"}}'.encode())
    assert telling(app) == []
    assert known(app) == before
    assert [asked.url for asked in watch.asked if any(word in unquote(asked.url) for word in TELLING)] == []
    said = caplog.text.casefold()
    assert [word for word in TELLING if word.casefold() in said] == []
    [entry] = app.audit.newest(1)
    assert (entry.of, entry.state) == (engineer_id, "done")
    assert "until 2026-11-30" in entry.outcome


def test_a_rebuild_from_raw_gives_the_same(app: App) -> None:
    """The redacted files say what they said, of somebody whom nobody can name."""
    before = known(app)
    erase(app, id_of(app))
    empty(app)
    replay(app)
    assert known(app) == before
    assert telling(app) == []


def test_any_address_of_theirs_will_do(app: App) -> None:
    """An alias is the same person."""
    erase(app, id_of(app, ALIAS))
    assert telling(app) == []


def test_everybody_else_stays(app: App) -> None:
    """Their rows among the people, and their rows in the raw files."""
    before = app.people().actors()
    erase(app, id_of(app))
    gone = before.keys() - app.people().actors().keys()
    assert {before[one].name for one in gone} == {YVES, ALIAS, NAME, OWN_KEY}
    contents = b" ".join(app.raw.read(digest) for digest in app.raw.contents())
    assert b"zelda@quux.example" in contents
    assert b"Zelda Q" in contents


def test_again_is_free_and_nobody_else_is_erased(app: App) -> None:
    """The message may come twice; an id that nobody has is said so."""
    engineer_id = id_of(app)
    erase(app, engineer_id)
    before = etags(app.storage)
    assert erase(app, engineer_id).said.startswith("0 names were erased, and 0 files rewritten")
    now = etags(app.storage)
    assert {key[0] for key in now if now[key] != before.get(key)} <= {"manifests"}  # the lease
    assert erase(app, "e" + "0" * 16).said == "there is no such engineer"


def test_who_comes_again_has_the_same_id_and_is_erased_again(app: App, clock: TestClock) -> None:
    """The vendor goes on showing them: no total splits, and the tables do not learn the address again."""
    engineer_id = id_of(app)
    erase(app, engineer_id)
    clock.move(hours=21)
    refresh(app, "timer")
    drop(app, f"2026-11-16/{NOVEMBER}", export(zelda=30, yves=20))
    assert {place.split()[0] for place in telling(app)} <= {"raw"}
    assert id_of(app) == engineer_id
    erase(app, engineer_id)
    assert telling(app) == []
    kept = set(app.raw.contents())
    assert {digest for one in manifest(app).days.values() for digest in one.raw.split(",")} <= kept


def test_the_same_file_again_is_still_a_duplicate(app: App) -> None:
    """It is known by what it was."""
    erase(app, id_of(app))
    again = drop(app, f"2026-11-06/{NOVEMBER}", export(zelda=9, yves=3))
    assert again.state == "duplicate"


@pytest.mark.parametrize("step", range(1, 320, 40))
def test_killed_at_any_request_it_is_made_good(app: App, step: int, clock: TestClock) -> None:
    """The message comes again and begins again; nothing points to what is gone."""
    before, engineer_id = known(app), id_of(app)
    with suppress(Dead):
        erase(instance(app, Watch(before=at(step, die)), clock=clock), engineer_id)
    clock.move(minutes=1)
    erase(app, engineer_id)
    assert telling(app) == []
    assert known(app) == before
    for document in app.raw.arrivals(""):
        pages = document["pages"]
        for digest in [one for part in pages.values() for one in part] if isinstance(pages, dict) else pages:
            app.raw.read(digest)


@pytest.mark.parametrize("step", range(5, 200, 80))
def test_a_file_that_is_dropped_meanwhile_is_whole(app: App, step: int, clock: TestClock) -> None:
    """It is recorded; what it names goes with it, or with the next erasure."""
    engineer_id = id_of(app)
    put(app, f"2026-11-16/{NOVEMBER}", export(zelda=30, yves=20))
    watch = Watch(before=at(step, lambda: ingest_waiting(instance(app))))
    erase(instance(app, watch, clock=clock), engineer_id)
    ingest_waiting(app)
    refresh(app, "timer")
    erase(app, engineer_id)
    assert telling(app) == []
    before = known(app)
    empty(app)
    replay(app)
    assert known(app) == before
    assert date(2026, 11, 16) in {one.look.moment.date() for one in app.exports.read().manifest.looks}
