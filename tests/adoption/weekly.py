"""An admin who exports every week, and a reader on the Monday after: files in, the answer out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from shared.app import App
from shared.jobs.refresh import refresh
from shared.records import Receipt
from tests.jobs.dropping import HEADER, drop

#: The Monday after the Friday export of 20 November.
MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

FRI_6, FRI_13, FRI_20 = "2026-11-06T16:00Z", "2026-11-13T16:10Z", "2026-11-20T15:50Z"
TEAM = tuple("abcdefgh")


def address(name: str) -> str:
    return f"{name}@quux.example"


def lines(counts: Mapping[str, int]) -> bytes:
    """A team export; who has an address of his own keeps it."""
    rows = (f"{who if '@' in who or ' ' in who else address(who)},{count}\n" for who, count in counts.items())
    return (HEADER + "".join(rows)).encode()


def name_of(month: str, organization: str | None = None) -> str:
    """As the vendor names a month's file; with an organisation's id as the dashboard puts it before."""
    year, number = month.split("-")
    last = {"09": 30, "11": 30}.get(number, 31)
    end = f"_{organization}" if organization else ""
    return f"claude_code_team_{year}_{number}_01_to_{year}_{number}_{last}{end}.csv"


def look(app: App, at: str, counts: Mapping[str, int], *, month: str = "", of: str | None = None) -> Receipt:
    """Drop the export that showed these counts at that moment: ``look(app, FRI_6, {"ana": 1000})``."""
    return drop(app, name_of(month or at[:7], of), lines(counts), {"as_of": at.replace("Z", "+00:00")})


def roster(app: App, *rows: str, day: str = "2026-10-01") -> Receipt:
    """Drop a roster; a row is ``name`` or ``name,joined[,left]``."""
    text = "email,name,team,joined,left\n"
    for row in rows:
        who, joined, left = (*row.split(","), "", "")[:3]
        text += f"{address(who)},{who.title()},core,{joined},{left}\n"
    return drop(app, f"{day}/roster.csv", text.encode())


def teams(app: App, day: str = "2026-10-01", **members: str) -> Receipt:
    """Drop a roster of teams; each letter is somebody: ``teams(app, web="abcdef", ops="ghijk")``."""
    text = "email,name,team,joined\n"
    for team, people in members.items():
        text += "".join(f"{address(who)},,{team.strip('_')},\n" for who in people)
    return drop(app, f"{day}/roster.csv", text.encode())


def rebuilt(app: App) -> App:
    """The app once its rows are up to what was dropped."""
    refresh(app, "timer")
    return app


def two_weeks(app: App, before: Mapping[str, int], after: Mapping[str, int]) -> App:
    """Three Friday exports: who added what in 6 → 13 November, and in 13 → 20 November."""
    second = {who: 1000 + before.get(who, 0) for who in {**before, **after}}
    look(app, FRI_6, dict.fromkeys(second, 1000))
    look(app, FRI_13, second)
    look(app, FRI_20, {who: count + after.get(who, 0) for who, count in second.items()})
    return rebuilt(app)
