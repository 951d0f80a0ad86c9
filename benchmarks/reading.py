"""``GET /api/adoption`` and ``/api/status``, warm, over a bare point read, for a small and a large team."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.stage import Stage
from benchmarks.table import Line
from benchmarks.team import settle
from benchmarks.timing import Samples, milliseconds, ratio, side_by_side
from shared.api.adoption import get_adoption
from shared.api.responses import Request, Response
from shared.api.status import get_status
from shared.app import App
from shared.jobs.rebuild import rebuild
from shared.periods import period_of
from shared.store.period_rows import key_of, partition_of

SIZES = (8, 10_000)

Route = Callable[[App, Request], Response]

#: 52 weeks and the one before the first, which its verdict is against.
DAYS = 53 * 7
WEEKS_52 = timedelta(days=52 * 7 - 1)
ROUNDS, WARM_UP = 300, 20
GOAL = "≤ 3"


def reading(
    stage: Stage, sizes: Sequence[int] = SIZES, rounds: int = ROUNDS, days: int = DAYS
) -> Iterator[Line]:
    """Seconds of each read over the point read, and what it asks of storage."""
    teams = [_Team(engineers, _settled(stage, engineers, days)) for engineers in sizes]
    actions = {name: action for team in teams for name, action in team.actions().items()}
    samples = side_by_side(actions, rounds=rounds, warm_up=WARM_UP)
    for team in teams:
        yield from team.lines(samples)
        yield from team.traffic(stage)


def _settled(stage: Stage, engineers: int, days: int) -> App:
    app = stage.app()
    settle(app, engineers, days)
    rebuild(app)
    return app


@dataclass(frozen=True, slots=True)
class _Team:
    """One app with the rows of one team, and the reads of it that are compared."""

    engineers: int
    app: App

    def requests(self) -> dict[str, tuple[Route, Request]]:
        first: date = self.app.clock.now().date() - WEEKS_52
        year = {"from": first.isoformat()}
        tag = answered(self.app, get_adoption, Request("GET", year)).headers["ETag"]
        return {
            "12 weeks (default)": (get_adoption, Request("GET")),
            "52 weeks": (get_adoption, Request("GET", year)),
            "52 weeks, 304": (get_adoption, Request("GET", year, {"If-None-Match": tag})),
            "status": (get_status, Request("GET")),
        }

    def named(self, what: str) -> str:
        return f"{self.engineers:,} engineers, {what}"

    def actions(self) -> dict[str, Callable[[], object]]:
        week = period_of("week", self.app.clock.now().date()).previous()
        table = self.app.storage.table_service.get_table_client("periods")
        key = partition_of("week"), key_of(week)
        reads: dict[str, Callable[[], object]] = {self.named("point read"): lambda: table.get_entity(*key)}
        for what, asked in self.requests().items():
            reads[self.named(what)] = lambda asked=asked: answered(self.app, *asked)  # type: ignore[misc]
        return reads

    def lines(self, samples: Samples) -> Iterator[Line]:
        point = self.named("point read")
        yield Line("read", point, milliseconds(samples[point]), "1")
        for what in map(self.named, self.requests()):
            over = ratio(samples[what], samples[point])
            yield Line("read", what, milliseconds(samples[what]), over.show("×", places=2), goal(what))

    def traffic(self, stage: Stage) -> Iterator[Line]:
        app, traffic = stage.counted(self.app)
        for what, asked in self.requests().items():
            traffic.clear()
            sent = len(answered(app, *asked).body)
            told = f"{traffic.in_words()}; {traffic.received / 1024:.0f} KiB in, {sent / 1024:.0f} KiB out"
            yield Line("read", f"{self.named(what)}: requests, bytes", told)


def goal(what: str) -> str:
    """The status reads four tables, and has no goal: a page asks for it once."""
    return "" if what.endswith("status") else GOAL


def answered(app: App, route: Route, request: Request) -> Response:
    """The response; a problem is raised: a refusal's speed is not what is measured."""
    response = route(app, request)
    if response.status not in (200, 304):
        raise RuntimeError(f"the answer has status {response.status}")
    return response
