"""Say what would happen to CSV files if they were dropped, and store nothing.

They are taken in as the app takes them in, with its settings, offline: nothing needs to run. Several files
are considered together, in any order: what they settle, which of them contradict each other or are
duplicates; a roster among them tells leavers, aliases are applied. What is stored already is not known here:
the door that checks a file (``POST /api/exports/check``) knows that, too.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local.commands.drop import blob_name
from local.commands.telling import in_words, tell_receipt
from local.host import settings
from local.host.errors import HostError
from local.places import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shared.records import Receipt
    from shared.rehearsing import Offered, Rehearsal
    from shared.settings import Settings

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
        offered = _offered(dict.fromkeys(arguments.files), arguments.name, arguments.date)
    except (OSError, HostError, SettingsError) as error:
        print(in_words(error), file=sys.stderr)
        return 1
    from shared.rehearsing import Rehearsal

    rehearsal = Rehearsal.over_nothing(told)
    found = rehearsal.take(offered)
    for one in found:
        _tell(rehearsal, one)
    if len(found) > 1:
        _tell_all(rehearsal)
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


def _offered(files: Iterable[Path], name: str | None, day: date | None) -> list[Offered]:
    """Raises OSError."""
    from shared.rehearsing import Offered

    return [Offered(blob_name(file, name, day), file.read_bytes(), {}, f"file {file}") for file in files]


def _tell(rehearsal: Rehearsal, receipt: Receipt) -> None:
    """Prints what a receipt would say."""
    import msgspec

    tell_receipt(
        {
            "name": receipt.name,
            "state": f"would be {_IN_WORDS.get(receipt.state, receipt.state)}",
            "duplicate of": receipt.duplicate_of,
            **_described(rehearsal, receipt),
            "notes": receipt.notes,
            "remarks": receipt.remarks,
            "settles": receipt.settles,
            "missing": receipt.missing,
            "findings": msgspec.to_builtins(receipt.findings),
        }
    )
    if receipt.findings_total > len(receipt.findings):
        print(f"  and {receipt.findings_total - len(receipt.findings)} more findings")


_IN_WORDS = {"duplicate": "a duplicate"}


def _described(rehearsal: Rehearsal, receipt: Receipt) -> dict[str, Any]:
    from shared.jobs.shelf import main_measure

    if receipt.moment is None:
        return {}  # it cannot be read, and the findings say why
    at = receipt.moment
    moment = f"{at.day} {at:%B %Y %H:%M} UTC (known from: {receipt.evidence})"
    if receipt.month is not None:
        looks = [one.look for one in rehearsal.exports.read().manifest.looks]
        totals = {
            f"total {main_measure(look)}": look.total for look in looks if look.look_id == receipt.receipt_id
        }
        return {
            "kind": receipt.kind,
            "month": receipt.month,
            "moment": moment,
            "people": receipt.people,
            **totals,
        }
    if receipt.first is not None:
        days = f"{receipt.first} to {receipt.last}"
        return {"kind": receipt.kind, "days": days, "moment": moment, "people": receipt.people}
    return {"kind": receipt.kind, "holds from": moment, "entries": receipt.rows_accepted}


def _tell_all(rehearsal: Rehearsal) -> None:
    """Prints what the files settle together."""
    from shared.adoption.settling import edges_in_words
    from shared.jobs.receipts import settled_together

    periods = settled_together(rehearsal)
    print("Together they settle:" if periods else "Together they settle nothing yet.")
    for period in periods:
        print(f"  {edges_in_words(period)}")
