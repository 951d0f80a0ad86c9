"""The Claude Code Analytics Admin API: what each actor of a Console organisation did on one UTC day.

``fetch_day`` asks, ``read_day`` concludes; between the two the caller keeps the raw pages. Facts of
the wire: the vendor's page "Claude Code Analytics API".

An empty answer is no zero: a Team plan's key gets 200 with nothing, or with API rows only
(anthropics/claude-code issue 27780).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from shared.adoption.people import normal_address
from shared.errors import RowsOfAnother
from shared.records import Actor, Measures
from shared.sources import organization
from shared.sources.pages import (
    ROWS_A_PAGE,
    Count,
    PagedAnswer,
    breach,
    decode,
    follow,
    organization_id,
)
from shared.sources.readings import EXACT, DayReading, Sums, cents_of

if TYPE_CHECKING:
    from shared.sources.organization import KeyView
    from shared.sources.vendor import Vendor

NAME = "claude_code_admin"

#: The vendor's ``customer_type``, an open set: ``api`` is metered, ``subscription`` is seats.
POPULATIONS = ("api", "subscription")

PATH = "/v1/organizations/usage_report/claude_code"


class _Envelope(msgspec.Struct):
    has_more: bool
    next_page: Any = None


_ENVELOPE = msgspec.json.Decoder(_Envelope)


def fetch_day(vendor: Vendor, day: date) -> PagedAnswer:
    """Ask for every page of one UTC day, and follow the cursors as ``has_more`` says.

    Raises what ``Vendor.get`` raises, but for ContractBroken: that is in the answer, beside the pages
    that came before it.
    """

    def ask(cursor: str | None) -> bytes:
        params: dict[str, str | int] = {"starting_at": day.isoformat(), "limit": ROWS_A_PAGE}
        if cursor is not None:
            params["page"] = cursor
        return vendor.get(PATH, params)

    return follow(ask, _next_page)


def opens(vendor: Vendor) -> bool:
    """Whether the key opens the Admin API: it then knows its organisation."""
    vendor.get(organization.ME)
    return True


def look_around(vendor: Vendor, _today: date, *, at_once: int = 1) -> KeyView:
    """Who the key sees now. Raises as ``organization.look_around``."""
    return organization.look_around(vendor, at_once=at_once)


def whose(vendor: Vendor, _today: date) -> str:
    """The organisation that the key is of. Raises what ``Vendor.get`` raises."""
    return organization.whose(vendor)


def _next_page(page: bytes, number: int) -> str | None:
    envelope = decode(_ENVELOPE, page, number)
    if not envelope.has_more:
        return None
    if not isinstance(envelope.next_page, str) or not envelope.next_page:
        raise breach(f"page {number}", "has_more true without a usable next_page", "a cursor")
    return envelope.next_page


# --- a row on the wire -------------------------------------------------------------------------
# Unknown fields are tolerated. What may be absent or null is what the contract says may be.


class _WireActor(msgspec.Struct, gc=False):
    type: str
    email_address: str | None = None
    email: str | None = None
    api_key_name: str | None = None


class _Lines(msgspec.Struct, gc=False):
    added: Count
    removed: Count


class _CoreMetrics(msgspec.Struct, gc=False):
    num_sessions: Count
    lines_of_code: _Lines
    commits_by_claude_code: Count
    pull_requests_by_claude_code: Count


class _Decisions(msgspec.Struct, gc=False):
    accepted: Count
    rejected: Count


class _Tokens(msgspec.Struct, gc=False):
    input: Count | None = None
    output: Count | None = None
    cache_read: Count | None = None
    cache_creation: Count | None = None


class _EstimatedCost(msgspec.Struct, gc=False):
    amount: Decimal
    currency: str


class _Model(msgspec.Struct, gc=False):
    tokens: _Tokens | None = None
    estimated_cost: _EstimatedCost | None = None


class _Row(msgspec.Struct, gc=False):
    date: str
    organization_id: str
    actor: _WireActor
    customer_type: str
    core_metrics: _CoreMetrics
    tool_actions: dict[str, _Decisions | None] | None = None
    model_breakdown: list[_Model] | None = None


class _Page(msgspec.Struct):
    data: list[_Row]


_PAGE = msgspec.json.Decoder(_Page)

# --- from rows to observations -----------------------------------------------------------------


def read_day(pages: Sequence[bytes], day: date, expected_organization: str | None = None) -> DayReading:
    """Sum the rows of each actor and population: rows of one actor differ by terminal, and more.

    Raises ContractBroken for a row of another day or organisation than the one asked for (without an
    expected one: than the first row's), and for whatever else the contract excludes.
    """
    sums = Sums()
    asked = _Asked(day, expected_organization)
    rows = 0
    with localcontext(EXACT):
        for number, page in enumerate(pages, start=1):
            for index, row in enumerate(decode(_PAGE, page, number).data):
                place = f"page {number}, data[{index}]"
                asked.check(row, place)
                actor, population = _grain(row, place)
                sums.add(actor, population, _measures(row, place))
                rows += 1
    return sums.reading(asked.organizations, rows)


class _Asked:
    """What was asked for, so that a row of anything else is noticed; remembers the spellings seen."""

    def __init__(self, day: date, organization: str | None) -> None:
        self._day = day
        self._organization = None if organization is None else str(UUID(organization))
        self._dates = {day.isoformat()}
        self._spellings: set[str] = set()

    @property
    def organizations(self) -> frozenset[str]:
        return frozenset({self._organization} if self._organization and self._spellings else ())

    def check(self, row: _Row, place: str) -> None:
        if row.date not in self._dates:
            found = _day_of(row.date, f"{place}.date")
            if found != self._day:
                raise breach(f"{place}.date", found.isoformat(), self._day.isoformat())
            self._dates.add(row.date)
        if row.organization_id not in self._spellings:
            of = organization_id(row.organization_id, f"{place}.organization_id")
            self._organization = self._organization or of
            if of != self._organization:
                broken = breach(f"{place}.organization_id", of, self._organization)
                raise RowsOfAnother(str(broken), action=broken.action)
            self._spellings.add(row.organization_id)


def _day_of(text: str, place: str) -> date:
    """``YYYY-MM-DD``, or a moment on that UTC day."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo is None else moment.astimezone(UTC)).date()
    except (ValueError, OverflowError):
        pass
    raise breach(place, "text that is no date", "a date")


def _grain(row: _Row, place: str) -> tuple[Actor, str]:
    """Who did it and how it is paid for: what one observation is of."""
    population = row.customer_type.strip()
    if not population:
        raise breach(f"{place}.customer_type", "nothing", "api, subscription or another word")
    actor = row.actor
    if actor.type == "user_actor":
        address = normal_address(actor.email_address or actor.email or "")
        if "@" not in address:
            found = "text without @" if address else "nothing"
            raise breach(f"{place}.actor.email_address", found, "an e-mail address")
        return Actor("engineer", address), population
    if actor.type == "api_actor":
        name = (actor.api_key_name or "").strip()
        if not name:
            raise breach(f"{place}.actor.api_key_name", "nothing", "the key's name")
        return Actor("key", name), population
    raise breach(f"{place}.actor.type", "another type", "user_actor or api_actor")


def _measures(row: _Row, place: str) -> Measures:
    core = row.core_metrics
    accepted = rejected = tokens = 0
    for decisions in (row.tool_actions or {}).values():
        if decisions is not None:
            accepted += decisions.accepted
            rejected += decisions.rejected
    cents = Decimal(0)
    for index, model in enumerate(row.model_breakdown or ()):
        if model.tokens is not None:
            used = model.tokens
            tokens += (used.input or 0) + (used.output or 0)
            tokens += (used.cache_read or 0) + (used.cache_creation or 0)
        if model.estimated_cost is not None:
            of = f"{place}.model_breakdown[{index}].estimated_cost"
            cents += cents_of(model.estimated_cost.amount, model.estimated_cost.currency, of)
    return Measures(
        sessions=core.num_sessions,
        lines_accepted=core.lines_of_code.added,
        lines_removed=core.lines_of_code.removed,
        decisions_accepted=accepted,
        decisions_rejected=rejected,
        commits=core.commits_by_claude_code,
        pull_requests=core.pull_requests_by_claude_code,
        tokens=tokens,
        cost=cents.scaleb(-2),
    )
