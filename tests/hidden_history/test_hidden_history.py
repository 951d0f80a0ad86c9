"""From exports to the answer, judged by what really happened and by a second reckoning."""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest

from shared.app import App
from shared.errors import ExportRefused
from shared.jobs.refresh import refresh
from shared.jobs.retract import retract
from shared.records import Figure, PeriodRow
from shared.sources.exports import MonthToDate, read_dropped
from tests.adoption.asking import ask
from tests.conftest import MONDAY_NOON, MakeApp, TestClock
from tests.hidden_history.history import DAY, Download, History, history_of
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


@pytest.mark.parametrize("seed", range(5, 11))
def test_the_truth_lies_in_ranges_that_are_as_tight_as_can_be(
    make_app: MakeApp, clock: TestClock, seed: int
) -> None:
    """Weeks, months, export periods and verdicts are those of an independent reckoning."""
    history = history_of(seed)
    clock.at = history.now
    app = make_app(EXPORT_TIMEZONE=history.zone.key)
    dropped(app, history)
    judge_all(app, history)


@pytest.mark.parametrize("seed", [8, 9])
def test_wrong_files_that_were_retracted_leave_no_trace(
    make_app: MakeApp, clock: TestClock, seed: int
) -> None:
    """Dropped among the right ones in any order, and each retracted at any time after: the same reckoning."""
    history = history_of(seed)
    clock.at = history.now
    app = make_app(EXPORT_TIMEZONE=history.zone.key)
    wrong_files_leave_no_trace(app, history)


def test_a_history_is_judged_the_same_on_a_real_account(make_real_app: MakeApp, clock: TestClock) -> None:
    """Else the laws above would be those of a memory."""
    history = history_of(13)
    clock.at = history.now
    wrong_files_leave_no_trace(make_real_app(EXPORT_TIMEZONE=history.zone.key), history)


def wrong_files_leave_no_trace(app: App, history: History) -> None:
    random = history.random
    right = [*(written(one, random) for one in history.downloads), *configured(history)]
    wrong = [written(damaged(one, random), random) for one in random.sample(history.downloads, 3)]
    wrong += [File("2026-09-20/roster.csv", b"email,name,team,joined\np0@quux.example,,core,\n")]
    wrong += [File("2026-09-20/aliases.csv", b"alias,email\np1@quux.example,p2@quux.example\n")]
    files = [*((one, False) for one in right), *((one, True) for one in wrong)]
    random.shuffle(files)
    to_retract: list[str] = []
    for file, is_wrong in files:
        receipt = drop(app, *file)
        if is_wrong:
            to_retract.append(receipt.receipt_id)
        if to_retract and random.random() < 0.4:
            assert retract(app, to_retract.pop()).done
    for receipt_id in to_retract:
        retract(app, receipt_id)
    refresh(app, "timer")
    states = Counter(one.state for one in app.receipts.every())
    assert states == {"accepted": len(right), "retracted": len(wrong)}
    judge_all(app, history)


def damaged(one: Download, random: Random) -> Download:
    """The table of another organisation, of another day, or with everybody's counts mixed up."""
    counts = list(one.cells.values())
    random.shuffle(counts)
    wrong = {cell: count * random.randrange(4) + 1 for cell, count in zip(one.cells, counts, strict=True)}
    later = timedelta(days=0 if isinstance(one.told, datetime) else 1, minutes=random.randrange(1, 60))
    return one._replace(cells=wrong, told=one.told + later)


def judge_all(app: App, history: History) -> None:
    """Every stored row, and the answer, are those of the second reckoning; and the truth lies within."""
    reckoning = Reckoning(history)
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
