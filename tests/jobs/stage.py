"""What tests of jobs share: a team small enough to watch, more instances of an app, and the true figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal

from local.vendor import SimulatedVendor, Truth, Use, World
from local.vendor.endpoints import REPORT_PATH
from local.vendor.organization import ApiKey
from shared.app import App
from shared.periods import midnight, period_of
from shared.records import DayEntry, Number, PeriodRow, Run
from shared.sources.claude_code_admin import NAME
from shared.store.layout import create
from shared.store.manifests import Manifest
from shared.store.packing import joined
from shared.store.period_rows import EVERYBODY
from shared.store.storage import Storage
from tests.conftest import MONDAY_NOON, TestClock
from tests.store.wire import Watch, entities

TODAY = MONDAY_NOON.date()
ZELDA, QUINCY, YVES = (f"{name}@quux.example" for name in ("zelda", "quincy", "yves"))
PIPELINE_KEY, OWN_KEY = "nightly-quuxbot", "claude_code_key_yves_w3"


def ago(days: int) -> date:
    """The day so many days before the tests' Monday."""
    return TODAY - timedelta(days=days)


def use(day: date, who: str = ZELDA, lines: int = 40, *, at: time = time(10), is_key: bool = False) -> Use:
    """A use with something in every measure; its tokens need more than 32 bits."""
    return Use.on(
        day,
        who,
        "api" if is_key or who == QUINCY else "subscription",
        at=at,
        is_key=is_key,
        sessions=2,
        lines_accepted=lines,
        lines_removed=lines // 4,
        decisions_accepted=lines // 3,
        decisions_rejected=1,
        commits=1,
        pull_requests=1,
        tokens_input=3_000_000_000,
        tokens_output=lines * 30,
        cost_cents=Decimal(lines) * Decimal("1.37"),
    )


def small_world(days: int = 4, more: Iterable[Use] = ()) -> World:
    """Three engineers and a pipeline's key at work on each of the last days; and one person's own key."""
    uses = [
        one
        for age in range(days)
        for one in (
            use(ago(age), ZELDA, 40 + age, at=time(9)),
            use(ago(age), QUINCY, 30 + age, at=time(9, 30)),
            use(ago(age), YVES, 20 + 2 * age, at=time(8)),
            use(ago(age), PIPELINE_KEY, 7 + age, at=time(2), is_key=True),
            use(ago(age), OWN_KEY, 5, at=time(8, 30), is_key=True),
        )
    ]
    world = World.of_uses([*uses, *more])
    made = datetime(2026, 1, 5, 9, tzinfo=UTC)
    makers = {member.email: member.id for member in world.members}
    world.api_keys = [
        ApiKey("apikey_1", PIPELINE_KEY, "active", made, makers[ZELDA]),
        ApiKey("apikey_2", OWN_KEY, "active", made, makers[YVES]),
    ]
    return world


# --- instances -------------------------------------------------------------------------------


def instance(app: App, watch: Watch | None = None, *, clock: TestClock | None = None) -> App:
    """Another instance of the same app, on the same account; its own time where a clock is given."""
    options = {"transport": watch} if watch else {}
    storage = Storage(app.settings.data_storage, **options)
    return replace(app, storage=storage, clock=clock.as_clock() if clock else app.clock)


def elsewhere(app: App, connection: str, *, clock: TestClock | None = None) -> App:
    """The same app with the same vendor on another, empty account."""
    storage = Storage(connection)
    create(storage)
    return replace(app, storage=storage, clock=clock.as_clock() if clock else app.clock)


Kind = Literal["week", "day", "month"]
#: The kinds of period that daily sources determine.
KINDS: tuple[Kind, ...] = ("week", "day", "month")

Rows = dict[Kind, list[PeriodRow]]


# --- what is stored --------------------------------------------------------------------------


def every_row(app: App) -> Rows:
    """All period rows of the daily sources."""
    first, last = midnight(date(2020, 1, 1)), midnight(date(2040, 1, 1))
    return {kind: app.periods.read(kind, first, last) for kind in KINDS}


def rows_of_teams(app: App) -> dict[tuple[str, str], tuple[str, bytes, bytes]]:
    """Every team's rows by partition and key, as they are stored: whose it is, the row, of how many."""
    return {
        (one["PartitionKey"], one["RowKey"]): (one["team"], joined("row", one), one["sizes0"])
        for one in entities(app.storage, "periods")
        if not one["PartitionKey"].endswith(f"|{EVERYBODY}")
    }


def row_of(app: App, day: date, kind: Kind = "week") -> PeriodRow:
    """The row of the period in which the day lies."""
    end = period_of(kind, day).end
    return app.periods.read(kind, end, end)[0]


def manifest(app: App, source: str = NAME) -> Manifest:
    return app.manifests.read(source).manifest


def entry(app: App, day: date) -> DayEntry:
    return manifest(app).days.get(day, DayEntry())


def last_run(app: App) -> Run:
    return app.runs.newest(1)[0]


# --- what was asked --------------------------------------------------------------------------


def days_asked(vendor: SimulatedVendor, since: int = 0) -> list[date]:
    """The days that the vendor was asked for, each once, in the order of the first asking."""
    asked = [
        date.fromisoformat(request.parameter("starting_at") or "")
        for request in vendor.requests[since:]
        if request.path == REPORT_PATH
    ]
    return list(dict.fromkeys(asked))


# --- what is true ----------------------------------------------------------------------------


def owners(world: World) -> dict[str, str]:
    """Whose the keys are that a person's Claude Code made: key name to lower-case address."""
    addresses = {member.id: member.email.lower() for member in world.members}
    return {
        key.name: addresses[key.created_by]
        for key in world.api_keys
        if key.name.startswith("claude_code_key_")
    }


def true_figures(truth: Truth) -> dict[str, Number]:
    """The figures of a period by its true uses."""
    total = truth.total()
    return {
        "sessions": total.sessions,
        "linesAccepted": total.lines_accepted,
        "linesRemoved": total.lines_removed,
        "decisionsAccepted": total.decisions_accepted,
        "decisionsRejected": total.decisions_rejected,
        "commits": total.commits,
        "pullRequests": total.pull_requests,
        "tokens": total.tokens,
        "meteredCost": (truth.total("api").cost_cents / 100).quantize(Decimal("0.01")),
        "apiEquivalentCost": (truth.total("subscription").cost_cents / 100).quantize(Decimal("0.01")),
    }


def true_active(world: World, truth: Truth) -> int:
    """How many people were active, those included who were so through their own key only."""
    of = owners(world)
    return len(truth.active_people | {of[key] for key in truth.active_keys if key in of})


def true_unattributed(world: World, truth: Truth) -> tuple[int, int]:
    """Sessions and lines of the keys that are nobody's."""
    nobodys = [truth.key(name) for name in truth.keys if name not in owners(world)]
    return sum(one.sessions for one in nobodys), sum(one.lines_accepted for one in nobodys)


def assert_true(row: PeriodRow, world: World, since: date, now: datetime) -> None:
    """Each figure of the row is the truth: a value where the period is whole, else its known part."""
    whole = row.completeness == "complete" and row.closed
    start = max(row.period.start.date(), since)
    truth = world.truth(start, row.period.end.date(), as_of=now)
    expected = true_figures(truth)
    figures = {name: row.figures[name] for name in expected}
    assert {name: figure.low for name, figure in figures.items()} == expected, row.label
    assert {name: figure.value for name, figure in figures.items()} == (
        expected if whole else dict.fromkeys(expected)
    ), row.label
    assert all((figure.high == figure.value) for figure in figures.values())
    assert all((figure.reason is None) == whole for figure in figures.values())
    active = row.active["anyActivity"]
    assert (active.low, active.value is not None) == (true_active(world, truth), whole), row.label
    sessions, lines = row.unattributed["sessions"], row.unattributed["linesAccepted"]
    assert (sessions.low, lines.low) == true_unattributed(world, truth), row.label
