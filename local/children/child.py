"""One process of ours: what it says is kept, and it ends when we end, however we end.

A child holds the reading end of a pipe as its standard input, and stops by itself, in order, when that
closes (`follow.py` for Python, `azurite/follow.cjs` for node). The pipe closes when we close it, and
also when we are killed: nobody is left holding a port.
"""

import os
import re
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self

from local.places import ROOT

KEPT_LINES = 200


class ChildError(RuntimeError):
    """A child ended, or was not ready in time. The text names it and ends with what it said last."""


class Child:
    """Starts `command` at once. Each line it prints goes to `show`, from a thread of ours."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str] | None = None,
        show: Callable[[str], None] | None = None,
    ) -> None:
        self.name = name
        self._show = show
        self._lines: deque[str] = deque(maxlen=KEPT_LINES)
        self._said = threading.Condition()
        self._silent = False
        # A session of its own: Ctrl-C in the terminal reaches us alone, and we stop the children in order.
        self._process = subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            env=dict(os.environ if environment is None else environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, name=f"{name}-output", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None as long as it runs."""
        return self._process.poll()

    def last_lines(self, count: int = 12) -> list[str]:
        with self._said:
            return list(self._lines)[-count:]

    def wait_for(self, pattern: str, *, within: float, times: int = 1) -> list[re.Match[str]]:
        """The first `times` matches of `pattern` in its lines, once it has said them.

        Raises ChildError when it ends before, or `within` seconds have passed.
        """
        wanted = re.compile(pattern)
        until = monotonic() + within
        with self._said:
            while True:
                found = [match for line in self._lines if (match := wanted.search(line))]
                if len(found) >= times:
                    return found[:times]
                left = until - monotonic()
                if self._silent or left <= 0:
                    raise ChildError(self._obituary(self._ending() if self._silent else "did not get ready"))
                self._said.wait(left)

    def check(self) -> None:
        """Raises ChildError when it has ended."""
        if self.exit_code is not None:
            self._reader.join(1)
            raise ChildError(self._obituary(self._ending()))

    def stop(self, *, within: float = 15) -> None:
        """Asks it to stop and waits; kills it if it has not after `within` seconds. Again does nothing."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(within)
        if self._process.stdout is not None and not self._reader.is_alive():
            self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _read(self) -> None:
        for line in self._process.stdout or ():
            text = line.rstrip("\r\n")
            with self._said:
                self._lines.append(text)
                self._said.notify_all()
            if self._show is not None:
                self._show(text)
        with self._said:
            self._silent = True
            self._said.notify_all()

    def _ending(self) -> str:
        code = self._process.wait()  # it closed its output: it is gone, or about to
        return f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"

    def _obituary(self, what: str) -> str:
        said = "\n".join(f"    {line}" for line in list(self._lines)[-12:])
        return f"{self.name} {what}; it said last:\n{said or '    (nothing)'}"
