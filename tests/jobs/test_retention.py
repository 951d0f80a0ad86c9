"""What is too old goes; period rows stay, marked; and what still counts never goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from local.vendor import SimulatedVendor, World
from shared.app import App
from shared.jobs.rebuild import rebuild
from shared.jobs.refresh import refresh
from shared.jobs.replay import replay
from shared.jobs.retention import retain
from shared.jobs.retract import retract
from shared.records import AuditEntry, PeriodRow
from tests.adoption.weekly import FRI_6, FRI_13, FRI_20, MONDAY, TEAM, look, roster
from tests.conftest import MakeApp, TestClock
from tests.jobs.dropping import looks, quarantined, receipts
from tests.jobs.stage import every_row, manifest, use
from tests.jobs.test_replay import empty
from tests.store.wire import etags

Serve = Callable[..., SimulatedVendor]


@pytest.fixture
def app(make_app: MakeApp, clock: TestClock) -> App:
    """Exports of one autumn, and the rows that are made of them."""
    clock.at = MONDAY
    app = make_app(FACT_RETENTION_DAYS="62", RAW_RETENTION_DAYS="100", AUDIT_RETENTION_DAYS="100")
    roster(app, *TEAM)
    look(app, "2026-10-30T16:00Z", dict.fromkeys(TEAM, 70), month="2026-10")
    look(app, "2026-11-02T16:00Z", dict.fromkeys(TEAM, 80), month="2026-10")
    look(app, FRI_6, dict.fromkeys(TEAM, 100))
    look(app, FRI_13, dict.fromkeys(TEAM, 150))
    look(app, FRI_20, dict.fromkeys(TEAM, 300))
    refresh(app, "timer")
    return app


def rows(app: App) -> list[PeriodRow]:
    first, last = MONDAY.replace(year=2020), MONDAY.replace(year=2040)
    return [row for kind in ("week", "month", "export") for row in app.periods.read(kind, first, last)]


def served(found: list[PeriodRow]) -> list[bytes]:
    """The rows but for their mark."""
    return [msgspec.json.encode(msgspec.structs.replace(row, frozen=False)) for row in found]


def test_rows_stay_when_what_they_were_made_of_goes(app: App, clock: TestClock) -> None:
    """Marked, the same in every byte; and neither a rebuild nor a later file makes them poorer."""
    before = rows(app)
    assert not any(row.frozen for row in before)
    clock.at = datetime(2027, 2, 1, 12, tzinfo=UTC)
    refresh(app, "timer")
    assert looks(app) == []
    now = rows(app)
    assert served(now) == served(before)
    assert all(row.frozen for row in now)
    look(app, "2027-01-29T16:00Z", dict.fromkeys(TEAM, 10))
    rebuild(app, everything=True)
    assert served(rows(app))[: len(before) - 2] != []
    assert {one.label for one in before} <= {one.label for one in rows(app)}
    kept = {row.label: row for row in rows(app) if row.frozen}
    assert served([kept[row.label] for row in before]) == served(before)


def test_of_a_month_that_is_half_forgotten_nothing_changes(app: App, clock: TestClock) -> None:
    """October goes; the row over its end stays as it was, and the later ones are made as before."""
    before = {row.label: row for row in rows(app)}
    clock.at = datetime(2027, 1, 15, 12, tzinfo=UTC)
    refresh(app, "timer")
    assert {one.month for one in looks(app)} == {"2026-11"}
    rebuild(app, everything=True)
    now = {row.label: row for row in rows(app)}
    assert before.keys() <= now.keys()
    for label, row in before.items():
        assert row.period.kind == "month" or served([now[label]]) == served([row]), label
    assert now["2026-10-30T16:00Z/2026-11-06T16:00Z"].frozen
    assert not now["2026-11-13T16:10Z/2026-11-20T15:50Z"].frozen


def test_facts_of_files_that_do_not_count_go_after_a_day(make_app: MakeApp, clock: TestClock) -> None:
    """By storage's own clock, because an ingest may be under way; those that count stay."""
    clock.at = datetime.now(UTC)
    app = make_app()
    roster(app, *TEAM)
    retract(app, roster(app, "z", day="2026-10-02").receipt_id)
    app.facts.write_value("exports", "look-ab12", 1, {"linesAccepted": {"e1": 4}})
    retain(app, clock.now() - timedelta(days=7))
    assert len(list(app.facts.partitions("exports"))) == 3
    clock.move(hours=25)
    retain(app, clock.now() - timedelta(days=7))
    assert len(list(app.facts.partitions("exports"))) == 1


def test_raw_files_go_and_what_still_counts_stays(app: App, clock: TestClock) -> None:
    """The roster holds until another takes its place, however old it is; so a rebuild from raw still can."""
    clock.at = datetime(2027, 6, 7, 12, tzinfo=UTC)
    look(app, "2027-06-04T16:00Z", dict.fromkeys(TEAM, 10))
    refresh(app, "timer")
    clock.move(days=7)
    refresh(app, "timer")
    kept = [arrival["name"] for arrival in app.raw.arrivals("exports/")]
    assert len(kept) == 2
    assert "2026-10-01/roster.csv" in kept
    before = app.exports.read().manifest
    empty(app, "periods", "receipts")
    replay(app)
    now = app.exports.read().manifest
    assert (now.looks, now.configurations) == (before.looks, before.configurations)
    assert [one.kind for one in receipts(app)].count("roster") == 1


def test_contents_that_nothing_refers_to_go(make_app: MakeApp, clock: TestClock) -> None:
    """A day later, by storage's own clock; all others stay."""
    clock.at = datetime.now(UTC)
    app = make_app()
    roster(app, *TEAM)
    before = set(app.raw.contents())
    app.raw.keep(b"an answer that said nothing new")
    retain(app, clock.now() - timedelta(days=7))
    assert len(list(app.raw.contents())) == 2
    clock.move(hours=25)
    retain(app, clock.now() - timedelta(days=7))
    assert set(app.raw.contents()) == before


def test_audit_and_runs_go(app: App, clock: TestClock) -> None:
    """After AUDIT_RETENTION_DAYS."""
    for day in (1, 20):
        entry = AuditEntry(f"0{day}", "retract", "ab12", "ops", "", datetime(2026, 11, day, tzinfo=UTC))
        app.audit.begin(entry)
    clock.at = datetime(2027, 2, 20, tzinfo=UTC)
    refresh(app, "timer")
    assert [one.audit_id for one in app.audit.newest(9)] == ["020"]


def test_it_is_due_once_a_day(app: App, clock: TestClock) -> None:
    """Every other run leaves everything alone."""
    clock.at = datetime(2027, 2, 1, 12, tzinfo=UTC)
    before = etags(app.storage)
    retain(app, clock.now() - timedelta(hours=1))
    assert etags(app.storage) == before
    retain(app, clock.now() - timedelta(days=1))
    assert etags(app.storage) != before
    assert quarantined(app) == []


def test_days_of_a_live_source_go(serve: Serve, make_app: MakeApp, clock: TestClock) -> None:
    """They leave the manifest, the sweep takes their facts, and their rows stay, marked."""
    today = clock.now().date()
    world = World.of_uses(use(today - timedelta(days=age)) for age in range(80))
    app = make_app(serve(world), BACKFILL_DAYS="80")
    refresh(app, "timer")
    before = served(every_row(app)["day"])
    clock.move(days=1)
    short = make_app(serve(world), BACKFILL_DAYS="80", FACT_RETENTION_DAYS="62")
    refresh(short, "timer")
    assert min(manifest(app).days) == clock.now().date() - timedelta(days=61)
    now = every_row(app)["day"]
    assert served(now)[:19] == before[:19]
    frozen = {date.fromisoformat(row.label) for row in now if row.frozen}
    assert max(frozen) <= min(manifest(app).days)
    assert len(frozen) >= 19
