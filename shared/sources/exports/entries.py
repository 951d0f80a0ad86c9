"""What a configuration file says, line by line: values of their own type, and the laws between them.

A law speaks of what no single cell can show; it names lines and never what stands there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

import msgspec

from shared.sources.exports.findings import Findings
from shared.sources.exports.labels import label_key

__all__ = [
    "Alias",
    "Canary",
    "Entry",
    "Holiday",
    "KeyOwner",
    "Law",
    "RosterEntry",
    "SeatPrice",
    "left_after_joined",
    "no_chains",
    "one_currency",
    "one_price_at_a_time",
]

#: The vendor's exports and API state every amount in US dollars.
CURRENCY = "USD"

_CORRECT_IT = "correct the line and drop the file again"


class RosterEntry(msgspec.Struct, frozen=True):
    """An engineer: ``joined`` is the first day on the roster, ``left`` the last; None is not stated."""

    address: str
    name: str = ""
    team: str = ""
    joined: date | None = None
    left: date | None = None


class Alias(msgspec.Struct, frozen=True):
    """Another address of the person at ``address``."""

    alias: str
    address: str


class KeyOwner(msgspec.Struct, frozen=True):
    """The person to whom an API key's rows belong. ``key_name`` is spelled as an Actor's."""

    key_name: str
    address: str


class Holiday(msgspec.Struct, frozen=True):
    """A day on which silence proves nothing. One day may have several names."""

    day: date
    name: str = ""


class SeatPrice(msgspec.Struct, frozen=True):
    """What a seat of a tier costs a month, from the day ``since`` on; None is from the beginning.

    Tiers are the same where their ``label_key`` is: exports write both Standard and standard.
    """

    tier: str
    monthly_price: Decimal
    currency: str
    since: date | None = None


class Canary(msgspec.Struct, frozen=True):
    """An engineer who is known to use Claude Code every working day: unseen means not visible."""

    address: str


Entry = RosterEntry | Alias | KeyOwner | Holiday | SeatPrice | Canary

#: A law looks at the entries of a file, each with its line, and adds a finding for each breach.
Law = Callable[[Sequence[tuple[int, Entry]], Findings], None]


def left_after_joined(entries: Sequence[tuple[int, Entry]], findings: Findings) -> None:
    """Nobody leaves before joining; ``left`` may be the day of ``joined``: both are days on the roster."""
    for line, entry in entries:
        if isinstance(entry, RosterEntry) and entry.joined and entry.left and entry.left < entry.joined:
            findings.add(
                "constraint-error",
                "left lies before joined",
                line=line,
                column="left",
                found=entry.left.isoformat(),
                expected=f"{entry.joined} or a later day",
                action=_CORRECT_IT,
            )


def no_chains(entries: Sequence[tuple[int, Entry]], findings: Findings) -> None:
    """An alias points to the address in use, never to another alias or to itself.

    A chain is refused rather than followed: whoever reads the file must see at once who is who, and
    a chain that is followed hides the circle it may be.
    """
    line_of = {entry.alias: line for line, entry in entries if isinstance(entry, Alias)}
    for line, entry in entries:
        if not isinstance(entry, Alias) or entry.address not in line_of:
            continue
        next_line = line_of[entry.address]
        findings.add(
            "constraint-error",
            "the alias points to itself"
            if next_line == line
            else f"the alias points to an address that is an alias itself, on line {next_line}",
            line=line,
            column="email",
            expected="the address in use, which is nobody's alias",
            action=_CORRECT_IT,
        )


def one_currency(entries: Sequence[tuple[int, Entry]], findings: Findings) -> None:
    """All prices are in the currency of the vendor's own amounts: amounts of two are never added, and nobody
    knows their rate here."""
    for line, price in entries:
        if isinstance(price, SeatPrice) and price.currency != CURRENCY:
            findings.add(
                "constraint-error",
                "the price is in another currency than the vendor's exports",
                line=line,
                column="currency",
                found=price.currency,
                expected=CURRENCY,
                action="state every price in US dollars",
            )


def one_price_at_a_time(entries: Sequence[tuple[int, Entry]], findings: Findings) -> None:
    """One tier has one price from one day on."""
    line_of: dict[tuple[str, date | None], int] = {}
    prices = [(line, entry) for line, entry in entries if isinstance(entry, SeatPrice)]
    for line, price in prices:
        first = line_of.setdefault((label_key(price.tier), price.since), line)
        if first != line:
            findings.add(
                "constraint-error",
                f"line {first} has a price of the same tier from the same day on",
                line=line,
                column="tier",
                found=f"from {price.since or 'the beginning'}",
                expected="one price for a tier and a day",
                action=_CORRECT_IT,
            )
