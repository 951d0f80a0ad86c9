"""How much memory this process had."""

from __future__ import annotations

import resource
from pathlib import Path


def peak() -> float:
    """The most, in MiB. Linux's ru_maxrss also tells of the process that started this one."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024)  # macOS tells bytes
