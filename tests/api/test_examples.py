"""Laws of docs/examples: one for each state that a client can meet, and each as the app sends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest

from local.azurite import Ports, connection_string
from local.vendor import SimulatedVendor, build_world
from local.vendor.states import BUILDERS
from shared.api.doors import DOORS
from shared.app import App
from shared.jobs.ingest import ingest
from shared.jobs.refresh import refresh
from shared.settings import load
from shared.store.storage import Storage
from tests.api.examples import EXAMPLES, FOLDER, WRITE, Example, answer_of, listing, written
from tests.conftest import MakeApp, TestClock

#: The Monday on which the examples were taken; five weeks are told.
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BACKFILL_DAYS = "29"

#: Which no demo can show: a defect of the app, settings with which it does not start.
NOT_SHOWN = {"internal", "misconfigured", "not-found"}

Serve = Callable[..., SimulatedVendor]


def by_world() -> Mapping[str, list[Example]]:
    found: dict[str, list[Example]] = {}
    for example in EXAMPLES:
        found.setdefault(example.world, []).append(example)
    return found


def staged(world: str, make_app: MakeApp, serve: Serve, clock: TestClock) -> App:
    """The app as `dev.py start --demo` leaves it after the first refresh."""
    told = build_world(world, seed=1, today=NOW.date())
    vendor = serve(told)
    roles = "Usage.Read,Usage.Upload"
    settings = {
        "BACKFILL_DAYS": BACKFILL_DAYS,
        "DEMO_WORLD": world,
        "DEVELOPMENT_ROLES": roles,
        **told.settings,
    }
    app = make_app(vendor, **settings)
    drop = app.storage.container("drop")
    for file in told.dropped:
        drop.upload_blob(file.name, file.content)
        receipt = ingest(app, file.name)
        assert receipt is not None
        assert receipt.state == "accepted", receipt
    if any(one.status < 400 or one.status == 409 for one in by_world()[world]):
        refresh(app, "timer")
    clock.at += told.away_for
    if not told.storage_is_away:
        return app
    nowhere = load({**app.environ, "DATA_STORAGE": connection_string(Ports(9, 9, 9))})
    return App(nowhere, Storage.of(nowhere), app.environ, app.clock)


@pytest.mark.parametrize("world", by_world())
def test_each_example_is_what_the_app_sends(
    world: str, make_app: MakeApp, serve: Serve, clock: TestClock
) -> None:
    """Made again, each file is the same, and nobody is named in it."""
    clock.at = NOW
    app = staged(world, make_app, serve, clock)
    for example in by_world()[world]:
        response = answer_of(app, example)
        assert response.status == example.status, response.body
        body = written(response)
        assert b"@" not in body
        if WRITE:
            (FOLDER / example.file).write_bytes(body)
        assert (FOLDER / example.file).read_bytes() == body, f"{example.file} is out of date: see its README"


def test_the_listing_is_theirs() -> None:
    """The README tells each file with its world, and there is no other file."""
    if WRITE:
        (FOLDER / "README.md").write_text(listing(), encoding="utf-8")
    assert (FOLDER / "README.md").read_text(encoding="utf-8") == listing()
    files = {file.name for file in FOLDER.iterdir()} - {"README.md"}
    assert files == {example.file for example in EXAMPLES}


def test_each_state_has_its_example() -> None:
    """Every world that shows a state is in use, and every problem that a client can meet is shown."""
    assert set(BUILDERS) <= {example.world for example in EXAMPLES}
    problems = {kind.name for door in DOORS for kind in door.problems} - NOT_SHOWN
    assert problems <= {example.file.removeprefix("problem-").removesuffix(".json") for example in EXAMPLES}
