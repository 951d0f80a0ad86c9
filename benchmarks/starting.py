"""What a cold start costs: importing ``function_app``, and the first answers of a fresh process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from tempfile import TemporaryDirectory

from benchmarks.stage import Stage
from benchmarks.table import Line
from benchmarks.team import settle
from benchmarks.timing import Spread, ratio, told_side_by_side
from local.places import ROOT
from shared.app import App
from shared.jobs.rebuild import rebuild

ROUNDS, WARM_UP = 20, 2
GOAL = "≤ 2"
DAYS = 90

_IMPORT = """
from time import perf_counter
started = perf_counter()
import {module}
print(perf_counter() - started)
"""

#: As the runtime does it: the module, its functions, a request to one of them.
_FIRST_ANSWER = """
from time import perf_counter
started = perf_counter()
import azure.functions as func
import function_app
from types import SimpleNamespace
doors = {{door.get_function_name(): door.get_user_function() for door in function_app.app.get_functions()}}
request = func.HttpRequest(method="GET", url="http://localhost/api/{path}", body=b"")
response = doors["get_{path}"](request, SimpleNamespace(invocation_id="benchmark"))
seconds = perf_counter() - started
assert response.status_code == 200, response.get_body()
print(seconds)
"""

PROGRAMS = {
    "import azure.functions": _IMPORT.format(module="azure.functions"),
    "import function_app": _IMPORT.format(module="function_app"),
    "import and first /api/health": _FIRST_ANSWER.format(path="health"),
    "import and first /api/adoption": _FIRST_ANSWER.format(path="adoption"),
}


def starting(stage: Stage, rounds: int = ROUNDS) -> Iterator[Line]:
    """Milliseconds in fresh interpreters, everything compiled, over ``import azure.functions`` alone."""
    app = stage.app(datetime.now(UTC))
    settle(app, 8, DAYS)
    rebuild(app)
    with TemporaryDirectory(prefix="benchmark-pyc-") as compiled:
        environment = _environment(app, compiled)
        programs = {name: _told(program, environment) for name, program in PROGRAMS.items()}
        samples = told_side_by_side(programs, rounds=rounds, warm_up=WARM_UP)
    base = samples["import azure.functions"]
    for name, taken in samples.items():
        over = "1" if taken is base else ratio(taken, base).show("×", places=2)
        goal = GOAL if name == "import function_app" else ""
        yield Line("start", name, Spread.of(taken).show("ms", scale=1000, places=0), over, goal)


def _environment(app: App, compiled: str) -> dict[str, str]:
    """The app's settings, and a folder for .pyc files: the rounds that do not count compile into it."""
    inherited = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return inherited | dict(app.environ) | {"PYTHONPYCACHEPREFIX": compiled}


def _told(program: str, environment: Mapping[str, str]) -> Callable[[], float]:
    """Runs the program in a fresh interpreter; the seconds that it tells."""

    def run() -> float:
        done = subprocess.run(  # noqa: S603  # ourselves
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=dict(environment),
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return float(done.stdout.splitlines()[-1])

    return run
