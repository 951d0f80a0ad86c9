"""When the exports were looked at, and which months are closed: what advice on the next one is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from shared.adoption.edges import Edge, Taken, edges_of, is_edge, telling
from shared.adoption.looks import final_from
from shared.heads import Dashboard, ExportsHead, LookTaken
from shared.periods import Period, period_of


@dataclass(frozen=True, slots=True)
class Stream:
    """One dashboard, whatever its files call it: which months it shows, and which of them are closed.

    ``until``: up to which moment its looks tell; a finished month's file tells of nothing after the month.
    ``ended``: the newest shows nobody.
    """

    kind: str
    population: str
    measures: frozenset[str]
    shown: frozenset[str]
    closed: frozenset[str]
    until: datetime
    ended: bool


class Missing(NamedTuple):
    """A month that is not closed, and the kinds of file that would close it."""

    month: Period
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Diary:
    """The edges, and the streams by name. ``zone``: whose days are meant; ``lag``: how old may be what a
    dashboard shows.
    """

    edges: tuple[Edge, ...]
    streams: Mapping[str, Stream]
    zone: tzinfo
    lag: timedelta

    def missing(
        self, start: datetime, end: datetime, populations: Iterable[str], basis: str
    ) -> Missing | None:
        """The newest month that ends between the two moments and that no final look closes, in a stream that
        tells of these populations on that basis and shows the month; one that nothing shows is missing, too.
        """
        wanted = frozenset(populations)
        telling = [
            name for name, one in self.streams.items() if one.population in wanted and basis in one.measures
        ]
        for month in reversed([*months_ended(start, end)]):
            lacking = {self.streams[name].kind for name in self.unclosed(month, telling)}
            if lacking:
                return Missing(month, tuple(sorted(lacking)))
        return None

    def unclosed(self, month: Period, names: Sequence[str]) -> list[str]:
        """Of these streams, those that show the month, or all where none does, without a final look at it."""
        showing = [name for name in names if month.label in self.streams[name].shown] or names
        return [name for name in showing if month.label not in self.streams[name].closed]

    def called(self, name: str) -> str:
        """How a sentence names a stream: by its kind, and by its organisation where two are of one kind."""
        kind = self.streams[name].kind
        if sum(one.kind == kind for one in self.streams.values()) == 1:
            return kind
        organization = name.rpartition("|")[2]
        return f"{kind} of {organization}" if organization else f"{kind} without an organisation"

    def final_from(self, month: Period) -> date:
        """The first day whose export is final for that month, whatever the hour: it begins the lag later."""
        return final_from(month.start.date(), self.lag, self.zone)


def diary_of(exports: ExportsHead, expected: Mapping[str, str], zone: tzinfo, lag: timedelta) -> Diary:
    """The diary of the looks that count. ``expected``: the organisation that is meant, by surface."""
    looks: dict[str, list[LookTaken]] = {}
    boards: dict[str, list[Dashboard]] = {}
    for board in exports.dashboards:
        organization = board.organization or expected.get(board.surface) or board.usual
        name = f"{board.surface}|{board.kind}|{organization}"
        looks.setdefault(name, []).extend(board.looks)
        boards.setdefault(name, []).append(board)
    taken = [
        Taken(look.moment, name, "")
        for name, found in looks.items()
        for look in found
        if is_edge(look.moment, look.month)
    ]
    streams = {
        name: Stream(
            kind=found[0].kind,
            population=found[0].population,
            measures=frozenset(measure for board in found for measure in board.measures),
            shown=frozenset(look.month for look in looks[name]),
            closed=frozenset(look.month for look in looks[name] if _is_final(look, zone, lag)),
            until=max(min(look.moment, _end_of(look.month)) for look in looks[name]),
            ended=max(found, key=lambda board: board.looks[-1].moment).ended,
        )
        for name, found in boards.items()
    }
    edges = telling(edges_of(taken), {name: stream.measures for name, stream in streams.items()})
    return Diary(tuple(edges), streams, zone, lag)


def months_ended(start: datetime, end: datetime) -> Iterator[Period]:
    """The months that end between the two moments, in order: a period over an end needs a final look."""
    month = period_of("month", start.date())
    while month.end < end:
        yield month
        month = period_of("month", month.end.date())


def first_moment(day: date, zone: tzinfo) -> datetime:
    """When a day of that time zone begins."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _is_final(look: LookTaken, zone: tzinfo, lag: timedelta) -> bool:
    earliest = first_moment(look.moment.astimezone(zone).date(), zone) if look.date_only else look.moment
    return earliest - lag >= _end_of(look.month)


def _end_of(month: str) -> datetime:
    return period_of("month", date.fromisoformat(f"{month}-01")).end
