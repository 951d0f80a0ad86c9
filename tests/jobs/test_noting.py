"""What is noted with a rebuild reaches the trust checks of a reader: from the vendor to the body."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from local.vendor import SimulatedVendor, Use, World
from shared.jobs.ingest import receive
from shared.jobs.refresh import refresh
from shared.jobs.replay_days import replay_days
from tests.adoption.asking import Answered, ask
from tests.conftest import MONDAY_NOON, MakeApp
from tests.jobs.dropping import drop, put
from tests.jobs.stage import manifest

Serve = Callable[..., SimulatedVendor]

TODAY = MONDAY_NOON.date()
SINCE, VANISHED, DEARER = date(2026, 10, 12), date(2026, 11, 3), date(2026, 11, 5)
THURSDAY, FRIDAY = date(2026, 11, 12), date(2026, 11, 13)
SIX = [f"{name}@quux.example" for name in "abcdef"]
ADMIN = "claude_code_admin"


def working_days(first: date = SINCE) -> Iterator[date]:
    for number in range((TODAY - first).days):
        if (day := first + timedelta(number)).weekday() < 5:
            yield day


def use(day: date, who: str, cents: int = 40, *, is_key: bool = False) -> Use:
    """Some lines, with other tokens on each day."""
    return Use.on(
        day,
        who,
        "api",
        is_key=is_key,
        sessions=1,
        lines_accepted=30,
        tokens_input=500_000 + day.toordinal() % 1000,
        cost_cents=Decimal(cents),
    )


def checks(answered: Answered, source: str = ADMIN) -> dict[str, dict[str, Any]]:
    found = answered.document.get("checks") or answered.document["trust"]["checks"]
    return {one["name"]: one for one in found if one["source"] == source}


def test_whatever_is_wrong_with_days_is_told_with_its_weeks(make_app: MakeApp, serve: Serve) -> None:
    """Half vanished, a hundred times the cost, a day of another organisation, one that shrank: each is named
    with the weeks in which it is so, and a request of the weeks before is told nothing of it. A rebuild from
    raw knows as well what a day once said."""
    uses = [
        use(day, who, 4000 if day >= DEARER else 40)
        for day in working_days()
        for number, who in enumerate(SIX)
        if number < 3 or day < VANISHED
    ]
    vendor = serve(World.of_uses(uses))
    vendor.misbehave("rows-of-another-organization", times=None, day=THURSDAY)
    app = make_app(vendor, BACKFILL_DAYS="35")
    refresh(app, "timer")
    vendor.world.restate(FRIDAY, 0.4)
    refresh(app, "timer")
    found = checks(ask(app))
    told = ("expected-organization", "silence", "plausibility", "contract")
    assert {name: (found[name]["status"], found[name]["periods"]) for name in told} == {
        "expected-organization": ("fail", ["2026-W46"]),
        "silence": ("warn", ["2026-W45", "2026-W46"]),
        "plausibility": ("warn", ["2026-W45", "2026-W46"]),
        "contract": ("fail", ["2026-W46"]),
    }
    assert "3 of the 6 engineers" in found["silence"]["seen"]
    assert f"{FRIDAY} lost more than half" in found["plausibility"]["seen"]
    assert "100 times more from 2026-11-05" in found["plausibility"]["seen"]
    before = ask(app, from_="2026-10-12", to="2026-11-01")
    assert {one["status"] for name, one in checks(before).items() if name in told} == {"pass"}
    known = manifest(app).days[FRIDAY]
    held = app.manifests.read(ADMIN)
    days = {day: entry for day, entry in held.manifest.days.items() if day != FRIDAY}
    app.manifests.replace(held, type(held.manifest)(ADMIN, head=held.manifest.head, days=days))
    replay_days(app, {})
    again = manifest(app).days[FRIDAY]
    assert (again.said, again.most) == (known.said, known.most)
    assert again.most.lines > 2 * again.said.lines


def test_mapped_keys_are_people(make_app: MakeApp, serve: Serve) -> None:
    """Rows of keys alone are nobody's, until the admin says whose they are."""
    vendor = serve(
        World.of_uses([use(day, "build-a", is_key=True) for day in working_days(TODAY - timedelta(14))])
    )
    app = make_app(vendor, BACKFILL_DAYS="15")
    refresh(app, "timer")
    assert checks(ask(app))["humans-present"]["status"] == "fail"
    assert ask(app).status == 409
    drop(app, "2026-11-16/keys.csv", b"key_name,email\nbuild-a,a@quux.example\n")
    refresh(app, "timer")
    answered = ask(app)
    assert (answered.status, checks(answered)["humans-present"]["status"]) == (200, "pass")
    assert answered.periods["2026-W46"]["active"]["anyActivity"]["value"] == 1


def test_exports_of_keys_alone_and_a_refused_file_are_told(make_app: MakeApp) -> None:
    """Lines of keys are nobody's lines: not 0 people, but nothing that can be trusted. A file that could not
    be read is missed until one of its name is taken in."""
    app = make_app()
    name = "claude_code_team_2026_11_01_to_2026_11_30.csv"
    for day, lines in ((6, 100), (13, 300)):
        text = f"User,Spend this Month (USD),Lines this Month\nclaude_code_key_ci_abcd,$1.00,{lines}\n"
        drop(app, f"2026-11-{day:02d}/{name}", text.encode())
    put(app, "2026-11-16/members.csv", b"Colour\nblue\n")
    receive(app, "2026-11-16/members.csv")
    found = checks(ask(app, granularity="export"), "exports")
    assert (found["humans-present"]["status"], found["contract"]["status"]) == ("fail", "warn")
    assert found["humans-present"]["periods"]
    put(app, "2026-11-15/members.csv", b"email,name,team,joined,left\na@quux.example,Ana,core,,\n")
    receive(app, "2026-11-15/members.csv")
    assert checks(ask(app, granularity="export"), "exports")["contract"]["status"] == "pass"
