"""How a day's uses become rows of the Claude Code report, with every variant that the contract lists.

One actor-day is several rows: by customer type, terminal and `is_remote`, and now and then two rows with the
same of all three, since the grain is not documented as unique. What belongs together is drawn from the use
itself, so that a row only grows as the day goes on.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from local.vendor.amounts import Amounts
from local.vendor.draw import draw
from local.vendor.usage import Population, Use

IS_REMOTE_SINCE = date(2026, 9, 1)  # contract section 1: the field exists since September 2026
TERMINALS = (None, "vscode", "vscode", "iTerm.app", "tmux", "cursor", "hyperspace-9")
TOOLS = ("edit_tool", "multi_edit_tool", "write_tool", "notebook_edit_tool", "diagram_tool")
MODELS = ("claude-opus-4-8", "claude-sonnet-5", "claude-haiku-4-5")

JsonObject = dict[str, object]


@dataclass(frozen=True, slots=True)
class RowIdentity:
    """What one row is of; `part` tells apart rows that the wire cannot tell apart."""

    actor: str
    is_key: bool
    population: Population
    terminal: str | None = None
    is_remote: bool | None = None
    part: int = 0


def rows_of(day: date, uses: Iterable[Use], *, organization_id: str, seed: int) -> list[JsonObject]:
    """The rows of that day, in an order that keeps nobody's rows together."""
    sums: dict[RowIdentity, Amounts] = {}
    for use in uses:
        for identity, amounts in _split(use, seed):
            sums[identity] = sums.get(identity, Amounts()) + amounts
    rows = [
        _row(day, identity, organization_id, draw(seed, day, identity, "form"))
        | {
            "core_metrics": _core_metrics(amounts),
            "tool_actions": _tool_actions(amounts, draw(seed, day, identity, "tools")),
            "model_breakdown": _model_breakdown(amounts, draw(seed, day, identity, "models")),
        }
        for identity, amounts in sums.items()
    ]
    draw(seed, day, "order").shuffle(rows)
    return rows


def _split(use: Use, seed: int) -> list[tuple[RowIdentity, Amounts]]:
    """Keys have no terminal and stay whole; a person's use may have happened in two places."""
    if use.is_key:
        return [(RowIdentity(use.actor, True, use.population), use.amounts)]
    chance = draw(seed, use.actor, use.population, use.moment)
    here = _place(use, chance)
    if chance.random() > 0.2:
        return [(here, use.amounts)]
    first = use.amounts.share(chance.randrange(30, 80))
    return [(here, first), (_place(use, chance), use.amounts - first)]


def _place(use: Use, chance: random.Random) -> RowIdentity:
    remote = chance.choice((None, False, False, True))
    return RowIdentity(
        use.actor,
        False,
        use.population,
        chance.choice(TERMINALS),
        remote if use.day >= IS_REMOTE_SINCE else None,
        1 if chance.random() < 0.1 else 0,
    )


def _row(day: date, identity: RowIdentity, organization_id: str, chance: random.Random) -> JsonObject:
    """What a row says of itself; it does not change while the row grows."""
    row: JsonObject = {
        "date": day.isoformat() + chance.choice(("", "T00:00:00Z")),
        "organization_id": organization_id,
        "actor": _actor(identity, chance),
        "customer_type": identity.population,
    }
    if chance.random() < 0.7:  # and not consistent with the customer type
        row["subscription_type"] = chance.choice(("team", "enterprise", None))
    if identity.terminal is not None:
        row["terminal_type"] = identity.terminal
    if identity.is_remote is not None:
        row["is_remote"] = identity.is_remote
    return row


def _actor(identity: RowIdentity, chance: random.Random) -> JsonObject:
    if identity.is_key:
        return {"type": "api_actor", "api_key_name": identity.actor}
    local, _, domain = identity.actor.partition("@")
    written = chance.choice((local, local, local.title(), local.upper()))
    return {"type": "user_actor", "email_address": f"{written}@{domain}"}


def _core_metrics(amounts: Amounts) -> JsonObject:
    return {
        "num_sessions": amounts.sessions,
        "lines_of_code": {"added": amounts.lines_accepted, "removed": amounts.lines_removed},
        "commits_by_claude_code": amounts.commits,
        "pull_requests_by_claude_code": amounts.pull_requests,
    }


def _tool_actions(amounts: Amounts, chance: random.Random) -> JsonObject:
    """Decisions spread over one to three tools; none made is an empty map."""
    return {
        tool: {"accepted": accepted, "rejected": rejected}
        for tool, accepted, rejected in spread_over_tools(amounts, chance)
    }


def spread_over_tools(amounts: Amounts, chance: random.Random) -> list[tuple[str, int, int]]:
    """The decisions, accepted and rejected, of one to three tools; of none where none were made."""
    if not amounts.decisions_accepted and not amounts.decisions_rejected:
        return []
    tools = chance.sample(TOOLS, chance.randrange(1, 4))
    accepted = _spread(amounts.decisions_accepted, len(tools), chance)
    rejected = _spread(amounts.decisions_rejected, len(tools), chance)
    return list(zip(tools, accepted, rejected, strict=True))


def _spread(count: int, places: int, chance: random.Random) -> list[int]:
    cuts = sorted(chance.randrange(count + 1) for _ in range(places - 1))
    return [after - before for before, after in zip([0, *cuts], [*cuts, count], strict=True)]


def _model_breakdown(amounts: Amounts, chance: random.Random) -> list[JsonObject]:
    """Tokens and cost by model: one or two models, none where there were neither."""
    if not amounts.tokens and not amounts.cost_cents:
        return []
    models = chance.sample(MODELS, chance.randrange(1, 3))
    if len(models) == 1:
        return [_model(models[0], amounts, chance)]
    first = amounts.share(chance.randrange(10, 90))
    return [_model(models[0], first, chance), _model(models[1], amounts - first, chance)]


def _model(name: str, amounts: Amounts, chance: random.Random) -> JsonObject:
    tokens = {
        "input": amounts.tokens_input,
        "output": amounts.tokens_output,
        "cache_read": amounts.tokens_cache_read,
        "cache_creation": amounts.tokens_cache_creation,
    }
    if chance.random() < 0.5:  # a token field may be missing: it says no more than a zero
        tokens = {kind: count for kind, count in tokens.items() if count}
    return {
        "model": name,
        "tokens": tokens,
        "estimated_cost": {"amount": _cents(amounts.cost_cents, chance), "currency": "USD"},
    }


def _cents(amount: Decimal, chance: random.Random) -> str | int | float:
    """Cents as the wire has them: a string or a number, whole or not; either reads back exactly."""
    if chance.random() < 0.4:
        return format(amount, "f")
    return int(amount) if amount == amount.to_integral_value() else float(amount)
