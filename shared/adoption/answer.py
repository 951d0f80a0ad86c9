"""The answer of now: the newest closed period against the one before it, if trust allows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from shared.adoption.sentences import unknown_sentence
from shared.records import Answer, PeriodRow

#: An answer about a period that ended longer ago says nothing about this week.
OLDEST = timedelta(hours=16 * 24)


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


def _unknown(reason: str, action: str) -> Answer:
    return Answer("unknown", unknown_sentence(reason), reason=reason, action=action)
