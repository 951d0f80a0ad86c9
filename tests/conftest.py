"""What tests share: a real Azurite, an app on an empty account of it, a clock that tests move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import azure.functions as func
import pytest

from local import bicep, chromium
from local.vendor import SimulatedVendor, World
from shared.app import App, Clock
from shared.settings import load
from shared.store.layout import create
from shared.store.storage import Storage
from tests.azurite import accounts, renewed, storage
from tests.knocking import environ

__all__ = ["accounts", "environ", "renewed", "storage"]


#: Folders whose tests reach everything by luck, or in other processes.
UNMEASURED = {"hidden_history", "faults", "web", "benchmarks"}

#: So many cases of one test are measured: the others reach the same lines at another step.
MEASURED_CASES = 3


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Coverage is of what tests reach on purpose: not by random draws, nor at the fortieth request at which a
    host is killed. Measuring makes a test take half as long again."""
    cases = Counter[str]()
    for item in items:
        test = item.nodeid.partition("[")[0]
        cases[test] += 1
        is_drawn = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        if is_drawn or cases[test] > MEASURED_CASES or UNMEASURED & set(item.path.parts):
            item.add_marker("no_cover")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Which compiler looks at infra/ and which browser at the page, or that none does."""
    terminalreporter.write_line(bicep.told())
    terminalreporter.write_line(chromium.told())


#: A Monday at noon: the week before is closed, the running one has begun.
MONDAY_NOON = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)


@dataclass
class TestClock:
    """Time that stands still until a test, or a sleep, moves it."""

    __test__ = False

    at: datetime = MONDAY_NOON
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)

    def as_clock(self) -> Clock:
        return Clock(self.now, self.monotonic, self.sleep)


@pytest.fixture(scope="session")
def functions() -> list[func.Function]:
    """What Azure is told of; it can be asked once in a process."""
    import function_app

    return list(function_app.app.get_functions())


@pytest.fixture
def clock() -> TestClock:
    """A clock at Monday noon."""
    return TestClock()


MakeApp = Callable[..., App]


@pytest.fixture
def make_app(storage: str, clock: TestClock) -> MakeApp:
    """Makes apps on one empty account; each call is another instance of the same app.

    ``vendor`` gives the key, the address and the expected organisation; settings by name override.
    """

    return partial(app_on, storage, clock)


def app_on(storage: str, clock: TestClock, vendor: SimulatedVendor | None = None, **environ: str) -> App:
    """What ``make_app`` makes, on any account and with any clock."""
    told = told_on(storage, vendor, **environ)
    settings = load(told)
    app = App(settings, Storage.of(settings), told, clock.as_clock())
    create(app.storage)
    return app


def told_on(storage: str, vendor: SimulatedVendor | None = None, **environ: str) -> dict[str, str]:
    """The settings of an app on that account that asks that vendor, if any."""
    told = {"DATA_STORAGE": storage, "DEVELOPMENT_PRINCIPAL": "developer"}
    if vendor is not None:
        told |= {
            "ANTHROPIC_ADMIN_KEY": vendor.key,
            "ANTHROPIC_BASE_URL": vendor.url,
            "EXPECTED_ORGANIZATIONS": f"console:{vendor.world.expected_organization}",
        }
    return told | environ


@pytest.fixture
def serve(clock: TestClock) -> Iterator[Callable[[str | World], SimulatedVendor]]:
    """Starts simulated vendors on the test's clock, and stops them."""
    started: list[SimulatedVendor] = []

    def start(world: str | World = "honest", **options: object) -> SimulatedVendor:
        vendor = SimulatedVendor(world, now=clock.now, **options)  # type: ignore[arg-type]
        vendor.__enter__()
        started.append(vendor)
        return vendor

    yield start
    for vendor in started:
        vendor.__exit__(None, None, None)
