"""The CSV exports that an admin downloads by hand: bytes and names in, values out.

Pure: no storage, no clock. What is wrong with a file is an ExportRefused whose findings an admin
can act on; what is good is a ReadExport. A new kind is one entry in ``kinds.KINDS``.
"""

from shared.sources.exports.content import content_key
from shared.sources.exports.kinds import KINDS, Kind, recognise
from shared.sources.exports.moments import Evidence
from shared.sources.exports.names import organization_of
from shared.sources.exports.reading import ReadExport, read_export

__all__ = [
    "KINDS",
    "Evidence",
    "Kind",
    "ReadExport",
    "content_key",
    "organization_of",
    "read_export",
    "recognise",
]
