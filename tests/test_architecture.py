"""Imports point one way (docs/architecture.md): arrives, kept, concluded, answered."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

#: Modules that cost more than a request that does not need them should pay.
HEAVY = (
    "httpx",
    "tenacity",
    "azure.storage.blob",
    "azure.identity",
    "azure.keyvault",
    "azure.storage.queue",
    "azure.monitor",
    "opentelemetry",
)


def modules(folder: str) -> Iterator[Path]:
    """Every module below a folder; none at all would prove nothing."""
    found = sorted((ROOT / folder).rglob("*.py"))
    assert found, f"there is no module in {folder}"
    yield from found


def imports(path: Path) -> set[str]:
    """The full names that a module imports, anywhere in it and for whatever purpose."""
    package = path.relative_to(ROOT).parent.parts
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            found |= {f"{module}.{alias.name}" for alias in node.names}
    return found


def importing(folder: str, *names: str) -> list[str]:
    """Which modules of a folder import one of those packages: ``<module> imports <name>``."""
    return [
        f"{path.relative_to(ROOT)} imports {found}"
        for path in modules(folder)
        for found in sorted(imports(path))
        if any(found == name or found.startswith(f"{name}.") for name in names)
    ]


@pytest.mark.parametrize(
    ("folder", "never"),
    [
        ("shared/adoption", ("azure", "httpx", "tenacity", "time", "random", "secrets", "os", "asyncio")),
        ("shared/adoption", ("shared.store", "shared.jobs", "shared.api", "shared.app", "shared.settings")),
        ("shared/sources", ("shared.store", "shared.jobs", "shared.api", "shared.app")),
        ("shared/store", ("shared.adoption", "shared.jobs", "shared.api", "shared.app")),
        ("shared/jobs", ("shared.api", "httpx", "azure", "tenacity")),
        ("shared/api", ("shared.jobs", "shared.sources.vendor", "httpx", "azure.storage", "azure.data")),
        ("shared", ("local", "tests", "function_app", "dev")),
        ("local/vendor", ("shared", "tests", "function_app")),
    ],
)
def test_imports_point_one_way(folder: str, never: tuple[str, ...]) -> None:
    """A new arrow against the stream is a decision, not an accident."""
    assert importing(folder, *never) == []


def test_what_concludes_has_no_clock() -> None:
    """``adoption`` is told the time: it never asks for it."""
    asked = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules("shared/adoption")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today", "fromtimestamp")
    ]
    assert asked == []


def test_only_the_store_and_the_key_vault_speak_to_azure() -> None:
    """Elsewhere nothing knows which cloud it runs in; the doors know the trigger types."""
    speaking = {line.partition(" ")[0] for line in importing("shared", "azure")}
    api = {path for path in speaking if path.startswith("shared/api/")}
    assert {path for path in speaking - api if not path.startswith("shared/store/")} == {
        "shared/sources/credentials.py"
    }
    assert importing("shared/api", "azure") == importing("shared/api", "azure.functions")


def test_one_module_speaks_http() -> None:
    """httpx stands behind one door: the vendor's."""
    assert {line.partition(" ")[0] for line in importing("shared", "httpx")} == {"shared/sources/vendor.py"}


def test_loading_the_app_imports_nothing_heavy() -> None:
    """Start-up time is a feature: an instance that only answers must not pay for an HTTP client."""
    program = f"import json, sys, function_app; print(json.dumps([n for n in {HEAVY!r} if n in sys.modules]))"
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []
