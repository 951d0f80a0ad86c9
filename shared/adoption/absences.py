"""When somebody certainly did not use Claude Code, by who says so: reports of spend, and members analytics.

A spend report lists everybody with a row of Claude Code: nobody else used it in its days. Members analytics
lists every member; who had no session of Claude Code in its window did not use it there, and nobody did after
the day on which they were last active in any product. Either speaks of no moment after that of its download
less the dashboard's lag. What was made with Claude Code before may be merged meanwhile: that is no use.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from shared.adoption.timeline import Absence
from shared.periods import ONE_DAY, midnight

#: What nobody adds without using Claude Code.
ADDED_BY_USE = frozenset({"linesAccepted"})


@dataclass(frozen=True, slots=True)
class SpendShown:
    """Who used Claude Code from ``begin`` on, up to the earlier of ``end`` and ``spoken``."""

    begin: datetime
    end: datetime
    spoken: datetime
    users: frozenset[str]
    in_words: str


class Presence(NamedTuple):
    """One row of a member in a window: sessions of Claude Code, and the last day of use of any product, where
    it is told."""

    sessions: int
    last_active: date | None


@dataclass(frozen=True, slots=True)
class MembersShown:
    """Every member in a window of days, up to the earlier of ``end`` and ``spoken``, address by address."""

    begin: datetime
    end: datetime
    spoken: datetime
    members: Mapping[str, Sequence[Presence]]
    in_words: str


class Absences:
    """What the reports of one organisation say, person by person."""

    def __init__(self, spend: Iterable[SpendShown] = (), members: Iterable[MembersShown] = ()) -> None:
        self._spend = list(spend)
        self._members = list(members)
        self._joined: dict[tuple[Absence, ...], tuple[Absence, ...]] = {}
        self._of: dict[str, tuple[Absence, ...]] = {}
        self._denied: set[str] = set()
        #: Whoever some report lists: of them more is known than of everybody else.
        self.listed = frozenset(user for one in self._spend for user in one.users).union(
            *(one.members for one in self._members)
        )

    def of(self, person: str) -> tuple[Absence, ...]:
        """When a person, whom a look may not even list, was absent: spans apart from each other, in order.

        One in which another report shows use all the same is none: they cannot both be right.
        """
        if person not in self._of:
            self._of[person] = self._found(person)
        return self._of[person]

    def _found(self, person: str) -> tuple[Absence, ...]:
        found = [
            Absence(one.begin, min(one.end, one.spoken), one.in_words)
            for one in self._spend
            if person not in one.users
        ]
        found += [
            Absence(
                max(_since(one, seen) for seen in one.members[person]), min(one.end, one.spoken), one.in_words
            )
            for one in self._members
            if person in one.members
        ]
        spans = tuple(sorted(one for one in found if one.begin < one.end))
        if spans not in self._joined:
            self._joined[spans] = tuple(_join(spans))
        joined, used = self._joined[spans], list(self._use_of(person))
        believed = tuple(one for one in joined if not any(one.covers(*use) for use in used))
        self._denied.update(f"{person} {one.begin} {one.end}" for one in joined if one not in believed)
        return believed

    @cached_property
    def denied(self) -> list[str]:
        """A name for whose absences are none; reports of other months can make them so."""
        for person in self.listed:
            self.of(person)
        return sorted(self._denied)

    def _use_of(self, person: str) -> Iterator[tuple[datetime, datetime]]:
        """The ranges in which some report shows use."""
        yield from ((one.begin, one.end) for one in self._spend if person in one.users)
        for one in self._members:
            if any(seen.sessions for seen in one.members.get(person, ())):
                yield one.begin, one.end


def _since(shown: MembersShown, seen: Presence) -> datetime:
    """From when on nobody used Claude Code under that address, as far as the row says."""
    after_last = shown.begin if seen.last_active is None else midnight(seen.last_active + ONE_DAY)
    return after_last if seen.sessions else min(shown.begin, after_last)


def _join(spans: Iterable[Absence]) -> list[Absence]:
    """Spans that meet or overlap, as one that both files say."""
    joined: list[Absence] = []
    for one in spans:
        if joined and one.begin <= joined[-1].end:
            last = joined.pop()
            words = last.in_words if one.in_words in last.in_words else f"{last.in_words}, {one.in_words}"
            joined.append(Absence(last.begin, max(last.end, one.end), words))
        else:
            joined.append(one)
    return joined
