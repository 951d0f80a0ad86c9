"""A restatement takes back something that stood as certain; nothing else is one."""

from __future__ import annotations

import msgspec
import pytest

from shared.adoption.restatement import is_restated
from shared.records import Answer, Figure, PeriodRow, Verdict
from tests.adoption.making import fact, row, week


def told(lines: int = 40, verdict: Verdict = "yes", *, closed: bool = True) -> PeriodRow:
    """A closed week in which one engineer accepted so many lines."""
    made = row([fact("e1", lines_accepted=lines)])
    return msgspec.structs.replace(made, closed=closed, answer=Answer(verdict, f"It is {verdict}."))


def figures(before: Figure, after: Figure) -> tuple[PeriodRow, PeriodRow]:
    """The same week with one figure of either kind."""
    return (
        msgspec.structs.replace(told(), figures={"linesAccepted": before}),
        msgspec.structs.replace(told(), figures={"linesAccepted": after}),
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (told(verdict="yes"), told(verdict="no")),
        (told(verdict="mixed"), told(verdict="unknown")),
        (told(lines=40), told(lines=41)),
        figures(Figure(40, 40, 40), Figure(None, 30, 40, "two files contradict each other")),
        (told(), msgspec.structs.replace(told(), active={"anyActivity": Figure(2, 2, 2)})),
    ],
    ids=["verdict", "no verdict", "figure", "no figure", "active"],
)
def test_what_stood_and_is_another_now_is_taken_back(before: PeriodRow, after: PeriodRow) -> None:
    """Whichever of them it is, and also where it is merely doubted now."""
    assert is_restated(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (told(), told()),
        (told(lines=40, closed=False), told(lines=41)),
        (told(verdict="unknown"), told(verdict="no")),
        figures(Figure(None, 30, 50, "a range"), Figure(40, 40, 40)),
        figures(Figure(None, 30, 50, "a range"), Figure(None, 35, 50, "a range")),
        (told(), msgspec.structs.replace(told(lines=9, verdict="no"), period=week(1))),
    ],
    ids=["same", "open", "became known", "became exact", "narrower", "another period"],
)
def test_what_was_not_certain_takes_nothing_back(before: PeriodRow, after: PeriodRow) -> None:
    """Nor does an open period that grows, or another that takes a row's place."""
    assert not is_restated(before, after)
