"""The pictures of the README: what a leader meets first, and what meets one whose key sees the wrong place.

`WRITE_SCREENSHOTS=1 python3 dev.py test tests/web/test_pictures.py` takes them again.
"""

from __future__ import annotations

import os
from base64 import b64decode

import pytest
from playwright.sync_api import expect

from local.places import ROOT
from tests.web.conftest import PageOf

#: What each shows: the world, and what stands lowest of all that is in it.
PICTURES = {"dashboard": ("honest", "figure"), "untrusted": ("trap", "alert")}

#: Bytes: a README is read on a train, too.
SMALL = 120_000


@pytest.mark.parametrize("name", PICTURES)
def test_the_readme_has_a_picture(page_of: PageOf, name: str) -> None:
    """It is there, it is small, and it can be taken: the first screen, by day, on a desk."""
    world, lowest = PICTURES[name]
    file = ROOT / "docs" / f"{name}.webp"
    if os.environ.get("WRITE_SCREENSHOTS"):
        page = page_of(world).page
        last = page.get_by_role(lowest).first  # type: ignore[arg-type]
        expect(last).to_be_visible()
        page.wait_for_load_state("networkidle")
        box = last.bounding_box()
        assert box is not None
        clip = {"x": 0, "y": 0, "width": 1280, "height": box["y"] + box["height"] + 24, "scale": 1}
        how = {"format": "webp", "quality": 85, "clip": clip, "captureBeyondViewport": True}
        taken = page.context.new_cdp_session(page).send("Page.captureScreenshot", how)
        file.write_bytes(b64decode(taken["data"]))
    assert 0 < file.stat().st_size < SMALL
