"""The rows of teams: made with everybody's, before it, of the same; and gone with what they were made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from local.vendor import SimulatedVendor
from shared.adoption.teams import team_key
from shared.app import App
from shared.jobs.rebuild import rebuild
from shared.jobs.refresh import refresh
from shared.jobs.retract import retract
from shared.store.storage import Storage
from tests.adoption.weekly import FRI_6, FRI_13, FRI_20, MONDAY, look, teams
from tests.conftest import MakeApp, TestClock
from tests.jobs.dropping import drop
from tests.jobs.dying import die
from tests.jobs.stage import (
    QUINCY,
    YVES,
    ZELDA,
    ago,
    elsewhere,
    every_row,
    instance,
    rows_of_teams,
    small_world,
)
from tests.store.wire import Asked, Watch, etags

Serve = Callable[..., SimulatedVendor]

PEOPLE = "abcdefghijkl"


@pytest.fixture
def app(make_app: MakeApp, clock: TestClock) -> App:
    """Two teams of six, three Friday exports, and somebody on no team."""
    clock.at = MONDAY
    app = make_app()
    teams(app, web="abcdef", ops="ghijkl", _="m")
    look(app, FRI_6, dict.fromkeys([*PEOPLE, "m"], 100))
    look(app, FRI_13, dict.fromkeys([*PEOPLE, "m"], 150))
    look(app, FRI_20, {who: 150 + 10 * number for number, who in enumerate([*PEOPLE, "m"])})
    refresh(app, "timer")
    return app


def keys_of(app: App, team: str) -> dict[str, list[str]]:
    """The keys of a team's rows, by granularity."""
    found: dict[str, list[str]] = {}
    for partition, key in sorted(rows_of_teams(app)):
        granularity, _, of = partition.partition("|")
        if of == team_key(team):
            found.setdefault(granularity, []).append(key)
    return found


def test_every_row_has_its_teams_and_running_again_is_free(app: App) -> None:
    """Weeks, months, export periods and the answer; an unchanged run reads no team's row and writes none; one
    that computes all of them again gives the same bytes."""
    for team in ("Web", "OPS"):
        kept = keys_of(app, team)
        assert kept["export"] == sorted(app.periods.built("export"))
        assert kept["week"] == sorted(app.periods.built("week"))
        assert kept["month"] == sorted(app.periods.built("month"))
    web, ops = (app.teams.read("export", team_key(one), {"~answer"})["~answer"] for one in ("web", "ops"))
    whole = app.periods.read_answer()
    assert whole is not None
    lines = [one.figures["linesAccepted"].value for one in (web.row, ops.row, whole)]
    assert lines == [sum(range(0, 60, 10)), sum(range(60, 120, 10)), sum(range(0, 130, 10))]
    assert (web.name, web.row.of, web.sizes.roster, web.sizes.stayed) == ("web", 6, 13, 6)
    assert whole.sources == web.row.sources
    watch, before, stored = Watch(), rows_of_teams(app), etags(app.storage)
    rebuild(instance(app, watch))
    assert not [asked for asked in watch.asked if asked.writes or team_key("web") in asked.url]
    assert etags(app.storage) == stored
    rebuild(app, everything=True)
    assert rows_of_teams(app) == before
    periods, before_that = (
        {key for key in one if key[0] == "periods"} for one in (etags(app.storage), stored)
    )
    assert periods == before_that


def test_who_has_moved_is_on_the_new_team_from_then_on_and_a_team_that_is_gone_leaves_no_row(
    app: App,
) -> None:
    """A later roster dissolves ops: periods that ended before keep it, later ones have the new team; and all
    is as it was when that roster is retracted."""
    before = rows_of_teams(app)
    later = teams(app, "2026-11-15", web="abcde", infra="fghijkl", _="m")
    rebuild(app)
    assert max(keys_of(app, "ops")["week"]) == "2026-11-09T00:00Z"
    assert min(keys_of(app, "infra")["week"]) == "2026-11-16T00:00Z"
    assert keys_of(app, "ops")["export"] == ["2026-11-06T16:00Z", "2026-11-13T16:10Z"]
    answer = app.teams.read("export", team_key("web"), {"~answer"})["~answer"]
    assert (answer.sizes.members, answer.sizes.stayed, answer.sizes.left) == (5, 5, 1)
    retract(app, later.receipt_id)
    rebuild(app)
    assert rows_of_teams(app) == before


def first_behind_both_teams(app: App, storage: str) -> int:
    """The number of a refresh's storage request that writes the weeks of everybody: those of both teams are
    written by then."""
    stood = rows_of_teams(app)
    found: list[int] = []

    def look_on(asked: Asked) -> None:
        written = {key[0] for key, row in rows_of_teams(app).items() if stood.get(key) != row}
        if asked.writes and len(written) == 2:
            found.append(asked.number)

    watched = replace(app, storage=Storage(storage, transport=Watch(before=look_on)))
    assert refresh(watched, "timer").outcome == "ok"
    return found[0]


def test_whoever_dies_between_a_teams_rows_and_everybodys_is_made_good(
    serve: Serve, make_app: MakeApp, other_storage: str, clock: TestClock
) -> None:
    """The first time, and where a day has changed since: everybody's row is still behind, so that the next
    run writes them all; and until it does, a row that nothing stood for is not read."""
    world = small_world()
    app = make_app(serve(world), BACKFILL_DAYS="4", FETCH_CONCURRENCY="1")
    alone = elsewhere(app, other_storage, clock=TestClock(clock.now()))
    roster = f"email,name,team,joined\n{ZELDA},,web,\n{QUINCY},,web,\n{YVES},,ops,\n".encode()
    for one in (app, alone):
        drop(one, "2026-10-01/roster.csv", roster)
    web = team_key("web")
    for factor in (1.0, 3.0):
        world.restate(ago(1), factor)
        everybodys = first_behind_both_teams(alone, other_storage)
        before = every_row(app)["week"]
        assert die("refresh", app, everybodys)
        assert every_row(app)["week"] == before != every_row(alone)["week"]
        keys = {key for partition, key in rows_of_teams(app) if partition == f"week|{web}"}
        assert keys == {key for partition, key in rows_of_teams(alone) if partition == f"week|{web}"}
        assert bool(app.teams.read("week", web, keys)) == bool(before)
        assert refresh(app, "timer").outcome == "ok"
        assert rows_of_teams(app) == rows_of_teams(alone)
        assert every_row(app) == every_row(alone)
