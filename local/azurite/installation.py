"""Azurite as its lockfile says, in the git-ignored `node_modules` beside it."""

import hashlib
import subprocess
import sys
from pathlib import Path

from local.azurite import node

HERE = Path(__file__).resolve().parent
PROGRAM = HERE / "node_modules" / "azurite" / "dist" / "src" / "azurite.js"
_STAMP = HERE / "node_modules" / ".installed-from"


def install() -> node.Node:
    """Installs what is missing or differs from the lockfile. Returns the node that runs it.

    Raises InstallationError.
    """
    found = node.find()
    if found is None:
        _say("Installing node from PyPI: there is none on PATH.")
        found = node.install()
    wanted = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    if _STAMP.is_file() and _STAMP.read_text() == wanted:
        return found
    print(
        "Installing Azurite, the storage emulator, from npm (once, under a minute).",
        file=sys.stderr,
        flush=True,
    )
    command = [*found.npm, "ci", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=HERE, check=False, stdout=sys.stderr)
    if done.returncode != 0 or not PROGRAM.is_file():
        raise node.InstallationError(
            f"`npm ci` in {HERE} did not install Azurite (see above). Is the npm registry reachable? "
            f"Try again with the same command."
        )
    _STAMP.write_text(wanted)
    return found


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
