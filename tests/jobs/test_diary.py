"""What advice is made of is what the rows are made of: the same edges, the same closed months."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shared.app import App
from shared.evidence import diary_of_exports
from shared.jobs.refresh import refresh
from shared.jobs.workshop import Workshop
from tests.adoption.weekly import lines, look, name_of
from tests.conftest import MakeApp, TestClock
from tests.jobs.dropping import drop
from tests.store.wire import etags

OURS = "0f5e2e7a-6c1e-4f0e-9a55-6f0d3f6f2b11"


def exported(app: App) -> None:
    """Several dashboards, mere days and moments, files with and without an organisation, a refused one."""
    look(app, "2026-10-23T16:00Z", {"a": 100, "b": 10, "c": 20})
    drop(app, f"2026-10-30/{name_of('2026-10')}", lines({"a": 200, "b": 10, "c": 20}))
    drop(app, f"2026-11-02/{name_of('2026-10', OURS)}", lines({"a": 250, "b": 10, "c": 20}))
    merged = b"Email,Lines with CC,PRs with CC\na@quux.example,10,1\n"
    for at, month in (("2026-10-30T20:00", "2026-10"), ("2026-11-02T23:30", "2026-10")):
        drop(app, name_of(month), merged, {"as_of": f"{at}+00:00"})
    drop(app, f"2026-11-06/{name_of('2026-11')}", lines({"a": 70, "b": 10, "c": 20}))
    look(app, "2026-11-13T16:10:05Z", {"a": 90, "b": 10, "c": 20})
    look(app, "2026-11-13T16:10:40Z", {"a": 91, "b": 10, "c": 20}, of=OURS)
    look(app, "2026-11-14T09:00Z", {"a": 1, "b": 1, "c": 1})


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York"])
@pytest.mark.parametrize("expected", ["", f"claude_ai:{OURS}"])
def test_readers_and_rows_agree(make_app: MakeApp, clock: TestClock, zone: str, expected: str) -> None:
    """Whatever the zone, and whether an organisation is expected or merely named."""
    clock.at = datetime(2026, 11, 16, 12, tzinfo=UTC)
    app = make_app(EXPORT_TIMEZONE=zone, EXPECTED_ORGANIZATIONS=expected)
    exported(app)
    mixer = Workshop(app).mixer
    diary = diary_of_exports(app.settings, app.manifests.heads())
    assert [one.moment for one in diary.edges] == [one.moment for one in mixer.edges]
    assert [sorted(one.looks) for one in diary.edges] == [sorted(one.looks) for one in mixer.edges]
    shown = {month for one in diary.streams.values() for month in one.shown}
    unclosed = {month for one in diary.streams.values() for month in one.shown - one.closed}
    assert shown - unclosed == mixer.closed_months()
    assert ("2026-10" in mixer.closed_months()) == (zone != "Europe/Berlin")


def test_advice_costs_no_write(make_app: MakeApp, clock: TestClock) -> None:
    """The head is written with the looks and never apart: an unchanged refresh leaves every row as it was."""
    clock.at = datetime(2026, 11, 16, 12, tzinfo=UTC)
    app = make_app()
    exported(app)
    refresh(app, "timer")
    before = etags(app.storage)
    clock.move(days=3)
    refresh(app, "timer")
    after = etags(app.storage)
    assert {table for table, *_ in (key for key in after if after[key] != before.get(key))} <= {"runs"}
