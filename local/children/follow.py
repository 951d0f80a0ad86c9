"""`python -m local.children.follow MODULE ARGUMENTS…`: `python -m MODULE`, which ends with its parent.

When standard input closes, that is when the parent stops it or dies, the module gets a SIGTERM and
stops as it would in a terminal.
"""

import os
import runpy
import signal
import sys
import threading


def main() -> None:
    del sys.argv[0]
    threading.Thread(target=_stop_with_parent, name="follow-parent", daemon=True).start()
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _stop_with_parent() -> None:
    if sys.platform != "win32":  # the signal is for the main thread, which may wait for it
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    # The descriptor, not sys.stdin: a blocked buffered read would hold its lock while the interpreter ends.
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
