"""Ask the app in Azure for a job, under your own identity.

`python3 dev.py azure job …` sends what `python3 dev.py job …` sends, to the data account that
DATA_STORAGE__queueServiceUri and DATA_STORAGE__tableServiceUri name (in the environment or
local.settings.json), or the two options below. You need the role Storage Queue Data Message Sender on the
queue `jobs`. With Storage Table Data Reader on the data account the command waits and prints the outcome;
without it use --no-wait.
"""

import argparse
import os
import sys

from local.commands import job
from local.host import settings
from local.places import ROOT

QUEUE, TABLE = "DATA_STORAGE__queueServiceUri", "DATA_STORAGE__tableServiceUri"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--queue-uri", help=f"https://<account>.queue.core.windows.net; default: {QUEUE}")
    parser.add_argument("--table-uri", help=f"https://<account>.table.core.windows.net; default: {TABLE}")
    parser.add_argument(
        "--no-wait", action="store_true", help="send the job, and do not wait for its outcome"
    )
    commands = parser.add_subparsers(dest="command_in_azure", required=True, metavar="COMMAND")
    job.add_arguments(commands.add_parser("job", help="ask for a job"))


def run(arguments: argparse.Namespace) -> int:
    environment = dict(os.environ)
    settings.overlay(settings.settings_file(ROOT), environment)
    queue = arguments.queue_uri or environment.get(QUEUE, "")
    table = arguments.table_uri or environment.get(TABLE, "")
    wanted = {"--queue-uri": queue} | ({} if arguments.no_wait else {"--table-uri": table})
    missing = [name for name, uri in wanted.items() if not uri.startswith("https://")]
    if missing:
        print(f"Give {' and '.join(missing)}: an https address of the data account.", file=sys.stderr)
        return 1
    from azure.identity import DefaultAzureCredential

    from shared.store.storage import Storage

    storage = Storage(uris={"queue": queue, "table": table}, credential=DefaultAzureCredential())
    return job.ask(storage, arguments, None if arguments.no_wait else job.PATIENCE_SECONDS)
