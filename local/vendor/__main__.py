"""`python -m local.vendor`: the simulated vendor as a program, until SIGTERM or SIGINT."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Sequence
from datetime import datetime

from local.vendor.vendor import SimulatedVendor
from local.vendor.worlds import DEFAULT_WORLD, worlds


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to stop. Prints one line when it is ready."""
    told = _parser().parse_args(arguments)
    stopping = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, stopping)  # before any thread, so that none is interrupted
    with SimulatedVendor(
        told.world, seed=told.seed, now=told.now, port=told.port, latency_ms=told.latency_ms
    ) as vendor:
        print(f"listening on {vendor.url}", flush=True)
        signal.sigwait(stopping)
    return 0


def _parser() -> argparse.ArgumentParser:
    listing = "\n".join(f"  {name:24}{description}" for name, description in worlds().items())
    parser = argparse.ArgumentParser(
        prog="python -m local.vendor",
        description="A simulated vendor of Claude Code usage data, on loopback.",
        epilog=f"worlds:\n{listing}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--world", default=DEFAULT_WORLD, choices=worlds(), metavar="NAME")
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--now", type=_moment, help="ISO moment at which the clock stands; default: it runs")
    parser.add_argument("--latency-ms", type=float, default=0, help="wait before each answer")
    return parser


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("a moment needs its offset, such as 2026-11-09T03:00:00Z")
    return moment


if __name__ == "__main__":
    raise SystemExit(main())
