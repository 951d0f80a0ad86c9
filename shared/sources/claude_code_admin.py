"""The Claude Code Analytics Admin API: what each actor of a Console organisation did on one UTC day.

``fetch_day`` asks, ``read_day`` concludes; between the two the caller keeps the raw pages. Facts of
the wire: the vendor's page "Claude Code Analytics API".

An empty answer is no zero: a Team plan's key gets 200 with nothing, or with API rows only
(anthropics/claude-code issue 27780).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Context, Decimal, localcontext
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

import msgspec

from shared.adoption.people import normal_address
from shared.errors import RowsOfAnother
from shared.records import Actor, Measures, Observation
from shared.sources import LIVE
from shared.sources.pages import (
    ROWS_A_PAGE,
    Count,
    PagedAnswer,
    breach,
    decode,
    follow,
    organization_id,
)

if TYPE_CHECKING:
    from shared.sources.vendor import Vendor

NAME = "claude_code_admin"

#: A day's figures may still grow for this long after its end (rows appear within about an hour).
LAG = LIVE[NAME]

#: The vendor's ``customer_type``, an open set: ``api`` is metered, ``subscription`` is seats.
POPULATIONS = ("api", "subscription")

PATH = "/v1/organizations/usage_report/claude_code"

DayAnswer = PagedAnswer


@dataclass(frozen=True, slots=True)
class DayReading:
    """What the pages of one day say.

    ``observations``: one for each actor and population, in a canonical order. ``organizations``: of
    whom, empty where there are no rows. ``digest``: SHA-256 of the observations, the same however
    the vendor ordered, split or paged the rows; ``people_digest``: of those of people, empty without any.
    """

    observations: tuple[Observation, ...]
    organizations: frozenset[str]
    rows: int
    digest: str
    people_digest: str = ""


class _Envelope(msgspec.Struct):
    has_more: bool
    next_page: Any = None


_ENVELOPE = msgspec.json.Decoder(_Envelope)


def fetch_day(vendor: Vendor, day: date) -> DayAnswer:
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


def _next_page(page: bytes, number: int) -> str | None:
    envelope = decode(_ENVELOPE, page, number)
    if not envelope.has_more:
        return None
    if not isinstance(envelope.next_page, str) or not envelope.next_page:
        raise breach(f"page {number}", "has_more true without a usable next_page", "a cursor")
    return envelope.next_page


# --- a row on the wire -------------------------------------------------------------------------
# Unknown fields are tolerated. What may be absent or null is what the contract says may be.


class _WireActor(msgspec.Struct):
    type: str
    email_address: str | None = None
    email: str | None = None
    api_key_name: str | None = None


class _Lines(msgspec.Struct):
    added: Count
    removed: Count


class _CoreMetrics(msgspec.Struct):
    num_sessions: Count
    lines_of_code: _Lines
    commits_by_claude_code: Count
    pull_requests_by_claude_code: Count


class _Decisions(msgspec.Struct):
    accepted: Count
    rejected: Count


class _Tokens(msgspec.Struct):
    input: Count | None = None
    output: Count | None = None
    cache_read: Count | None = None
    cache_creation: Count | None = None


class _EstimatedCost(msgspec.Struct):
    amount: Decimal
    currency: str


class _Model(msgspec.Struct):
    tokens: _Tokens | None = None
    estimated_cost: _EstimatedCost | None = None


class _Row(msgspec.Struct):
    date: str
    organization_id: str
    actor: _WireActor
    customer_type: str
    core_metrics: _CoreMetrics
    tool_actions: dict[str, _Decisions | None] | None = None
    model_breakdown: list[_Model] | None = None


class _Page(msgspec.Struct):
    data: list[_Row]


_Grain = tuple[Literal["engineer", "key"], str, str]

_PAGE = msgspec.json.Decoder(_Page)

# --- from rows to observations -----------------------------------------------------------------

#: Sums are exact in this context (a float's text has few digits, but may be as small as 5e-324), so
#: the order of rows cannot matter. The result is kept to a trillionth of a dollar: far below a
#: token's price, and within what later sums hold exactly.
_EXACT = Context(prec=200)
_FINEST = Decimal("1e-100")
_RESOLUTION = Decimal("1e-12")
_MOST_CENTS = Decimal(10) ** 12


def read_day(pages: Sequence[bytes], day: date, expected_organization: str | None = None) -> DayReading:
    """Sum the rows of each actor and population: rows of one actor differ by terminal, and more.

    Raises ContractBroken for a row of another day or organisation than the one asked for (without an
    expected one: than the first row's), and for whatever else the contract excludes.
    """
    sums: dict[_Grain, Measures] = {}
    asked = _Asked(day, expected_organization)
    rows = 0
    with localcontext(_EXACT):
        for number, page in enumerate(pages, start=1):
            for index, row in enumerate(decode(_PAGE, page, number).data):
                place = f"page {number}, data[{index}]"
                asked.check(row, place)
                grain = _grain(row, place)
                measures = _measures(row, place)
                sums[grain] = sums[grain] + measures if grain in sums else measures
                rows += 1
        observations = tuple(
            Observation(Actor(kind, name), population, _settled(sums[kind, name, population]))
            for kind, name, population in sorted(sums)
        )
    people = [one for one in observations if one.actor.kind == "engineer"]
    return DayReading(
        observations,
        asked.organizations,
        rows,
        digest=_digest(observations),
        people_digest=_digest(people)[:16] if people else "",
    )


def _digest(observations: Sequence[Observation]) -> str:
    return hashlib.sha256(msgspec.json.encode(observations)).hexdigest()


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


def _grain(row: _Row, place: str) -> _Grain:
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
        return "engineer", address, population
    if actor.type == "api_actor":
        name = (actor.api_key_name or "").strip()
        if not name:
            raise breach(f"{place}.actor.api_key_name", "nothing", "the key's name")
        return "key", name, population
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
            cents += _cents(model.estimated_cost, f"{place}.model_breakdown[{index}].estimated_cost")
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


def _cents(cost: _EstimatedCost, place: str) -> Decimal:
    if cost.currency != "USD":
        raise breach(f"{place}.currency", "another currency", "USD")
    amount = cost.amount
    if not amount.is_finite() or not 0 <= amount < _MOST_CENTS:
        raise breach(f"{place}.amount", f"{amount:.6g}", "cents, 0 or more")
    return amount.quantize(_FINEST)


def _settled(measures: Measures) -> Measures:
    """The sum with its cost in one spelling: no more digits than it has value."""
    cost = measures.cost.quantize(_RESOLUTION).normalize()
    if cost == cost.to_integral_value():
        cost = cost.quantize(Decimal(1))
    return msgspec.structs.replace(measures, cost=cost)
