"""The real Bicep compiler: on PATH, else the one that `az bicep install` left, else one beside the checkout.

Nothing here is installed: who has none is told so, in one skipped test and at the end of the run.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.places import ROOT

INFRA = ROOT / "infra"

#: Where the predicted resources are; nothing is there.
SUBSCRIPTION = "00000000-0000-0000-0000-00000000aaaa"
TENANT = "00000000-0000-0000-0000-00000000bbbb"

MISSING = (
    "there is no Bicep compiler, so infra/ was not checked: put `bicep` on PATH, or run `az bicep install`"
)


class BicepFailure(RuntimeError):
    """The compiler refused; the text is its own."""


@dataclass(frozen=True, slots=True)
class Bicep:
    """A compiler, and in words where it was found."""

    program: Path
    found: str

    def diagnostics(self, folder: Path) -> list[str]:
        """What the compiler and its linter say of the templates in a folder, a line each; warnings, too."""
        done = self._run("build", "--pattern", str(folder / "*.bicep"))
        said = [line for line in done.stderr.splitlines() if line.strip()]
        return said if said or done.returncode == 0 else [f"exit {done.returncode}, and no word why"]

    def predict(self, parameters: Path, **environment: str) -> dict[str, Any]:
        """The resources that a deployment with this parameter file would make, their values computed.

        They are written beside the file, too. Raises BicepFailure.
        """
        scope = ["--subscription-id", SUBSCRIPTION, "--tenant-id", TENANT, "--location", "westeurope"]
        if "targetScope" not in _template_of(parameters).read_text(encoding="utf-8"):
            scope += ["--resource-group", "rg-scoreboard"]
        done = self._run("snapshot", str(parameters), *scope, **environment)
        if done.returncode != 0:
            raise BicepFailure(done.stderr or done.stdout)
        snapshot = parameters.with_suffix(".snapshot.json")
        document: dict[str, Any] = json.loads(snapshot.read_text(encoding="utf-8"))
        return document

    def _run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        told = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1", **environment}
        return subprocess.run(
            [self.program, *arguments],
            env=told,
            check=False,
            capture_output=True,
            text=True,
        )


def _template_of(parameters: Path) -> Path:
    return parameters.parent / parameters.read_text(encoding="utf-8").split("using '")[1].split("'")[0]


def find() -> Bicep | None:
    """The compiler of this machine, or None."""
    name = "bicep.exe" if os.name == "nt" else "bicep"
    on_path = shutil.which("bicep")
    of_az = Path(os.environ.get("AZURE_CONFIG_DIR") or Path.home() / ".azure") / "bin" / name
    beside = ROOT.parent / "shared" / "tools" / name
    if on_path:
        return Bicep(Path(on_path), "on PATH")
    if of_az.is_file():
        return Bicep(of_az, "through az")
    return Bicep(beside, "beside the checkout") if beside.is_file() else None


def told() -> str:
    """One line for whoever ran the tests."""
    compiler = find()
    return f"Bicep: the compiler {compiler.found} was used." if compiler else f"Bicep: {MISSING}."
