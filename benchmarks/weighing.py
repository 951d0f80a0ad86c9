"""What a large file takes, from the drop container to its receipt: seconds and memory.

Each is taken in by a process of its own (``python -m benchmarks.weighing NAME``): its peak is its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import chain, count, islice
from typing import NamedTuple

from benchmarks.memory import peak
from benchmarks.stage import Stage, app_on
from benchmarks.table import Line
from local.places import ROOT
from shared.app import App
from shared.jobs.ingest import ingest

SIZE = 200_000_000
ROWS = 1_000_000
GOAL = "≤ 150 MB"

_MOST = 1 << 30
_FOLDER = "2026-11-13"
_TEAM = f"{_FOLDER}/claude_code_team_2026_11_01_to_2026_11_30.csv"
_SPEND = f"{_FOLDER}/spend-report--2026-11-02-to-2026-11-08.csv"
_COST = f"{_FOLDER}/claude_api_cost_2026_11_01_to_2026_11_12.csv"
_ROWS_A_PIECE = 2_000


class Weighed(NamedTuple):
    """One file. Memory in MiB: before it, after a small one, and the peak."""

    state: str
    note: str
    seconds: float
    before: float
    peak: float


def weighing(stage: Stage, size: int = SIZE, rows: int = ROWS) -> Iterator[Line]:
    """Files of so many bytes, good, bad and unread, and good ones of so many rows."""
    mb = f"{size / 1e6:,.0f} MB"
    files: dict[str, tuple[str, Iterator[bytes], int]] = {
        f"{mb}, unread": (_TEAM, team(size=size), size // 8),
        f"{mb}, a team export": (_TEAM, team(size=size), _MOST),
        f"{mb}, a spend report": (_SPEND, spend_report(size=size), _MOST),
        f"{mb}, one line": (_TEAM, one_line(size), _MOST),
        f"{rows:,} rows, a team export": (_TEAM, team(rows=rows), _MOST),
        f"{rows:,} rows, a spend report": (_SPEND, spend_report(rows=rows), _MOST),
        f"{rows:,} rows, Console cost": (_COST, console_cost(rows=rows), _MOST),
    }
    for what, (name, content, most) in files.items():
        one = weigh(stage.app(EXPORT_MAX_BYTES=str(most)), name, content)
        figure = f"{one.seconds:.1f} s; {one.peak - one.before:.0f} MiB above {one.before:.0f}; {one.note}"
        yield Line("weigh", what, figure, goal=GOAL)


def weigh(app: App, name: str, content: Iterator[bytes]) -> Weighed:
    """Drop a file, and have it taken in by a process of its own."""
    app.storage.container("drop").upload_blob(name, content)
    done = subprocess.run(  # noqa: S603  # ourselves
        [sys.executable, "-m", "benchmarks.weighing", name],
        cwd=ROOT,
        env=os.environ
        | {
            "BENCHMARK_STORAGE": app.settings.data_storage,
            "EXPORT_MAX_BYTES": str(app.settings.export_max_bytes),
        },
        check=True,
        capture_output=True,
        text=True,
    )
    return Weighed(*json.loads(done.stdout.splitlines()[-1]))


def team(*, size: int | None = None, rows: int | None = None) -> Iterator[bytes]:
    """A team export of people who are all different."""
    return _file("User,Lines this Month", lambda n: f'person.{n}@example.com,"{n % 90_000:,}"', size, rows)


def spend_report(
    *, size: int | None = None, rows: int | None = None, people: int = 10_000
) -> Iterator[bytes]:
    """A spend report of so many users and many models."""
    header = (
        "user_email,account_uuid,product,model,total_requests,total_prompt_tokens,total_completion_tokens,"
        "total_net_spend_usd,total_gross_spend_usd"
    )
    return _file(
        header,
        lambda n: (
            f"person.{n % people}@example.com,0b6cf3f2-5d1e-4c1a-9c66-{n:012d},Claude Code,model-{n % 97},"
            f"{n % 77},{n * 7},{n * 3},0.{n % 100:02d},{n % 100}.{n % 1000:03d}001"
        ),
        size,
        rows,
    )


def console_cost(*, size: int | None = None, rows: int | None = None) -> Iterator[bytes]:
    """A Console cost file of five thousand keys on each of twelve days."""
    return _file(
        "usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,cost_type",
        lambda n: (
            f"2026-11-{n % 12 + 1:02d},Claude,Claude Code,claude_code_key_person{n % 5_000}_abcd,message,"
            f"≤ 200k,input,{n % 100}.{n % 1000:03d},token"
        ),
        size,
        rows,
    )


def one_line(size: int) -> Iterator[bytes]:
    """A file without a line's end."""
    piece = b"x," * 32_768
    return islice(chain.from_iterable([piece] for _ in count()), size // len(piece))


def _file(header: str, row: Callable[[int], str], size: int | None, rows: int | None) -> Iterator[bytes]:
    """Rows under a header, until it is so large or has so many."""
    yield f"{header}\r\n".encode()
    written = at = 0
    while (size is None or written < size) and (rows is None or at < rows):
        more = _ROWS_A_PIECE if rows is None else min(_ROWS_A_PIECE, rows - at)
        piece = "".join(f"{row(n)}\r\n" for n in range(at, at + more)).encode()
        written, at = written + len(piece), at + more
        yield piece


def _take_in(name: str) -> Weighed:
    most = os.environ["EXPORT_MAX_BYTES"]
    app = app_on(os.environ["BENCHMARK_STORAGE"], EXPORT_MAX_BYTES=most)
    app.storage.container("drop").upload_blob("small.csv", b"<html>")
    ingest(app, "small.csv")  # what every file needs is imported, and the clients are made
    before = peak()
    started = app.clock.monotonic()
    receipt = ingest(app, name)
    assert receipt is not None  # noqa: S101 - it was dropped just now
    note = receipt.findings[0].note if receipt.findings else f"{receipt.rows_in:,} rows accepted"
    return Weighed(receipt.state, note, app.clock.monotonic() - started, before, peak())


if __name__ == "__main__":
    print(json.dumps(_take_in(sys.argv[1])))
