"""Recognise, parse and validate an export, over ``csv.DictReader`` alone on the same bytes."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from random import Random
from zoneinfo import ZoneInfo

from benchmarks.stage import Stage
from benchmarks.table import Line
from benchmarks.timing import Samples, Spread, ratio, side_by_side
from shared.sources.exports import Said, read_dropped

ROWS = 100_000
SIZES = (1_000, 10_000, 100_000)
ROUNDS, WARM_UP = 15, 1
GOAL = "≤ 2"

_ARRIVED = datetime(2026, 11, 20, 16, tzinfo=UTC)
_NAME = "claude_code_team_2026_11_01_to_2026_11_30.csv"


def parsing(_stage: Stage, rows: int = ROWS, sizes: Sequence[int] = SIZES) -> Iterator[Line]:
    """Rows a second of each form, its time over DictReader's, and peak memory by the file's size."""
    files = {form: write(rows) for form, write in FORMS.items()}
    actions: dict[str, Callable[[], object]] = {}
    for form, content in files.items():
        actions[form] = partial(read, content)
        actions[f"{form}, DictReader"] = partial(read_plainly, content)
    samples = side_by_side(actions, rounds=ROUNDS, warm_up=WARM_UP)
    for form in files:
        yield _speed(form, rows, samples)
    for size in sizes:
        yield _memory(size)


def team(rows: int, mark: str = ",") -> bytes:
    """A Claude Code team export of so many people."""
    count = _counts(mark)
    return _csv("User,Lines this Month", (f'{_person(n)},"{count()}"' for n in range(rows)))


def contribution(rows: int) -> bytes:
    """A contribution export in its wider form."""
    count = _counts(",")
    return _csv(
        "Email,PRs with CC,All PRs,Lines with CC,All Lines",
        (f'{_person(n)},{n % 40},{n % 90},"{count()}","{count()}"' for n in range(rows)),
    )


def console(rows: int) -> bytes:
    """A Console team export: every other row is an API key's."""
    count = _counts(",")
    users = (f"claude_code_key_person{n}_abcd" if n % 2 else _person(n) for n in range(rows))
    return _csv(
        "User,Spend this Month (USD),Lines this Month",
        (f'{user},"${n % 2000:,}.{n % 100:02d}","{count()}"' for n, user in enumerate(users)),
    )


FORMS: dict[str, Callable[[int], bytes]] = {
    "team": team,
    "team, French": partial(team, mark="\u202f"),
    "contribution": contribution,
    "console": console,
}


def read(content: bytes) -> Said:
    """Read the export as it would be when it was dropped."""
    return read_dropped(
        content,
        name=_NAME,
        metadata={},
        last_modified=_ARRIVED,
        arrived=_ARRIVED,
        timezone=ZoneInfo("UTC"),
    )


def read_plainly(content: bytes) -> int:
    """What cannot be done without: decode, split, name the cells; nothing is checked or kept."""
    text = io.TextIOWrapper(io.BytesIO(content), "utf-8-sig", newline="")
    return sum(1 for _ in csv.DictReader(text))


def _speed(form: str, rows: int, samples: Samples) -> Line:
    seconds = Spread.of(samples[form])
    over = ratio(samples[form], samples[f"{form}, DictReader"])
    what = f"{form}, {rows:,} rows: {rows / seconds.median:,.0f} rows/s"
    return Line("parse", what, seconds.show("ms", scale=1000, places=0), over.show("×", places=2), GOAL)


def _memory(rows: int) -> Line:
    """Beyond the bytes: the peak while reading, and how much of it is the result."""
    content = team(rows)
    tracemalloc.start()
    try:
        export = read(content)
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    figure = f"peak {peak / 2**20:.1f} MiB, {kept / 2**20:.1f} of them the result"
    return Line("parse", f"memory, {export.rows_in:,} rows, {len(content) / 2**20:.2f} MiB", figure)


def _csv(header: str, rows: Iterator[str]) -> bytes:
    return "\r\n".join((header, *rows, "")).encode()


def _person(number: int) -> str:
    return f"person.{number}@example.com"


def _counts(mark: str) -> Callable[[], str]:
    chance = Random(1)  # noqa: S311 - the same file every time, and no secret
    return lambda: f"{chance.randrange(90_000):,}".replace(",", mark)
