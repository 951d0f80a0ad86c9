"""By keyboard alone everything is reached, in the order in which it is read, is seen to be, and works."""

from __future__ import annotations

from datetime import date, timedelta

from playwright.sync_api import Page, expect

from tests.web.conftest import AppOf, PageOf

#: More than there are places on the page: who needs so many is in a trap.
MANY = 80


def test_tab_reaches_everything_in_order_and_is_seen(page_of: PageOf) -> None:
    """From the top to the end, and back: each place once, in the page's own order, with an outline."""
    page = page_of("team-plan").page
    expect(page.get_by_role("figure")).to_have_count(2)
    page.wait_for_load_state("networkidle")
    wanted: list[str] = page.evaluate(_REACHABLE)
    forth = _walk(page, "Tab")
    assert [where for where, _ in forth] == wanted
    assert [where for where, outlined in forth if not outlined] == []
    assert [where for where, _ in _walk(page, "Shift+Tab", most=len(wanted))] == wanted[::-1]


def test_keys_do_what_the_pointer_does(page_of: PageOf, app_of: AppOf) -> None:
    """Arrows move a chart's cursor, which says its period aloud, and the day of the calendar; Enter and the
    space bar open and close what is folded."""
    rows = app_of("honest").get("/api/adoption")[1]["periods"]
    page = page_of("honest").page
    chart = page.get_by_role("figure").first
    cursor = chart.get_by_role("slider")
    cursor.focus()
    for row in rows[-1:-4:-1]:
        if row["closed"]:
            of = "" if row["of"] is None else f" of {row['of']}"
            said = f"Active engineers: {row['active'][row['basis']]['value']}{of}."
            expect(chart.locator("[aria-live=polite]")).to_have_text(said)
        last = date.fromisoformat(row["period"]["end"][:10]) - timedelta(days=1)
        assert f"{last.day}" in str(cursor.get_attribute("aria-valuetext"))
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Escape")
    expect(cursor).to_have_attribute("aria-valuetext", "no period")

    calendar = page.get_by_role("grid", name="Live API: which days are known")
    newest = calendar.locator("[tabindex='0']")
    day = date.fromisoformat(str(newest.get_attribute("data-day")))
    newest.focus()
    for key, back in (("ArrowLeft", 7), ("ArrowUp", 8), ("ArrowRight", 1), ("End", 0)):
        page.keyboard.press(key)
        here = (day - timedelta(days=back)).isoformat()
        expect(calendar.locator(f"[data-day='{here}']")).to_be_focused()

    folded = chart.get_by_text("Show as table")
    folded.focus()
    for key, count in (("Enter", 1), ("Space", 0)):
        page.keyboard.press(key)
        expect(chart.get_by_role("table")).to_have_count(count)


def _walk(page: Page, key: str, most: int = MANY) -> list[tuple[str, bool]]:
    """Where the key leads until it leaves the document: what is there, and whether it is outlined."""
    places: list[tuple[str, bool]] = []
    while len(places) < most:
        page.keyboard.press(key)
        found = page.evaluate(_FOCUSED)
        if found is None:
            break
        places.append(tuple(found))
    return places


_NAME = """
    const named = (one) => `${one.tagName} ${one.ariaLabel ?? one.labels?.[0]?.innerText ?? one.textContent}`;
"""

#: What can be used, in the order in which it stands in the page.
_REACHABLE = f"""
() => {{
    {_NAME}
    const usable = "a[href], button:enabled, input, select, summary, [tabindex]";
    return [...document.querySelectorAll(usable)]
        .filter((one) => one.tabIndex >= 0 && one.checkVisibility())
        .map(named);
}}
"""

#: What has the focus; its outline may be that of the drawing beside it.
_FOCUSED = f"""
() => {{
    {_NAME}
    const one = document.activeElement;
    if (one === document.body) return null;
    const outline = (at) => at ? getComputedStyle(at).outline : "none";
    return [named(one), [one, one.nextElementSibling].some((at) => !/none|\\b0px/.test(outline(at)))];
}}
"""
