"""Killed between any two steps, a file ends with one look and one receipt, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest

from shared.app import App
from shared.jobs.ingest import ingest, ingest_waiting
from tests.conftest import MakeApp
from tests.jobs.dropping import NOVEMBER, counts, export, looks, put, quarantined, receipts, waiting
from tests.jobs.dying import die
from tests.jobs.stage import instance
from tests.store.wire import Watch, at

NAME = f"2026-11-13/{NOVEMBER}"
TEAM = export(zelda=1_200, quincy=0, yves=35)

#: The storage requests of a first file's ingest; of a refused one's.
STEPS = range(2, 26)
STEPS_OF_A_REFUSAL = range(2, 14)


class Dead(BaseException):
    """Nothing that a job may catch."""


def end(app: App, request_number: int) -> None:
    """Take in what waits, and be gone just before that storage request."""

    def go() -> None:
        raise Dead

    with suppress(Dead):
        ingest_waiting(instance(app, Watch(before=at(request_number, go))))


def kill(app: App, request_number: int) -> None:
    """The same, with SIGKILL and a process of its own."""
    die("ingest", app, request_number)


@pytest.mark.parametrize(
    ("ends", "request_number"), [*((end, step) for step in STEPS), *((kill, step) for step in STEPS[::4])]
)
def test_a_good_file_has_one_look_and_one_receipt(
    ends: Callable[[App, int], None], request_number: int, make_app: MakeApp
) -> None:
    """Accepted, not a duplicate of itself; gone from the drop container, and counted once."""
    app = make_app()
    put(app, NAME, TEAM)
    ends(app, request_number)
    assert waiting(app) or receipts(app)  # while there is no receipt the file is there
    ingest_waiting(app)
    [look] = looks(app)
    assert counts(app, look)["zelda@quux.example"] == 1_200
    assert [receipt.state for receipt in receipts(app)] == ["accepted"]
    assert (waiting(app), quarantined(app)) == ([], [])
    assert len(list(app.facts.partitions("exports"))) == 1
    assert len(list(app.raw.arrivals("exports/"))) == 1


@pytest.mark.parametrize("request_number", STEPS_OF_A_REFUSAL)
def test_a_bad_file_has_one_report_and_one_receipt(request_number: int, make_app: MakeApp) -> None:
    """And lies in quarantine once."""
    app = make_app()
    put(app, NAME, TEAM + b"gwen@quux.example,many\n")
    end(app, request_number)
    ingest_waiting(app)
    [receipt] = receipts(app)
    assert receipt.state == "refused"
    assert quarantined(app) == [f"{receipt.receipt_id}/file", f"{receipt.receipt_id}/report.json"]
    assert (looks(app), waiting(app)) == ([], [])


def test_the_steps_are_all_of_them(make_app: MakeApp) -> None:
    """Else a step that was added would not be tried."""
    app = make_app()
    watch = Watch()
    put(app, NAME, TEAM)
    ingest_waiting(instance(app, watch))
    assert len(watch.asked) in STEPS
    put(app, NAME, b"broken")
    second = Watch()
    ingest(instance(app, second), NAME)
    assert len(second.asked) in range(STEPS_OF_A_REFUSAL[-1] + 1)
