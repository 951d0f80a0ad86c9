"""A download as the vendor writes it: in any language's numbers, any order of columns, any dress."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from datetime import datetime
from random import Random
from typing import NamedTuple

from tests.hidden_history.history import DAY, Download, month_after

TEAM_ID = "3a0f6a1e-52a1-4c7f-9d1e-0a8c6c9b7f01"


class File(NamedTuple):
    """What is dropped."""

    name: str
    content: bytes
    metadata: Mapping[str, str] | None = None


def grouped(number: int, mark: str, size: int = 3) -> str:
    """The number with a mark before its last three digits, and before each ``size`` of the others."""
    text = str(number)
    head, groups = text[:-3], [text[-3:]]
    while head:
        head, groups = head[:-size], [head[-size:], *groups]
    return mark.join(groups)


#: How a count is written, by language; none is marked below a thousand.
COUNTS: Mapping[str, Callable[[int], str]] = {
    "plain": str,
    "en": lambda number: grouped(number, ","),
    "pt-BR": lambda number: grouped(number, "."),
    "fr": lambda number: grouped(number, "\u202f"),
    "nb": lambda number: grouped(number, "\u00a0"),
    "de-CH": lambda number: grouped(number, "’"),
    "en-IN": lambda number: grouped(number, ",", 2),
}
_MONEY: Mapping[str, str] = {"pt-BR": ",", "fr": ",", "nb": ","}

_HEADERS = {
    "team": (("User", "Lines this Month"), ("User", "Lines this month", "PRs with CC")),
    "console": (("User", "Spend this Month (USD)", "Lines this Month"),),
}


def written(download: Download, random: Random) -> File:
    """One of the many files that this download may have been."""
    labels = [*random.choice(_HEADERS[download.dashboard]), *random.choice(((), ("Team",)))]
    random.shuffle(labels)
    language = random.choice(list(COUNTS))
    rows = [
        [_cell(label, user, lines, language) for label in labels] for user, lines in download.cells.items()
    ]
    random.shuffle(rows)
    if len(rows) > 1 and random.random() < 0.2:
        total = sum(download.cells.values())
        spent = sum(_cents(lines) for lines in download.cells.values())
        rows.append([_cell(label, "Total", total, language, spent) for label in labels])
    case = random.choice((str, str.upper, str.lower))
    text = io.StringIO()
    csv.writer(
        text,
        delimiter=random.choice(",,;"),
        lineterminator=random.choice(("\n", "\r\n")),
        quoting=random.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
    ).writerows([list(map(case, labels)), *rows])
    content = text.getvalue().encode(random.choice(("utf-8", "utf-8-sig", "utf-16")))
    if isinstance(download.told, datetime):
        return File(_name(download, random), content, {"as_of": download.told.isoformat()})
    return File(f"{download.told}/{_name(download, random)}", content)


def _cents(lines: int) -> int:
    return lines // 7 + 1


def _cell(label: str, user: str, lines: int, language: str, cents: int | None = None) -> str:
    match label.split()[0]:
        case "User":
            return user
        case "Lines":
            return COUNTS[language](lines)
        case "Spend":
            whole, rest = divmod(_cents(lines) if cents is None else cents, 100)
            return f"{COUNTS[language](whole)}{_MONEY.get(language, '.')}{rest:02d}"
        case "PRs":
            return "0"
    return "core"


def _name(download: Download, random: Random) -> str:
    first, last = download.month, month_after(download.month) - DAY
    if download.dashboard == "team" and random.random() < 0.5:
        return f"claude-code-{TEAM_ID}-{first:%Y-%m-%d}-to-{last:%Y-%m-%d}.csv"
    return f"claude_code_team_{first:%Y_%m_%d}_to_{last:%Y_%m_%d}.csv"
