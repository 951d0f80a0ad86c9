"""The Claude Enterprise Analytics API: what each person on the plan did on one UTC day, and what it cost.

A day is two questions: ``users`` for what was done, ``user_cost_report`` for what it cost. Facts of the wire:
the vendor's pages "Claude Enterprise Analytics API" and "User cost report".

Rows bear no date, ``users`` says no ``has_more``, tokens are not told, and a day that is too recent is
refused with the newest that is shown: only the answers tell how far behind it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

import msgspec

from shared.adoption.people import normal_address
from shared.errors import ContractBroken, NotShown, RowsOfAnother
from shared.periods import ONE_DAY, midnight
from shared.records import Actor, Measures
from shared.sources import LIVE
from shared.sources.organization import KeyView
from shared.sources.pages import ROWS_A_PAGE, Count, PagedAnswer, breach, decode, follow
from shared.sources.readings import EXACT, DayReading, Sums, cents_of

if TYPE_CHECKING:
    from shared.sources.vendor import Vendor

NAME = "claude_enterprise_analytics"

#: Everybody on the plan has a seat.
POPULATION = "subscription"

USERS = "/v1/organizations/analytics/users"
SUMMARIES = "/v1/organizations/analytics/summaries"
COSTS = "/v1/organizations/analytics/user_cost_report"

#: The product whose cost is asked for; the report counts every product unless it is told.
PRODUCT = "claude_code"

BAD_REQUEST, GONE = 400, 410

#: The summaries of so many days are looked at, and so many days may be too recent for them.
SUMMED_DAYS = 28
LOOKED_BACK = timedelta(days=10)

Params = Mapping[str, str | int]

# --- asking ------------------------------------------------------------------------------------


def fetch_day(vendor: Vendor, day: date) -> PagedAnswer:
    """Ask for every page of one UTC day: of its users, then of their cost.

    Raises what ``Vendor.get`` raises, but for ContractBroken: that is in the answer, beside the pages that
    came before it. A refusal of the day is NotShown: the vendor names the days that it shows, or none.
    """
    users = _ask_pages(vendor, USERS, {"date": day.isoformat()}, _next_users)
    if users.broken is not None:
        if users.broken.status == BAD_REQUEST and not users.pages:
            earlier = [one for one in users.broken.days if one < day]
            later = [] if earlier else [one for one in users.broken.days if one > day]
            raise NotShown(users.broken, max(earlier, default=None), min(later, default=None))
        return users
    costs = _fetch_costs(vendor, day)
    return PagedAnswer((*users.pages, *costs.pages), costs.broken)


def _fetch_costs(vendor: Vendor, day: date) -> PagedAnswer:
    """The cost of a day. A cursor lasts until the report is refreshed: then it is begun again, once."""
    params = {**_days(day, day + ONE_DAY), "products[]": PRODUCT}
    costs = _ask_pages(vendor, COSTS, params, _next_costs)
    if costs.broken is not None and costs.broken.status == GONE:
        return _ask_pages(vendor, COSTS, params, _next_costs)
    return costs


def _ask_pages(
    vendor: Vendor, path: str, params: Params, next_cursor: Callable[[bytes, int], str | None]
) -> PagedAnswer:
    def ask(cursor: str | None) -> bytes:
        page = {} if cursor is None else {"page": cursor}
        return vendor.get(path, {**params, "limit": ROWS_A_PAGE, **page})

    return follow(ask, next_cursor)


def _ask_once(vendor: Vendor, path: str, params: Params) -> PagedAnswer:
    """The first page alone."""
    return follow(lambda _: vendor.get(path, params), lambda _page, _number: None)


def _days(first: date, end: date) -> dict[str, str]:
    """A span of days as the cost report is asked for it."""
    moments = (f"{day.isoformat()}T00:00:00Z" for day in (first, end))
    return dict(zip(("starting_at", "ending_at"), moments, strict=True)) | {"bucket_width": "1d"}


class _Envelope(msgspec.Struct):
    """Of either answer; that of a cost alone says ``has_more``."""

    data: list[Any]
    next_page: str | None = None
    has_more: bool | None = None
    organization_id: str | None = None


_ENVELOPE = msgspec.json.Decoder(_Envelope)


def _next_users(page: bytes, number: int) -> str | None:
    return decode(_ENVELOPE, page, number).next_page or None


def _next_costs(page: bytes, number: int) -> str | None:
    envelope = decode(_ENVELOPE, page, number)
    if envelope.has_more is None:
        raise breach(f"page {number}", "no has_more", "one")
    if not envelope.has_more:
        return None
    if not envelope.next_page:
        raise breach(f"page {number}", "has_more true without a usable next_page", "a cursor")
    return envelope.next_page


# --- who the key sees --------------------------------------------------------------------------


class _Summary(msgspec.Struct):
    starting_at: str
    assigned_seat_count: Count
    claude_code_daily_active_user_count: Count | None = None


class _Summaries(msgspec.Struct):
    summaries: list[_Summary]


_SUMMARIES = msgspec.json.Decoder(_Summaries)


def look_around(vendor: Vendor, today: date, *, at_once: int = 1) -> KeyView:  # noqa: ARG001  # one by one
    """Whose the key is, how many seats are assigned, and how many people used Claude Code on the last days.

    Raises what ``Vendor.get`` raises, but for ContractBroken. Nobody is listed: members are only counted.
    """
    first = max(today - timedelta(days=SUMMED_DAYS), LIVE[NAME].since)
    costs = _ask_once(vendor, COSTS, {**_days(first, today), "limit": 1})
    summaries = _fetch_summaries(vendor, first, today)
    broken = [answer.broken for answer in (costs, summaries) if answer.broken]
    organization: str | None = None
    counted: dict[date, _Summary] | None = None
    try:
        if not costs.broken:
            organization = _organization(decode(_ENVELOPE, costs.pages[0], 1).organization_id, "page 1")
        if not summaries.broken:
            said = decode(_SUMMARIES, summaries.pages[0], 1).summaries
            counted = {_day_of(one.starting_at, "summaries"): one for one in said}
    except ContractBroken as error:
        broken.append(error)
    return KeyView(
        organization_id=organization,
        organization_name=None,
        members=None,
        keys=None,
        pages={COSTS: costs.pages, SUMMARIES: summaries.pages},
        broken=broken[0] if broken else None,
        seats=counted[max(counted)].assigned_seat_count if counted else None,
        daily_active=None if counted is None else _daily_active(counted),
    )


def whose(vendor: Vendor, today: date) -> str:
    """The organisation that the key is of: the cost report says it of any day. Raises what ``Vendor.get``
    raises."""
    page = vendor.get(COSTS, {**_days(today - ONE_DAY, today), "limit": 1})
    return _organization(decode(_ENVELOPE, page, 1).organization_id, "page 1")


def _daily_active(counted: Mapping[date, _Summary]) -> dict[date, int]:
    """How many people used Claude Code on each day, of those of which the vendor tells."""
    by_day = {day: one.claude_code_daily_active_user_count for day, one in sorted(counted.items())}
    return {day: count for day, count in by_day.items() if count is not None}


def _fetch_summaries(vendor: Vendor, first: date, today: date) -> PagedAnswer:
    """The newest summaries: their last day is looked for as the refusals tell, or a day back each time."""
    end = today
    while True:
        params = {"starting_date": first.isoformat(), "ending_date": end.isoformat()}
        answer = _ask_once(vendor, SUMMARIES, params)
        refused = answer.broken
        if refused is None or refused.status != BAD_REQUEST or end <= max(first, today - LOOKED_BACK):
            return answer
        newest = max((one for one in refused.days if one < end - ONE_DAY), default=end - 2 * ONE_DAY)
        end = newest + ONE_DAY


def opens(vendor: Vendor) -> bool:
    """Whether the key opens the Analytics API; a question that is merely refused was let in."""
    try:
        vendor.get(SUMMARIES, {"starting_date": "2026-01-01", "ending_date": "2026-01-02"})
    except ContractBroken as refused:
        return refused.status == BAD_REQUEST
    return True


# --- a row on the wire -------------------------------------------------------------------------


class _User(msgspec.Struct):
    id: str
    email_address: str | None = None
    email: str | None = None


class _Lines(msgspec.Struct):
    added_count: Count
    removed_count: Count


class _CoreMetrics(msgspec.Struct):
    commit_count: Count
    lines_of_code: _Lines
    pull_request_count: Count
    distinct_session_count: Count | None = None


class _Decisions(msgspec.Struct):
    accepted_count: Count
    rejected_count: Count


class _ClaudeCode(msgspec.Struct):
    core_metrics: _CoreMetrics
    tool_actions: dict[str, _Decisions | None] | None = None


class _Row(msgspec.Struct):
    user: _User
    claude_code_metrics: _ClaudeCode


class _Users(msgspec.Struct):
    data: list[_Row]


class _CostActor(msgspec.Struct):
    user_id: str
    email_address: str | None = None
    email: str | None = None


class _Cost(msgspec.Struct):
    actor: _CostActor
    amount: Decimal
    currency: str
    starting_at: str
    product: str | None = None


class _Costs(msgspec.Struct):
    data: list[_Cost]
    organization_id: str
    data_refreshed_at: str | None = None


_USERS = msgspec.json.Decoder(_Users)
_COSTS = msgspec.json.Decoder(_Costs)

# --- from rows to observations -----------------------------------------------------------------


def read_day(pages: Sequence[bytes], day: date, expected_organization: str | None = None) -> DayReading:
    """Sum what each person did, and what that cost; whoever used other products alone is left out.

    Users whose account is gone have no address in the cost report: their cost is that of their id.

    Raises ContractBroken for a cost of another day, or of another organisation than the one asked for
    (without an expected one: than the first page's), and for whatever else the contract excludes.
    """
    sums = Sums()
    people: dict[str, Actor] = {}
    organizations: set[str] = set()
    rows = 0
    whole = True
    with localcontext(EXACT):
        for number, page in enumerate(pages, start=1):
            if decode(_ENVELOPE, page, number).has_more is None:
                for index, row in enumerate(decode(_USERS, page, number).data):
                    actor = people[row.user.id] = _person(row.user, f"page {number}, data[{index}].user")
                    measures = _measures(row.claude_code_metrics)
                    if measures.any_activity:
                        sums.add(actor, POPULATION, measures)
                        rows += 1
                continue
            costs = decode(_COSTS, page, number)
            _check(organizations, costs.organization_id, expected_organization, f"page {number}")
            whole = whole and _is_whole(costs, day, used=bool(rows))
            for index, cost in enumerate(costs.data):
                place = f"page {number}, data[{index}]"
                amount = _amount(cost, day, place)
                if amount and cost.product in (None, PRODUCT):
                    sums.add(_payer(cost.actor, people), POPULATION, Measures(cost=amount))
                    rows += 1
    return sums.reading(frozenset(organizations if rows else ()), rows, whole=whole)


def _is_whole(costs: _Costs, day: date, *, used: bool) -> bool:
    """Whether the day's costs are all there. The report says how far it reaches; or nothing, where it does
    not know of any: then a day that was used is not there yet."""
    if costs.data_refreshed_at is None:
        return bool(costs.data) or not used
    return _moment_of(costs.data_refreshed_at, "data_refreshed_at") >= midnight(day + ONE_DAY)


def _person(user: _User, place: str) -> Actor:
    """Who it is; whose account is gone has no address, and is known by its id."""
    if user.email_address is None and user.email is None:
        return Actor("name", user.id)
    address = normal_address(user.email_address or user.email or "")
    if "@" not in address:
        found = "text without @" if address else "nothing"
        raise breach(f"{place}.email_address", found, "an e-mail address")
    return Actor("engineer", address)


def _payer(actor: _CostActor, people: Mapping[str, Actor]) -> Actor:
    """Whose cost it is: the address's, else the one that the same day's users give to the id."""
    address = normal_address(actor.email_address or actor.email or "")
    if "@" in address:
        return Actor("engineer", address)
    return people.get(actor.user_id, Actor("name", actor.user_id))


def _measures(of: _ClaudeCode) -> Measures:
    """What was done. Sessions are not counted where the vendor says null: that is none of Claude Code's."""
    core = of.core_metrics
    decisions = [one for one in (of.tool_actions or {}).values() if one is not None]
    return Measures(
        sessions=core.distinct_session_count or 0,
        lines_accepted=core.lines_of_code.added_count,
        lines_removed=core.lines_of_code.removed_count,
        decisions_accepted=sum(one.accepted_count for one in decisions),
        decisions_rejected=sum(one.rejected_count for one in decisions),
        commits=core.commit_count,
        pull_requests=core.pull_request_count,
    )


def _amount(cost: _Cost, day: date, place: str) -> Decimal:
    """US dollars, of a row of that day."""
    found = _day_of(cost.starting_at, f"{place}.starting_at")
    if found != day:
        raise breach(f"{place}.starting_at", found.isoformat(), day.isoformat())
    return cents_of(cost.amount, cost.currency, place).scaleb(-2)


def _check(seen: set[str], found: str, expected: str | None, place: str) -> None:
    """Remember whose the page is. Raises RowsOfAnother where that is another organisation."""
    seen.add(_organization(found, place))
    meant = {expected} if expected else seen
    if len(seen | meant) > 1:
        broken = breach(f"{place}.organization_id", "another organisation", "the one that was asked for")
        raise RowsOfAnother(str(broken), action=broken.action)


def _organization(text: str | None, place: str) -> str:
    """An organisation's id, ``org_…``; raises ContractBroken for anything else."""
    if not text or not text.replace("_", "").isalnum() or not text.isascii():
        raise breach(f"{place}.organization_id", "text that is no id" if text else "nothing", "an id, org_…")
    return text


def _day_of(text: str, place: str) -> date:
    """The UTC day of a moment, or a mere date."""
    return _moment_of(text, place).date()


def _moment_of(text: str, place: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise breach(place, "text that is no moment", "a moment")
