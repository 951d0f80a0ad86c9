"""Ids of actors: opaque, agreed on by every instance, and no row key tells who stands behind one."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from azure.core.exceptions import ServiceRequestError

from shared.errors import StoreUnavailable
from shared.records import Actor
from shared.store.people import BATCHES_AT_ONCE, People
from tests.store.conftest import Connect
from tests.store.wire import Watch, at, entities


def people(connect: Connect, watch: Watch | None = None) -> People:
    """Another instance's reading of the table."""
    storage = connect(transport=watch) if watch else connect()
    return People(storage.table("people"))


def engineers(first: int, last: int) -> list[Actor]:
    return [Actor("engineer", f"zelda-{number}@quux.example") for number in range(first, last)]


def test_an_actor_keeps_the_id_it_got(connect: Connect) -> None:
    """In this reading, in the next, and whoever asks beside it."""
    ana, key, name = Actor("engineer", "ana@x.example"), Actor("key", "ana@x.example"), Actor("name", "Ana")
    first = people(connect).identify([ana, key, name])
    assert re.fullmatch(r"e[0-9a-f]{16}", first[ana])
    assert re.fullmatch(r"k[0-9a-f]{16}", first[key])
    assert re.fullmatch(r"n[0-9a-f]{16}", first[name])
    assert people(connect).identify([ana, name, key]) == first
    assert people(connect).actors() == {identifier: actor for actor, identifier in first.items()}


def test_an_id_says_nothing_of_its_actor(connect: Connect, other_connect: Connect) -> None:
    """Ids are drawn, not derived: in another account the same person has another one."""
    ana = Actor("engineer", "ana@x.example")
    assert people(connect).identify([ana]) != people(other_connect).identify([ana])
    keys = [
        {entity["RowKey"] for entity in entities(connection(), "people") if entity["PartitionKey"] == "actor"}
        for connection in (connect, other_connect)
    ]
    assert not keys[0] & keys[1]


def test_hundreds_of_new_actors_are_met_in_a_few_transactions(connect: Connect) -> None:
    """10,000 engineers on the first day must not cost 10,000 requests."""
    watch = Watch()
    ids = people(connect, watch).identify(engineers(0, 450))
    assert len(set(ids.values())) == 450
    assert sum(asked.writes for asked in watch.asked) <= 5 + 1  # and the pepper
    before = len(watch.asked)
    people(connect, watch).identify(engineers(0, 450))
    assert len(watch.asked) - before == 1


def test_storage_that_is_away_is_not_asked_for_each_batch(connect: Connect) -> None:
    """A run has seconds, not those of a hundred attempts; and what was written before stays."""
    watch = Watch(before=lambda asked: _away() if asked.writes and asked.number > 4 else None)
    with pytest.raises(StoreUnavailable):
        People(connect(transport=watch, retry_total=0).table("people")).identify(engineers(0, 3_000))
    assert len(watch.asked) <= 4 + 2 * BATCHES_AT_ONCE
    assert len(set(people(connect).identify(engineers(0, 3_000)).values())) == 3_000


def _away() -> None:
    raise ServiceRequestError("no route to storage")


def test_actors_met_before_cost_no_request(connect: Connect) -> None:
    """One reading of the table serves a run."""
    watch = Watch()
    known = people(connect, watch)
    known.identify(engineers(0, 3))
    before = len(watch.asked)
    known.identify(engineers(0, 3))
    assert len(watch.asked) == before


@pytest.mark.parametrize("moment", range(1, 9, 2))
def test_two_instances_that_meet_the_same_actors_agree(connect: Connect, moment: int) -> None:
    """Whichever request of the one the other comes before, also with a part of the actors in common."""
    watch = Watch()
    mine, theirs = people(connect, watch), people(connect)
    found = {}
    watch.before = at(moment, lambda: found.update(theirs.identify(engineers(60, 260))))
    ids = mine.identify(engineers(0, 200))
    found = found or theirs.identify(engineers(60, 260))
    assert {actor: ids[actor] for actor in engineers(60, 200)} == {
        actor: found[actor] for actor in engineers(60, 200)
    }
    assert people(connect).identify(engineers(0, 260)) == ids | found
    actors = [one for one in entities(connect(), "people") if one["PartitionKey"] == "actor"]
    assert len(actors) == 260


def test_many_threads_and_instances_agree(connect: Connect) -> None:
    """Eight at once, each with its own part."""
    instances = [people(connect) for _ in range(4)]
    together = threading.Barrier(8)

    def meet(number: int) -> dict[Actor, str]:
        together.wait()
        return instances[number % 4].identify(engineers(number, 20 + number))

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(meet, range(8)))
    whole = people(connect).identify(engineers(0, 27))
    assert all(whole.items() >= part.items() for part in found)


def test_no_key_of_the_table_holds_a_name(connect: Connect) -> None:
    """Row keys are keyed hashes: they travel in URLs, and no dictionary turns them back."""
    watch = Watch()
    people(connect, watch).identify([*engineers(0, 3), Actor("key", "claude_code_key_zelda")])
    for entity in entities(connect(), "people"):
        assert re.fullmatch(r"[0-9a-f]{40}|pepper", entity["RowKey"])
    assert not [asked.url for asked in watch.asked if "zelda" in asked.url or "quux" in asked.url]
