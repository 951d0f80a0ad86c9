"""Packed rows: whole or an error, whatever the number of engineers."""

from __future__ import annotations

import random
import secrets
from decimal import Decimal

import msgspec
import pytest

from shared.errors import StoreError
from shared.records import Fact, Measures
from shared.store.facts import MOST_AT_HAND, Facts, FactsAtHand, partition_of
from tests.store.conftest import Connect
from tests.store.wire import Watch, entities

SOURCE, DAY = "a_source", "2026-11-09"


def facts_of(engineers: int) -> list[Fact]:
    """A day of a busy team, as unlike from one to the next as can be."""
    chance = random.Random(7)  # noqa: S311 - not for secrets
    return [
        Fact(
            f"e{chance.randbytes(8).hex()}",
            population,
            msgspec.convert([*counts, Decimal(chance.randrange(10**8)) / 10**4], Measures),
        )
        for _ in range(engineers)
        for population in ("api", "subscription")
        for counts in [[chance.randrange(10**6) for _ in range(8)]]
    ]


def in_order(facts: list[Fact]) -> list[Fact]:
    return sorted(facts, key=lambda fact: (fact.actor_id, fact.population))


def test_10000_engineers_come_back_from_as_few_entities_as_fit(connect: Connect) -> None:
    """Cut over several properties of several entities, read with one query."""
    watch = Watch()
    facts = Facts(connect(transport=watch).table("facts"))
    written = facts_of(10_000)
    facts.write(SOURCE, DAY, 3, written)
    rows = list(entities(connect(), "facts"))
    assert 1 < len(rows) <= 3
    assert {row["PartitionKey"] for row in rows} == {partition_of(SOURCE, DAY, 3)}
    before = len(watch.asked)
    assert facts.read(SOURCE, DAY, 3) == in_order(written)
    assert len(watch.asked) == before + 1


def test_more_than_a_transaction_carries(connect: Connect) -> None:
    """A part of many entities is written in several transactions and comes back."""
    facts = Facts(connect().table("facts"))
    value = [secrets.token_bytes(1 << 20) for _ in range(6)]
    facts.write_value(SOURCE, "large", 1, value)
    assert facts.read_value(SOURCE, "large", 1, list[bytes]) == value


@pytest.mark.parametrize("missing", ["0000", "0001", "0002"])
def test_a_missing_piece_is_an_error(connect: Connect, missing: str) -> None:
    """Whichever it is: a part of the rows is never taken for all of them."""
    facts = Facts(connect().table("facts"))
    facts.write_value(SOURCE, DAY, 1, [secrets.token_bytes(1 << 20) for _ in range(2)])
    table = connect().table("facts")
    assert table.get(partition_of(SOURCE, DAY, 1), missing) is not None
    table.delete(partition_of(SOURCE, DAY, 1), missing)
    with pytest.raises(StoreError):
        facts.read_value(SOURCE, DAY, 1, list[bytes])


def test_facts_that_were_never_written_are_an_error(connect: Connect) -> None:
    """No row is not the same as a row that holds nothing."""
    facts = Facts(connect().table("facts"))
    with pytest.raises(StoreError):
        facts.read(SOURCE, DAY, 1)
    facts.write(SOURCE, DAY, 1, [])
    assert facts.read(SOURCE, DAY, 1) == []


def test_versions_stand_beside_each_other(connect: Connect) -> None:
    """A new version leaves what readers of the old one read; writing it again changes nothing."""
    facts = Facts(connect().table("facts"))
    old, new = facts_of(3), facts_of(4)
    facts.write(SOURCE, DAY, 1, old)
    facts.write(SOURCE, DAY, 2, new)
    facts.write(SOURCE, DAY, 2, new)
    assert facts.read(SOURCE, DAY, 1) == in_order(old)
    assert facts.read(SOURCE, DAY, 2) == in_order(new)


def test_partitions_are_listed_and_removed_one_by_one(connect: Connect) -> None:
    """A source's own, with all their rows; another source's are not among them."""
    facts = Facts(connect().table("facts"))
    facts.write_value(SOURCE, "members", 1, [secrets.token_bytes(1 << 20)])
    facts.write(SOURCE, DAY, 1, facts_of(1))
    facts.write(f"{SOURCE}_2", DAY, 1, facts_of(2))
    seen = {one.key: one for one in facts.partitions(SOURCE)}
    assert set(seen) == {partition_of(SOURCE, "members", 1), partition_of(SOURCE, DAY, 1)}
    assert len(seen[partition_of(SOURCE, "members", 1)].rows) == 2
    facts.remove(seen[partition_of(SOURCE, "members", 1)])
    assert [one.key for one in facts.partitions(SOURCE)] == [partition_of(SOURCE, DAY, 1)]
    assert len(facts.read(f"{SOURCE}_2", DAY, 1)) == 4


def test_what_a_run_wrote_is_read_without_asking_storage_and_is_the_same(connect: Connect) -> None:
    """As long as few enough facts were written since; then storage is asked, as it is for another's."""
    watch = Watch()
    ours, other = FactsAtHand(connect(transport=watch).table("facts")), Facts(connect().table("facts"))
    first, second = facts_of(3), facts_of(MOST_AT_HAND // 2)
    ours.write(SOURCE, DAY, 1, first)
    other.write(SOURCE, DAY, 2, second)
    before = len(watch.asked)
    assert ours.read(SOURCE, DAY, 1) == other.read(SOURCE, DAY, 1) == in_order(first)
    assert len(watch.asked) == before
    assert ours.read(SOURCE, DAY, 2) == in_order(second)
    assert len(watch.asked) == before + 1
    ours.write(SOURCE, DAY, 3, second)
    before = len(watch.asked)
    assert ours.read(SOURCE, DAY, 1) == in_order(first)
    assert len(watch.asked) == before + 1
