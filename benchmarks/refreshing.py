"""What a refresh costs the vendor and storage: a first backfill, then an hour in which nothing changed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import perf_counter

from benchmarks.stage import MONDAY_NOON, Stage
from benchmarks.table import Line
from local.children import Child
from local.vendor import ADMIN_KEY
from shared.app import App
from shared.jobs.refresh import refresh
from shared.records import Run

#: The simulated vendor's world of 8 engineers and 17 weeks of history.
WORLD, FEW = "honest", 8
MANY = 10_000
LATENCIES_MS = (0, 100)
DAYS = 90

HOUR = timedelta(hours=1)


def refreshing(
    stage: Stage, days: int = DAYS, latencies_ms: tuple[int, ...] = LATENCIES_MS, many: int = MANY
) -> Iterator[Line]:
    """Requests, storage transactions (reads + writes), bytes and seconds; with a vendor that takes its time,
    the seconds over those that its limits allow."""
    for latency in latencies_ms:
        simulated = ["local.vendor", "--world", WORLD, "--now", MONDAY_NOON.isoformat()]
        with _vendor(*simulated, latency_ms=latency) as url:
            yield from _both(stage, url, f"{FEW} engineers", days, latency)
    latency = latencies_ms[-1]
    with _vendor("benchmarks.large_vendor", "--engineers", str(many), latency_ms=latency) as url:
        yield from _both(stage, url, f"{many:,} engineers", days, latency)


def _both(stage: Stage, url: str, team: str, days: int, latency: int) -> Iterator[Line]:
    app = stage.app(
        ANTHROPIC_BASE_URL=url,
        ANTHROPIC_ADMIN_KEY=ADMIN_KEY,
        BACKFILL_DAYS=str(days),
    )
    for what, later in ((f"first, {days} days", 0 * HOUR), ("unchanged, an hour later", HOUR)):
        here, traffic = stage.counted(app, later=later)
        run, seconds = _refreshed(here)
        told = f"{seconds:.2f} s; vendor {run.requests}; {traffic.in_words()}, {traffic.bytes_in_words()}"
        rows = f"{run.periods_written} period rows"
        ratio, goal = _against(run, seconds, latency, app.settings.fetch_concurrency, first=not later)
        yield Line("refresh", f"{team}, vendor {latency} ms, {what}", f"{told}; {rows}", ratio, goal)


def _against(run: Run, seconds: float, latency_ms: int, at_once: int, *, first: bool) -> tuple[str, str]:
    """A backfill's seconds over those that its questions need side by side; an unchanged refresh's questions
    over the days that can have changed."""
    if not first:
        return f"{run.requests / run.days_asked:.2f} a day", "≤ 1"
    if not latency_ms:
        return "", ""
    return f"{seconds / (run.requests * latency_ms / 1000 / at_once):.2f} ×", "≤ 1.3"


def _refreshed(app: App) -> tuple[Run, float]:
    """What the run's record says, and its seconds."""
    started = perf_counter()
    run = refresh(app, "benchmark")
    seconds = perf_counter() - started
    if run.outcome != "ok":
        raise RuntimeError(f"the refresh ended {run.outcome}: {run.detail}")
    return run, seconds


@contextmanager
def _vendor(module: str, *told: str, latency_ms: int) -> Iterator[str]:
    """A vendor in a process of its own: it must not take the refresh's time."""
    command = ["-m", "local.children.follow", module, *told, "--latency-ms", str(latency_ms)]
    with Child("The vendor", [sys.executable, *command]) as child:
        yield child.wait_for(r"^listening on (\S+)", within=60)[0][1]
