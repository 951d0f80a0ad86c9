"""Small function apps, written by a test and loaded as the host loads ours."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

HOST_FILE = {"version": "2.0", "extensions": {"http": {"routePrefix": "api"}}}
HEAD = """
import azure.functions as func
from tests.local.seen import seen
app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
"""

WriteApp = Callable[..., Path]


@pytest.fixture
def write_app(tmp_path: Path) -> Iterator[WriteApp]:
    """Writes an app of the given functions into a folder; what loading it leaves behind is taken away."""
    path, before = list(sys.path), sys.modules.get("function_app")

    def write(functions: str, host: dict[str, object] | None = None) -> Path:
        (tmp_path / "function_app.py").write_text(HEAD + dedent(functions))
        (tmp_path / "host.json").write_text(json.dumps(HOST_FILE if host is None else host))
        return tmp_path

    yield write
    sys.path[:] = path
    sys.modules.pop("function_app", None)
    if before is not None:
        sys.modules["function_app"] = before


@pytest.fixture(autouse=True)
def _nothing_seen() -> None:
    from tests.local.seen import seen

    seen.clear()
