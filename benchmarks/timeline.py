"""What the exports cost to conclude from: 60 looks at 10,000 people, the figures of 52 periods, a verdict."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from time import perf_counter

from benchmarks.stage import Stage
from benchmarks.table import Line
from benchmarks.timing import Spread
from shared.adoption.lines import Tolerance
from shared.adoption.looks import ShownLook, look_of_moment
from shared.adoption.ranges import Range, verdicts, ways_to_move
from shared.adoption.standing import Referee, settle
from shared.adoption.timeline import Point, Timeline
from shared.periods import period_of

PEOPLE, WEEKS, ROUNDS = 10_000, 52, 3
LAG = timedelta(hours=24)

#: Of ten engineers eight or nine write something in a week.
SHARE_A_WEEK = 0.85
FIRST_FRIDAY = datetime(2026, 1, 2, 16, tzinfo=UTC)


def looks_of(people: int, weeks: int) -> list[ShownLook]:
    """An export every Friday, and each finished month's on the 2nd: 60 looks or so in a year."""
    chance = random.Random(people)  # noqa: S311  # no secret depends on it
    names = [f"e{number:016x}" for number in range(people)]
    counts: Counter[str] = Counter()
    looks: list[ShownLook] = []
    for week in range(weeks + 1):
        friday = FIRST_FRIDAY + timedelta(days=7 * week)
        if looks and looks[-1].month != friday.date().replace(day=1):
            month = period_of("month", looks[-1].month)
            final = month.end + LAG + timedelta(hours=9)
            looks.append(look_of_moment(f"final {month.label}", month.start.date(), final, dict(counts)))
            counts.clear()
        counts.update({name: chance.randrange(400) for name in names if chance.random() < SHARE_A_WEEK})
        looks.append(look_of_moment(f"week {week}", friday.date().replace(day=1), friday, dict(counts)))
    return looks


def timeline(_stage: Stage, rounds: int = ROUNDS) -> Iterator[Line]:
    """Seconds for what a rebuild of a year of export periods concludes, in one process; nothing is stored."""
    looks = looks_of(PEOPLE, WEEKS)
    edges = [Point(look.moment, look.look_id) for look in looks if not look.is_final(LAG)]
    weeks = [Point(edge.moment.replace(hour=0) - timedelta(days=4)) for edge in edges]
    (month, _), *_ = Counter(look.month for look in looks).most_common(1)
    of_one_month = [look for look in looks if look.month == month]
    taken: dict[str, list[float]] = {}

    def timed(what: str, started: float) -> None:
        taken.setdefault(what, []).append(perf_counter() - started)

    for _ in range(rounds):
        started = perf_counter()
        line = Timeline(looks, lag=LAG)
        timed(f"reading {len(looks)} looks", started)
        started = perf_counter()
        exact = [line.added(*period) for period in pairwise(edges)]
        timed(f"figures of {len(exact)} export periods", started)
        started = perf_counter()
        ranges = [line.added(*period) for period in pairwise(weeks)]
        timed(f"figures of {len(ranges)} ISO weeks", started)
        started = perf_counter()
        for before, after in (exact[-2:], ranges[-2:]):
            verdicts(
                ways_to_move(Range(*before[person][:2]), Range(*after[person][:2])) for person in line.people
            )
        timed("two verdicts", started)
        started = perf_counter()
        settle(of_one_month, Referee(Tolerance(), lambda _person, _moment: False))
        timed(f"standing of a month's {len(of_one_month)} looks", started)
    for what, seconds in taken.items():
        goal = "≤ 5 s in all" if what.startswith("reading") else ""
        yield Line("timeline", f"{PEOPLE:,} people: {what}", Spread.of(seconds).show("s", places=2), "", goal)
