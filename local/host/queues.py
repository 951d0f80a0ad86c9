"""Queue triggers: messages are received, renewed while the function runs, and deleted or given up."""

import base64
import binascii
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.functions import meta
from azure.storage.queue import QueueClient, QueueMessage

from local.host.functions import Function

log = logging.getLogger("local.host")

HIDDEN_SECONDS = 60
RENEWAL_SECONDS = 20


class QueueListener:
    """Hands the messages of one queue to one function, one after the other; one that failed after a pause."""

    def __init__(
        self,
        function: Function,
        connection_string: str,
        *,
        tries: int,
        base64_messages: bool,
        pause: timedelta = timedelta(),
    ) -> None:
        self.function = function
        self.queue = str(function.trigger["queueName"])
        self._tries = tries
        self._pause = pause
        self._base64 = base64_messages
        self._client = QueueClient.from_connection_string(connection_string, self.queue)
        self._connection_string = connection_string

    def poll(self) -> int:
        """Handles the next message that can be seen; 0 when there is none."""
        try:
            message = self._client.receive_message(visibility_timeout=HIDDEN_SECONDS)
        except ResourceNotFoundError:  # the queue is made by whoever sends first
            return 0
        if message is None:
            return 0
        self._handle(message)
        return 1

    def metadata(self, message: QueueMessage) -> dict[str, meta.Datum]:
        """What the function can ask about the message, as the Functions host words it."""
        moments = {
            "ExpirationTime": message.expires_on,
            "InsertionTime": message.inserted_on,
            "NextVisibleTime": message.next_visible_on,
        }
        return {
            "Id": meta.Datum(message.id, "string"),
            "DequeueCount": meta.Datum(message.dequeue_count or 1, "int"),
            "PopReceipt": meta.Datum(message.pop_receipt, "string"),
            **{
                name: meta.Datum(moment.strftime("%Y-%m-%dT%H:%M:%S+00:00"), "string")
                for name, moment in moments.items()
                if moment is not None
            },
        }

    def _handle(self, message: QueueMessage) -> None:
        try:
            text = decoded(message.content) if self._base64 else str(message.content)
        except ValueError:
            log.error("%s: a message that is not base64 goes to %s-poison", self.function.name, self.queue)
            self._give_up(message)
            return
        with _hidden(self._client, message):
            succeeded = self.function.succeeds(meta.Datum(text, "string"), self.metadata(message))
        if succeeded:
            self._client.delete_message(message)
        elif (message.dequeue_count or 1) >= self._tries:
            log.error("%s: failed %d times, goes to %s-poison", self.function.name, self._tries, self.queue)
            self._give_up(message)
        else:
            self._client.update_message(message, visibility_timeout=int(self._pause.total_seconds()))

    def _give_up(self, message: QueueMessage) -> None:
        send(self._connection_string, f"{self.queue}-poison", str(message.content))
        self._client.delete_message(message)


def decoded(content: object) -> str:
    """A message as its sender wrote it. Raises ValueError when it is not UTF-8 text in base64."""
    try:
        return base64.b64decode(str(content), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError("not base64") from error


def send(connection_string: str, queue: str, content: str) -> None:
    """Puts a message on a queue, as it is; makes the queue if it is not there."""
    client = QueueClient.from_connection_string(connection_string, queue)
    with suppress(ResourceExistsError):
        client.create_queue()
    client.send_message(content)


def poison_note(blob: dict[str, str]) -> str:
    """The message that reports a blob nobody could handle, in base64."""
    return base64.b64encode(json.dumps(blob).encode()).decode()


@contextmanager
def _hidden(client: QueueClient, message: QueueMessage) -> Iterator[None]:
    """Keeps a message hidden from others; killed in between, it can be seen again after a minute."""
    done = threading.Event()

    def renew() -> None:
        while not done.wait(RENEWAL_SECONDS):
            renewed = client.update_message(message, visibility_timeout=HIDDEN_SECONDS)
            message.pop_receipt = renewed.pop_receipt

    renewing = threading.Thread(target=renew, name="renewing", daemon=True)
    renewing.start()
    try:
        yield
    finally:
        done.set()
        renewing.join()
