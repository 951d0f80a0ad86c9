"""The roster: who counts as an engineer, from when to when, in which team.

It arrives as whole files, one after the other. An entry of the first file holds from the beginning unless
``joined`` is stated; one that appears later holds from the stated day, else from the file's own day or from
first use, whichever is earlier. It ends with the ``left`` that is stated, else on the day of the first later
file without it. ``joined`` is the first day on the roster and ``left`` the last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec

BEGINNING = date.min
ONE_DAY = timedelta(days=1)


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """One line of a roster file; ids are the person's and their name's, as the people table gave them."""

    engineer_id: str
    name_id: str | None = None
    team: str = ""
    joined: date | None = None
    left: date | None = None


@dataclass(frozen=True, slots=True)
class RosterFile:
    """A roster as it was from its day on."""

    day: date
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Stay:
    """An unbroken time on the roster, both days included; ``last`` None: still on it."""

    first: date
    last: date | None

    def holds(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.first <= day and (self.last is None or day <= self.last)


class Roster:
    """Who was on the roster on which day. Without any file there is no roster, which is not an empty one."""

    def __init__(self, files: Iterable[RosterFile], first_use: Mapping[str, date] | None = None) -> None:
        newest_of_day = {one.day: one for one in sorted(files, key=_day)}  # of one day's the later holds
        self._files = [
            (day, {entry.engineer_id: entry for entry in one.entries}) for day, one in newest_of_day.items()
        ]
        self._stays = self._all_stays(first_use or {})

    def __bool__(self) -> bool:
        return bool(self._files)

    @property
    def everybody(self) -> frozenset[str]:
        """Whoever was on it on any day."""
        return frozenset(self._stays)

    def latecomers(self) -> dict[str, date]:
        """Who first turns up in a later file, without a stated first day, and that file's day: they may have
        used it before."""
        seen: set[str] = set()
        late: dict[str, date] = {}
        for index, (day, entries) in enumerate(self._files):
            for engineer in entries.keys() - seen:
                if index and entries[engineer].joined is None:
                    late[engineer] = day
            seen |= entries.keys()
        return late

    def members(self, day: date) -> frozenset[str]:
        """Everybody who is on it on that day."""
        return frozenset(
            engineer for engineer, stays in self._stays.items() if any(stay.holds(day) for stay in stays)
        )

    def since(self, day: date) -> dict[str, date]:
        """From which day on everybody has been on it who is on it on that day."""
        return {
            engineer: stay.first
            for engineer, stays in self._stays.items()
            for stay in stays
            if stay.holds(day)
        }

    def left_by(self, engineer: str, day: date) -> bool:
        """Whether somebody was on it once, and on that day no longer is."""
        stays = self._stays.get(engineer, [])
        return bool(stays) and stays[0].first <= day and not any(stay.holds(day) for stay in stays)

    def team_of(self, engineer: str, day: date) -> str:
        """The team that the newest file up to that day gives, else the first file; empty for none."""
        entry = self._entry(engineer, day)
        return "" if entry is None else entry.team

    def name_of(self, engineer: str, day: date) -> str | None:
        """The id of the name that the same file gives; None where it gives none."""
        entry = self._entry(engineer, day)
        return None if entry is None else entry.name_id

    def _entry(self, engineer: str, day: date) -> Entry | None:
        spoken = [entries for since, entries in self._files if since <= day]
        spoken = spoken or [entries for _, entries in self._files[:1]]
        return next((one[engineer] for one in reversed(spoken) if engineer in one), None)

    def by_name(self) -> dict[str, str]:
        """Whom a bare name means: only where one engineer alone ever bore it, also one who has left."""
        bearers: dict[str, set[str]] = {}
        for _, entries in self._files:
            for entry in entries.values():
                if entry.name_id is not None:
                    bearers.setdefault(entry.name_id, set()).add(entry.engineer_id)
        return {name: next(iter(found)) for name, found in bearers.items() if len(found) == 1}

    def _all_stays(self, first_use: Mapping[str, date]) -> dict[str, list[Stay]]:
        everybody = dict.fromkeys(engineer for _, entries in self._files for engineer in entries)
        return {engineer: self._stays_of(engineer, first_use.get(engineer)) for engineer in everybody}

    def _stays_of(self, engineer: str, first_use: date | None) -> list[Stay]:
        stays: list[Stay] = []
        since: date | None = None
        newest: Entry | None = None
        for index, (day, entries) in enumerate(self._files):
            entry = entries.get(engineer)
            if entry is not None and since is None:
                since = _first_day(day, entry, None if stays else first_use, is_first_file=index == 0)
            elif entry is not None and entry.joined is not None:
                since = entry.joined
            elif entry is None and since is not None:
                last = (newest.left if newest else None) or day - ONE_DAY
                if last >= since:  # who was announced and never came was not on it
                    stays.append(Stay(since, last))
                since = None
            newest = entry or newest
        if since is not None:
            stays.append(Stay(since, newest.left if newest else None))
        return stays


def _first_day(day: date, entry: Entry, first_use: date | None, *, is_first_file: bool) -> date:
    """From when somebody counts who appears in a file of that day and was not on the roster before."""
    if entry.joined is not None:
        return entry.joined
    if is_first_file:
        return BEGINNING
    return min(day, first_use) if first_use is not None else day


def _day(one: RosterFile) -> date:
    return one.day
