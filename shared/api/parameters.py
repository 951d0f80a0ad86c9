"""What each door may be asked. Everything wrong with a query is said at once, an unknown parameter too.

A period is in the answer if its last instant falls on a day within ``from``..``to``. Days are UTC days.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, get_args
from urllib.parse import unquote, unquote_to_bytes
from zoneinfo import ZoneInfo

import msgspec

from shared.adoption.teams import LONGEST_NAME
from shared.api.cursors import place_of
from shared.api.problems import BAD_PARAMETER, Problem, WrongParameter
from shared.periods import GRANULARITIES
from shared.reading import DEFAULT_PERIODS, Span, span_of
from shared.records import COHORTS, Cohort

Format = Literal["json", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)

MAX_DAYS = 400
MAX_TEAM = LONGEST_NAME

#: Long before the first Claude Code; an earlier day is a mistake in the query.
EARLIEST = date(2020, 1, 1)

#: How many rows a page has, unless it is asked for others.
PAGE = 50
MAX_PAGE = 200

_ECHOED = 80

#: What every file system takes; a blob's name may be four times as long.
MAX_FILE_NAME = 255
_ENCODED_PATTERN = r"^(?:[A-Za-z0-9!'()*._~-]|%[0-9A-Fa-f]{2})+$"
_ENCODED = re.compile(_ENCODED_PATTERN)
_NO_PATH = frozenset("/\\")

#: Control and format characters, surrogates, what is for private use or not assigned, ends of lines.
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))

#: The row key of a receipt (``store/journals``): a moment, and the receipt's id.
RECEIPT_PATTERN = "^[0-9]{14}-[0-9a-f]{16}$"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: of a query, a header, or a part of the path. ``schema`` is what the contract says of its
    text (JSON Schema).

    ``parse`` reads the text, given today (UTC); it raises ValueError with what is expected.
    """

    name: str
    means: str
    schema: Mapping[str, object]
    parse: Callable[[str, date], Any]
    example: object
    place: Literal["query", "header", "path"] = "query"

    @property
    def required(self) -> bool:
        """Whether it must be there; a query's may always be left out."""
        return self.place != "query"


class AdoptionQuery(msgspec.Struct, frozen=True):
    """A query that makes sense. ``team`` is NFKC."""

    span: Span
    team: str | None = None
    format: Format = "json"


class EngineersQuery(msgspec.Struct, frozen=True):
    """Which engineers: of a cohort, of a team, so many, from a place on. ``team`` is NFKC."""

    cohort: Cohort | None = None
    team: str | None = None
    limit: int = PAGE
    after: str | None = None


class FileQuery(msgspec.Struct, frozen=True):
    """What comes with a file: its name, and the moment of its download as it was stated."""

    name: str
    as_of: str | None = None


class Page(msgspec.Struct, frozen=True):
    """Which rows of a list: so many, after a place in it (None: from its beginning)."""

    limit: int = PAGE
    after: str | None = None


def adoption_query(params: Mapping[str, str], *, now: datetime) -> AdoptionQuery:
    """Read the query of ``GET /api/adoption``; ``now`` is aware.

    Raises the Problem ``bad-parameter`` with each WrongParameter.
    """
    today = now.astimezone(UTC).date()
    read, wrong = _read(ADOPTION, params, today)
    _refuse([*wrong, *_wrong_span(params, read, today)])
    span = span_of(read.get("granularity"), read.get("from"), read.get("to"), today=today)
    return AdoptionQuery(span, read.get("team"), read.get("format", "json"))


def engineers_query(params: Mapping[str, str], *, now: datetime) -> EngineersQuery:
    """Read the query of ``GET /api/engineers``. Raises like ``adoption_query``."""
    read, wrong = _read(ENGINEERS, params, now.astimezone(UTC).date())
    _refuse(wrong)
    return EngineersQuery(read.get("cohort"), read.get("team"), read.get("limit", PAGE), read.get("cursor"))


def page_query(params: Mapping[str, str], *, now: datetime) -> Page:
    """Read which page of a list is asked for. Raises like ``adoption_query``."""
    read, wrong = _read(PAGED, params, now.astimezone(UTC).date())
    _refuse(wrong)
    return Page(read.get("limit", PAGE), read.get("cursor"))


def file_query(params: Mapping[str, str], header: Callable[[str], str], *, now: datetime) -> FileQuery:
    """Read what comes with a file; ``header`` gives a header by its name. Raises like ``adoption_query``.

    A name that cannot be used is not said again: it may be an address.
    """
    today = now.astimezone(UTC).date()
    read, wrong = _read((AS_OF,), params, today)
    text = header(FILE_NAME.name)
    try:
        name = FILE_NAME.parse(text, today)
    except ValueError as error:
        found = f"{len(text)} characters" if text else "nothing"
        wrong.insert(0, WrongParameter(FILE_NAME.name, found, str(error)))
    _refuse(wrong)
    return FileQuery(name, read.get("as_of"))


def no_query(params: Mapping[str, str]) -> None:
    """Refuse any parameter, where a door has none. Raises like ``adoption_query``."""
    _refuse(_read((), params, EARLIEST)[1])


def _read(
    known: Sequence[Parameter], params: Mapping[str, str], today: date
) -> tuple[dict[str, Any], list[WrongParameter]]:
    """The values of the parameters that can be used, and what is wrong with the others."""
    by_name = {parameter.name: parameter for parameter in known}
    read: dict[str, Any] = {}
    wrong: list[WrongParameter] = []
    for name, text in params.items():
        try:
            if name not in by_name:
                raise ValueError(f"no such parameter; there are {', '.join(by_name) or 'none'}")
            read[name] = by_name[name].parse(text, today)
        except ValueError as error:
            wrong.append(WrongParameter(_echo(name), _echo(text), str(error)))
    return read, wrong


def _refuse(wrong: Sequence[WrongParameter]) -> None:
    if wrong:
        raise Problem(BAD_PARAMETER, parameters=list(wrong))


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


def _day(text: str, today: date) -> date:
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


def _one_of(choices: tuple[str, ...]) -> Callable[[str, date], str]:
    def parse(text: str, _: date) -> str:
        if text not in choices:
            raise ValueError("one of " + ", ".join(choices))
        return text

    return parse


def _team(text: str, _: date) -> str:
    team = unicodedata.normalize("NFKC", text).strip()
    if not 1 <= len(team) <= MAX_TEAM or any(unicodedata.category(char) in ("Cc", "Cs") for char in team):
        raise ValueError(f"a team's name of 1 to {MAX_TEAM} characters")
    return team


def _limit(text: str, _: date) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= MAX_PAGE:
        raise ValueError(f"a whole number from 1 to {MAX_PAGE}")
    return int(text)


def _cursor(text: str, _: date) -> str:
    return place_of(text)


def _file_name(text: str, _: date) -> str:
    if not _ENCODED.fullmatch(text):
        raise ValueError("the file's name, percent-encoded as encodeURIComponent does it")
    try:
        name = unquote_to_bytes(text).decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("the file's name in UTF-8, percent-encoded") from None
    if len(name) > MAX_FILE_NAME:
        raise ValueError(f"a file's name of at most {MAX_FILE_NAME} characters")
    if not _NO_PATH.isdisjoint(name) or name.endswith(".") or not name.strip():
        raise ValueError("the file's own name, without a folder, and with something after its last dot")
    if any(unicodedata.category(char) in _UNSEEN for char in name):
        raise ValueError("a file's name of characters that can be seen")
    if "@" in unicodedata.normalize("NFKC", unquote(name)):
        raise ValueError(
            "a file's name without an @: an address would stand in the storage's logs; rename the file"
        )
    return name


def _as_of(text: str, _: date) -> str:
    from shared.sources.exports.moments import STATED, stated  # no other door reads files

    try:
        stated(text, ZoneInfo("UTC"))
    except ValueError:
        raise ValueError(STATED) from None
    return text


def _receipt(text: str, _: date) -> str:
    if not re.fullmatch(RECEIPT_PATTERN, text):
        raise ValueError("the id that the upload was answered with")
    return text


def _echo(text: str) -> str:
    """What the caller sent, short, and fit for JSON whatever it was."""
    short = text if len(text) <= _ECHOED else text[:_ECHOED] + "…"
    return short.encode("utf-8", "replace").decode()


# --- the parameters, one by one ----------------------------------------------------------------

FROM = Parameter(
    "from",
    "The first day (UTC): a period is returned whole if its last instant falls on a day within `from` and "
    f"`to`, at most {MAX_DAYS} days. By default the last {DEFAULT_PERIODS} periods, or weeks of exports.",
    {"type": "string", "format": "date"},
    _day,
    "2026-11-02",
)
TO = Parameter(
    "to",
    "The last day (UTC). By default today; the future is refused.",
    {"type": "string", "format": "date"},
    _day,
    "2026-11-22",
)
GRANULARITY = Parameter(
    "granularity",
    "The kind of the periods. By default the kind that the answer uses: weeks, or export periods.",
    {"type": "string", "enum": list(GRANULARITIES)},
    _one_of(GRANULARITIES),
    "week",
)
TEAM = Parameter(
    "team",
    "Only the engineers of this team, by its name on the roster.",
    {"type": "string", "minLength": 1, "maxLength": MAX_TEAM},
    _team,
    "Platform",
)
FORMAT = Parameter(
    "format",
    "`csv`: the table of periods alone, one line a period.",
    {"type": "string", "enum": list(FORMATS), "default": "json"},
    _one_of(FORMATS),
    "json",
)
LIMIT = Parameter(
    "limit",
    "The most rows of one page.",
    {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": PAGE},
    _limit,
    PAGE,
)
CURSOR = Parameter(
    "cursor",
    "Where the page begins: the `nextCursor` of the page before, unchanged.",
    {"type": "string", "pattern": "^[A-Za-z0-9_-]+$", "maxLength": 256},
    _cursor,
    "OTgyMzA3NjE1OTk5OTktNGYyYQ",
)

COHORT = Parameter(
    "cohort",
    "Only the engineers of this cohort; the counts are of all.",
    {"type": "string", "enum": list(COHORTS)},
    _one_of(COHORTS),
    "power",
)

FILE_NAME = Parameter(
    "X-File-Name",
    "The file's own name, percent-encoded UTF-8 (`encodeURIComponent`): it tells the month and the "
    "organisation. A header, because a URL is written into logs, and because no page of another site can "
    "send it unasked.",
    {"type": "string", "pattern": _ENCODED_PATTERN, "maxLength": 12 * MAX_FILE_NAME},
    _file_name,
    "claude_code_team_2026_11_01_to_2026_11_30.csv",
    "header",
)
AS_OF = Parameter(
    "as_of",
    "When the export was downloaded: a date, or a date with a time (its `+` percent-encoded). By default "
    "what the file's name says, else the moment of the upload.",
    {"type": "string", "pattern": "^20[0-9]{2}-[0-9]{2}-[0-9]{2}"},
    _as_of,
    "2026-11-20",
)
RECEIPT = Parameter(
    "id",
    "The `id` that the upload was answered with.",
    {"type": "string", "pattern": RECEIPT_PATTERN},
    _receipt,
    "98236457412000-9a55e1c07d1f4b7e",
    "path",
)

ADOPTION = (FROM, TO, GRANULARITY, TEAM, FORMAT)
PAGED = (LIMIT, CURSOR)
ENGINEERS = (COHORT, TEAM, LIMIT, CURSOR)
FILE = (FILE_NAME, AS_OF)
