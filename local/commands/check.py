"""Say what would happen to CSV files if they were dropped, and store nothing.

They are read as the app reads them, with its settings, offline: nothing needs to run. Whether a file is a
duplicate, or contradicts earlier ones, depends on what is stored already: its receipt tells.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local.commands.drop import blob_name
from local.commands.telling import in_words, tell_receipt
from local.host import settings
from local.host.errors import HostError
from local.places import ROOT

if TYPE_CHECKING:
    from shared.adoption.looks import ShownLook
    from shared.settings import Settings
    from shared.sources.exports import Configuration, MonthToDate

NO_STORAGE = {"DATA_STORAGE": "UseDevelopmentStorage=true"}
"""Settings must name a storage; this one is never opened."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--as", dest="name", help="the name it would get there; default: its own")
    parser.add_argument(
        "--date",
        type=date.fromisoformat,
        help="the day on which the export was downloaded (YYYY-MM-DD): as if dropped into drop/<date>/",
    )


def run(arguments: argparse.Namespace) -> int:
    from shared.errors import SettingsError

    if arguments.name and len(arguments.files) > 1:
        print("--as names one file: check the others with a command of their own.", file=sys.stderr)
        return 1
    try:
        told = _settings()
        good = [
            _check(file, blob_name(file, arguments.name, arguments.date), told) for file in arguments.files
        ]
    except (OSError, HostError, SettingsError) as error:
        print(in_words(error), file=sys.stderr)
        return 1
    return 0 if all(good) else 1


def _settings() -> Settings:
    """What the app would be told about exports. Raises HostError, SettingsError."""
    from shared.settings import load

    environment = dict(os.environ)
    settings.overlay(settings.settings_file(ROOT), environment)
    of_exports = {
        name: value for name, value in environment.items() if name.startswith(("EXPORT_", "EXPECTED_"))
    }
    return load(of_exports | NO_STORAGE)


def _check(file: Path, name: str, told: Settings) -> bool:
    """Prints what a receipt would say; whether the file is good. Raises OSError."""
    import msgspec

    from shared.errors import ExportRefused
    from shared.jobs.unused import used
    from shared.sources.exports import MonthToDate, read_dropped

    content, now = file.read_bytes(), datetime.now(UTC)
    if len(content) > told.export_max_bytes:
        tell_receipt(
            _refused(
                name, "it is too large", f"{len(content)} bytes", f"at most {told.export_max_bytes} bytes"
            )
        )
        return False
    try:
        said = used(
            read_dropped(
                content, name=name, metadata={}, last_modified=now, arrived=now, timezone=told.export_timezone
            )
        )
    except ExportRefused as refused:
        findings = [msgspec.to_builtins(finding) for finding in refused.findings]
        tell_receipt({"name": name, "state": "would be refused", "findings": findings})
        if refused.total > len(findings):
            print(f"  and {refused.total - len(findings)} more findings")
        return False
    if isinstance(said, MonthToDate):
        expected = told.expected_organizations.get(said.surface)
        if expected and said.organization and said.organization != expected:
            tell_receipt(
                _refused(name, "its name says whose it is", f"organisation {said.organization}", expected)
            )
            return False
    tell_receipt({"name": name, "state": "would be accepted", **_described(said), "notes": said.notes})
    if isinstance(said, MonthToDate):
        for sentence in settles(said, told):
            print(f"  {sentence}")
    return True


def _refused(name: str, note: str, found: str, expected: str) -> dict[str, Any]:
    finding = {"note": note, "found": found, "expected": expected}
    return {"name": name, "state": "would be refused", "findings": [finding]}


def _described(said: MonthToDate | Configuration) -> dict[str, Any]:
    from shared.sources.exports import Configuration

    moment = f"{_in_words(said.moment)} UTC (known from: {said.evidence})"
    if isinstance(said, Configuration):
        return {"kind": said.kind, "holds from": moment, "entries": len(said.entries)}
    totals = {f"total {measure}": str(said.total(measure)) for measure in said.measures}
    return {"kind": said.kind, "month": said.month, "moment": moment, "people": len(said.actors), **totals}


def settles(said: MonthToDate, told: Settings) -> Iterator[str]:
    """Which periods it would settle, as far as its own month and moment tell."""
    lag = timedelta(hours=told.export_lag_hours)
    look = _look(said, told)
    month, end = f"{look.month:%B %Y}", look.month_end
    if look.is_final(lag):
        yield f"It is the final file of {month}: it closes the month."
    elif look.moment >= end:
        due = (end + lag).astimezone(told.export_timezone)
        day = due.date() if due.time() == time() else due.date() + timedelta(days=1)
        yield (
            f"{month} is over, but the vendor's dashboard may be {told.export_lag_hours} hours behind: the "
            f"file does not close the month. Export {look.month:%B} again on {day.day} {day:%B %Y} or later."
        )
    else:
        wanted = look.moment - timedelta(days=7)
        yield (
            f"With an export of about a week earlier ({_in_words(wanted)} UTC, within 12 hours) it settles "
            f"the period to {_in_words(look.moment)} UTC."
        )
        if wanted.date() < look.month:
            before = look.month - timedelta(days=1)
            yield f"That period reaches into {before:%B}: it needs {before:%B}'s final file as well."


def _look(said: MonthToDate, told: Settings) -> ShownLook:
    """The look as the timeline would see it; whom it shows is of no account here."""
    from shared.adoption.looks import look_of_day, look_of_moment

    month, zone = date.fromisoformat(f"{said.month}-01"), told.export_timezone
    if not said.date_only:
        return look_of_moment("", month, said.moment, {})
    day = said.moment.astimezone(zone).date()
    return look_of_day("", month, day, {}, begins=datetime.combine(day, time(), zone))


def _in_words(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y %H:%M}"
