"""What the host remembers from one start to the next: blobs in the container that Azure's host uses, too."""

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError, ServiceRequestError
from azure.storage.blob import ContainerClient

from local.host.errors import HostError

SOON: dict[str, Any] = {"retry_total": 1, "initial_backoff": 1, "increment_base": 1}
"""Storage on this machine answers, or is not there."""
CONTAINER = "azure-webjobs-hosts"


@dataclass(frozen=True, slots=True)
class Receipt:
    """How often a blob with one content was tried, and whether that is the end of it."""

    tries: int = 0
    settled: bool = False


class HostMemory:
    """Timer statuses and blob receipts, in the storage account of the host itself. Raises HostError."""

    def __init__(self, connection_string: str) -> None:
        self._connection_string = connection_string

    @cached_property
    def _container(self) -> ContainerClient:
        container = ContainerClient.from_connection_string(self._connection_string, CONTAINER, **SOON)
        try:
            with suppress(ResourceExistsError):
                container.create_container()
        except ServiceRequestError:
            raise HostError(
                "The storage AzureWebJobsStorage does not answer: `python3 dev.py start` starts an Azurite."
            ) from None
        return container

    def timer_status(self, function: str) -> str | None:
        return self._read(f"timers/{function}/status")

    def keep_timer_status(self, function: str, text: str) -> None:
        self._write(f"timers/{function}/status", text)

    def receipt(self, function: str, blob: str, etag: str) -> Receipt:
        text = self._read(_receipt_name(function, blob, etag))
        return Receipt(**json.loads(text)) if text else Receipt()

    def keep_receipt(self, function: str, blob: str, etag: str, receipt: Receipt) -> None:
        self._write(_receipt_name(function, blob, etag), json.dumps(asdict(receipt)))

    def _read(self, name: str) -> str | None:
        try:
            return self._container.download_blob(name, encoding="utf-8").readall()
        except ResourceNotFoundError:
            return None

    def _write(self, name: str, text: str) -> None:
        self._container.upload_blob(name, text, overwrite=True)


def _receipt_name(function: str, blob: str, etag: str) -> str:
    # A digest: the name of a dropped file can be somebody's address.
    digest = hashlib.sha256(f"{blob}\n{etag}".encode()).hexdigest()
    return f"blobreceipts/{function}/{digest}"
