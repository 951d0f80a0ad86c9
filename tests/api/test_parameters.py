"""Laws of what may be asked: everything wrong at once, nothing ambiguous accepted."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.api.parameters import (
    EARLIEST,
    MAX_DAYS,
    AdoptionQuery,
    EngineersQuery,
    adoption_query,
    engineers_query,
)
from shared.api.problems import BAD_PARAMETER, Problem, WrongParameter, problem_response
from shared.periods import CALENDAR, Calendar, Period, midnight, period_of
from shared.reading import DEFAULT_PERIODS

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday
TODAY = NOW.date()

DAYS = st.dates(EARLIEST - timedelta(days=3), TODAY + timedelta(days=3)).map(str)
QUERIES = st.fixed_dictionaries(
    {},
    optional={
        "from": DAYS | st.dates(TODAY - timedelta(days=MAX_DAYS + 9), TODAY).map(str),
        "to": DAYS | st.dates(TODAY - timedelta(days=9), TODAY).map(str),
        "granularity": st.sampled_from([*CALENDAR, "export", "Week", ""]),
        "team": st.text(max_size=MAX_DAYS // 3),
        "format": st.sampled_from(["json", "csv", "xml"]),
    },
)


def asked(**params: str) -> AdoptionQuery:
    return adoption_query({name.rstrip("_"): text for name, text in params.items()}, now=NOW)


def wrong(params: dict[str, str]) -> list[WrongParameter]:
    with pytest.raises(Problem) as caught:
        adoption_query(params, now=NOW)
    assert caught.value.kind is BAD_PARAMETER
    found = caught.value.members["parameters"]
    assert isinstance(found, list)
    return found


def accepted(params: dict[str, str], now: datetime = NOW) -> AdoptionQuery | None:
    try:
        return adoption_query(params, now=now)
    except Problem:
        return None


def calendar_of(query: AdoptionQuery) -> Calendar:
    """Which calendar periods a query means: weeks, where it leaves that to the answer."""
    assert query.span.granularity != "export"
    return query.span.granularity or "week"


def meant(query: AdoptionQuery) -> list[Period]:
    """The periods that a store would find between the query's bounds, oldest first."""
    period = period_of(calendar_of(query), query.span.last_end.date() + timedelta(days=40))
    found = []
    while period.end >= query.span.first_end:
        if period.end <= query.span.last_end:
            found.append(period)
        period = period.previous()
    return found[::-1]


@given(QUERIES)
def test_an_accepted_query_makes_sense(params: dict[str, str]) -> None:
    """from is not after to, to is not after today, and no more than 400 days are meant."""
    query = accepted(params)
    if query is not None:
        assert query.span.first_day <= query.span.last_day <= TODAY
        assert (query.span.last_day - query.span.first_day).days + 1 <= MAX_DAYS
        assert query.span.first_end <= query.span.last_end or not meant(query)


@given(QUERIES)
def test_a_query_is_accepted_or_says_what_is_wrong(params: dict[str, str]) -> None:
    """A refusal names at least one parameter of the query, each once, with what was found and expected."""
    if accepted(params) is None:
        found = wrong(params)
        assert found
        assert {each.name for each in found} <= params.keys()
        assert len({each.name for each in found}) == len(found)
        assert all(each.expected for each in found)


@given(st.dates(EARLIEST, TODAY), st.dates(EARLIEST, TODAY), st.sampled_from(CALENDAR))
def test_a_period_is_meant_by_its_last_day(first: date, last: date, kind: Calendar) -> None:
    """With both edges given, exactly the periods whose last day lies within them are meant."""
    query = accepted({"from": str(first), "to": str(last), "granularity": kind})
    if query is not None:
        expected = {period_of(kind, first + timedelta(days=n)) for n in range((last - first).days + 1)}
        assert meant(query) == sorted(each for each in expected if first <= each.last_day <= last)


@given(
    st.builds(
        lambda day, second: midnight(day) + timedelta(seconds=second),
        st.dates(date(2021, 6, 1), date(2100, 1, 1)),
        st.integers(0, 86_399),
    ),
    st.sampled_from(CALENDAR),
)
def test_by_default_twelve_periods_and_the_running_one(now: datetime, kind: Calendar) -> None:
    """Who asks for nothing in particular gets the 12 newest periods, the running one last."""
    query = adoption_query({"granularity": kind}, now=now)
    periods = meant(query)
    assert len(periods) == DEFAULT_PERIODS
    assert periods[-1] == period_of(kind, now.date())
    assert (query.span.first_day, query.span.last_day) == (periods[0].last_day, now.date())


@given(st.dates(EARLIEST, TODAY), st.sampled_from(CALENDAR))
def test_to_alone_means_the_twelve_periods_until_then(last: date, kind: Calendar) -> None:
    """With only to, the 12 newest periods that have ended by then are meant."""
    periods = meant(adoption_query({"to": str(last), "granularity": kind}, now=NOW))
    assert len(periods) == DEFAULT_PERIODS
    assert periods[-1].last_day <= last < period_of(kind, periods[-1].end.date()).last_day


def test_from_alone_goes_to_the_running_period() -> None:
    """With only from, the running period is the last."""
    labels = [period.label for period in meant(asked(from_="2026-11-08"))]
    assert labels == ["2026-W45", "2026-W46", "2026-W47", "2026-W48"]


def test_to_today_leaves_the_running_week_out() -> None:
    """A to that is given is taken at its word: the running week ends after it."""
    assert meant(asked(from_="2026-11-15", to=str(TODAY)))[-1].label == "2026-W47"


def test_the_bounds_are_of_period_ends() -> None:
    """A store can take the bounds as a range over period ends, both included."""
    span = asked(from_="2026-11-15", to="2026-11-22").span
    assert (span.first_end, span.last_end) == (
        midnight(date(2026, 11, 16)),
        midnight(date(2026, 11, 23)),
    )


def test_defaults() -> None:
    """The kind that the answer uses, everybody, JSON."""
    query = asked()
    assert (query.span.granularity, query.team, query.format) == (None, None, "json")


def test_csv_is_a_format() -> None:
    """The table of periods can be asked for as CSV."""
    assert asked(format="csv").format == "csv"


def test_today_is_utcs() -> None:
    """What day it is, UTC decides, wherever the process thinks it is."""
    early = datetime(2026, 11, 26, 1, tzinfo=timezone(timedelta(hours=2)))
    assert adoption_query({}, now=early).span.last_day == TODAY


@given(st.text(max_size=300))
def test_unknown_parameters_are_refused(name: str) -> None:
    """A misspelt parameter is never silently ignored."""
    if name not in ("from", "to", "granularity", "team", "format"):
        (found,) = wrong({name: "x"})
        assert found.name[:80] == name[:80]
        assert "granularity" in found.expected


def test_names_have_a_case() -> None:
    """From is not from."""
    assert [each.name for each in wrong({"From": "2026-11-01"})] == ["From"]


def test_everything_wrong_is_said_at_once() -> None:
    """A caller corrects a query in one go."""
    found = wrong(
        {
            "from": "yesterday",
            "to": "2026-13-01",
            "granularity": "fortnight",
            "team": "",
            "format": "xml",
            "x": "1",
        }
    )
    assert [each.name for each in found] == ["from", "to", "granularity", "team", "format", "x"]
    assert found[2].found == "fortnight"
    assert found[2].expected == "one of week, export, day, month"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-26",
        "2019-12-31",
        "20261101",
        "2026-W45-1",
        "2026-11-1",
        "2026-02-29",
        "2026-11-01T00:00",
        " 2026-11-01",
        "٢٠٢٦-١١-٠١",
        "0000-00-00",
    ],
)
@pytest.mark.parametrize("name", ["from", "to"])
def test_days_are_written_one_way_and_are_not_in_the_future(name: str, text: str) -> None:
    """A day is YYYY-MM-DD, exists, is not after today and not before there was anything."""
    (found,) = wrong({name: text})
    assert found == WrongParameter(name, text, "a day YYYY-MM-DD from 2020-01-01 to 2026-11-25 (today, UTC)")


def test_from_after_to_is_refused() -> None:
    """A span that ends before it begins is a mistake, not an empty answer."""
    (found,) = wrong({"from": "2026-11-02", "to": "2026-11-01"})
    assert found.name == "from"
    assert "2026-11-01" in found.expected


@pytest.mark.parametrize("params", [{"to": str(TODAY)}, {}], ids=["to given", "to by default"])
def test_four_hundred_days_are_allowed_and_no_more(params: dict[str, str]) -> None:
    """The longest span is 400 days, both edges counted."""
    longest = TODAY - timedelta(days=399)
    assert accepted({**params, "from": str(longest)}) is not None
    (found,) = wrong({**params, "from": str(longest - timedelta(days=1))})
    assert (found.name, str(longest) in found.expected) == ("from", True)


@given(st.text())
def test_a_team_is_normalised(text: str) -> None:
    """A team that is accepted is in NFKC, trimmed, and 1 to 100 characters without controls."""
    query = accepted({"team": text})
    if query is not None:
        assert query.team is not None
        assert query.team == unicodedata.normalize("NFKC", text).strip()
        assert 1 <= len(query.team) <= 100
        assert "\x00" not in query.team


def test_a_team_is_the_same_in_every_spelling() -> None:
    """Full-width letters and composed accents do not make another team."""
    assert asked(team=" Ｐayme\u0301nts ").team == "Paym\u00e9nts"


@pytest.mark.parametrize("text", ["", "   ", "a" * 101, "a\x00b", "a\nb", "\ud800", "ﷺ" * 6])
def test_what_cannot_be_a_team(text: str) -> None:
    """Nothing, too much (counted after normalising) and control characters are no team."""
    assert [each.name for each in wrong({"team": text})] == ["team"]


@given(
    st.dictionaries(
        st.text(st.characters(), max_size=2000), st.text(st.characters(), max_size=2000), min_size=1
    )
)
def test_the_echo_is_short_and_fit_for_json(params: dict[str, str]) -> None:
    """Whatever was sent, lone surrogates too, comes back cut short in a document that can be written."""
    with pytest.raises(Problem) as caught:
        adoption_query({**params, "x": "\ud800" * 2000}, now=NOW)
    found = caught.value.members["parameters"]
    assert isinstance(found, list)
    assert all(len(each.found) <= 81 and len(each.name) <= 81 for each in found)
    assert problem_response(caught.value, correlation_id="c", demo=False).status == 400


@given(st.dates(EARLIEST, TODAY - timedelta(days=300)), st.integers(0, 300))
def test_an_export_period_is_meant_by_the_day_of_its_end(first: date, days: int) -> None:
    """One that ends at midnight ends on the day before; the bounds are whole minutes, as its key is."""
    last = first + timedelta(days=days)
    query = asked(from_=str(first), to=str(last), granularity="export")
    assert query.span.first_end == midnight(first) + timedelta(minutes=1)
    assert query.span.last_end == midnight(last) + timedelta(days=1)


def test_engineers_are_asked_for_by_cohort_team_and_page() -> None:
    """Each is optional; what is unknown, too much or no cursor is said, all of it at once."""
    place = "OTgyMzA3NjE1OTk5OTktNGYyYQ"
    given = {"cohort": "notYetStarted", "team": " Ｗeb ", "limit": "200", "cursor": place}
    assert engineers_query({}, now=NOW) == EngineersQuery()
    assert engineers_query(given, now=NOW) == EngineersQuery(
        "notYetStarted", "Web", 200, "98230761599999-4f2a"
    )
    with pytest.raises(Problem) as caught:
        engineers_query(
            {"cohort": "Power", "limit": "201", "cursor": "ana@quux.example", "from": "2026-11-02"}, now=NOW
        )
    found = caught.value.members["parameters"]
    assert isinstance(found, list)
    assert [one.name for one in found] == ["cohort", "limit", "cursor", "from"]
