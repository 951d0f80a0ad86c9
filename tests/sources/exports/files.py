"""Files for the tests: their text, and what is known of them when they arrive."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TypedDict, TypeVar, Unpack
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from shared.errors import ExportRefused
from shared.records import Finding, Number
from shared.sources.exports import Configuration, Content, Dropped, MonthToDate, Said, read_dropped

Form = TypeVar("Form", bound=Dropped)

HEADER = ("User", "Lines this Month")
CONSOLE = ("User", "Spend this Month (USD)", "Lines this Month")
ROSTER = ("email", "name", "team", "joined", "left")
MEMBERS = ("Name", "Email", "Role", "Status", "Seat Tier")
ANALYTICS = (
    "Name", "Email", "Role", "Seat Tier", "Last Active", "Days Active", "Chats", "Messages",
    "Projects Created", "Projects Used", "Pull Requests", "Code sessions", "File Edits",
    "Cowork Sessions", "Cowork Messages", "Artifacts Created", "Estimated Spend (USD)",
)  # fmt: skip
ANALYTICS_WIDER = (*ANALYTICS[:-1], "Claude Code Artifacts", "Cowork Artifacts", ANALYTICS[-1])
SPEND = (
    "user_email", "account_uuid", "product", "model", "total_requests", "total_prompt_tokens",
    "total_completion_tokens", "total_net_spend_usd", "total_gross_spend_usd",
)  # fmt: skip
SPEND_FAMILY = (*SPEND[:4], "model_family", *SPEND[4:])
SPEND_WIDER = (
    *SPEND, "user_id", "total_uncached_input_tokens", "total_cache_read_tokens",
    "total_cache_write_5m_tokens", "total_cache_write_1h_tokens", "total_web_search_count",
    "slack_channel_id", "teams_channel_id",
)  # fmt: skip
COST_2024 = ("usage_date_utc", "model", "workspace", "api_key", "usage_type", "token_type", "cost_usd")
COST_SHORT = (*COST_2024[:5], "context_window", *COST_2024[5:], "cost_type")
COST_2026 = (*COST_SHORT, "inference_geo", "speed")
COST = (*COST_SHORT[:-1], "list_price_usd", *COST_2026[-3:], "api_key_id", "api_key_status")
ORGANIZATION = "0b6cf3f2-5d1e-4c1a-9c66-0d8e3a4a7f10"
NOVEMBER = "claude_code_team_2026_11_01_to_2026_11_30.csv"
FRIDAY = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)

people = st.lists(
    st.from_regex(r"[a-z]{3,8}(\.[a-z]{3,8})?@example\.com", fullmatch=True), unique=True, max_size=12
)


class Known(TypedDict, total=False):
    """What is known of a file besides its content and its name."""

    metadata: dict[str, str]
    last_modified: datetime
    arrived: datetime
    timezone: ZoneInfo
    most_people: int


def csv_of(*rows: Iterable[object], header: Iterable[object] = HEADER, delimiter: str = ",") -> bytes:
    """A file with that header and those rows, as the vendor writes it."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([header, *rows])
    return out.getvalue().encode()


def dropped(content: Content, name: str = NOVEMBER, **known: Unpack[Known]) -> Said:
    """Read a file that arrived on Friday 20 November 2026 unless told otherwise."""
    arrival = Known(metadata={}, last_modified=FRIDAY, arrived=FRIDAY, timezone=ZoneInfo("UTC"))
    return read_dropped(content, name=name, **(arrival | known))


def read(content: bytes, name: str = NOVEMBER, **known: Unpack[Known]) -> MonthToDate:
    """Read a month-to-date export."""
    export = dropped(content, name, **known)
    assert isinstance(export, MonthToDate)
    return export


def configured(content: bytes, name: str = "people.csv", **known: Unpack[Known]) -> Configuration:
    """Read a configuration file."""
    file = dropped(content, name, **known)
    assert isinstance(file, Configuration)
    return file


def read_as(form: type[Form], content: bytes, name: str, **known: Unpack[Known]) -> Form:
    """Read a file of that form."""
    said = dropped(content, name, **known)
    assert isinstance(said, form)
    return said


def refused(content: bytes, name: str = NOVEMBER, **known: Unpack[Known]) -> ExportRefused:
    """The refusal of a file that must be refused."""
    try:
        dropped(content, name, **known)
    except ExportRefused as refusal:
        return refusal
    raise AssertionError("the file was accepted")


def finding(content: bytes, name: str = NOVEMBER, **known: Unpack[Known]) -> Finding:
    """The one finding of a file that must be refused."""
    (only,) = refused(content, name, **known).findings
    return only


def addresses(export: MonthToDate) -> dict[str, Number]:
    """The first measure of each actor, by name."""
    return {actor.name: values[0] for actor, values in export.rows}
