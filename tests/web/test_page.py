"""What every reader meets, whatever the state: the answer or why there is none, on a page that all can use."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.web.conftest import PageOf

WIDTHS = (360, 1280)


@pytest.mark.parametrize("world", ["honest", "team-plan"])
def test_the_answer_is_on_the_page(page_of: PageOf, world: str) -> None:
    """As the app says it; in light and dark, on a phone and a desk, without anything for axe to report."""
    for width in WIDTHS:
        for scheme in ("light", "dark"):
            visit = page_of(world, width=width, scheme=scheme)
            sentence = visit.app.get("/api/adoption")[1]["answer"]["sentence"]
            expect(visit.page.get_by_text(sentence).first).to_be_visible()
            visit.screenshot()
            assert visit.axe() == []
            assert visit.overflows() == []


def test_what_is_wrong_with_a_page_is_seen(page_of: PageOf) -> None:
    """The instruments of these tests measure: each kind of fault is found when it is there."""
    visit = page_of("honest")
    expect(visit.page.get_by_role("heading").first).to_be_visible()
    assert visit.wrong == visit.axe() == visit.overflows() == []
    with visit.page.expect_event("pageerror"):
        visit.page.evaluate("""async () => {
            console.error("an error");
            document.body.innerHTML = "<input style='width: 2000px'>";
            const asked = [fetch("/nowhere.js"), fetch("/api/nowhere"), fetch("http://quux.example/")];
            await Promise.allSettled(asked);
            setTimeout(() => { throw new Error("nobody catches this") });
        }""")
    kinds = [wrong.partition(":")[0] for wrong in visit.wrong]
    assert set(kinds) == {"console error", "404", "asked somebody else", "uncaught"}
    assert not any("/api/" in wrong for wrong in visit.wrong)
    assert visit.axe()[0].startswith("label (critical) at input")
    assert visit.overflows() == ["input."]
    visit.wrong.clear()
