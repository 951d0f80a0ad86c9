"""The law of the part that concludes: it is pure."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "shared" / "adoption").glob("*.py"))
OUTSIDE = {"azure", "httpx", "tenacity", "shared.store", "shared.sources", "shared.api", "shared.jobs"}
CLOCKS = {"now", "utcnow", "today", "time", "monotonic"}


def test_concluding_imports_no_io() -> None:
    """Neither azure nor httpx nor any other room of the house is imported by adoption."""
    names = ", ".join(f"shared.adoption.{module.stem}" for module in MODULES if module.stem != "__init__")
    code = f"import sys, {names}; print(*{OUTSIDE!r} & sys.modules.keys())"
    ran = subprocess.run(  # noqa: S603 - our own interpreter and our own text
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == ""


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_concluding_reads_no_clock(module: Path) -> None:
    """Time comes in as an argument."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    called = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not called & CLOCKS
