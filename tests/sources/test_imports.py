"""The law of the light start: who only names or reads a source pays for no HTTP client and no Azure."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "module", ["shared.sources", "shared.sources.claude_code_admin", "shared.sources.organization"]
)
def test_reading_imports_no_client(module: str) -> None:
    """httpx, tenacity and azure come with the module that asks, not with those that read."""
    program = (
        f"import sys, {module}; print([n for n in sys.modules if n in ('httpx', 'tenacity', 'azure.core')])"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    assert told.stdout.strip() == "[]"
