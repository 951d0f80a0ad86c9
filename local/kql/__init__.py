"""Microsoft's own parser of KQL, from npm: a query that Azure would not understand is told here.

The alerts' queries are deployed without being validated (a new workspace has not all tables yet): a slip
of the pen would be an alert that never fires.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from local.azurite import node

HERE = Path(__file__).resolve().parent
_STAMP = HERE / "node_modules" / ".installed-from"


def install() -> node.Node:
    """Installs the parser where it is missing. Returns the node that runs it. Raises InstallationError."""
    found = node.find() or node.install()
    wanted = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    if not _STAMP.is_file() or _STAMP.read_text() != wanted:
        command = [*found.npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"]
        done = subprocess.run(command, cwd=HERE, check=False, stdout=sys.stderr)
        if done.returncode != 0:
            raise node.InstallationError(f"`npm ci` in {HERE} did not install the parser of KQL (see above).")
        _STAMP.write_text(wanted)
    return found


def complaints(tables: Mapping[str, str], queries: Mapping[str, str]) -> dict[str, list[str]]:
    """What is wrong with each query, by its name; ``tables`` have schemas such as ``(Message: string)``."""
    asked = json.dumps({"tables": dict(tables), "queries": dict(queries)})
    command = [str(install().program), str(HERE / "check.cjs")]
    done = subprocess.run(command, input=asked, check=True, capture_output=True, text=True, cwd=HERE)
    said: dict[str, list[str]] = json.loads(done.stdout)
    return said
