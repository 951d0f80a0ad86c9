"""A spend report: what each user spent in a range of days, by product and model.

On a Team plan the net spend is what exceeds the seats, so that 0 USD with tokens is use.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from shared.sources.exports.dropped import Export, export_facts_of
from shared.sources.exports.findings import Findings
from shared.sources.exports.forms import SpendReportKind
from shared.sources.exports.labels import label_key
from shared.sources.exports.moments import Arrival
from shared.sources.exports.rows import rows_of
from shared.sources.exports.spans import Span, moment_and_span
from shared.sources.exports.table import Table

__all__ = ["Spend", "SpendReport", "UserSpend", "read_spend_report"]

_CLAUDE_CODE = "claude code"


class Spend(msgspec.Struct, frozen=True):
    """Requests, tokens, and US dollars after (``net``) and before (``gross``) discounts and credits.

    Tokens are prompt + completion tokens. The prompt's are the whole input side of each request, as the
    vendor's help page says, what is read from caches and written to them included: the cache columns split
    them, and are checked and never added. Spend may be a tiny bit negative: the vendor corrects.
    """

    requests: int = 0
    tokens: int = 0
    net: Decimal = Decimal(0)
    gross: Decimal = Decimal(0)

    def __add__(self, other: Spend) -> Spend:
        return Spend(
            self.requests + other.requests,
            self.tokens + other.tokens,
            self.net + other.net,
            self.gross + other.gross,
        )


class UserSpend(msgspec.Struct, frozen=True):
    """What one user spent on Claude Code: the sum of the user's rows."""

    address: str
    spend: Spend


class SpendReport(Export, frozen=True, kw_only=True):
    """What one report says of the days in ``span``; ``total`` is the sum of all its rows.

    ``users`` holds, by address, everybody with a row of Claude Code: nobody else used it, whatever other
    products they used. ``unattributed`` is the Claude Code of nobody, such as ``(org service usage)``;
    ``other_products`` is everything else, everybody's. Where the last day is that of the moment it is told
    in part, and the report speaks of nothing after the moment less the lag.
    """

    span: Span
    users: tuple[UserSpend, ...]
    unattributed: Spend
    other_products: Spend

    @property
    def total(self) -> Spend:
        """The sum of all rows."""
        return sum((user.spend for user in self.users), self.unattributed + self.other_products)


class _Row(msgspec.Struct):
    """``user`` is an address, or None where the vendor says that it is nobody."""

    user: str | None
    product: str
    requests: int
    prompt: int
    completion: int
    net: Decimal
    gross: Decimal


def read_spend_report(
    table: Table, kind: SpendReportKind, arrival: Arrival, findings: Findings, most_people: int
) -> SpendReport:
    """Read the rest of the table. Raises ExportRefused with everything that is wrong."""
    moment, span = moment_and_span(arrival, kind, findings)
    of_claude_code: dict[str | None, Spend] = {}
    other_products = Spend()
    for row in rows_of(table, kind, _Row, findings, {}):
        spend = Spend(row.requests, row.prompt + row.completion, row.net, row.gross)
        if label_key(row.product) == _CLAUDE_CODE:
            of_claude_code[row.user] = of_claude_code.get(row.user, Spend()) + spend
        else:
            other_products += spend
        if len(of_claude_code) - (None in of_claude_code) > most_people:
            findings.add("source-error", f"the file tells of more than {most_people:,} users of Claude Code")
            break
    if moment is None or span is None or findings:
        findings.refuse()
    unattributed = of_claude_code.pop(None, Spend())
    users = {address: spend for address, spend in of_claude_code.items() if address is not None}
    return SpendReport(
        **export_facts_of(table, kind, moment, arrival),
        rows_accepted=table.rows_in,
        span=span,
        users=tuple(UserSpend(address, users[address]) for address in sorted(users)),
        unattributed=unattributed,
        other_products=other_products,
        notes=tuple(table.notes(kind)),
    )
