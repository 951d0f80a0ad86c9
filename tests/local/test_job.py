"""`dev.py job …`: what is sent is what the app does, and the outcome is told."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest
from azure.core.credentials import AccessToken

from local import commands
from local.commands import job
from local.places import ROOT
from shared.app import App
from shared.errors import MessageRefused
from shared.jobs.dispatch import run_job
from shared.store.job_queue import EraseJob, RebuildJob, RefreshJob, RetractJob, read_job
from shared.store.storage import Storage
from tests.conftest import MakeApp
from tests.jobs.dropping import NOVEMBER, drop, export

NOW = datetime(2026, 11, 16, 12, tzinfo=UTC)


def made(*arguments: str) -> object:
    return job.job_of(commands.parse(["job", *arguments]), NOW)


def test_what_is_asked_for_is_the_message() -> None:
    """With who asks, why and when; each has an id of its own."""
    first, second = made("retract", "ab12", "--by", "ops", "--reason", "wrong day"), made("rebuild")
    assert isinstance(first, RetractJob)
    assert (first.receipt_id, first.by, first.reason, first.at) == ("ab12", "ops", "wrong day", NOW)
    assert isinstance(second, RebuildJob)
    assert second.by
    assert first.id != second.id


def test_an_address_is_never_sent() -> None:
    """It is refused here already, and not repeated."""
    with pytest.raises(MessageRefused) as refused:
        made("retract", "ab12", "--reason", "ana@quux.example asked for it")
    assert "quux" not in str(refused.value)


class Worker:
    """The app, at work on what lies in the queue whenever somebody looks for an outcome."""

    def __init__(self, app: App) -> None:
        self.app = app

    def work(self) -> None:
        for message in self.app.storage.queue("jobs").receive_messages():
            run_job(self.app, str(message.content).encode())
            self.app.storage.queue("jobs").delete_message(message)


def test_the_outcome_is_told(make_app: MakeApp, capsys: pytest.CaptureFixture[str]) -> None:
    """As the audit has it."""
    app = make_app()
    receipt = drop(app, f"2026-11-13/{NOVEMBER}", export(zelda=3))
    arguments = commands.parse(["job", "retract", receipt.receipt_id, "--by", "ops"])
    assert job.ask(app.storage, arguments, None) == 0
    Worker(app).work()
    assert [one.state for one in app.receipts.newest(9)] == ["retracted"]
    sent = app.audit.newest(1)[0]
    assert sent.audit_id in capsys.readouterr().out
    found = job.outcome_of(app.storage, RetractJob(id=sent.audit_id, at=sent.at, receipt_id="ab12"), 0)
    assert found == sent


def test_a_refresh_is_no_readers(make_app: MakeApp, capsys: pytest.CaptureFixture[str]) -> None:
    """It is sent as an operator's, who insists; the runs tell its outcome, not the audit."""
    app = make_app()
    assert job.ask(app.storage, commands.parse(["job", "refresh"]), 0) == 0
    assert "GET /api/status" in capsys.readouterr().out
    message = app.storage.queue("jobs").receive_message()
    assert message is not None
    assert read_job(str(message.content).encode()) == RefreshJob("operator")


def test_waiting_ends(make_app: MakeApp, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nobody works, the command says so and fails."""
    app = make_app()
    assert job.ask(app.storage, commands.parse(["job", "rebuild"]), 0) == 1
    assert "The outcome of job" in capsys.readouterr().err
    message = app.storage.queue("jobs").receive_message()
    assert message is not None
    assert isinstance(read_job(str(message.content).encode()), RebuildJob)


def test_in_azure_it_needs_addresses_to_talk_to(capsys: pytest.CaptureFixture[str]) -> None:
    """Named, before anything is imported or sent; plain http is none."""
    arguments = commands.parse(["azure", "--queue-uri", "http://a.example", "job", "rebuild"])
    assert commands.run(arguments) == 1
    assert "Give --queue-uri and --table-uri" in capsys.readouterr().err


def test_in_azure_the_identity_is_the_operators() -> None:
    """And never the app's managed one."""

    class Operator:
        def get_token(self, *_: str, **__: object) -> AccessToken:
            return AccessToken("operator", 2**31)

    own = Operator()
    assert Storage(uris={"queue": "https://a.queue.core.windows.net"}, credential=own)._credential is own


def test_help_needs_nothing_but_the_standard_library() -> None:
    """`dev.py` makes its environment after it has understood what it was asked."""
    program = (
        "import sys; from local import commands; commands.parse(['azure', 'job', 'rebuild']);"
        "sys.exit(any(name.split('.')[0] in ('msgspec', 'azure') for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False)  # noqa: S603 - ours
    assert done.returncode == 0


def test_an_address_is_looked_up_here(make_app: MakeApp, capsys: pytest.CaptureFixture[str]) -> None:
    """In any spelling; the message carries the id, and nothing that was typed."""
    app = make_app()
    drop(app, f"2026-11-13/{NOVEMBER}", export(zelda=3))
    assert job.ask(app.storage, commands.parse(["job", "erase", " Zelda@QUUX.example"]), None) == 0
    message = app.storage.queue("jobs").receive_message()
    assert message is not None
    sent = read_job(str(message.content).encode())
    assert isinstance(sent, EraseJob)
    assert app.people().actors()[sent.engineer_id].name == "zelda@quux.example"
    assert "quux" not in str(message.content).casefold()
    assert job.ask(app.storage, commands.parse(["job", "erase", "nobody@quux.example"]), None) == 1
    assert "quux" not in capsys.readouterr().err
