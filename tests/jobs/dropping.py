"""What an admin drops: team exports, and everything around one that a test looks at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from shared.app import App
from shared.jobs.ingest import ingest
from shared.records import Look, Receipt
from shared.store.manifests import EXPORTS
from tests.store.wire import blob_names, entities

HEADER = "User,Lines this Month\n"
NOVEMBER = "claude_code_team_2026_11_01_to_2026_11_30.csv"


def export(**lines: int) -> bytes:
    """A team export: ``export(zelda=120, yves=3)``."""
    return (HEADER + "".join(f"{name}@quux.example,{count}\n" for name, count in lines.items())).encode()


def put(app: App, name: str, content: bytes, metadata: Mapping[str, str] | None = None) -> None:
    """Drop a file, whatever lay there under its name."""
    told = dict(metadata) if metadata else None
    app.storage.container("drop").upload_blob(name, content, overwrite=True, metadata=told)


def drop(app: App, name: str, content: bytes, metadata: Mapping[str, str] | None = None) -> Receipt:
    """Drop a file and take it in."""
    put(app, name, content, metadata)
    receipt = ingest(app, name)
    assert receipt is not None
    return receipt


def looks(app: App) -> list[Look]:
    """The looks that count."""
    return [entry.look for entry in app.exports.read().manifest.looks if entry.state == "accepted"]


def counts(app: App, look: Look) -> dict[str, int]:
    """What a look says of each person, by address or name."""
    who = app.people().actors()
    kept = app.facts.read_value(EXPORTS, f"look-{look.look_id}", 1, dict[str, dict[str, int]])
    return {who[identifier].name: count for identifier, count in kept["linesAccepted"].items()}


def receipts(app: App) -> list[Receipt]:
    """All that there are, counted where they stand."""
    found = app.receipts.newest(500)
    assert len(found) == sum(1 for _ in entities(app.storage, "receipts"))
    return found


def waiting(app: App) -> list[str]:
    return blob_names(app.storage, "drop")


def quarantined(app: App) -> list[str]:
    return blob_names(app.storage, "quarantine")


def report(app: App, receipt: Receipt) -> dict[str, Any]:
    """The report beside a refused file."""
    document = (
        app.storage.container("quarantine").download_blob(f"{receipt.receipt_id}/report.json").readall()
    )
    found: dict[str, Any] = msgspec.json.decode(document)
    return found


def refused_file(app: App, receipt: Receipt) -> bytes:
    return bytes(app.storage.container("quarantine").download_blob(f"{receipt.receipt_id}/file").readall())
