"""What is understood and not yet used is refused, and leaves nothing but its copies behind."""

from __future__ import annotations

import pytest

from tests.conftest import MakeApp
from tests.jobs.dropping import drop, quarantined, waiting

SPEND = (
    "user_email,product,total_requests,total_prompt_tokens,total_completion_tokens,"
    "total_net_spend_usd,total_gross_spend_usd\nzelda@quux.example,Claude Code,1,2,3,0.00,0.00\n"
)
FILES = {
    "spend_report": ("spend-report--2026-11-02-to-2026-11-08.csv", SPEND),
    "members": (
        "members.csv",
        "Name,Email,Role,Status,Seat Tier\nZ,zelda@quux.example,User,Active,Premium\n",
    ),
    "seat_prices": ("seat_prices.csv", "tier,monthly_price,currency,from\nPremium,150,USD,\n"),
    "canaries": ("canaries.csv", "email\nzelda@quux.example\n"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_of_a_kind_that_is_not_used_is_refused(make_app: MakeApp, kind: str) -> None:
    """Accepted would promise that it counts, and recorded it would make a twin of itself when it does."""
    app = make_app()
    name, content = FILES[kind]
    receipt = drop(app, f"2026-11-14/{name}", content.encode())
    assert receipt.state == "refused"
    (finding,) = receipt.findings
    assert (finding.note, finding.found) == ("files of this kind are understood, but not yet used", kind)
    assert finding.action
    assert "zelda" not in str(receipt.findings)
    assert not waiting(app)
    assert len(quarantined(app)) == 2
    assert not app.exports.read().manifest.configurations
