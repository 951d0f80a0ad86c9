"""Which source counts: of each population one, the best that tells of it; the others are its witnesses.

Populations add, duplicates do not (docs/metrics.md). Exports come after the live sources of their population.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shared.adoption.daily import TELLS

ENTERPRISE, ADMIN = "claude_enterprise_analytics", "claude_code_admin"

#: The live sources of each population, the best first. The Analytics API is where the vendor counts seats;
#: the Admin API marks some of their rows, and leaves most out. Those that are not named come last.
BEST: Mapping[str, tuple[str, ...]] = {"subscription": (ENTERPRISE, ADMIN), "api": (ADMIN, ENTERPRISE)}

#: What a live source does not tell of anybody: unknown, and never 0.
NOT_TOLD_BY: Mapping[str, frozenset[str]] = {ENTERPRISE: frozenset({"tokens"})}


def best_first(population: str, sources: Iterable[str]) -> list[str]:
    """The sources in the order in which they count for a population."""
    ranks = {source: rank for rank, source in enumerate(BEST.get(population, ()))}
    return sorted(sources, key=lambda source: (ranks.get(source, len(ranks)), source))


def told_by(source: str) -> frozenset[str]:
    """The measures that a live source tells."""
    return frozenset(TELLS) - NOT_TOLD_BY.get(source, frozenset())
