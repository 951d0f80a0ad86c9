"""What is asked of a file besides its content."""

from __future__ import annotations

import pytest

from shared.errors import ExportRefused
from shared.sources.exports import check_organization, check_size

OURS, THEIRS = "7c6f2f8e-2d4f-4b54-9f43-0a4a7f0f2d11", "0b2f9b1c-54a1-4a0e-8a39-6d8ad2ef6a10"


def test_a_file_may_be_as_large_as_is_allowed() -> None:
    """And no larger; the finding tells both sizes and what to do."""
    check_size(1024, 1024)
    with pytest.raises(ExportRefused) as refused:
        check_size(1025, 1024)
    (finding,) = refused.value.findings
    assert (finding.found, finding.expected) == ("1025 bytes", "at most 1024 bytes")
    assert finding.action


@pytest.mark.parametrize(("said", "expected"), [(OURS, OURS), (None, OURS), (OURS, None), (None, None)])
def test_a_name_that_says_nothing_proves_nothing(said: str | None, expected: str | None) -> None:
    """Neither does one where no organisation is expected."""
    check_organization(said, expected)


def test_another_organisations_file_is_refused() -> None:
    """Both ids are told."""
    with pytest.raises(ExportRefused) as refused:
        check_organization(THEIRS, OURS)
    (finding,) = refused.value.findings
    assert (finding.found, finding.expected) == (THEIRS, OURS)
