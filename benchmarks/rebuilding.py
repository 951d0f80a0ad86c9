"""The period rows of a large team: seconds, and how much memory the process that builds them takes.

Each measurement is a process of its own (``python -m benchmarks.rebuilding``), so that its peak is its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from time import perf_counter
from typing import NamedTuple

from benchmarks.memory import peak
from benchmarks.stage import Stage, app_on
from benchmarks.table import Line
from benchmarks.team import settle, touch_today
from benchmarks.timing import Spread
from local.places import ROOT
from shared.jobs.rebuild import rebuild

ENGINEERS = 10_000
DAYS = 90
TIMES = 3


class Rebuilt(NamedTuple):
    """One rebuild. Memory in MiB: before it, with everything imported, and the peak."""

    rows: int
    seconds: float
    before: float
    peak: float


def rebuilding(
    stage: Stage, engineers: int = ENGINEERS, days: int = DAYS, times: int = TIMES
) -> Iterator[Line]:
    """All rows from nothing; the rows of a day that changed; nothing to do."""
    found: dict[str, list[Rebuilt]] = {"all rows": [], "today changed": [], "nothing changed": []}
    for _ in range(times):
        app = stage.app()
        settle(app, engineers, days)
        found["all rows"].append(_in_a_process(app.settings.data_storage))
        touch_today(app, engineers)
        found["today changed"].append(_in_a_process(app.settings.data_storage))
        found["nothing changed"].append(_in_a_process(app.settings.data_storage))
    for what, measured in found.items():
        seconds = Spread.of([one.seconds for one in measured])
        peak = Spread.of([one.peak for one in measured])
        before = Spread.of([one.before for one in measured])
        named = f"{engineers:,} engineers, {days} days, {what}: {measured[0].rows} rows"
        yield Line("rebuild", named, seconds.show("s", places=2))
        memory = f"{peak.show('MiB', places=0)}, before it {before.median:.0f}"
        yield Line("rebuild", f"{engineers:,} engineers, {days} days, {what}: peak memory", memory)


def _in_a_process(connection: str) -> Rebuilt:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.rebuilding"],
        cwd=ROOT,
        env=os.environ | {"BENCHMARK_STORAGE": connection},
        check=True,
        capture_output=True,
        text=True,
    )
    return Rebuilt(*json.loads(done.stdout))


def _rebuild_here(connection: str) -> Rebuilt:
    app = app_on(connection)
    app.manifests.heads()  # the clients are made when first used
    before = peak()
    started = perf_counter()
    rows = rebuild(app)
    return Rebuilt(rows, perf_counter() - started, before, peak())


if __name__ == "__main__":
    print(json.dumps(_rebuild_here(os.environ["BENCHMARK_STORAGE"])))
