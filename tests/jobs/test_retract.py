"""A retracted file is as if it had never come, whatever its kind and whenever it is retracted."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress

import msgspec
import pytest

from shared.app import App
from shared.jobs.ingest import ingest, ingest_waiting
from shared.jobs.rebuild import rebuild
from shared.jobs.retract import retract
from shared.records import Receipt
from tests.adoption.asking import ask
from tests.adoption.reporting import ORGANIZATION, spend, week_of
from tests.adoption.weekly import FRI_6, FRI_13, FRI_20, MONDAY, TEAM, address, lines, look, name_of, roster
from tests.conftest import MakeApp, TestClock
from tests.jobs.dropping import drop, looks, put, receipts
from tests.jobs.stage import instance, rows_of_teams
from tests.jobs.taking_turns import take_turns
from tests.store.wire import Watch, at, blob_etags, blob_names, etags

SUNDAY = "2026-11-22T16:00Z"
OCTOBER = "2026-11-02T09:00Z"


@pytest.fixture
def app(make_app: MakeApp, clock: TestClock) -> App:
    clock.at = MONDAY
    return make_app()


def rows(app: App) -> dict[str, dict[str, bytes]]:
    """Every period row, by granularity and key, as it is served."""
    found: dict[str, dict[str, bytes]] = {}
    for granularity in ("week", "month", "export"):
        stored = app.periods.read(granularity, MONDAY.replace(year=2020), MONDAY.replace(year=2040))
        found[granularity] = {row.label: msgspec.json.encode(row) for row in stored}
        assert len(stored) == len(app.periods.built(granularity).keys() - {"~answer"})
    answer = app.periods.read_answer()
    of_teams = {f"{partition} {key}": row for (partition, key), (_, row, _) in rows_of_teams(app).items()}
    return found | {"answer": {"": msgspec.json.encode(answer)}, "teams": of_teams}


def state_of(app: App, receipt: Receipt) -> Receipt:
    return next(one for one in receipts(app) if one.receipt_id == receipt.receipt_id)


File = Callable[[App], Receipt]

#: Each turns something: what else counts, whose a count is, who is on the roster, which periods there are.
WRONG: dict[str, File] = {
    "another organisation's": lambda app: look(app, FRI_13, dict.fromkeys(TEAM, 900)),
    "a week later": lambda app: look(app, SUNDAY, dict.fromkeys(TEAM, 350)),
    "another month": lambda app: look(app, "2026-09-30T16:00Z", {"a": 7}),
    "a final file": lambda app: look(app, OCTOBER, dict.fromkeys(TEAM, 55), month="2026-10"),
    "aliases": lambda app: drop(
        app, "2026-11-21/aliases.csv", f"alias,email\n{address('a')},{address('b')}\n".encode()
    ),
    "a roster": lambda app: roster(app, "a", "z", day="2026-11-15"),
    "holidays": lambda app: drop(app, "2026-11-21/holidays.csv", b"date,name\n2026-11-11,St Martin\n"),
}


def right(app: App) -> None:
    roster(app, *TEAM)
    look(app, FRI_6, dict.fromkeys(TEAM, 100))
    look(app, FRI_20, dict.fromkeys(TEAM, 300))


@pytest.mark.parametrize("wrong", WRONG)
def test_a_retracted_file_is_as_if_it_had_never_come(app: App, wrong: str) -> None:
    """Every row, every other receipt; and rows that it alone had brought are gone."""
    right(app)
    rebuild(app)
    before, said = rows(app), {one.receipt_id: one for one in receipts(app)}
    receipt = WRONG[wrong](app)
    rebuild(app)
    assert retract(app, receipt.receipt_id, "by mistake").done
    assert rows(app) == before
    now = state_of(app, receipt)
    assert (now.state, now.settles, now.missing, now.findings) == ("retracted", [], [], [])
    assert now.remarks == ["Retracted on 23 November 2026: by mistake. Nothing of it counts."]
    assert {one.receipt_id: one for one in receipts(app) if one != now} == said


def test_files_that_it_had_caused_to_be_refused_turn(app: App) -> None:
    """The right one counts again, without being dropped again."""
    wrong = look(app, FRI_13, dict.fromkeys(TEAM, 900))
    refused = look(app, FRI_20, dict.fromkeys(TEAM, 300))
    assert refused.state == "refused"
    retract(app, wrong.receipt_id)
    assert state_of(app, refused).state == "accepted"
    assert ask(app, granularity="export").status in (200, 409)
    assert [one.total for one in looks(app)] == [2400]


def test_a_file_that_is_refused_can_be_retracted_for_good(app: App) -> None:
    """No later file takes its side."""
    right(app)
    refused = look(app, SUNDAY, dict.fromkeys(TEAM, 30))
    assert refused.state == "refused"
    assert retract(app, refused.receipt_id).done
    look(app, "2026-11-22T18:00Z", dict.fromkeys(TEAM, 31))
    assert state_of(app, refused).state == "retracted"
    assert sorted(one.state for one in receipts(app)) == ["accepted"] * 3 + ["refused", "retracted"]


def test_again_is_free(app: App) -> None:
    """It writes nothing at all, and says that it was done."""
    right(app)
    receipt = look(app, FRI_13, dict.fromkeys(TEAM, 150))
    drop(app, name_of("2026-11"), lines(dict.fromkeys(TEAM, 150)))
    retract(app, receipt.receipt_id, "first")
    before = etags(app.storage), blob_etags(app.storage)
    again = retract(app, receipt.receipt_id, "second")
    assert (again.done, "was retracted before" in again.said) == (False, True)
    assert (etags(app.storage), blob_etags(app.storage)) == before


def test_what_is_not_there_is_said_and_changes_nothing(app: App) -> None:
    """No such receipt, a duplicate's, a broken file's: each has its own sentence."""
    right(app)
    first = look(app, FRI_13, dict.fromkeys(TEAM, 150))
    twin = look(app, FRI_13, dict.fromkeys(TEAM, 150))
    broken = drop(app, "2026-11-13/x.csv", b"%PDF-1.7\n")
    before = etags(app.storage), blob_etags(app.storage)
    assert retract(app, "ab12").said == "there is no such receipt"
    assert retract(app, twin.receipt_id).said.endswith(f"that of receipt {first.receipt_id}")
    assert retract(app, broken.receipt_id).said == "the file is refused: nothing of it counts"
    assert (etags(app.storage), blob_etags(app.storage)) == before


def test_the_decision_is_kept_beside_the_raw_files(app: App) -> None:
    """A rebuild knows it; nobody is named in it."""
    receipt = look(app, FRI_13, dict.fromkeys(TEAM, 150))
    retract(app, receipt.receipt_id, "wrong team")
    [decision] = app.raw.decisions()
    assert decision == {
        "type": "retract",
        "receiptId": receipt.receipt_id,
        "at": "2026-11-23T12:00:00Z",
        "reason": "wrong team",
    }
    assert f"decisions/retract/{receipt.receipt_id}.json" in blob_names(app.storage, "raw")


# --- the same content again --------------------------------------------------------------------


def test_the_same_file_again_stays_out(app: App) -> None:
    """Whoever drops a folder twice does not bring back what was taken out; the receipt says how to."""
    receipt = look(app, FRI_13, dict.fromkeys(TEAM, 150))
    retract(app, receipt.receipt_id)
    again = look(app, FRI_13, dict.fromkeys(TEAM, 150))
    assert (again.state, again.duplicate_of) == ("duplicate", receipt.receipt_id)
    assert "was retracted on 2026-11-23" in again.notes[-1]
    assert looks(app) == []


def test_with_a_moment_of_its_own_it_counts(app: App) -> None:
    """What was dropped under a wrong day is dropped again under the right one."""
    receipt = look(app, FRI_13, dict.fromkeys(TEAM, 150))
    retract(app, receipt.receipt_id, "it was the 20th")
    assert look(app, FRI_20, dict.fromkeys(TEAM, 150)).state == "accepted"


def test_a_duplicate_says_that_its_original_was_retracted(app: App) -> None:
    """It says the same of no moment of its own, so it stays out as well."""
    receipt = look(app, FRI_13, dict.fromkeys(TEAM, 150))
    twin = look(app, FRI_13, dict.fromkeys(TEAM, 150))
    retract(app, receipt.receipt_id)
    now = state_of(app, twin)
    assert (now.state, now.duplicate_of) == ("duplicate", receipt.receipt_id)
    assert "was retracted on 2026-11-23" in now.notes[-1]


def test_a_roster_with_a_moment_of_its_own_stands_by_itself(app: App) -> None:
    """The same roster on two days is two statements: retracting the first leaves the second."""
    first = roster(app, *TEAM, day="2026-11-01")
    second = roster(app, *TEAM, day="2026-11-15")
    assert (first.state, second.state) == ("accepted", "accepted")
    retract(app, first.receipt_id)
    assert (state_of(app, first).state, state_of(app, second).state) == ("retracted", "accepted")
    assert [one.receipt_id for one in app.exports.read().manifest.configurations] == [second.receipt_id]


def test_a_report_is_retracted_like_a_look(app: App) -> None:
    """Its tokens are gone from the week, and the receipt says so; the same report again stays out."""
    receipt = spend(app, "2026-11-09", "2026-11-15", {"a": 30})
    assert week_of(app, "2026-W46")["figures"]["tokens"]["value"] == 30
    look(app, FRI_13, dict.fromkeys(TEAM, 150), of=ORGANIZATION)
    retract(app, receipt.receipt_id)
    assert state_of(app, receipt).state == "retracted"
    assert week_of(app, "2026-W46")["figures"]["tokens"]["value"] is None
    assert spend(app, "2026-11-09", "2026-11-15", {"a": 30}).state == "duplicate"
    assert spend(app, "2026-11-09", "2026-11-15", {"a": 30}, day="2026-11-21").state == "accepted"


# --- whoever comes, or dies, in between ----------------------------------------------------------


class Dead(BaseException):
    """Nothing that a job may catch."""


def die() -> None:
    raise Dead


#: Storage requests of a retraction that turns another file and has a duplicate.
STEPS = range(1, 70)


def pile(app: App) -> Receipt:
    """A wrong file that had a right one refused, with a duplicate of its own; the rows are up to them."""
    look(app, FRI_6, dict.fromkeys(TEAM, 100))
    wrong = look(app, FRI_13, dict.fromkeys(TEAM, 900))
    look(app, FRI_13, dict.fromkeys(TEAM, 900))
    look(app, FRI_20, dict.fromkeys(TEAM, 300))
    rebuild(app)
    return wrong


def told(app: App) -> list[tuple[str, str | None]]:
    return sorted((one.state, one.duplicate_of) for one in receipts(app))


@pytest.mark.parametrize("step", STEPS[::6])
def test_killed_at_any_request_the_message_brought_again_makes_it_good(app: App, step: int) -> None:
    """And then it is free."""
    wrong = pile(app)
    with suppress(Dead):
        retract(instance(app, Watch(before=at(step, die))), wrong.receipt_id)
    retract(app, wrong.receipt_id)
    assert told(app) == [
        ("accepted", None),
        ("accepted", None),
        ("duplicate", wrong.receipt_id),
        ("retracted", None),
    ]
    assert sorted(rows(app)["export"]) == [
        "2026-11-01T00:00Z/2026-11-06T16:00Z",
        "2026-11-06T16:00Z/2026-11-20T15:50Z",
    ]
    before = etags(app.storage)
    retract(app, wrong.receipt_id)
    assert etags(app.storage) == before


def test_the_steps_are_all_of_them(app: App) -> None:
    """Else a step that was added would not be tried."""
    wrong = pile(app)
    watch = Watch()
    retract(instance(app, watch), wrong.receipt_id)
    assert len(watch.asked) in STEPS


DRAWN = random.Random(5)  # noqa: S311 - a draw that is always the same


@pytest.mark.parametrize("lengths", [tuple(DRAWN.randint(1, 12) for _ in range(10)) for _ in range(6)])
def test_a_file_that_comes_meanwhile_is_not_lost(app: App, lengths: tuple[int, ...]) -> None:
    """A retraction and an ingest in turns end as one after the other."""
    wrong = pile(app)
    put(app, f"2026-11-22/{name_of('2026-11')}", lines(dict.fromkeys(TEAM, 350)))
    name = f"2026-11-22/{name_of('2026-11')}"
    take_turns(
        app, lambda one: ingest(one, name), lambda one: retract(one, wrong.receipt_id) and None, lengths
    )
    ingest_waiting(app)
    rebuild(app)
    assert [state for state, _ in told(app)] == ["accepted", "accepted", "accepted", "duplicate", "retracted"]
    assert len(rows(app)["export"]) == 3
