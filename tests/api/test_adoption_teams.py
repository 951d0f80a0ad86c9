"""``GET /api/adoption?team=``: the team's own figures and verdict, and nothing about a handful of people."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from shared.adoption.too_few import FEW
from shared.app import App
from tests.adoption.asking import Answered, ask
from tests.adoption.weekly import FRI_6, FRI_13, FRI_20, MONDAY, look, rebuilt, teams
from tests.conftest import MakeApp, TestClock

PEOPLE = "abcdefghijklm"
READER, NAMED = "Usage.Read", "Usage.Read,Usage.Read.Named"
#: What each of the people has added by the newest export: 0, 10, 20 …
LATEST = {who: 10 * number for number, who in enumerate(PEOPLE)}


def exports(app: App) -> None:
    """Three Fridays on which everybody adds 50 lines, and then each their own."""
    look(app, FRI_6, dict.fromkeys(PEOPLE, 100))
    look(app, FRI_13, dict.fromkeys(PEOPLE, 150))
    look(app, FRI_20, {who: 150 + added for who, added in LATEST.items()})


def lines_of(team: str) -> int:
    return sum(LATEST[who] for who in team)


def newest(answered: Answered) -> dict[str, Any]:
    found: dict[str, Any] = answered.document["periods"][-1]
    return found


@pytest.fixture
def read(make_app: MakeApp, clock: TestClock) -> App:
    """An app whose reader may not see names; its teams are for the test to drop."""
    clock.at = MONDAY
    return make_app(DEVELOPMENT_ROLES=READER)


def test_a_team_is_answered_as_everybody_is(read: App, make_app: MakeApp) -> None:
    """Its own figures, verdict and people, by any spelling of its name, in every kind of period; trust, and
    the periods that are compared, are those of everybody."""
    teams(read, Web="abcdef", Ops="ghijklm")
    exports(read)
    rebuilt(read)
    whole = ask(read)
    web, ops = ask(read, team=" ＷEB "), ask(read, team="ops")
    assert (web.status, web.document["team"], ops.document["team"]) == (200, "Web", "Ops")
    assert web.document["trust"] == whole.document["trust"]
    assert [one["label"] for one in web.document["periods"]] == list(whole.periods)
    assert newest(web)["figures"]["linesAccepted"]["value"] == lines_of("abcdef")
    assert newest(ops)["figures"]["linesAccepted"]["value"] == lines_of("ghijklm")
    assert (newest(web)["of"], newest(whole)["of"]) == (6, 13)
    answer, of_all = web.document["answer"], whole.document["answer"]
    assert (answer["period"], answer["previous"]) == (of_all["period"], of_all["previous"])
    assert (answer["counts"]["stopped"], answer["counts"]["active"]) == (1, 5)
    assert (answer["verdict"], ops.document["answer"]["verdict"], of_all["verdict"]) == ("no", "yes", "mixed")
    assert "of 6" in answer["sentence"]
    for granularity in ("week", "month"):
        found = ask(read, team="web", granularity=granularity)
        assert list(found.periods) == list(ask(read, granularity=granularity).periods)
        assert newest(found)["of"] == 6
    table = ask(read, team="web", format="csv")
    (*_, last) = csv.DictReader(io.StringIO(table.text, newline=""))
    assert (last["team"], last["linesAccepted"]) == ("Web", str(lines_of("abcdef")))
    assert len({one.headers["ETag"] for one in (whole, web, ops, table)}) == 4
    missing = ask(read, team="Platform")
    assert (missing.status, missing.document["type"]) == (404, "/problems/not-found")
    named = make_app(DEVELOPMENT_ROLES=NAMED, SHOW_NAMES="true")
    assert ask(named, team="web").body == web.body


def test_a_team_of_too_few_is_refused_and_the_whole_is_served(read: App, make_app: MakeApp) -> None:
    """Four people; four others; and none: a team that is everybody. Who may see names may see them all."""
    named = make_app(DEVELOPMENT_ROLES=NAMED, SHOW_NAMES="true")
    teams(read, few="abcd", many="efghijklm")
    exports(read)
    rebuilt(read)
    for team in ("few", "many"):  # everybody's less the many's are those of the four
        for wanted in ({}, {"format": "csv"}, {"granularity": "week"}):
            refused = ask(read, team=team, **wanted)
            assert (refused.status, refused.document["type"]) == (403, "/problems/too-few")
            assert refused.document["requiredRole"] == "Usage.Read.Named"
            assert refused.headers["Cache-Control"] == "no-store"
    assert newest(ask(named, team="few"))["figures"]["linesAccepted"]["value"] == lines_of("abcd")
    assert newest(ask(named, team="many"))["of"] == 9
    assert ask(make_app(DEVELOPMENT_ROLES=NAMED), team="few").status == 403  # names are switched off
    assert ask(read).status == 200
    teams(read, "2026-10-02", all=PEOPLE)
    rebuilt(read)
    assert newest(ask(read, team="all"))["of"] == 13
    teams(read, "2026-10-03", web="abcdef", ops="ghijk")  # what l and m add is everybody's less both teams'
    rebuilt(read)
    assert (ask(read, team="web").status, ask(read, team="ops").status) == (200, 403)
    assert newest(ask(named, team="ops"))["of"] == 5


def test_each_period_is_judged_by_its_own_people(read: App, make_app: MakeApp) -> None:
    """Web had four people until a later roster brought it three; infra had none, and ops is gone: what there
    was of four is withheld with the reason, and so is the verdict over those who stayed."""
    teams(read, web="abcd", ops="efghijklm")
    teams(read, "2026-11-15", web="abcdefg", infra="hijklm")
    exports(read)
    rebuilt(read)
    named = make_app(DEVELOPMENT_ROLES=NAMED, SHOW_NAMES="true")
    *earlier, latest = ask(read, team="web").document["periods"]
    assert latest["figures"]["linesAccepted"]["value"] == lines_of("abcdefg")
    assert earlier
    assert {one["figures"]["linesAccepted"]["value"] for one in earlier} == {None}
    assert {figure["reason"] for figure in earlier[0]["figures"].values()} == {FEW}
    answer = ask(read, team="web").document["answer"]
    assert (answer["verdict"], answer["counts"]) == ("unknown", None)
    assert answer["reason"].startswith("fewer than 5 people are on the team in both periods")
    seen = ask(named, team="web").document
    assert seen["periods"][0]["figures"]["linesAccepted"]["value"] is not None
    assert seen["answer"]["verdict"] != "unknown"
    assert seen["answer"]["joiners"] == {"low": 3, "high": 3}
    infra = ask(read, team="infra").document
    assert [one["label"] for one in infra["periods"]] == [latest["label"]]
    assert infra["answer"]["reason"] == "nobody is on the team in both periods"
    gone = ask(named, team="ops")
    assert [one["label"] for one in gone.document["periods"]] == [one["label"] for one in earlier]
    assert gone.document["answer"]["verdict"] == "unknown"
    assert ask(read, team="ops").status == 403  # while it was there, four others were beside it
