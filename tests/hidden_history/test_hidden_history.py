"""From exports to the answer, judged by what really happened and by a second reckoning."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable
from random import Random

import pytest

from shared.app import App
from shared.errors import ExportRefused
from shared.jobs.refresh import refresh
from shared.records import Figure, PeriodRow
from shared.sources.exports import MonthToDate, read_dropped
from tests.adoption.asking import ask
from tests.conftest import MONDAY_NOON, MakeApp, TestClock
from tests.hidden_history.history import DAY, History, history_of
from tests.hidden_history.reckoning import Edge, Reckoning, Span
from tests.hidden_history.written import COUNTS, File, written
from tests.jobs.dropping import drop


def configured(history: History) -> list[File]:
    """The roster, the aliases and the keys, each dropped once."""
    roster = [
        f"{address},{history.names.get(address, '')},core,{joined or ''},{left or ''}"
        for address, (joined, left) in history.roster.items()
    ]
    tables = {
        "roster": ["email,name,team,joined,left", *roster],
        "aliases": ["alias,email", *map(",".join, history.aliases.items())],
        "keys": ["key_name,email", *map(",".join, history.keys.items())],
    }
    return [
        File(f"2026-09-01/{name}.csv", "\n".join(table).encode())
        for name, table in tables.items()
        if len(table) > 1
    ]


def spanned(figure: Figure) -> Span:
    assert isinstance(figure.low, int)
    return Span(figure.low, math.inf if figure.high is None else float(figure.high))


def judge(row: PeriodRow, reckoning: Reckoning, start: Edge, end: Edge) -> None:
    """A row says what the second reckoning says."""
    lines, active = row.figures["linesAccepted"], row.active["linesAccepted"]
    assert spanned(lines) == reckoning.total(start, end), row.label
    assert (lines.value is not None) == (lines.low == lines.high), row.label
    assert spanned(active) == reckoning.active(start, end), row.label
    assert row.of == len(reckoning.roster(end.moment)), row.label


def dropped(app: App, history: History) -> None:
    """Everything that was downloaded and configured is dropped, in any order, and one file twice."""
    files = [*(written(one, history.random) for one in history.downloads), *configured(history)]
    history.random.shuffle(files)
    for file in files:
        receipt = drop(app, *file)
        assert receipt.state == "accepted", (receipt.notes, receipt.findings)
    assert drop(app, *files[0]).state == "duplicate"
    refresh(app, "timer")


@pytest.mark.parametrize("seed", range(11))
def test_the_truth_lies_in_ranges_that_are_as_tight_as_can_be(
    make_app: MakeApp, clock: TestClock, seed: int
) -> None:
    """Weeks, months, export periods and verdicts are those of an independent reckoning."""
    history = history_of(seed)
    reckoning = Reckoning(history)
    clock.at = history.now
    app = make_app(EXPORT_TIMEZONE=history.zone.key)
    dropped(app, history)
    since, until = history.now - 200 * DAY, history.now + 40 * DAY
    for row in (*app.periods.read("week", since, until), *app.periods.read("month", since, until)):
        period = row.period
        if row.completeness != "uncovered":
            judge(row, reckoning, Edge(period.start), Edge(period.end))
        within = spanned(row.figures["linesAccepted"])
        assert within.low <= history.lines(period.start, period.end) <= within.high, row.label
    stored = {row.period.end: row for row in app.periods.read("export", since, until)}
    assert sorted(stored) == [edge.moment for edge in reckoning.edges]
    for edge in reckoning.edges:
        first = reckoning.starts(edge)
        assert stored[edge.moment].period.start == first.moment
        judge(stored[edge.moment], reckoning, first, edge)
    the_answer_is_the_same(app, reckoning)


def the_answer_is_the_same(app: App, reckoning: Reckoning) -> None:
    """The stored verdict, and what the reader hears of it as long as it is young enough."""
    compared, stored = reckoning.compared(), app.periods.read_answer()
    assert (stored is None) == (compared is None)
    if stored is None or compared is None:
        return
    verdict = reckoning.verdict(*compared)
    assert (stored.period.start, stored.period.end) == (compared[1].moment, compared[2].moment)
    assert stored.answer.verdict == verdict
    if reckoning.history.now - stored.period.end <= 16 * DAY:
        document = ask(app, granularity="export", from_="2026-09-01").document
        assert document["answer"]["verdict"] == verdict
        ends = [period["period"]["end"] for period in document["periods"]]
        assert ends[-1] == document["answer"]["period"]["end"]
        assert ends[:-1] == [period["period"]["start"] for period in document["periods"][1:]]


def read(cells: list[str]) -> list[int] | None:
    """The counts of a team export, in its order; None where it is refused."""
    text = io.StringIO()
    csv.writer(text).writerows(
        [["User", "Lines this Month"], *([f"p{at}@quux.example", one] for at, one in enumerate(cells))]
    )
    try:
        said = read_dropped(
            text.getvalue().encode(),
            name="2026-11-13/claude_code_team_2026_11_01_to_2026_11_30.csv",
            metadata={},
            last_modified=MONDAY_NOON,
            arrived=MONDAY_NOON,
            timezone=history_of(0).zone,
        )
    except ExportRefused:
        return None
    assert isinstance(said, MonthToDate)
    return [int(value) for value in said.of("linesAccepted")]


def test_numbers_of_any_language_are_read_right() -> None:
    """A column of one language is read as it was meant."""
    random = Random(1)  # noqa: S311 - a seed
    for _ in range(300):
        language = COUNTS[random.choice(list(COUNTS))]
        counts = [random.randrange(10 ** random.randrange(1, 9)) for _ in range(random.randrange(1, 9))]
        assert read(list(map(language, counts))) == counts


def test_numbers_of_two_languages_are_read_right_or_refused() -> None:
    """Nothing is guessed: not two languages in a column, and not what a spreadsheet makes of a number."""
    random = Random(2)  # noqa: S311 - a seed
    damaged: tuple[Callable[[int], str], ...] = (
        lambda count: f"{count:.4E}",
        lambda count: f"{count},0",
        lambda count: f"{count}.00",
        lambda count: f"+{count}",
        lambda count: f"{count % 28 + 1:02}.11.2026",
        lambda count: f"{count}%",
    )
    for _ in range(300):
        languages = random.sample([*COUNTS.values(), *damaged], 2)
        counts = [random.randrange(10 ** random.randrange(1, 9)) for _ in range(random.randrange(2, 9))]
        assert read([random.choice(languages)(count) for count in counts]) in (counts, None)
