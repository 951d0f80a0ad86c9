"""Acme Robotics, the organisation of most worlds: its engineers, how they work, its invites and keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from local.vendor.organization import ApiKey, Invite, Member
from local.vendor.team import Habit, KeyHistory, TeamHistory, Trend
from local.vendor.usage import History, Population, monday_of
from local.vendor.world import ACME, World

TEAM = tuple(
    f"{name}@example.com" for name in ("ana", "ben", "chen", "dara", "emeka", "fatima", "goran", "hana")
)
CI_KEY = "ci-review-bot"
HISTORY_WEEKS = 17  # 119 days
NEVER = date.max

# Weeks before this week's Monday in which each of the eight begins; Hana has a seat and has not started.
FIRST_WEEKS = (17, 17, 17, 14, 12, 9, 6, None)
JOINED = datetime(2024, 1, 5, 9, tzinfo=UTC)  # when everybody got a seat: before any history begins


def acme_world(name: str, seed: int, history: History, emails: Sequence[str] = TEAM) -> World:
    """A world of the right organisation whose members are the team."""
    members = [_member(number, email) for number, email in enumerate(emails, 1)]
    return World(
        name=name,
        seed=seed,
        organization=ACME,
        expected_organization=ACME.id,
        engineers=tuple(emails),
        members=members,
        history=history,
        invites=_invites(),
        api_keys=_api_keys(members),
    )


def _member(number: int, email: str) -> Member:
    """Every third address is written in mixed case, and the roles differ, one of them in no documentation."""
    roles = ("admin", "developer", "claude_code_user", "user", "workspace_sponsor")
    local, _, domain = email.partition("@")
    written = f"{local.title()}@{domain}" if number % 3 == 0 else email
    name = local.replace("-", " ").title()
    return Member(f"user_{number:04d}", written, name, roles[(number - 1) % len(roles)], JOINED)


def _invites() -> list[Invite]:
    """One invitation in each state; the invited are not members yet, or not any more."""
    soon = JOINED + timedelta(days=21)
    return [
        Invite("invite_0001", "Ivy@example.com", "developer", "pending", JOINED, soon),
        Invite("invite_0002", TEAM[0], "admin", "accepted", JOINED, soon, JOINED),
        Invite("invite_0003", "jon@example.com", "user", "expired", JOINED, soon),
        Invite("invite_0004", "kim@example.com", "user", "deleted", JOINED, soon),
    ]


def _api_keys(members: Sequence[Member]) -> list[ApiKey]:
    """The pipeline's key, a person's own, and two that share a name and cannot be mapped by it."""
    ana, ben = members[0].id, members[1].id
    later = datetime(2040, 1, 1, tzinfo=UTC)
    return [
        ApiKey("apikey_0001", CI_KEY, "active", JOINED, ana, workspace_id="wrkspc_0001"),
        ApiKey("apikey_0002", "claude_code_key_ben_x7k2", "active", JOINED, ben, expires_at=later),
        ApiKey("apikey_0003", "shared-sandbox", "archived", JOINED, ana),
        ApiKey("apikey_0004", "shared-sandbox", "inactive", JOINED, ben),
    ]


def weeks_ago(today: date, weeks: int) -> date:
    return monday_of(today) - timedelta(weeks=weeks)


def habits(
    firsts: Sequence[date],
    emails: Sequence[str],
    ends: Sequence[date] | None = None,
    populations: Sequence[Population] | None = None,
) -> list[Habit]:
    """Habits of many sizes. Unless told otherwise every fourth works over the API, every fourth over both."""
    mixes: tuple[tuple[Population, ...], ...] = (
        ("subscription",),
        ("api",),
        ("subscription",),
        ("subscription", "api"),
    )
    return [
        Habit(
            email=email,
            weekly_lines=240 + 30 * (number * 3 % 7),
            phase=number,
            first=first,
            end=ends[number] if ends else NEVER,
            populations=tuple(populations or mixes[number % len(mixes)]),
        )
        for number, (first, email) in enumerate(zip(firsts, emails, strict=True))
    ]


def eight(
    seed: int, today: date, trend: Trend, populations: Sequence[Population] | None = None
) -> TeamHistory:
    """The eight, who began one after the other, seven of them so far."""
    firsts = [weeks_ago(today, weeks) if weeks else NEVER for weeks in FIRST_WEEKS]
    return TeamHistory(habits(firsts, TEAM, populations=populations), trend, seed=seed)


def ci(seed: int, today: date) -> KeyHistory:
    return KeyHistory(CI_KEY, first=weeks_ago(today, HISTORY_WEEKS), seed=seed)
