"""Worlds with an Enterprise plan: with one key, with both, contradicting each other, and before access."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from local.vendor.acme import TEAM, acme_world, ci, eight
from local.vendor.enterprise import ANALYTICS_KEY, Enterprise
from local.vendor.states import CLAUDE_AI, roster, weekly_exports
from local.vendor.team import rising
from local.vendor.usage import History, JoinedHistory, OfPopulation, ScaledHistory, WrittenHistory
from local.vendor.world import World

CHATTING = ("ida@example.com", "jan@example.com")


def enterprise(name: str, seed: int, today: date) -> World:
    """An Enterprise plan: 8 engineers, whom the Analytics API alone shows; the answer is yes."""
    history = eight(seed, today, rising, ("subscription",))
    world = _on_enterprise(acme_world(name, seed, WrittenHistory()), today, history)
    world.settings = {**world.settings, "ANTHROPIC_ADMIN_KEY": ""}
    return world


def both_keys(name: str, seed: int, today: date) -> World:
    """Both keys: use over the API on the one, on subscriptions on the other, of the same 8 engineers."""
    whole = eight(seed, today, rising)
    seen = JoinedHistory(OfPopulation(whole, "api"), ci(seed, today))
    return _on_enterprise(acme_world(name, seed, seen), today, whole)


def both_disagree(name: str, seed: int, today: date) -> World:
    """Both keys, and the Admin API shows a good half of what subscriptions did by the Analytics API."""
    whole = eight(seed, today, rising)
    half = ScaledHistory(OfPopulation(whole, "subscription"), 0.6)
    seen = JoinedHistory(OfPopulation(whole, "api"), half, ci(seed, today))
    return _on_enterprise(acme_world(name, seed, seen), today, whole)


def enterprise_locked(name: str, seed: int, today: date) -> World:
    """Weekly exports, and an Analytics API key whose plan has no access yet: it opens when it is told to."""
    world = enterprise(name, seed, today)
    assert world.enterprise is not None  # noqa: S101  it was made a line ago
    world.enterprise.is_open = False
    world.unseen = world.enterprise.history
    expected = world.settings["EXPECTED_ORGANIZATIONS"]
    world.settings = {**world.settings, "EXPECTED_ORGANIZATIONS": f"{expected},claude_ai:{CLAUDE_AI}"}
    world.dropped = [roster(today), *weekly_exports(world, today)]
    return world


BUILDERS: dict[str, Callable[[str, int, date], World]] = {
    "enterprise": enterprise,
    "both-keys": both_keys,
    "both-disagree": both_disagree,
    "enterprise-locked": enterprise_locked,
}


def _on_enterprise(world: World, today: date, history: History) -> World:
    """The world with a plan that shows the subscription use of a history, and a roster of the eight."""
    plan = Enterprise(members=TEAM, history=history, chatting=CHATTING)
    world.enterprise = plan
    organizations = f"console:{world.expected_organization},analytics:{plan.organization_id}"
    world.settings = {"ANTHROPIC_ANALYTICS_KEY": ANALYTICS_KEY, "EXPECTED_ORGANIZATIONS": organizations}
    world.dropped = [roster(today)]
    return world
