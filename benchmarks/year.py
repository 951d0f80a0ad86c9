"""A year of what an admin drops: a team export every Friday, each finished month's, and whatever helps."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from shared.periods import Period, period_of

#: The year's last Friday's week has ended on the Monday at noon that an app's clock shows.
FRIDAYS = [datetime(2025, 11, 14, 16, tzinfo=UTC) + timedelta(weeks=week) for week in range(53)]

#: Of ten engineers eight or nine write something in a week.
SHARE_A_WEEK = 0.85

_SPEND = (
    "user_email,account_uuid,product,model,total_requests,total_prompt_tokens,total_completion_tokens,"
    "total_net_spend_usd,total_gross_spend_usd"
)
_QUARTERS = FRIDAYS[::13]


class File(NamedTuple):
    """One dropped file: its name with its folder, what is in it, and its moment."""

    name: str
    content: bytes
    moment: datetime

    @property
    def metadata(self) -> dict[str, str]:
        """The explicit moment, as an admin's upload tells it."""
        return {"as_of": self.moment.isoformat()}


def year(people: int) -> list[File]:
    """120 files, in the order in which they are dropped."""
    files = [*_team_exports(people), *weekly_spend(people, 45), *_about_people(people)]
    return sorted(files, key=lambda file: (file.moment, file.name))


def weekly_spend(people: int, weeks: int) -> Iterator[File]:
    """The spend reports of the last so many whole weeks, each exported on the Wednesday after."""
    last = period_of("week", FRIDAYS[-1].date()).previous()
    for back in reversed(range(weeks)):
        yield _spend(people, period_of("week", last.start.date() - timedelta(weeks=back)))


def _team_exports(people: int) -> Iterator[File]:
    chance = random.Random(people)  # noqa: S311  # no secret depends on it
    counts: Counter[int] = Counter()
    month = period_of("month", FRIDAYS[0].date())
    for friday in FRIDAYS:
        if friday >= month.end:
            yield _team_export(month, month.end + timedelta(days=1, hours=9), counts)
            month = period_of("month", friday.date())
            counts.clear()
        counts.update({n: chance.randrange(400) for n in range(people) if chance.random() < SHARE_A_WEEK})
        yield _team_export(month, friday, counts)


def _team_export(month: Period, moment: datetime, counts: Mapping[int, int]) -> File:
    first, last = month.start.date(), month.last_day
    name = f"claude_code_team_{first:%Y_%m_%d}_to_{last:%Y_%m_%d}.csv"
    rows = (f'{_person(n)},"{count:,}"' for n, count in sorted(counts.items()))
    return _file(name, moment, "User,Lines this Month", rows)


def _spend(people: int, week: Period) -> File:
    chance = random.Random(week.start.toordinal())  # noqa: S311
    rows = (
        f"{_person(n)},0b6cf3f2-5d1e-4c1a-9c66-{n:012d},Claude Code,{model},{n % 77 + 1},"
        f"{chance.randrange(9_000_000)},{chance.randrange(90_000)},0.{n % 100:02d},{n % 100}.5"
        for n in range(people)
        if chance.random() < SHARE_A_WEEK
        for model in ("opus", "sonnet")
    )
    name = f"spend-report--{week.start.date()}-to-{week.last_day}.csv"
    return _file(name, week.end + timedelta(days=2, hours=9), _SPEND, rows)


def _about_people(people: int) -> Iterator[File]:
    """Who belongs to the team, who holds which seat, and what that costs."""
    everybody = range(people)
    for friday in _QUARTERS[:3]:
        roster = (f"{_person(n)},Person {n},team {n % 9},," for n in everybody)
        yield _file("people.csv", friday - timedelta(hours=3), "email,name,team,joined,left", roster)
    for friday in _QUARTERS[:4]:
        seats = (f"Person {n},{_person(n)},Member,Active,{_tier(n)}" for n in everybody)
        name = f"members-{friday.date()}.csv"
        yield _file(name, friday - timedelta(hours=2), "Name,Email,Role,Status,Seat Tier", seats)
    prices = {"standard": 25, "premium": 150}
    for moment, raised in ((FRIDAYS[0], 0), (FRIDAYS[26], 5)):
        rows = (f"{tier},{price + raised},USD,{moment.date()}" for tier, price in prices.items())
        yield _file("prices.csv", moment - timedelta(hours=4), "tier,monthly_price,currency,from", rows)
    holidays = (f"{day},a day off" for day in (date(2025, 12, 25), date(2026, 1, 1), date(2026, 5, 1)))
    yield _file("holidays.csv", FRIDAYS[0] - timedelta(hours=5), "date,name", holidays)


def _file(name: str, moment: datetime, header: str, rows: Iterator[str]) -> File:
    return File(f"{moment.date()}/{name}", "\r\n".join((header, *rows, "")).encode(), moment)


def _person(number: int) -> str:
    return f"person.{number}@example.com"


def _tier(number: int) -> str:
    return "Premium" if number % 5 == 0 else "Standard"
