"""The package in a host application of another origin: it asks with its token and leaves it as it is."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from local import chromium
from local.host.settings import origins, settings_file
from local.page import PAGE
from local.places import ROOT
from tests.web.conftest import AppOf


@pytest.fixture
def host_page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """`web/host` around the package as it is built for others, open at the origin that the functions on this
    machine let ask them: this browser finds it there."""
    node = PAGE.packages.install()
    command = [*node.npm, "run", "--silent", "build:host", "--", "--outDir", str(tmp_path)]
    subprocess.run(command, cwd=PAGE.folder, env=node.environment(), check=True, capture_output=True)  # noqa: S603
    origin = origins(settings_file(ROOT))[0]
    files = partial(_Files, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), files) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        found = f"MAP {urlsplit(origin).netloc} 127.0.0.1:{server.server_port}"
        launched = browser.browser_type.launch(
            executable_path=chromium.find(), args=[f"--host-resolver-rules={found}"]
        )
        yield launched.new_page(base_url=origin)
        launched.close()
        server.shutdown()


def test_a_host_keeps_its_look_and_gives_the_tab_its_own(host_page: Page, app_of: AppOf) -> None:
    """With the tab beside them the host's own elements look as before, since each rule is of a class of the
    tab. The tab shows the answer of functions of another origin, asked with a new token each time, in the
    colours that the host sets."""
    page, app = host_page, app_of("honest")
    tokens: list[str | None] = []
    page.on(
        "request", lambda one: tokens.append(one.headers.get("authorization")) if _asks(one.url) else None
    )
    page.goto(f"/?functions={app.url}")
    expect(page.get_by_role("heading", name="Host")).to_be_visible()
    before = page.evaluate(_LOOKS)
    assert page.evaluate(_SELECTORS) == []
    page.get_by_role("button", name="Adoption").press("Enter")
    expect(page.get_by_text(app.get("/api/adoption")[1]["answer"]["sentence"])).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.evaluate("document.activeElement.blur()")
    assert page.evaluate(_LOOKS) == before
    selectors = page.evaluate(_SELECTORS)
    assert len(selectors) > 100
    assert [one for one in selectors if not one.startswith("._")] == []
    assert sorted(map(str, tokens)) == sorted(
        f"Bearer token-{number}" for number in range(1, len(tokens) + 1)
    )
    tab = page.locator("[data-scoreboard]")
    expect(tab).to_have_css("background-color", "rgb(1, 2, 3)")
    expect(tab).to_have_css("color", "rgb(232, 234, 237)")


class _Files(SimpleHTTPRequestHandler):
    """The host's server, which keeps to itself what was asked."""

    def log_message(self, *_: object) -> None:
        pass


def _asks(url: str) -> bool:
    return urlsplit(url).path.startswith("/api/")


#: How each element of the host looks, with all that a rule could change.
_LOOKS = """
() => [document.documentElement, document.body, ...document.querySelectorAll("[data-own], [data-own] *")].map(
    (one, index) => [...getComputedStyle(one)]
        .filter((name) => index > 1 || !/height|block-size|origin/.test(name))  // the page itself grows
        .map((name) => `${one.tagName} ${name}: ${getComputedStyle(one).getPropertyValue(name)}`)
)
"""

#: The selectors of every style sheet that came after the host's own.
_SELECTORS = """
() => {
    const rules = (within) => [...within.cssRules].flatMap((rule) =>
        rule.selectorText ? rule.selectorText.split(", ") : rule.cssRules && !rule.name ? rules(rule) : []);
    return [...document.styleSheets].filter((sheet) => sheet.href).flatMap(rules);
}
"""
