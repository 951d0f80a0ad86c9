"""One row a source: it comes back as it was written, and its lease and its ETag decide who may write."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from shared.errors import StoreConflict
from shared.heads import Access, Head, View
from shared.records import DayEntry
from shared.store.manifests import (
    Held,
    Manifest,
    Manifests,
    Retired,
    take_lease,
)
from tests.store.conftest import Connect
from tests.store.wire import Watch, lose_reply

NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)
TERM = timedelta(seconds=45)
SOURCE = "a_source"


@pytest.fixture
def manifests(connect: Connect) -> Manifests:
    return Manifests(connect().table("manifests"))


def full(days: int = 3) -> Manifest:
    """A manifest with something in every field."""
    return Manifest(
        SOURCE,
        epoch=7,
        lease_holder="run",
        lease_until=NOON,
        head=Head(
            access=Access("ok", 200, "said", "do", NOON, NOON),
            view=View("organisation", "Acme", 8, 4, 3, 2, NOON),
            organization="organisation",
            first_row_day=date(2026, 8, 1),
            data_as_of=NOON,
            populations_by_month={"2026-11": ("api", "subscription")},
        ),
        days={
            date(2026, 11, 16) - timedelta(days=age): DayEntry(
                7, 6, "rows", "ok", True, NOON, "a" * 64, "b" * 64, 8, 1, ("api", "subscription"), "note"
            )
            for age in range(days)
        },
        retired=(Retired("2026-11-09", 3, NOON),),
        swept_at=NOON,
    )


def taken(manifests: Manifests, holder: str, now: datetime) -> Held:
    held = take_lease(manifests, SOURCE, holder, now, TERM)
    assert held is not None
    return held


def test_a_manifest_comes_back_as_it_was_written(manifests: Manifests) -> None:
    """All of it, with the ETag under which it can be replaced."""
    written = manifests.replace(manifests.read(SOURCE), full())
    assert manifests.read(SOURCE) == written
    assert written.manifest == full()
    assert manifests.heads().live == {SOURCE: full().head}


def test_400_days_fit_one_row(manifests: Manifests) -> None:
    """As far back as a manifest reaches, with days of many pages and notes."""
    manifests.replace(manifests.read(SOURCE), full(days=400))
    assert manifests.read(SOURCE).manifest.days == full(days=400).days


def test_a_source_that_was_never_asked_has_an_empty_manifest(manifests: Manifests) -> None:
    """And readers find no head of it."""
    assert manifests.read(SOURCE) == (Manifest(SOURCE), "")
    assert manifests.heads().live == {}
    assert manifests.heads().exports.looks == 0


def test_the_second_taker_gets_nothing_while_the_lease_is_held(manifests: Manifests) -> None:
    """Until the moment at which it runs out."""
    first = taken(manifests, "first", NOON)
    assert first.manifest.epoch == 1
    for late in (timedelta(0), TERM - timedelta(microseconds=1)):
        assert take_lease(manifests, SOURCE, "second", NOON + late, TERM) is None
    assert manifests.read(SOURCE) == first


def test_an_expired_lease_is_taken_over_under_a_higher_epoch(manifests: Manifests) -> None:
    """What the dead run wrote under its epoch, the next one cannot overwrite."""
    first = taken(manifests, "first", NOON)
    second = taken(manifests, "second", NOON + TERM)
    assert second.manifest.epoch == first.manifest.epoch + 1
    assert second.manifest.lease_holder == "second"


def test_a_slow_losers_publication_is_refused(manifests: Manifests) -> None:
    """Its lease ran out and another holds it: nothing of it becomes visible."""
    slow = taken(manifests, "slow", NOON)
    taken(manifests, "next", NOON + TERM)
    late = full()
    with pytest.raises(StoreConflict):
        manifests.replace(slow, late)
    assert manifests.read(SOURCE).manifest.days == {}


def test_a_lease_that_was_let_go_is_free_at_once(manifests: Manifests) -> None:
    """Nobody waits for the end of its term, and the epoch still grows."""
    held = taken(manifests, "first", NOON)
    let_go = Manifest(SOURCE, epoch=held.manifest.epoch, lease_holder="", lease_until=None)
    manifests.replace(held, let_go)
    assert taken(manifests, "second", NOON).manifest.epoch == 2


def test_of_two_first_takers_one_gets_the_lease(connect: Connect, manifests: Manifests) -> None:
    """Also where there was no row yet, and whoever wrote first."""
    watch = Watch()
    late = Manifests(connect(transport=watch).table("manifests"))

    def overtake(asked: object) -> None:
        watch.before = lambda _: None
        if getattr(asked, "writes", False):
            taken(manifests, "first", NOON)
        else:
            watch.before = overtake

    watch.before = overtake
    assert take_lease(late, SOURCE, "late", NOON, TERM) is None
    assert manifests.read(SOURCE).manifest.lease_holder == "first"


@pytest.mark.parametrize("known", [False, True])
def test_a_lease_whose_reply_was_lost_is_held(connect: Connect, manifests: Manifests, known: bool) -> None:
    """The taker does not wait for its own lease to run out."""
    if known:
        manifests.replace(manifests.read(SOURCE), Manifest(SOURCE))
    watch = Watch(after=lose_reply(lambda asked: asked.writes))
    held = take_lease(Manifests(connect(transport=watch).table("manifests")), SOURCE, "me", NOON, TERM)
    assert held is not None
    assert manifests.read(SOURCE) == held
