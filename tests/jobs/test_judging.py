"""Looks of one month are judged together: the result depends on the files, never on their order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import permutations

import msgspec
import pytest

from shared.app import App
from shared.jobs.ingest import ingest
from shared.jobs.rebuild import rebuild
from shared.jobs.receipts import tell
from shared.jobs.refresh import refresh
from tests.adoption.weekly import FRI_6, FRI_13, FRI_20, MONDAY, TEAM, lines, look, name_of
from tests.conftest import MakeApp, TestClock
from tests.jobs.dropping import put, quarantined, receipts, report

PILE = {
    FRI_6: dict.fromkeys(TEAM, 100),
    FRI_13: dict.fromkeys(TEAM, 900),  # another organisation's: nobody else ever had as many
    FRI_20: dict.fromkeys(TEAM, 300),
    "2026-11-22T16:00Z": dict.fromkeys(TEAM, 350),
}
STANDING = {FRI_6: "accepted", FRI_13: "contested", FRI_20: "accepted", "2026-11-22T16:00Z": "accepted"}


@pytest.fixture
def app(make_app: MakeApp, clock: TestClock) -> App:
    clock.at = MONDAY
    return make_app()


def told(app: App) -> dict[str, str]:
    """What each receipt says, by its file's moment."""
    return {f"{one.moment:%Y-%m-%dT%H:%MZ}": one.state for one in receipts(app)}


def concluded(app: App) -> list[bytes]:
    """The figures of all rows; receipts' ids within the reasons differ from pile to pile."""
    rows = app.periods.read("export", MONDAY.replace(month=1), MONDAY)
    return [msgspec.json.encode((row.label, row.active, row.figures["linesAccepted"])) for row in rows]


@pytest.mark.parametrize("order", list(permutations(PILE))[::5])
def test_the_order_of_arrival_does_not_matter(app: App, order: tuple[str, ...]) -> None:
    """The same files in any order give the same receipts' states and the same rows, rebuilt on the way."""
    for at in order:
        look(app, at, PILE[at])
        rebuild(app)
    assert told(app) == STANDING
    along = concluded(app)
    for kind in ("week", "month"):
        before = {key: one.inputs for key, one in app.periods.built(kind).items()}
        assert before
    rebuild(app, everything=True)
    assert concluded(app) == along
    assert [row.split(b",")[0] for row in along] == [
        b'["2026-11-01T00:00Z/2026-11-06T16:00Z"',
        b'["2026-11-06T16:00Z/2026-11-20T15:50Z"',
        b'["2026-11-20T15:50Z/2026-11-22T16:00Z"',
    ]


def test_a_refused_file_counts_again_when_another_fits_it(app: App) -> None:
    """Refused for contradicting one file, accepted once another takes its side; the receipts say why."""
    look(app, FRI_6, PILE[FRI_6])
    wrong = look(app, FRI_13, PILE[FRI_13])
    right = look(app, FRI_20, PILE[FRI_20])
    assert (wrong.state, right.state) == ("accepted", "refused")
    assert right.findings[0].note.startswith("8 of 8 people")
    assert report(app, right)["state"] == "refused"
    look(app, "2026-11-22T16:00Z", PILE["2026-11-22T16:00Z"])
    found = {one.receipt_id: one for one in receipts(app)}
    assert found[right.receipt_id].state == "accepted"
    assert found[right.receipt_id].findings == []
    assert found[right.receipt_id].remarks[0].startswith("It counts, and the export of 13 November 2026")
    assert wrong.receipt_id in found[right.receipt_id].remarks[0]
    assert found[wrong.receipt_id].state == "contested"
    assert right.receipt_id in found[wrong.receipt_id].remarks[-1]


def test_an_accepted_file_is_refused_by_an_earlier_one_that_comes_late(app: App) -> None:
    """Of two that contradict each other the later moment is refused, and its receipt and report say so."""
    right = look(app, FRI_20, PILE[FRI_20])
    rebuild(app)
    look(app, FRI_13, PILE[FRI_13])
    rebuild(app)
    assert told(app)[FRI_20] == "refused"
    assert any(right.receipt_id in name for name in quarantined(app))
    weeks = app.periods.read("week", MONDAY.replace(day=2, hour=0), MONDAY)
    assert all(row.figures["linesAccepted"].high != 300 for row in weeks)


def test_a_receipt_that_was_not_told_is_told_by_the_next_judgement(app: App) -> None:
    """Who crashes between the judgement and the receipt leaves work that the next run does."""
    look(app, FRI_13, PILE[FRI_13])
    late = look(app, FRI_20, PILE[FRI_20])
    entry = next(one for one in app.exports.read().manifest.looks if one.look.look_id == late.receipt_id)
    app.receipts.write(
        entry.received, late.receipt_id, msgspec.structs.replace(late, state="accepted", findings=[])
    )
    tell(app, {"2026-11"})
    assert told(app)[FRI_20] == "refused"


def test_two_files_at_once_are_both_recorded(app: App) -> None:
    """Two ingests that meet leave two looks, and the state that either order gives."""
    for at in (FRI_13, FRI_20):
        put(app, f"{at[:10]}/{name_of('2026-11')}", lines(dict.fromkeys(TEAM, int(at[8:10]) * 10)))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda at: ingest(app, f"{at[:10]}/{name_of('2026-11')}"), (FRI_13, FRI_20)))
    assert [one.state for one in app.exports.read().manifest.looks] == ["accepted", "accepted"]
    assert [one.state for one in receipts(app)] == ["accepted", "accepted"]


def test_running_again_is_free(app: App) -> None:
    """A second refresh of the same files writes no row."""
    for at, counts in PILE.items():
        look(app, at, counts)
    assert refresh(app, "timer").periods_written > 0
    assert refresh(app, "timer").periods_written == 0
