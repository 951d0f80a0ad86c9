"""Messages of the jobs queue: typed, base64, and refused where nobody understands them."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime

import pytest

from shared.errors import MessageRefused, StoreUnavailable
from shared.store.job_queue import Job, RebuildJob, RefreshJob, RetractJob, read_job, send_job
from shared.store.storage import Storage
from tests.store.conftest import Connect


@pytest.mark.parametrize(
    "job",
    [
        RefreshJob("reader"),
        RebuildJob(by="admin"),
        RefreshJob(),
        RetractJob(
            id="0a", at=datetime(2026, 11, 16, 12, tzinfo=UTC), by="ops", reason="wrong", receipt_id="ab12"
        ),
    ],
)
def test_a_job_arrives_as_it_was_sent(connect: Connect, job: Job) -> None:
    """On the wire it is base64, as the Functions host expects it."""
    queue = connect().queue("jobs")
    send_job(queue, job)
    raw = connect().queue_service.get_queue_client("jobs").peek_messages()[0].content
    assert read_job(base64.b64decode(raw, validate=True)) == job
    received = queue.receive_message()
    assert received is not None
    assert read_job(received.content.encode()) == job


@pytest.mark.parametrize(
    "message", [b"", b"null", b"refresh", b"{}", b'{"type":"erase-everything"}', b'{"type":3}', b"\xff\xfe"]
)
def test_a_message_that_nobody_understands_is_refused(message: bytes) -> None:
    """And what it says is not repeated."""
    with pytest.raises(MessageRefused, match=f"a message of {len(message)} bytes is no job"):
        read_job(message)


@pytest.mark.parametrize(
    "message",
    [
        b'{"type":"retract","receiptId":"ab12","by":"ana@quux.example"}',
        b'{"type":"retract","receiptId":"ab12","reason":"of ana\\u0040quux.example"}',
        '{"type":"rebuild","by":"ana\uff20quux.example"}'.encode(),
    ],
)
def test_a_message_never_carries_an_address(message: bytes) -> None:
    """Messages lie in a queue, and may end in a poison queue; what it says is not repeated."""
    with pytest.raises(MessageRefused, match="jobs never carry an address") as refused:
        read_job(message)
    assert "quux" not in str(refused.value)


def test_a_queue_that_is_away_is_said_so(storage: str) -> None:
    """The sender may try again."""
    away = Storage(re.sub(r"(127\.0\.0\.1):\d+", r"\1:9", storage), retry_total=0)
    with pytest.raises(StoreUnavailable):
        send_job(away.queue("jobs"), RefreshJob())
