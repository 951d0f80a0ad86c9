"""Laws of ``GET /api/engineers``: counts for every reader, names for few, and never without the audit."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from local.vendor import SimulatedVendor
from shared.app import App
from shared.errors import StoreUnavailable
from shared.jobs.erase import erase
from shared.jobs.rebuild import rebuild
from shared.jobs.refresh import refresh
from shared.jobs.retract import retract
from shared.jobs.sweep import sweep_cohorts
from shared.records import Actor
from tests.adoption.asking import Answered, ask, ask_engineers
from tests.adoption.weekly import FRI_6, FRI_13, FRI_20, MONDAY, address, name_of
from tests.adoption.weekly import lines as exported
from tests.conftest import MakeApp, TestClock
from tests.jobs.dropping import drop, put
from tests.jobs.stage import ago, instance, small_world
from tests.store.wire import Asked, Watch, entities, etags

Serve = Callable[..., SimulatedVendor]

NAMED = {"DEVELOPMENT_ROLES": "Usage.Read,Usage.Read.Named", "SHOW_NAMES": "true"}

#: What everybody adds from one Friday to the next, over the four export periods up to 20 November.
LINES: Mapping[str, tuple[int, int, int, int]] = {
    "ana": (400, 400, 400, 480),
    "ben": (300, 300, 300, 300),
    "cem": (200, 200, 200, 100),
    "dan": (0, 90, 90, 90),
    "eva": (50, 0, 0, 5),
    "fay": (0, 0, 0, 9),
    "gil": (70, 70, 0, 0),
    "hal": (0, 0, 0, 0),
    "ida": (10, 10, 10, 10),
    "jon": (11, 11, 11, 11),
    "kim": (12, 12, 12, 12),
    "lea": (13, 13, 13, 13),
}
COHORTS = {
    "power": ["ana", "ben", "cem"],
    "regular": ["dan", "ida", "jon", "kim", "lea"],
    "casual": ["eva"],
    "new": ["fay"],
    "dormant": ["gil"],
    "notYetStarted": ["hal"],
    "unknown": [],
}
WEB = ("ana", "ben", "cem", "dan", "eva", "fay")


def teams(**of: str) -> bytes:
    """A roster: ``teams(ana="Web")``."""
    rows = (f"{address(who)},{who.title()} Quux,{team},,\n" for who, team in of.items())
    return ("email,name,team,joined,left\n" + "".join(rows)).encode()


def five_fridays(app: App) -> None:
    """Exports on five Fridays, and October's file again on 2 November: four exact periods."""
    october = {who: 1000 if lines[0] else 0 for who, lines in LINES.items()}
    finished = {who: count + LINES[who][0] for who, count in october.items()}
    shown = {"2026-10-23T16:00Z": october, "2026-10-30T16:00Z": finished, "2026-11-02T09:00Z": finished}
    for at, friday in enumerate((FRI_6, FRI_13, FRI_20)):
        shown[friday] = {who: sum(lines[1 : 2 + at]) for who, lines in LINES.items()}
    for moment, counts in shown.items():
        month = "2026-11" if moment in (FRI_6, FRI_13, FRI_20) else "2026-10"
        told = {"as_of": moment.replace("Z", "+00:00")}
        put(app, f"{moment[:10]}/{name_of(month)}", exported(counts), told)


@pytest.fixture
def app(make_app: MakeApp, clock: TestClock) -> App:
    """Twelve engineers in two teams of six; names may be shown to the reader."""
    clock.at = MONDAY
    made = make_app(**NAMED)
    web = {who: "Web" if who in WEB else "Ops" for who in LINES}
    put(made, "2026-10-01/roster.csv", teams(**web))
    five_fridays(made)
    refresh(made, "timer")
    return made


def who(answered: Answered) -> list[str]:
    """The engineers of a page, by the first part of their addresses."""
    assert answered.status == 200, answered.text
    return [(one["email"] or "?").partition("@")[0] for one in answered.document["engineers"]]


def counts(answered: Answered) -> dict[str, Any]:
    assert answered.status == 200, answered.text
    return {one["cohort"]: one["engineers"] for one in answered.document["cohorts"]}


def every_page(app: App, **params: str) -> list[str]:
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = ask_engineers(app, **params, **cursor)
        found += who(page)
        if "nextCursor" not in page.document:
            return found
        cursor = {"cursor": page.document["nextCursor"]}


def long_after(app: App) -> App:
    """The same app when everything that stands in storage now, by storage's own clock, is old."""
    return instance(app, clock=TestClock(datetime.now(UTC) + timedelta(days=40)))


def test_the_cohorts_of_a_team_of_twelve(app: App) -> None:
    """Worked by hand: of eleven active three are power, and each engineer is in one cohort."""
    answered = ask_engineers(app)
    body = answered.document
    assert {name: len(of) for name, of in COHORTS.items()} == counts(answered)
    assert sum(counts(answered).values()) == body["of"] == 12
    assert [period["end"] for period in body["periods"]] == [
        "2026-10-30T16:00:00Z",
        "2026-11-06T16:00:00Z",
        "2026-11-13T16:10:00Z",
        "2026-11-20T15:50:00Z",
    ]
    assert (body["basis"], body["rankedOn"]) == ("linesAccepted", "linesAccepted")
    by_cohort: dict[str, list[str]] = {name: [] for name in COHORTS}
    for one in body["engineers"]:
        by_cohort[one["cohort"]].append(one["email"].partition("@")[0])
    assert {name: sorted(of) for name, of in by_cohort.items()} == COHORTS
    ana = next(one for one in body["engineers"] if one["email"] == address("ana"))
    assert (ana["name"], ana["team"], ana["rank"], ana["gaining"]) == ("Ana Quux", "Web", 1, True)
    assert (ana["linesAccepted"]["value"], ana["activePeriods"]["value"]) == (1680, 4)
    assert (ana["lastSeen"], ana["sessions"]["value"]) == ("2026-11-20", None)
    assert sum(one["gaining"]["value"] for one in body["cohorts"]) == 3  # ana, eva and fay
    assert answered.headers["Cache-Control"] == "no-store"


def test_totals_are_the_same_for_every_reader_and_names_need_role_and_setting(
    app: App, make_app: MakeApp
) -> None:
    """Without the role, or while names are switched off (the default), there is nobody by name, and nothing
    in their place; a role that a client claims for itself is none."""
    plain = make_app()
    off = make_app(DEVELOPMENT_ROLES=NAMED["DEVELOPMENT_ROLES"])
    forged = make_app(SHOW_NAMES="true")
    header = base64.b64encode(
        json.dumps(
            {
                "auth_typ": "aad",
                "claims": [{"typ": "roles", "val": role} for role in ("Usage.Read", "Usage.Read.Named")],
                "role_typ": "roles",
            }
        ).encode()
    ).decode()
    named = ask_engineers(app)
    for one, why in ((plain, "role"), (off, "SHOW_NAMES"), (forged, "role")):
        answered = ask_engineers(one, {"X-MS-CLIENT-PRINCIPAL": header}, limit="200")
        assert answered.document["cohorts"] == named.document["cohorts"]
        assert (answered.document["engineers"], answered.document["namesShown"]) == ([], False)
        assert why in answered.document["namesWithheld"]
        assert "@quux" not in answered.text
        assert "nextCursor" not in answered.document
        assert answered.headers["Cache-Control"].startswith("private, max-age=60")
        tag = {"If-None-Match": answered.headers["ETag"]}
        assert ask_engineers(one, tag, limit="200").status == 304
    assert [entry.what for entry in app.audit.newest(9)] == ["names"]


def test_of_a_team_nothing_tells_of_fewer_than_five(app: App, make_app: MakeApp) -> None:
    """Six on either: with the role all is shown. Without it what is small is withheld in both, and what they
    leave over of everybody's counts does not tell it. Refused are teams of fewer, and of all but fewer."""
    named = {team: counts(ask_engineers(app, team=team)) for team in ("web", "OPS")}
    assert named["web"]["power"] == 3
    assert Counter(named["web"]) + Counter(named["OPS"]) == Counter(counts(ask_engineers(app)))
    plain = make_app()
    answered = {team: ask_engineers(plain, team=team) for team in ("Web", "Ops")}
    for team, one in answered.items():
        assert (one.document["team"], one.document["of"]) == (team, 6)
        assert one.document["teams"] == ["Ops", "Web"]
        for cohort in one.document["cohorts"]:
            assert cohort.get("suppressed", False) == (cohort["engineers"] is None)
            assert cohort["engineers"] not in (1, 2, 3, 4)
            assert cohort["gaining"] is None
    assert counts(answered["Web"])["power"] is None
    assert counts(answered["Ops"])["power"] is None  # nobody, but it would tell Web's three
    drop(app, "2026-11-19/roster.csv", teams(**{who: "Web" if who in WEB[:4] else "Ops" for who in LINES}))
    refresh(app, "timer")
    for team, status, kind in (("Web", 403, "too-few"), ("Ops", 403, "too-few"), ("Sea", 404, "not-found")):
        refused = ask_engineers(plain, team=team)
        assert (refused.status, refused.document["type"]) == (status, f"/problems/{kind}")
    assert "teams" not in ask_engineers(plain).document
    assert ask_engineers(app).document["teams"] == ["Ops", "Web"]
    assert sorted(who(ask_engineers(app, team="Web"))) == sorted(WEB[:4])


def test_pages_tell_of_everybody_once_whatever_is_published_meanwhile(app: App) -> None:
    """By cursor, of every filter; a list goes on with the version that it began with, while that is kept."""
    everybody = every_page(app, limit="200")
    assert sorted(everybody) == sorted(LINES)
    assert every_page(app, limit="5") == every_page(app, limit="1") == everybody
    assert sorted(every_page(app, cohort="regular", limit="2")) == COHORTS["regular"]
    assert sorted(every_page(app, team="Web", limit="4")) == sorted(WEB)
    first = ask_engineers(app, limit="5")
    cursor = first.document["nextCursor"]
    for other in ({"cohort": "power"}, {"team": "Web"}):
        assert ask_engineers(app, cursor=cursor, **other).document["type"] == "/problems/bad-parameter"
    assert ask_engineers(app, cursor="AAAA").document["type"] == "/problems/bad-parameter"
    rebuild(app, everything=True)
    rest = ask_engineers(app, limit="200", cursor=cursor)
    assert who(first) + who(rest) == everybody
    assert sweep_cohorts(app) == 0
    assert sweep_cohorts(long_after(app)) >= 3  # of everybody, and of two teams
    assert ask_engineers(app, limit="200", cursor=cursor).document["type"] == "/problems/bad-parameter"
    assert every_page(app, limit="7") == everybody


class Dead(BaseException):
    """Nothing that a job may catch."""


def test_whoever_dies_or_comes_meanwhile_readers_see_one_whole_version(app: App) -> None:
    """Who dies before any of its writes leaves the old version to readers, and the next run makes the new.
    Who is overtaken before its head is written reads again."""
    old = every_page(app)
    new = sorted([*LINES][1:])
    drop(app, "2026-11-19/roster.csv", teams(**dict.fromkeys(new, "Web")))

    def die_at(write: int) -> Watch:
        written = count(1)

        def before(asked: Asked) -> None:
            of_cohorts = asked.concerns("cohorts") or asked.concerns("$batch")
            if asked.writes and of_cohorts and next(written) == write:
                raise Dead

        return Watch(before=before)

    deaths = 0
    for write in count(1):
        try:
            rebuild(instance(app, die_at(write)))
        except Dead:
            deaths += 1
            assert every_page(app) == old
            continue
        break
    assert deaths >= 2
    assert sorted(every_page(app)) == new
    drop(app, "2026-11-19/another/roster.csv", teams(**dict.fromkeys(LINES, "Web")))
    overtaken = Watch(before=lambda asked: overtake(asked))

    def overtake(asked: Asked) -> None:
        if asked.method == "PUT" and asked.concerns("cohorts"):
            overtaken.before = lambda _: None
            rebuild(app)

    rebuild(instance(app, overtaken))
    assert sorted(every_page(app)) == sorted(LINES)


def test_no_page_without_its_row_in_the_audit(app: App) -> None:
    """Who asked for whom, and how many were shown, is written before the page is there; where it cannot be
    written there is none: 503."""
    ask_engineers(app, team="web", cohort="power", limit="2")
    (entry,) = app.audit.newest(9)
    assert (entry.what, entry.by, entry.state) == ("names", "development", "done")
    assert "cohort power" in entry.of
    assert "2 engineers" in entry.outcome

    def fail(asked: Asked) -> None:
        if asked.writes:
            raise StoreUnavailable("the audit is away")

    refused = ask_engineers(instance(app, Watch(before=fail)))
    assert (refused.status, refused.document["type"]) == (503, "/problems/store-unavailable")
    assert "@quux" not in refused.text


def test_who_was_erased_is_an_engineer_without_a_name(app: App) -> None:
    """No count changes, and an instance that had read the names before shows this one no more."""
    before = ask_engineers(app)
    engineer = app.people().find(Actor("engineer", address("ben")))
    assert engineer is not None
    assert erase(app, engineer).done
    after = ask_engineers(app)
    assert counts(after) == counts(before)
    assert who(after) == [name if name != "ben" else "?" for name in who(before)]
    nobody = next(one for one in after.document["engineers"] if one["email"] is None)
    assert (nobody["name"], nobody["cohort"]) == (None, "power")
    rebuild(app, everything=True)
    assert counts(ask_engineers(app)) == counts(before)


def test_running_again_writes_nothing_and_a_retracted_roster_is_followed(app: App) -> None:
    """An unchanged rebuild reads one row more and writes none; with another roster there is another version,
    and a day later the old one is swept, with what a run left that died."""
    before = etags(app.storage)
    watch = Watch()
    rebuild(instance(app, watch))
    assert [asked.method for asked in watch.asked if asked.concerns("cohorts")] == ["GET"]
    assert etags(app.storage) == before
    roster = next(one for one in app.receipts.newest(50) if one.kind == "roster")
    assert retract(app, roster.receipt_id, "").done
    body = ask_engineers(app).document
    assert body["of"] is None
    unstarted = next(one for one in body["cohorts"] if one["cohort"] == "notYetStarted")
    assert (unstarted["engineers"], "roster" in unstarted["reason"]) == (None, True)
    assert len(body["engineers"]) == 11  # hal was never seen
    held = app.cohorts.held()
    assert held.listing is not None
    sweep_cohorts(long_after(app))
    assert {seen["PartitionKey"].rpartition("|")[2] for seen in entities(app.storage, "cohorts")} == {
        "head",
        held.listing.version,
    }
    assert ask_engineers(app).document["cohorts"] == body["cohorts"]


def test_untrusted_data_has_no_cohorts(serve: Serve, make_app: MakeApp) -> None:
    """Where the default request is refused this one is, with the same problem; before there is any, too."""
    for app in (make_app(), make_app(serve("trap"))):
        refresh(app, "timer")
        mine, theirs = ask_engineers(app), ask(app)
        assert mine.status == theirs.status == 409
        assert mine.document["type"] == theirs.document["type"]


def test_daily_sources_tell_weeks(serve: Serve, make_app: MakeApp) -> None:
    """Three engineers and keys at work every day of four weeks: two power, one regular, and nothing of keys;
    today's rows change nothing."""
    app = make_app(serve(small_world(36)), BACKFILL_DAYS="40", **NAMED)
    refresh(app, "timer")
    body = ask_engineers(app).document
    assert [period["kind"] for period in body["periods"]] == ["week"] * 4
    assert body["basis"] == "anyActivity"
    assert [(one["cohort"], one["rank"]) for one in body["engineers"]] == [
        ("power", 1),
        ("power", 2),
        ("regular", 3),
    ]
    assert body["engineers"][0]["lastSeen"] == ago(1).isoformat()
    assert body["engineers"][0]["sessions"]["value"] > 50
    before = [entity["PartitionKey"] for entity in entities(app.storage, "cohorts")]
    app.clock.sleep(3600)
    refresh(app, "timer")
    assert [entity["PartitionKey"] for entity in entities(app.storage, "cohorts")] == before
