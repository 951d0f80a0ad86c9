"""A made-up team of any size, written into the store as a refresh would have written it."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby

from local.vendor.world import ACME
from shared.app import App
from shared.heads import Access, Head, View
from shared.periods import days_between
from shared.records import DayEntry, Fact, Measures
from shared.sources.claude_code_admin import NAME
from shared.store.manifests import Held, Manifest
from shared.store.people import PARTITION

#: Of ten engineers six or seven use Claude Code on a working day.
SHARE_A_DAY = 0.65
POPULATIONS = ("subscription", "api")


def facts_of(engineers: int, day: date) -> list[Fact]:
    """What the team did that day: the same for the same day, and nothing on a weekend."""
    chance = random.Random(day.toordinal())  # noqa: S311  # no secret depends on it
    if day.weekday() >= 5:
        return []
    return [
        Fact(f"e{number:016x}", POPULATIONS[number % 4 == 0], _measures(chance.randrange(400)))
        for number in range(engineers)
        if chance.random() < SHARE_A_DAY
    ]


def _measures(lines: int) -> Measures:
    return Measures(
        sessions=1 + lines % 3,
        lines_accepted=lines,
        lines_removed=lines // 4,
        decisions_accepted=lines // 25,
        decisions_rejected=lines // 90,
        commits=lines // 80,
        pull_requests=lines // 250,
        tokens=4_000 + lines * 1_700,
        cost=Decimal(lines * 137) / 10_000,
    )


def settle(app: App, engineers: int, days: int) -> None:
    """Write the facts and the manifest of so many days up to the app's today, and no period row."""
    now = app.clock.now()
    entries = {
        day: _entry(app, engineers, day, now)
        for day in reversed(days_between(now.date() - timedelta(days=days - 1), now.date()))
    }
    manifest = Manifest(NAME, epoch=1, head=_head(entries, engineers, now), days=entries)
    app.manifests.replace(Held(Manifest(NAME), ""), manifest)


def name_everybody(app: App, engineers: int) -> None:
    """Give each of them an address, as whoever arrives in a file or an answer has one."""
    app.storage.table("people").put_all(
        {
            "PartitionKey": PARTITION,
            "RowKey": f"{number:040x}",
            "kind": "engineer",
            "name": f"engineer{number}@quux.example",
            "actorId": f"e{number:016x}",
        }
        for number in range(engineers)
    )


def touch_today(app: App, engineers: int) -> None:
    """Publish today again under a new version, as a refresh does that finds it changed."""
    held = app.manifests.read(NAME)
    now = app.clock.now()
    epoch = held.manifest.epoch + 1
    days = dict(held.manifest.days) | {now.date(): _entry(app, engineers, now.date(), now, epoch)}
    app.manifests.replace(held, Manifest(NAME, epoch=epoch, head=_head(days, engineers, now), days=days))


def _entry(app: App, engineers: int, day: date, now: datetime, version: int = 1) -> DayEntry:
    facts = facts_of(engineers, day)
    if facts:
        app.facts.write(NAME, day.isoformat(), version, facts)
    return DayEntry(
        version=version,
        facts=version if facts else 0,
        content="rows" if facts else "empty",
        last_attempt="ok",
        settled=day < now.date(),
        fetched_at=now,
        raw="0" * 64,
        digest="0" * 64,
        people=len(facts),
        populations=tuple(sorted({fact.population for fact in facts})),
    )


def _head(entries: dict[date, DayEntry], engineers: int, now: datetime) -> Head:
    with_rows = [day for day, entry in entries.items() if entry.content == "rows"]
    return Head(
        access=Access("ok", at=now, answered_at=now),
        view=View(ACME.id, ACME.name, members=engineers, looked_at=now),
        organization=ACME.id,
        first_row_day=min(with_rows),
        newest_settled_day=max(day for day, entry in entries.items() if entry.settled),
        data_as_of=now,
        days_known=len(entries),
        people_rows=sum(entry.people for entry in entries.values()),
        populations_by_month=_months(with_rows),
    )


def _months(days: Iterable[date]) -> dict[str, tuple[str, ...]]:
    return {
        month: tuple(sorted(POPULATIONS)) for month, _ in groupby(days, lambda day: day.strftime("%Y-%m"))
    }
