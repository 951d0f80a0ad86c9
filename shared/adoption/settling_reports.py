"""Which weeks and months a report of whole days makes exact, alone or with others; and what would make more.

Spend reports and members analytics are steps between midnights (``ledger``): a week is exact where steps lead
over it, and rests on those. Console cost tells of single days: a week is exact where each of its days is told
of. It follows from the reports' days; what they say of anybody is not read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from shared.adoption.ledger import Ledger, ShownRange
from shared.adoption.looks import certain_from
from shared.adoption.settling import Settled
from shared.periods import ONE_DAY, Period, days_between, midnight, period_of, periods_touching

SPEND, ANALYTICS, COST = "spend_report", "members_analytics", "console_cost"


class Reported(NamedTuple):
    """A report that counts, from one midnight to another. ``organization``: whose it is, of any surface.

    ``spoken``: up to which moment the vendor certainly knew everything when it showed the report.
    """

    report_id: str
    kind: str
    organization: tuple[str, str]
    begin: datetime
    end: datetime
    spoken: datetime

    @property
    def is_over(self) -> bool:
        """Whether all of its days were over, lag and all, when it was shown."""
        return self.end <= self.spoken

    @property
    def last(self) -> date:
        """Its last day."""
        return (self.end - ONE_DAY).date()


def settled_by_reports(reports: Iterable[Reported], *, lag: timedelta, zone: tzinfo) -> dict[str, Settled]:
    """What each report settles, by its id. Of two that tell of one day's cost the later one counts."""
    reports = list(reports)
    together: dict[tuple[str, tuple[str, str]], list[Reported]] = defaultdict(list)
    for one in reports:
        together[one.kind, one.organization].append(one)
    found = {one.report_id: Settled() for one in reports}
    for (kind, _), of_one in together.items():
        for report_id, period in _days(of_one) if kind == COST else _steps(of_one, kind):
            found[report_id].periods.append(period)
    for one in reports:
        if one.kind == SPEND and not found[one.report_id].periods:
            found[one.report_id].missing.append(_needs(one, lag, zone))
    return found


def _steps(reports: Iterable[Reported], kind: str) -> Iterator[tuple[str, Period]]:
    over = [one for one in reports if one.is_over and kind in (SPEND, ANALYTICS)]
    ledger = Ledger(ShownRange(one.report_id, one.begin, one.end, {}, "") for one in over)
    for period in _whole(over):
        steps = {one.report_id for one in ledger.steps(period.start, period.end)}
        own = {one.report_id for one in over if (one.begin, one.end) == (period.start, period.end)}
        yield from ((report_id, period) for report_id in sorted(steps | own))


def _days(reports: Sequence[Reported]) -> Iterator[tuple[str, Period]]:
    by_day: dict[date, str] = {}
    for one in sorted(reports, key=lambda one: (one.spoken, one.report_id)):
        days = days_between(one.begin.date(), one.last)
        by_day |= {day: one.report_id for day in days if midnight(day) + ONE_DAY <= one.spoken}
    for period in _whole(reports):
        if all(day in by_day for day in period.days()):
            yield from ((report_id, period) for report_id in sorted({by_day[day] for day in period.days()}))


def _whole(reports: Iterable[Reported]) -> list[Period]:
    """The weeks and months that the reports touch, in order; a month behind the weeks that end before it."""
    days = {day for one in reports for day in days_between(one.begin.date(), one.last)}
    found = [*periods_touching("week", days), *periods_touching("month", days)]
    return sorted(found, key=lambda period: (period.end, period.start))


def _needs(one: Reported, lag: timedelta, zone: tzinfo) -> str:
    if not one.is_over:
        day = _in_words(certain_from(one.end, lag, zone))
        return f"The vendor may not have known all of its days yet: export them again on {day} or later."
    week = period_of("week", one.last)
    return (
        "Alone or with others it makes no whole week or month: a report of "
        f"{_in_words(week.start.date())} to {_in_words(week.last_day)} would."
    )


def _in_words(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"
