"""Processes that we start: they are heard, and they never outlive us."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from time import monotonic, sleep

import pytest

from local.children import Child, ChildError
from local.places import ROOT

WAITS = "import sys; print('ready 1'); print('ready 2', flush=True); sys.stdin.read(); print('bye')"
PARENT = """
import sys, time
from local.children import Child
child = Child("c", [sys.executable, "-m", "local.children.follow", "tests.local.waiting"])
child.wait_for("waiting", within=20)
print(child.pid, flush=True)
time.sleep(60)
"""


def test_a_child_is_heard_and_stops_in_order() -> None:
    """What it says can be waited for; closing its standard input is the sign to stop."""
    with Child("c", [sys.executable, "-c", WAITS]) as child:
        found = child.wait_for(r"ready (\d)", within=20, times=2)
        assert [match[1] for match in found] == ["1", "2"]
        child.check()
    assert child.exit_code == 0
    assert child.last_lines()[-1] == "bye"


def test_a_child_that_ends_is_reported_with_its_last_words() -> None:
    """Who waits for it learns which child it was, and why it ended."""
    with Child("The vendor", [sys.executable, "-c", "raise SystemExit('no port')"]) as child:
        with pytest.raises(
            ChildError, match=r"The vendor ended with exit code 1; it said last:\n    no port"
        ):
            child.wait_for("ready", within=20)
        with pytest.raises(ChildError, match="no port"):
            child.check()


def test_waiting_ends() -> None:
    """A child that never gets ready is not waited for without end."""
    with (
        Child("c", [sys.executable, "-c", WAITS]) as child,
        pytest.raises(ChildError, match="did not get ready"),
    ):
        child.wait_for("never", within=0.01)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_ends_when_its_parent_is_killed(sign: signal.Signals) -> None:
    """However the parent ends: nobody is left holding a port."""
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:  # noqa: S603
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.send_signal(sign)
        parent.wait()
    assert _eventually(lambda: not _lives(pid))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # Nobody may be there to collect it: a process that is dead but listed has ended, too.
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], check=False, capture_output=True, text=True)  # noqa: S603, S607
    return not state.stdout.strip().startswith("Z") and bool(state.stdout.strip())


def _eventually(holds: Callable[[], bool]) -> bool:
    until = monotonic() + 10
    while not holds():
        if monotonic() > until:
            return False
        sleep(0.02)
    return True
