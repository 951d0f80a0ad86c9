"""Compares what two sources tell of the same people: exports look to look, live sources week by week."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from shared.adoption.reconciliation import apart, days_between_looks, disagreement
from shared.adoption.timeline import Point
from shared.periods import Period

if TYPE_CHECKING:
    from shared.adoption.edges import Edge
    from shared.heads import Disagreement
    from shared.jobs.workshop import Workshop

MEASURE = "linesAccepted"


def disagreements(workshop: Workshop, start: Edge, end: Edge) -> tuple[Disagreement, ...]:
    """What the live sources contradict of an export period."""
    return tuple(_found(workshop, start, end))


def between_live(workshop: Workshop) -> Iterator[Disagreement]:
    """What live sources contradict of a better one."""
    book = workshop.book
    for population in sorted(book.rivals):
        better, *others = [book.rival(source, population) for source in book.ranked(population)]
        for other in others:
            yield from apart(better, other, population, workshop.mixer.allowance)


def _found(workshop: Workshop, start: Edge, end: Edge) -> Iterator[Disagreement]:
    period = Period(start.moment, end.moment, "export")
    for stream in workshop.mixer.streams:
        if stream.measure != MEASURE or not {stream.name} <= start.looks.keys() & end.looks.keys():
            continue
        witnesses = workshop.book.witnesses(stream.population, period)
        if not witnesses:
            continue
        first, last = (stream.timeline.look(edge.looks[stream.name]) for edge in (start, end))
        since, until = (Point(look.counts_at, look.look_id) for look in (first, last))
        exported = stream.timeline.added(since, until).values()
        between = days_between_looks(first, last, workshop.mixer.lag)
        for witness in witnesses:
            one = disagreement(
                period, stream.population, exported, between, witness, workshop.mixer.allowance
            )
            if one is not None:
                yield one
