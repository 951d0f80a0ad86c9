"""The page in a browser, of one world: what it shows, and what was wrong while it did."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

from local.commands.running import Running
from local.page import PAGE
from local.places import ROOT

SCREENSHOTS = ROOT / ".local" / "screenshots"
HARMFUL = ("serious", "critical")

Scheme = Literal["light", "dark"]


@dataclass
class Shown:
    """One visit. `page` is Playwright's; `app` answers as it does to the page."""

    page: Page
    app: Running
    world: str
    width: int
    scheme: Scheme
    wrong: list[str] = field(default_factory=list)
    """Errors on the console, exceptions, files that were not there, requests to anybody else."""

    def axe(self) -> list[str]:
        """What axe finds that keeps somebody from using the page: its rule, where, and what would help."""
        self.page.evaluate(_axe())
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{rule['id']} ({rule['impact']}) at {' '.join(map(str, node['target']))}: "
            f"{node['failureSummary']}"
            for rule in found["violations"]
            if rule["impact"] in HARMFUL
            for node in rule["nodes"]
        ]

    def overflows(self) -> list[str]:
        """What is wider than the window, so that the page would have to be moved sideways."""
        found: list[str] = self.page.evaluate(_OVERFLOWS)
        return found

    def screenshot(self, name: str = "", *, whole: bool = True) -> None:
        """The page for a person: `.local/screenshots/<name>-<width>-<scheme>.png`. Of the whole of it the
        browser makes its window larger for a moment, which moves things."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        file = SCREENSHOTS / f"{name or self.world}-{self.width}-{self.scheme}.png"
        self.page.screenshot(path=file, full_page=whole)

    def _heard(self, message: ConsoleMessage) -> None:
        # The browser itself calls each 4xx an error; the app's are answers, and the page's to show.
        is_an_answer = message.text.startswith("Failed to load resource") and _asks_the_app(
            message.location["url"]
        )
        if message.type in ("error", "warning") and not is_an_answer:
            self.wrong.append(f"console {message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self.app.url}/", "data:", "blob:")):
            self.wrong.append(f"asked somebody else: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and not _asks_the_app(response.url):
            self.wrong.append(f"{response.status}: {response.url}")


@contextmanager
def shown(
    browser: Browser,
    app: Running,
    world: str,
    *,
    path: str = "/",
    width: int = 1280,
    scheme: Scheme = "light",
    locale: str = "en-GB",
    timezone: str = "UTC",
    reduced_motion: bool = False,
    slow_ms: int = 0,
) -> Iterator[Shown]:
    """Opens the page as a reader has it: window, colours, language, zone. On a slow network, whose every
    answer takes `slow_ms` more, it is handed over as soon as it begins to arrive; else when it is loaded.
    """
    context = browser.new_context(
        base_url=app.url,
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        locale=locale,
        timezone_id=timezone,
        reduced_motion="reduce" if reduced_motion else "no-preference",
    )
    page = context.new_page()
    visit = Shown(page, app, world, width, scheme)
    page.on("console", visit._heard)
    page.on("pageerror", lambda error: visit.wrong.append(f"uncaught: {error}"))
    context.on("request", visit._asked)
    context.on("response", visit._answered)
    try:
        if slow_ms:
            slow_down(page, slow_ms)
        page.goto(path, wait_until="commit" if slow_ms else "load")
        yield visit
    finally:
        context.close()


def slow_down(page: Page, latency_ms: int) -> None:
    """Each answer takes so much longer from now on."""
    unlimited = {"offline": False, "downloadThroughput": -1, "uploadThroughput": -1}
    session = page.context.new_cdp_session(page)
    session.send("Network.emulateNetworkConditions", {**unlimited, "latency": latency_ms})


def _asks_the_app(url: str) -> bool:
    return urlsplit(url).path.startswith("/api/")


@cache
def _axe() -> str:
    return (PAGE.folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


_OVERFLOWS = """
() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.body.querySelectorAll("*")]
        .filter((one) => one.getBoundingClientRect().right > width + 1)
        .map((one) => `${one.tagName.toLowerCase()}.${one.className}`);
}
"""
