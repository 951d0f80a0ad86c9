"""Rows of teams: put as they were read, never over newer ones, and read where everybody's row names them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shared.errors import StoreConflict
from shared.periods import period_of
from shared.records import TeamRow, TeamSizes
from shared.store.period_rows import SCHEMA, PeriodRows, key_of
from shared.store.team_rows import TeamRows, entities_of
from tests.store.conftest import Connect
from tests.store.test_period_rows import MONDAY, WEEK, inputs, row_of, stored
from tests.store.wire import Asked, Watch

KEY = key_of(WEEK)
WEB = "0123456789abcdef"
SIZES = TeamSizes(6, 12, stayed=5, roster_stayed=11, left=1)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def rows(connect: Connect) -> PeriodRows:
    return PeriodRows(connect().table("periods"))


@pytest.fixture
def teams(connect: Connect, watch: Watch) -> TeamRows:
    return TeamRows(connect(transport=watch).table("periods"))


def of_web(*, settled: bool = True) -> TeamRow:
    return TeamRow("Web", row_of(WEEK, settled=settled), SIZES)


def write(teams: TeamRows, row: TeamRow | None, version: int = 1) -> None:
    entities = entities_of(inputs(version), {WEB: row} if row else {})
    teams.write("week", WEB, {KEY: entities.get(WEB)}, inputs(version))


def read(teams: TeamRows) -> TeamRow | None:
    return teams.read("week", WEB, {KEY}).get(KEY)


def test_a_teams_row_counts_where_everybodys_row_names_it(rows: PeriodRows, teams: TeamRows) -> None:
    """What a job left that died before everybody's row followed, or that took it away, is not read; and a
    row is frozen where everybody's is."""
    write(teams, of_web())
    assert read(teams) is None
    rows.write(row_of(WEEK), inputs(1), None)
    assert read(teams) is None
    rows.write(row_of(WEEK), inputs(1), stored(rows), teams={WEB})
    assert read(teams) == of_web()
    assert stored(rows).teams == {WEB}
    rows.freeze("week", KEY)
    frozen = read(teams)
    assert frozen is not None
    assert frozen.row.frozen
    assert teams.read("week", "another", {KEY}) == teams.read("week", WEB, set()) == {}


def test_a_teams_row_is_never_replaced_or_removed_over_newer_inputs(
    rows: PeriodRows, teams: TeamRows
) -> None:
    """The same and newer ones replace it; and it goes as it was read."""
    rows.write(row_of(WEEK), inputs(1), None, teams={WEB})
    write(teams, of_web(settled=False), 4)
    for older in (of_web(), None):
        with pytest.raises(StoreConflict):
            write(teams, older, 3)
    assert read(teams) == of_web(settled=False)
    write(teams, of_web(), 4)
    assert read(teams) == of_web()
    write(teams, None, 5)
    write(teams, None, 5)
    assert read(teams) is None


def test_a_later_programs_row_is_left_alone(rows: PeriodRows, teams: TeamRows, connect: Connect) -> None:
    """It is neither replaced nor removed by an older one, unless everything is to be written again."""
    rows.write(row_of(WEEK), inputs(1), None, teams={WEB})
    later = entities_of(inputs(1), {WEB: of_web(settled=False)})[WEB]
    later = {**later, "PartitionKey": f"week|{WEB}", "RowKey": KEY, "schema": SCHEMA + 1}
    connect().table("periods").insert(later)
    for older in (of_web(), None):
        write(teams, older, 2)
        assert read(teams) == of_web(settled=False)
    entity = entities_of(inputs(2), {WEB: of_web()})[WEB]
    teams.write("week", WEB, {KEY: entity}, inputs(2), everything=True)
    assert read(teams) == of_web()


def test_who_is_overtaken_between_reading_and_writing_writes_nothing(
    rows: PeriodRows, teams: TeamRows, watch: Watch
) -> None:
    """Each row's ETag decides, one of many is enough, and a lost race is never an outage."""
    rows.write(row_of(WEEK), inputs(1), None, teams={WEB})
    other = key_of(period_of("week", MONDAY - timedelta(days=7)))

    def overtake(asked: Asked) -> None:
        if asked.writes:
            watch.before = _nothing
            write(teams, of_web())

    for over in (None, of_web()):
        write(teams, over)
        entity = entities_of(inputs(1), {WEB: of_web(settled=False)})[WEB]
        watch.before = overtake
        with pytest.raises(StoreConflict):
            teams.write("week", WEB, {KEY: entity, other: entity}, inputs(1))
        assert read(teams) == of_web()
        assert teams.read("week", WEB, {KEY, other}).keys() == {KEY}


def _nothing(_asked: Asked) -> None:
    return


def test_a_year_of_days_is_few_transactions(teams: TeamRows, watch: Watch) -> None:
    """A hundred rows at a time: one reading, and four writes."""
    days = [period_of("day", date(2026, 1, 1) + timedelta(days=number)) for number in range(400)]
    entity = entities_of(inputs(1), {WEB: of_web()})[WEB]
    teams.write("day", WEB, {key_of(day): entity for day in days}, inputs(1))
    assert sum(asked.writes for asked in watch.asked) == 4
