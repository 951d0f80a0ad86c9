"""A team's hidden history of single sessions, and the exports that an admin downloads of it.

Everything follows from a seed. The dashboard is behind by anything up to its lag, and never goes back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LAG = 24 * HOUR
FIRST = date(2026, 9, 7)


def month_of(moment: datetime) -> datetime:
    """The first moment of its month."""
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def month_after(month: datetime) -> datetime:
    """The first moment of the next month."""
    return (month + 32 * DAY).replace(day=1)


class Session(NamedTuple):
    """Somebody's session, under the name that a dashboard shows."""

    dashboard: str
    cell: str
    at: datetime
    lines: int


class Download(NamedTuple):
    """A month's table of one dashboard. ``told`` is what the admin says of the moment: it, or its day."""

    dashboard: str
    month: datetime
    told: datetime | date
    cells: dict[str, int]


@dataclass
class History:
    """Who they are, what they did, what was downloaded of it.

    ``owner`` says whose a cell is, where that can be known; ``roster`` holds first and last days.
    """

    random: Random
    zone: ZoneInfo
    weeks: int
    owner: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    roster: dict[str, tuple[date | None, date | None]] = field(default_factory=dict)
    sessions: list[Session] = field(default_factory=list)
    downloads: list[Download] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        """Noon of the Monday after the last Friday."""
        return datetime.combine(FIRST + self.weeks * 7 * DAY, time(12), UTC)

    def lines(self, start: datetime, end: datetime) -> int:
        """What everybody really added in a span."""
        return sum(one.lines for one in self.sessions if start <= one.at < end)


def history_of(seed: int) -> History:
    """The history of a seed: of one dashboard or two, with exact moments or mere days."""
    random = Random(seed)  # noqa: S311 - a seed
    history = History(random, ZoneInfo(("UTC", "Europe/Berlin", "Asia/Kolkata")[seed % 3]), 6 + seed % 5)
    dashboards = ("team", "console") if seed % 2 else ("team",)
    for number in range(random.randrange(3, 12)):
        _join(history, number, dashboards)
    for dashboard in dashboards:
        _download(history, dashboard, exact=seed % 4 < 2)
    return history


def _join(history: History, number: int, dashboards: tuple[str, ...]) -> None:
    random = history.random
    name, address = f"p{number}", f"p{number}@quux.example"
    history.owner[address] = address
    cells = {dashboard: [address] for dashboard in dashboards}
    match random.randrange(5):
        case 0:
            history.aliases[f"{name}.old@quux.example"] = address
            cells["team"].append(f"{name}.old@quux.example")
        case 1:
            history.names[address] = f"Person {name}"
            cells["team"].append(f"Person {name}")
        case 2 if "console" in cells:
            history.keys[f"claude_code_key_{name}_abcd"] = address
            cells["console"] = [f"claude_code_key_{name}_abcd"]
    listed = address in history.names or random.random() < 0.9
    if listed:
        joined = FIRST + random.randrange(10, 40) * DAY if random.random() < 0.2 else None
        left = FIRST + random.randrange(40, 70) * DAY if random.random() < 0.2 else None
        history.roster[address] = joined, left
    for cell, owned in (*history.aliases.items(), *history.keys.items()):
        history.owner[cell] = owned
    history.owner.update({called: whose for whose, called in history.names.items()})
    _work(history, cells)


def _work(history: History, cells: dict[str, list[str]]) -> None:
    random = history.random
    rate, only_asks = random.choice((0.1, 0.4, 0.8)), random.random() < 0.1
    began = FIRST + random.choice((0, 0, 20)) * DAY
    for dashboard, names in cells.items():
        for day in range(history.weeks * 7):
            at = began + day * DAY
            if random.random() < rate * (0.2 if at.weekday() > 4 else 1):
                moment = datetime.combine(at, time(random.randrange(24), random.randrange(60)), UTC)
                lines = 0 if only_asks else random.choice((0, 4, 90, 2500)) * random.randrange(1, 9) // 4
                history.sessions.append(Session(dashboard, random.choice(names), moment, lines))


def _download(history: History, dashboard: str, *, exact: bool) -> None:
    """Every Friday afternoon but for a forgotten one, and most finished months again on the 3rd."""
    random = history.random
    spoken = datetime.min.replace(tzinfo=UTC)
    plan: list[tuple[datetime, datetime]] = []
    for week in range(history.weeks):
        friday = datetime.combine(FIRST + (7 * week + 4) * DAY, time(14), UTC)
        at = friday + random.randrange(-180, 300) * timedelta(minutes=1)
        if random.random() < 0.9:
            plan.append((at, month_of(at)))
        month = month_after(month_of(at))
        if month_of(friday + 7 * DAY) == month and random.random() < 0.8:
            plan.append((month + random.randrange(49, 90) * HOUR, month_of(at)))
    for at, month in sorted(plan):
        if at < history.now:
            spoken = max(spoken, at - random.choice((0 * HOUR, random.random() * LAG, LAG)))
            told = at if exact else at.astimezone(history.zone).date()
            history.downloads.append(
                Download(dashboard, month, told, _shown(history, dashboard, month, spoken))
            )


def _shown(history: History, dashboard: str, month: datetime, spoken: datetime) -> dict[str, int]:
    """Who had a session in the month by then, with lines or without."""
    cells: dict[str, int] = {}
    for one in history.sessions:
        if one.dashboard == dashboard and month <= one.at < min(spoken, month_after(month)):
            cells[one.cell] = cells.get(one.cell, 0) + one.lines
    for cell in cells:
        if "@" not in cell and 2 * cells[cell] == sum(cells.values()):
            cells[cell] += 1  # it would be the sum of all others, and so a total row
    return cells
