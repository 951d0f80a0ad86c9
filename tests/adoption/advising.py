"""Diaries made by hand, and what is advised on them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from shared.adoption.advice import best_next
from shared.adoption.diary import Diary, diary_of
from shared.adoption.edges import comparison
from shared.heads import Dashboard, ExportsHead, LookTaken
from shared.periods import Period
from shared.records import Answer, Counts, PeriodRow, SourceCover
from tests.adoption.looking import LAG, moment

BERLIN = ZoneInfo("Europe/Berlin")


def taken(text: str, zone: tzinfo = UTC) -> LookTaken:
    """``6 Nov 16:00``, a mere day, ``6 Nov``, or with the month it is of: ``2 Nov of Oct``."""
    when, _, of = text.partition(" of ")
    at = moment(when)
    if ":" not in when:
        at = datetime.combine(at.date(), time(12), zone).astimezone(UTC)
    month = moment(f"1 {of}") if of else at
    return LookTaken(at, f"{month:%Y-%m}", ":" not in when)


def dashboard(
    *looks: str,
    zone: tzinfo = UTC,
    kind: str = "claude_code_team",
    population: str = "subscription",
    measures: tuple[str, ...] = ("linesAccepted",),
) -> Dashboard:
    found = tuple(taken(one, zone) for one in looks)
    return Dashboard(kind, "claude_ai", population, "", "", measures, found)


def diary(*looks: str, zone: tzinfo = UTC, lag: timedelta = LAG) -> Diary:
    return of_dashboards([dashboard(*looks, zone=zone)] if looks else [], zone, lag)


def of_dashboards(dashboards: Iterable[Dashboard], zone: tzinfo = UTC, lag: timedelta = LAG) -> Diary:
    return diary_of(ExportsHead(dashboards=tuple(dashboards)), {}, zone, lag)


KNOWN = Answer("yes", "", counts=Counts(1, 1, 0, 1, 0, 0, 0))
UNKNOWN = Answer("unknown", "", reason="no later export of its month bounds it")
RANGES = Answer("yes", "", counts=None)


def row(of: Diary, answer: Answer = KNOWN) -> PeriodRow | None:
    """The row of the periods that are compared, as it is stored; None where there are none."""
    found = comparison(of.edges)
    if found is None:
        return None
    period = Period(found.b.moment, found.latest.moment, "export")
    return PeriodRow(
        label=period.label,
        period=period,
        closed=True,
        completeness="complete",
        basis="linesAccepted",
        active={},
        of=None,
        figures={},
        unattributed={},
        sources=[SourceCover("exports", True, ["subscription"], [])],
        answer=answer,
    )


def advised(of: Diary, now: str, answer: Answer = KNOWN) -> str:
    return best_next(of, row(of, answer), moment(now))
