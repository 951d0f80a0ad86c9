"""What ``GET /api/adoption`` may be asked. Everything wrong with a query is said at once.

A period is in the answer if its last instant falls on a day within ``from``..``to``, so the bounds that
the store needs are of period *ends*. Days are UTC days.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, get_args

import msgspec

from shared.api.problems import BAD_PARAMETER, Problem
from shared.periods import (
    GRANULARITIES,
    ONE_DAY,
    Calendar,
    Granularity,
    Period,
    midnight,
    period_of,
)

Format = Literal["json", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)

DEFAULT_PERIODS = 12
MAX_DAYS = 400
MAX_TEAM = 100

#: Long before the first Claude Code; an earlier day is a mistake in the query.
EARLIEST = date(2020, 1, 1)

_ECHOED = 80
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class AdoptionQuery(msgspec.Struct, frozen=True):
    """A query that makes sense: the periods whose ends lie in ``first_end``..``last_end``, both included.

    ``first_day`` and ``last_day`` are ``from`` and ``to``, as given or by default; ``team`` is NFKC.
    """

    first_day: date
    last_day: date
    first_end: datetime
    last_end: datetime
    granularity: Granularity | None = None
    team: str | None = None
    format: Format = "json"


class WrongParameter(msgspec.Struct, frozen=True, rename="camel"):
    """One parameter that cannot be used: what was found (cut short if long), and what is expected."""

    name: str
    found: str
    expected: str


def adoption_query(params: Mapping[str, str], *, now: datetime) -> AdoptionQuery:
    """Read the query; ``now`` is aware.

    By default the 12 newest periods are meant, the running one among them. A ``to`` that is given is
    taken at its word: a period that ends after it is not returned, the running one neither.

    Raises the Problem ``bad-parameter`` with each WrongParameter.
    """
    today = now.astimezone(UTC).date()
    parsers: dict[str, Callable[[str], Any]] = {
        "from": _day_until(today),
        "to": _day_until(today),
        "granularity": _one_of(GRANULARITIES),
        "team": _team,
        "format": _one_of(FORMATS),
    }
    read: dict[str, Any] = {}
    wrong: list[WrongParameter] = []
    for name, text in params.items():
        try:
            if name not in parsers:
                raise ValueError("no such parameter; there are " + ", ".join(parsers))
            read[name] = parsers[name](text)
        except ValueError as error:
            wrong.append(WrongParameter(_echo(name), _echo(text), str(error)))
    wrong.extend(_wrong_span(params, read, today))
    if wrong:
        raise Problem(BAD_PARAMETER, parameters=wrong)
    return _query(read, today)


def _wrong_span(params: Mapping[str, str], read: Mapping[str, Any], today: date) -> list[WrongParameter]:
    """What ``from`` is wrong about beside ``to``, where both can be read."""
    if "from" not in read or ("to" in params and "to" not in read):
        return []
    first, last = read["from"], read.get("to", today)
    earliest = last - timedelta(days=MAX_DAYS - 1)
    if earliest <= first <= last:
        return []
    expected = f"a day from {earliest} (at most {MAX_DAYS} days) to {last} (the day of `to`)"
    return [WrongParameter("from", params["from"], expected)]


def _query(read: Mapping[str, Any], today: date) -> AdoptionQuery:
    granularity: Granularity | None = read.get("granularity")
    if granularity == "export":
        return _export_query(read, today)
    calendar: Calendar = granularity or "week"
    if "to" in read:
        last_day = read["to"]
        newest = _newest_ended(calendar, last_day)
        last_end = midnight(last_day + ONE_DAY)
    else:
        last_day = today
        newest = period_of(calendar, today)
        last_end = newest.end
    if "from" in read:
        first_day = read["from"]
        first_end = midnight(first_day + ONE_DAY)
    else:
        oldest = newest
        for _ in range(DEFAULT_PERIODS - 1):
            oldest = oldest.previous()
        first_day, first_end = oldest.last_day, oldest.end
    return AdoptionQuery(
        first_day=first_day,
        last_day=last_day,
        first_end=first_end,
        last_end=last_end,
        granularity=granularity,
        team=read.get("team"),
        format=read.get("format", "json"),
    )


def _export_query(read: Mapping[str, Any], today: date) -> AdoptionQuery:
    """Export periods end at any moment of a day: one that ends at midnight belongs to the day before."""
    last_day = read.get("to", today)
    first_day = read.get("from", last_day - timedelta(days=7 * DEFAULT_PERIODS))
    return AdoptionQuery(
        first_day=first_day,
        last_day=last_day,
        first_end=midnight(first_day) + timedelta(minutes=1),
        last_end=midnight(last_day + ONE_DAY),
        granularity="export",
        team=read.get("team"),
        format=read.get("format", "json"),
    )


def _newest_ended(granularity: Calendar, day: date) -> Period:
    """The newest period whose last day is not after the day."""
    period = period_of(granularity, day)
    return period if period.last_day <= day else period.previous()


def _day_until(today: date) -> Callable[[str], date]:
    def parse(text: str) -> date:
        expected = f"a day YYYY-MM-DD from {EARLIEST} to {today} (today, UTC)"
        if not _DAY.fullmatch(text):
            raise ValueError(expected)
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise ValueError(expected) from None
        if not EARLIEST <= day <= today:
            raise ValueError(expected)
        return day

    return parse


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError("one of " + ", ".join(choices))
        return text

    return parse


def _team(text: str) -> str:
    team = unicodedata.normalize("NFKC", text).strip()
    if not 1 <= len(team) <= MAX_TEAM or any(unicodedata.category(char) in ("Cc", "Cs") for char in team):
        raise ValueError(f"a team's name of 1 to {MAX_TEAM} characters")
    return team


def _echo(text: str) -> str:
    """What the caller sent, short, and fit for JSON whatever it was."""
    short = text if len(text) <= _ECHOED else text[:_ECHOED] + "…"
    return short.encode("utf-8", "replace").decode()
