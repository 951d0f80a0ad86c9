"""What a blob's name says: the organisation, the month, the day of the download, the day's folder.

The vendor names a month-to-date file for its whole month, so a range in a name proves the month
and no moment; a single date is the day of the download. Browsers and people add to names, so what
surrounds the dates is free. Only dates are ever quoted in a finding: a name may be an address.
"""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

import msgspec

from shared.sources.exports.findings import Findings

__all__ = ["NameSays", "organization_of", "read_name"]

_DAY = re.compile(r"(?<![0-9])(20[0-9]{2})([-_.])([0-9]{2})\2([0-9]{2})(?![0-9])")
_TO = re.compile(r"[-_. ]*to[-_. ]*", re.IGNORECASE)
_UUID = re.compile(r"(?<![0-9a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])", re.IGNORECASE)
_FOLDER = re.compile(r"/?(?:drop/)?([0-9]{4}-[0-9]{2}-[0-9]{2})/")


class NameSays(msgspec.Struct, frozen=True):
    """The dates in a blob's name; each is None where there is none. A span includes both days."""

    folder: date | None
    span: tuple[date, date] | None
    day: date | None


def organization_of(name: str) -> str | None:
    """The organisation's UUID in a file's name, in lower case: the cheapest proof of whose it is.

    None where there is none, or more than one: two names prove nothing.
    """
    found = {str(UUID(text)) for text in _UUID.findall(_file(name))}
    return found.pop() if len(found) == 1 else None


def read_name(name: str, findings: Findings) -> NameSays:
    """The dates that ``<date>/<file>`` holds; what is no date, or says two things, is a finding."""
    folder = _FOLDER.match(name)
    spans, days = _dates(_UUID.sub("", _file(name)), findings)
    if len(set(spans)) > 1 or len(set(days)) > 1:
        findings.add(
            "constraint-error",
            "the file's name holds more than one range or more than one day",
            found=", ".join(str(day) for day in days) or None,
            expected="one range, one day, or both",
            action="give the file the name that the vendor gave it",
        )
    return NameSays(
        folder=_date(folder[1], "folder", findings) if folder else None,
        span=spans[0] if spans else None,
        day=days[0] if days else None,
    )


def _file(name: str) -> str:
    return name.rsplit("/", 1)[-1]


def _dates(text: str, findings: Findings) -> tuple[list[tuple[date, date]], list[date]]:
    """Dates joined by "to" are ranges, the others days."""
    matches = list(_DAY.finditer(text))
    dates = [_date("-".join(match.group(1, 3, 4)), "file's name", findings) for match in matches]
    spans: list[tuple[date, date]] = []
    days: list[date] = []
    place = 0
    while place < len(matches):
        joined = place + 1 < len(matches) and _TO.fullmatch(
            text, matches[place].end(), matches[place + 1].start()
        )
        first, last = dates[place], dates[place + 1] if joined else None
        if joined and first and last:
            spans.append((first, last))
        elif not joined and first:
            days.append(first)
        place += 2 if joined else 1
    return spans, days


def _date(text: str, where: str, findings: Findings) -> date | None:
    try:
        return date.fromisoformat(text if text.startswith("20") else "")
    except ValueError:
        findings.add(
            "constraint-error",
            f"the {where} holds a day that cannot be",
            found=text,
            expected="a day of this century, YYYY-MM-DD",
            action=f"correct the date in the {where} and drop the file again",
        )
        return None
