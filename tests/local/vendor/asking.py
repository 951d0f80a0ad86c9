"""How the tests ask the vendor, and how they add up its rows: by hand, and without the vendor's own code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from types import TracebackType
from typing import Any

import httpx

from local.vendor import Truth
from local.vendor.endpoints import REPORT_PATH
from local.vendor.usage import Population

Row = dict[str, Any]
Page = dict[str, Any]
Sums = dict[tuple[str, str, str], dict[str, int | Decimal]]
"""(type of actor, its lower-case name, customer type) → sums."""


class Client:
    """A client with a key; it pages until `has_more` is false."""

    def __init__(self, url: str, key: str) -> None:
        self.http = httpx.Client(
            base_url=url,
            headers={"x-api-key": key, "anthropic-version": "2023-06-01", "user-agent": "scoreboard-tests"},
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.http.close()

    def get(self, path: str, **query: Any) -> httpx.Response:
        """One answer, whatever its status."""
        return self.http.get(path, params=query)

    def report(self, day: date, **query: Any) -> httpx.Response:
        """One page of the report, whatever its status."""
        return self.get(REPORT_PATH, starting_at=day.isoformat(), **query)

    def pages(self, day: date, limit: int = 1_000) -> Iterator[Page]:
        """Every page of a day."""
        page: Page = self.report(day, limit=limit).raise_for_status().json()
        yield page
        while page["has_more"]:
            page = self.report(day, limit=limit, page=page["next_page"]).raise_for_status().json()
            yield page

    def rows(self, day: date, limit: int = 1_000) -> list[Row]:
        """Every row of a day."""
        return [row for page in self.pages(day, limit) for row in page["data"]]


def wire_sums(rows: Iterable[Row]) -> Sums:
    """The sums of rows as they came over the wire."""
    sums: Sums = defaultdict(lambda: defaultdict(int))
    for row in rows:
        actor = row["actor"]
        name = actor["email_address"].lower() if actor["type"] == "user_actor" else actor["api_key_name"]
        found = sums[actor["type"], name, row["customer_type"]]
        core = row["core_metrics"]
        found["sessions"] += core["num_sessions"]
        found["linesAccepted"] += core["lines_of_code"]["added"]
        found["linesRemoved"] += core["lines_of_code"]["removed"]
        found["commits"] += core["commits_by_claude_code"]
        found["pullRequests"] += core["pull_requests_by_claude_code"]
        for decisions in row["tool_actions"].values():
            found["decisionsAccepted"] += decisions["accepted"]
            found["decisionsRejected"] += decisions["rejected"]
        for model in row["model_breakdown"]:
            for kind, count in model["tokens"].items():
                found[kind] += count
                found["tokens"] += count
            found["cost"] += Decimal(str(model["estimated_cost"]["amount"]))
    return {actor: {name: total for name, total in found.items() if total} for actor, found in sums.items()}


def true_sums(truth: Truth) -> Sums:
    """The truth in the same shape."""
    sums: Sums = {}
    parts: tuple[tuple[str, Any], ...] = (("user_actor", truth.people), ("api_actor", truth.keys))
    for kind, actors in parts:
        for actor, populations in actors.items():
            population: Population
            for population, amounts in populations.items():
                figures = {
                    "sessions": amounts.sessions,
                    "linesAccepted": amounts.lines_accepted,
                    "linesRemoved": amounts.lines_removed,
                    "commits": amounts.commits,
                    "pullRequests": amounts.pull_requests,
                    "decisionsAccepted": amounts.decisions_accepted,
                    "decisionsRejected": amounts.decisions_rejected,
                    "input": amounts.tokens_input,
                    "output": amounts.tokens_output,
                    "cache_read": amounts.tokens_cache_read,
                    "cache_creation": amounts.tokens_cache_creation,
                    "tokens": amounts.tokens,
                    "cost": amounts.cost_cents,
                }
                sums[kind, actor, population] = {name: total for name, total in figures.items() if total}
    return sums
