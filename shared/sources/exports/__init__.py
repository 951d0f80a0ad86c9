"""The CSV files that an admin drops: exports downloaded by hand, and what the admin configures.

Bytes and names in, values out. Pure: no storage, no clock. What is wrong with a file is an
ExportRefused whose findings an admin can act on; what is good is Said, by the form of its kind.
A new kind is one entry in ``kinds.KINDS``; a new form is one reader beside the others.
"""

from shared.sources.exports.admission import MOST_PEOPLE, check_organization, check_size
from shared.sources.exports.configuration import Configuration
from shared.sources.exports.console_cost import ConsoleCost, KeyCost
from shared.sources.exports.content import Content
from shared.sources.exports.dropped import Dropped, Export
from shared.sources.exports.entries import (
    Alias,
    Canary,
    Entry,
    Holiday,
    KeyOwner,
    RosterEntry,
    SeatPrice,
)
from shared.sources.exports.fingerprint import content_key, fingerprint_of
from shared.sources.exports.forms import ConfigurationKind, ExportKind, Kind, MonthToDateKind
from shared.sources.exports.kinds import KINDS, recognise
from shared.sources.exports.members import Member, Members
from shared.sources.exports.members_analytics import MemberActivity, MembersAnalytics
from shared.sources.exports.moments import Evidence
from shared.sources.exports.month_to_date import MonthToDate
from shared.sources.exports.names import organization_of
from shared.sources.exports.reading import Said, read_dropped
from shared.sources.exports.spans import Span
from shared.sources.exports.spend_report import Spend, SpendReport, UserSpend

__all__ = [
    "KINDS",
    "MOST_PEOPLE",
    "Alias",
    "Canary",
    "Configuration",
    "ConfigurationKind",
    "ConsoleCost",
    "Content",
    "Dropped",
    "Entry",
    "Evidence",
    "Export",
    "ExportKind",
    "Holiday",
    "KeyCost",
    "KeyOwner",
    "Kind",
    "Member",
    "MemberActivity",
    "Members",
    "MembersAnalytics",
    "MonthToDate",
    "MonthToDateKind",
    "RosterEntry",
    "Said",
    "SeatPrice",
    "Span",
    "Spend",
    "SpendReport",
    "UserSpend",
    "check_organization",
    "check_size",
    "content_key",
    "fingerprint_of",
    "organization_of",
    "read_dropped",
    "recognise",
]
