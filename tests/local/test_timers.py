"""Timer triggers: NCRONTAB in UTC, missed runs, and the memory of the last one."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.host.errors import HostError
from local.host.functions import Function, Running
from local.host.timers import Schedule, Timer

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday


class Memory:
    """Statuses in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def timer_status(self, function: str) -> str | None:
        return self.kept.get(function)

    def keep_timer_status(self, function: str, text: str) -> None:
        self.kept[function] = text


class World:
    """One timer function, its memory, and a clock that the test sets."""

    def __init__(self, schedule: str = "0 5 * * * *", **trigger: object) -> None:
        self.now = NOON
        self.memory = Memory()
        self.past_due: list[bool] = []
        self.trigger: dict[str, Any] = {"name": "timer", "schedule": schedule, **trigger}

    def start(self) -> Timer:
        """The timer, as after a start of the host."""
        function = Function("tick", "timerTrigger", self.trigger, self._ran, Running())
        return Timer(function, self.memory, lambda: self.now)

    def _ran(self, timer: Any) -> None:
        self.past_due.append(timer.past_due)


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("0 5 * * * *", "2026-11-23T12:05:00"),
        ("*/10 * * * * *", "2026-11-23T12:00:10"),
        ("30 0 12 * * *", "2026-11-23T12:00:30"),
        ("0 0 12 * * *", "2026-11-24T12:00:00"),
        ("0 0 9 * * 1-5", "2026-11-24T09:00:00"),
        ("0 0 9 * JAN MON", "2027-01-04T09:00:00"),
        ("0 0 9 13 * FRI", "2027-08-13T09:00:00"),
    ],
)
def test_the_next_time_is_strictly_later(schedule: str, expected: str) -> None:
    """Seconds come first, and day and day of the week must both match, as in NCRONTAB."""
    assert Schedule(schedule).next_after(NOON).isoformat() == f"{expected}+00:00"


@pytest.mark.parametrize(
    "text",
    [
        "5 * * * *",
        "0 5 * * * * *",
        "@hourly",
        "00:05:00",
        "0 0 0 ? * *",
        "0 0 0 L * *",
        "0 60 * * * *",
        "0 0 0 * * 7",
        "0 0 0 31 2 *",
        "a b c d e f",
        "",
    ],
)
def test_a_schedule_that_is_not_ncrontab_is_refused(text: str) -> None:
    """What Azure would refuse at its start, or never run, is refused here with the text itself."""
    with pytest.raises(HostError, match="the schedule"):
        Schedule(text)


def test_a_timer_runs_when_it_is_due_and_then_not_again() -> None:
    """Once at its time; then the next time counts."""
    world = World()
    timer = world.start()
    assert not timer.run_if_due()
    world.now = NOON + timedelta(minutes=5)
    assert timer.run_if_due()
    assert not timer.run_if_due()
    assert world.past_due == [False]


def test_runs_that_were_missed_are_made_up_for_once() -> None:
    """After a night of being off there is one run, and it is told that it is past due."""
    world = World()
    world.start().run()
    world.now = NOON + timedelta(hours=9)
    timer = world.start()
    assert timer.run_if_due()
    assert not timer.run_if_due()
    assert world.past_due == [False, True]


def test_a_timer_without_a_monitor_forgets() -> None:
    """`use_monitor=False`: nothing is kept, nothing is made up for."""
    world = World(useMonitor=False)
    world.start().run()
    world.now = NOON + timedelta(hours=9)
    assert not world.start().run_if_due()
    assert not world.memory.kept


def test_another_schedule_starts_afresh() -> None:
    """What was to come under the former schedule is not past due under the new one."""
    world = World()
    world.start().run()
    world.trigger["schedule"] = "0 0 0 * * *"
    world.now = NOON + timedelta(hours=9)
    assert not world.start().run_if_due()


def test_a_function_is_told_what_azure_tells_it() -> None:
    """IsPastDue, the last run and the next."""
    world = World()
    timer = world.start()
    timer.run()
    told = json.loads(timer.request(past_due=True).value)
    assert told["IsPastDue"] is True
    assert told["ScheduleStatus"]["Last"] == NOON.isoformat()
    assert told["ScheduleStatus"]["Next"] == (NOON + timedelta(minutes=5)).isoformat()
