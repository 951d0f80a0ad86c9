"""When the vendor showed what a file says, and of which month (docs/metrics.md).

The moment is the strongest evidence there is: the blob's metadata, its folder, a download day in
its name, when it was last modified. When it was processed is none. A date without a time is a day
in the export time zone and stands at noon. The vendor's months are UTC.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from shared.sources.exports.findings import Findings
from shared.sources.exports.names import NameSays

__all__ = [
    "DROP_IT",
    "STATED",
    "Arrival",
    "Evidence",
    "Moment",
    "moment_of",
    "month_of",
    "stated",
    "within_month",
]

Evidence = Literal["metadata as_of", "folder", "file name", "last modified"]

#: What mends a moment that nobody said, or that somebody said wrongly.
DROP_IT = "drop it in the folder of the day of its download: drop/YYYY-MM-DD/<file>"

#: Two machines' clocks may differ by so much without one of them living in the future.
CLOCK_SKEW = timedelta(minutes=5)

#: So long after a month's beginning a file that does not say its month may be of the month before.
DOUBTFUL_DAYS = 5

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
#: How a moment is stated.
STATED = "2026-11-20 or 2026-11-20T16:00:00+01:00"

_NAME_IT = "give it the name that the vendor gave it"


class Arrival(msgspec.Struct, frozen=True):
    """What is known of a file besides its content. ``name`` is the blob's within its container."""

    name: str
    metadata: Mapping[str, str]
    last_modified: datetime
    arrived: datetime
    timezone: ZoneInfo


class Moment(msgspec.Struct, frozen=True):
    """A moment, in UTC, and what says so. Where a mere ``day`` is known, it may be any instant from
    ``first`` to ``last``, and ``at`` is noon.
    """

    at: datetime
    first: datetime
    last: datetime
    day: date | None
    evidence: Evidence

    @property
    def date_only(self) -> bool:
        return self.day is not None

    def __str__(self) -> str:
        return self.day.isoformat() if self.day else f"{self.at:%Y-%m-%d %H:%M} UTC"


def moment_of(arrival: Arrival, said: NameSays, findings: Findings) -> Moment | None:
    """The moment by the strongest evidence; None, and a finding, where that is unreadable or to come."""
    moment = _strongest(arrival, said, findings)
    if moment and moment.first > arrival.arrived + CLOCK_SKEW:
        findings.add(
            "constraint-error",
            f"the moment of the download lies in the future (it comes from: {moment.evidence})",
            found=str(moment),
            expected=f"at most {arrival.arrived.astimezone(UTC):%Y-%m-%d %H:%M} UTC; "
            f"dates are of {arrival.timezone.key}",
            action=DROP_IT,
        )
        return None
    return moment


def month_of(said: NameSays, moment: Moment, findings: Findings) -> str | None:
    """The month of a month-to-date file, ``YYYY-MM``; None, and a finding, where it is in doubt."""
    before = findings.total
    first = _first_of_month(said, moment, findings)
    if first and moment.last < datetime.combine(first, time(), UTC):
        findings.add(
            "constraint-error",
            f"the moment of the download lies before the file's month (it comes from: {moment.evidence})",
            found=f"{moment} for {first:%Y-%m}",
            expected=f"a moment from {first} on",
            action=DROP_IT,
        )
    return f"{first:%Y-%m}" if first and findings.total == before else None


def within_month(moment: Moment, month: str) -> Moment:
    """The moment, no earlier than its month's beginning: far east of UTC the 1st's noon lies before it."""
    begins = datetime.combine(date.fromisoformat(f"{month}-01"), time(), UTC)
    return moment if moment.at >= begins else msgspec.structs.replace(moment, at=begins)


def _strongest(arrival: Arrival, said: NameSays, findings: Findings) -> Moment | None:
    for key, text in arrival.metadata.items():
        if key.casefold() == "as_of":
            return _as_of(text.strip(), arrival.timezone, findings)
    if said.folder:
        return _day(said.folder, arrival.timezone, "folder")
    if said.day:
        return _day(said.day, arrival.timezone, "file name")
    return _instant(arrival.last_modified, "last modified")


def stated(text: str, timezone: ZoneInfo) -> Moment:
    """The moment that somebody stated: a date, or a date with a time. Raises ValueError for anything else."""
    if not _DAY.match(text) or not text.startswith("20") or not text.isascii():
        raise ValueError(STATED)
    if _DAY.fullmatch(text):
        return _day(date.fromisoformat(text), timezone, "metadata as_of")
    stamp = datetime.fromisoformat(text)
    return _instant(stamp if stamp.tzinfo else stamp.replace(tzinfo=timezone), "metadata as_of")


def _as_of(text: str, timezone: ZoneInfo, findings: Findings) -> Moment | None:
    try:
        return stated(text, timezone)
    except ValueError:
        findings.add(
            "constraint-error",
            "the blob's metadata as_of is neither a date nor a date with a time",
            expected=STATED,
            action="correct as_of, or remove it and drop the file again",
        )
        return None


def _day(day: date, timezone: ZoneInfo, evidence: Evidence) -> Moment:
    noon, midnight, next_midnight = (
        datetime.combine(of, at, timezone).astimezone(UTC)
        for of, at in ((day, time(12)), (day, time()), (day + timedelta(days=1), time()))
    )
    return Moment(noon, midnight, next_midnight - timedelta(microseconds=1), day, evidence)


def _instant(at: datetime, evidence: Evidence) -> Moment:
    utc = at.astimezone(UTC)
    return Moment(utc, utc, utc, None, evidence)


def _first_of_month(said: NameSays, moment: Moment, findings: Findings) -> date | None:
    """The first day of the month that the file is of."""
    if said.span:
        return _first_of_span(*said.span, moment, findings)
    if said.day:
        return said.day.replace(day=1)
    if moment.at.day > DOUBTFUL_DAYS and moment.first.month == moment.last.month:
        return moment.at.date().replace(day=1)
    month = moment.last.date().replace(day=1)
    before = month - timedelta(days=1)
    findings.add(
        "constraint-error",
        "nothing proves the file's month, and in a month's first days it may be of the month before",
        found=f"{moment} (from: {moment.evidence})",
        expected=f"a name that says whether this is {before:%B} or {month:%B %Y}",
        action=f"{_NAME_IT}: claude_code_team_{before:%Y_%m}_01_to_{before:%Y_%m_%d}.csv for {before:%B}",
    )
    return None


def _first_of_span(first: date, last: date, moment: Moment, findings: Findings) -> date | None:
    """The vendor names a whole month; a range that ends earlier must not end before the moment does."""
    whole = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if first.day == 1 and (last == whole or moment.first.date() <= last < whole):
        return first
    findings.add(
        "constraint-error",
        "the range in the file's name is no month to date",
        found=f"{first} to {last}",
        expected="a range from a month's first day to its last, or to the day of the download",
        action=_NAME_IT,
    )
    return None
