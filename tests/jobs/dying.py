"""Processes that die at their work: SIGKILL just before a storage request, as a deployment may do it.

Each is a fork of one server that has imported everything, so that dying is cheap enough to do often.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Mapping
from datetime import datetime

from shared.app import App
from shared.jobs.ingest import ingest_waiting
from shared.jobs.refresh import refresh
from shared.jobs.replay import replay
from shared.settings import load
from shared.sources import vendor
from shared.store.storage import Storage
from tests.conftest import TestClock
from tests.store.wire import Watch, at

__all__ = ["die", "vendor"]

_JOBS: Mapping[str, Callable[[App], object]] = {
    "refresh": lambda app: refresh(app, "timer"),
    "ingest": ingest_waiting,
    "replay": replay,
}

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload([__name__, "azure.data.tables", "azure.storage.blob", "pytest"])


def die(job: str, app: App, request: int) -> bool:
    """Do the job in a process that is killed before its storage request of that number.

    Returns whether it came that far; a process that ends otherwise than by work or by SIGKILL is an error.
    """
    told = dict(app.environ)
    process = _processes.Process(target=_work, args=(job, told, app.clock.now(), request))
    process.start()
    process.join(30)
    ended = process.exitcode
    process.close()
    assert ended in (0, -signal.SIGKILL), f"the process ended with {ended}"
    return ended != 0


def _work(job: str, told: dict[str, str], now: datetime, request: int) -> None:
    settings = load(told)
    watch = Watch(before=at(request, lambda: os.kill(os.getpid(), signal.SIGKILL)))
    storage = Storage(settings.data_storage, transport=watch)
    _JOBS[job](App(settings, storage, told, TestClock(now).as_clock()))
