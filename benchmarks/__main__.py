"""``python -m benchmarks [NAME…]``: measure, and print a table."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from time import perf_counter

from benchmarks.ingesting import ingesting
from benchmarks.listing import listing
from benchmarks.parsing import parsing
from benchmarks.reading import reading
from benchmarks.rebuilding import rebuilding
from benchmarks.refreshing import refreshing
from benchmarks.replaying import replaying
from benchmarks.showing import showing
from benchmarks.stage import Stage, stage
from benchmarks.starting import starting
from benchmarks.table import Line, in_markdown
from benchmarks.timeline import timeline
from benchmarks.weighing import weighing
from local.children import ChildError
from local.node import InstallationError

BENCHMARKS: dict[str, Callable[[Stage], Iterator[Line]]] = {
    "read": reading,
    "list": listing,
    "start": starting,
    "refresh": refreshing,
    "rebuild": rebuilding,
    "parse": parsing,
    "ingest": ingesting,
    "replay": replaying,
    "weigh": weighing,
    "timeline": timeline,
    "show": showing,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is named, one after the other, or everything."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="one of " + ", ".join(BENCHMARKS))
    names = parser.parse_args(arguments).names
    if unknown := [name for name in names if name not in BENCHMARKS]:
        parser.error(f"no benchmark is called {unknown[0]!r}; there are: {', '.join(BENCHMARKS)}")
    lines: list[Line] = []
    try:
        with stage() as theirs:
            for name in names or BENCHMARKS:
                started = perf_counter()
                lines += BENCHMARKS[name](theirs)
                print(f"{name}: measured in {perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    except (InstallationError, ChildError) as error:
        print(error, file=sys.stderr)
        return 1
    print(in_markdown(lines))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
