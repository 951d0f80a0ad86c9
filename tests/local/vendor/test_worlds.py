"""What each named world promises, at any moment at which somebody may look."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from local.vendor import DEFAULT_WORLD, Truth, World, build_world, worlds
from local.vendor.usage import days_between, monday_of
from local.vendor.worlds import last_wednesday
from tests.local.vendor.conftest import NOW, StartVendor

TODAY = NOW.date()
WEEK = timedelta(days=7)
MOMENTS = [TODAY + timedelta(days=days) for days in (0, 2, 6, 8, 38, 200, 400)]
WORLDS_OF_EIGHT = [
    "honest",
    "flat",
    "declining",
    "new-team",
    "holiday-week",
    "api-only",
    "empty",
    "silent-since-wednesday",
    "half-vanished",
    "repeated-week",
    "dollars",
]
#: The API shows nothing in them, or what is written by hand.
WITHOUT_CHANCE = ["trap", "empty", "team-plan", "stale-exports", "locked", "nothing-yet"]
WITHOUT_CHANCE += ["enterprise", "enterprise-locked"]


def verdict(world: World, monday: date) -> str:
    """The answer for the week that begins there, against the one before, by the rule of docs/metrics.md."""
    before, last = world.truth_of_week(monday - WEEK), world.truth_of_week(monday)
    count: Counter[str] = Counter()
    for email in before.active_people | last.active_people:
        earlier, later = before.person(email).lines_accepted, last.person(email).lines_accepted
        if email not in before.active_people or later > earlier * 1.1:
            count["up"] += 1
        elif email not in last.active_people or later < earlier * 0.9:
            count["down"] += 1
    more = len(last.active_people) > len(before.active_people)
    fewer = len(last.active_people) < len(before.active_people)
    if count["up"] > count["down"]:
        return "mixed" if fewer else "yes"
    return "mixed" if more else "no"


def test_the_table_describes_every_world() -> None:
    """Each world has one line that says what it is, and the default comes first."""
    assert next(iter(worlds())) == DEFAULT_WORLD == "honest"
    assert all(description.endswith(".") for description in worlds().values())


def test_an_unknown_world_is_refused_with_those_that_exist() -> None:
    """A wrong name is answered with the right ones."""
    with pytest.raises(ValueError, match="holiday-week"):
        build_world("atlantis", seed=1, today=TODAY)


@pytest.mark.parametrize("today", MOMENTS, ids=str)
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("name", "answer"), [("honest", "yes"), ("flat", "no"), ("declining", "no")])
def test_the_last_closed_week_has_the_promised_answer(name: str, answer: str, seed: int, today: date) -> None:
    """Whenever one looks, and with any seed, the newest closed weeks say what the world is for."""
    world = build_world(name, seed=seed, today=today)
    this_monday = monday_of(today)
    assert {verdict(world, this_monday - WEEK * weeks) for weeks in (1, 2, 3)} == {answer}


def test_the_large_world_answers_yes() -> None:
    """200 engineers, growing."""
    world = build_world("growing-large", seed=1, today=TODAY)
    assert (len(world.engineers), verdict(world, TODAY - WEEK)) == (200, "yes")


def test_the_flat_world_is_flat() -> None:
    """Nobody starts, gains, declines or stops: everybody is held."""
    world = build_world("flat", seed=1, today=TODAY)
    before, last = world.truth_of_week(TODAY - 2 * WEEK), world.truth_of_week(TODAY - WEEK)
    for email in world.engineers:
        ratio = last.person(email).lines_accepted / before.person(email).lines_accepted
        assert 0.9 <= ratio <= 1.1


def test_adoption_grows_in_the_honest_world() -> None:
    """From three active engineers to seven of eight; Hana has a seat and has never begun."""
    world = build_world("honest", seed=1, today=TODAY)
    active = [len(world.truth_of_week(TODAY - WEEK * weeks).active_people) for weeks in range(17, 0, -1)]
    assert active == sorted(active)
    assert (active[0], active[-1], len(world.members)) == (3, 7, 8)
    ever = world.truth(TODAY - timedelta(days=200), TODAY)
    assert "hana@example.com" in world.engineers
    assert "hana@example.com" not in ever.people
    assert set(ever.keys) == {"ci-review-bot"}
    assert {population for sums in ever.people.values() for population in sums} == {"api", "subscription"}


def test_weekends_are_quiet_and_working_days_are_not() -> None:
    """Over the honest history every working day has somebody and most weekend days have nobody."""
    world = build_world("honest", seed=1, today=TODAY)
    days = list(days_between(TODAY - timedelta(days=112), TODAY))
    working = [world.truth(day).people for day in days if day.weekday() < 5]
    weekend = [world.truth(day).people for day in days if day.weekday() >= 5]
    assert all(working)
    assert 0 < sum(1 for people in weekend if people) < len(weekend) / 4


@pytest.mark.parametrize("name", [name for name in worlds() if name != "many"])
def test_a_world_is_the_same_every_time(name: str) -> None:
    """The same name, seed and day give the same history; another seed gives another."""
    span = (TODAY - timedelta(days=20), TODAY)
    one = build_world(name, seed=1, today=TODAY).truth(*span)
    assert build_world(name, seed=1, today=TODAY).truth(*span) == one
    if name not in WITHOUT_CHANCE:
        assert build_world(name, seed=2, today=TODAY).truth(*span) != one


@pytest.mark.parametrize("name", ["honest", "flat"])
def test_a_vendor_started_later_tells_the_same_recent_past(name: str) -> None:
    """A demo that goes on tomorrow, or next week, finds the days that it already has."""
    span = (TODAY - 5 * WEEK, TODAY)
    one = build_world(name, seed=1, today=TODAY).truth(*span)
    for days in (1, 6, 7):
        assert build_world(name, seed=1, today=TODAY + timedelta(days=days)).truth(*span) == one


@pytest.mark.parametrize("today", MOMENTS, ids=str)
def test_a_new_team_begins_on_the_tuesday_three_weeks_ago(today: date) -> None:
    """There is use on that Tuesday and none on any day before."""
    world = build_world("new-team", seed=1, today=today)
    tuesday = monday_of(today) - 3 * WEEK + timedelta(days=1)
    assert world.truth(tuesday).active_people
    assert not world.truth(tuesday - timedelta(days=120), tuesday).people


@pytest.mark.parametrize("today", MOMENTS, ids=str)
def test_a_holiday_week_lies_between_weeks_of_use(today: date) -> None:
    """One whole ISO week has no row; the weeks on both sides have."""
    world = build_world("holiday-week", seed=1, today=today)
    monday = monday_of(today) - 2 * WEEK
    active = [len(world.truth_of_week(monday + WEEK * number).active_people) for number in (-1, 0, 1)]
    assert active == [8, 0, 8]
    assert not world.truth_of_week(monday).keys


@pytest.mark.parametrize("today", [TODAY + timedelta(days=days) for days in range(7)], ids=str)
def test_silence_begins_on_a_wednesday_and_exports_go_on(today: date) -> None:
    """Nothing at all since the Wednesday, use on the days before it, and lines in exports after it."""
    world = build_world("silent-since-wednesday", seed=1, today=today)
    wednesday = last_wednesday(today)
    assert wednesday.weekday() == 2
    assert 2 <= (today - wednesday).days < 9
    assert world.truth(wednesday - timedelta(days=1)).active_people
    silence = world.truth(wednesday, today + timedelta(days=30))
    assert (silence.people, silence.keys) == ({}, {})
    after = datetime.combine(wednesday + timedelta(days=2), datetime.min.time(), tzinfo=UTC)
    assert world.lines_month_to_date(wednesday, after)


@pytest.mark.parametrize("today", MOMENTS, ids=str)
def test_the_trap_has_the_right_name_the_wrong_id_and_nobody(start: StartVendor, today: date) -> None:
    """HTTP 200, the expected name, another id, one member, and four rows of a key in 90 days."""
    vendor, client = start("trap", now=datetime.combine(today, NOW.timetz()))
    seen = client.get("/v1/organizations/me").json()
    right = build_world("honest", seed=1, today=today).organization
    assert seen["name"] == right.name
    assert seen["id"] != right.id == vendor.world.expected_organization
    assert len(client.get("/v1/organizations/users").json()["data"]) == 1
    assert len(vendor.world.engineers) == 8
    rows = [row for day in days_between(today - timedelta(days=90), today) for row in client.rows(day)]
    assert [row["actor"]["type"] for row in rows] == ["api_actor"] * 4
    assert {row["organization_id"] for row in rows} == {seen["id"]}


def test_api_only_shows_keys_and_no_person() -> None:
    """The right organisation and its members, but every row is a key's."""
    world = build_world("api-only", seed=1, today=TODAY)
    truth = world.truth(TODAY - timedelta(days=90), TODAY)
    assert truth.people == {}
    assert truth.active_keys
    assert world.lines_month_to_date(TODAY, NOW)


def test_the_empty_world_is_empty() -> None:
    """Eight members and never a row, in the API or in an export."""
    world = build_world("empty", seed=1, today=TODAY)
    truth = world.truth(TODAY - timedelta(days=400), TODAY)
    assert (truth.people, truth.keys) == ({}, {})
    assert world.lines_month_to_date(TODAY, NOW) == {}


@pytest.mark.parametrize("name", WORLDS_OF_EIGHT)
def test_eight_members_of_the_right_organisation(name: str) -> None:
    """Every world but the trap serves the organisation that is expected, with the whole team in it."""
    world = build_world(name, seed=1, today=TODAY)
    assert world.organization.id == world.expected_organization
    assert tuple(member.email.lower() for member in world.members) == world.engineers
    assert len(world.engineers) == 8


@pytest.mark.parametrize("name", [name for name in worlds() if name != "many"])
def test_no_world_holds_a_real_address_or_a_key_that_looks_real(name: str) -> None:
    """Addresses are of example.com, and a key's secret part is short."""
    world = build_world(name, seed=1, today=TODAY)
    people = {*world.engineers, *(member.email for member in world.members)}
    people |= {invite.email for invite in world.invites}
    assert all(email.endswith("@example.com") for email in people)
    assert len(world.key.removeprefix("sk-ant-admin01-")) < 20


@pytest.mark.parametrize("today", [TODAY + timedelta(days=days) for days in range(7)], ids=str)
def test_the_team_plan_exports_every_friday(today: date) -> None:
    """What was dropped is of days before today, in order, each in the folder of its day; a month's file says
    what its people did in it."""
    world = build_world("team-plan", seed=1, today=today)
    roster, *exports = world.dropped
    days = [date.fromisoformat(file.name.partition("/")[0]) for file in exports]
    assert days == sorted(days)
    assert (len([day for day in days if day.weekday() == 4]), days[-1] < today) == (7, True)
    assert {day.day for day in days if day.weekday() != 4} <= {2}
    assert all(email.encode() in roster.content for email in world.engineers)
    october = next(file for file in exports if file.name.startswith("2026-11-02/"))
    lines = dict(line.split(",") for line in october.content.decode().splitlines()[1:])
    truth = Truth.of(
        use for day in days_between(date(2026, 10, 1), date(2026, 11, 1)) for use in world.unseen.uses(day)
    )
    assert {email: str(truth.person(email).lines_accepted) for email in lines} == lines
