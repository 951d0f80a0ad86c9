"""What is looked at: chosen, in the URL, as a file, on paper, kept by the browser."""

from __future__ import annotations

import re
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.conftest import AppOf, PageOf
from tests.web.shown import slow_down

#: What cannot be shown in the world team-plan, and the way back to what can.
REFUSED = {
    "adoption-team=Arms": ("Team Arms: The team is too small to be shown.", "Show everybody"),
    "adoption-team=Nobody": ("Team Nobody:", "Show everybody"),
    "adoption-from=2020-01-01&adoption-to=2020-02-01": ("That is not zero use.", "Show the last 12 periods"),
    "adoption-from=2999-01-01": ("from is “2999-01-01”", "Show the last 12 periods"),
}


def test_the_url_holds_what_is_chosen_and_the_focus_stays(page_of: PageOf) -> None:
    """A choice asks the app for it, and stands in the URL beside what others keep there; the chooser keeps
    the focus. Who reloads, or leaves and comes back, finds it again."""
    page = page_of("honest", path="/?tab=adoption&adoption-granularity=week#here").page
    chooser = page.get_by_label("By", exact=True)
    expect(chooser).to_have_value("week")
    chooser.focus()
    with page.expect_request("**/api/adoption?granularity=month"):
        page.keyboard.type("Mon")
    expect(page.get_by_role("figure")).to_have_count(2)
    expect(chooser).to_be_focused()
    with page.expect_request(re.compile(r"/api/adoption\?from=\d{4}-\d{2}-\d{2}&granularity=month$")):
        page.get_by_label("Show", exact=True).select_option("26w")
    chosen = re.compile(r"/\?tab=adoption&adoption-range=26w&adoption-granularity=month#here$")
    expect(page).to_have_url(chosen)
    for go in (page.reload, lambda: (page.goto("about:blank"), page.go_back())):
        go()
        expect(page).to_have_url(chosen)
        expect(chooser).to_have_value("month")
        expect(page.get_by_label("Show", exact=True)).to_have_value("26w")


@pytest.mark.parametrize("query", REFUSED)
def test_what_cannot_be_shown_says_so_where_it_was_chosen(page_of: PageOf, query: str) -> None:
    """No figure stands for it; why, and one button that leads back to figures."""
    words, back = REFUSED[query]
    page = page_of("team-plan", path=f"/?keep=1&{query}").page
    view = page.get_by_role("region", name="What is shown")
    expect(view.get_by_text(words).first).to_be_visible()
    expect(page.get_by_role("figure")).to_have_count(0)
    view.get_by_role("button", name=back).click()
    expect(page.get_by_role("figure")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"/\?keep=1$"))


def test_a_team_is_looked_at_by_itself(page_of: PageOf, app_of: AppOf) -> None:
    """The teams there are can be chosen; the answer, the charts and the file are then the team's, and
    everybody is one choice away."""
    app = app_of("three-teams")
    page = page_of("three-teams").page
    everybody, ours = (app.get(f"/api/adoption{query}")[1]["answer"] for query in ("", "?team=Legs"))
    assert everybody["sentence"] != ours["sentence"]
    expect(page.get_by_text(everybody["sentence"])).to_be_visible()
    chooser = page.get_by_label("Team", exact=True)
    assert chooser.locator("option").all_inner_texts()[1:] == ["Arms", "Eyes", "Legs"]
    chooser.select_option("Legs")
    expect(page.get_by_text(ours["sentence"])).to_be_visible()
    expect(page.get_by_text(everybody["sentence"])).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/\?adoption-team=Legs$"))
    expect(page.get_by_role("figure")).to_have_count(2)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    with urllib.request.urlopen(f"{app.url}/api/adoption?team=Legs&format=csv") as table:  # noqa: S310
        assert download.value.path().read_bytes() == table.read()
    chooser.select_option(index=0)
    expect(page.get_by_text(everybody["sentence"])).to_be_visible()
    expect(page).to_have_url(re.compile(r"/$"))


def test_what_is_shown_can_be_taken_along(page_of: PageOf, app_of: AppOf, tmp_path: Path) -> None:
    """The file is the app's own table of what is shown. The report is one page with the question, the answer,
    the figures and the charts, and nothing that can be pressed."""
    app = app_of("honest")
    visit = page_of("honest", path="/?adoption-granularity=month", width=760)
    page = visit.page
    expect(page.get_by_role("figure")).to_have_count(2)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    assert download.value.suggested_filename == "adoption-month.csv"
    with urllib.request.urlopen(f"{app.url}/api/adoption?granularity=month&format=csv") as table:  # noqa: S310
        assert download.value.path().read_bytes() == table.read()
    page.goto("/")
    expect(page.get_by_role("figure")).to_have_count(2)
    report = page.pdf(format="A4", path=tmp_path / "report.pdf")
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", report)) == 1
    page.emulate_media(media="print")
    for shown in (
        page.get_by_role("heading", level=2),
        page.get_by_text(app.get("/api/adoption")[1]["answer"]["sentence"]),
        page.locator("dl", has_text="Lines accepted"),
        *page.get_by_role("figure").all(),
        page.get_by_text("“—” is unknown, and not 0."),
    ):
        expect(shown).to_be_visible()
    assert [button for button in page.get_by_role("button").all_inner_texts() if "—" not in button] == []
    visit.screenshot("report")


def test_a_second_visit_begins_with_the_answer(page_of: PageOf, app_of: AppOf) -> None:
    """What the browser kept is shown before the app has answered, marked as being checked; what is still so
    is then not sent again."""
    sentence = app_of("honest").get("/api/adoption")[1]["answer"]["sentence"]
    page = page_of("honest").page
    expect(page.get_by_text(sentence)).to_be_visible()
    page.wait_for_load_state("networkidle")
    slow_down(page, 2_000)
    answered: list[int] = []
    network = page.context.new_cdp_session(page)
    network.on("Network.responseReceivedExtraInfo", lambda said: answered.append(said["statusCode"]))
    network.send("Network.enable")
    page.reload(wait_until="commit")
    checking = page.get_by_text("checking for newer…")
    expect(checking).to_be_visible()
    expect(page.get_by_text(sentence)).to_be_visible()
    expect(checking).to_have_count(0)
    page.wait_for_load_state("networkidle")
    assert answered.count(304) == len(("index.html", "adoption", "engineers", "status"))
