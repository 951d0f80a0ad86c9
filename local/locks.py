"""Files that one process at a time holds. A lock goes with its holder, however that ends."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.places import ROOT

if sys.platform != "win32":
    import fcntl

CHECKOUT = ROOT / ".local"
"""Where the locks of a whole checkout are, whatever the state of whoever takes them."""


@contextmanager
def lock(file: Path, *, wait: bool = True) -> Iterator[None]:
    """Keeps every other holder of the file away. Where one is there: waits, or raises BlockingIOError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as held:
        if sys.platform != "win32":
            fcntl.flock(held, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
