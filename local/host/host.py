"""The host: an app's functions, each listening to what triggers it."""

import logging
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from azure.core.exceptions import AzureError
from azure.functions import meta
from starlette.applications import Starlette

from local.host import functions, http, settings
from local.host.blobs import BlobListener
from local.host.errors import HostError
from local.host.functions import Function, Running
from local.host.memory import HostMemory
from local.host.queues import QueueListener
from local.host.timers import Timer

log = logging.getLogger("local.host")

POLL_SECONDS = 1.0
FINISH_SECONDS = 8.0
"""How long stopping waits for the functions that run."""


class Host:
    """Everything that listens for one app. Nothing runs before the application starts up.

    `at_start` are the timer functions to run at once, whatever their schedules; `page` is a folder of files
    that are served beside the functions. Raises HostError.
    """

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        *,
        origins: Sequence[str] = (),
        at_start: Sequence[str] = (),
        page: Path | None = None,
    ) -> None:
        file = settings.read_host_file(folder)
        self._running = Running()
        self.functions = functions.load(folder, environment, self._running)
        self._prefix = file.route_prefix
        self._at_start = frozenset(at_start)
        self._stopping = threading.Event()
        self.timers: list[Timer] = []
        self.blobs: list[BlobListener] = []
        self.queues: list[QueueListener] = []
        background = [function for function in self.functions if function.kind != "httpTrigger"]
        if background:
            memory = HostMemory(settings.connection("AzureWebJobsStorage", environment))
        for function in background:
            if function.kind == "timerTrigger":
                self.timers.append(Timer(function, memory, partial(datetime.now, UTC)))
                continue
            storage = settings.connection(str(function.trigger["connection"]), environment)
            if function.kind == "blobTrigger":
                self.blobs.append(BlobListener(function, storage, memory, tries=file.blob_tries))
            else:
                queue = QueueListener(
                    function,
                    storage,
                    tries=file.queue_tries,
                    pause=file.queue_pause,
                    base64_messages=file.base64_messages,
                )
                self.queues.append(queue)
        unknown = self._at_start - {timer.function.name for timer in self.timers}
        if unknown:
            raise HostError(f"There is no timer function {', '.join(sorted(unknown))} to run at the start.")
        self.application = http.application(
            self.functions,
            prefix=self._prefix,
            origins=origins,
            admin=self._admin(),
            page=page,
            lifespan=self._lifespan,
        )

    def listing(self, address: str) -> list[str]:
        """A line for each function: its name, and what triggers it."""
        width = max((len(function.name) for function in self.functions), default=0)
        return [f"  {f.name:<{width}}  {self._triggered_by(f, address)}" for f in self.functions]

    def _triggered_by(self, function: Function, address: str) -> str:
        if function.kind == "httpTrigger":
            methods = "|".join(http.methods_of(function))
            return f"{methods} {address}{http.route_of(function, self._prefix)}"
        if function.kind == "timerTrigger":
            timer = next(timer for timer in self.timers if timer.function is function)
            return f"timer {timer.schedule.text}, next at {timer.status.next:%Y-%m-%d %H:%M:%S} UTC"
        if function.kind == "blobTrigger":
            return f"blobs {function.trigger['path']}"
        return f"queue {function.trigger['queueName']}"

    def _admin(self) -> dict[str, http.Invoke]:
        invokes: dict[str, http.Invoke] = {}
        for timer in self.timers:
            invokes[timer.function.name] = partial(_run_timer, timer)
        for listener in self.blobs:
            invokes[listener.function.name] = partial(_run_blob, listener)
        for queue in self.queues:
            invokes[queue.function.name] = partial(_run_message, queue.function)
        return invokes

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        for timer in self.timers:
            run_now = timer.function.name in self._at_start
            self._thread(timer.function, partial(timer.keep_running, self._stopping, at_start=run_now))
        listeners: list[BlobListener | QueueListener] = [*self.blobs, *self.queues]
        for listener in listeners:
            self._thread(listener.function, partial(keep_polling, listener.poll, self._stopping))
        try:
            yield
        finally:
            self._stopping.set()
            if not self._running.wait_until_none(FINISH_SECONDS):
                log.warning("stopping although a function still runs: it goes on at its next run")

    def _thread(self, function: Function, work: Callable[[], None]) -> None:
        threading.Thread(target=work, name=function.name, daemon=True).start()


def keep_polling(poll: Callable[[], int], stopping: threading.Event) -> None:
    """Until `stopping`: at once again after something was found, else a second later."""
    troubled = False
    while not stopping.is_set():
        try:
            found = poll()
        except AzureError as error:
            if not troubled:
                log.error("storage does not answer: %s", str(error).splitlines()[0])
            troubled, found = True, 0
        else:
            troubled = False
        if not found:
            stopping.wait(POLL_SECONDS)


def _run_timer(timer: Timer, _: str) -> None:
    timer.function.succeeds(timer.request())


def _run_blob(listener: BlobListener, text: str) -> None:
    try:
        listener.invoke(text.removeprefix(f"{listener.container}/"))
    except (HostError, AzureError) as error:
        log.error("%s: not run: %s", listener.function.name, str(error).splitlines()[0])


def _run_message(function: Function, text: str) -> None:
    metadata = {"Id": meta.Datum("admin", "string"), "DequeueCount": meta.Datum(1, "int")}
    function.succeeds(meta.Datum(text, "string"), metadata)
