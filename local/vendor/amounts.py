"""What was done, as sums: the twelve counts that a row of the Claude Code report carries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

CENT_STEP = Decimal("0.01")  # the vendor writes cents with decimals; we keep two

COUNTS = (
    "sessions",
    "lines_accepted",
    "lines_removed",
    "decisions_accepted",
    "decisions_rejected",
    "commits",
    "pull_requests",
    "tokens_input",
    "tokens_output",
    "tokens_cache_read",
    "tokens_cache_creation",
)


@dataclass(frozen=True, slots=True)
class Amounts:
    """Sums of one stretch of use. `cost_cents` is an estimate in US cents; everything else is a count.

    `lines_accepted` is the wire's `lines_of_code.added`; decisions are over every tool, unknown ones too.
    """

    sessions: int = 0
    lines_accepted: int = 0
    lines_removed: int = 0
    decisions_accepted: int = 0
    decisions_rejected: int = 0
    commits: int = 0
    pull_requests: int = 0
    tokens_input: int = 0
    tokens_output: int = 0
    tokens_cache_read: int = 0
    tokens_cache_creation: int = 0
    cost_cents: Decimal = Decimal(0)

    @classmethod
    def of(cls, counts: Iterable[int], cost_cents: Decimal) -> Amounts:
        """The amounts with these counts, in the order of `COUNTS`."""
        values: dict[str, Any] = dict(zip(COUNTS, counts, strict=True))
        return cls(**values, cost_cents=cost_cents)

    @property
    def tokens(self) -> int:
        """All four kinds of token together."""
        return self.tokens_input + self.tokens_output + self.tokens_cache_read + self.tokens_cache_creation

    @property
    def is_activity(self) -> bool:
        """Any session, line, commit, pull request, decision or token: the basis `anyActivity`."""
        return any(getattr(self, name) for name in COUNTS)

    def __add__(self, other: Amounts) -> Amounts:
        counts = [getattr(self, name) + getattr(other, name) for name in COUNTS]
        return Amounts.of(counts, self.cost_cents + other.cost_cents)

    def __sub__(self, other: Amounts) -> Amounts:
        counts = [getattr(self, name) - getattr(other, name) for name in COUNTS]
        return Amounts.of(counts, self.cost_cents - other.cost_cents)

    def share(self, percent: int) -> Amounts:
        """That many per cent of each sum, rounded down; the rest is `self - self.share(percent)`."""
        counts = [getattr(self, name) * percent // 100 for name in COUNTS]
        cost = (self.cost_cents * percent / 100).quantize(CENT_STEP, ROUND_DOWN)
        return Amounts.of(counts, cost)

    def scaled(self, factor: float) -> Amounts:
        """Each sum times `factor`, rounded: what a restated day says."""
        exact = Decimal(str(factor))
        counts = [int((getattr(self, name) * exact).to_integral_value(ROUND_HALF_UP)) for name in COUNTS]
        return Amounts.of(counts, (self.cost_cents * exact).quantize(CENT_STEP, ROUND_HALF_UP))

    def document(self) -> dict[str, object]:
        """The sums as JSON, in the project's field names; cents stay exact as a decimal string."""
        return {
            "sessions": self.sessions,
            "linesAccepted": self.lines_accepted,
            "linesRemoved": self.lines_removed,
            "decisionsAccepted": self.decisions_accepted,
            "decisionsRejected": self.decisions_rejected,
            "commits": self.commits,
            "pullRequests": self.pull_requests,
            "tokensInput": self.tokens_input,
            "tokensOutput": self.tokens_output,
            "tokensCacheRead": self.tokens_cache_read,
            "tokensCacheCreation": self.tokens_cache_creation,
            "tokens": self.tokens,
            "costCents": format(self.cost_cents, "f"),
        }
