"""Trigger the timer now, wait for it, and print the answer.

It asks the app that `dev.py start` runs, as the schedule does each hour.
"""

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from local.commands import running
from local.commands.telling import tell_answer, tell_run

TIMER = "refresh_on_schedule"
PATIENCE_SECONDS = 600.0
"""As long as host.json lets a function run."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - each command is told its arguments
    app = running.find()
    if app is None:
        print(running.NOT_RUNNING, file=sys.stderr)
        return 1
    try:
        now = datetime.now(UTC)
        app.trigger(TIMER)
        tell_run(finished_run(app, now))
        tell_answer(app)
    except running.AppError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def finished_run(
    app: running.Running, since: datetime, alive: Callable[[], None] = lambda: None
) -> dict[str, Any]:
    """The first run that began after `since`, once it has finished. `alive` may raise to end the waiting.

    Raises AppError.
    """

    def look() -> dict[str, Any] | None:
        alive()
        new = [run for run in app.runs() if datetime.fromisoformat(run["startedAt"]) >= since]
        return new[-1] if new else None

    return running.wait_for(look, within=PATIENCE_SECONDS, what="The end of the refresh")
