"""The exports' one row: every look is there, whoever recorded another at the same time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from shared.errors import StoreConflict
from shared.heads import LookTaken
from shared.records import Look
from shared.store.exports import REMEMBERED, ConfigurationEntry, Exports, ExportsManifest, LookEntry
from shared.store.manifests import Manifests, take_lease
from shared.store.tables import Table
from tests.store.conftest import Connect

NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)


@pytest.fixture
def table(connect: Connect) -> Table:
    return connect().table("manifests")


@pytest.fixture
def exports(table: Table) -> Exports:
    return Exports(table)


def look(number: int, people: int = 3, month: str = "2026-11") -> LookEntry:
    moment = NOON + timedelta(days=number)
    seen = Look(
        look_id=f"look{number}",
        kind="claude_code_team",
        surface="claude_ai",
        population="subscription",
        organization=None,
        measures=("linesAccepted",),
        month=month,
        moment=moment,
        date_only=True,
        evidence="folder",
        content="c",
        people=5,
        active=people,
        total=9,
    )
    return LookEntry(seen, moment)


def test_the_exports_have_a_manifest_of_their_own(table: Table, exports: Exports) -> None:
    """It comes back, readers get its head, and the live sources' leases do not touch it."""
    held = exports.read()
    assert held == (ExportsManifest(), "")
    exports.replace(held, held.manifest.with_looks((look(0, people=3),)))
    assert take_lease(Manifests(table), "a_source", "run", NOON, timedelta(seconds=45))
    again = exports.read()
    exports.replace(again, again.manifest.with_looks((*again.manifest.looks, look(3, people=2))))
    assert [entry.look.look_id for entry in exports.read().manifest.looks] == ["look0", "look3"]
    head = Manifests(table).heads().exports
    assert (head.looks, head.newest, head.people_by_month) == (2, NOON + timedelta(days=3), {"2026-11": 3})


def test_two_looks_recorded_at_once_are_both_there(exports: Exports) -> None:
    """Who read before the other wrote is refused, and reads again."""
    first, second = exports.read(), exports.read()
    exports.replace(first, first.manifest.with_looks((look(0),)))
    with pytest.raises(StoreConflict):
        exports.replace(second, second.manifest.with_looks((look(1),)))
    again = exports.read()
    with pytest.raises(StoreConflict):
        exports.replace(first, first.manifest.with_looks((look(1),)))
    exports.replace(again, again.manifest.with_looks((*again.manifest.looks, look(1))))
    assert len(exports.read().manifest.looks) == 2


def test_only_the_months_that_changed_have_a_new_version() -> None:
    """Rows of other months are not behind because of a look."""
    october = ExportsManifest().with_looks((look(0, month="2026-10"),))
    both = october.with_looks((*october.looks, look(1)))
    assert (october.months, both.months) == ({"2026-10": 1}, {"2026-10": 1, "2026-11": 2})
    assert both.with_looks(both.looks).months == both.months


def test_a_configuration_changes_no_month() -> None:
    """It has a version of its own, which every row depends on."""
    manifest = ExportsManifest().with_looks((look(0),))
    told = manifest.with_configuration(ConfigurationEntry("r", "roster", NOON, "c", NOON))
    assert (told.version, told.configured, told.months) == (2, 2, manifest.months)


def test_a_look_that_does_not_count_is_not_in_the_head() -> None:
    """Readers are told how many are set aside."""
    manifest = ExportsManifest().with_looks((look(0), LookEntry(look(1).look, NOON, "refused", "why")))
    assert (manifest.head.looks, manifest.head.newest) == (1, NOON)
    assert manifest.head.set_aside == {"2026-11": 1}


def of(organization: str | None, *entries: LookEntry) -> tuple[LookEntry, ...]:
    """The same looks, of an organisation that their files name, or of one that they do not."""
    return tuple(
        LookEntry(msgspec.structs.replace(one.look, organization=organization), one.received, one.state)
        for one in entries
    )


def test_the_head_tells_when_each_dashboard_was_looked_at() -> None:
    """Each look that counts, in order, once, in the same write as the looks themselves."""
    refused = LookEntry(look(5).look, NOON, "refused", "why")
    manifest = ExportsManifest().with_looks((look(7), look(0), *of("ours", look(3)), refused))
    unnamed, named = manifest.head.dashboards
    assert (unnamed.organization, named.organization, unnamed.usual, named.usual) == (
        "",
        "ours",
        "ours",
        "ours",
    )
    assert unnamed.looks == (
        LookTaken(NOON, "2026-11", date_only=True),
        LookTaken(NOON + timedelta(days=7), "2026-11", date_only=True),
    )
    assert [one.moment for one in named.looks] == [NOON + timedelta(days=3)]


def test_the_head_stays_small() -> None:
    """It remembers the months of the last sixteen weeks before the newest look, however long the history:
    what is asked for by default, and what its first period can be made of."""
    fridays = tuple(
        look(7 * week, month=f"{NOON + timedelta(days=7 * week):%Y-%m}") for week in range(-200, 1)
    )
    (dashboard,) = ExportsManifest().with_looks(fridays).head.dashboards
    first = min(one.moment for one in dashboard.looks)
    assert f"{first:%Y-%m}" == f"{NOON - REMEMBERED:%Y-%m}" == "2026-07"
    assert len(dashboard.looks) == 20


def test_a_dashboard_whose_newest_look_shows_nobody_has_come_to_its_end() -> None:
    """Until one shows somebody again; of two of one moment the one that does is the later."""
    before, same_day, shown = look(0), look(7), look(14, month="2026-12")
    empty = msgspec.structs.replace(same_day.look, look_id="look8", total=0)
    nobody = msgspec.structs.replace(same_day, look=empty)
    for looks, ended in (
        ((before,), False),
        ((before, nobody), True),
        ((before, nobody, shown), False),
        ((before, nobody, same_day), False),
    ):
        (dashboard,) = ExportsManifest().with_looks(looks).head.dashboards
        assert dashboard.ended == ended
