"""Queue triggers against a real queue: base64, tries, the poison queue."""

import base64
from typing import Any

import pytest
from azure.storage.queue import QueueClient

from local.host.functions import Function, Running
from local.host.queues import QueueListener
from tests.local.seen import seen

GOOD = base64.b64encode("grüß".encode()).decode()


class Queue:
    """The queue `jobs` and a function that listens to it."""

    def __init__(self, storage: str, *, fails: bool = False, base64_messages: bool = True) -> None:
        self.jobs = QueueClient.from_connection_string(storage, "jobs")
        self.poison = QueueClient.from_connection_string(storage, "jobs-poison")
        trigger = {"name": "message", "queueName": "jobs"}
        function = Function("run_job", "queueTrigger", trigger, self._ran, Running())
        self.listener = QueueListener(function, storage, tries=5, base64_messages=base64_messages)
        self._fails = fails

    def _ran(self, message: Any) -> None:
        seen.append((message.get_body().decode(), message.dequeue_count))
        if self._fails:
            raise ValueError("no")

    def drain(self) -> int:
        """Polls until nothing is left; how often there was something."""
        return sum(iter(self.listener.poll, 0))


def test_no_queue_is_no_message(storage: str) -> None:
    """Whoever sends first makes the queue; listening before is no failure."""
    assert Queue(storage).listener.poll() == 0


def test_a_message_is_decoded_handled_and_gone(storage: str) -> None:
    """The function gets the text that the sender encoded; the message is deleted after."""
    queue = Queue(storage)
    queue.jobs.create_queue()
    queue.jobs.send_message(GOOD)
    assert queue.drain() == 1
    assert seen == [("grüß", 1)]
    assert queue.jobs.get_queue_properties().approximate_message_count == 0


def test_a_message_that_always_fails_is_tried_five_times_and_kept_as_poison(storage: str) -> None:
    """Nothing is tried for ever, and nothing is lost."""
    queue = Queue(storage, fails=True)
    queue.jobs.create_queue()
    queue.jobs.send_message(GOOD)
    assert queue.drain() == 5
    assert [count for _, count in seen] == [1, 2, 3, 4, 5]
    assert [message.content for message in queue.poison.peek_messages()] == [GOOD]
    assert queue.jobs.get_queue_properties().approximate_message_count == 0


def test_a_message_that_is_not_base64_is_poison_at_once(storage: str) -> None:
    """As in Azure: the function never sees it."""
    queue = Queue(storage)
    queue.jobs.create_queue()
    queue.jobs.send_message("{plain}")
    assert queue.drain() == 1
    assert seen == []
    assert [message.content for message in queue.poison.peek_messages()] == ["{plain}"]


@pytest.mark.parametrize("text", ["{plain}", GOOD])
def test_plain_messages_are_for_those_who_say_so(storage: str, text: str) -> None:
    """host.json may ask for messages as they are."""
    queue = Queue(storage, base64_messages=False)
    queue.jobs.create_queue()
    queue.jobs.send_message(text)
    queue.drain()
    assert seen == [(text, 1)]
