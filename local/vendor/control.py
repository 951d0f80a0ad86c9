"""`/_simulator/`: what a test or a developer tells a vendor that runs in another process."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from local.vendor.exchange import Answer, Document, Request
from local.vendor.misbehaviour import KINDS, Misbehaviour
from local.vendor.organization import stamp

if TYPE_CHECKING:
    from local.vendor.vendor import SimulatedVendor

PREFIX = "/_simulator/"

Question = Callable[["SimulatedVendor", Request], Document]


def answer(vendor: SimulatedVendor, request: Request) -> Answer:
    """Do what is asked. 404 for an unknown path, 400 with the reason where it cannot be done."""
    question = QUESTIONS.get((request.method, request.path.removeprefix(PREFIX)))
    if question is None:
        asked = [f"{method} {PREFIX}{name}" for method, name in QUESTIONS]
        return Answer.of({"error": "no such question", "questions": asked}, 404)
    try:
        return Answer.of(question(vendor, request))
    except (ValueError, TypeError, KeyError) as error:
        return Answer.of({"error": str(error)}, 400)


def _misbehave(vendor: SimulatedVendor, request: Request) -> Document:
    """`{"kind", "times", "path", "day", "skip", "milliseconds", "retry_after"}`; times null is always."""
    vendor.add_rule(Misbehaviour.from_document(_body(request)))
    return _misbehaviours(vendor, request)


def _misbehaviours(vendor: SimulatedVendor, _request: Request) -> Document:
    return {
        "misbehaviours": [rule.document() for rule in vendor.misbehaviours],
        "kinds": {name: kind.description for name, kind in KINDS.items()},
    }


def _reset(vendor: SimulatedVendor, _request: Request) -> Document:
    vendor.reset()
    return {}


def _restate(vendor: SimulatedVendor, request: Request) -> Document:
    """`{"day", "factor"}`; the factor 0 leaves the day without rows."""
    told = _body(request)
    vendor.world.restate(date.fromisoformat(told["day"]), float(told["factor"]))
    return {}


def _plan(vendor: SimulatedVendor, request: Request) -> Document:
    """`{"open": bool, "shown_after_hours": number, "costs": {day: factor}}`, each where it is to change."""
    plan, told = vendor.world.enterprise, _body(request)
    if plan is None:
        raise ValueError("this world has no Enterprise plan")
    plan.is_open = bool(told.get("open", plan.is_open))
    if "shown_after_hours" in told:
        plan.shown_after = timedelta(hours=float(told["shown_after_hours"]))
    for day, factor in told.get("costs", {}).items():
        plan.restate_costs(date.fromisoformat(day), float(factor))
    return {"open": plan.is_open, "newest": plan.newest(vendor.clock()).isoformat()}


def _set_clock(vendor: SimulatedVendor, request: Request) -> Document:
    """`{"now": ISO moment}` or `{"advance_seconds": number}`; the clock then stands still."""
    told = _body(request)
    if "now" in told:
        vendor.clock = datetime.fromisoformat(told["now"])
    else:
        vendor.clock = vendor.clock() + timedelta(seconds=float(told["advance_seconds"]))
    return {"now": stamp(vendor.clock())}


def _truth(vendor: SimulatedVendor, request: Request) -> Document:
    """`?week=MONDAY` or `?day=DAY`, complete days; with `&shown=now` only what the API shows by now."""
    as_of = vendor.clock() if request.parameter("shown") == "now" else None
    week, day = request.parameter("week"), request.parameter("day")
    if week is not None:
        return vendor.world.truth_of_week(date.fromisoformat(week), as_of=as_of).document()
    if day is not None:
        return vendor.world.truth(date.fromisoformat(day), as_of=as_of).document()
    raise ValueError("week=YYYY-MM-DD, a Monday, or day=YYYY-MM-DD is needed")


def _exports(vendor: SimulatedVendor, request: Request) -> Document:
    """`?month=YYYY-MM-DD&moment=ISO`: accepted lines per subscriber, as a team export would have them."""
    month, moment = request.parameter("month"), request.parameter("moment")
    if month is None or moment is None:
        raise ValueError("month=YYYY-MM-DD and moment=ISO are needed")
    lines = vendor.world.lines_month_to_date(date.fromisoformat(month), datetime.fromisoformat(moment))
    return {"linesMonthToDate": lines}


def _requests(vendor: SimulatedVendor, _request: Request) -> Document:
    return {"requests": [logged.document() for logged in vendor.requests]}


def _world(vendor: SimulatedVendor, _request: Request) -> Document:
    world = vendor.world
    return {
        "world": world.name,
        "seed": world.seed,
        "now": stamp(vendor.clock()),
        "organization": world.organization.document(),
        "expectedOrganization": world.expected_organization,
        "engineers": list(world.engineers),
        "members": len(world.members),
    }


def _body(request: Request) -> dict[str, Any]:
    told = json.loads(request.body or b"null")
    if not isinstance(told, dict):
        raise TypeError("the body must be a JSON object")
    return told


QUESTIONS: dict[tuple[str, str], Question] = {
    ("GET", "world"): _world,
    ("GET", "truth"): _truth,
    ("GET", "lines-month-to-date"): _exports,
    ("GET", "requests"): _requests,
    ("GET", "misbehave"): _misbehaviours,
    ("POST", "misbehave"): _misbehave,
    ("POST", "restate"): _restate,
    ("POST", "clock"): _set_clock,
    ("POST", "plan"): _plan,
    ("POST", "reset"): _reset,
}
