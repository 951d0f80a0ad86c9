"""Say what would happen to CSV files if they were dropped, and store nothing.

They are read as the app reads them, with its settings, offline: nothing needs to run. Several files are
considered together, in any order: what they settle, which of them contradict each other or are duplicates; a
roster among them tells leavers, aliases are applied. What is stored already is not known here: the receipts
tell of that.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local.commands.drop import blob_name
from local.commands.telling import in_words, tell_receipt
from local.host import settings
from local.host.errors import HostError
from local.places import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from local.commands.pile import Considered, Given
    from shared.settings import Settings
    from shared.sources.exports import Said

NO_STORAGE = {"DATA_STORAGE": "UseDevelopmentStorage=true"}
"""Settings must name a storage; this one is never opened."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--as", dest="name", help="the name it would get there; default: its own")
    parser.add_argument(
        "--date",
        type=date.fromisoformat,
        help="the day on which the exports were downloaded (YYYY-MM-DD): as if dropped into drop/<date>/; "
        "default: the folder that a file lies in, where it is named for a day",
    )


def run(arguments: argparse.Namespace) -> int:
    from shared.errors import SettingsError

    if arguments.name and len(arguments.files) > 1:
        print("--as names one file: check the others with a command of their own.", file=sys.stderr)
        return 1
    try:
        told = _settings()
        given = _given(dict.fromkeys(arguments.files), arguments.name, arguments.date)
    except (OSError, HostError, SettingsError) as error:
        print(in_words(error), file=sys.stderr)
        return 1
    from local.commands.pile import consider

    found = consider(given, told, datetime.now(UTC))
    for one in found:
        _tell(one)
    if len(found) > 1:
        _tell_all(found)
    return 0 if all(one.state in ("accepted", "duplicate") for one in found) else 1


def _settings() -> Settings:
    """What the app would be told about exports. Raises HostError, SettingsError."""
    from shared.settings import load

    environment = dict(os.environ)
    settings.overlay(settings.settings_file(ROOT), environment)
    of_exports = {
        name: value for name, value in environment.items() if name.startswith(("EXPORT_", "EXPECTED_"))
    }
    return load(of_exports | NO_STORAGE)


def _given(files: Iterable[Path], name: str | None, day: date | None) -> list[Given]:
    """Raises OSError."""
    from local.commands.pile import Given

    return [Given(str(file), blob_name(file, name, day), file.read_bytes()) for file in files]


def _tell(one: Considered) -> None:
    """Prints what a receipt would say."""
    import msgspec

    from shared.adoption.settling import edges_in_words

    receipt: dict[str, Any] = {"name": one.name, "state": f"would be {_IN_WORDS.get(one.state, one.state)}"}
    if one.said is not None:
        receipt |= {**_described(one.said), "notes": one.said.notes}
    receipt |= {
        "remarks": one.remarks,
        "settles": [edges_in_words(period) for period in one.settles],
        "missing": one.missing,
        "findings": [msgspec.to_builtins(finding) for finding in one.findings],
    }
    tell_receipt(receipt)
    if one.findings_total > len(one.findings):
        print(f"  and {one.findings_total - len(one.findings)} more findings")


_IN_WORDS = {"duplicate": "a duplicate"}


def _described(said: Said) -> dict[str, Any]:
    from shared.jobs.recording_reports import RANGE_EXPORTS, days_of, people_in
    from shared.sources.exports import Configuration

    moment = f"{said.moment.day} {said.moment:%B %Y %H:%M} UTC (known from: {said.evidence})"
    if isinstance(said, Configuration):
        return {"kind": said.kind, "holds from": moment, "entries": len(said.entries)}
    if isinstance(said, RANGE_EXPORTS):
        first, last = days_of(said)
        return {"kind": said.kind, "days": f"{first} to {last}", "moment": moment, "people": people_in(said)}
    totals = {f"total {measure}": str(said.total(measure)) for measure in said.measures}
    return {"kind": said.kind, "month": said.month, "moment": moment, "people": len(said.actors), **totals}


def _tell_all(found: list[Considered]) -> None:
    """Prints what the files settle together."""
    from shared.adoption.settling import edges_in_words

    periods = sorted({period for one in found for period in one.settles})
    print("Together they settle:" if periods else "Together they settle nothing yet.")
    for period in periods:
        print(f"  {edges_in_words(period)}")
