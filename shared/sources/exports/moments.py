"""When the vendor showed what a file says, and of which month (DESIGN.md "Looks").

The moment is the strongest evidence there is: the blob's metadata, its folder, a download day in
its name, when it was last modified. When it was processed is none. A date without a time is a day
in the export time zone and stands at noon. The vendor's months are UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from shared.sources.exports.findings import Findings
from shared.sources.exports.names import NameSays, read_name

__all__ = ["Evidence", "Moment", "Placed", "place"]

Evidence = Literal["metadata as_of", "folder", "file name", "last modified"]

#: Two machines' clocks may differ by so much without one of them living in the future.
CLOCK_SKEW = timedelta(minutes=5)

#: So long after a month's beginning a file that does not say its month may be of the month before.
DOUBTFUL_DAYS = 5

_NAME_IT = "give it the name that the vendor gave it"
_DROP_IT = "drop it in the folder of the day of its download: drop/YYYY-MM-DD/<file>"


class Moment(msgspec.Struct, frozen=True):
    """A moment, in UTC, the day it falls on, and what says so."""

    at: datetime
    day: date
    date_only: bool
    evidence: Evidence


class Placed(msgspec.Struct, frozen=True):
    """A look's place in time: its moment and its month, ``YYYY-MM``."""

    moment: Moment
    month: str


def place(
    *,
    name: str,
    metadata: Mapping[str, str],
    last_modified: datetime,
    arrived: datetime,
    timezone: ZoneInfo,
    findings: Findings,
) -> Placed | None:
    """The moment and the month of a month-to-date file; None, and findings, where they are in doubt."""
    before = findings.total
    said = read_name(name, findings)
    moment = _moment(said, metadata, last_modified, timezone, findings)
    first = _first_of_month(said, moment, findings) if moment and findings.total == before else None
    if moment is None or first is None:
        return None
    if _is_future(moment, arrived, timezone):
        findings.add(
            "constraint-error",
            f"the moment of the download lies in the future (it comes from: {moment.evidence})",
            found=_say(moment),
            expected=f"at most {arrived.astimezone(UTC):%Y-%m-%d %H:%M} UTC; dates are of {timezone.key}",
            action=_DROP_IT,
        )
    if moment.day < first:
        findings.add(
            "constraint-error",
            f"the moment of the download lies before the file's month (it comes from: {moment.evidence})",
            found=f"{_say(moment)} for {first:%Y-%m}",
            expected=f"a moment from {first} on",
            action=_DROP_IT,
        )
    return Placed(moment, f"{first:%Y-%m}") if findings.total == before else None


def _moment(
    said: NameSays,
    metadata: Mapping[str, str],
    last_modified: datetime,
    timezone: ZoneInfo,
    findings: Findings,
) -> Moment | None:
    for key, text in metadata.items():
        if key.casefold() == "as_of":
            return _as_of(text.strip(), timezone, findings)
    if said.folder:
        return _noon(said.folder, timezone, "folder")
    if said.day:
        return _noon(said.day, timezone, "file name")
    return _instant(last_modified, "last modified")


def _as_of(text: str, timezone: ZoneInfo, findings: Findings) -> Moment | None:
    try:
        if not 2000 <= int(text[:4]) < 2100:
            raise ValueError
        if len(text) == len("YYYY-MM-DD"):
            return _noon(date.fromisoformat(text), timezone, "metadata as_of")
        stamp = datetime.fromisoformat(text)
    except ValueError:
        findings.add(
            "constraint-error",
            "the blob's metadata as_of is neither a date nor a date with a time",
            expected="2026-11-20 or 2026-11-20T16:00:00+01:00",
            action="correct as_of, or remove it and drop the file again",
        )
        return None
    return _instant(stamp if stamp.tzinfo else stamp.replace(tzinfo=timezone), "metadata as_of")


def _noon(day: date, timezone: ZoneInfo, evidence: Evidence) -> Moment:
    return Moment(datetime.combine(day, time(12), timezone).astimezone(UTC), day, True, evidence)


def _instant(at: datetime, evidence: Evidence) -> Moment:
    utc = at.astimezone(UTC)
    return Moment(utc, utc.date(), False, evidence)


def _first_of_month(said: NameSays, moment: Moment, findings: Findings) -> date | None:
    """The first day of the month that the file is of."""
    if said.span:
        first, last = said.span
        if first.day == 1 and last >= first == last.replace(day=1):
            return first
        findings.add(
            "constraint-error",
            "the range in the file's name is no month to date",
            found=f"{first} to {last}",
            expected="a range from a month's first day to a day of the same month",
            action=_NAME_IT,
        )
        return None
    if said.day:
        return said.day.replace(day=1)
    if moment.day.day > DOUBTFUL_DAYS:
        return moment.day.replace(day=1)
    month = moment.day.replace(day=1)
    before = month - timedelta(days=1)
    findings.add(
        "constraint-error",
        "nothing proves the file's month, and in a month's first days it may be of the month before",
        found=f"{_say(moment)} (from: {moment.evidence})",
        expected=f"a name that says whether this is {before:%B} or {month:%B %Y}",
        action=f"{_NAME_IT}: claude_code_team_{before:%Y_%m}_01_to_{before:%Y_%m_%d}.csv for {before:%B}",
    )
    return None


def _is_future(moment: Moment, arrived: datetime, timezone: ZoneInfo) -> bool:
    """A day is not in the future before it has begun: noon of today may be later than now."""
    if moment.date_only:
        return moment.day > (arrived + CLOCK_SKEW).astimezone(timezone).date()
    return moment.at > arrived + CLOCK_SKEW


def _say(moment: Moment) -> str:
    return f"{moment.day}" if moment.date_only else f"{moment.at:%Y-%m-%d %H:%M} UTC"
