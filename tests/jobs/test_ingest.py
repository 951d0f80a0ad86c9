"""A dropped file comes to its receipt: accepted, a duplicate, or refused; and it blocks nobody."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from local.vendor import SimulatedVendor
from shared.app import App
from shared.errors import StoreUnavailable
from shared.jobs.ingest import ingest, ingest_waiting
from shared.jobs.leasing import LEASE
from shared.jobs.refresh import refresh
from shared.store.blobs import digest_of
from shared.store.manifests import take_lease
from tests.conftest import MakeApp, TestClock
from tests.jobs.dropping import (
    HEADER,
    NOVEMBER,
    counts,
    drop,
    export,
    looks,
    put,
    quarantined,
    receipts,
    refused_file,
    report,
    waiting,
)
from tests.jobs.stage import instance, small_world
from tests.store.wire import Watch, at, blob_etags, etags

Serve = Callable[..., SimulatedVendor]

TEAM = export(zelda=1_200, quincy=0, yves=35)
OURS = "7c6f2f8e-2d4f-4b54-9f43-0a4a7f0f2d11"
ANOTHERS = "0b2f9b1c-54a1-4a0e-8a39-6d8ad2ef6a10"


@pytest.fixture
def app(make_app: MakeApp) -> App:
    return make_app()


# --- accepted ----------------------------------------------------------------------------------


def test_an_export_becomes_a_look(app: App) -> None:
    """Each person's count is kept, the receipt adds up, the raw bytes stay, and the file leaves."""
    receipt = drop(app, f"2026-11-13/{NOVEMBER}", TEAM)
    assert (receipt.state, receipt.kind, receipt.month) == ("accepted", "claude_code_team", "2026-11")
    assert receipt.rows_in == (receipt.rows_accepted or 0) + (receipt.rows_rejected or 0) == 3
    assert (receipt.moment, receipt.evidence) == (datetime(2026, 11, 13, 12, tzinfo=UTC), "folder")
    [look] = looks(app)
    assert (look.people, look.active, look.total) == (3, 2, 1_235)
    assert counts(app, look) == {
        "zelda@quux.example": 1_200,
        "quincy@quux.example": 0,
        "yves@quux.example": 35,
    }
    assert app.raw.read(receipt.digest) == TEAM
    assert (waiting(app), quarantined(app), receipts(app)) == ([], [], [receipt])


def test_what_a_rebuild_needs_lies_beside_the_raw_file(app: App) -> None:
    """Its name, its metadata, its moment's evidence and its digest, under the receipt's id."""
    receipt = drop(app, "late.csv", TEAM, {"as_of": "2026-11-13T16:00:00+01:00"})
    [arrival] = app.raw.arrivals("exports/")
    assert arrival["receiptId"] == receipt.receipt_id
    assert arrival["pages"] == [receipt.digest]
    assert (arrival["name"], arrival["metadata"]) == ("late.csv", {"as_of": "2026-11-13T16:00:00+01:00"})
    assert (receipt.moment, receipt.evidence) == (datetime(2026, 11, 13, 15, tzinfo=UTC), "metadata as_of")


def test_a_file_without_a_date_counts_as_of_its_last_change(make_app: MakeApp, clock: TestClock) -> None:
    """Never as of the time of processing, however long it waited."""
    app = make_app()
    month = datetime.now(UTC).date().replace(day=1)
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    name = f"claude_code_team_{month:%Y_%m_%d}_to_{last:%Y_%m_%d}.csv"
    put(app, name, TEAM)
    found = app.drop.find(name)
    assert found is not None
    clock.at = found.last_modified + timedelta(hours=30)
    receipt = ingest(app, name)
    assert receipt is not None
    assert (receipt.moment, receipt.evidence) == (found.last_modified, "last modified")


def test_a_file_that_has_left_is_nothing(app: App) -> None:
    """An event that comes twice, or late, finds nothing to do."""
    drop(app, f"2026-11-13/{NOVEMBER}", TEAM)
    before = etags(app.storage), blob_etags(app.storage)
    assert ingest(app, f"2026-11-13/{NOVEMBER}") is None
    assert ingest(app, "never there.csv") is None
    assert (etags(app.storage), blob_etags(app.storage)) == before


# --- again -------------------------------------------------------------------------------------


def test_the_same_file_again_is_a_duplicate(app: App) -> None:
    """It has a receipt of its own that names the first and says how to say otherwise; no look is added."""
    first = drop(app, f"2026-11-13/{NOVEMBER}", TEAM)
    again = drop(app, f"2026-11-13/{NOVEMBER}", TEAM)
    assert (again.state, again.duplicate_of) == ("duplicate", first.receipt_id)
    assert again.receipt_id != first.receipt_id
    assert "2026-11-16/" in again.notes[-1]
    assert len(looks(app)) == 1
    assert (waiting(app), quarantined(app), len(receipts(app))) == ([], [], 2)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("2026-11-13/renamed (1).csv", TEAM),
        (NOVEMBER, TEAM),
        (f"2026-11-13/{NOVEMBER}", b"\xef\xbb\xbf" + TEAM.replace(b"\n", b"\r\n")),
    ],
)
def test_renamed_or_saved_again_it_is_a_duplicate(
    make_app: MakeApp, clock: TestClock, name: str, content: bytes
) -> None:
    """Neither a name nor line ends nor a byte order mark make it another look."""
    app = make_app()
    first = drop(app, f"2026-11-13/{NOVEMBER}", TEAM)
    clock.at = max(clock.at, datetime.now(UTC) + timedelta(minutes=1))  # one is dated by storage itself
    again = drop(app, name, content)
    assert (again.state, again.duplicate_of) == ("duplicate", first.receipt_id)
    assert len(looks(app)) == 1


def test_a_quiet_week_is_evidence(app: App) -> None:
    """The same content with a new explicit moment is a new look; that one again is a duplicate."""
    drop(app, f"2026-11-06/{NOVEMBER}", TEAM)
    quiet = drop(app, f"2026-11-13/{NOVEMBER}", TEAM)
    assert quiet.state == "accepted"
    assert [look.moment.day for look in looks(app)] == [6, 13]
    assert drop(app, f"2026-11-13/{NOVEMBER}", TEAM).duplicate_of == quiet.receipt_id
    assert drop(app, f"2026-11-06/{NOVEMBER}", TEAM).state == "duplicate"
    assert len(looks(app)) == 2


# --- nobody ------------------------------------------------------------------------------------


def test_a_header_alone_is_a_look_of_nobody(app: App) -> None:
    """In a month that has no earlier count; what comes later counts."""
    receipt = drop(app, f"2026-11-06/{NOVEMBER}", HEADER.encode())
    assert (receipt.state, receipt.rows_in) == ("accepted", 0)
    assert (looks(app)[0].people, looks(app)[0].total) == (0, 0)
    assert drop(app, f"2026-11-13/{NOVEMBER}", TEAM).state == "accepted"


def test_a_header_alone_after_counts_is_refused(app: App) -> None:
    """Otherwise everybody vanished: the report names the file before it."""
    first = drop(app, f"2026-11-06/{NOVEMBER}", TEAM)
    receipt = drop(app, f"2026-11-13/{NOVEMBER}", HEADER.encode())
    assert receipt.state == "refused"
    assert first.receipt_id in receipt.findings[0].note
    assert len(looks(app)) == 1
    october = "2026-11-03/claude_code_team_2026_10_01_to_2026_10_31.csv"
    assert drop(app, october, HEADER.encode()).state == "accepted"  # another month


# --- refused -----------------------------------------------------------------------------------


def test_a_broken_file_lies_in_quarantine_beside_its_report(app: App) -> None:
    """The report says where, what was found, what was expected and what to do; no person is named."""
    broken = TEAM + b"gwen@quux.example,many\nnobody@quux.example,12,7\n"
    receipt = drop(app, f"2026-11-13/{NOVEMBER}", broken)
    assert (receipt.state, receipt.findings_total) == ("refused", 2)
    assert refused_file(app, receipt) == broken
    assert quarantined(app) == [f"{receipt.receipt_id}/file", f"{receipt.receipt_id}/report.json"]
    told = report(app, receipt)
    first, second = told["findings"]
    assert (first["code"], first["line"], first["column"]) == ("type-error", 5, "Lines this Month")
    assert (first["found"], "whole number" in first["expected"]) == ("text of 4 characters", True)
    assert first["action"]
    assert (second["code"], second["line"], second["found"]) == ("extra-cell", 6, "3 cells")
    assert "quux" not in str(told)
    assert (looks(app), waiting(app), receipts(app)) == ([], [], [receipt])
    assert app.raw.read(receipt.digest) == broken


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04" + bytes(range(256)) * 8,
        b"<!doctype html><html><body>Sign in</body></html>\n",
        gzip.compress(TEAM),
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        b"",
        b"\n\n",
        TEAM[:-9],
        b"email,spend\nzelda@quux.example,3\n",
        TEAM + b"zelda@quux.example,9\n",
    ],
    ids=["xlsx", "html", "gzip", "pdf", "empty", "blank", "cut", "another kind", "one person twice"],
)
def test_whatever_is_no_export_is_refused(app: App, content: bytes) -> None:
    """With a finding and something to do; nothing of it is recorded, and nothing of it waits."""
    receipt = drop(app, f"2026-11-13/{NOVEMBER}", content)
    assert receipt.state == "refused"
    assert receipt.findings[0].note
    assert receipt.findings[0].action
    assert refused_file(app, receipt) == content
    assert (looks(app), waiting(app), len(receipts(app))) == ([], [], 1)


def test_a_file_that_is_too_large_is_refused_unread(make_app: MakeApp) -> None:
    """It is moved to quarantine piece by piece and never held; its digest is not even taken."""
    app = make_app(EXPORT_MAX_BYTES="1024")
    large = HEADER.encode() + b"x" * 1_200
    watch = Watch()
    put(app, f"2026-11-13/{NOVEMBER}", large)
    receipt = ingest(instance(app, watch), f"2026-11-13/{NOVEMBER}")
    assert receipt is not None
    assert (receipt.state, receipt.digest, receipt.size) == ("refused", "", len(large))
    assert "1024 bytes" in (receipt.findings[0].expected or "")
    assert refused_file(app, receipt) == large
    assert not [asked for asked in watch.asked if asked.concerns("raw")]
    assert waiting(app) == []


def test_another_organisations_export_is_refused(make_app: MakeApp) -> None:
    """The id in its name is the cheapest proof; ours, and a name without one, are accepted."""
    app = make_app(EXPECTED_ORGANIZATIONS=f"claude_ai:{OURS}")
    name = "2026-11-13/claude_code_team_{}_2026_11_01_to_2026_11_30.csv"
    receipt = drop(app, name.format(ANOTHERS), TEAM)
    assert receipt.state == "refused"
    assert (receipt.findings[0].found, receipt.findings[0].expected) == (ANOTHERS, OURS)
    assert looks(app) == []
    assert drop(app, name.format(OURS), TEAM).organization == OURS
    assert drop(app, f"2026-11-14/{NOVEMBER}", TEAM).state == "accepted"


@pytest.mark.parametrize("folder", ["2026-11-17", "2026-10-30"])
def test_a_moment_that_cannot_be_is_refused(app: App, folder: str) -> None:
    """In the future, or before the file's month."""
    assert drop(app, f"{folder}/{NOVEMBER}", TEAM).state == "refused"
    assert looks(app) == []


# --- beside others -----------------------------------------------------------------------------


def test_one_bad_file_blocks_nobody(app: App) -> None:
    """All that waits is taken in, in one go, the bad among the good."""
    for day, content in ((9, TEAM), (10, b"PK\x03\x04"), (11, export(zelda=1_300, quincy=4, yves=36))):
        put(app, f"2026-11-{day:02d}/{NOVEMBER}", content)
    assert ingest_waiting(app) == 3
    assert [receipt.state for receipt in receipts(app)].count("accepted") == 2
    assert waiting(app) == []
    assert ingest_waiting(app) == 0


def test_a_file_that_storage_fails_on_blocks_nobody(app: App) -> None:
    """It stays where it is for the next run, and the others go on."""
    for day in (9, 10, 11):
        put(app, f"2026-11-{day:02d}/{NOVEMBER}", export(zelda=day))
    watch = Watch()

    def fail(asked: object) -> None:
        if "2026-11-10" in getattr(asked, "url", ""):
            raise StoreUnavailable("for now")

    watch.before = fail
    assert ingest_waiting(instance(app, watch)) == 2
    assert waiting(app) == [f"2026-11-10/{NOVEMBER}"]
    assert ingest_waiting(app) == 1
    assert len(looks(app)) == 3


def test_ingest_does_not_wait_for_the_refreshs_lease(
    serve: Serve, make_app: MakeApp, clock: TestClock
) -> None:
    """An admin's file is taken in while a run is at work."""
    app = make_app(serve(small_world()))
    assert take_lease(app.manifests, "claude_code_admin", "at work", clock.now(), LEASE)
    assert drop(app, f"2026-11-13/{NOVEMBER}", TEAM).state == "accepted"
    assert clock.slept == []


def test_a_refresh_picks_up_what_waits(serve: Serve, make_app: MakeApp) -> None:
    """A drop whose event was lost has its receipt after the next run."""
    app = make_app(serve(small_world()), BACKFILL_DAYS="4")
    put(app, f"2026-11-13/{NOVEMBER}", TEAM)
    put(app, f"2026-11-14/{NOVEMBER}", b"broken")
    assert refresh(app, "timer").outcome == "ok"
    assert {receipt.state for receipt in receipts(app)} == {"accepted", "refused"}
    assert waiting(app) == []


@pytest.mark.parametrize("moment", range(1, 17, 2))
def test_two_files_at_once_are_both_recorded(app: App, moment: int) -> None:
    """Whichever step of the one the other comes before."""
    put(app, f"2026-11-12/{NOVEMBER}", export(zelda=10))
    put(app, f"2026-11-13/{NOVEMBER}", export(zelda=20, gwen=1))
    watch = Watch(before=at(moment, lambda: ingest(instance(app), f"2026-11-13/{NOVEMBER}")))
    ingest(instance(app, watch), f"2026-11-12/{NOVEMBER}")
    ingest_waiting(app)
    assert sorted(look.total for look in looks(app)) == [10, 21]
    assert [receipt.state for receipt in receipts(app)] == ["accepted", "accepted"]
    assert waiting(app) == []


@pytest.mark.parametrize("moment", range(1, 17, 2))
def test_one_file_taken_in_by_two_instances_is_one_look(app: App, moment: int) -> None:
    """The event and the timer's sweep may meet: one look, one receipt, and it is accepted."""
    name = f"2026-11-13/{NOVEMBER}"
    put(app, name, TEAM)
    watch = Watch(before=at(moment, lambda: ingest(instance(app), name)))
    ingest(instance(app, watch), name)
    ingest_waiting(app)
    assert len(looks(app)) == 1
    assert [receipt.state for receipt in receipts(app)] == ["accepted"]
    assert waiting(app) == []


@pytest.mark.parametrize("moment", range(2, 15, 2))
def test_a_file_that_is_replaced_while_it_is_read_is_not_lost(app: App, moment: int) -> None:
    """The one that took its place keeps lying there until it has a receipt of its own."""
    name = f"2026-11-13/{NOVEMBER}"
    later = export(zelda=1_300, quincy=4, yves=36)
    put(app, name, TEAM)
    watch = Watch(before=at(moment, lambda: put(app, name, later)))
    ingest(instance(app, watch), name)
    assert waiting(app) == [name]
    ingest_waiting(app)
    assert waiting(app) == []
    assert 1_340 in [look.total for look in looks(app)]
    assert digest_of(later) in {receipt.digest for receipt in receipts(app)}
