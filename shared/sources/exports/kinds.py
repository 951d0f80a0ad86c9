"""The kinds of file that are understood: one table, and a new kind is one entry in it.

A kind is recognised by its header alone: people rename files,
and two kinds share one file name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from shared.sources.exports.entries import (
    Alias,
    Canary,
    Holiday,
    KeyOwner,
    RosterEntry,
    SeatPrice,
    left_after_joined,
    no_chains,
    one_currency,
    one_price_at_a_time,
)
from shared.sources.exports.forms import (
    Column,
    ConfigurationKind,
    ConsoleCostKind,
    Kind,
    MembersAnalyticsKind,
    MembersKind,
    MonthToDateKind,
    SpendReportKind,
)
from shared.sources.exports.labels import label_key

__all__ = ["KINDS", "known_kinds", "recognise", "speaks_of_columns"]


def _further(
    of: Literal["count", "count or nothing", "money or nothing", "words"], *labels: str
) -> Iterator[Column]:
    """Columns that the vendor writes in one form of the file or in all, and that nothing here needs."""
    return (Column(label, of, optional=True) for label in labels)


KINDS: tuple[Kind, ...] = (
    MonthToDateKind(
        name="claude_code_team",
        surface="claude_ai",
        population="subscription",
        columns=(
            Column("User", "person"),
            Column("Lines this Month", "count", "linesAccepted"),
            Column("PRs with CC", "count", "pullRequests", optional=True),
        ),
        foreign=("Spend this Month",),  # the Console's export has these columns as well
    ),
    MonthToDateKind(
        name="claude_code_contribution",
        surface="claude_ai",
        population="subscription",
        columns=(
            Column("Email", "person"),
            Column("Lines with CC", "count", "linesMerged"),
            Column("PRs with CC", "count", "pullRequestsMerged"),
            Column("All PRs", "count", optional=True),  # these two are not Claude Code's
            Column("All Lines", "count", optional=True),
        ),
    ),
    MonthToDateKind(
        name="console_team",
        surface="console",
        population="api",
        columns=(
            Column("User", "person"),
            Column("Lines this Month", "count", "linesAccepted"),
            Column("Spend this Month (USD)", "money", "meteredCost"),
        ),
    ),
    MembersAnalyticsKind(
        name="members_analytics",
        surface="claude_ai",
        population="subscription",
        file_name="members-analytics-<id>-2026-10-22-to-2026-11-20.csv",
        columns=(
            Column("Name", "words", "name"),
            Column("Email", "address", "address"),
            Column("Role", "words", "role"),
            Column("Seat Tier", "words", "tier"),
            Column("Last Active", "day or nothing", "last_active"),
            Column("Days Active", "count", "days_active"),
            Column("Code sessions", "count", "code_sessions"),
            Column("Estimated Spend (USD)", "money", "estimated_spend"),
            *_further(  # what else the vendor counts is not Claude Code's alone
                "count",
                "Chats",
                "Messages",
                "Projects Created",
                "Projects Used",
                "Pull Requests",
                "File Edits",
                "Cowork Sessions",
                "Cowork Messages",
                "Artifacts Created",
                "Claude Code Artifacts",
                "Cowork Artifacts",
            ),
        ),
    ),
    MembersKind(
        name="members",
        surface="claude_ai",
        population="subscription",
        columns=(
            Column("Name", "words", "name"),
            Column("Email", "address", "address"),
            Column("Role", "words", "role"),
            Column("Status", "words", "status"),
            Column("Seat Tier", "words", "tier"),
        ),
    ),
    SpendReportKind(
        name="spend_report",
        surface="claude_ai",
        population="subscription",
        file_name="spend-report-<id>-2026-11-09-to-2026-11-15.csv",
        columns=(
            Column("user_email", "user", "user"),
            Column("product", "words", "product"),
            Column("total_requests", "count", "requests"),
            Column("total_prompt_tokens", "count", "prompt"),
            Column("total_completion_tokens", "count", "completion"),
            Column("total_net_spend_usd", "money", "net"),
            Column("total_gross_spend_usd", "money", "gross"),
            *_further("words", "account_uuid", "model", "model_family", "user_id"),
            *_further(
                "count or nothing",
                "total_uncached_input_tokens",
                "total_cache_read_tokens",
                "total_cache_write_5m_tokens",
                "total_cache_write_1h_tokens",
                "total_web_search_count",
            ),
            *_further("words", "slack_channel_id", "teams_channel_id"),
        ),
    ),
    ConsoleCostKind(
        name="console_cost",
        surface="console",
        population="api",
        file_name="claude_api_cost_2026_11_01_to_2026_11_30.csv",
        columns=(
            Column("usage_date_utc", "day", "day"),
            Column("workspace", "words", "workspace"),
            Column("api_key", "key or nothing", "key"),
            Column("cost_usd", "money", "cost"),
            *_further("words", "model", "usage_type", "context_window", "token_type"),
            *_further("money or nothing", "list_price_usd"),
            *_further("words", "cost_type", "inference_geo", "speed", "api_key_id", "api_key_status"),
        ),
    ),
    ConfigurationKind(
        name="roster",
        columns=(
            Column("email", "address", "address"),
            Column("name", "text", "name"),
            Column("team", "text", "team"),
            Column("joined", "day or nothing", "joined"),
            Column("left", "day or nothing", "left", optional=True),
        ),
        entry=RosterEntry,
        once="email",
        laws=(left_after_joined,),
    ),
    ConfigurationKind(
        name="aliases",
        columns=(Column("alias", "address", "alias"), Column("email", "address", "address")),
        entry=Alias,
        once="alias",
        laws=(no_chains,),
    ),
    ConfigurationKind(
        name="keys",
        columns=(Column("key_name", "key", "key_name"), Column("email", "address", "address")),
        entry=KeyOwner,
        once="key_name",
    ),
    ConfigurationKind(
        name="holidays",
        columns=(Column("date", "day", "day"), Column("name", "text", "name")),
        entry=Holiday,
    ),
    ConfigurationKind(
        name="seat_prices",
        columns=(
            Column("tier", "tier", "tier"),
            Column("monthly_price", "price", "monthly_price"),
            Column("currency", "currency", "currency"),
            Column("from", "day or nothing", "since", optional=True),
        ),
        entry=SeatPrice,
        laws=(one_currency, one_price_at_a_time),
    ),
    ConfigurationKind(
        name="canaries",
        columns=(Column("email", "address", "address"),),
        entry=Canary,
        once="email",
        named="canar",
    ),
)


def recognise(labels: Sequence[str]) -> Kind | None:
    """The kind that explains most of these labels; None where none does, or two do equally well.

    The order and case of labels and further columns are free.
    """
    explained = [kind.explains(labels) for kind in KINDS]
    most = max(explained)
    return KINDS[explained.index(most)] if most and explained.count(most) == 1 else None


def speaks_of_columns(labels: Sequence[str]) -> bool:
    """Whether a label is a known column's, or shares two words with them: then the line is no person's row.

    One word proves nothing: there are people called Price.
    """
    columns = [column.label for kind in KINDS for column in kind.columns]
    whole = set(map(label_key, columns))
    words = {word for label in columns for word in _words(label)}
    return any(
        label_key(label) in whole or sum(word in words for word in _words(label)) > 1 for label in labels
    )


def _words(label: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", label_key(label))


def known_kinds() -> str:
    """For a report: each kind, with the columns that it must have and those that it may tell more by."""
    return "; ".join(
        f"{kind.name} ({','.join(column.label for column in kind.columns if not column.optional)}"
        + "".join(f"[,{column.label}]" for column in kind.columns if column.optional and column.gives)
        + ")"
        for kind in KINDS
    )
