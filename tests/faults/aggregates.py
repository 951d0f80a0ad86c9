"""What must come out the same, byte for byte, whatever went wrong on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import msgspec

from local.vendor import World
from shared.app import App
from shared.records import Figure, Number
from shared.store.packing import joined, pack
from tests.azurite import Accounts
from tests.conftest import TestClock
from tests.jobs.stage import elsewhere, every_row, true_active, true_figures
from tests.store.wire import entities

Aggregates = dict[str, bytes]

_alone: dict[str, Aggregates] = {}


def aggregates(app: App) -> Aggregates:
    """Every period row and team's row as it is stored, and the cohorts with addresses in the place of ids,
    which are drawn at random in each account."""
    found = {
        f"{entity['PartitionKey']} {entity['RowKey']}": joined("row", entity)
        for entity in entities(app.storage, "periods")
    }
    listing = app.cohorts.listing()
    if listing is not None:
        who = app.people().actors()
        engineers = [
            msgspec.structs.replace(one, engineer_id=who[one.engineer_id].name, name_id=None)
            for one in app.cohorts.page(listing.version, None, None, "", 1_000).engineers
        ]
        found["cohorts"] = pack((msgspec.structs.replace(listing, version=""), engineers))
    return found


def undisturbed(name: str, app: App, accounts: Accounts, work: Callable[[App], object]) -> Aggregates:
    """What the work makes alone, on an empty account: always the same, so it is done once a process."""
    if name not in _alone:
        alone = elsewhere(app, accounts.unused(), clock=TestClock(app.clock.now()))
        work(alone)
        _alone[name] = aggregates(alone)
    return _alone[name]


def assert_nothing_false(app: App, world: World, since: date, now: datetime) -> None:
    """No figure says what is not so: a value is the truth, and bounds hold it between them."""
    for rows in every_row(app).values():
        for row in rows:
            truth = world.truth(max(row.period.start.date(), since), row.period.end.date(), as_of=now)
            for name, true in true_figures(truth).items():
                _assert_holds(row.figures[name], true, f"{name} of {row.label}")
            _assert_holds(row.active["anyActivity"], true_active(world, truth), f"active of {row.label}")


def _assert_holds(figure: Figure, true: Number, what: str) -> None:
    assert figure.value in (None, true), what
    assert figure.value is not None or figure.reason, what
    assert (figure.low or 0) <= true, what
    assert figure.high is None or true <= figure.high, what
