"""Exports for the tests: a file's text, and what is known of it when it arrives."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from shared.errors import ExportRefused
from shared.records import Finding
from shared.sources.exports import ReadExport, read_export

HEADER = ("User", "Lines this Month")
ORGANIZATION = "0b6cf3f2-5d1e-4c1a-9c66-0d8e3a4a7f10"
NOVEMBER = "claude_code_team_2026_11_01_to_2026_11_30.csv"
FRIDAY = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)

people = st.lists(
    st.from_regex(r"[a-z]{3,8}(\.[a-z]{3,8})?@example\.com", fullmatch=True), unique=True, max_size=12
)


def csv_of(*rows: Iterable[object], header: Iterable[object] = HEADER, delimiter: str = ",") -> bytes:
    """A file with that header and those rows, as the vendor writes it."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([header, *rows])
    return out.getvalue().encode()


def read(content: bytes, name: str = NOVEMBER, **known: object) -> ReadExport:
    """Read a file that arrived on Friday 20 November 2026 unless told otherwise."""
    arrival: dict[str, object] = {
        "metadata": {},
        "last_modified": FRIDAY,
        "arrived": FRIDAY,
        "timezone": ZoneInfo("UTC"),
    }
    return read_export(content, name=name, **(arrival | known))  # type: ignore[arg-type]


def refused(content: bytes, name: str = NOVEMBER, **known: object) -> ExportRefused:
    """The refusal of a file that must be refused."""
    try:
        read(content, name, **known)
    except ExportRefused as refusal:
        return refusal
    raise AssertionError("the file was accepted")


def finding(content: bytes, name: str = NOVEMBER, **known: object) -> Finding:
    """The one finding of a file that must be refused."""
    (only,) = refused(content, name, **known).findings
    return only


def addresses(export: ReadExport) -> dict[str, int]:
    """What each actor is said to have done, by name."""
    return {actor.name: count for actor, count in export.counts}
