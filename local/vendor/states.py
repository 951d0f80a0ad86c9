"""Worlds that each show one state of the app: by what was dropped, or by what the app was told.

Their exports are those of an admin who downloads every Friday, and each finished month's file on the 2nd, and
drops each into the folder of that day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from local.vendor.acme import HISTORY_WEEKS, TEAM, acme_world, ci, eight, habits, weeks_ago
from local.vendor.enterprise import ANALYTICS_KEY
from local.vendor.team import TeamHistory, rising
from local.vendor.usage import JoinedHistory, WrittenHistory, days_between
from local.vendor.world import DroppedFile, World

CLAUDE_AI = "0f5e2e7a-6c1e-4f0e-9a55-6f0d3f6f2b11"  # Acme's id on the other surface
EXPORTED_DAYS = 49
DOWNLOADED_AT = time(16)
FRIDAY = 4

TWO = {"Arms": TEAM[:5], "Legs": TEAM[5:]}
TEAMS = {
    team: tuple(f"{name}@example.com" for name in names.split())
    for team, names in {
        "Arms": "ana ben chen dara emeka fatima goran hana ines",
        "Legs": "jun kofi lena mato nuri olga pavel quinn",
        "Eyes": "rosa sami tova umar vera wiktor xenia",
    }.items()
}


def with_roster(name: str, seed: int, today: date) -> World:
    """The honest world and a roster of its 8 engineers: nothing is left to doubt, the state is trusted."""
    world = _honest(name, seed, today)
    world.dropped = [roster(today)]
    return world


def three_teams(name: str, seed: int, today: date) -> World:
    """24 engineers in teams of nine, eight and seven: each team can be looked at by itself."""
    emails = [email for members in TEAMS.values() for email in members]
    begun = [weeks_ago(today, HISTORY_WEEKS - number % 9) for number in range(len(emails))]
    history = TeamHistory(habits(begun, emails), rising, seed=seed)
    world = acme_world(name, seed, JoinedHistory(history, ci(seed, today)), emails)
    world.dropped = [roster(today, TEAMS)]
    return world


def team_plan(name: str, seed: int, today: date) -> World:
    """A Team plan: the key is refused, and weekly exports and a roster answer instead."""
    world = _on_a_team_plan(name, seed, today)
    world.dropped = [roster(today), *weekly_exports(world, today)]
    return world


def stale_exports(name: str, seed: int, today: date) -> World:
    """The Team plan, and no export for three weeks: the periods stand, and nothing can be said of now."""
    world = _on_a_team_plan(name, seed, today)
    world.dropped = [roster(today), *weekly_exports(world, today - timedelta(days=21))]
    return world


def locked(name: str, seed: int, today: date) -> World:
    """A Team plan before the first export: the key is refused, and nothing proves anything."""
    return _on_a_team_plan(name, seed, today)


def nothing_yet(name: str, seed: int, today: date) -> World:
    """No key and no export: nothing was collected yet."""
    world = _on_a_team_plan(name, seed, today)
    world.settings = {"ANTHROPIC_ADMIN_KEY": ""}
    return world


def signed_out(name: str, seed: int, today: date) -> World:
    """The honest world, and nobody is signed in."""
    world = _honest(name, seed, today)
    world.settings = {"DEVELOPMENT_PRINCIPAL": ""}
    return world


def wrong_role(name: str, seed: int, today: date) -> World:
    """The honest world, and a reader who may upload and not read."""
    world = _honest(name, seed, today)
    world.settings = {"DEVELOPMENT_ROLES": "Usage.Upload"}
    return world


def no_storage(name: str, seed: int, today: date) -> World:
    """The honest world, and tables that cannot be reached."""
    world = _honest(name, seed, today)
    world.storage_is_away = True
    return world


def vendor_away(name: str, seed: int, today: date) -> World:
    """The honest world, whose vendor has not answered for three hours: what is there is served, as stale."""
    world = _honest(name, seed, today)
    world.away_for = timedelta(hours=3)
    return world


BUILDERS: dict[str, Callable[[str, int, date], World]] = {
    "with-roster": with_roster,
    "three-teams": three_teams,
    "team-plan": team_plan,
    "stale-exports": stale_exports,
    "locked": locked,
    "nothing-yet": nothing_yet,
    "signed-out": signed_out,
    "wrong-role": wrong_role,
    "no-storage": no_storage,
    "vendor-away": vendor_away,
}


def _honest(name: str, seed: int, today: date) -> World:
    return acme_world(name, seed, JoinedHistory(eight(seed, today, rising), ci(seed, today)))


def _on_a_team_plan(name: str, seed: int, today: date) -> World:
    """The eight work on subscriptions, which no API shows; the vendor refuses the key that they have."""
    world = acme_world(name, seed, WrittenHistory())
    world.unseen = eight(seed, today, rising, ("subscription",))
    world.settings = {
        "ANTHROPIC_ADMIN_KEY": ANALYTICS_KEY,
        "EXPECTED_ORGANIZATIONS": f"claude_ai:{CLAUDE_AI}",
    }
    return world


# --- what an admin drops -----------------------------------------------------------------------


def roster(today: date, teams: Mapping[str, Sequence[str]] = TWO) -> DroppedFile:
    """Who is on which team, as of the beginning of their use; the eight in two, unless told otherwise."""
    lines = ["email,name,team,joined,left"]
    for team, members in teams.items():
        lines += [f"{email},{email.partition('@')[0].title()},{team},," for email in members]
    day = today - timedelta(days=EXPORTED_DAYS)
    return DroppedFile(f"{day}/roster.csv", "\n".join([*lines, ""]).encode())


def weekly_exports(world: World, until: date) -> Iterator[DroppedFile]:
    """The Friday exports of the seven weeks before a day, and each finished month's."""
    for day in days_between(until - timedelta(days=EXPORTED_DAYS), until):
        if day.weekday() == FRIDAY:
            yield _export(world, day, day)
        if day.day == 2:
            yield _export(world, day - timedelta(days=2), day)


def _export(world: World, month: date, day: date) -> DroppedFile:
    first = month.replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    counts = world.lines_month_to_date(month, datetime.combine(day, DOWNLOADED_AT, UTC))
    rows = "".join(f"{email},{count}\n" for email, count in counts.items())
    name = f"claude_code_team_{first:%Y_%m_%d}_to_{last:%Y_%m_%d}_{CLAUDE_AI}.csv"
    return DroppedFile(f"{day}/{name}", f"User,Lines this Month\n{rows}".encode())
