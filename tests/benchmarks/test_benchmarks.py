"""The benchmarks run, on small teams. Their figures are for reading: no test holds a clock to anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from benchmarks.__main__ import BENCHMARKS
from benchmarks.ingesting import ingesting
from benchmarks.listing import listing
from benchmarks.reading import reading
from benchmarks.rebuilding import rebuilding
from benchmarks.refreshing import refreshing
from benchmarks.replaying import replaying
from benchmarks.stage import Stage, stage
from benchmarks.table import Line, in_markdown
from benchmarks.timing import Spread, ratio, told_side_by_side
from benchmarks.weighing import weighing
from benchmarks.year import year
from local.places import ROOT


@pytest.fixture(scope="module")
def theirs() -> Iterator[Stage]:
    """A stage for the whole module."""
    with stage() as started:
        yield started


def test_a_read_is_two_requests_whatever_the_size(theirs: Stage) -> None:
    """A read asks storage twice: for the manifests' heads, and for the periods in one range query. The status
    asks for the days, the runs and the receipts as well."""
    lines = list(reading(theirs, sizes=(2, 30), rounds=2, days=22))
    asked = {line.what: line.figure for line in lines if line.what.endswith("requests, bytes")}
    assert len(asked) == 8
    assert all(
        figure.startswith("tables 5 + 0;" if "status" in what else "tables 2 + 0;")
        for what, figure in asked.items()
    )


def test_a_page_of_engineers_is_six_requests_whatever_the_size(theirs: Stage) -> None:
    """Two as any read, the head, the engineers, who was erased, and the audit; counts are the first three."""
    lines = list(listing(theirs, sizes=(2, 30), rounds=2))
    warm = {line.what: line.figure for line in lines if line.what.endswith("warm: requests, bytes")}
    assert len(warm) == 6
    assert all(
        figure.startswith("tables 3 + 0;" if "counts" in what else "tables 5 + 1;")
        for what, figure in warm.items()
    )


def test_an_unchanged_refresh_writes_three_rows(theirs: Stage) -> None:
    """The lease, the manifest and the run's record: nothing else is written where nothing changed, whatever
    the size of the team; and a day is asked for with one question, where it fits a page."""
    first, again, of_many, again_of_many = refreshing(theirs, days=9, latencies_ms=(0,), many=30)
    for backfilled in (first, of_many):
        assert backfilled.figure.endswith("; 13 period rows")
    for unchanged in (again, again_of_many):
        assert " + 3, blobs 1 + 0, " in unchanged.figure
        assert unchanged.figure.endswith("; 0 period rows")
        assert (unchanged.ratio, unchanged.goal) == ("1.00 a day", "≤ 1")


def test_a_rebuild_tells_rows_seconds_and_memory(theirs: Stage) -> None:
    """Of a day that changed three rows are rebuilt: its own, its week's and its month's."""
    told = {line.what: line.figure for line in rebuilding(theirs, engineers=2, days=8, times=1)}
    assert any(what.endswith("today changed: 3 rows") for what in told)
    assert any(what.endswith("nothing changed: 0 rows") for what in told)


def test_a_large_file_is_weighed(theirs: Stage) -> None:
    """Good, bad and unread ones, each with what became of it."""
    told = {line.what: line.figure for line in weighing(theirs, size=200_000, rows=40)}
    assert len(told) == 7
    assert "40 rows accepted" in told["40 rows, a team export"]
    assert "too large" in told["0 MB, unread"]
    assert "longer than" in told["0 MB, one line"]


def test_a_year_of_files_is_read_again_from_raw(theirs: Stage) -> None:
    """Every file is accepted, and as many rows come out of raw as there were."""
    assert len(year(2)) == 120
    first, again = replaying(theirs, engineers=2, most=4)
    assert "4 files" in first.what
    assert first.figure.split("; ")[-1].split()[0] in again.figure.split("raw, ")[-1]
    assert "4 files and 0 days were read again" in again.figure


def test_reports_are_measured_beside_exports(theirs: Stage) -> None:
    """The first and the second export, the rows of all reports but one, and that one."""
    told = [line.figure for line in ingesting(theirs, sizes=(2,), reports=3)]
    assert len(told) == 4
    assert [figure.endswith("accepted") for figure in told] == [True, True, False, True]


def test_what_does_not_count_is_not_kept() -> None:
    """Rounds that warm up are done and forgotten; each round begins with another action."""
    done: list[str] = []

    def taking(name: str) -> Callable[[], float]:
        def act() -> float:
            done.append(name)
            return 1.0

        return act

    actions = {name: taking(name) for name in "ab"}
    samples = told_side_by_side(actions, rounds=2, warm_up=1)
    assert samples == {"a": [1.0, 1.0], "b": [1.0, 1.0]}
    assert done == ["b", "a", "a", "b", "b", "a"]


def test_a_ratio_is_of_medians_stretch_by_stretch() -> None:
    """One slow moment moves neither the ratio nor, within a stretch, its spread."""
    over = [1.0] * 15
    of = [2.0] * 14 + [90.0]
    assert ratio(of, over) == Spread(2.0, 2.0, 2.0)


def test_a_table_is_aligned() -> None:
    """What a terminal shows can be pasted into README.md."""
    lines = in_markdown([Line("read", "point", "2 ms", "1")]).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert lines[0].startswith("| benchmark | what ")


def test_the_papers_name_every_benchmark() -> None:
    """README.md has a heading for each name that the command takes."""
    readme = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    assert all(f"## `{name}`" in readme for name in BENCHMARKS)
