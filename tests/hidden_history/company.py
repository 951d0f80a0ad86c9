"""What the people of a company really did, minute by minute, and what is true of it in any period.

Everything follows from a seed. On claude.ai they work with Claude Code, chat, and merge what they made; on
the Console they work through keys of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from tests.hidden_history.history import DAY, FIRST

Surface = Literal["claude_ai", "console"]
#: Whose use each dashboard shows.
POPULATION: dict[Surface, str] = {"claude_ai": "subscription", "console": "api"}


class Deed(NamedTuple):
    """One person's session of Claude Code, chat (no session), or merge (nothing but ``merged``).

    ``cell`` is the address, or the key's name; None where the vendor names nobody.
    """

    surface: Surface
    cell: str | None
    at: datetime
    session: bool = False
    lines: int = 0
    tokens: int = 0
    cents: int = 0
    chat: bool = False
    merged: int = 0
    merged_pulls: int = 0


@dataclass
class Company:
    """Its people, by address. ``cells``: under which names somebody works on a surface; ``shown``: the bare
    name that the team's table shows instead of an address; ``seats``: from which day on an address holds one
    of which tier."""

    random: Random
    zone: ZoneInfo
    weeks: int
    surfaces: tuple[Surface, ...]
    people: list[str] = field(default_factory=list)
    cells: dict[tuple[str, Surface], list[str]] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    seats: dict[str, list[tuple[date, str]]] = field(default_factory=dict)
    deeds: list[Deed] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        """Noon of the Monday after the last week."""
        return datetime.combine(FIRST + self.weeks * 7 * DAY, time(12), UTC)

    def until(self, surface: Surface, since: datetime, moment: datetime) -> list[Deed]:
        """What was done on a surface from one moment to another."""
        return [one for one in self.deeds if one.surface == surface and since <= one.at < moment]


def company_of(seed: int, people: int, weeks: int) -> Company:
    """The company of a seed."""
    random = Random(seed)  # noqa: S311 - a seed
    zone = random.choice(("UTC", "Europe/Berlin", "Asia/Kolkata", "America/Los_Angeles"))
    surfaces: tuple[Surface, ...] = random.choice((("claude_ai",), ("claude_ai", "console")))
    company = Company(random, ZoneInfo(zone), weeks, surfaces)
    for number in range(people):
        _join(company, f"p{number}")
    if random.random() < 0.3:
        _work(company, "claude_ai", [None])
    company.deeds.sort(key=lambda one: one.at)
    return company


def _join(company: Company, name: str) -> None:
    random = company.random
    address = f"{name}@quux.example"
    company.people.append(address)
    for surface in company.surfaces:
        cells = [address]
        match random.randrange(4):
            case 0 if surface == "claude_ai":
                cells.append(f"{name}.old@quux.example")
            case 1 if surface == "claude_ai":
                company.shown[address] = f"Person {name}"
            case 2 | 3 if surface == "console":
                cells = [f"claude_code_key_{name}_abcd"]
        company.cells[address, surface] = cells
        if random.random() < 0.8:
            _work(company, surface, cells)
        if surface == "claude_ai":
            for cell in cells:
                company.seats[cell] = _seats(random)


def _seats(random: Random) -> list[tuple[date, str]]:
    """From which day on somebody holds a seat of which tier; the last word of two of one day."""
    days = sorted(FIRST + random.randrange(60) * DAY for _ in range(random.randrange(3)))
    tiers = ("Standard", "Standard", "Premium", "Unassigned")
    return [(day, random.choice(tiers)) for day in (date.min, *days)]


def _work(company: Company, surface: Surface, cells: Sequence[str | None]) -> None:
    """Days of work, stretches of absence in which somebody merges or chats at most."""
    random = company.random
    rate, only_asks = random.choice((0.1, 0.4, 0.8)), random.random() < 0.15
    began = random.choice((0, 0, 0, 20))
    off = random.randrange(company.weeks * 7)
    for day in range(began, company.weeks * 7):
        if random.random() >= rate:
            continue
        at = datetime.combine(FIRST + day * DAY, time(random.randrange(24), random.randrange(60)), UTC)
        cell = random.choice(cells)
        is_at_work = not off <= day < off + 12
        if surface == "claude_ai" and cell and (not is_at_work or random.random() < 0.3):
            if random.random() < 0.5:
                company.deeds.append(Deed(surface, cell, at, chat=True, tokens=random.randrange(1, 900)))
            else:
                merged = random.randrange(1, 400)
                company.deeds.append(Deed(surface, cell, at, merged=merged, merged_pulls=random.randrange(3)))
        if is_at_work:
            company.deeds.append(
                Deed(
                    surface,
                    cell,
                    at + timedelta(seconds=random.randrange(59)),
                    session=True,
                    lines=0
                    if only_asks or cell is None
                    else random.choice((0, 4, 90, 2500)) * random.randrange(1, 9) // 4,
                    tokens=random.randrange(1, 5_000_000),
                    cents=random.choice((0, 0, random.randrange(2000))) if surface == "claude_ai" else 7,
                )
            )


# --- what is true ------------------------------------------------------------------------------

Measure = Literal[
    "linesAccepted",
    "pullRequests",
    "linesMerged",
    "pullRequestsMerged",
    "sessions",
    "tokens",
    "meteredCost",
]


def amount(deed: Deed, measure: Measure) -> int:
    """How much of a measure one deed adds; money in cents."""
    match measure:
        case "linesAccepted":
            return deed.lines
        case "pullRequests" | "pullRequestsMerged":
            return deed.merged_pulls
        case "linesMerged":
            return deed.merged
        case "sessions":
            return int(deed.session and deed.cell is not None)  # a service has none
        case "tokens":
            return 0 if deed.chat else deed.tokens
        case "meteredCost":
            return 0 if deed.chat else deed.cents
