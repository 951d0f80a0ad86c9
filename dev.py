#!/usr/bin/env python3
"""Everything a checkout can do: `python3 dev.py --help`.

This file only makes the virtual environment, when it is missing or the requirements changed, and goes on
inside it. The commands are in `local/commands/`. It needs Python 3.11 or newer and nothing else.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - said before anything newer is needed
    sys.exit("Scoreboard needs Python 3.11 or newer: start it with one, as in `python3.12 dev.py start`.")

import os
import subprocess
from pathlib import Path

from local import commands
from local.environments import Environment, EnvironmentFailure
from local.places import ROOT

ENVIRONMENT = Environment(
    folder=ROOT / ".venv",
    python=Path(sys.executable),
    version=".".join(map(str, sys.version_info[:3])),
    requirements=ROOT / "requirements-dev.txt",
    named=(ROOT / "requirements.txt", ROOT / "constraints.txt"),
)


def main() -> int:
    arguments = commands.parse(sys.argv[1:])
    try:
        if not ENVIRONMENT.is_current():
            ENVIRONMENT.make()
    except EnvironmentFailure as error:
        print(error, file=sys.stderr)
        return 1
    if Path(sys.prefix).resolve() == ENVIRONMENT.folder.resolve():
        return commands.run(arguments)
    inside = [str(ENVIRONMENT.interpreter), str(ROOT / "dev.py"), *sys.argv[1:]]
    if sys.platform == "win32":  # there, exec returns to the shell at once
        return subprocess.run(inside, check=False).returncode  # noqa: S603 - ourselves
    return os.execv(inside[0], inside)  # noqa: S606 - ourselves, in the environment


if __name__ == "__main__":
    sys.exit(main())
