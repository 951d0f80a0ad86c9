"""What every reader meets, whatever the state: the answer where there is one, on a page that all can use."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.web.conftest import AppOf, PageOf

#: The worlds in which the page is looked at, and what each shows.
STATES = {
    "honest": "the answer by weeks, partial: there is no roster",
    "team-plan": "the answer by export periods; the key is refused",
    "vendor-away": "stale: the vendor was heard three hours ago",
    "stale-exports": "periods that stand, exports that are overdue, no answer of now",
    "trap": "untrusted: the organisation of the same name",
    "locked": "a plan without the API, before the first export",
    "nothing-yet": "nothing was collected",
    "no-storage": "storage cannot be read: try again",
}

#: At a desk by day, and on a phone at night.
LOOKS = ((1280, "light"), (360, "dark"))


@pytest.mark.parametrize("world", STATES)
def test_each_state_can_be_used_by_everybody(page_of: PageOf, app_of: AppOf, world: str) -> None:
    """The answer stands there as the app says it; axe has nothing to report, nothing is wider than the window."""
    status, document = app_of(world).get("/api/adoption")
    for width, scheme in LOOKS:
        visit = page_of(world, width=width, scheme=scheme)
        if status == 200:
            expect(visit.page.get_by_text(document["answer"]["sentence"])).to_be_visible()
        else:
            visit.page.wait_for_load_state("networkidle")
        visit.screenshot()
        assert visit.axe() == []
        assert visit.overflows() == []


def test_a_slow_network_shows_no_answer_too_early(page_of: PageOf, app_of: AppOf) -> None:
    """Until the app has answered there is a page, and no figure on it."""
    sentence = app_of("honest").get("/api/adoption")[1]["answer"]["sentence"]
    visit = page_of("honest", slow_ms=800)
    waiting = "said => document.querySelector('h2') && !document.body.innerText.includes(said)"
    visit.page.wait_for_function(waiting, arg=sentence)
    visit.screenshot("loading")
    expect(visit.page.get_by_text(sentence)).to_be_visible()


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
