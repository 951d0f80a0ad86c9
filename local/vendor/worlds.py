"""The named worlds. Each is one builder in one table; its first docstring line describes it to `--help`.

`today` anchors what is told relative to the present ("three weeks ago"). A world built on a later day differs
only there: the days that both determine by calendar alone are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from local.vendor import plans, states
from local.vendor.acme import (
    HISTORY_WEEKS,
    JOINED,
    NEVER,
    TEAM,
    acme_world,
    ci,
    eight,
    habits,
    weeks_ago,
)
from local.vendor.organization import ApiKey, Member, Organization
from local.vendor.team import TeamHistory, falling, level, rising
from local.vendor.usage import (
    DollarHistory,
    JoinedHistory,
    LimitedHistory,
    RepeatedHistory,
    Use,
    WrittenHistory,
    days_between,
)
from local.vendor.world import ACME, World

DEFAULT_WORLD = "honest"
NAMESAKE = Organization("c2d90e4e-8f5b-4b7e-a1a6-3f0b9d7c2e55", ACME.name)  # the same name, another id


def worlds() -> dict[str, str]:
    """The name of every world and what it is, the default first."""
    return {name: (builder.__doc__ or "").partition("\n")[0] for name, builder in BUILDERS.items()}


def build_world(name: str, *, seed: int, today: date) -> World:
    """The world of that name as of `today`. Raises ValueError for an unknown name, with those that exist."""
    try:
        builder = BUILDERS[name]
    except KeyError:
        raise ValueError(f"no world is called {name!r}; there are: {', '.join(BUILDERS)}") from None
    return builder(name, seed, today)


def honest(name: str, seed: int, today: date) -> World:
    """8 engineers, 17 weeks of varied use, adoption growing: the answer is yes."""
    return acme_world(name, seed, JoinedHistory(eight(seed, today, rising), ci(seed, today)))


def flat(name: str, seed: int, today: date) -> World:
    """8 engineers whose use stays the same: the answer is no, flat."""
    begun = weeks_ago(today, HISTORY_WEEKS)
    their_habits = habits([begun] * len(TEAM), TEAM)
    return acme_world(name, seed, TeamHistory(their_habits, level, seed=seed))


def declining(name: str, seed: int, today: date) -> World:
    """8 engineers who use it less every week, two of whom stopped: the answer is no."""
    begun = weeks_ago(today, HISTORY_WEEKS)
    ends = [NEVER] * 6 + [weeks_ago(today, 7), weeks_ago(today, 4)]
    their_habits = habits([begun] * len(TEAM), TEAM, ends)
    return acme_world(name, seed, TeamHistory(their_habits, falling, seed=seed))


def growing_large(name: str, seed: int, today: date) -> World:
    """200 engineers who began one after the other: the answer is yes."""
    return _large(name, seed, today, 200)


def many(name: str, seed: int, today: date) -> World:
    """1,250 engineers: a working day has more than 1,000 rows, so days have several pages."""
    return _large(name, seed, today, 1_250)


def new_team(name: str, seed: int, today: date) -> World:
    """8 engineers whose first row is on the Tuesday three weeks ago, with nothing before."""
    begun = weeks_ago(today, 3) + timedelta(days=1)
    first_use = Use.on(
        begun,
        TEAM[0],
        sessions=1,
        lines_accepted=12,
        decisions_accepted=1,
        tokens_input=4_000,
        tokens_output=900,
    )
    team = TeamHistory(habits([begun] * len(TEAM), TEAM), rising, seed=seed)
    return acme_world(name, seed, JoinedHistory(WrittenHistory([first_use]), team))


def holiday_week(name: str, seed: int, today: date) -> World:
    """8 engineers and one full week without any use, the last but one that is closed."""
    monday = weeks_ago(today, 2)
    rest = days_between(monday, monday + timedelta(days=7))
    begun = [weeks_ago(today, HISTORY_WEEKS)] * len(TEAM)
    return acme_world(name, seed, TeamHistory(habits(begun, TEAM), rising, seed=seed, rest=rest))


def trap(name: str, seed: int, today: date) -> World:
    """The author's trap: the organisation of the same name, 1 member, 4 rows in 90 days, none human."""
    days = [today - timedelta(days=ago) for ago in (81, 52, 23, 6)]
    key_uses = [
        Use.on(
            day,
            "claude_code_key_old-laptop",
            "api",
            is_key=True,
            sessions=1,
            tokens_input=1_800,
            tokens_output=240,
        )
        for day in days
    ]
    stranger = Member("user_9001", "Admin@example.com", "Admin", "admin", JOINED)
    return World(
        name=name,
        seed=seed,
        organization=NAMESAKE,
        expected_organization=ACME.id,
        engineers=TEAM,
        members=[stranger],
        history=WrittenHistory(key_uses),
        unseen=eight(seed, today, rising, ("subscription",)),
        api_keys=[
            ApiKey("apikey_9001", "claude_code_key_old-laptop", "active", JOINED, stranger.id),
        ],
    )


def api_only(name: str, seed: int, today: date) -> World:
    """The right organisation with 8 members, but the key sees only rows of API keys, no person's."""
    world = acme_world(name, seed, ci(seed, today))
    world.unseen = eight(seed, today, rising, ("subscription",))
    return world


def empty(name: str, seed: int, _today: date) -> World:
    """The right organisation with 8 members and never any row."""
    return acme_world(name, seed, WrittenHistory())


def silent_since_wednesday(name: str, seed: int, today: date) -> World:
    """Months of use, then nothing since Wednesday: the team moved to subscription log-in."""
    wednesday = last_wednesday(today)
    before = JoinedHistory(eight(seed, today, rising, ("api",)), ci(seed, today))
    after = eight(seed, today, rising, ("subscription",))
    world = acme_world(name, seed, LimitedHistory(before, end=wednesday))
    world.unseen = LimitedHistory(after, first=wednesday)
    return world


def half_vanished(name: str, seed: int, today: date) -> World:
    """8 members, four of whom the API shows no more since the Tuesday three weeks ago: a move of log-in."""
    begun = [weeks_ago(today, HISTORY_WEEKS)] * len(TEAM)
    tuesday = weeks_ago(today, 3) + timedelta(days=1)
    stay, moved = TEAM[::2], TEAM[1::2]
    before = TeamHistory(habits(begun[:4], moved, populations=("api",)), rising, seed=seed)
    after = TeamHistory(habits(begun[:4], moved, populations=("subscription",)), rising, seed=seed)
    going_on = TeamHistory(habits(begun[:4], stay), rising, seed=seed)
    world = acme_world(name, seed, JoinedHistory(going_on, LimitedHistory(before, end=tuesday)))
    world.unseen = LimitedHistory(after, first=tuesday)
    return world


def repeated_week(name: str, seed: int, today: date) -> World:
    """8 members, and since the last closed Monday the rows of the week before come again: a cache."""
    world = honest(name, seed, today)
    world.history = RepeatedHistory(world.history, since=weeks_ago(today, 1))
    return world


def dollars(name: str, seed: int, today: date) -> World:
    """8 members, and since the Monday two weeks ago amounts are dollars where cents are due."""
    world = honest(name, seed, today)
    world.history = DollarHistory(world.history, since=weeks_ago(today, 2))
    return world


def last_wednesday(today: date) -> date:
    """The first silent day of `silent-since-wednesday`: the latest Wednesday at least two days ago."""
    return today - timedelta(days=2 + (today - timedelta(days=2) - date(2020, 1, 8)).days % 7)


def _large(name: str, seed: int, today: date, count: int) -> World:
    """Half are there from the beginning, the others begin evenly over the weeks up to this one."""
    emails = [f"engineer-{number:04d}@example.com" for number in range(1, count + 1)]
    half = count // 2
    weeks = [HISTORY_WEEKS] * half + [
        HISTORY_WEEKS - HISTORY_WEEKS * (number + 1) // (count - half) for number in range(count - half)
    ]
    their_habits = habits([weeks_ago(today, ago) for ago in weeks], emails)
    return acme_world(name, seed, TeamHistory(their_habits, rising, seed=seed), emails)


Builder = Callable[[str, int, date], World]

BUILDERS: dict[str, Builder] = {
    "honest": honest,
    "flat": flat,
    "declining": declining,
    "growing-large": growing_large,
    "many": many,
    "new-team": new_team,
    "holiday-week": holiday_week,
    "trap": trap,
    "api-only": api_only,
    "empty": empty,
    "silent-since-wednesday": silent_since_wednesday,
    **states.BUILDERS,
    "half-vanished": half_vanished,
    "repeated-week": repeated_week,
    "dollars": dollars,
    **plans.BUILDERS,
}
