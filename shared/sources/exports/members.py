"""The members of an organisation and the seats that they hold, on the day of the download."""

from __future__ import annotations

import msgspec

from shared.sources.exports.cells import Value, once
from shared.sources.exports.dropped import Export, export_facts_of
from shared.sources.exports.findings import Findings
from shared.sources.exports.forms import MembersKind
from shared.sources.exports.labels import label_key
from shared.sources.exports.moments import Arrival, moment_of
from shared.sources.exports.names import read_name
from shared.sources.exports.rows import rows_of
from shared.sources.exports.table import Table

__all__ = ["Member", "Members", "at_least_one_member", "is_assigned", "read_members"]

_STATUSES = {"active": True, "inactive": False, "pending": False}
_LINES_SAID = 10


class Member(msgspec.Struct, frozen=True):
    """One row. Role, status and tier stand as the vendor wrote them: all three are open sets."""

    address: str
    name: str
    role: str
    status: str
    tier: str

    @property
    def holds_seat(self) -> bool:
        """Whether the member counts as an engineer where there is no other roster: Pending, Inactive and
        Unassigned do not. A status that is not known does, because somebody pays for the seat.
        """
        return _STATUSES.get(label_key(self.status), True) and is_assigned(self.tier)


class Members(Export, frozen=True, kw_only=True):
    """What one export says, in the order of its rows. A day in its name is that of the download."""

    members: tuple[Member, ...]


def is_assigned(tier: str) -> bool:
    """Whether a tier is that of a seat; an empty cell says as little as ``Unassigned``."""
    return label_key(tier) not in ("", "unassigned")


def read_members(table: Table, kind: MembersKind, arrival: Arrival, findings: Findings) -> Members:
    """Read the rest of the table. Raises ExportRefused with everything that is wrong."""
    moment = moment_of(arrival, read_name(arrival.name, findings), findings)
    columns = {column.gives: column for column in kind.columns}
    statuses = _Statuses()
    laws = {columns["address"]: once(columns["address"], findings), columns["status"]: statuses.hear}
    members = tuple(rows_of(table, kind, Member, findings, laws))
    at_least_one_member(table, findings)
    if statuses.unknown and not statuses.known:
        _another_language(statuses.unknown[0], findings)
    if moment is None or findings:
        findings.refuse()
    return Members(
        **export_facts_of(table, kind, moment, arrival),
        rows_accepted=len(members),
        members=members,
        notes=(*table.notes(kind), *statuses.notes()),
    )


def at_least_one_member(table: Table, findings: Findings) -> None:
    """Add a finding for a list of nobody: whoever exported it is a member."""
    if not table.rows_in and not findings:
        findings.add(
            "constraint-error",
            "the file lists no member",
            found="a header alone",
            expected="one row for each member; whoever exported it is one",
        )


class _Statuses:
    """Which rows have a status that is known, and which another one.

    One new word among known ones is the vendor's, and no admin can correct it: the row is kept. A column
    without any known word is of another language, in which a guess would count everybody in.
    """

    def __init__(self) -> None:
        self.known = 0
        self.unknown: list[int] = []

    def hear(self, line: int, status: Value) -> None:
        if label_key(str(status)) in _STATUSES:
            self.known += 1
        else:
            self.unknown.append(line)

    def notes(self) -> list[str]:
        """What the admin should know of the others."""
        if not self.unknown:
            return []
        said = ", ".join(map(str, self.unknown[:_LINES_SAID]))
        more = len(self.unknown) - _LINES_SAID
        return [
            "Status is neither Active nor Inactive nor Pending, taken for one that holds a seat: "
            f"lines {said}{f' and {more} more' if more > 0 else ''}."
        ]


def _another_language(line: int, findings: Findings) -> None:
    findings.add(
        "constraint-error",
        "no row has a status that is known",
        line=line,
        column="Status",
        expected="Active, Inactive or Pending",
        action="export in English",
    )
