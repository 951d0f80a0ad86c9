"""Looks and timelines made by hand, in the words of the worked examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import settings

from shared.adoption.looks import ShownLook, look_of_day, look_of_moment
from shared.adoption.timeline import Added, Point, Timeline

LAG = timedelta(hours=24)


def laws(examples: int) -> settings:
    """How often a law is tried; always with the same examples, so that a run can be repeated."""
    return settings(max_examples=examples, derandomize=True, deadline=None)


def moment(text: str) -> datetime:
    """``6 Nov 16:00`` of 2026, ``1 Jan 2027 16:00``, or a day's first moment: ``9 Nov``."""
    words = text.split()
    clock = words.pop() if ":" in text else "00:00"
    year = words.pop() if len(words) == 3 else "2026"
    return datetime.strptime(f"{' '.join(words)} {year} {clock}", "%d %b %Y %H:%M").replace(tzinfo=UTC)


def month_of(text: str) -> date:
    """``Oct`` of 2026 or ``Dec 2026``."""
    return moment(f"1 {text}").date()


def look(text: str, *, of: str | None = None, **counts: int) -> ShownLook:
    """A look at that moment, or on that day where no time is told; ``of`` a month that is not its own."""
    return seen(text, counts, of)


def seen(text: str, counts: Mapping[str, int], of: str | None = None) -> ShownLook:
    """The same, of people told in a mapping."""
    taken = moment(text)
    month = month_of(of) if of else taken.date().replace(day=1)
    look_id = f"{month:%b}, {text}"
    if ":" in text:
        return look_of_moment(look_id, month, taken, counts)
    return look_of_day(look_id, month, taken.date(), counts)


def point(where: ShownLook | str) -> Point:
    """What a look showed, or a mere moment."""
    if isinstance(where, str):
        return Point(moment(where))
    return Point(where.counts_at, where.look_id)


def timeline(looks: Iterable[ShownLook], **options: Any) -> Timeline:
    """A timeline of a dashboard that lags by up to a day."""
    return Timeline(looks, **({"lag": LAG} | options))


def added(
    looks: Iterable[ShownLook], start: ShownLook | str, end: ShownLook | str, **options: Any
) -> dict[str, Added]:
    """What everybody added between two points."""
    return timeline(looks, **options).added(point(start), point(end))


def ranges(found: dict[str, Added]) -> dict[str, tuple[int, int | None]]:
    """The figures alone."""
    return {person: (one.low, one.high) for person, one in found.items()}
