"""What a dropped export costs storage, from the drop container to the rows that it changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import perf_counter

from benchmarks.parsing import team
from benchmarks.stage import Stage
from benchmarks.table import Line
from benchmarks.year import File, weekly_spend
from shared.app import App
from shared.jobs.ingest import ingest, receive
from shared.jobs.rebuild import rebuild

SIZES = (8, 10_000)
FRIDAYS = ("2026-11-06T16:00:00Z", "2026-11-13T16:10:00Z")
NAME = "claude_code_team_2026_11_01_to_2026_11_30.csv"

#: Weekly spend reports: a year of them.
REPORTS = 52


def ingesting(stage: Stage, sizes: Sequence[int] = SIZES, reports: int = REPORTS) -> Iterator[Line]:
    """Seconds and storage transactions, first of a team export and then of a spend report."""
    for people in sizes:
        yield from _second_export(stage, people)
    for people in sizes:
        yield from _spend_reports(stage, people, reports)


def _second_export(stage: Stage, people: int) -> Iterator[Line]:
    """The first export gives everybody an id; the second has looks, judgement, rows, receipts."""
    app = stage.app()
    for number, friday in enumerate(FRIDAYS):
        content = team(people) if number == 0 else _grown(team(people))
        app.storage.container("drop").upload_blob(f"{number}/{NAME}", content, metadata={"as_of": friday})
    yield _received(stage, app, f"first export, {people:,} new people", f"0/{NAME}")
    yield _received(stage, app, f"second export of a month, {people:,} people", f"1/{NAME}")


def _spend_reports(stage: Stage, people: int, reports: int) -> Iterator[Line]:
    """All rows of a year of reports; and what the newest one changes, beside which the others are read."""
    app = stage.app()
    *earlier, newest = weekly_spend(people, reports)
    for file in earlier:
        _drop(app, file)
        ingest(app, file.name)
    here, traffic = stage.counted(app)
    started = perf_counter()
    rows = rebuild(here)
    told = f"{perf_counter() - started:.2f} s; {traffic.in_words()}; {rows} period rows"
    yield Line("ingest", f"{len(earlier)} spend reports, {people:,} people: rows of a year", told)
    _drop(app, newest)
    yield _received(stage, app, f"spend report {reports} of a year, {people:,} people", newest.name)


def _received(stage: Stage, app: App, what: str, name: str) -> Line:
    here, traffic = stage.counted(app)
    started = perf_counter()
    receipt = receive(here, name)
    seconds = perf_counter() - started
    state = receipt.state if receipt else "nothing"
    return Line("ingest", what, f"{seconds:.2f} s; {traffic.in_words()}; {state}")


def _drop(app: App, file: File) -> None:
    app.storage.container("drop").upload_blob(file.name, file.content, metadata=file.metadata)


def _grown(content: bytes) -> bytes:
    """The same people a week later: nobody's count has fallen."""
    return content.replace(b',"', b',"9')
