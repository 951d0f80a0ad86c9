"""What every reader meets, whatever the state: the answer where there is one, on a page that all can use."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import AppOf, PageOf

#: The worlds in which the page is looked at: what each is, and what it says beside what the app says.
STATES = {
    # the answer by weeks, partial: there is no roster
    "honest": ("Partly trusted:", "no independent roster"),
    # the answer by export periods; the key is refused
    "team-plan": ("Trusted:", "Live API: not supported for this plan"),
    # stale: the vendor was heard three hours ago
    "vendor-away": ("Older than usual.", "A refresh has been asked for"),
    # periods that stand, exports that are overdue, no answer of now
    "stale-exports": ("Claude Code team export overdue since", "What would settle it:"),
    # untrusted: the organisation of the same name
    "trap": ("This is not zero use.", "Expected, against what was seen", "1 member"),
    # a plan without the API, before the first export
    "locked": ("Live API: not supported for this plan", "Use the weekly CSV export instead", "Export."),
    # nothing was collected
    "nothing-yet": ("Three steps to the first answer:", "Export.", "Hand it in.", "Come back on Friday."),
    # storage cannot be read: try again
    "no-storage": ("Try again",),
}

#: At a desk by day, and on a phone at night.
LOOKS = ((1280, "light"), (320, "dark"))

#: Of the window: what web.dev calls a good page moves no more.
LITTLE = 0.1


@pytest.mark.parametrize("world", STATES)
def test_each_state_says_what_it_is_to_everybody(page_of: PageOf, app_of: AppOf, world: str) -> None:
    """With an answer there are its sentence, figures and charts. Without one there are none of these: why,
    what was expected against what was seen, and what to do stand in their place. What is
    overdue says which file.
    Axe has nothing to report, nothing is wider than the window."""
    app = app_of(world)
    status, document = app.get("/api/adoption")
    overdue = app.get("/api/status")[1]["overdue"] if status == 200 else ()
    looks = LOOKS if status != 503 else LOOKS[:1]  # patience with storage takes seconds a request
    for width, scheme in looks:
        visit = page_of(world, width=width, scheme=scheme)
        if status == 200:
            expect(visit.page.get_by_text(document["answer"]["sentence"])).to_be_visible()
            expect(visit.page.get_by_role("figure")).to_have_count(2)
            expect(visit.page.locator("dl", has_text="Lines accepted")).to_be_visible()
        else:
            _says_why(visit.page, document)
            expect(visit.page.get_by_role("figure")).to_have_count(0)
            expect(visit.page.get_by_text("Lines accepted")).to_have_count(0)
        for words in ("Demo data", *STATES[world]):
            expect(visit.page.get_by_text(words).first).to_be_visible()
        for late in overdue:
            expect(visit.page.get_by_text(late["action"]).first).to_be_visible()
        visit.screenshot()
        assert visit.axe() == []
        assert visit.overflows() == []


def _says_why(page: Page, problem: dict[str, Any]) -> None:
    """A problem is told by its title, by the step that helps, and by each check that fails; only what must
    not be believed, or is broken, interrupts who hears the page."""
    failing = [check for check in problem.get("checks", ()) if check["status"] == "fail"]
    loud = failing or problem["status"] >= 500
    banner = page.get_by_role("alert" if loud else "status").filter(has=page.get_by_role("heading"))
    expect(banner).to_be_visible()
    for said in [one[name] for one in failing for name in ("expected", "seen")]:
        expect(banner).to_contain_text(said)
    if failing:
        expect(banner).to_contain_text(problem["title"])
        expect(banner).to_contain_text(problem["action"])


def test_a_slow_network_shows_no_answer_too_early_and_moves_nothing(page_of: PageOf, app_of: AppOf) -> None:
    """Until the app has answered there is the question with the places of what comes, and no figure. What
    then comes into these places moves little of what was there; who wants no motion has none."""
    sentence = app_of("honest").get("/api/adoption")[1]["answer"]["sentence"]
    visit = page_of("honest", slow_ms=1_000, reduced_motion=True)
    visit.page.wait_for_function(
        "said => document.querySelector('h2') && !document.body.innerText.includes(said)", arg=sentence
    )
    expect(visit.page.get_by_text("Loading the answer…")).to_be_attached()
    assert visit.page.evaluate("document.getAnimations().length") == 0
    visit.screenshot("loading", whole=False)
    expect(visit.page.get_by_text(sentence)).to_be_visible()
    visit.page.wait_for_load_state("networkidle")
    assert visit.page.evaluate(_SHIFTED) < LITTLE


def test_who_goes_offline_keeps_the_figures_that_came(page_of: PageOf, app_of: AppOf) -> None:
    """The figures stay and are marked as the last ones. What was never asked for says that nothing was kept,
    and can be tried again; with the network comes the answer, by itself."""
    sentence = app_of("honest").get("/api/adoption")[1]["answer"]["sentence"]
    visit = page_of("honest")
    page = visit.page
    expect(page.get_by_text(sentence)).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    expect(page.get_by_text("You are offline. These are the last figures that arrived")).to_be_visible()
    expect(page.get_by_role("figure")).to_have_count(2)
    page.get_by_label("By", exact=True).select_option("month")
    expect(page.get_by_role("heading", name="You are offline")).to_be_visible()
    expect(page.get_by_role("figure")).to_have_count(0)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Nothing was kept from an earlier visit")).to_be_visible()
    expect(page.get_by_text("no data have arrived")).to_have_count(0)
    visit.screenshot("offline")
    page.context.set_offline(False)
    expect(page.get_by_text(sentence)).to_be_visible()
    expect(page.get_by_text("offline")).to_have_count(0)
    expect(page.get_by_role("figure")).to_have_count(2)


def test_who_gets_no_answer_can_try_again(page_of: PageOf, app_of: AppOf) -> None:
    """Where the app cannot be reached the page says so, with a button that brings the answer once it can."""
    sentence = app_of("honest").get("/api/adoption")[1]["answer"]["sentence"]
    page = page_of("honest").page
    expect(page.get_by_text(sentence)).to_be_visible()
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setBlockedURLs", {"urls": ["*/api/*"]})
    page.get_by_label("By", exact=True).select_option("month")
    expect(page.get_by_role("heading", name="The server does not answer")).to_be_visible()
    network.send("Network.setBlockedURLs", {"urls": []})
    expect(page.get_by_role("figure")).to_have_count(0)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text(sentence)).to_be_visible()
    expect(page.get_by_role("figure")).to_have_count(2)


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


#: What was pushed aside by what came later, as a part of the window (Chromium's cumulative layout shift).
_SHIFTED = """
() => new Promise((resolve) => {
    new PerformanceObserver((list) => resolve(list.getEntries().reduce((sum, one) => sum + one.value, 0)))
        .observe({type: "layout-shift", buffered: true});
    setTimeout(() => resolve(0), 200);  // there was none
})
"""
