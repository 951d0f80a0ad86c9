"""What a dropped export costs storage, from the drop container to the rows that it changes."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

from benchmarks.parsing import team
from benchmarks.stage import Stage
from benchmarks.table import Line
from shared.jobs.ingest import receive

SIZES = (8, 10_000)
FRIDAYS = ("2026-11-06T16:00:00Z", "2026-11-13T16:10:00Z")
NAME = "claude_code_team_2026_11_01_to_2026_11_30.csv"


def ingesting(stage: Stage, sizes: tuple[int, ...] = SIZES) -> Iterator[Line]:
    """Seconds and storage transactions of the second export of a month: looks, judgement, rows, receipt."""
    for people in sizes:
        app = stage.app()
        for number, friday in enumerate(FRIDAYS):
            content = team(people) if number == 0 else _grown(team(people))
            app.storage.container("drop").upload_blob(f"{number}/{NAME}", content, metadata={"as_of": friday})
        receive(app, f"0/{NAME}")
        here, traffic = stage.counted(app)
        started = perf_counter()
        receipt = receive(here, f"1/{NAME}")
        seconds = perf_counter() - started
        told = f"{seconds:.2f} s; {traffic.in_words()}; {receipt.state if receipt else 'nothing'}"
        yield Line("ingest", f"second export of a month, {people:,} people", told)


def _grown(content: bytes) -> bytes:
    """The same people a week later: nobody's count has fallen."""
    return content.replace(b',"', b',"9')
