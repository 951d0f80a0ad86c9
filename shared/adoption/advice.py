"""The one export that would help most next: asked when somebody reads, so that it never names a day past.

In this order: the finished month's file without which the newest comparable periods are no more than ranges;
the look that soonest makes two comparable periods, where there are none or they grow old; the look that keeps
the rhythm, and before it the file of the month that ends meanwhile; the first look of all. But while a look's
hours run it comes before any file: it cannot wait.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo

from shared.adoption.answer import OLDEST
from shared.adoption.diary import Diary, Missing, first_moment
from shared.adoption.edges import WEEK, Comparison, Window, comparison, nearest, next_comparable, next_weekly
from shared.adoption.trust_exports import EXPORTS
from shared.periods import ONE_DAY, Period
from shared.records import PeriodRow

_GONE = "If the dashboard no longer offers it, export on a month's last evening from now on."


def best_next(diary: Diary, compared: PeriodRow | None, now: datetime) -> str:
    """What to export next, and where to drop it, in a sentence or two.

    ``compared`` is the row of the newest comparable export periods, as it is stored.
    """
    return (compared is not None and _months_file(diary, compared, now)) or next_look(diary, now)


def next_look(diary: Diary, now: datetime, of: str = "") -> str:
    """The next look at the running month, whatever file of a finished month is missing. ``of``: at which
    dashboard, where only one of several is meant."""
    if not diary.edges:
        return f"Export the current month's team table now, and {_drop(diary, now)}: {_needed(3)}."
    newest = comparison(diary.edges)
    weekly = _rhythm(diary, newest, now)
    if newest is not None and weekly is not None:
        makes = "it makes the next answer"
        if newest.step != WEEK:
            makes = "with one more a week later the answer is of single weeks again"
        return _look(diary, weekly, now, makes, of)
    first = next_weekly(diary.edges, now)
    window = next_comparable(diary.edges, now)
    if window is not None:
        return _look(diary, window, now, _pair(diary, window), of) + _sooner(diary, window, first, now)
    if first is not None:
        return _look(diary, first, now, _needed(2), of)
    return f"{_again(of)} now, and {_drop(diary, now)}: {_needed(3)}."


def months_file(month: Period, start: datetime, end: datetime, zone: tzinfo) -> str:
    """The finished month's file that settles the period between two moments; on which day is not said."""
    return f"Export {month.start:%B}'s file again{_settles(start, end, zone)}"


def _months_file(diary: Diary, compared: PeriodRow, now: datetime) -> str | None:
    """The file of a finished month that is worth more than the next look, if one is."""
    newest = comparison(diary.edges)
    if newest is None or newest.latest.moment != compared.period.end or now - compared.period.end > OLDEST:
        return None
    a, b, latest = (edge.moment for edge in newest[:3])
    weekly = _rhythm(diary, newest, now)
    window = weekly or next_comparable(diary.edges, now)
    if window is not None and window.opens <= now:
        return None  # a look cannot wait, a file can
    populations = [one for cover in compared.sources if cover.source == EXPORTS for one in cover.populations]
    if compared.answer.verdict == "unknown" or compared.answer.counts is None:
        for start, end in ((b, latest), (a, b)):
            missing = diary.missing(start, end, populations, compared.basis)
            if missing is not None:
                return finished_month(diary, missing, start, end, now)
    if weekly is not None:
        missing = diary.missing(latest, weekly.wanted, populations, compared.basis)
        if missing is not None and _final_from(diary, missing) < weekly.opens:
            return finished_month(diary, missing, latest, weekly.wanted, now)
    return None


def _rhythm(diary: Diary, newest: Comparison | None, now: datetime) -> Window | None:
    """The window of the look a week after the newest that is compared, until it has been taken or missed."""
    if newest is None:
        return None
    weekly = Window(newest.latest, WEEK)
    return weekly if weekly.closes >= now and nearest(diary.edges, weekly.wanted) is None else None


def _final_from(diary: Diary, missing: Missing) -> datetime:
    return first_moment(diary.final_from(missing.month), diary.zone)


def finished_month(diary: Diary, missing: Missing, start: datetime, end: datetime, now: datetime) -> str:
    """The finished month's file that settles the period between two moments, and when to export it."""
    day = diary.final_from(missing.month)
    which = f"{missing.month.start:%B}'s file"
    if len({one.kind for one in diary.streams.values()}) > 1:
        which += f" ({' and '.join(missing.kinds)})"
    when = f"now, and {_drop(diary, now)}"
    if _final_from(diary, missing) > now:
        when = (
            f"on {_day(day)} {day.year}{_days_of(diary.zone)} or later, and drop it in that day's folder, "
            f"drop/{day}/"
        )
    return f"Export {which} again {when}{_settles(start, end, diary.zone)}"


def _look(diary: Diary, window: Window, now: datetime, makes: str, of: str) -> str:
    """Export again within the window: now where it is open, else about its middle."""
    if window.opens <= now:
        before = _before(diary.zone, window, now)
        return f"{_again(of)} now, {before}, and {_drop(diary, now, window)}: {makes}."
    about = window.since.moment.astimezone(diary.zone) + window.step  # by the clock on the wall there
    return f"{_again(of)} on {_when(about)}, and {_drop(diary, about, window)}: {makes}."


def _again(of: str) -> str:
    return f"Export again ({of})" if of else "Export again"


def _drop(diary: Diary, moment: datetime, window: Window | None = None) -> str:
    """Into that day's folder, unless its noon, where a mere day stands, lies outside the window."""
    day = moment.astimezone(diary.zone).date()
    noon = datetime.combine(day, time(12), diary.zone)
    if window is None or window.opens <= noon <= window.closes:
        return f"drop it in drop/{day}/"
    return "tell the time of the download by metadata as_of, because in a day's folder it would stand at noon"


def _pair(diary: Diary, window: Window) -> str:
    """Which exports it is compared with."""
    a = nearest(diary.edges, window.since.moment - window.step)
    days = [_day(edge.moment.astimezone(diary.zone)) for edge in (a, window.since) if edge is not None]
    length = "a week" if window.step == WEEK else f"{window.step.days} days"
    return f"with the exports of {' and '.join(days)} it makes two periods of {length}"


def _sooner(diary: Diary, window: Window, first: Window | None, now: datetime) -> str:
    """Where two or three exports, a week apart, get there before the one of a longer step."""
    begins = first.wanted if first is not None else now + WEEK
    ends = (begins + WEEK).astimezone(diary.zone)
    if window.wanted - ends < ONE_DAY:
        return ""
    waits = first is not None and first.opens > now
    since = _day(begins.astimezone(diary.zone)) if waits else "now"
    return f" Exporting every week, from {since} on, gets there sooner: on {_day(ends)}."


def _needed(number: int) -> str:
    few = {2: "two more", 3: "three"}[number]
    return f"the answer needs {few} weekly exports, of which this is the first"


def _settles(start: datetime, end: datetime, zone: tzinfo) -> str:
    return f": it settles {_day(start.astimezone(zone))} to {_day(end.astimezone(zone))}. {_GONE}"


def _before(zone: tzinfo, window: Window, now: datetime) -> str:
    closes = window.closes.astimezone(zone)
    tomorrow = now.astimezone(zone).date() + ONE_DAY
    clock = f"{closes:%H:%M}"
    if closes.date() == tomorrow and clock == "00:00":
        return f"before midnight{_clock_of(zone)}"
    on = f" on {_day(closes)}" if closes.date() >= tomorrow else ""
    return f"before {clock}{_clock_of(zone)}{on}"


def _when(about: datetime) -> str:
    """The day, and the time of day unless it is noon, where mere days stand: any time will do then."""
    zone, clock = about.tzinfo or UTC, f"{about:%H:%M}"
    at = _days_of(zone) if clock == "12:00" else f" at about {clock}{_clock_of(zone)}"
    return f"{_day(about)} {about.year}{at}"


def _day(moment: date) -> str:
    return f"{moment:%A} {moment.day} {moment:%B}"


def _clock_of(zone: tzinfo) -> str:
    return _days_of(zone) or " UTC"


def _days_of(zone: tzinfo) -> str:
    """Whose days they are, where it is not UTC's."""
    return "" if str(zone) == "UTC" else f" ({zone})"
