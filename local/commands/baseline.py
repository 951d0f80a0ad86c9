"""Run a security baseline (checkov) over what infra/ would make.

The rules look at predicted resources, their values computed, of each parameter file. What infra/baseline.md
allows, with the reason, may fail; anything else may not, and what no longer fails must leave that list. The
first run installs checkov into an environment of its own, which takes half a minute.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from local import bicep
from local.environments import Environment, EnvironmentFailure
from local.places import ROOT, STATE

ALLOWED = bicep.INFRA / "baseline.md"
_REQUIREMENTS = ROOT / "local" / "baseline" / "requirements.txt"

SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(_: argparse.Namespace) -> int:
    compiler = bicep.find()
    if compiler is None:
        print(f"Nothing was checked: {bicep.MISSING}.", file=sys.stderr)
        return 1
    environment = Environment(
        STATE / "baseline-venv", Path(sys.executable), platform.python_version(), _REQUIREMENTS
    )
    try:
        if not environment.is_current():
            environment.make()
        with tempfile.TemporaryDirectory() as folder:
            failing = set(_failing(compiler, environment.interpreter, Path(folder)))
    except (EnvironmentFailure, bicep.BicepFailure) as error:
        print(error, file=sys.stderr)
        return 1
    wrong = disagreements(failing, allowed(ALLOWED.read_text(encoding="utf-8")))
    print("\n".join(wrong) if wrong else "The security baseline holds.")
    return 1 if wrong else 0


def allowed(table: str) -> set[str]:
    """The rules that may fail: the first column of the table in infra/baseline.md."""
    return set(re.findall(r"^\| `(CKV\w+)` \|", table, re.MULTILINE))


def disagreements(failing: set[tuple[str, str]], may_fail: set[str]) -> list[str]:
    """Rules (with what they say) that fail and may not, and those that may fail and do not."""
    new = [f"fails: {rule} {what}" for rule, what in sorted(failing) if rule not in may_fail]
    gone = sorted(may_fail - {rule for rule, _ in failing})
    return new + [f"no longer fails, so it leaves {ALLOWED.name}: {rule}" for rule in gone]


def template_of(snapshot: dict[str, Any]) -> dict[str, Any]:
    """Predicted resources in the form that the rules read: a template with hardly anything to compute."""
    resources = [
        {name: value for name, value in one.items() if name != "id"} for one in snapshot["predictedResources"]
    ]
    return {"$schema": SCHEMA, "contentVersion": "1.0.0.0", "resources": resources}


def _failing(compiler: bicep.Bicep, interpreter: Path, folder: Path) -> Iterator[tuple[str, str]]:
    infra = Path(shutil.copytree(bicep.INFRA, folder / "infra"))
    for parameters in sorted(infra.glob("*.bicepparam")):
        template = folder / f"{parameters.stem}.json"
        template.write_text(json.dumps(template_of(compiler.predict(parameters))), encoding="utf-8")
        command = [str(interpreter), "-m", "checkov.main", "--file", str(template), "--framework", "arm"]
        options = ["--skip-download", "--quiet", "--compact", "--soft-fail", "--output", "json"]
        done = subprocess.run([*command, *options], check=False, capture_output=True, text=True, cwd=folder)
        told = json.loads(done.stdout)
        if told.get("summary", told)["parsing_errors"]:  # with which it exits with 0
            raise bicep.BicepFailure(f"checkov could not read {template.name}.\n{done.stderr[-2000:]}")
        checks = told["results"]["failed_checks"] if "results" in told else []  # it knows no resource in it
        for check in checks:
            yield check["check_id"], f"{check['resource']}: {check['check_name']}"
