"""The app that `dev.py start` runs: what other commands must know of it, and how they talk to it."""

import json
import os
import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import Any, TypeVar
from urllib.parse import urlsplit

from local.locks import lock
from local.places import STATE

RECORD = STATE / "running.json"
LOCK = STATE / "lock"
NOT_RUNNING = "Nothing is running here: start it in another terminal with `python3 dev.py start`."


Found = TypeVar("Found")


class AppError(RuntimeError):
    """The running app did not do what was asked for. The text says what and why."""


@dataclass(frozen=True, slots=True)
class Running:
    """`world` is the simulated world, or empty when the app talks to the vendor."""

    pid: int
    url: str
    storage: str
    world: str = ""

    def write(self, file: Path = RECORD) -> None:
        """For other commands to find; whole or not at all. Of us only: it holds a connection string."""
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(".new")
        draft.write_text(json.dumps(asdict(self), indent=2))
        draft.chmod(0o600)
        draft.replace(file)

    def get(self, path: str) -> tuple[int, dict[str, Any]]:
        """The status and the JSON document of a GET. Raises AppError when nothing answers."""
        return self._exchange(urllib.request.Request(self.url + path))  # noqa: S310 - our own URL

    def trigger(self, function: str) -> None:
        """Runs a function now, without waiting for it. Raises AppError."""
        request = urllib.request.Request(  # noqa: S310 - our own URL
            f"{self.url}/admin/functions/{function}",
            data=b'{"input": ""}',
            headers={"content-type": "application/json"},
        )
        status, document = self._exchange(request)
        if status != 202:
            raise AppError(f"{function} could not be started: {status} {document.get('title', '')}")

    def runs(self) -> list[dict[str, Any]]:
        return self._of_status("runs")

    def receipts(self) -> list[dict[str, Any]]:
        return self._of_status("receipts")

    def _of_status(self, name: str) -> list[dict[str, Any]]:
        status, document = self.get("/api/status")
        if status != 200:
            hint = " Is DEVELOPMENT_PRINCIPAL set in local.settings.json?" if status == 401 else ""
            raise AppError(f"/api/status answers {status}: {document.get('title', 'no reason given')}.{hint}")
        return list(document.get(name, []))

    def _exchange(self, request: urllib.request.Request) -> tuple[int, dict[str, Any]]:
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # loopback needs no proxy
        try:
            with direct.open(request, timeout=60) as answer:
                return answer.status, _document(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, _document(error.read())
        except OSError as error:
            raise AppError(f"{self.url} does not answer: {error}") from None


@contextmanager
def alone(file: Path = LOCK) -> Iterator[None]:
    """Keeps every other start of this checkout away: two Azurites would ruin one folder of data.

    Raises AppError when another one runs. The lock goes with its holder, however that ends.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(lock(file, wait=False))
        except BlockingIOError:
            raise AppError("It runs already, in another terminal: stop it there with Ctrl-C first.") from None
        yield


def find(file: Path = RECORD) -> Running | None:
    """The app that runs now, or None. A record that was left by a killed one is none."""
    try:
        running = Running(**json.loads(file.read_text()))
    except (OSError, ValueError, TypeError):
        return None
    address = urlsplit(running.url)
    return running if _lives(running.pid) and _listens(str(address.hostname), address.port or 0) else None


def wait_for(look: Callable[[], Found | None], *, within: float, what: str) -> Found:
    """What `look` finds, asked again and again. Raises AppError after `within` seconds."""
    until = monotonic() + within
    while True:
        found = look()
        if found is not None:
            return found
        if monotonic() > until:
            raise AppError(f"{what} did not come within {within:.0f} seconds: see .local/log/functions.log.")
        sleep(0.3)


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True
