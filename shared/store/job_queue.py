"""The queue ``jobs``: typed messages, base64, with ids and never an address."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import msgspec
from azure.core.exceptions import AzureError, HttpResponseError

from shared.errors import MessageRefused, StoreUnavailable

if TYPE_CHECKING:
    from azure.storage.queue import QueueClient

READER = "reader"

_Id = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{0,64}$")]
_Words = Annotated[str, msgspec.Meta(max_length=400)]


class RefreshJob(msgspec.Struct, frozen=True, omit_defaults=True, tag="refresh", tag_field="type"):
    """Refresh now: asked for by a reader (``READER``) who met stale data, or by an operator.

    ``correlation_id``: the invocation in which the reader met them.
    """

    asked_by: str = ""
    correlation_id: Annotated[str, msgspec.Meta(pattern="^[0-9A-Za-z-]{0,64}$")] = ""


class Asked(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What every job of an operator tells: its id and when it was asked for (so that a message that comes
    twice is one entry of the audit), by whom, in the operator's own words, and why."""

    id: _Id = ""
    at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    by: _Words = ""
    reason: _Words = ""


class RebuildJob(Asked, frozen=True, kw_only=True, tag="rebuild", tag_field="type"):
    """Compute every period row again from the facts, whether it is behind or not; ``from_raw``: once what is
    kept raw has been read again as well."""

    from_raw: bool = False


class RetractJob(Asked, frozen=True, kw_only=True, tag="retract", tag_field="type"):
    """Take one dropped file's effect out again."""

    receipt_id: _Id


class AcceptEmptyJob(Asked, frozen=True, kw_only=True, tag="accept-empty", tag_field="type"):
    """Believe an empty answer of a live source about one day."""

    source: Annotated[str, msgspec.Meta(pattern="^[a-z_]{1,64}$")]
    day: date


class EraseJob(Asked, frozen=True, kw_only=True, tag="erase", tag_field="type"):
    """Take one engineer's address and names out of everything; the totals stay."""

    engineer_id: Annotated[str, msgspec.Meta(pattern="^e[0-9a-f]{16}$")]


OperatorJob = RebuildJob | RetractJob | AcceptEmptyJob | EraseJob
Job = RefreshJob | OperatorJob

_TYPES = "refresh, rebuild, retract, accept-empty or erase"

_decoder: msgspec.json.Decoder[Job] = msgspec.json.Decoder(Job)


def read_job(message: bytes) -> Job:
    """The job that a message asks for. Raises MessageRefused where it is none that we know."""
    try:
        job = _decoder.decode(message)
    except msgspec.MsgspecError:
        raise MessageRefused(
            f"a message of {len(message)} bytes is no job; expected JSON with a type of {_TYPES}"
        ) from None
    if any("@" in unicodedata.normalize("NFKC", str(value)) for value in msgspec.structs.astuple(job)):
        raise MessageRefused(f"a message of {len(message)} bytes holds an @; jobs never carry an address")
    return job


def send_job(queue: QueueClient, job: Job, **patience: int) -> None:
    """Put a job on the queue. ``patience``: the SDK's time-outs and retries, where they are not as usual.

    Raises StoreUnavailable.
    """
    try:
        queue.send_message(msgspec.json.encode(job).decode(), **patience)
    except HttpResponseError as error:
        raise StoreUnavailable(f"the queue answered {error.status_code}") from error
    except AzureError as error:
        raise StoreUnavailable(f"the queue cannot be reached ({type(error).__name__})") from error
