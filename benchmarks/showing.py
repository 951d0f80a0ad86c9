"""How soon the page shows the answer, in a real browser, and what it weighs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from benchmarks.stage import Stage
from benchmarks.table import Line
from benchmarks.timing import Spread, ratio, told_side_by_side
from local import chromium
from local.children import Child
from local.commands import running
from local.node import InstallationError
from local.page import PAGE
from local.places import ROOT

ROUNDS, WARM_UP = 15, 1
LATENCIES_MS = (0, 100)
SIZE_GOAL = "≤ 60,000"

#: Tells when a sentence with a verdict is on the screen, in seconds since the visit began.
_WATCH = """
new MutationObserver((_, watching) => {
    if (!document.querySelector("[data-verdict]")) return;
    watching.disconnect();
    requestAnimationFrame(() => { window.answered = performance.now() / 1000; });
}).observe(document, {childList: true, subtree: true});
"""


def showing(_: Stage, rounds: int = ROUNDS) -> Iterator[Line]:
    """Milliseconds from the visit to the answer's sentence, in a new browser profile and in one that was here
    before; then the bytes of the package, beyond React."""
    with ExitStack() as stack:
        url = stack.enter_context(_app())
        browser = stack.enter_context(_browser())
        for latency in LATENCIES_MS:
            yield from _visits(browser, url, latency, rounds)
    for what, size in weights().items():
        goal = SIZE_GOAL if what == "beyond React" else ""
        yield Line("show", f"{what}, gzip", f"{size:,} bytes", goal=goal)


def _visits(browser: Browser, url: str, latency_ms: int, rounds: int) -> Iterator[Line]:
    with browser.new_context() as known:
        visits: dict[str, Callable[[], float]] = {
            "cold": lambda: _first(browser, url, latency_ms),
            "warm": lambda: _visit(known, url, latency_ms),
        }
        samples = told_side_by_side(visits, rounds=rounds, warm_up=WARM_UP)
    for name, taken in samples.items():
        over = "1" if name == "cold" else ratio(taken, samples["cold"]).show("×", places=2)
        what = f"to the answer, {name} cache, {latency_ms} ms latency"
        yield Line("show", what, Spread.of(taken).show("ms", scale=1000, places=0), over)


def weights() -> dict[str, int]:
    """What `npm run size` tells: the bytes of each file of the package, and of all."""
    node = PAGE.packages.install()
    done = subprocess.run(  # noqa: S603  # ours
        [*node.npm, "run", "--silent", "size"],
        cwd=PAGE.folder,
        env=node.environment(),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    lines = (line.rpartition("  ") for line in done.stdout.splitlines())
    return {name.strip(): int(told.split()[0]) for name, _, told in lines}


@contextmanager
def _app() -> Iterator[str]:
    """`dev.py start --demo` with a state of its own; its URL. Raises ChildError."""
    with TemporaryDirectory(prefix="benchmark-page-") as state:
        environment = {**os.environ, "SCOREBOARD_STATE": state, "PYTHONUNBUFFERED": "1"}
        command = [sys.executable, str(ROOT / "dev.py"), "start", "--port", "0", "--demo"]
        child = Child("dev.py start", command, environment=environment)
        try:
            child.wait_for("Ctrl-C stops everything", within=180)
            app = running.find(Path(state) / running.RECORD.name)
            assert app is not None  # noqa: S101 - it has just said that it runs
            yield app.url
        finally:
            if child.exit_code is None:
                os.kill(child.pid, signal.SIGINT)
            child.stop(within=30)


@contextmanager
def _browser() -> Iterator[Browser]:
    """A headless Chromium. Raises InstallationError where there is none."""
    program = chromium.install()
    if program is None:
        raise InstallationError(chromium.MISSING)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program)
        yield launched
        launched.close()


def _visit(profile: BrowserContext, url: str, latency_ms: int) -> float:
    """Seconds from the beginning of a visit until the answer is shown. It ends when nothing more is asked."""
    page = profile.new_page()
    slow = {"offline": False, "downloadThroughput": -1, "uploadThroughput": -1, "latency": latency_ms}
    profile.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
    page.add_init_script(_WATCH)
    page.goto(url)
    seconds = float(page.wait_for_function("window.answered").json_value())
    page.wait_for_load_state("networkidle")
    page.close()
    return seconds


def _first(browser: Browser, url: str, latency_ms: int) -> float:
    with browser.new_context() as profile:
        return _visit(profile, url, latency_ms)
