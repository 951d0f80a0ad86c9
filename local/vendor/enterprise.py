"""An Enterprise plan as the Analytics API sees it: who is on it, what they did, and when that is shown."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from threading import Lock

from local.vendor.truth import Truth
from local.vendor.usage import History, Use, days_between

ANALYTICS_KEY = "sk-ant-api01-simulated"  # of the wrong kind for the Admin API
REVOKED_ANALYTICS_KEY = "sk-ant-api01-revoked"
ORGANIZATION = "org_01AcmeRobotics8Kq2"
EARLIEST = date(2026, 1, 1)
REQUESTS_A_MINUTE = 60
SHOWN_AFTER = timedelta(hours=34)  # day N at ten o'clock of day N+2: one of the delays that the vendor names
COSTS_BEHIND = timedelta(hours=4)


@dataclass(slots=True)
class Enterprise:
    """One claude.ai organisation on the plan. `members` hold its seats, by address; `chatting` of them use
    other products only. While `is_open` is false the API does not exist for it.

    `shown_after` a day's end its use is shown; `names_newest` says whether a refusal of a later day tells so.
    A day that is older than it `keeps` is refused, too.
    """

    members: tuple[str, ...]
    history: History
    chatting: tuple[str, ...] = ()
    organization_id: str = ORGANIZATION
    key: str = ANALYTICS_KEY
    is_open: bool = True
    shown_after: timedelta = SHOWN_AFTER
    names_newest: bool = True
    keeps: timedelta = timedelta(days=365)
    _restated: dict[date, float] = field(default_factory=dict)
    _costs_restated: dict[date, float] = field(default_factory=dict)
    _minute: deque[datetime] = field(default_factory=deque)
    _lock: Lock = field(default_factory=Lock)

    def newest(self, moment: datetime) -> date:
        """The newest day whose use is shown."""
        return (moment - self.shown_after).date() - timedelta(days=1)

    def uses(self, day: date) -> tuple[Use, ...]:
        """What the API shows of that day, once it does: the use of subscriptions, as restated."""
        factor = self._restated.get(day, 1.0)
        seated = [use for use in self.history.uses(day) if use.population == "subscription"]
        return tuple(use.scaled(factor) for use in seated if not use.is_key) if factor else ()

    def truth(self, start: date, end: date | None = None) -> Truth:
        """The true sums from `start` to before `end` (default: that one day); costs as first told."""
        last = end or start + timedelta(days=1)
        return Truth.of(use for day in days_between(start, last) for use in self.uses(day))

    def cost_factor(self, day: date) -> float:
        """By how much the day's costs were revised."""
        return self._costs_restated.get(day, 1.0)

    def restate(self, day: date, factor: float) -> None:
        """From now on that day's sums are so many times what they first were; 0 leaves nobody."""
        self._restated[day] = factor

    def restate_costs(self, day: date, factor: float) -> None:
        """From now on that day's costs are so many times what its use first cost."""
        self._costs_restated[day] = factor

    def forget_restatements(self) -> None:
        """Every day is as it first was."""
        self._restated.clear()
        self._costs_restated.clear()

    def admit(self, moment: datetime) -> float:
        """Count a request of the minute; 0 where it is let in, else the seconds until the next one is."""
        with self._lock:
            while self._minute and moment - self._minute[0] >= timedelta(minutes=1):
                self._minute.popleft()
            if len(self._minute) < REQUESTS_A_MINUTE:
                self._minute.append(moment)
                return 0.0
            return (self._minute[0] + timedelta(minutes=1) - moment).total_seconds()


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def people_of(uses: Iterable[Use]) -> list[str]:
    """Who is in them, each once, in order."""
    return sorted({use.actor for use in uses})
