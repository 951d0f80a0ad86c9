"""What ``GET /api/adoption`` may be asked. Everything wrong with a query is said at once.

A period is in the answer if its last instant falls on a day within ``from``..``to``. Days are UTC days.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, get_args

import msgspec

from shared.api.problems import BAD_PARAMETER, Problem
from shared.periods import GRANULARITIES
from shared.reading import Span, span_of

Format = Literal["json", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)

MAX_DAYS = 400
MAX_TEAM = 100

#: Long before the first Claude Code; an earlier day is a mistake in the query.
EARLIEST = date(2020, 1, 1)

_ECHOED = 80
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class AdoptionQuery(msgspec.Struct, frozen=True):
    """A query that makes sense. ``team`` is NFKC."""

    span: Span
    team: str | None = None
    format: Format = "json"


class WrongParameter(msgspec.Struct, frozen=True, rename="camel"):
    """One parameter that cannot be used: what was found (cut short if long), and what is expected."""

    name: str
    found: str
    expected: str


def adoption_query(params: Mapping[str, str], *, now: datetime) -> AdoptionQuery:
    """Read the query; ``now`` is aware.

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
    span = span_of(read.get("granularity"), read.get("from"), read.get("to"), today=today)
    return AdoptionQuery(span, read.get("team"), read.get("format", "json"))


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
