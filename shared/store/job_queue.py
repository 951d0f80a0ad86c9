"""The queue ``jobs``: typed messages, base64, with ids and never an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from azure.core.exceptions import AzureError

from shared.errors import MessageRefused, StoreUnavailable

if TYPE_CHECKING:
    from azure.storage.queue import QueueClient


class RefreshJob(msgspec.Struct, frozen=True, tag="refresh", tag_field="type"):
    """Refresh now: asked for by a reader who met stale data, or by an admin."""

    asked_by: str = ""


class RebuildJob(msgspec.Struct, frozen=True, tag="rebuild", tag_field="type"):
    """Compute every period row again from the facts, whether it is behind or not."""

    asked_by: str = ""


Job = RefreshJob | RebuildJob

_decoder: msgspec.json.Decoder[Job] = msgspec.json.Decoder(Job)


def read_job(message: bytes) -> Job:
    """The job that a message asks for. Raises MessageRefused where it is none that we know."""
    try:
        return _decoder.decode(message)
    except msgspec.MsgspecError:
        raise MessageRefused(
            f"a message of {len(message)} bytes is no job; expected JSON with a type of refresh or rebuild"
        ) from None


def send_job(queue: QueueClient, job: Job) -> None:
    """Put a job on the queue."""
    try:
        queue.send_message(msgspec.json.encode(job).decode())
    except AzureError as error:
        raise StoreUnavailable(f"the queue cannot be reached ({type(error).__name__})") from error
