"""Which export periods a file settles, and what is missing where it settles none.

A stored export period is exact for a stream when the stream was looked at where it begins and where it ends,
and each month that ends inside is closed by a final look. It then rests on those looks: without any of them
it would not be there, or not be exact, unless another look of that minute, or another final one, took its
place. It follows from the looks that count, in whatever order they arrived.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from shared.adoption.edges import STEPS, Edge, Taken, edges_of, partner, period_to
from shared.adoption.looks import ShownLook, final_from
from shared.periods import Period, period_of

WEEK = STEPS[0]

#: The final looks of a stream's month, by their ids.
Closing = Mapping[tuple[str, date], Sequence[str]]


class Counting(NamedTuple):
    """A look that counts, and whose it is. ``total`` is the sum of its counts, which need not be at hand."""

    stream: str
    look: ShownLook
    total: int


@dataclass(slots=True)
class Settled:
    """The periods that rest on a look; and, in sentences, what would settle more."""

    periods: list[Period] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def in_words(self) -> list[str]:
        """The periods by their edges."""
        return [edges_in_words(period) for period in self.periods]


class _Span(NamedTuple):
    """A stored period of one stream: its own looks at both edges, the first of which may be the month's
    beginning, and the months that end inside."""

    period: Period
    stream: str
    looks: tuple[str, ...]
    months: tuple[date, ...]


def settled_by(looks: Iterable[Counting], *, lag: timedelta, zone: tzinfo) -> dict[str, Settled]:
    """What each look settles, by its id. ``looks`` are those of all streams that count, and only those."""
    looks = list(looks)
    taken = [Taken(one.look.moment, one.stream, one.look.look_id, one.total) for one in looks]
    edges = edges_of(at for at, one in zip(taken, looks, strict=True) if one.look.is_edge)
    closing: dict[tuple[str, date], list[str]] = defaultdict(list)
    for one in looks:
        if one.look.is_final(lag):
            closing[one.stream, one.look.month].append(one.look.look_id)
    found = {one.look.look_id: Settled() for one in looks}
    lonely = {look_id for edge in edges for look_id in edge.looks.values()}
    for span in _spans(edges):
        if len(span.looks) == 2:
            lonely -= {*span.looks}
        unclosed = [month for month in span.months if (span.stream, month) not in closing]
        for look_id in span.looks if unclosed else _rested_on(span, closing):
            if unclosed:
                found[look_id].missing.append(_needs(span.period, unclosed, lag, zone))
            else:
                found[look_id].periods.append(span.period)
    for one in looks:
        if one.look.look_id in lonely:
            found[one.look.look_id].missing += _alone(one, closing)
    return found


def edges_in_words(period: Period) -> str:
    """``Friday 6 November 16:00 to Friday 13 November 2026 16:10 UTC``."""
    year = "" if period.start.year == period.end.year else f" {period.start.year}"
    start = f"{period.start:%A} {period.start.day} {period.start:%B}{year} {period.start:%H:%M}"
    return f"{start} to {period.end:%A} {period.end.day} {period.end:%B %Y %H:%M} UTC"


def _spans(edges: Sequence[Edge]) -> Iterator[_Span]:
    """Each stored period of each stream that was looked at where it begins and where it ends."""
    for edge in edges:
        start = partner(edges, edge)
        period = period_to(edge, start)
        for stream, last in edge.looks.items():
            if start is None:
                yield _Span(period, stream, (last,), ())
            elif stream in start.looks:
                yield _Span(period, stream, (start.looks[stream], last), tuple(_ending_inside(period)))


def _ending_inside(period: Period) -> Iterator[date]:
    month = period_of("month", period.start.date())
    while month.end <= period.end:
        yield month.start.date()
        month = period_of("month", month.end.date())


def _rested_on(span: _Span, closing: Closing) -> list[str]:
    return [*span.looks, *(look_id for month in span.months for look_id in closing[span.stream, month])]


def _needs(period: Period, unclosed: Sequence[date], lag: timedelta, zone: tzinfo) -> str:
    again = " and ".join(
        f"{month:%B}'s file, exported on {_day(final_from(month, lag, zone))} or later" for month in unclosed
    )
    return f"{edges_in_words(period)} needs {again}."


def _alone(one: Counting, closing: Closing) -> Iterator[str]:
    """What would settle a week with a look that no other one makes a period with."""
    moment = one.look.moment
    earlier, later = moment - WEEK, moment + WEEK
    yield (
        f"With an export of about a week earlier ({_moment(earlier)}) or later ({_moment(later)}), within "
        "12 hours, it settles the week between them."
    )
    before = period_of("month", one.look.month - timedelta(days=1)).start.date()
    if earlier.date() < one.look.month and (one.stream, before) not in closing:
        yield f"The week before it reaches into {before:%B}: it needs {before:%B}'s final file as well."
    if later >= one.look.month_end and (one.stream, one.look.month) not in closing:
        month = f"{one.look.month:%B}"
        yield f"The week after it reaches beyond {month}: it needs {month}'s final file as well."


def _moment(moment: datetime) -> str:
    return f"{_day(moment.date())} {moment:%H:%M} UTC"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
