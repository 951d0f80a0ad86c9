"""Ask the running app for a job: retract a file, erase an engineer, rebuild … Prints what came of it.

The job is audited under the name of this machine's user, or the one that --by gives. See docs/operations.md.
"""

import argparse
import getpass
import secrets
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from local.commands import running

if TYPE_CHECKING:
    from shared.records import AuditEntry
    from shared.store.job_queue import OperatorJob
    from shared.store.storage import Storage

PATIENCE_SECONDS = 600.0
"""As long as host.json lets a function run."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    told = argparse.ArgumentParser(add_help=False)
    told.add_argument("--reason", default="", help="why; kept in the audit, so name nobody")
    told.add_argument("--by", default=getpass.getuser(), help="your name, no address; default: %(default)s")
    jobs = parser.add_subparsers(dest="job", required=True, metavar="JOB")
    retract = jobs.add_parser("retract", parents=[told], help="take one dropped file's effect out again")
    retract.add_argument("receipt", help="the receipt's id, as GET /api/status shows it")
    accept = jobs.add_parser("accept-empty", parents=[told], help="believe an empty answer about one day")
    accept.add_argument("source", help="the source's name, as GET /api/status shows it: claude_code_admin")
    accept.add_argument("day", type=date.fromisoformat, help="YYYY-MM-DD")
    erase = jobs.add_parser(
        "erase", parents=[told], help="take one engineer out of everything that names them"
    )
    erase.add_argument("address", help="looked up here, and never sent", metavar="EMAIL")
    rebuild = jobs.add_parser("rebuild", parents=[told], help="compute every period row again")
    rebuild.add_argument(
        "--from-raw", action="store_true", help="read everything that is kept raw again first"
    )
    jobs.add_parser("refresh", help="refresh now; asks a source even while it is left alone")


def run(arguments: argparse.Namespace) -> int:
    app = running.find()
    if app is None:
        print(running.NOT_RUNNING, file=sys.stderr)
        return 1
    from shared.store.storage import Storage

    return ask(Storage(app.storage), arguments, PATIENCE_SECONDS)


def ask(storage: "Storage", arguments: argparse.Namespace, patience: float | None) -> int:
    """Send the job and tell its outcome (None: do not wait for it); the exit code of the command."""
    from shared.errors import ScoreboardError
    from shared.store.job_queue import RefreshJob, send_job

    try:
        if arguments.job == "refresh":
            send_job(storage.queue("jobs"), RefreshJob("operator"))
            print("Sent: the newest run in GET /api/status will tell what came of it.")
            return 0
        if arguments.job == "erase":
            arguments.engineer_id = engineer_of(storage, arguments.address)
        job = job_of(arguments, datetime.now(UTC))
        send_job(storage.queue("jobs"), job)
        if patience is None:
            print(f"Sent: what comes of it will stand in the table audit, under the id {job.id}.")
            return 0
        entry = outcome_of(storage, job, patience)
    except (ScoreboardError, running.AppError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{entry.what} {entry.of}: {entry.state}; {entry.outcome}.")
    return 0


def job_of(arguments: argparse.Namespace, now: datetime) -> "OperatorJob":
    """The message. Raises MessageRefused where it is none that the app would take: an address, say."""
    import msgspec

    from shared.store import job_queue

    told: dict[str, Any] = {
        "id": secrets.token_hex(8),
        "at": now,
        "by": arguments.by,
        "reason": arguments.reason,
    }
    makers: dict[str, Callable[[], OperatorJob]] = {
        "retract": lambda: job_queue.RetractJob(receipt_id=arguments.receipt, **told),
        "accept-empty": lambda: job_queue.AcceptEmptyJob(source=arguments.source, day=arguments.day, **told),
        "erase": lambda: job_queue.EraseJob(engineer_id=arguments.engineer_id, **told),
        "rebuild": lambda: job_queue.RebuildJob(from_raw=arguments.from_raw, **told),
    }
    job = makers[arguments.job]()
    job_queue.read_job(msgspec.json.encode(job))
    return job


def engineer_of(storage: "Storage", address: str) -> str:
    """The id of whoever has this address. Raises AppError where nobody has."""
    from shared.adoption.people import normal_address
    from shared.records import Actor
    from shared.store.people import People

    found = People(storage.table("people")).find(Actor("engineer", normal_address(address)))
    if found is None:
        raise running.AppError("Nobody of that address was ever seen.")
    return found


def outcome_of(storage: "Storage", job: "OperatorJob", patience: float) -> "AuditEntry":
    """The audit's entry of the job, once it is completed. Raises AppError after so many seconds."""
    from shared.store.audit import Audit

    audit = Audit(storage.table("audit"))

    def look() -> "AuditEntry | None":
        entry = audit.find(job.at, job.id) if job.at else None
        return entry if entry is not None and entry.state != "begun" else None

    return running.wait_for(look, within=patience, what=f"The outcome of job {job.id}")
