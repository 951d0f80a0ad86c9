"""Timer triggers: NCRONTAB schedules, and the memory of when one ran last."""

import json
import logging
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from azure.core.exceptions import AzureError
from azure.functions import meta
from croniter import croniter

from local.host.errors import HostError
from local.host.functions import Function

log = logging.getLogger("local.host")

_NUMBERS = r"[0-9*,/-]+"
_NAMES = "|".join(
    "jan feb mar apr may jun jul aug sep oct nov dec sun mon tue wed thu fri sat".split()  # noqa: SIM905
)
_NAMED = rf"(?:[0-9*,/-]|{_NAMES})+"
_FIELDS = {
    "second": _NUMBERS,
    "minute": _NUMBERS,
    "hour": _NUMBERS,
    "day": _NUMBERS,
    "month": _NAMED,
    "day of the week": r"(?:[0-6*,/-]|" + _NAMES + ")+",
}
LATE = timedelta(seconds=5)
"""From here on a run is `past_due`: no thread wakes up this late by itself."""


class Schedule:
    """An NCRONTAB expression: `second minute hour day month day-of-week`, in UTC. Raises HostError."""

    def __init__(self, text: str) -> None:
        self.text = text
        fields = text.split()
        if len(fields) != len(_FIELDS):
            raise HostError(
                f"the schedule {text!r} has {len(fields)} fields; an NCRONTAB expression has six, "
                f"seconds first ('0 5 * * * *' is five minutes past each hour)."
            )
        for (name, allowed), value in zip(_FIELDS.items(), fields, strict=True):
            if not re.fullmatch(allowed, value, re.IGNORECASE):
                raise HostError(f"the schedule {text!r}: {value!r} is no NCRONTAB {name}.")
        try:
            self.next_after(datetime(2024, 1, 1, tzinfo=UTC))
        except ValueError as error:
            raise HostError(f"the schedule {text!r} never comes up: {error}.") from None

    def next_after(self, moment: datetime) -> datetime:
        """The first time after `moment`, both in UTC. Day and day of the week must both match."""
        found: datetime = croniter(self.text, moment, second_at_beginning=True, day_or=False).get_next(
            datetime
        )
        return found


@dataclass(frozen=True, slots=True)
class Status:
    """What is remembered of a timer: its schedule then, its last run, and when it was to run next."""

    schedule: str
    last: datetime | None
    next: datetime

    def to_json(self) -> str:
        last = self.last.isoformat() if self.last else None
        return json.dumps({"schedule": self.schedule, "last": last, "next": self.next.isoformat()})

    @classmethod
    def from_json(cls, text: str) -> "Status":
        document = json.loads(text)
        last = document["last"]
        return cls(
            document["schedule"],
            datetime.fromisoformat(last) if last else None,
            datetime.fromisoformat(document["next"]),
        )


class Memory(Protocol):
    """Where a timer's status is kept from one start to the next."""

    def timer_status(self, function: str) -> str | None: ...

    def keep_timer_status(self, function: str, text: str) -> None: ...


class Timer:
    """Runs one timer function when it is due, one run at a time."""

    def __init__(self, function: Function, memory: Memory, now: Callable[[], datetime]) -> None:
        self.function = function
        self.schedule = Schedule(str(function.trigger["schedule"]))
        self._memory = memory
        self._now = now
        self.status = self._remembered() or Status(self.schedule.text, None, self.schedule.next_after(now()))

    def run_if_due(self) -> bool:
        """Runs the function once, however many times were missed; whether it was due."""
        if self._now() < self.status.next:
            return False
        self.run()
        return True

    def run(self) -> None:
        """Runs the function now, due or not."""
        started = self._now()
        self.function.succeeds(self.request(past_due=started - self.status.next > LATE))
        self.status = Status(self.schedule.text, started, self.schedule.next_after(self._now()))
        if self._monitored:
            try:
                self._memory.keep_timer_status(self.function.name, self.status.to_json())
            except AzureError as error:
                log.error("%s: its last run is not remembered: %s", self.function.name, error)

    def request(self, *, past_due: bool = False) -> meta.Datum:
        """What the function is told, as the Functions host words it."""
        last = self.status.last.isoformat() if self.status.last else None
        told = {
            "IsPastDue": past_due,
            "Schedule": {"AdjustForDST": True},
            "ScheduleStatus": {"Last": last, "Next": self.status.next.isoformat(), "LastUpdated": last},
        }
        return meta.Datum(json.dumps(told), "json")

    def keep_running(self, stopping: threading.Event, *, at_start: bool) -> None:
        """Until `stopping`. Wakes up at least once a minute: a clock can be set, a laptop can sleep."""
        if at_start or self.function.trigger.get("runOnStartup"):
            self.run()
        while not stopping.is_set():
            if not self.run_if_due():
                wait = (self.status.next - self._now()).total_seconds()
                stopping.wait(min(max(wait, 0.01), 60))

    @property
    def _monitored(self) -> bool:
        return self.function.trigger.get("useMonitor") is not False

    def _remembered(self) -> Status | None:
        text = self._memory.timer_status(self.function.name) if self._monitored else None
        status = Status.from_json(text) if text else None
        return status if status and status.schedule == self.schedule.text else None
