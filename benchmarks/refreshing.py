"""What a refresh costs the vendor and storage: a first backfill, then an hour in which nothing changed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from time import perf_counter
from urllib.request import urlopen

from benchmarks.stage import MONDAY_NOON, Stage
from benchmarks.table import Line
from local.children import Child
from local.vendor import ADMIN_KEY
from shared.app import App
from shared.jobs.refresh import refresh

#: 8 engineers, 17 weeks of history.
WORLD = "honest"
LATENCIES_MS = (0, 100)
DAYS = 90

HOUR = timedelta(hours=1)


def refreshing(
    stage: Stage, days: int = DAYS, latencies_ms: tuple[int, ...] = LATENCIES_MS
) -> Iterator[Line]:
    """Requests, storage transactions (reads + writes) and seconds; seconds with a slower vendor, too."""
    for latency in latencies_ms:
        with _vendor(latency) as url:
            yield from _both(stage, url, days, latency)


def _both(stage: Stage, url: str, days: int, latency: int) -> Iterator[Line]:
    app = stage.app(
        ANTHROPIC_BASE_URL=url,
        ANTHROPIC_ADMIN_KEY=ADMIN_KEY,
        BACKFILL_DAYS=str(days),
    )
    for what, later in ((f"first, {days} days", 0 * HOUR), ("unchanged, an hour later", HOUR)):
        here, traffic = stage.counted(app, later=later)
        asked, seconds, rows = _refreshed(here, url)
        named = f"8 engineers, vendor {latency} ms, {what}"
        told = f"{seconds:.2f} s; vendor {asked}; {traffic.in_words()}; {rows} period rows"
        yield Line("refresh", named, told)


def _refreshed(app: App, url: str) -> tuple[int, float, int]:
    """The vendor's count of requests, seconds, and the period rows that were written."""
    before = _asked(url)
    started = perf_counter()
    run = refresh(app, "benchmark")
    seconds = perf_counter() - started
    if run.outcome != "ok":
        raise RuntimeError(f"the refresh ended {run.outcome}: {run.detail}")
    return _asked(url) - before, seconds, run.periods_written


def _asked(url: str) -> int:
    with urlopen(f"{url}/_simulator/requests") as answer:  # noqa: S310  # our own, on loopback
        return len(json.load(answer)["requests"])


@contextmanager
def _vendor(latency_ms: int) -> Iterator[str]:
    """The simulated vendor, in a process of its own: it must not take the refresh's time."""
    module = ["-m", "local.children.follow", "local.vendor", "--world", WORLD]
    told = ["--now", MONDAY_NOON.isoformat(), "--latency-ms", str(latency_ms)]
    with Child("The simulated vendor", [sys.executable, *module, *told]) as child:
        yield child.wait_for(r"^listening on (\S+)", within=30)[0][1]
