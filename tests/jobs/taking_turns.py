"""Two instances that take turns at storage: any interleaving, drawn up beforehand, without a clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Condition

from shared.app import App
from tests.jobs.stage import instance
from tests.store.wire import Asked, Watch

PATIENCE_SECONDS = 60.0


class Turns:
    """``lengths``: how many requests each turn has, the first one's and the second one's alternately. Who has
    ended passes on for good; when the turns are used up, whoever is at work goes on to the end."""

    def __init__(self, lengths: Sequence[int]) -> None:
        self._lengths = list(lengths)
        self._whose = 0
        self._ended: set[int] = set()
        self._moved = Condition()

    def work(self, who: int, app: App, job: Callable[[App], object]) -> None:
        """Do the job on an instance of the app, when it is its turn."""
        with self._moved:
            self._wait_for(who)
        try:
            job(instance(app, Watch(before=lambda asked: self._take_turns(who, asked))))
        finally:
            with self._moved:
                self._ended.add(who)
                self._pass_on(who)

    def _take_turns(self, who: int, _asked: Asked) -> None:
        with self._moved:
            if self._lengths and 1 - who not in self._ended:
                self._wait_for(who)  # another thread of this one may have passed on meanwhile
            if self._lengths and not self._lengths[0] and 1 - who not in self._ended:
                self._lengths.pop(0)
                self._pass_on(who)
                self._wait_for(who)
            if self._lengths:
                self._lengths[0] -= 1

    def _pass_on(self, who: int) -> None:
        self._whose = 1 - who
        self._moved.notify_all()

    def _wait_for(self, who: int) -> None:
        assert self._moved.wait_for(lambda: self._whose == who, PATIENCE_SECONDS), "the other one is stuck"


def take_turns(
    app: App, first: Callable[[App], object], second: Callable[[App], object], lengths: Sequence[int]
) -> None:
    """Do both jobs at once, each on an instance of its own, in turns of these lengths."""
    turns = Turns(lengths)
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(turns.work, who, app, job) for who, job in enumerate((first, second))]:
            done.result()
