"""The law of what answering may need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("module", ["principal", "problems", "parameters", "responses", "health", "openapi"])
def test_answering_needs_no_azure_at_import(module: str) -> None:
    """The logic of the doors is imported without the runtime, the SDKs, or an HTTP client."""
    code = f"import sys, shared.api.{module}; print(*{{'azure', 'httpx', 'tenacity'}} & sys.modules.keys())"
    ran = subprocess.run(  # noqa: S603 - our own interpreter and our own text
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == ""
