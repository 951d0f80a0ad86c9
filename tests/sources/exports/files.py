"""Files for the tests: their text, and what is known of them when they arrive."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TypedDict, Unpack
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from shared.errors import ExportRefused
from shared.records import Finding, Number
from shared.sources.exports import Configuration, MonthToDate, read_dropped

HEADER = ("User", "Lines this Month")
CONSOLE = ("User", "Spend this Month (USD)", "Lines this Month")
ROSTER = ("email", "name", "team", "joined", "left")
ORGANIZATION = "0b6cf3f2-5d1e-4c1a-9c66-0d8e3a4a7f10"
NOVEMBER = "claude_code_team_2026_11_01_to_2026_11_30.csv"
FRIDAY = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)

people = st.lists(
    st.from_regex(r"[a-z]{3,8}(\.[a-z]{3,8})?@example\.com", fullmatch=True), unique=True, max_size=12
)


class Known(TypedDict, total=False):
    """What is known of a file besides its content and its name."""

    metadata: dict[str, str]
    last_modified: datetime
    arrived: datetime
    timezone: ZoneInfo


def csv_of(*rows: Iterable[object], header: Iterable[object] = HEADER, delimiter: str = ",") -> bytes:
    """A file with that header and those rows, as the vendor writes it."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([header, *rows])
    return out.getvalue().encode()


def dropped(content: bytes, name: str = NOVEMBER, **known: Unpack[Known]) -> MonthToDate | Configuration:
    """Read a file that arrived on Friday 20 November 2026 unless told otherwise."""
    arrival = Known(metadata={}, last_modified=FRIDAY, arrived=FRIDAY, timezone=ZoneInfo("UTC"))
    return read_dropped(content, name=name, **(arrival | known))


def read(content: bytes, name: str = NOVEMBER, **known: Unpack[Known]) -> MonthToDate:
    """Read a month-to-date export."""
    export = dropped(content, name, **known)
    assert isinstance(export, MonthToDate)
    return export


def configured(content: bytes, name: str = "people.csv", **known: Unpack[Known]) -> Configuration:
    """Read a configuration file."""
    file = dropped(content, name, **known)
    assert isinstance(file, Configuration)
    return file


def refused(content: bytes, name: str = NOVEMBER, **known: Unpack[Known]) -> ExportRefused:
    """The refusal of a file that must be refused."""
    try:
        dropped(content, name, **known)
    except ExportRefused as refusal:
        return refusal
    raise AssertionError("the file was accepted")


def finding(content: bytes, name: str = NOVEMBER, **known: Unpack[Known]) -> Finding:
    """The one finding of a file that must be refused."""
    (only,) = refused(content, name, **known).findings
    return only


def addresses(export: MonthToDate) -> dict[str, Number]:
    """The first measure of each actor, by name."""
    return {actor.name: values[0] for actor, values in export.rows}
