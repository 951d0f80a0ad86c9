"""``GET /api/engineers``, warm, over a bare point read of the same table, for a small and a large team."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from benchmarks.stage import Stage
from benchmarks.table import Line
from benchmarks.team import name_everybody, settle
from benchmarks.timing import Samples, milliseconds, ratio, side_by_side
from shared.api.engineers import get_engineers
from shared.api.responses import Request
from shared.app import App
from shared.jobs.rebuild import rebuild

SIZES = (8, 10_000)

#: Four closed weeks, and the running one.
DAYS = 36
ROUNDS, WARM_UP = 200, 10


def listing(stage: Stage, sizes: Sequence[int] = SIZES, rounds: int = ROUNDS) -> Iterator[Line]:
    """Seconds of each request over the point read, and what it asks of storage."""
    teams = [_Team(engineers, _settled(stage, engineers)) for engineers in sizes]
    actions = {name: action for team in teams for name, action in team.actions().items()}
    samples = side_by_side(actions, rounds=rounds, warm_up=WARM_UP)
    for team in teams:
        yield from team.lines(samples)
        yield from team.traffic(stage)


def _settled(stage: Stage, engineers: int) -> App:
    app = stage.app(DEVELOPMENT_ROLES="Usage.Read,Usage.Read.Named", SHOW_NAMES="true")
    settle(app, engineers, DAYS)
    name_everybody(app, engineers)
    rebuild(app)
    return app


@dataclass(frozen=True, slots=True)
class _Team:
    """One app with the cohorts of one team, and the requests that are compared."""

    engineers: int
    app: App

    def requests(self) -> dict[str, tuple[App, Request]]:
        return {
            "counts": (_without_names(self.app), Request("GET")),
            "50 by name": (self.app, Request("GET")),
            "200 by name": (self.app, Request("GET", {"limit": "200"})),
        }

    def named(self, what: str) -> str:
        return f"{self.engineers:,} engineers, {what}"

    def actions(self) -> dict[str, Callable[[], object]]:
        table = self.app.storage.table_service.get_table_client("cohorts")
        reads: dict[str, Callable[[], object]] = {
            self.named("point read"): lambda: table.get_entity("head", "head")
        }
        for what, (app, request) in self.requests().items():
            reads[self.named(what)] = lambda app=app, request=request: answered(app, request)  # type: ignore[misc]
        return reads

    def lines(self, samples: Samples) -> Iterator[Line]:
        point = self.named("point read")
        yield Line("list", point, milliseconds(samples[point]), "1")
        for what in map(self.named, self.requests()):
            over = ratio(samples[what], samples[point])
            yield Line("list", what, milliseconds(samples[what]), over.show("×", places=2))

    def traffic(self, stage: Stage) -> Iterator[Line]:
        for what, (app, request) in self.requests().items():
            counted, traffic = stage.counted(app)
            for first in ("first of an instance", "warm"):
                traffic.clear()
                sent = len(answered(counted, request))
                told = (
                    f"{traffic.in_words()}; {traffic.received / 1024:.0f} KiB in, {sent / 1024:.0f} KiB out"
                )
                yield Line("list", f"{self.named(what)}, {first}: requests, bytes", told)


def _without_names(app: App) -> App:
    return replace(app, settings=replace(app.settings, show_names=False))


def answered(app: App, request: Request) -> bytes:
    """The body; a problem is raised: a refusal's speed is not what is measured."""
    response = get_engineers(app, request)
    if response.status != 200:
        raise RuntimeError(f"the answer has status {response.status}")
    return response.body
