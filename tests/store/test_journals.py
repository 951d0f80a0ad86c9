"""What happened, newest first."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from shared.records import Finding, Receipt, Run
from shared.store.journals import Journal, row_key
from tests.store.conftest import Connect
from tests.store.wire import Watch

NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)


def run_of(number: int) -> Run:
    moment = NOON + timedelta(hours=number)
    return Run(f"run{number}", moment, moment, "ok", "timer", "a_source", days_asked=number)


@pytest.fixture
def runs(connect: Connect) -> Journal[Run]:
    return Journal(connect().table("runs"), "run", Run)


def test_the_newest_come_first(runs: Journal[Run]) -> None:
    """In whatever order they were written."""
    written = [run_of(number) for number in range(12)]
    for run in random.Random(3).sample(written, 12):  # noqa: S311 - not for secrets
        runs.write(run.started_at, run.run_id, run)
    assert runs.newest(5) == written[:-6:-1]
    assert runs.newest(99) == written[::-1]


def test_pages_follow_each_other(runs: Journal[Run]) -> None:
    """Each record stands on one page, those of one millisecond too; the last page has no place to go on."""
    written = [run_of(number) for number in range(6)]
    for run in written:
        runs.write(NOON if run.days_asked < 3 else run.started_at, run.run_id, run)
    first = runs.page(4)
    second = runs.page(4, first.last)
    assert [*first.records, *second.records] == runs.newest(99)
    assert (len(first.records), len(second.records), second.last) == (4, 2, None)
    assert runs.page(6).last is None
    assert runs.page(3, "~").records == []


def test_only_as_many_as_were_asked_for_are_read(connect: Connect) -> None:
    """A year of runs does not make the page slower."""
    watch = Watch()
    runs = Journal(connect(transport=watch).table("runs"), "run", Run)
    for number in range(8):
        runs.write(NOON + timedelta(hours=number), str(number), run_of(number))
    before = len(watch.asked)
    assert len(runs.newest(3)) == 3
    assert len(watch.asked) == before + 1


def test_the_order_is_that_of_milliseconds() -> None:
    """Also over the edges at which the number of digits could change."""
    moments = [
        datetime(2001, 9, 9, 1, 46, 39, tzinfo=UTC) + timedelta(milliseconds=step) for step in (0, 1, 2_000)
    ]
    keys = [row_key(moment, "x") for moment in [*moments, NOON, datetime(4000, 1, 1, tzinfo=UTC)]]
    assert keys == sorted(keys, reverse=True)
    assert len({len(key) for key in keys}) == 1


def test_a_record_is_found_by_its_moment_and_identifier(connect: Connect) -> None:
    """Written again it is replaced, and what was never written is None."""
    receipts = Journal(connect().table("receipts"), "receipt", Receipt)
    receipt = Receipt("r1", "2026-11-13/file.csv", "refused", NOON, 7, "d", findings=[Finding("c", "n", 3)])
    assert receipts.read(NOON, "r1") is None
    receipts.write(NOON, "r1", receipt)
    receipts.write(NOON, "r1", msgspec.structs.replace(receipt, findings_total=1))
    found = receipts.read(NOON, "r1")
    assert found == msgspec.structs.replace(receipt, findings_total=1)
    assert receipts.read(NOON, "r2") is None
    assert receipts.newest(9) == [found]


def test_the_records_between_two_moments(runs: Journal[Run]) -> None:
    """Both included, each by its identifier, also where several are of one moment."""
    for number in range(6):
        runs.write(NOON + timedelta(hours=number), f"run{number}", run_of(number))
    runs.write(NOON + timedelta(hours=2), "another", run_of(2))
    found = runs.between(NOON + timedelta(hours=2), NOON + timedelta(hours=4))
    assert found == {"another": run_of(2)} | {f"run{number}": run_of(number) for number in (2, 3, 4)}
    assert runs.between(NOON, NOON) == {"run0": run_of(0)}
