"""What a vendor may answer: each lie is found with its cause, and no honest oddity is accused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from shared.heads import Access, ExportsHead
from shared.records import CheckStatus, TrustState
from tests.adoption.stories import (
    DAY,
    FIRST,
    NAMESAKE,
    NOW,
    TEAM,
    TODAY,
    WEEK,
    Row,
    Story,
    days,
    pipeline,
    weekdays,
    work,
)

LAST_MONDAY = TODAY - WEEK
HONEST = Story([*work(), *work(when=[TODAY])])
STRANGER = "admin@other.example"


def cents(rows: Sequence[Row], factor: str, since: date = FIRST) -> list[Row]:
    """The rows with their amounts times so much."""
    return [
        replace(row, cents=str(Decimal(row.cents) * Decimal(factor))) if row.day >= since else row
        for row in rows
    ]


def again(rows: Sequence[Row], back: timedelta, first: date) -> list[Row]:
    """The rows with each day from one on replaced by an earlier one."""
    before = [row for row in rows if row.day < first]
    copied = [replace(row, day=row.day + back) for row in rows if first <= row.day + back < TODAY]
    return [*before, *copied]


@dataclass(frozen=True)
class Lie:
    """A story that must not pass: what each check says of it that does not pass, and the state."""

    story: Callable[[], Story]
    said: Mapping[str, CheckStatus]
    state: TrustState
    words: str = ""


LIES = {
    "another organisation of the same name, with one member and a key": Lie(
        lambda: HONEST.but(rows=pipeline(), members=[STRANGER]).as_of(NAMESAKE),
        {"expected-organization": "fail", "roster-visible": "fail", "humans-present": "fail"},
        "untrusted",
        NAMESAKE,
    ),
    "another organisation of the same name, and its member at honest work": Lie(
        lambda: HONEST.but(rows=work([STRANGER]), members=[STRANGER]).as_of(NAMESAKE),
        {"expected-organization": "fail", "roster-visible": "fail"},
        "untrusted",
        "0 of them",
    ),
    "one member of eight, and nobody said which organisation is meant": Lie(
        lambda: HONEST.but(rows=work(TEAM[:1]), members=TEAM[:1], expected=None),
        {"expected-organization": "unknown", "roster-visible": "fail"},
        "untrusted",
        "1 of them",
    ),
    "one member, and nobody said anything": Lie(
        lambda: HONEST.but(rows=work(TEAM[:1]), members=TEAM[:1], expected=None, roster=None),
        {"expected-organization": "unknown", "roster-visible": "unknown"},
        "partial",
        "1 member",
    ),
    "API rows only": Lie(
        lambda: HONEST.but(rows=pipeline()), {"humans-present": "fail"}, "untrusted", "0 rows of people"
    ),
    "one admin among keys, while a canary works every day": Lie(
        lambda: HONEST.but(rows=[*pipeline(), *work(TEAM[:1])], canaries=TEAM[:2]),
        {"humans-present": "warn"},
        "partial",
        "1 of them not at all",
    ),
    "API rows, while exports show subscription use": Lie(
        lambda: HONEST.but(
            rows=work(TEAM[:2], population="api"),
            exports=ExportsHead(looks=1, people_by_month={"2026-10": 6}),
        ),
        {"humans-present": "fail"},
        "partial",
        "2026-10",
    ),
    "empty for all dates": Lie(
        lambda: HONEST.but(rows=[]),
        {
            "humans-present": "unknown",
            "coverage": "unknown",
            "freshness": "unknown",
            "silence": "unknown",
        },
        "unknown",
    ),
    "empty for all dates, while exports show people": Lie(
        lambda: HONEST.but(rows=[], exports=ExportsHead(looks=1, people_by_month={"2026-10": 6})),
        {
            "humans-present": "fail",
            "coverage": "unknown",
            "freshness": "unknown",
            "silence": "unknown",
        },
        "untrusted",
        "6 people",
    ),
    "empty since a Wednesday": Lie(
        lambda: HONEST.but(rows=work(when=days(end=date(2026, 11, 11)))),
        {"coverage": "warn", "freshness": "warn", "silence": "warn"},
        "partial",
        "nothing since 2026-11-11, 3 working days",
    ),
    "empty for more than a week": Lie(
        lambda: HONEST.but(rows=work(when=days(end=date(2026, 11, 4)))),
        {"coverage": "warn", "freshness": "warn", "silence": "fail"},
        "partial",
        "nothing since 2026-11-04",
    ),
    "half of the engineers vanished on one day": Lie(
        lambda: HONEST.but(rows=[*work(TEAM[:4]), *work(TEAM[4:], days(end=date(2026, 11, 3)))]),
        {"silence": "warn"},
        "partial",
        "of 4 of the 8 engineers",
    ),
    "half of the engineers vanished two months ago": Lie(
        lambda: HONEST.but(
            first=date(2026, 8, 24),
            rows=[
                *work(TEAM[:4], days(date(2026, 8, 24), TODAY + DAY)),
                *work(TEAM[4:], days(date(2026, 8, 24), date(2026, 9, 22))),
            ],
        ),
        {"silence": "warn"},
        "partial",
        "of 4 of the 8 engineers",
    ),
    "all but one vanished, and nobody has a roster": Lie(
        lambda: HONEST.but(
            rows=[*work(TEAM[:1]), *work(TEAM[1:], days(end=date(2026, 10, 27)))], roster=None
        ),
        {"roster-visible": "unknown", "silence": "warn"},
        "partial",
        "of 7 of the 8 engineers",
    ),
    "a canary is missing": Lie(
        lambda: HONEST.but(
            rows=[*work(TEAM[:7]), *work(TEAM[7:], days(end=date(2026, 11, 6)))], canaries=TEAM[7:]
        ),
        {"humans-present": "warn"},
        "partial",
        "canary",
    ),
    "last week is the week before again": Lie(
        lambda: HONEST.but(rows=again(work(), WEEK, LAST_MONDAY)),
        {"plausibility": "warn"},
        "partial",
        "2026-11-09 to 2026-11-13 are those of 2026-11-02 on",
    ),
    "three weeks repeat the one before": Lie(
        lambda: HONEST.but(
            rows=again(
                again(again(work(), WEEK, LAST_MONDAY - 2 * WEEK), WEEK, LAST_MONDAY - WEEK),
                WEEK,
                LAST_MONDAY,
            )
        ),
        {"plausibility": "warn"},
        "partial",
    ),
    "one day's rows come again every day": Lie(
        lambda: HONEST.but(
            rows=[
                *work(when=days(end=date(2026, 11, 7))),
                *[
                    replace(row, day=LAST_MONDAY + DAY * number)
                    for row in work(when=[date(2026, 11, 6)])
                    for number in range(5)
                ],
            ]
        ),
        {"plausibility": "warn"},
        "partial",
        "those of 2026-11-06 on",
    ),
    "dollars for cents since Thursday": Lie(
        lambda: HONEST.but(rows=cents(work(), "0.01", date(2026, 11, 12))),
        {"plausibility": "warn"},
        "partial",
        "times less from 2026-11-12",
    ),
    "a hundred times the cents since October": Lie(
        lambda: HONEST.but(rows=cents(work(), "100", date(2026, 10, 12))),
        {"plausibility": "warn"},
        "partial",
        "times more from 2026-10-12",
    ),
    "a day that lost most of its people when it was read again": Lie(
        lambda: HONEST.but(read_again={date(2026, 11, 12): work(TEAM[:2], [date(2026, 11, 12)], share=1)}),
        {"plausibility": "warn"},
        "partial",
        "2026-11-12 lost more than half",
    ),
    "a day of rows that was empty when it was read again": Lie(
        lambda: HONEST.but(read_again={date(2026, 11, 12): []}),
        {"plausibility": "warn"},
        "partial",
        "2026-11-12 lost more than half",
    ),
    "the rows of another day": Lie(
        lambda: HONEST.but(broken=frozenset({date(2026, 11, 12)})),
        {"coverage": "fail", "contract": "fail"},
        "partial",
        "2026-11-12",
    ),
    "rows of another organisation among ours": Lie(
        lambda: HONEST.but(
            rows=[*work(), replace(work(when=[date(2026, 11, 12)])[0], organization=NAMESAKE)]
        ),
        {"expected-organization": "fail", "coverage": "fail", "contract": "fail"},
        "partial",
        "rows of another organisation on 2026-11-12",
    ),
    "three of eight seen": Lie(
        lambda: HONEST.but(rows=work(TEAM[:3]), members=TEAM[:3]),
        {"roster-visible": "fail"},
        "untrusted",
        "3 of them",
    ),
    "nothing was fetched for weeks": Lie(
        lambda: HONEST.but(fetched_to=date(2026, 10, 25)),
        {"freshness": "fail"},
        "partial",
        "days up to 2026-10-25",
    ),
    "a plan without the API": Lie(
        lambda: HONEST.but(rows=[], fetched_to=FIRST - DAY, access=Access("locked", 404)),
        {
            "humans-present": "unknown",
            "access": "unknown",
            "coverage": "unknown",
            "freshness": "unknown",
            "silence": "unknown",
            "reconciliation": "unknown",
            "plausibility": "unknown",
            "contract": "unknown",
        },
        "unknown",
        "not supported for this plan",
    ),
    "a key that was revoked": Lie(
        lambda: HONEST.but(access=Access("denied", 401, "the key is wrong", "Make one.", NOW, NOW)),
        {"access": "fail"},
        "partial",
    ),
}


def alternating(day: date) -> bool:
    return weekdays(day) and day.isocalendar().week % 2 == 0


#: Honest, and odd: what a check says that does not pass where it has to.
OTHERWISE: Mapping[str, Mapping[str, CheckStatus]] = {
    "a new team": {"coverage": "unknown"},
    "a team that works from Monday to Wednesday": {
        # two empty working days are a warning, however usual; the days of the week so far are not proven
        "coverage": "warn",
        "freshness": "warn",
        "silence": "warn",
    },
}

HONEST_STORIES: Mapping[str, Callable[[], Story]] = {
    "eight at work": lambda: HONEST,
    "a week off": lambda: HONEST.but(
        rows=work(works=lambda day: weekdays(day) and not date(2026, 11, 2) <= day < LAST_MONDAY)
    ),
    "a week of holidays until today": lambda: HONEST.but(
        rows=work(when=days(end=LAST_MONDAY)),
        holidays=frozenset(LAST_MONDAY + DAY * number for number in range(7)),
    ),
    "Christmas": lambda: HONEST.but(
        now=NOW.replace(year=2027, month=1, day=4),
        first=date(2026, 11, 2),
        rows=work(when=days(date(2026, 11, 2), date(2026, 12, 24))),
    ),
    "keys go on over Christmas": lambda: HONEST.but(
        rows=[
            *work(works=lambda day: weekdays(day) and not date(2026, 11, 2) <= day < LAST_MONDAY),
            *pipeline(works=lambda _: True),
        ]
    ),
    "a new team": lambda: HONEST.but(rows=work(when=days(date(2026, 10, 27)))),
    "one engineer": lambda: HONEST.but(rows=work(TEAM[:1], share=1), members=TEAM[:1], roster=TEAM[:1]),
    "people at the week-end only": lambda: HONEST.but(rows=work(works=lambda day: day.weekday() >= 5)),
    "people on every day of the week": lambda: HONEST.but(rows=work(works=lambda _: True)),
    "a team that works from Monday to Wednesday": lambda: HONEST.but(
        rows=work(works=lambda day: day.weekday() < 3, share=1)
    ),
    "a team that works every other week": lambda: HONEST.but(rows=work(works=alternating)),
    "a team that shrinks, one by one": lambda: HONEST.but(
        rows=[
            row
            for number, who in enumerate(TEAM)
            for row in work([who], days(end=TODAY if number < 3 else TODAY - number * WEEK))
        ]
    ),
    "five left the company on one day": lambda: HONEST.but(
        rows=[*work(TEAM[:3]), *work(TEAM[3:], days(end=date(2026, 11, 2)))],
        roster=TEAM[:3],
        members=TEAM,
    ),
    "five gave their seats back, and nobody has a roster": lambda: HONEST.but(
        rows=[*work(TEAM[:3]), *work(TEAM[3:], days(end=date(2026, 11, 2)))],
        roster=TEAM[:3],
        members=TEAM[:3],
    ),
    "the organisation was split": lambda: HONEST.but(
        rows=[*work(TEAM[:4]), *work(TEAM[4:], days(end=date(2026, 10, 19)))],
        roster=TEAM[:4],
        members=TEAM[:4],
    ),
    "the organisation has another name": lambda: HONEST.but(name="Quux and Daughters"),
    "keys beside people, the same every night": lambda: HONEST.but(rows=[*work(), *pipeline()]),
    "people whose keys the admin mapped": lambda: HONEST.but(
        rows=[replace(row, who=f"key-{row.who[0]}", population="api") for row in work()],
        mapped=frozenset(f"key-{who[0]}" for who in TEAM),
    ),
    "over the API and by subscription": lambda: HONEST.but(
        rows=[*work(TEAM[:5]), *work(TEAM[3:], population="api")]
    ),
    "subscriptions that cost nothing beside an API": lambda: HONEST.but(
        rows=[*cents(work(TEAM[:5]), "0"), *work(TEAM[5:], population="api")]
    ),
    "a model at a fifth of the price": lambda: HONEST.but(
        rows=[*work(when=days(end=date(2026, 10, 19))), *work(when=days(date(2026, 10, 19)), price=0.2)]
    ),
    "everybody writes the same, each day something else": lambda: HONEST.but(
        rows=[replace(row, who=who) for row in work(TEAM[:1], share=1) for who in TEAM]
    ),
    "ten times more than before": lambda: HONEST.but(
        rows=[
            *work(when=days(end=date(2026, 11, 2))),
            *[
                replace(
                    row, lines=10 * row.lines, tokens=10 * row.tokens, cents=f"{10 * float(row.cents):.2f}"
                )
                for row in work(when=days(date(2026, 11, 2)))
            ],
        ]
    ),
    "small days of questions between large ones": lambda: HONEST.but(
        rows=[
            *[row for row in work(share=1) if row.day.weekday() != 4],
            *[Row(day, TEAM[0], 0, 3_000, "4.00") for day in days() if day.weekday() == 4],
        ]
    ),
    "a day that grew when it was read again": lambda: HONEST.but(
        rows=[row for row in work() if row.day != date(2026, 11, 12) or row.who in TEAM[:3]],
        read_again={date(2026, 11, 12): work(when=[date(2026, 11, 12)])},
    ),
    "a day that was corrected by a little": lambda: HONEST.but(
        read_again={date(2026, 11, 12): work(when=[date(2026, 11, 12)])[1:]}
    ),
    "four were away for two days": lambda: HONEST.but(
        rows=[*work(TEAM[:4]), *work(TEAM[4:], days(end=date(2026, 11, 12)), share=1)]
    ),
    "six who tried it on one day, and never again": lambda: HONEST.but(
        rows=[*work(TEAM[:2]), *work(TEAM[2:], [date(2026, 11, 3)], share=1)]
    ),
    "a team of few days, each on their own": lambda: HONEST.but(rows=work(share=0.35)),
    "the very first days": lambda: HONEST.but(
        first=date(2026, 11, 9), rows=work(when=days(date(2026, 11, 9)), share=1)
    ),
}


def not_passing(story: Story) -> dict[str, CheckStatus]:
    checks = [one for one in story.judged().trust.checks if one.source == "claude_code_admin"]
    return {one.name: one.status for one in checks if one.status != "pass"}


@pytest.mark.parametrize("name", LIES)
def test_each_lie_is_found_with_its_cause(name: str) -> None:
    """The checks whose business it is say so, with what to do, and no other one does; it is never trusted."""
    lie = LIES[name]
    found = lie.story().judged()
    checks = [one for one in found.trust.checks if one.source == "claude_code_admin"]
    assert {one.name: one.status for one in checks if one.status != "pass"} == lie.said
    assert found.trust.state == lie.state
    said = [one for one in checks if one.name in lie.said]
    assert all(one.action for one in said if one.status in ("warn", "fail"))
    assert any(lie.words in one.seen + one.expected for one in said)


@pytest.mark.parametrize("name", HONEST_STORIES)
def test_no_honest_story_is_accused(name: str) -> None:
    """However odd: nothing fails, nothing is doubted, and what is closed is usable."""
    story = HONEST_STORIES[name]()
    assert not_passing(story) == OTHERWISE.get(name, {})
    found = story.judged()
    assert found.trust.state == ("partial" if name in OTHERWISE else "trusted")
    assert "2026-W45" in found.usable or story.first > date(2026, 11, 2)


@pytest.mark.parametrize("name", LIES)
def test_where_a_check_fails_nothing_is_usable(name: str) -> None:
    """A failing check names the periods of which it speaks, or speaks of now."""
    found = LIES[name].story().judged()
    failing = [one for one in found.trust.checks if one.status == "fail"]
    assert not {label for one in failing for label in one.periods} & found.usable
    assert all(one.periods or one.name in ("access", "freshness") for one in failing)
