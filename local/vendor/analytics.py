"""The Claude Enterprise Analytics API (contract section 3), over the Enterprise plan of a world."""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from local.vendor.amounts import Amounts
from local.vendor.draw import draw
from local.vendor.enterprise import COSTS_BEHIND, EARLIEST, Enterprise, midnight, people_of
from local.vendor.exchange import Document, Request
from local.vendor.organization import stamp
from local.vendor.problems import Refusal
from local.vendor.rows import spread_over_tools
from local.vendor.usage import Use, days_between
from local.vendor.world import World

PREFIX = "/v1/organizations/analytics/"
SPAN = 31  # days at most in one question
FACTOR_PLACES = Decimal("0.000001")


class Analytics:
    """What the API answers about one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._paths: dict[str, Callable[[Request, Enterprise], Document]] = {
            f"{PREFIX}users": self._users,
            f"{PREFIX}summaries": self._summaries,
            f"{PREFIX}user_cost_report": self._costs,
        }

    def answer(self, request: Request) -> Document:
        """The document that answers the request. Raises Refusal with the contract's error."""
        if request.headers["x-api-key"].startswith("sk-ant-admin"):
            raise Refusal(403, "Missing required scopes. Got: ['api:admin'] Needed: ['read:analytics']")
        plan = self._world.enterprise
        if plan is None or not plan.is_open or request.headers["x-api-key"] != plan.key:
            raise Refusal(404, "Not found")
        wait = plan.admit(request.moment)
        if wait:
            raise Refusal(429, "60 requests a minute are used up", {"retry-after": str(math.ceil(wait))})
        answer = self._paths.get(request.path)
        if answer is None or request.method != "GET":
            raise Refusal(404, "Not found")
        return answer(request, plan)

    # --- what each user did --------------------------------------------------------------------

    def _users(self, request: Request, plan: Enterprise) -> Document:
        request.accept_only(("date", "starting_date", "ending_date", "limit", "page"))
        if request.parameter("date") is not None:
            if request.parameter("starting_date") or request.parameter("ending_date"):
                raise Refusal(400, "date: cannot be given beside starting_date and ending_date")
            first = _day(request, "date")
            end = first + timedelta(days=1)
        else:
            first, end = _days(request)
        _refuse_too_recent(plan, end - timedelta(days=1), request.moment)
        oldest = (request.moment - plan.keeps).date()
        if first < oldest:
            raise Refusal(400, f"Data for {first} is not kept: the earliest date is {oldest}")
        uses = [use for day in days_between(first, end) for use in plan.uses(day)]
        rows = [self._user(plan, person, first, uses) for person in people_of(uses)]
        rows += [self._user(plan, person, first, ()) for person in plan.chatting]
        page, following = _page(request, rows, default=100)
        document: Document = {"data": page}
        if following is not None:
            document["next_page"] = following
        elif draw(self._world.seed, first, "end").random() < 0.5:
            document["next_page"] = None  # and absent otherwise: both mean the end
        return document

    def _user(self, plan: Enterprise, person: str, day: date, uses: Sequence[Use]) -> Document:
        done = sum((use.amounts for use in uses if use.actor == person), Amounts())
        chance = draw(self._world.seed, person, day, "analytics")
        user: Document = {"id": user_id(plan, person), "email_address": _written(person, chance.random())}
        if chance.random() < 0.5:
            user["type"] = "user"
        core: Document = {
            "commit_count": done.commits,
            "distinct_session_count": done.sessions or None,
            "lines_of_code": {"added_count": done.lines_accepted, "removed_count": done.lines_removed},
            "pull_request_count": done.pull_requests,
        }
        if chance.random() < 0.5:
            core["artifacts_created_count"] = 0
        decisions = {
            tool: {"accepted_count": accepted, "rejected_count": rejected}
            for tool, accepted, rejected in spread_over_tools(done, chance)
        }
        return {
            "user": user,
            "chat_metrics": {"distinct_conversation_count": chance.randrange(9), "message_count": 40},
            "claude_code_metrics": {"core_metrics": core, "tool_actions": decisions},
            "cowork_metrics": {"distinct_session_count": 0},
            "office_metrics": {},
        }

    # --- the organisation, day by day ----------------------------------------------------------

    def _summaries(self, request: Request, plan: Enterprise) -> Document:
        request.accept_only(("starting_date", "ending_date"))
        first, end = _days(request)
        _refuse_too_recent(plan, end - timedelta(days=1), request.moment)
        return {"summaries": [_summary(plan, day) for day in days_between(first, end)]}

    # --- what each user cost -------------------------------------------------------------------

    def _costs(self, request: Request, plan: Enterprise) -> Document:
        names = ("starting_at", "ending_at", "bucket_width", "products[]", "limit", "page")
        request.accept_only(names)
        first, end = _moment(request, "starting_at"), _moment(request, "ending_at")
        if end <= first or end - first > timedelta(days=SPAN):
            raise Refusal(400, f"ending_at: must be after starting_at, by at most {SPAN} days")
        if first < max(midnight(EARLIEST), request.moment - timedelta(days=365)):
            raise Refusal(400, "starting_at: too long ago")
        if request.parameter("bucket_width") not in (None, "1d"):
            raise Refusal(400, "bucket_width: this simulation knows 1d only")
        refreshed = request.moment - COSTS_BEHIND
        last = min(end, refreshed)
        rows = [
            row
            for day in days_between(first.date(), (last + timedelta(days=1)).date())
            if midnight(day) < last
            for row in self._cost_rows(plan, day, last)
        ]
        page, following = _page(request, rows, default=20)
        return {
            "data": page,
            "has_more": following is not None,
            "next_page": following,
            "data_refreshed_at": stamp(refreshed),
            "organization_id": plan.organization_id,
        }

    def _cost_rows(self, plan: Enterprise, day: date, until: datetime) -> list[Document]:
        uses = [use for use in plan.uses(day) if use.moment < until]
        factor = Decimal(str(plan.cost_factor(day)))
        rows: list[Document] = []
        for person in people_of(uses):
            cents = sum((use.amounts.cost_cents for use in uses if use.actor == person), Decimal(0))
            amount = format((cents * factor).quantize(FACTOR_PLACES), "f")
            actor: Document = {"type": "user_actor", "user_id": user_id(plan, person), "deleted": False}
            spelling = draw(self._world.seed, person, day, "spelling").choice(("email", "email_address"))
            actor |= {spelling: person, "name": person.partition("@")[0].title()}
            rows.append(
                {
                    "actor": actor,
                    "amount": amount,
                    "list_amount": amount,
                    "currency": "USD",
                    "starting_at": stamp(midnight(day)),
                    "ending_at": stamp(midnight(day + timedelta(days=1))),
                    "product": None,
                    "requests": len(uses),
                }
            )
        return rows


def user_id(plan: Enterprise, person: str) -> str:
    """The vendor's id of a member."""
    known = [*plan.members, *plan.chatting]
    return f"user_01{known.index(person):06d}" if person in known else "user_01unknown"


def _written(address: str, chance: float) -> str:
    """As the person once typed it."""
    return address.title() if chance < 0.2 else address


def _summary(plan: Enterprise, day: date) -> Document:
    active = len(people_of(plan.uses(day)))
    seats = len(plan.members) + len(plan.chatting)
    return {
        "starting_at": stamp(midnight(day)),
        "ending_at": stamp(midnight(day + timedelta(days=1))),
        "assigned_seat_count": seats,
        "pending_invite_count": 1,
        "daily_active_user_count": active + len(plan.chatting),
        "weekly_active_user_count": seats,
        "monthly_active_user_count": seats,
        "daily_adoption_rate": round(100 * active / seats, 2) if seats else 0,
        "claude_code_daily_active_user_count": active,
        "claude_code_weekly_active_user_count": active,
        "claude_code_monthly_active_user_count": active,
    }


# --- what was asked ----------------------------------------------------------------------------


def _day(request: Request, name: str) -> date:
    sent = request.parameter(name)
    if sent is None:
        raise Refusal(400, f"{name}: Field required")
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", sent, re.ASCII):
            raise ValueError("another form")
        found = date.fromisoformat(sent)
    except ValueError as error:
        raise Refusal(400, f"{name}: Input should be a valid date, YYYY-MM-DD") from error
    if found < EARLIEST:
        raise Refusal(400, f"{name}: data begins on {EARLIEST}")
    return found


def _days(request: Request) -> tuple[date, date]:
    first, end = _day(request, "starting_date"), _day(request, "ending_date")
    if not timedelta(0) < end - first <= timedelta(days=SPAN):
        raise Refusal(400, f"ending_date: must be after starting_date, by at most {SPAN} days")
    return first, end


def _moment(request: Request, name: str) -> datetime:
    sent = request.parameter(name)
    if sent is None:
        raise Refusal(400, f"{name}: Field required")
    try:
        moment = datetime.fromisoformat(sent)
    except ValueError as error:
        raise Refusal(400, f"{name}: Input should be a valid datetime") from error
    if moment.tzinfo is None:
        raise Refusal(400, f"{name}: Input should have timezone info")
    return moment.astimezone(UTC)


def _refuse_too_recent(plan: Enterprise, day: date, moment: datetime) -> None:
    newest = plan.newest(moment)
    if day > newest:
        told = f": the latest available date is {newest}" if plan.names_newest else ""
        raise Refusal(400, f"Data for {day} is not available yet{told}")


def _page(request: Request, rows: Sequence[Document], *, default: int) -> tuple[list[Document], str | None]:
    """The rows of the page that was asked for, and the next one's cursor, good for that query only."""
    limit = request.limit(default)
    query = sorted((name, value) for name, value in request.query if name != "page")
    sent = request.parameter("page")
    begin = 0
    if sent is not None:
        try:
            coded = sent.removeprefix("page_")
            of_query, begin = json.loads(base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)))
            if of_query != [list(one) for one in query] or begin < 0:
                raise ValueError("another query's cursor")
        except (ValueError, TypeError) as error:
            raise Refusal(400, "page: Invalid page token for this query") from error
    end = begin + limit
    following = None
    if end < len(rows):
        text = json.dumps([query, end])
        following = "page_" + base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return list(rows[begin:end]), following
