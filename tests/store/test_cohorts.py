"""Cohorts as they are kept: pages of any size tell of everybody once, and a month's summary stays its own."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from shared.errors import StoreConflict
from shared.periods import period_of
from shared.records import COHORTS, Cohort
from shared.store.cohorts import (
    BLOCK,
    Bounded,
    CohortCount,
    Cohorts,
    EngineerRow,
    Listing,
    Published,
    Retired,
    TeamCounts,
    summary_partition,
    version_of,
)
from shared.store.layout import create
from shared.store.period_rows import Inputs
from shared.store.storage import Storage

VERSION = "00000000000000aa"
WEB = "00000000000000bb"
SIZES: dict[Cohort, int] = {"power": BLOCK, "regular": 2 * BLOCK + 1, "dormant": 1}


@pytest.fixture
def cohorts(storage: str) -> Cohorts:
    mine = Storage(storage)
    create(mine)
    return Cohorts(mine.table("cohorts"))


def engineer(place: int, cohort: Cohort, team: str) -> EngineerRow:
    none = Bounded(0, None)
    return EngineerRow(
        f"e{place}", None, team, cohort, place, None, None, none, none, none, date(2026, 11, 1), ""
    )


def listing(version: str = VERSION) -> Listing:
    counts = {cohort: CohortCount(SIZES.get(cohort, 0), 0, 0) for cohort in COHORTS}
    return Listing(
        version=version,
        periods=(period_of("week", date(2026, 11, 9)),),
        basis="linesAccepted",
        ranked_on="linesAccepted",
        of=sum(SIZES.values()),
        counts=counts,
        teams={WEB: TeamCounts("Web", counts, ())},
        doubts={},
    )


def everybody() -> list[EngineerRow]:
    cohort_of = [cohort for cohort, size in SIZES.items() for _ in range(size)]
    return [
        engineer(place, cohort, "Web" if place % 3 else "") for place, cohort in enumerate(cohort_of, start=1)
    ]


def listed(cohorts: Cohorts, limit: int, team: str | None = None, cohort: Cohort | None = None) -> list[str]:
    found: list[str] = []
    place: str | None = ""
    while place is not None:
        page = cohorts.page(VERSION, team, cohort, place, limit)
        assert len(page.engineers) == limit or page.next_place is None
        found += [one.engineer_id for one in page.engineers]
        place = page.next_place
    return found


def test_pages_of_any_size_tell_of_everybody_once(cohorts: Cohorts) -> None:
    """Over the edges of blocks and of cohorts, of everybody, one team, one cohort; each cohort in order."""
    rows = everybody()
    cohorts.write(listing(), rows)
    by_cohort = sorted(rows, key=lambda one: (one.cohort, one.place))
    for limit in (17, BLOCK - 1, BLOCK, BLOCK + 1, 500):
        assert listed(cohorts, limit) == [one.engineer_id for one in by_cohort]
        for team in (None, WEB):
            assert listed(cohorts, limit, team, "regular") == [
                one.engineer_id for one in by_cohort if one.cohort == "regular" and (one.team or not team)
            ]
    assert listed(cohorts, 9, WEB, "casual") == []
    assert cohorts.listing(VERSION) == listing()


def test_the_head_is_replaced_as_it_was_read(cohorts: Cohorts) -> None:
    """Who was slower than another does not publish; readers and writers read what was published."""
    first = cohorts.held()
    assert (first.listing, cohorts.listing()) == (None, None)
    retired = Retired(VERSION, datetime(2026, 11, 2, tzinfo=UTC))
    published = Published(Inputs({}, {"configuration": 3}), "content", ("seen|a",), (retired,))
    cohorts.publish(first, published, listing())
    with pytest.raises(StoreConflict):
        cohorts.publish(first, published, None)
    held = cohorts.held()
    assert (held.published, held.listing) == (published, listing())
    assert cohorts.listing() == listing()
    cohorts.publish(held, published, None)
    with pytest.raises(StoreConflict):
        cohorts.publish(held, published, listing())
    assert cohorts.listing() is None


def test_a_summary_is_there_whole_or_not(cohorts: Cohorts) -> None:
    """What is not whole is made again; the sweep sees it by its own name, and a version by the version's."""
    partition = summary_partition("claude_code_admin", "2026-11", "0123456789abcdef")
    assert cohorts.summary(partition) is None
    told = {"e1": (date(2026, 11, 2), date(2026, 11, 9))}
    cohorts.write_summary(partition, told)
    assert cohorts.summary(partition) == told
    cohorts.write(listing(), everybody())
    seen = {version_of(one.key): one for one in cohorts.partitions()}
    assert seen.keys() == {partition, VERSION}
    cohorts.remove(seen[partition])
    assert cohorts.summary(partition) is None
