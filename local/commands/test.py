"""Run everything that the continuous integration runs: format, lint, types, tests with coverage.

The tests use a real Azurite, which they start and stop. All steps run, whatever the earlier ones found.
With arguments it is pytest alone, with them: python3 dev.py test tests/store -k lease
"""

import argparse
import subprocess
import sys
from time import monotonic

from local import azurite, kql
from local.conformance import environment
from local.environments import EnvironmentFailure
from local.node import InstallationError
from local.places import ROOT

MINIMAL_COVERAGE = 90

CHECKS = {
    "format": ("ruff", "format", "--check", "--quiet"),
    "lint": ("ruff", "check", "--quiet"),
    "types": ("mypy",),
}
WHOLE = ("-n", "2", "--cov", f"--cov-fail-under={MINIMAL_COVERAGE}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("pytest", nargs=argparse.REMAINDER, metavar="ARGUMENT", help="for pytest")


def run(arguments: argparse.Namespace) -> int:
    own = [argument for argument in arguments.pytest if argument != "--"]
    failed = [] if own else [name for name, command in CHECKS.items() if not _passes(name, command)]
    if not _tests(own or list(WHOLE)):
        failed.append("tests")
    print(f"Failed: {', '.join(failed)}." if failed else "All passed.", flush=True)
    return 1 if failed else 0


def _tests(arguments: list[str]) -> bool:
    try:
        environment.install()
        kql.PACKAGES.install()
        azurite.PACKAGES.install()
        return _passes("tests", ("pytest", *arguments))
    except (InstallationError, EnvironmentFailure) as error:
        print(error, file=sys.stderr)
        return False


def _passes(name: str, command: tuple[str, ...]) -> bool:
    print(f"== {name}: {' '.join(command)}", flush=True)
    started = monotonic()
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=False)
    outcome = "passed" if done.returncode == 0 else "FAILED"
    print(f"== {name} {outcome} in {monotonic() - started:.1f} s", flush=True)
    return done.returncode == 0
