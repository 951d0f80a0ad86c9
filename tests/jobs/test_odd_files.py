"""Files of any name and any size come to their receipts, in little memory, and hold nobody up."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import pytest

from benchmarks.weighing import one_line, spend_report, team, weigh
from shared.app import App
from shared.jobs import keeping
from shared.jobs.ingest import ingest, ingest_waiting
from shared.sources.exports import MOST_PEOPLE
from shared.store.blobs import digest_of
from tests.blob_names import ODD_NAMES
from tests.conftest import MakeApp
from tests.jobs.dropping import (
    NOVEMBER,
    drop,
    export,
    looks,
    put,
    quarantined,
    receipts,
    refused_file,
    waiting,
)
from tests.jobs.stage import instance
from tests.store.wire import Watch, at

TEAM = export(zelda=1_200, quincy=0, yves=35)
LARGE = (
    b"User,Lines this Month\n"
    + (b" " * 99_999 + b"\n") * (keeping.HELD // 100_000 + 1)
    + TEAM.partition(b"\n")[2]
)
FRIDAY = {"as_of": "2026-11-13T16:00:00Z"}


@pytest.fixture
def app(make_app: MakeApp) -> App:
    return make_app()


# --- names -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ODD_NAMES.values(), ids=ODD_NAMES)
def test_a_file_of_any_name_is_taken_in(app: App, name: str) -> None:
    """The receipt has the name as it stands, and the file leaves."""
    put(app, name, TEAM, FRIDAY)
    put(app, f"2026-11-14/{NOVEMBER}", export(zelda=1_300, quincy=1, yves=40))
    assert ingest_waiting(app) == 2
    assert {receipt.name for receipt in receipts(app)} == {name, f"2026-11-14/{NOVEMBER}"}
    assert {receipt.state for receipt in receipts(app)} == {"accepted"}
    assert waiting(app) == []


@pytest.mark.parametrize("name", ODD_NAMES.values(), ids=ODD_NAMES)
def test_a_bad_file_of_any_name_is_quarantined(app: App, name: str) -> None:
    """Under the receipt's id: no name of another's choosing is one of ours."""
    receipt = drop(app, name, b"<html>", FRIDAY)
    assert (receipt.state, receipt.name) == ("refused", name)
    assert quarantined(app) == [f"{receipt.receipt_id}/file", f"{receipt.receipt_id}/report.json"]
    assert refused_file(app, receipt) == b"<html>"
    assert waiting(app) == []


def test_twins_are_two_files(app: App) -> None:
    """Two names that look alike are two blobs, and have two receipts."""
    names = [unicodedata.normalize(form, f"équipe {NOVEMBER}") for form in ("NFC", "NFD")]
    for name in names:
        put(app, name, TEAM, FRIDAY)
    assert ingest_waiting(app) == 2
    assert {receipt.name for receipt in receipts(app)} == set(names)
    assert sorted(receipt.state for receipt in receipts(app)) == ["accepted", "duplicate"]


@pytest.mark.parametrize("name", [f"a/../{NOVEMBER}", f"./{NOVEMBER}", f"a/./../{NOVEMBER}"])
def test_a_name_never_leads_to_another_file(app: App, name: str) -> None:
    """A folder ``..`` is resolved on the way to storage: what lies there has a name of its own."""
    put(app, NOVEMBER, TEAM, FRIDAY)
    assert ingest(app, name) is None
    assert waiting(app) == [NOVEMBER]


# --- sizes -------------------------------------------------------------------------------------


def test_a_large_file_is_read_in_pieces(app: App) -> None:
    """It says what a small one does, and lies raw under its digest."""
    receipt = drop(app, f"2026-11-13/{NOVEMBER}", LARGE)
    assert (receipt.state, receipt.rows_in, receipt.digest) == ("accepted", 3, digest_of(LARGE))
    assert app.raw.read(receipt.digest) == LARGE
    assert [look.total for look in looks(app)] == [1_235]
    again = drop(app, f"2026-11-13/{NOVEMBER}", b"\xef\xbb\xbf" + LARGE.replace(b"\n", b"\r\n"))
    assert (again.state, again.duplicate_of) == ("duplicate", receipt.receipt_id)


def test_a_large_bad_file_is_quarantined_in_pieces(app: App) -> None:
    """Byte for byte, beside its report."""
    broken = LARGE + b"gwen@quux.example,many\n"
    receipt = drop(app, f"2026-11-13/{NOVEMBER}", broken)
    assert (receipt.state, receipt.findings[0].line) == ("refused", LARGE.count(b"\n") + 1)
    assert refused_file(app, receipt) == broken


@pytest.mark.parametrize("moment", range(2, 12))
def test_a_large_file_that_is_replaced_meanwhile_is_not_mixed(app: App, moment: int) -> None:
    """Whichever piece was under way: the one that took its place has a receipt of its own."""
    name = f"2026-11-13/{NOVEMBER}"
    later = LARGE.replace(b"1200", b"1300")
    put(app, name, LARGE)
    watch = Watch(before=at(moment, lambda: put(app, name, later)))
    ingest(instance(app, watch), name)
    assert waiting(app) == [name]
    ingest_waiting(app)
    assert waiting(app) == []
    assert 1_335 in [look.total for look in looks(app)]
    assert {receipt.digest for receipt in receipts(app)} <= {digest_of(LARGE), digest_of(later)}


def test_more_people_than_can_be_stored_are_refused(app: App) -> None:
    """Else their file would be tried again for ever, each time until the time is up."""
    receipt = drop(app, f"2026-11-13/{NOVEMBER}", b"".join(team(rows=MOST_PEOPLE + 2)))
    assert (receipt.state, receipt.findings[0].line) == ("refused", MOST_PEOPLE + 3)
    assert (looks(app), app.people().actors()) == ([], {})


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (one_line(16_000_000), f"2026-11-13/{NOVEMBER}"),
        (team(size=16_000_000), f"2026-11-13/{NOVEMBER}"),
        (spend_report(size=16_000_000, people=500), "2026-11-13/spend-report--2026-11-02-to-2026-11-08.csv"),
    ],
    ids=["one line", "a million people", "a spend report"],
)
def test_a_large_file_takes_little_memory(make_app: MakeApp, content: Iterator[bytes], name: str) -> None:
    """Far less than to hold its rows, which would be 70 MB: most of it is what reading any file takes. What
    files of 200 MB take is measured (``benchmarks weigh``)."""
    app = make_app(EXPORT_MAX_BYTES=str(1 << 30))
    weighed = weigh(app, name, content)
    assert (weighed.peak - weighed.before) * 2**20 < 50e6, weighed
