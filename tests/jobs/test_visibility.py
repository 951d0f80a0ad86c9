"""How many of the roster the key sees: one of eight is the trap that made this program."""

from __future__ import annotations

from collections.abc import Callable

from local.vendor import SimulatedVendor
from shared.jobs.refresh import refresh
from tests.adoption.asking import ask
from tests.conftest import MakeApp
from tests.jobs.dropping import drop

Serve = Callable[..., SimulatedVendor]

NOBODY_KNOWN = "email,name,team,joined\n" + "".join(f"e{number}@example.com,,,\n" for number in range(8))


def test_a_key_that_sees_one_of_eight_is_not_trusted(serve: Serve, make_app: MakeApp) -> None:
    """Worked example 27: the organisation of the same name has one member, and the roster has eight."""
    app = make_app(serve("trap"))
    drop(app, "2026-11-01/roster.csv", NOBODY_KNOWN.encode())
    refresh(app, "test")
    answer = ask(app)
    assert answer.status == 409
    assert answer.statuses["roster-visible"] == "fail"
    assert answer.statuses["expected-organization"] == "fail"


def test_a_key_that_sees_the_roster_passes(serve: Serve, make_app: MakeApp) -> None:
    """The members are compared as people, whatever the spelling of their addresses."""
    vendor = serve("honest")
    app = make_app(vendor, BACKFILL_DAYS="22")
    rows = "".join(f"{address.upper()},,,\n" for address in vendor.world.engineers)
    drop(app, "2026-11-01/roster.csv", f"email,name,team,joined\n{rows}".encode())
    refresh(app, "test")
    answer = ask(app)
    assert answer.statuses["roster-visible"] == "pass"
    assert answer.document["periods"][-2]["of"] == len(vendor.world.engineers)
    assert refresh(app, "test").periods_written == 0
