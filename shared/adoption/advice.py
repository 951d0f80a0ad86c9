"""The one export that would help most next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from shared.adoption.edges import STEPS, TOGETHER, Edge, nearest
from shared.periods import ONE_DAY


def best_next(edges: Sequence[Edge], open_month: str | None = None) -> str:
    """What to export next, in a sentence: a finished month's file where it is missing, else the next look.

    ``open_month`` is the finished month (``2026-10``) that no final look closes.
    """
    if open_month is not None:
        first = date.fromisoformat(f"{open_month}-01")
        after = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        return (
            f"Export {first:%B}'s file again, on {_in_words(after + ONE_DAY)} or later, and drop it in the "
            "folder of that day: it settles the period over the month's end."
        )
    if not edges:
        return "Export the team table of the current month, and drop it under today's date."
    week = STEPS[0]
    newest = edges[-1].moment
    partners = [edge.moment for edge in edges if nearest(edges, edge.moment - week) is not None]
    wanted = min((one + week for one in partners if one + week > newest + TOGETHER), default=newest + week)
    return f"Export again on {wanted:%A} {_in_words(wanted.date())} at about {wanted:%H:%M} UTC."


def _in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
