"""What the page tells of a period is what the app tells of it, in the reader's own language."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import AppOf, PageOf
from tests.web.shown import Shown

Document = dict[str, Any]

COUNT: Document = {"maximumFractionDigits": 0}
RATE: Document = {"style": "percent", "maximumFractionDigits": 1}


def test_each_figure_names_the_period_that_it_is_set_against(page_of: PageOf, app_of: AppOf) -> None:
    """Beside each change stand the days of the period before; where there is no number there is no change."""
    document = app_of("honest").get("/api/adoption")[1]
    row, before = _compared(document)
    visit = page_of("honest")
    tiles = visit.page.locator("dl", has_text="Lines accepted").locator("div:has(> dt)")
    expect(tiles).to_have_count(5)
    against = f"against {_days(visit.page, before['period'], 'en-GB')}"
    for name, said in (("sessions", "Sessions"), ("linesAccepted", "Lines accepted")):
        tile = tiles.filter(has_text=said)
        expect(tile.locator("dd").first).to_have_text(
            _number(visit.page, row["figures"][name], COUNT, "en-GB")
        )
        expect(tile).to_contain_text(against)
    expect(tiles.filter(has_text="Cost per active")).not_to_contain_text("against")


def test_a_dash_says_why_to_who_looks_and_to_who_listens(page_of: PageOf, app_of: AppOf) -> None:
    """The reason is the dash's description, and is seen by pointer and by keyboard, until Escape."""
    row, _ = _compared(app_of("honest").get("/api/adoption")[1])
    reason = row["figures"]["costPerActive"]["reason"]
    visit = page_of("honest")
    dash = visit.page.get_by_role("button", name="unknown").first
    expect(dash).to_have_text("—unknown")
    expect(dash).to_have_accessible_description(reason)
    tip = visit.page.get_by_role("tooltip").filter(has_text=reason).first
    expect(tip).not_to_be_visible()
    dash.hover()
    expect(tip).to_be_visible()
    visit.page.mouse.move(0, 0)
    expect(tip).not_to_be_visible()
    visit.page.get_by_role("button", name="Print weekly report").focus()
    visit.page.keyboard.press("Tab")
    expect(dash).to_be_focused()
    expect(tip).to_be_visible()
    visit.page.keyboard.press("Escape")
    expect(tip).not_to_be_visible()


@pytest.mark.parametrize(
    ("world", "locale", "kind"),
    [
        pytest.param("honest", "de-DE", "week", id="weeks"),
        pytest.param("team-plan", "en-GB", "export", id="export-periods"),
        pytest.param("team-plan", "en-GB", "week", id="weeks-of-exports"),
    ],
)
def test_a_chart_is_its_table_and_the_table_is_the_answer(
    page_of: PageOf, app_of: AppOf, world: str, locale: str, kind: str
) -> None:
    """Period by period the tables have the app's own figures, and a dash or a range where it has no value. As
    many values, ranges and gaps are drawn: none is a zero. An export period is never called a week."""
    document = app_of(world).get(f"/api/adoption?granularity={kind}")[1]
    visit = page_of(world, path=f"/?adoption-granularity={kind}", locale=locale)
    active, made = (visit.page.get_by_role("figure").nth(number) for number in range(2))
    for figure in (active, made):
        figure.get_by_text("Show as table").click()
    rows = [row for row in document["periods"] if row["period"]["kind"] == kind][::-1]
    engineers, lines = _table(visit, 0), _table(visit, 1)
    assert len(engineers) == len(lines) == len(rows)
    newest = next(row["period"]["end"] for row in rows if row["closed"])
    for row, (when, said, roster), (_, accepted, *rate) in zip(rows, engineers, lines, strict=True):
        open_ = ", can still change" if row["period"]["end"] > newest else ""
        assert when == _period(visit.page, row["period"], locale) + open_
        figures = row["figures"]
        _same(visit.page, said, row["active"][row["basis"]], COUNT, locale)
        assert roster == ("—" if row["of"] is None else str(row["of"]))
        _same(visit.page, accepted, figures["linesAccepted"], COUNT, locale)
        for one in rate:
            _same(visit.page, one, figures["acceptanceRate"], RATE, locale)
    closed = [row["active"][row["basis"]] for row in rows if row["period"]["end"] <= newest]
    assert active.locator("input + svg circle").count() == sum(one["value"] is not None for one in closed)
    ranges = sum(one["value"] is None and one["high"] is not None for one in closed)
    assert active.locator("[data-mark=range]").count() == ranges
    assert active.locator("[data-mark=unknown]").count() == sum(one["high"] is None for one in closed)
    if kind == "export":
        strip = visit.page.get_by_role("region", name="Exports of")
        assert not re.search(r"\bweeks?\b", strip.inner_text() + active.inner_text() + made.inner_text())
        expect(made).to_contain_text("Acceptance rate: — (the exports do not tell)")
    visit.screenshot(f"table-{kind}-{locale}")


def _compared(document: Document) -> tuple[Document, Document]:
    """The answer's period and the one before it."""
    by_start = {row["period"]["start"]: row for row in document["periods"]}
    answer = document["answer"]
    return by_start[answer["period"]["start"]], by_start[answer["previous"]["start"]]


def _table(visit: Shown, index: int) -> list[list[str]]:
    """The cells of a chart's table, line by line."""
    section = visit.page.get_by_role("figure").nth(index)
    expect(section.get_by_role("table")).to_be_visible()
    rows = "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    found: list[list[str]] = section.locator("tbody tr").evaluate_all(rows)
    return found


def _same(page: Page, said: str, figure: Document, options: Document, locale: str) -> None:
    """The value, and it alone; without one whatever is known of it, and the reason."""
    if figure["value"] is not None:
        assert re.sub(r" of \d+$", "", said) == _number(page, figure, options, locale)
        return
    assert said.startswith(("—", "at least")) or "–" in said
    if figure["reason"] and not said.endswith("so far"):
        assert figure["reason"] in said


def _number(page: Page, figure: Document, options: Document, locale: str) -> str:
    told = [figure["value"], {**options, "locale": locale}]
    text: str = page.evaluate(
        "([value, {locale, ...options}]) => Intl.NumberFormat(locale, options).format(value)", told
    )
    return text


def _period(page: Page, period: Document, locale: str) -> str:
    """Its days with their year; those between two exports with the minutes at which they were downloaded."""
    return _range(page, period, locale, exact=True) + (" UTC" if period["kind"] == "export" else "")


def _days(page: Page, period: Document, locale: str) -> str:
    return _range(page, period, locale, exact=False)


def _range(page: Page, period: Document, locale: str, *, exact: bool) -> str:
    text: str = page.evaluate(
        """([{start, end, kind}, locale, exact]) => {
            const day = {day: "numeric", month: "short", timeZone: "UTC"};
            const minute = {hour: "2-digit", minute: "2-digit", hourCycle: "h23"};
            const more = !exact ? {} : kind === "export" ? minute : {year: "numeric"};
            const until = new Date(new Date(end) - (kind === "export" ? 0 : 1));
            return Intl.DateTimeFormat(locale, {...day, ...more}).formatRange(new Date(start), until);
        }""",
        [period, locale, exact],
    )
    return text
