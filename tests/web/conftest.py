"""The real page, of the real app, in a real browser: each world is started once, kept for the next test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from local import chromium
from local.commands import running
from tests.starting import of_its_own, record, started
from tests.web.shown import Shown, shown

HERE = Path(__file__).parent

PATIENCE_MS = 30_000
"""A page is there within one second; a busy machine may take longer."""

PageOf = Callable[..., Shown]
AppOf = Callable[..., running.Running]

#: One world's reader may not upload.
TOLD = {"vendor-away": {"DEVELOPMENT_ROLES": "Usage.Read"}}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """First come the tests that look at the page: side by side with others they then are one worker's, since
    each is handed a good many of all to begin with. A world is so started once and not once a worker."""
    items.sort(key=lambda item: HERE not in item.path.parents)


# Of the package, not of the session: while Playwright runs, no other event loop can in this thread.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A headless Chromium; a failure where it could be installed and was not, skipped where it cannot be."""
    program = chromium.install()
    if program is None:
        pytest.skip(chromium.MISSING)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program)
        yield launched
        launched.close()


@pytest.fixture(scope="package")
def app_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppOf]:
    """The app that `dev.py start --demo=WORLD` starts, which goes on until the last of these tests; `changed`
    gives one of its own to the test that changes what is there."""
    found: dict[tuple[str, bool], running.Running] = {}
    stacks: list[ExitStack] = []

    def start(world: str, *, changed: bool = False) -> running.Running:
        if (world, changed) not in found:
            environment = of_its_own(tmp_path_factory.mktemp("worlds") / "state") | TOLD.get(world, {})
            stacks.append(ExitStack())
            stacks[-1].enter_context(started(environment, f"--demo={world}"))
            app = running.find(record(environment))
            assert app is not None
            found[world, changed] = app
        return found[world, changed]

    yield start
    with ThreadPoolExecutor() as pool:  # each takes seconds to stop, most of which it waits
        list(pool.map(ExitStack.close, stacks))


@pytest.fixture
def page_of(browser: Browser, app_of: AppOf) -> Iterator[PageOf]:
    """Visits to the page of a world, `page_of(world, width=…, scheme=…, …)` (see `shown`); whatever was wrong
    on the console or the network meanwhile fails the test."""
    visits: list[Shown] = []
    with ExitStack() as stack:

        def visit(world: str, *, changed: bool = False, **options: object) -> Shown:
            app = app_of(world, changed=changed)
            made = stack.enter_context(shown(browser, app, world, **options))  # type: ignore[arg-type]
            visits.append(made)
            return made

        yield visit
    assert [wrong for made in visits for wrong in made.wrong] == []
