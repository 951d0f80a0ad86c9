"""Microsoft's own parser of KQL, from npm: a query that Azure would not understand is told here.

The alerts' queries are deployed without being validated (a new workspace has not all tables yet): a slip
of the pen would be an alert that never fires.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

from local.node import Packages

HERE = Path(__file__).resolve().parent
PACKAGES = Packages(HERE, "the parser of KQL")


def complaints(tables: Mapping[str, str], queries: Mapping[str, str]) -> dict[str, list[str]]:
    """What is wrong with each query, by its name; ``tables`` have schemas such as ``(Message: string)``."""
    asked = json.dumps({"tables": dict(tables), "queries": dict(queries)})
    command = [str(PACKAGES.install().program), str(HERE / "check.cjs")]
    done = subprocess.run(command, input=asked, check=True, capture_output=True, text=True, cwd=HERE)
    said: dict[str, list[str]] = json.loads(done.stdout)
    return said
