"""Exports are handed in on the page: checked, let go, and taken in, with a receipt; by who may."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from playwright.sync_api import Page, expect

from local.commands.services import world_of_today
from tests.web.conftest import AppOf, PageOf

SECONDS = 60_000
"""From the upload to the receipt: the trigger looks every few of them."""


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """The newest export of the team, as the admin's browser saved it: its name tells the month and no day."""
    newest = world_of_today("team-plan").dropped[-1]
    file = tmp_path / PurePosixPath(newest.name).name
    file.write_bytes(newest.content)
    return file


def test_a_file_is_checked_then_uploaded_then_taken_in(page_of: PageOf, app_of: AppOf, export: Path) -> None:
    """What would be refused says why, and cannot be uploaded. What would be accepted is stored when somebody
    says so and not before. Then its receipt is shown, and the answer is asked for again."""
    app = app_of("locked", changed=True)
    wrong = export.with_name("claude_code_team_2026_10_01_to_2026_10_31.csv")
    wrong.write_text("<html>Sign in</html>")
    visit = page_of("locked", changed=True)
    page = visit.page
    desk = page.get_by_role("region", name="Hand in an export")
    with page.expect_file_chooser() as chooser:
        desk.get_by_role("button", name="Choose files…").click()
    chooser.value.set_files(wrong)
    refused = desk.get_by_role("listitem").filter(has_text=wrong.name)
    expect(refused).to_contain_text("Would be refused.")
    expect(refused).to_contain_text("What is wrong")
    expect(refused.get_by_role("button", name="Upload")).to_have_count(0)

    _drop(page, export)
    accepted = desk.get_by_role("listitem").filter(has_text=export.name).first
    expect(accepted).to_contain_text("When was this downloaded?")
    accepted.get_by_role("button", name="when it was saved on this device").click()
    expect(accepted).to_contain_text("Would be accepted. Claude Code team export")
    expect(accepted).to_contain_text("7 people")
    visit.screenshot("checked")
    assert visit.axe() == []
    assert app.receipts() == []

    with page.expect_request("**/api/adoption", timeout=SECONDS):
        accepted.get_by_role("button", name="Upload").click()
        expect(accepted).to_contain_text("Taken in: accepted.", timeout=SECONDS)
    (receipt,) = app.receipts()
    assert receipt["state"] == "accepted"
    imports = page.get_by_role("region", name="Can I believe this?").get_by_role("listitem")
    expect(imports.filter(has_text=receipt["name"])).to_be_visible()
    expect(refused).to_be_visible()
    visit.screenshot("received")


def test_who_may_not_upload_is_told_which_role_it_takes(page_of: PageOf, export: Path) -> None:
    """The section says whom to ask in the place of a button that would not work."""
    page = page_of("vendor-away").page
    desk = page.get_by_role("region", name="Hand in an export")
    desk.get_by_label("CSV files to check").set_input_files(export)
    expect(desk).to_contain_text("Uploading needs the role Usage.Upload, which an administrator assigns.")
    expect(desk.get_by_role("button")).to_have_count(0)


def _drop(page: Page, file: Path) -> None:
    """As from a file manager: the browser itself makes the events."""
    box = page.get_by_role("heading", level=2).bounding_box()
    assert box is not None
    session = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(file)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": box["x"], "y": box["y"], "data": data})
        if kind == "dragOver":
            expect(page.get_by_text("Drop to check. Nothing is stored yet.")).to_be_visible()
