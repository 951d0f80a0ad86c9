"""The CSV files that an admin drops: exports downloaded by hand, and what the admin configures.

Bytes and names in, values out. Pure: no storage, no clock. What is wrong with a file is an
ExportRefused whose findings an admin can act on; what is good is a MonthToDate or a Configuration.
A new kind is one entry in ``kinds.KINDS``; a new shape of file is one reader beside those two.
"""

from shared.sources.exports.admission import check_organization, check_size
from shared.sources.exports.configuration import Configuration
from shared.sources.exports.content import content_key
from shared.sources.exports.entries import Alias, Entry, Holiday, KeyOwner, RosterEntry
from shared.sources.exports.kinds import KINDS, ConfigurationKind, Kind, MonthToDateKind, recognise
from shared.sources.exports.moments import Evidence
from shared.sources.exports.month_to_date import MonthToDate
from shared.sources.exports.names import organization_of
from shared.sources.exports.reading import read_dropped

__all__ = [
    "KINDS",
    "Alias",
    "Configuration",
    "ConfigurationKind",
    "Entry",
    "Evidence",
    "Holiday",
    "KeyOwner",
    "Kind",
    "MonthToDate",
    "MonthToDateKind",
    "RosterEntry",
    "check_organization",
    "check_size",
    "content_key",
    "organization_of",
    "read_dropped",
    "recognise",
]
