"""Laws of advice, tried on many diaries: it names what helps first, and who does as advised has an answer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from shared.adoption.advice import next_look
from shared.adoption.diary import Diary
from shared.adoption.edges import Edge, comparison, next_comparable
from shared.heads import Dashboard, LookTaken
from tests.adoption.advising import BERLIN, of_dashboards
from tests.adoption.looking import laws, moment

HOUR = timedelta(hours=1)
ZONES = [UTC, BERLIN, ZoneInfo("America/Los_Angeles"), ZoneInfo("Asia/Tokyo")]

#: Looks at whole hours, about a week apart, across the change of the clocks in Europe; some are mere days.
MOMENTS = st.builds(
    lambda week, hour: moment("2 Oct 16:00") + week * timedelta(days=7) + hour * HOUR,
    st.integers(0, 6),
    st.integers(-40, 40),
)
LOOKS = st.lists(st.tuples(MOMENTS, st.booleans()), min_size=1, max_size=6)
LATER = st.integers(0, 20 * 24)


def noon(moment: datetime, zone: tzinfo) -> datetime:
    """When a look stands that was dropped in the folder of that moment's day."""
    return datetime.combine(moment.astimezone(zone).date(), time(12), zone).astimezone(UTC)


def of_moments(moments: Iterable[datetime], zone: tzinfo) -> Diary:
    looks = tuple(LookTaken(at, f"{at:%Y-%m}") for at in sorted(set(moments)))
    board = Dashboard("claude_code_team", "claude_ai", "subscription", "", "", ("linesAccepted",), looks)
    return of_dashboards([board], zone)


def read(looks: list[tuple[datetime, bool]], later: int, zone: tzinfo) -> tuple[Diary, datetime]:
    """The diary of these looks, and a moment after them at which it is read."""
    moments = [noon(at, zone) if mere_day else at for at, mere_day in looks]
    return of_moments(moments, zone), max(moments) + later * HOUR


def ends_an_answer(diary: Diary, at: datetime) -> bool:
    """Whether a look at that moment would be the newest edge of two comparable periods."""
    found = comparison(sorted([*diary.edges, Edge(at, {})], key=lambda edge: edge.moment))
    return found is not None and found.latest.moment == at


@laws(100)
@given(LOOKS, LATER)
def test_the_window_opens_at_the_first_hour_at_which_a_look_would_answer(
    looks: list[tuple[datetime, bool]], later: int
) -> None:
    """Tried at every hour for 35 days: the first at which a look ends two comparable periods, if one does."""
    diary, now = read(looks, later, UTC)
    hours = (now + number * HOUR for number in range(35 * 24 + 1))
    first = next((hour for hour in hours if ends_an_answer(diary, hour)), None)
    window = next_comparable(diary.edges, now)
    assert (window.from_now(now) if window else None) == first


@laws(150)
@given(LOOKS, LATER, st.sampled_from(ZONES))
def test_who_does_as_advised_has_a_new_answer_after_three_exports_at_most(
    looks: list[tuple[datetime, bool]], later: int, zone: tzinfo
) -> None:
    """Each is made on the day whose folder is named, which is never past, and stands at that day's noon; it
    ends comparable periods where that was said, and only there."""
    diary, now = read(looks, later, zone)
    for _ in range(3):
        said = next_look(diary, now)
        folder = re.search(r"drop/(\d{4}-\d\d-\d\d)/", said)
        if folder is None:
            assert "as_of" in said
        day = date.fromisoformat(folder[1]) if folder else now.astimezone(zone).date()
        assert day >= now.astimezone(zone).date()
        at = noon(datetime.combine(day, time(12), zone), zone) if folder else now
        promised = "it makes two periods" in said or "the next answer" in said
        assert ends_an_answer(diary, at) == promised
        if promised:
            return
        diary, now = of_moments([*(edge.moment for edge in diary.edges), at], zone), max(now, at)
    raise AssertionError("three exports, and no answer")
