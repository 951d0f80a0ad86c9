"""The exports' one row: every look is there, whoever recorded another at the same time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from shared.errors import StoreConflict
from shared.records import Look
from shared.store.manifests import ExportsManifest, LookEntry, Manifests, take_lease
from tests.store.conftest import Connect

NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)


@pytest.fixture
def manifests(connect: Connect) -> Manifests:
    return Manifests(connect().table("manifests"))


def look(number: int, people: int = 3) -> LookEntry:
    moment = NOON + timedelta(days=number)
    seen = Look(
        f"look{number}", "kind", None, "linesAccepted", "2026-11", moment, True, "folder", "c", 5, people, 9
    )
    return LookEntry(seen, 1, f"receipt{number}")


def test_the_exports_have_a_manifest_of_their_own(manifests: Manifests) -> None:
    """It comes back, readers get its head, and the live sources' leases do not touch it."""
    held = manifests.read_exports()
    assert held == (ExportsManifest(), "")
    manifests.replace_exports(held, ExportsManifest(1, (look(0, people=3),)))
    assert take_lease(manifests, "a_source", "run", NOON, timedelta(seconds=45))
    again = manifests.read_exports()
    manifests.replace_exports(again, ExportsManifest(2, (*again.manifest.looks, look(3, people=2))))
    assert [entry.receipt_id for entry in manifests.read_exports().manifest.looks] == ["receipt0", "receipt3"]
    head = manifests.heads().exports
    assert (head.looks, head.newest, head.people_by_month) == (2, NOON + timedelta(days=3), {"2026-11": 3})


def test_two_looks_recorded_at_once_are_both_there(manifests: Manifests) -> None:
    """Who read before the other wrote is refused, and reads again."""
    first, second = manifests.read_exports(), manifests.read_exports()
    manifests.replace_exports(first, ExportsManifest(1, (look(0),)))
    with pytest.raises(StoreConflict):
        manifests.replace_exports(second, ExportsManifest(1, (look(1),)))
    again = manifests.read_exports()
    with pytest.raises(StoreConflict):
        manifests.replace_exports(first, ExportsManifest(1, (look(1),)))
    manifests.replace_exports(again, ExportsManifest(2, (*again.manifest.looks, look(1))))
    assert len(manifests.read_exports().manifest.looks) == 2
