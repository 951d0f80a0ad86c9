"""`dev.py start` as a newcomer runs it, for tests that need the whole app."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.children import Child
from local.commands import running
from local.places import ROOT

DEV = [sys.executable, str(ROOT / "dev.py")]


def of_its_own(state: Path) -> dict[str, str]:
    """An environment whose app stands beside whatever the developer runs."""
    return {**os.environ, "SCOREBOARD_STATE": str(state), "PYTHONUNBUFFERED": "1"}


@contextmanager
def started(environment: dict[str, str], *options: str) -> Iterator[Child]:
    """`dev.py start`, from its answer to its end by Ctrl-C."""
    child = Child("dev.py start", [*DEV, "start", "--port", "0", *options], environment=environment)
    try:
        child.wait_for("Ctrl-C stops everything", within=180)
        yield child
    finally:
        if child.exit_code is None:
            os.kill(child.pid, signal.SIGINT)
        child.stop(within=30)
    assert child.exit_code == 0
    assert not record(environment).exists()


def record(environment: dict[str, str]) -> Path:
    """Where an app that was started so is written down while it runs."""
    return Path(environment["SCOREBOARD_STATE"]) / running.RECORD.name
