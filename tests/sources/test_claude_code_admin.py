"""Laws of the Admin API source: paging, reading, and what is a breach of the contract."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import ContractBroken, SourceLocked
from shared.records import Actor, Measures, Observation
from shared.sources.claude_code_admin import fetch_day, read_day
from shared.sources.pages import MAX_PAGES, check_pages
from shared.sources.readings import DayReading
from tests.sources.wire import ELSEWHERE, ORGANIZATION, error_of, in_turn, page, row, vendor

DAY = date(2026, 11, 9)
ANA = Actor("engineer", "ana@example.com")


def read(*rows: Any) -> DayReading:
    return read_day([page(*rows)], DAY, ORGANIZATION)


def one(*rows: Any) -> Measures:
    (observation,) = read(*rows).observations
    return observation.measures


def changed(*path: str | int, to: Any) -> dict[str, Any]:
    """A row with one value in its depth replaced."""
    whole = row()
    place: Any = whole
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return whole


def without(*path: str | int) -> dict[str, Any]:
    whole = changed(*path, to=None)
    place: Any = whole
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    return whole


# --- asking ------------------------------------------------------------------------------------


def test_a_day_is_asked_for_in_pages_of_a_thousand() -> None:
    """One UTC day a request, limit 1000, and each cursor as it came."""
    asked: list[dict[str, str]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(dict(request.url.params))
        last = len(asked) == 3
        body = page(row(), has_more=not last, **({} if last else {"next_page": f"c=&{len(asked)}"}))
        return httpx.Response(200, content=body, headers={"content-type": "application/json"})

    with vendor(handler) as door:
        answer = fetch_day(door, DAY)
    assert answer.broken is None
    assert len(answer.pages) == 3
    base = {"starting_at": "2026-11-09", "limit": "1000"}
    assert asked == [base, {**base, "page": "c=&1"}, {**base, "page": "c=&2"}]


def answered(*bodies: bytes) -> Any:
    json_type = {"content-type": "application/json"}
    return in_turn(*[httpx.Response(200, content=body, headers=json_type) for body in bodies])


@pytest.mark.parametrize("extra", [{}, {"next_page": None}, {"next_page": "more"}])
def test_has_more_alone_ends_the_paging(extra: dict[str, Any]) -> None:
    """On the last page next_page may be null, absent or anything: has_more is authoritative."""
    with vendor(answered(page(row(), **extra))) as door:
        answer = fetch_day(door, DAY)
        assert door.requests == 1
    assert answer.broken is None


@pytest.mark.parametrize(
    ("bodies", "kept", "words"),
    [
        ([page(row(), has_more=True)], 1, "without a usable next_page"),
        ([page(row(), has_more=True, next_page="")], 1, "without a usable next_page"),
        ([page(row(), has_more=True, next_page=7)], 1, "without a usable next_page"),
        ([b'{"data":[]}'], 1, "page 1: found no has_more"),
        ([page(has_more="no")], 1, "page 1, has_more: found str, expected bool"),  # type: ignore[arg-type]
        ([page(row(), has_more=True, next_page="a")], 2, "a cursor that came before"),
        (
            [
                page(has_more=True, next_page="a"),
                page(has_more=True, next_page="b"),
                page(has_more=True, next_page="a"),
            ],
            3,
            "page 3: found a cursor that came before",
        ),
        ([page(row(), has_more=True, next_page="a"), b"[]"], 2, "page 2: found array, expected object"),
    ],
)
def test_paging_that_breaks_keeps_what_came(bodies: list[bytes], kept: int, words: str) -> None:
    """A missing has_more, an unusable or repeated cursor: the day is broken, its raw pages are kept."""
    with vendor(answered(*bodies)) as door:
        answer = fetch_day(door, DAY)
    assert len(answer.pages) == kept
    assert words in str(answer.broken)


def test_paging_without_an_end_is_stopped() -> None:
    """New cursors for ever are a broken contract too."""
    asked: list[int] = []

    def handler(_request: httpx.Request) -> httpx.Response:
        asked.append(1)
        return httpx.Response(200, json={"data": [], "has_more": True, "next_page": f"c{len(asked)}"})

    with vendor(handler) as door:
        answer = fetch_day(door, DAY)
    assert len(answer.pages) == MAX_PAGES
    assert "has_more true" in str(answer.broken)


def test_a_later_page_of_html_breaks_the_day_and_a_lock_passes() -> None:
    """A breach in the middle is in the answer; an error that says nothing of the day is raised."""
    first = httpx.Response(200, json={"data": [row()], "has_more": True, "next_page": "a"})
    with vendor(in_turn(first, httpx.Response(200, html="<p>"))) as door:
        answer = fetch_day(door, DAY)
    assert len(answer.pages) == 1
    assert "HTML" in str(answer.broken)
    with vendor(in_turn(error_of(403, "permission_error"))) as door, pytest.raises(SourceLocked):
        fetch_day(door, DAY)


# --- reading -----------------------------------------------------------------------------------


def test_a_row_becomes_an_observation() -> None:
    """Every measure has its field; tokens are the four kinds together; cents become dollars."""
    assert read(row()).observations == (
        Observation(ANA, "api", Measures(2, 120, 30, 5, 2, 3, 1, 130, Decimal("1.86"))),
    )


def test_an_empty_day_has_nothing_and_no_organisation() -> None:
    """No rows: no observations, nobody's organisation, and a digest that is always the same."""
    reading = read()
    assert (reading.observations, reading.organizations, reading.rows) == ((), frozenset(), 0)
    assert reading.digest == read_day([page(), page()], DAY).digest == read_day([], DAY).digest


def test_rows_of_one_actor_and_population_are_summed() -> None:
    """Rows differ by terminal and by is_remote, or in nothing: they add up, and populations stay apart."""
    reading = read(
        row(terminal_type="vscode"),
        row(terminal_type="tmux", is_remote=True),
        row(),
        row(customer_type="subscription", subscription_type="team"),
    )
    assert [(seen.population, seen.measures.sessions) for seen in reading.observations] == [
        ("api", 6),
        ("subscription", 2),
    ]
    assert reading.rows == 4


def test_a_row_that_comes_on_two_pages_breaks_the_day() -> None:
    """Rows that moved while they were paged would count twice; twins of one page are two rows."""
    twin, other = row(), row(terminal_type="tmux")
    check_pages([page(twin, twin)])
    check_pages([page(twin, twin), page(other), page()])
    with pytest.raises(ContractBroken, match=r"page 3, data\[1\]: found a row of an earlier page"):
        check_pages([page(twin), page(other), page(row(terminal_type="vscode"), twin)])


def test_a_person_is_one_address_in_any_spelling() -> None:
    """Both field names of the address, its case and blanks around it: the same engineer."""
    actors = [
        {"type": "user_actor", "email_address": " ANA@Example.com "},
        {"type": "user_actor", "email": "ana@example.com"},
        {"type": "user_actor", "email_address": None, "email": "Ana@example.com", "user_id": "user_1"},
    ]
    assert one(*(row(actor=actor) for actor in actors)).sessions == 6


def test_a_key_is_an_actor_of_its_own() -> None:
    """An api_actor is named by its key, and never becomes a person."""
    (seen,) = read(row(actor={"type": "api_actor", "api_key_name": "ci@example.com"})).observations
    assert seen.actor == Actor("key", "ci@example.com")


@pytest.mark.parametrize("text", ["2026-11-09", "2026-11-09T00:00:00Z", "2026-11-09T00:00:00+00:00"])
def test_a_date_may_carry_a_time(text: str) -> None:
    """Both spellings of the day are that day."""
    assert read(row(date=text)).rows == 1


@pytest.mark.parametrize(
    ("amount", "dollars"),
    [
        ("186", "1.86"),
        ('"186"', "1.86"),
        ("186.1", "1.861"),
        ('"186.100000"', "1.861"),
        ("0.1", "0.001"),
        ("1e3", "10"),
        ("0", "0"),
        ('"41280.000000"', "412.8"),
        ("5.551115123125783e-17", "0"),
        ("5e-324", "0"),
        ("1e-99999999", "0"),
    ],
)
def test_cents_are_decimal_whatever_their_spelling(amount: str, dollars: str) -> None:
    """186 and "186" are 1.86 USD and 186.1 is 1.861, without a trace of binary noise."""
    body = page(changed("model_breakdown", 0, "estimated_cost", "amount", to=0))
    body = body.replace(b'"amount": 0', b'"amount": ' + amount.encode())
    (seen,) = read_day([body], DAY).observations
    assert str(seen.measures.cost) == dollars


@pytest.mark.parametrize(
    "bare",
    [
        row(tool_actions={}, model_breakdown=[]),
        row(tool_actions=None, model_breakdown=None),
        without("tool_actions"),
        without("model_breakdown"),
        row(tool_actions={"new_tool": None}, model_breakdown=[{"model": "m"}]),
        row(model_breakdown=[{"model": "m", "tokens": {}, "estimated_cost": None}]),
        row(model_breakdown=[{"model": "m", "tokens": {"input": None}, "surprise": [1]}], surprise={}),
    ],
)
def test_absent_blocks_and_unknown_fields_are_tolerated(bare: dict[str, Any]) -> None:
    """No decisions, no model, a missing token field, a field of tomorrow: the row still counts."""
    assert one(bare).sessions == 2


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (row(date="2026-11-08"), "page 1, data[1].date: found 2026-11-08, expected 2026-11-09"),
        (row(date="2026-11-09T23:00:00-05:00"), "found 2026-11-10, expected 2026-11-09"),
        (row(date="soon"), "date: found text that is no date"),
        (row(organization_id=ELSEWHERE), f"organization_id: found {ELSEWHERE}, expected {ORGANIZATION}"),
        (row(organization_id="org_1"), "organization_id: found text that is no UUID"),
        (row(actor={"type": "robot_actor"}), "actor.type: found another type"),
        (row(actor={"type": "user_actor"}), "actor.email_address: found nothing"),
        (row(actor={"type": "user_actor", "email_address": "Ana"}), "found text without @"),
        (row(actor={"type": "api_actor", "api_key_name": " "}), "actor.api_key_name: found nothing"),
        (row(actor="ana@example.com"), "data[1].actor: found str, expected object"),
        (row(customer_type=""), "customer_type: found nothing"),
        (row(customer_type=None), "customer_type: found null, expected str"),
        (without("core_metrics"), "page 1, data[1]: found no core_metrics"),
        (
            changed("core_metrics", "num_sessions", to=-5),
            "core_metrics.num_sessions: found -5, expected int >= 0",
        ),
        (changed("core_metrics", "num_sessions", to="5"), "num_sessions: found str, expected int"),
        (changed("core_metrics", "num_sessions", to=1.5), "num_sessions: found float, expected int"),
        (changed("core_metrics", "num_sessions", to=None), "num_sessions: found null, expected int"),
        (changed("core_metrics", "num_sessions", to=10**30), f"found {10**30}, expected int <= {10**15}"),
        (changed("core_metrics", "lines_of_code", "added", to=-1), "lines_of_code.added: found -1"),
        (
            without("core_metrics", "lines_of_code", "removed"),
            "data[1].core_metrics.lines_of_code: found no removed",
        ),
        (
            changed("tool_actions", "edit_tool", "accepted", to=-1),
            "found a number out of bounds, expected int >= 0",
        ),
        (changed("model_breakdown", 0, "tokens", "input", to=-7), "tokens.input: found -7"),
        (
            changed("model_breakdown", 0, "estimated_cost", "currency", to="EUR"),
            "currency: found another currency",
        ),
        (
            changed("model_breakdown", 0, "estimated_cost", "amount", to=-1),
            "amount: found -1, expected cents",
        ),
        (changed("model_breakdown", 0, "estimated_cost", "amount", to="NaN"), "amount: found NaN"),
        (changed("model_breakdown", 0, "estimated_cost", "amount", to=10**15), "amount: found 1.00000e+15"),
        (
            changed("model_breakdown", 0, "estimated_cost", "amount", to="a@b.c"),
            "found what is no usable number",
        ),
        ("ana@example.com", "page 1, data[1]: found str, expected object"),
    ],
)
def test_a_breach_says_where_and_what(bad: Any, words: str) -> None:
    """Page, row, field, the type or number that was found and what was expected; never who."""
    with pytest.raises(ContractBroken) as caught:
        read(row(), bad)
    assert words in str(caught.value)
    assert "@" not in str(caught.value).replace("without @", "")
    assert caught.value.action


#: A count that does not fit, and behind it a number that nothing can hold.
TWO_BREACHES = page(row(core_metrics={"num_sessions": -5}, surprise="!")).replace(b'"!"', b"1e999")


@pytest.mark.parametrize(
    "body",
    [b'{"data":[{"date":"\xff"}]}', b"{", b"[" * 5_000, b'{"data":null}', b"{}", TWO_BREACHES],
)
def test_a_page_of_another_form_is_a_breach(body: bytes) -> None:
    """Whatever bytes were kept, reading them ends in observations or in a breach."""
    with pytest.raises(ContractBroken, match="page 2"):
        read_day([page(), body], DAY)


def test_rows_of_two_organisations_are_a_breach_even_without_an_expected_one() -> None:
    """One answer is of one organisation."""
    assert read_day([page(row(organization_id=ORGANIZATION.upper()))], DAY).organizations == {ORGANIZATION}
    with pytest.raises(ContractBroken, match=r"page 2, data\[0\].organization_id"):
        read_day([page(row()), page(row(organization_id=ELSEWHERE))], DAY)


# --- laws --------------------------------------------------------------------------------------

COUNT = st.integers(0, 10**9)
CENTS = st.decimals(0, 10**9, places=6).map(str) | st.integers(0, 10**9) | st.floats(0, 1e9)
ACTORS = st.sampled_from(
    [
        {"type": "user_actor", "email_address": "ana@example.com"},
        {"type": "user_actor", "email": "BEN@example.com"},
        {"type": "api_actor", "api_key_name": "ci"},
    ]
)


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    whole = row(actor=draw(ACTORS), customer_type=draw(st.sampled_from(["api", "subscription"])))
    whole["core_metrics"]["num_sessions"] = draw(COUNT)
    whole["core_metrics"]["lines_of_code"]["added"] = draw(COUNT)
    whole["model_breakdown"][0]["tokens"]["output"] = draw(COUNT)
    whole["model_breakdown"][0]["estimated_cost"]["amount"] = draw(CENTS)
    return whole


@given(st.lists(rows(), max_size=12), st.randoms(use_true_random=False), st.integers(1, 5))
def test_a_reading_does_not_depend_on_order_or_paging(
    drawn: list[dict[str, Any]], random: Any, size: int
) -> None:
    """The same rows in any order and in any pages are the same observations with the same digest."""
    straight = read_day([page(*drawn)], DAY)
    shuffled = random.sample(drawn, len(drawn))
    pages = [page(*shuffled[start : start + size], next_page="x") for start in range(0, len(drawn), size)]
    other = read_day(pages, DAY)
    assert other == straight
    assert [repr(seen) for seen in other.observations] == [repr(seen) for seen in straight.observations]


@given(st.lists(rows(), max_size=12))
def test_no_row_is_lost_or_counted_twice(drawn: list[dict[str, Any]]) -> None:
    """The sums over the observations are the sums over the rows."""
    reading = read_day([page(*drawn)], DAY)
    total = sum((seen.measures for seen in reading.observations), Measures())
    cores = [whole["core_metrics"] for whole in drawn]
    assert total.sessions == sum(core["num_sessions"] for core in cores)
    assert total.lines_accepted == sum(core["lines_of_code"]["added"] for core in cores)
    assert reading.rows == len(drawn)


@given(rows(), rows())
def test_the_digest_tells_readings_apart(one_row: dict[str, Any], other: dict[str, Any]) -> None:
    """Two readings have one digest exactly where their observations are equal."""
    first, second = read(one_row), read(other)
    assert (first.digest == second.digest) == (first.observations == second.observations)


def test_ten_thousand_rows_are_read_quickly() -> None:
    """The design point's day, 10 pages of 1,000 rows, is read well within half a second."""
    people = [
        {"type": "user_actor", "email_address": f"engineer{number}@example.com"} for number in range(10_000)
    ]
    pages = [
        page(*(row(actor=actor) for actor in people[start : start + 1000]))
        for start in range(0, 10_000, 1000)
    ]
    started = time.process_time()
    reading = read_day(pages, DAY, ORGANIZATION)
    assert time.process_time() - started < 1.5  # with room for coverage and a slow machine
    assert len(reading.observations) == reading.rows == 10_000
