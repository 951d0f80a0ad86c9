"""A Chromium, in which the tests look at the page: the one on PATH, else Debian's, installed where we may.

No other is downloaded: a browser of its own for each library is a tenth of a gigabyte from nobody's registry.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from local.locks import lock
from local.node import InstallationError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PACKAGES = ("chromium", "fonts-dejavu-core")

MISSING = (
    "there is no Chromium, so the page was not tried in a browser: put one on PATH "
    f"(on Debian or Ubuntu: apt install {' '.join(PACKAGES)})"
)


def find() -> Path | None:
    """The Chromium on PATH."""
    found = (shutil.which(name) for name in NAMES)
    return next((Path(program) for program in found if program), None)


def install() -> Path | None:
    """The Chromium of this machine, from Debian's packages where we are root; None where there can be none.

    Raises InstallationError.
    """
    found = find()
    if found is not None or not _may_install():
        return found
    with lock(Path(sys.prefix) / ".chromium.lock"):
        return find() or _install()


def _may_install() -> bool:
    return sys.platform == "linux" and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install() -> Path:
    print("Installing Chromium for the tests of the page (once, by apt-get).", file=sys.stderr, flush=True)
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    wanted = ["apt-get", "install", "--yes", "--quiet=2", "--no-install-recommends", *PACKAGES]
    for command in (["apt-get", "update", "--quiet=2"], wanted):
        done = subprocess.run(command, env=quietly, check=False, stdout=sys.stderr)
    found = find()
    if done.returncode != 0 or found is None:
        raise InstallationError(
            f"`{' '.join(wanted)}` did not install Chromium (see above): try again, or install another one."
        )
    return found


def told() -> str:
    """One line for whoever ran the tests."""
    found = find()
    return f"Chromium: {found}." if found else f"Chromium: {MISSING}."
