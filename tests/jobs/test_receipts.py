"""Receipts never say what the manifest no longer does: whoever comes between, and whoever dies in between."""

from __future__ import annotations

import random
from contextlib import suppress
from functools import partial

import pytest

from shared.adoption.settling import edges_in_words
from shared.app import App
from shared.jobs.ingest import ingest, ingest_waiting
from shared.jobs.rebuild import rebuild
from shared.jobs.receipts import tell
from shared.jobs.refresh import refresh
from shared.jobs.retract import retract
from shared.records import Receipt
from tests.adoption.asking import ask_status
from tests.adoption.reporting import spend
from tests.adoption.weekly import FRI_6, FRI_13, FRI_20, MONDAY, TEAM, lines, look, name_of, roster
from tests.conftest import MakeApp, TestClock
from tests.jobs.dropping import drop, put, receipts, waiting
from tests.jobs.stage import elsewhere, instance
from tests.jobs.taking_turns import take_turns
from tests.store.wire import Watch, at, etags

#: Storage requests of a file's ingest that turns an earlier one, and more.
STEPS = range(2, 32)

EARLIER, LATER = f"2026-11-13/{name_of('2026-11')}", f"2026-11-20/{name_of('2026-11')}"


@pytest.fixture
def app(make_app: MakeApp, clock: TestClock) -> App:
    clock.at = MONDAY
    return make_app()


def put_two(app: App) -> None:
    """Two files that contradict each other: the later one is refused, once both are there."""
    put(app, EARLIER, lines(dict.fromkeys(TEAM, 900)))
    put(app, LATER, lines(dict.fromkeys(TEAM, 100)))


def assert_told(app: App) -> None:
    """Both are received, each receipt is true, and whoever compares them all finds nothing to write."""
    ingest_waiting(app)
    assert waiting(app) == []
    assert {one.name: one.state for one in receipts(app)} == {EARLIER: "accepted", LATER: "refused"}
    before = etags(app.storage)
    tell(app, None)
    assert etags(app.storage) == before


@pytest.mark.parametrize("first", [EARLIER, LATER])
@pytest.mark.parametrize("moment", range(2, 28, 2))
def test_another_file_between_any_two_steps(app: App, moment: int, first: str) -> None:
    """Whichever step of the one the other comes before, neither receipt is of an older judgement."""
    second = LATER if first == EARLIER else EARLIER
    put_two(app)
    watch = Watch(before=at(moment, lambda: ingest(instance(app), second)))
    ingest(instance(app, watch), first)
    assert_told(app)


DRAWN = random.Random(20)  # noqa: S311 - a draw that is always the same
TURNS = [tuple(DRAWN.randint(1, 9) for _ in range(12)) for _ in range(12)]


@pytest.mark.parametrize("lengths", [*((20, 20, step) for step in range(1, 9)), *TURNS])
def test_two_files_in_turns(app: App, lengths: tuple[int, ...]) -> None:
    """Any interleaving of two ingests ends as either order does."""
    put_two(app)
    take_turns(app, lambda one: ingest(one, LATER), lambda one: ingest(one, EARLIER), lengths)
    assert_told(app)


class Dead(BaseException):
    """Nothing that a job may catch."""


def die() -> None:
    raise Dead


@pytest.mark.parametrize("step", STEPS[::5])
def test_killed_at_any_step_the_next_run_tells_everybody(app: App, step: int) -> None:
    """A file leaves the container only once each receipt that it turns says so."""
    put_two(app)
    ingest(app, LATER)
    with suppress(Dead):
        ingest(instance(app, Watch(before=at(step, die))), EARLIER)
    assert_told(app)


def test_the_steps_are_all_of_them(app: App) -> None:
    """Else a step that was added would not be tried."""
    put_two(app)
    ingest(app, LATER)
    watch = Watch()
    ingest(instance(app, watch), EARLIER)
    assert len(watch.asked) in STEPS


# --- what they say -----------------------------------------------------------------------------

OCTOBER = {
    "2026-10-30T16:00Z": {"ana": 500, "ben": 100, "zoe": 70},
    "2026-11-02T09:00Z": {"ana": 530, "ben": 100, "zoe": 70},
}
NOVEMBER = {
    FRI_6: {"ana": 1000, "ben": 200, "zoe": 300},
    FRI_13: {"ana": 998, "ben": 200},
    FRI_20: {"ana": 1100, "cy": 250},
}


def drop_all(app: App, order: list[str]) -> None:
    for one in order:
        if one == "roster":
            roster(app, "ana", "ben", "cy", "zoe,,2026-11-10")
        else:
            look(app, one, (OCTOBER | NOVEMBER)[one], month="2026-10" if one in OCTOBER else "2026-11")


def by_moment(app: App) -> dict[str, Receipt]:
    return {f"{one.moment:%Y-%m-%dT%H:%MZ}": one for one in receipts(app) if one.kind != "roster"}


ALL = [*OCTOBER, *NOVEMBER, "roster"]


def test_a_receipt_says_everything_about_its_export(app: App) -> None:
    """What it settles, who left, what was corrected, which file it contradicts, and whether it is final."""
    drop_all(app, ALL)
    found = by_moment(app)
    assert {one.state for one in found.values()} == {"accepted"}
    over_the_end = "Friday 30 October 16:00 to Friday 6 November 2026 16:00 UTC"
    week = "Friday 6 November 16:00 to Friday 13 November 2026 16:10 UTC"
    assert found["2026-11-02T09:00Z"].settles == [over_the_end]
    assert found["2026-11-02T09:00Z"].remarks == [
        "It is the final file of October 2026: it closes the month."
    ]
    assert found[FRI_6].settles == [over_the_end, week]
    assert found[FRI_13].remarks[:2] == [
        "1 person who has left the roster is not in it: the last count holds.",
        "1 count is a little below the highest so far: taken as the vendor's correction.",
    ]
    named = [one for one in found[FRI_20].remarks if "fallen or vanished" in one]
    assert found[FRI_6].receipt_id in named[0]
    assert found[FRI_13].receipt_id in named[0]
    assert any("are they one person?" in one for one in found[FRI_20].remarks)
    assert found[FRI_20].receipt_id in found[FRI_13].remarks[-1]
    assert all("example" not in one for receipt in found.values() for one in receipt.remarks)


def said(app: App) -> dict[str, list[str]]:
    """What each receipt says beside its state, with moments in the place of the receipts' ids."""
    moments = {one.receipt_id: f"{one.moment}" for one in receipts(app)}

    def without_ids(text: str) -> str:
        for receipt_id, at_moment in moments.items():
            text = text.replace(receipt_id, at_moment)
        return text

    return {
        at_moment: [without_ids(text) for text in (*one.remarks, *one.settles, *one.missing)]
        for at_moment, one in by_moment(app).items()
    }


@pytest.mark.parametrize("draw", range(4))
def test_receipts_are_the_same_in_any_order_of_arrival(app: App, other_storage: str, draw: int) -> None:
    """But for their ids."""
    drop_all(app, ALL)
    other = elsewhere(app, other_storage)
    drop_all(other, random.Random(draw).sample(ALL, len(ALL)))  # noqa: S311
    assert said(other) == said(app)


@pytest.mark.parametrize("without", [None, *OCTOBER, FRI_6])
def test_what_files_settle_is_what_the_rows_say(app: App, without: str | None) -> None:
    """The periods on the receipts are the stored ones whose lines are a number."""
    drop_all(app, [one for one in ("roster", *OCTOBER, FRI_6, FRI_13) if one != without])
    rebuild(app)
    rows = app.periods.read("export", MONDAY.replace(month=1), MONDAY)
    exact = {edges_in_words(row.period) for row in rows if row.figures["linesAccepted"].value is not None}
    assert exact == {period for one in by_moment(app).values() for period in one.settles}
    assert exact


def test_an_unchanged_run_leaves_the_receipts_alone(app: App) -> None:
    """It writes its own record and no other row."""
    drop_all(app, ALL)
    refresh(app, "timer")
    before = etags(app.storage)
    refresh(app, "timer")
    now = etags(app.storage)
    assert [table for table, *_ in now.keys() - before.keys()] == ["runs"]
    assert before.items() <= now.items()


def test_a_file_that_changes_what_another_month_settles_tells_its_receipts(app: App) -> None:
    """October's last look waits for its final file, and for a look in November."""
    drop_all(app, ["2026-10-30T16:00Z"])
    assert by_moment(app)["2026-10-30T16:00Z"].missing[0].startswith("With an export of about a week earlier")
    drop_all(app, [FRI_6])
    assert "needs October's file" in by_moment(app)["2026-10-30T16:00Z"].missing[0]
    drop_all(app, ["2026-11-02T09:00Z"])
    october = by_moment(app)["2026-10-30T16:00Z"]
    assert (october.missing, len(october.settles)) == ([], 2)


def test_an_alias_settles_who_vanished(app: App) -> None:
    """The contradiction leaves both receipts with the file that explains it."""
    drop_all(app, [FRI_13, FRI_20])
    assert any("ben" not in one and "vanished" in one for one in by_moment(app)[FRI_20].remarks)
    drop(app, "2026-11-21/aliases.csv", b"alias,email\nben@quux.example,cy@quux.example\n")
    assert by_moment(app)[FRI_20].remarks == []
    assert by_moment(app)[FRI_13].remarks == []


@pytest.mark.parametrize("first", [0, 1])
def test_a_file_that_names_its_organisation_has_every_month_judged(app: App, first: int) -> None:
    """A second organisation leaves unnamed files to themselves, in whichever month it is named first."""
    one, other = "0f5e2e7a-6c1e-4f0e-9a55-6f0d3f6f2b11", "1f5e2e7a-6c1e-4f0e-9a55-6f0d3f6f2b11"
    files = [
        partial(look, app, FRI_6, dict.fromkeys(TEAM, 900), of=one),
        partial(look, app, FRI_13, dict.fromkeys(TEAM, 100)),
        partial(look, app, "2026-10-30T16:00Z", dict.fromkeys(TEAM, 100), month="2026-10", of=other),
    ]
    for file in (files[2], *files[:2]) if first else files:
        file()
    assert [one.state for one in by_moment(app).values()] == ["accepted"] * 3


def test_a_report_turns_the_receipts_of_those_beside_it(app: App) -> None:
    """Two that meet settle the week between them, and neither does once the other is retracted."""
    week = "Monday 9 November 00:00 to Monday 16 November 2026 00:00 UTC"
    first = spend(app, "2026-11-09", "2026-11-11", {"ana": 30})
    assert first.missing[0].startswith("Alone or with others it makes no whole week")
    second = spend(app, "2026-11-12", "2026-11-15", {"ana": 5})
    assert second.settles == [week]
    found = {one.receipt_id: one for one in receipts(app)}
    assert (found[first.receipt_id].settles, found[first.receipt_id].missing) == ([week], [])
    retract(app, second.receipt_id)
    found = {one.receipt_id: one for one in receipts(app)}
    assert [found[one.receipt_id].settles for one in (first, second)] == [[], []]
    assert found[first.receipt_id].missing == first.missing
    before = etags(app.storage)
    tell(app, None)
    assert etags(app.storage) == before


def test_the_status_serves_them(app: App) -> None:
    """As they are, to every reader of the status."""
    drop_all(app, [FRI_6, FRI_13])
    served = {one["receiptId"]: one for one in ask_status(app).document["receipts"]}
    for receipt in receipts(app):
        assert served[receipt.receipt_id]["settles"] == receipt.settles != []
        assert served[receipt.receipt_id]["remarks"] == receipt.remarks
        assert served[receipt.receipt_id]["missing"] == receipt.missing
