"""The answer of now: the newest closed period against the one before it, if trust allows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec

from shared.adoption.sentences import unknown_sentence
from shared.adoption.trust import Evaluation
from shared.adoption.trust_exports import EXPORTS
from shared.records import Answer, Figure, PeriodRow

#: An answer about a period that ended longer ago says nothing about this week.
OLDEST = timedelta(hours=16 * 24)

#: So long after its end a week's last day may still be unsettled: a source's lag, and the hourly refresh.
SETTLING = timedelta(hours=4)

UNUSABLE = "no source that covers it can be trusted; see the trust checks"


def answer_now(rows: Sequence[PeriodRow], usable: frozenset[str], now: datetime) -> Answer:
    """The verdict of the newest closed row, as it was stored, or why there is none.

    ``rows`` are in order; ``usable`` holds the labels of those that a usable source covers.
    """
    closed = [row for row in rows if row.closed and row.period.end <= now]
    if not closed:
        return _unknown("no week is closed yet", "Wait until a whole week has been fetched.")
    row = closed[-1]
    if now - row.period.end > OLDEST:
        return _unknown(
            f"the newest closed period, {row.period.in_words()}, ended more than 16 days ago",
            "Look at the last runs in /api/status.",
        )
    doubted = [
        period
        for period, label in ((row.period, row.label), (row.period.previous(), row.period.previous().label))
        if label not in usable
    ]
    if doubted and row.answer.verdict != "unknown":
        return _unknown(f"no usable source covers {doubted[0].in_words()}", "See the trust checks.")
    if row.answer.verdict == "unknown":
        return msgspec.structs.replace(row.answer, action=row.answer.action or "See the trust checks.")
    return row.answer


def weeks_that_answer(
    weeks: Sequence[PeriodRow], exported: PeriodRow | None, now: datetime
) -> Sequence[PeriodRow] | None:
    """The weeks whose newest closed one the answer is of; None where it is of export periods.

    Daily sources must tell everybody's use in that week and the one before. Where the newest week that
    should be closed is not, or is told of by exports, ``exported``, the export period that exports answer
    with, stands for it, if it is the newer one.
    """
    by_day = [row for row in weeks if not _by_exports(row) or row.completeness == "complete"]
    closed = {row.period.end for row in by_day if row.closed and row.period.end <= now}
    paired = [end for end in closed if end - timedelta(days=7) in closed]
    if not paired:
        return by_day if exported is None and by_day == [*weeks] else None
    newest = max(paired)
    if exported is not None:
        due = max((row.period.end for row in weeks if row.period.end + SETTLING <= now), default=now)
        if newest < min(due, exported.period.end):
            return None
    return [row for row in by_day if row.period.end <= newest]


def _by_exports(row: PeriodRow) -> bool:
    return any(cover.source == EXPORTS for cover in row.sources)


def answer_of(
    weeks: Sequence[PeriodRow],
    usable: frozenset[str],
    exported: PeriodRow | None,
    judge: Callable[[Sequence[PeriodRow]], Evaluation],
    next_export: str,
    now: datetime,
) -> Answer:
    """The answer of now: of ISO weeks where daily sources determine them, else of two export periods.

    ``next_export`` is the advice of now: what a stored answer says would be of the day it was stored on.
    """
    of_weeks = weeks_that_answer(weeks, exported, now)
    if of_weeks is not None:
        return answer_now(of_weeks, usable, now)
    if exported is None:
        return _unknown("no two export periods are comparable yet", next_export)
    if now - exported.period.end > OLDEST:
        return _unknown(
            f"the newest comparable export period, {exported.period.in_words()}, ended more than 16 days ago",
            next_export,
        )
    if exported.label not in judge([exported]).usable and exported.answer.verdict != "unknown":
        return _unknown(f"{exported.period.in_words()}: {UNUSABLE}", "See the trust checks.")
    return msgspec.structs.replace(exported.answer, action=next_export)


def chain(rows: Sequence[PeriodRow], newest: PeriodRow | None) -> list[PeriodRow]:
    """Export periods end to end, backwards from the one that the answer is of, else from the newest."""
    by_end = {row.period.end: row for row in rows}
    if newest is not None and newest.period.end in by_end:
        by_end[newest.period.end] = newest
        end = newest.period.end
    elif rows:
        end = max(by_end)
    linked: list[PeriodRow] = []
    while rows and end in by_end:
        linked.append(by_end[end])
        end = by_end[end].period.start
    return linked[::-1]


def withhold(rows: Sequence[PeriodRow], usable: frozenset[str]) -> list[PeriodRow]:
    """The rows as they may be shown: a period that no usable source covers has no figure and no verdict.

    Nor has one a verdict that compares it with such a period.
    """
    unusable = {row.label for row in rows if row.label not in usable}
    return [_shown(row, unusable) for row in rows]


def _shown(row: PeriodRow, unusable: set[str]) -> PeriodRow:
    previous = row.answer.previous
    if row.label not in unusable and (previous is None or previous.label not in unusable):
        return row
    doubted = Answer("unknown", unknown_sentence(UNUSABLE), period=row.period, reason=UNUSABLE)
    answer = doubted if row.answer.verdict != "unknown" else row.answer
    if row.label not in unusable:
        return msgspec.structs.replace(row, answer=answer)
    return msgspec.structs.replace(
        row,
        completeness="uncovered" if row.completeness == "complete" else row.completeness,
        active={basis: _doubted(figure) for basis, figure in row.active.items()},
        figures={name: _doubted(figure) for name, figure in row.figures.items()},
        unattributed={name: _doubted(figure) for name, figure in row.unattributed.items()},
        answer=answer,
    )


def _doubted(figure: Figure) -> Figure:
    return figure if figure.value is None else Figure(None, 0, None, UNUSABLE)


def _unknown(reason: str, action: str) -> Answer:
    return Answer("unknown", unknown_sentence(reason), reason=reason, action=action)
