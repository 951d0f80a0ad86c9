"""Put CSV exports into the drop container of the running app, and print their receipts."""

import argparse
import re
import sys
from datetime import date
from pathlib import Path
from typing import Any

from local.commands import running
from local.commands.telling import in_words, tell_receipt

PATIENCE_SECONDS = 60.0

_DAY = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--as", dest="name", help="the name it gets there; default: its own")
    parser.add_argument(
        "--date",
        type=date.fromisoformat,
        help="the day on which the export was downloaded (YYYY-MM-DD): drops into drop/<date>/; default: the "
        "folder that the file lies in, where it is named for a day",
    )


def run(arguments: argparse.Namespace) -> int:
    app = running.find()
    if app is None:
        print(running.NOT_RUNNING, file=sys.stderr)
        return 1
    if arguments.name and len(arguments.files) > 1:
        print("--as names one file: drop the others with a command of their own.", file=sys.stderr)
        return 1
    try:
        for file in arguments.files:
            tell_receipt(_drop(app, file, blob_name(file, arguments.name, arguments.date)))
    except (OSError, running.AppError) as error:
        print(in_words(error), file=sys.stderr)
        return 1
    return 0


def blob_name(file: Path, name: str | None, day: date | None) -> str:
    """Where a file goes in the container: into the folder of a day, where one is given or it lies in one."""
    folder = day.isoformat() if day else file.parent.name if _DAY.fullmatch(file.parent.name) else ""
    return "/".join(part for part in (folder, name or file.name) if part)


def _drop(app: running.Running, file: Path, name: str) -> dict[str, Any]:
    """Uploads one file; its receipt. Raises OSError, AppError."""
    from azure.core.exceptions import AzureError
    from azure.storage.blob import ContainerClient, ContentSettings

    content = file.read_bytes()
    before = [_identity(receipt) for receipt in app.receipts()]
    container = ContainerClient.from_connection_string(app.storage, "drop")
    try:
        container.upload_blob(
            name, content, overwrite=True, content_settings=ContentSettings(content_type="text/csv")
        )
    except AzureError as error:
        raise running.AppError(f"{file} could not be put into the container: {error}") from error

    def look() -> dict[str, Any] | None:
        new = (r for r in app.receipts() if _identity(r) not in before)
        return next((r for r in new if str(r.get("name")).removeprefix("drop/") == name), None)

    return running.wait_for(look, within=PATIENCE_SECONDS, what=f"A receipt for {name}")


def _identity(receipt: dict[str, Any]) -> tuple[object, ...]:
    return (receipt.get("name"), receipt.get("at"), receipt.get("state"))
