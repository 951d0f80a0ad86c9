"""Laws of sums: populations add, a mapped key adds to its person, and what is nobody's stays apart."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from shared.adoption.tallies import Tally, tally, total
from shared.records import Fact, Measures
from tests.adoption.making import fact, measures

COUNTS = st.integers(0, 10**6)
COSTS = st.decimals(min_value=0, max_value=10**6, places=6, allow_nan=False)
MEASURES = st.builds(
    Measures, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS, st.integers(0, 10**12), COSTS
)
ACTORS = st.sampled_from(["ea", "eb", "ec", "kci", "kben", "nana"])
FACTS = st.lists(st.builds(Fact, ACTORS, st.sampled_from(["api", "subscription", "beta"]), MEASURES))
OWNERS = st.dictionaries(st.sampled_from(["kci", "kben"]), st.sampled_from(["ea", "eb", "ez"]))


def test_populations_of_one_person_add_up() -> None:
    """API use and subscription use of one engineer are both theirs."""
    sums = tally(
        [fact("ea", "api", lines_accepted=10), fact("ea", "subscription", lines_accepted=5, sessions=1)], {}
    )
    assert sums.of("ea") == measures(lines_accepted=15, sessions=1)
    assert sums.people["ea"]["api"] == measures(lines_accepted=10)


def test_a_mapped_key_adds_to_its_person() -> None:
    """What a person's key did is the person's, beside what they did themselves."""
    facts = [fact("ea", "api", lines_accepted=10), fact("kben", "api", lines_accepted=7)]
    assert tally(facts, {"kben": "ea"}).of("ea").lines_accepted == 17
    assert tally(facts, {"kben": "eb"}).of("eb").lines_accepted == 7
    assert tally(facts, {"kben": "ea"}).unattributed == {}


def test_an_unmapped_key_or_a_mere_name_is_nobodys() -> None:
    """What no mapping gives to a person is unattributed: in the totals, of no person."""
    sums = tally([fact("kci", "api", sessions=3), fact("nana", sessions=1), fact("ea", sessions=1)], {})
    assert set(sums.people) == {"ea"}
    assert total(sums.unattributed.values()).sessions == 4
    assert {name: one.sessions for name, one in sums.by_population().items()} == {
        "api": 3,
        "subscription": 2,
    }


def test_who_did_nothing_has_no_sums() -> None:
    """An engineer without facts sums to nothing at all."""
    assert Tally().of("ea") == Measures()
    assert tally([], {}).by_population() == {}


@given(FACTS, OWNERS)
def test_people_and_unattributed_make_the_whole(facts: list[Fact], owners: dict[str, str]) -> None:
    """Every fact is counted once: by person, and by population."""
    sums = tally(facts, owners)
    whole = total(one.measures for one in facts)
    assert total(map(sums.of, sums.people)) + total(sums.unattributed.values()) == whole
    assert sums.by_population() == {
        name: total(one.measures for one in facts if one.population == name)
        for name in {one.population for one in facts}
    }


@given(FACTS, OWNERS, st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(
    facts: list[Fact], owners: dict[str, str], chance: object
) -> None:
    """Shuffled facts give the same sums, cost included to the last digit."""
    shuffled = list(facts)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert tally(shuffled, owners) == tally(facts, owners)


@given(FACTS, OWNERS, st.integers(0, 20))
def test_parts_add_up_to_the_whole(facts: list[Fact], owners: dict[str, str], cut: int) -> None:
    """Sums of two parts, added, are the sums of all."""
    one, other, whole = tally(facts[:cut], owners), tally(facts[cut:], owners), tally(facts, owners)
    for engineer in whole.people:
        assert one.of(engineer) + other.of(engineer) == whole.of(engineer)


@given(FACTS)
def test_cost_is_exact(facts: list[Fact]) -> None:
    """Cost is summed as decimal numbers, so no fraction of a cent is lost."""
    assert total(tally(facts, {}).by_population().values()).cost == sum(
        (one.measures.cost for one in facts), Decimal(0)
    )
