"""Who a person is: an e-mail address, in one spelling."""

from __future__ import annotations

import unicodedata


def normal_address(text: str) -> str:
    """The one spelling of an e-mail address: trimmed, NFKC, case-folded."""
    return unicodedata.normalize("NFKC", text).strip().casefold()
