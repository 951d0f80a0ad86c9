"""Which files are used: of some kinds it is understood what they say, and nothing is done with it yet.

They are refused rather than accepted: a receipt that says "accepted" promises that the file counts.
"""

from __future__ import annotations

from typing import NoReturn

from shared.errors import ExportRefused
from shared.records import Finding
from shared.sources.exports import Configuration, MonthToDate, Said

#: Configuration that nothing asks for yet.
UNUSED = frozenset({"seat_prices", "canaries"})


def used(said: Said) -> MonthToDate | Configuration:
    """What the file says, if it is of a kind that counts. Raises ExportRefused."""
    if isinstance(said, MonthToDate):
        return said
    if isinstance(said, Configuration) and said.kind not in UNUSED:
        return said
    return _refuse(said)


def _refuse(said: Said) -> NoReturn:
    raise ExportRefused(
        [
            Finding(
                "format-error",
                "files of this kind are understood, but not yet used",
                found=said.kind,
                expected="a team export, a roster, aliases, keys or holidays",
                action="keep the file, and drop it again when its kind is used",
            )
        ]
    )
