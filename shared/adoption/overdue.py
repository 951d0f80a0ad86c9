"""Which files figures wait for: a dashboard that was not looked at for too long, a finished month's file.

Nobody is reminded of what no figure uses: a dashboard is in use while the newest period asked for takes
figures from it, and a month's file is missing where a period asked for is no more than a range without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from shared.adoption.advice import finished_month, next_look
from shared.adoption.diary import Diary, Missing, Stream, first_moment, months_ended
from shared.adoption.trust_exports import EXPORTS, GRACE
from shared.heads import ExportsHead
from shared.periods import Period
from shared.records import Overdue, PeriodRow

#: A dashboard that nobody looked at for so long is in use no more: by default nobody asks further back.
IN_USE = timedelta(days=7 * 12)

REPORTS = "reports"


def overdue(
    diary: Diary, exports: ExportsHead, rows: Sequence[PeriodRow], cadence: timedelta, now: datetime
) -> list[Overdue]:
    """What is overdue for the periods asked for (``rows``), late exports first, each with the next step.

    ``cadence``: how often an export is expected; it is overdue a day later. So is a month's file, a day after
    the moment at which it was both possible and needed: the admin may bring the two files of a month's first
    week one after the other, and an answer that waits for one should not wait longer.
    """
    late = cadence + GRACE
    newest = max([row for row in rows if row.closed] or rows, key=lambda row: row.period.end, default=None)
    if newest is None:
        return []
    if diary.streams:
        found = _dashboards(diary, newest, late, now)
    else:
        found = _reports(diary, exports, newest, late, now)
    return [*found, *_finals(diary, rows, now)]


def _dashboards(diary: Diary, newest: PeriodRow, late: timedelta, now: datetime) -> Iterator[Overdue]:
    """Those that the newest period uses, each by itself: a second one is easily forgotten."""
    several = len(diary.streams) > 1
    for name, stream in sorted(diary.streams.items()):
        if late < now - stream.until <= IN_USE and not stream.ended and _uses(newest, stream):
            called = diary.called(name)
            yield Overdue(
                name="export.overdue",
                dashboard=called,
                month=None,
                since=stream.until + late,
                expected=f"an export since {now - late:%Y-%m-%d}",
                seen=f"the newest{f' of {called}' if several else ''} of {stream.until:%Y-%m-%d %H:%M}",
                action=next_look(diary, now, called if several else ""),
            )


def _reports(
    diary: Diary, exports: ExportsHead, newest: PeriodRow, late: timedelta, now: datetime
) -> Iterator[Overdue]:
    """Where reports are all that is exported."""
    if exports.newest is None or not late < now - exports.newest <= IN_USE or not _populations(newest):
        return
    today = now.astimezone(diary.zone).date()
    yield Overdue(
        name="export.overdue",
        dashboard=REPORTS,
        month=None,
        since=exports.newest + late,
        expected=f"a report since {now - late:%Y-%m-%d}",
        seen=f"the newest of {exports.newest:%Y-%m-%d %H:%M}",
        action=f"Export the report of the days since the last one, and drop it in drop/{today}/.",
    )


def _finals(diary: Diary, rows: Sequence[PeriodRow], now: datetime) -> Iterator[Overdue]:
    """Of each period between two exports that is not exact, and lies over a month's end."""
    for row in rows:
        if row.period.kind != "export" or row.completeness == "complete":
            continue
        for month, name in _unclosed(diary, row):
            possible = diary.final_from(month)
            since = max(first_moment(possible, diary.zone), row.period.end) + GRACE
            if now <= since:
                continue
            called, missing = diary.called(name), Missing(month, (diary.streams[name].kind,))
            yield Overdue(
                name="month-final.missing",
                dashboard=called,
                month=month.label,
                since=since,
                expected=f"{month.in_words()}'s file, exported on {possible} or later",
                seen=f"no final file of {month.in_words()} ({called})",
                action=finished_month(diary, missing, row.period.start, row.period.end, now),
            )


def _unclosed(diary: Diary, row: PeriodRow) -> Iterator[tuple[Period, str]]:
    """The months that end in the period, and the streams that it uses without a final look at them. Months
    that the diary does not reach back to may be closed."""
    oldest = min((month for one in diary.streams.values() for month in one.shown), default="")
    using = sorted(name for name, one in diary.streams.items() if _uses(row, one))
    for month in months_ended(row.period.start, row.period.end):
        if month.label >= oldest:
            for name in diary.unclosed(month, using):
                yield month, name


def _uses(row: PeriodRow, stream: Stream) -> bool:
    """Whether figures of the period come from a dashboard, be it that they are not known for want of it."""
    return stream.population in _populations(row) and not stream.measures.isdisjoint(row.figures)


def _populations(row: PeriodRow) -> set[str]:
    return {one for cover in row.sources if cover.source == EXPORTS for one in cover.populations}
