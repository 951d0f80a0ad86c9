"""What an admin configures: rosters, aliases, keys and names, at work on the figures."""

from __future__ import annotations

import pytest

from shared.app import App
from shared.jobs.shelf import Shelf
from tests.adoption.asking import ask
from tests.adoption.weekly import FRI_6, FRI_13, FRI_20, MONDAY, TEAM, look, rebuilt, roster, two_weeks
from tests.conftest import MakeApp, TestClock
from tests.jobs.dropping import drop


@pytest.fixture
def app(make_app: MakeApp, clock: TestClock) -> App:
    clock.at = MONDAY
    return make_app()


def people(app: App) -> dict[str, int]:
    """The newest look's counts, by address or name, everybody joined."""
    manifest = app.exports.read().manifest
    who = app.people().actors()
    newest = manifest.looks[-1].look
    return {
        who[one].name: count for one, count in Shelf(app, manifest).counts(newest, "linesAccepted").items()
    }


def test_an_alias_joins_two_addresses_in_every_look(app: App) -> None:
    """Aliases hold for all time: who changed the address neither vanished nor started."""
    look(app, FRI_6, {"old": 100})
    look(app, FRI_13, {"old": 200})
    look(app, FRI_20, {"new": 300})
    aliases = b"alias,email\nold@quux.example,new@quux.example\n"
    assert drop(app, "2026-11-21/aliases.csv", aliases).state == "accepted"
    answer = ask(rebuilt(app)).document["answer"]
    assert (answer["verdict"], answer["counts"]["held"]) == ("no", 1)
    assert people(app) == {"new@quux.example": 300}


def test_a_keys_lines_are_its_owners(app: App) -> None:
    """With the vendor's prefix or without, a mapped key belongs to the person whom the file names."""
    look(app, FRI_20, {"claude_code_key_ana_w 3": 5, "nightly bot": 7, "ana": 1})
    keys = b"key_name,email\nclaude_code_key_ana_w 3,ana@quux.example\nnightly bot,ana@quux.example\n"
    assert drop(app, "2026-11-21/keys.csv", keys).state == "accepted"
    assert people(app) == {"ana@quux.example": 13}


def test_a_bare_name_is_the_one_roster_entry_that_bears_it(app: App) -> None:
    """Matched by exactly one entry it is that person; otherwise it stays unattributed."""
    look(app, FRI_20, {"Ana Lys": 5, "Bo Li": 7})
    text = (
        "email,name,team,joined\nana@quux.example,Ana Lys,core,\n"
        "bo@quux.example,Bo Li,core,\nbo2@quux.example,Bo Li,core,\n"
    )
    drop(app, "2026-11-01/roster.csv", text.encode())
    assert people(app) == {"ana@quux.example": 5, "Bo Li": 7}


def test_a_leaver_keeps_the_last_count(app: App) -> None:
    """Who vanishes and has left the roster contradicts nothing."""
    roster(app, *TEAM, "z,,2026-11-14")
    look(app, FRI_6, {"a": 100, "z": 100})
    look(app, FRI_13, {"a": 200, "z": 200})
    look(app, FRI_20, {"a": 300})
    answered = ask(rebuilt(app))
    assert answered.statuses["reconciliation"] == "pass"
    assert answered.document["answer"]["verdict"] == "no"
    assert answered.document["answer"]["leavers"] == {"low": 1, "high": 1}


def test_a_later_roster_holds_from_its_day(app: App) -> None:
    """The period before has the former roster, the later one the new."""
    roster(app, "a", "b")
    roster(app, "a", "c,2026-11-16", day="2026-11-16")
    two_weeks(app, {"a": 100, "b": 100}, {"a": 100, "c": 100})
    answered = ask(app)
    assert [one["of"] for one in answered.document["periods"]] == [2, 2, 2]
    assert answered.document["answer"]["counts"]["active"] == 1
    assert answered.document["answer"]["joiners"] == {"low": 1, "high": 1}


def test_the_same_configuration_again_is_a_duplicate(app: App) -> None:
    """It is recorded once, and the receipt does not speak of quiet weeks."""
    first = roster(app, *TEAM)
    again = roster(app, *TEAM)
    assert (again.state, again.duplicate_of) == ("duplicate", first.receipt_id)
    assert "quiet week" not in again.notes[-1]
    assert roster(app, "a", day="2026-11-01").state == "accepted"
    assert roster(app, *TEAM, day="2026-11-02").state == "accepted"  # back to what it was
