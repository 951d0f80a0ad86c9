"""An admin who drops reports of ranges of days, and a reader of the week that they tell of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.app import App
from shared.records import Receipt
from tests.adoption.asking import ask
from tests.adoption.weekly import address, rebuilt
from tests.jobs.dropping import drop

ORGANIZATION = "0f5e2e7a-6c1e-4f0e-9a55-6f0d3f6f2b11"
SPEND = (
    "user_email,account_uuid,product,model,total_requests,total_prompt_tokens,total_completion_tokens,"
    "total_net_spend_usd,total_gross_spend_usd\n"
)
ANALYTICS = (
    "Name,Email,Role,Seat Tier,Last Active,Days Active,Chats,Messages,Projects Created,Projects Used,"
    "Pull Requests,Code sessions,File Edits,Cowork Sessions,Cowork Messages,Artifacts Created,"
    "Estimated Spend (USD)\n"
)


def spend(
    app: App, first: str, last: str, tokens: Mapping[str, int], net: str = "0.00", day: str = "2026-11-20"
) -> Receipt:
    """Drop the report of a range of days; everybody's net spend is the same."""
    rows = "".join(
        f"{address(who)},u,Claude Code,opus,3,{count},0,{net},1.00\n" for who, count in tokens.items()
    )
    name = f"{day}/spend-report-{ORGANIZATION}-{first}-to-{last}.csv"
    return drop(app, name, (SPEND + rows).encode())


def analytics(app: App, first: str, last: str, seen: Mapping[str, tuple[int, str]], day: str) -> Receipt:
    """Drop members analytics: of each member the sessions of Claude Code and the last active day."""
    rows = "".join(
        f"{who.title()},{address(who)},Member,Standard,{active},1,0,0,0,0,0,{sessions},0,0,0,0,$0.00\n"
        for who, (sessions, active) in seen.items()
    )
    name = f"{day}/members-analytics-{ORGANIZATION}-{first}-to-{last}.csv"
    return drop(app, name, (ANALYTICS + rows).encode())


def week_of(app: App, label: str) -> dict[str, Any]:
    answered = ask(rebuilt(app), granularity="week")
    assert answered.status == 200, answered.text
    found: dict[str, Any] = answered.periods[label]
    return found
