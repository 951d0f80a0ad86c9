"""Blob triggers: a container is polled, and each content of each blob is handled once.

As in Azure, a function is told of its blob and handed a reference: nothing here reads the content.
"""

import json
import logging
import re
from types import SimpleNamespace

from azure.core.exceptions import ResourceNotFoundError
from azure.functions import meta
from azure.storage.blob import BlobProperties, ContainerClient

from local.host.errors import HostError
from local.host.functions import Function
from local.host.memory import HostMemory, Receipt
from local.host.queues import poison_note, send

log = logging.getLogger("local.host")

POISON_QUEUE = "webjobs-blobtrigger-poison"


class BlobListener:
    """Hands the new blobs of one container to one function, one after the other. Raises HostError."""

    def __init__(self, function: Function, connection_string: str, memory: HostMemory, *, tries: int) -> None:
        if function.trigger.get("source") == "EventGrid":
            raise HostError(
                f"{function.name}: its source is Event Grid, which posts nothing to this machine. Locally "
                f"the source must be LogsAndContainerScan."
            )
        self.function = function
        self.container, _, path = str(function.trigger["path"]).partition("/")
        self._pattern = path_pattern(path)
        self._tries = tries
        self._memory = memory
        self._connection_string = connection_string
        self._client = ContainerClient.from_connection_string(connection_string, self.container)
        self._settled: set[tuple[str, str]] = set()

    def poll(self) -> int:
        """Handles the blobs whose content was not handled yet; how many there were."""
        try:
            blobs = [
                blob
                for blob in self._client.list_blobs(include=["metadata"])
                if self._pattern.fullmatch(blob.name)
            ]
        except ResourceNotFoundError:  # no container yet, no blobs yet
            return 0
        self._settled &= {(blob.name, str(blob.etag)) for blob in blobs}
        return sum(self._handle(blob) for blob in blobs)

    def invoke(self, name: str) -> bool:
        """Hands one blob to the function, whatever its receipt; whether that went well."""
        found = self._pattern.fullmatch(name)
        if found is None:
            raise HostError(f"{name} does not match {self.function.trigger['path']}.")
        return self._call(self._client.get_blob_client(name).get_blob_properties())

    def _handle(self, blob: BlobProperties) -> int:
        name, etag = blob.name, str(blob.etag)
        if (name, etag) in self._settled:
            return 0
        before = self._memory.receipt(self.function.name, name, etag)
        if before.settled:
            self._settled.add((name, etag))
            return 0
        if self._tried(blob, etag, before).settled:
            self._settled.add((name, etag))
        return 1

    def _tried(self, blob: BlobProperties, etag: str, before: Receipt) -> Receipt:
        succeeded = self._call(blob)
        tries = before.tries + 1
        receipt = Receipt(tries, settled=succeeded or tries >= self._tries)
        if receipt.settled and not succeeded:
            log.error("%s: failed %d times, reported on %s", self.function.name, tries, POISON_QUEUE)
            note = {
                "Type": "BlobTrigger",
                "FunctionId": f"Host.Functions.{self.function.name}",
                "BlobType": "BlockBlob",
                "ContainerName": self.container,
                "BlobName": blob.name,
                "ETag": etag,
            }
            send(self._connection_string, POISON_QUEUE, poison_note(note))
        self._memory.keep_receipt(self.function.name, blob.name, etag, receipt)
        return receipt

    def _call(self, blob: BlobProperties) -> bool:
        match = self._pattern.fullmatch(blob.name)
        parameters = match.groupdict() if match else {}
        properties = {
            "ContentLength": blob.size,
            "ContentType": blob.content_settings.content_type,
            "ETag": str(blob.etag),
            "LastModified": blob.last_modified.isoformat(),
        }
        metadata = {
            "BlobTrigger": meta.Datum(f"{self.container}/{blob.name}", "string"),
            "Uri": meta.Datum(self._client.get_blob_client(blob.name).url, "string"),
            "Properties": meta.Datum(json.dumps(properties), "json"),
            "Metadata": meta.Datum(json.dumps(blob.metadata or {}), "json"),
            **{key: meta.Datum(value, "string") for key, value in parameters.items()},
        }
        return self.function.succeeds(self._reference(blob.name), metadata)

    def _reference(self, name: str) -> meta.Datum:
        """A blob as Azure's host names it to a function that takes an SDK type."""
        named = {
            "Connection": self.function.trigger.get("connection"),
            "ContainerName": self.container,
            "BlobName": name,
        }
        return meta.Datum(SimpleNamespace(content=json.dumps(named).encode()), "model_binding_data")


def path_pattern(path: str) -> re.Pattern[str]:
    """The blobs that a trigger's path means: `{name}` stands for any text, with slashes."""
    parts = re.split(r"\{(\w+)\}", path)
    literal_or_name = (re.escape(p) if i % 2 == 0 else f"(?P<{p}>.+)" for i, p in enumerate(parts))
    return re.compile("".join(literal_or_name), re.DOTALL)
