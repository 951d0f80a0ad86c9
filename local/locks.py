"""Files that one process at a time holds. A lock goes with its holder, however that ends."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":
    import fcntl


@contextmanager
def lock(file: Path, *, wait: bool = True) -> Iterator[None]:
    """Keeps every other holder of the file away. Where there is one: waits, or raises BlockingIOError.

    What is in the file stays as it is.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as held:
        if sys.platform != "win32":
            fcntl.flock(held, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
