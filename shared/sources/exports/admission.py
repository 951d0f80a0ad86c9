"""What is asked of a dropped file besides that it is sound: how large it may be, and whose it is."""

from __future__ import annotations

from shared.errors import ExportRefused
from shared.records import Finding

__all__ = ["MOST_PEOPLE", "check_organization", "check_size"]

#: Three times the largest team that this program is made for; many more could not be given ids within one
#: run. It holds for every kind of file that tells of people or keys.
MOST_PEOPLE = 30_000


def check_size(size: int, most: int) -> None:
    """Raises ExportRefused where the file is too large to be read; sizes in bytes."""
    if size > most:
        raise ExportRefused(
            [
                Finding(
                    "source-error",
                    "the file is too large to be an export",
                    found=f"{size} bytes",
                    expected=f"at most {most} bytes",
                    action="export again and drop the file as it came, or raise EXPORT_MAX_BYTES",
                )
            ]
        )


def check_organization(said: str | None, expected: str | None) -> None:
    """Raises ExportRefused where a file's name says that it is of another organisation than the expected
    one. A name that says nothing, or where none is expected, proves nothing."""
    if expected and said and said != expected:
        raise ExportRefused(
            [
                Finding(
                    "constraint-error",
                    "the file's name says that it is another organisation's export",
                    found=said,
                    expected=expected,
                    action="export from the expected organisation, or correct EXPECTED_ORGANIZATIONS",
                )
            ]
        )
