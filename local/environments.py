"""Virtual environments made from requirements files, and made again when these change."""

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from local.places import ROOT

UV = "uv==0.13.9"


class EnvironmentFailure(RuntimeError):
    """A virtual environment could not be made. The text says what to do."""


@dataclass(frozen=True, slots=True)
class Environment:
    """A folder; the interpreter it is made with, and its version; the requirements and what they name."""

    folder: Path
    python: Path
    version: str
    requirements: Path
    named: tuple[Path, ...] = ()

    @property
    def interpreter(self) -> Path:
        return self.folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")

    def is_current(self) -> bool:
        stamp = self._stamp
        return stamp.is_file() and stamp.read_text() == self._wanted()

    def make(self) -> None:
        """Makes it, or brings it up to date. Raises EnvironmentFailure."""
        self._stamp.unlink(missing_ok=True)
        shown = os.path.relpath(self.folder, ROOT)
        if not self._works():
            say(f"Making the virtual environment {shown} with Python {self.version} (once).")
            if self.folder.exists():
                shutil.rmtree(self.folder)
            self._create()
        say(f"Installing the requirements into {shown}, pinned, from PyPI.")
        if not self._install():
            raise EnvironmentFailure(
                "The requirements could not be installed (see above). Is PyPI reachable?"
            )
        self._stamp.write_text(self._wanted())

    @property
    def _stamp(self) -> Path:
        return self.folder / ".made-from"

    def _wanted(self) -> str:
        digest = hashlib.sha256(UV.encode())
        for file in (self.requirements, *self.named):
            digest.update(file.read_bytes())
        return f"{self.version} {digest.hexdigest()}"

    def _works(self) -> bool:
        """Whether it is there, with pip, from the same version of Python."""
        ask = "import sys, pip; print('.'.join(map(str, sys.version_info[:3])))"
        try:
            said = subprocess.run([self.interpreter, "-c", ask], check=False, capture_output=True, text=True)
        except OSError:
            return False
        return said.stdout.strip() == self.version

    def _create(self) -> None:
        # Debian splits ensurepip off, and then venv's own message is a page long.
        probe = subprocess.run(
            [self.python, "-c", "import venv, ensurepip"], check=False, capture_output=True
        )
        if probe.returncode != 0:
            raise EnvironmentFailure(
                "Python's venv is missing: on Debian or Ubuntu `apt install python3-venv`, then try again."
            )
        if not _succeeds([str(self.python), "-m", "venv", str(self.folder)]):
            raise EnvironmentFailure(f"The virtual environment {self.folder} could not be made (see above).")

    def _install(self) -> bool:
        """By uv, which is fast; else by pip, which has a configuration of its own."""
        python, file = str(self.interpreter), str(self.requirements)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        uv = [python, "-m", "uv", "pip", "install", "--quiet", "--python", python, "--requirement", file]
        # Compiled now: else each start would compile what it imports.
        if _succeeds([*pip, UV]) and _succeeds(uv, UV_COMPILE_BYTECODE="1"):
            return True
        say("uv did not get through; trying again with pip.")
        return _succeeds([*pip, "--requirement", file])


def say(what: str) -> None:
    """Progress, for a person who waits."""
    print(what, file=sys.stderr, flush=True)


def _succeeds(command: list[str], **further: str) -> bool:
    return subprocess.run(command, check=False, cwd=ROOT, env={**os.environ, **further}).returncode == 0
