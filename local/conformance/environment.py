"""The interpreters of this machine, and the environment in which Microsoft's runtime runs."""

import shutil
import subprocess
import sys
from collections.abc import Container, Iterator
from functools import cache
from pathlib import Path

from local.environments import Environment
from local.places import ROOT, STATE

RUNTIME_NEEDS = ("3.13", "3.14")
"""The versions of Python that Microsoft's runtime can have, the one that Azure is to run first."""

MINORS = ("3.11", "3.12", "3.13", "3.14")

_HERE = Path(__file__).resolve().parent


@cache
def interpreters() -> dict[str, tuple[Path, str]]:
    """The Pythons from 3.11 on that really run here: '3.12' to its program and its full version."""
    found: dict[str, tuple[Path, str]] = {}
    for program in _candidates(found):
        version = _version(program)
        minor = ".".join(version.split(".")[:2])
        if minor in MINORS:
            found.setdefault(minor, (program, version))
    return found


def environment() -> Environment | None:
    """Where the runtime is installed, or None on a machine without a Python that can have it."""
    usable = [interpreters()[minor] for minor in RUNTIME_NEEDS if minor in interpreters()]
    if not usable:
        return None
    python, version = usable[0]
    return Environment(
        folder=STATE / "conformance-venv",
        python=python,
        version=version,
        requirements=_HERE / "requirements.txt",
        named=(ROOT / "requirements.txt", ROOT / "constraints.txt"),
    )


def install() -> Path | None:
    """The interpreter that has the runtime, installed if need be; None where there can be none.

    Raises EnvironmentFailure.
    """
    found = environment()
    if found is None:
        return None
    if not found.is_current():
        found.make()
    return found.interpreter


def _candidates(found: Container[str]) -> Iterator[Path]:
    """Where a Python may be; the dearer places only for those that were not found before."""
    yield Path(getattr(sys, "_base_executable", sys.executable))
    for minor in MINORS:
        if minor not in found and (program := shutil.which(f"python{minor}")):
            yield Path(program)
    for minor in MINORS:
        yield from sorted(Path.home().glob(f".pyenv/versions/{minor}.*/bin/python3"))
    for minor in MINORS:
        if minor in found:
            continue
        command = [sys.executable, "-m", "uv", "python", "find", "--no-python-downloads", minor]
        said = subprocess.run(command, check=False, capture_output=True, text=True, cwd=Path.home())
        if said.returncode == 0:
            yield Path(said.stdout.strip())


def _version(program: Path) -> str:
    """What it says when it runs; nothing for a version manager's shim that starts nothing."""
    ask = "import sys; print('.'.join(map(str, sys.version_info[:3])))"
    try:
        said = subprocess.run([program, "-c", ask], check=False, capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return said.stdout.strip() if said.returncode == 0 else ""
