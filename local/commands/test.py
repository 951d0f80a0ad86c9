"""Run everything that the continuous integration runs: format, lint, types, the page's checks, all tests.

The tests use a real Azurite and a real browser, which they start and stop. All steps run, whatever the
earlier ones found: the checks of the code, those of the page and what the tests need side by side, each told
when it is done; then the tests.
With arguments it is pytest alone, with them: python3 dev.py test tests/store -k lease
"""

import argparse
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

from local import azurite, chromium, kql
from local.conformance import environment
from local.environments import EnvironmentFailure
from local.node import InstallationError
from local.page import PAGE
from local.places import ROOT

MINIMAL_COVERAGE = 90

CHECKS = {
    "format": ("ruff", "format", "--check", "--quiet"),
    "lint": ("ruff", "check", "--quiet"),
    "types": ("mypy",),
}
PAGE_SCRIPTS = ("check", "test", "size")

WORKERS = (os.cpu_count() or 1) + 1
"""Each waits now and then, for a browser, a compiler or storage: with one more the cores are kept busy."""
WHOLE = (
    *("-n", str(WORKERS), "--dist", "worksteal"),
    *("--cov", f"--cov-fail-under={MINIMAL_COVERAGE}"),
    "--durations=40",
)
"""The slowest are named, so that whoever makes the whole too slow can see it."""

NOT_FOR_TESTS = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Tests talk to this machine alone. Told of certificates, the storage SDK looks for them at each request."""

_telling = threading.Lock()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("pytest", nargs=argparse.REMAINDER, metavar="ARGUMENT", help="for pytest")


def run(arguments: argparse.Namespace) -> int:
    own = [argument for argument in arguments.pytest if argument != "--"]
    steps = [_failing_to_equip()] if own else [_failing_checks(), _failing_of_the_page(), _failing_to_equip()]
    with ThreadPoolExecutor(len(steps)) as pool:
        failed = [name for names in pool.map(list[str], steps) for name in names]
    if "tests" not in failed and not _tests(own or list(WHOLE)):
        failed.append("tests")
    print(f"Failed: {', '.join(failed)}." if failed else "All passed.", flush=True)
    return 1 if failed else 0


def _failing_checks() -> Iterator[str]:
    for name, command in CHECKS.items():
        if not _passes(name, _python(*command)):
            yield name


def _failing_of_the_page() -> Iterator[str]:
    """Its own checks, its build, and the browser in which the tests look at it."""
    try:
        node = PAGE.packages.install()
        for script in PAGE_SCRIPTS:
            name, command = f"page's {script}", (*node.npm, "run", "--silent", script)
            if not _passes(name, command, PAGE.folder, node.environment()):
                yield name
        PAGE.build()
        chromium.install()
    except InstallationError as error:
        print(error, file=sys.stderr)
        yield "page"


def _failing_to_equip() -> Iterator[str]:
    """What the tests need beside the page."""
    try:
        environment.install()
        kql.PACKAGES.install()
        azurite.PACKAGES.install()
    except (InstallationError, EnvironmentFailure) as error:
        print(error, file=sys.stderr)
        yield "tests"


def _tests(arguments: list[str]) -> bool:
    """These tell as they go: nothing runs beside them."""
    command, started = _python("pytest", *arguments), monotonic()
    print(_headline("tests", command), flush=True)
    own = {name: value for name, value in os.environ.items() if name not in NOT_FOR_TESTS}
    done = subprocess.run(command, cwd=ROOT, env=own, check=False)
    print(_outcome("tests", done.returncode, started), flush=True)
    return done.returncode == 0


def _python(*module: str) -> tuple[str, ...]:
    return (sys.executable, "-m", *module)


def _passes(
    name: str, command: Sequence[str], folder: Path = ROOT, environment: Mapping[str, str] | None = None
) -> bool:
    """Whether a step passes; everything about it is told at once, after it."""
    started = monotonic()
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    with _telling:
        said = (_headline(name, command), done.stdout.rstrip(), _outcome(name, done.returncode, started))
        print(*filter(None, said), sep="\n", flush=True)
    return done.returncode == 0


def _headline(name: str, command: Sequence[str]) -> str:
    return f"== {name}: {' '.join((Path(command[0]).name, *command[1:]))}"


def _outcome(name: str, code: int, started: float) -> str:
    return f"== {name} {'FAILED' if code else 'passed'} in {monotonic() - started:.1f} s"
