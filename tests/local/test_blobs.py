"""Blob triggers against a real container: one content once, tries, the poison queue."""

import base64
import json

import pytest
from azure.functions import meta
from azure.storage.blob import ContainerClient
from azure.storage.queue import QueueClient

from local.host.blobs import POISON_QUEUE, BlobListener, path_pattern
from local.host.errors import HostError
from local.host.functions import Function, Running
from local.host.memory import HostMemory
from shared.blob_event import BlobEvent
from tests.blob_names import ODD_NAMES
from tests.local.seen import seen


class Drop:
    """The container `drop` and a function that is told of its blobs."""

    def __init__(self, storage: str, *, fails: bool = False, source: str = "LogsAndContainerScan") -> None:
        self.storage = storage
        self.container = ContainerClient.from_connection_string(storage, "drop")
        self._fails = fails
        self._trigger = {"name": "blob", "path": "drop/{name}", "source": source}
        self.listener = self.listen()

    def listen(self) -> BlobListener:
        """A listener, as after a start of the host."""
        function = Function("ingest", "blobTrigger", self._trigger, self._ran, Running())
        return BlobListener(function, self.storage, HostMemory(self.storage), tries=5)

    def _ran(self, blob: BlobEvent) -> None:
        seen.append(blob.name)
        if self._fails:
            raise ValueError("no")

    def put(self, name: str, content: bytes = b"a,b", **metadata: str) -> None:
        self.container.upload_blob(name, content, metadata=metadata, overwrite=True)


@pytest.fixture
def drop(storage: str) -> Drop:
    made = Drop(storage)
    made.container.create_container()
    return made


def test_no_container_is_no_blob(storage: str) -> None:
    """Listening before the container is made is no failure."""
    assert Drop(storage).listener.poll() == 0


def test_a_function_sees_a_blob_as_in_azure(drop: Drop) -> None:
    """By its name within the container, and without its content."""
    drop.put("2026-11-20/team.csv")
    assert drop.listener.poll() == 1
    assert seen == ["2026-11-20/team.csv"]


@pytest.mark.parametrize("name", ODD_NAMES.values(), ids=ODD_NAMES)
def test_any_name_reaches_the_function(drop: Drop, name: str) -> None:
    """As it stands, once, and when it is asked for by hand."""
    drop.put(name)
    assert [drop.listener.poll(), drop.listen().poll()] == [1, 0]
    assert drop.listener.invoke(name)
    assert seen == [name, name]


@pytest.mark.parametrize("name", ODD_NAMES.values(), ids=ODD_NAMES)
def test_any_name_can_be_given_up(storage: str, name: str) -> None:
    """The poison queue has it as it stands, and the next blob is handled."""
    drop = Drop(storage, fails=True)
    drop.container.create_container()
    drop.put(name)
    assert [drop.listener.poll() for _ in range(6)] == [1, 1, 1, 1, 1, 0]
    (message,) = QueueClient.from_connection_string(storage, POISON_QUEUE).peek_messages(5)
    assert json.loads(base64.b64decode(message.content))["BlobName"] == name
    drop.put("next.csv")
    assert drop.listener.poll() == 1


def test_nothing_but_a_reference_is_taken(drop: Drop) -> None:
    """A host that hands over a blob's content is not understood: it would work until a large blob comes."""
    assert not drop.listener.function.succeeds(meta.Datum(b"a,b", "bytes"))
    assert seen == []


def test_a_content_is_handled_once(drop: Drop) -> None:
    """Neither the next poll nor a new start of the host handles it again."""
    drop.put("team.csv")
    drop.listener.poll()
    assert drop.listener.poll() == 0
    assert drop.listen().poll() == 0
    assert len(seen) == 1


def test_an_overwritten_blob_is_a_new_one(drop: Drop) -> None:
    """Exports of one month share one name: the second is news."""
    drop.put("team.csv", b"1")
    drop.listener.poll()
    drop.put("team.csv", b"2")
    drop.listener.poll()
    assert seen == ["team.csv", "team.csv"]


def test_a_blob_that_always_fails_is_tried_five_times_and_reported(storage: str) -> None:
    """Then it rests, the others go on, and the poison queue has the message that Azure sends."""
    drop = Drop(storage, fails=True)
    drop.container.create_container()
    drop.put("bad.csv")
    assert [drop.listener.poll() for _ in range(7)] == [1, 1, 1, 1, 1, 0, 0]
    assert drop.listen().poll() == 0
    (message,) = QueueClient.from_connection_string(storage, POISON_QUEUE).peek_messages(5)
    note = json.loads(base64.b64decode(message.content))
    assert (note["ContainerName"], note["BlobName"]) == ("drop", "bad.csv")


def test_tries_are_counted_across_starts(storage: str) -> None:
    """A host that is killed in between does not begin to count anew."""
    drop = Drop(storage, fails=True)
    drop.container.create_container()
    drop.put("bad.csv")
    assert [drop.listen().poll() for _ in range(7)] == [1, 1, 1, 1, 1, 0, 0]


def test_event_grid_is_refused_here(storage: str) -> None:
    """Nobody posts events to this machine: waiting for them would be silence."""
    with pytest.raises(HostError, match="LogsAndContainerScan"):
        Drop(storage, source="EventGrid")


def test_a_path_names_its_blobs() -> None:
    """`{name}` stands for any text with folders, the rest for itself."""
    pattern = path_pattern("in/{name}.csv")
    match = pattern.fullmatch("in/a/b.csv")
    assert match is not None
    assert match["name"] == "a/b"
    assert pattern.fullmatch("in/a.xcsv") is None
