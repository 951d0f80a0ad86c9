"""Who a person is: an e-mail address, in one spelling."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

_ADDRESS = re.compile(r"\S*@\S*")


def normal_address(text: str) -> str:
    """The one spelling of an e-mail address: trimmed, NFKC, case-folded."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def without_addresses(text: str) -> str:
    """The text with a word in the place of each address: the vendor calls the organisation of somebody who
    began alone after their address."""
    return _ADDRESS.sub("(address)", unicodedata.normalize("NFKC", text))


def holds_address(name: str) -> bool:
    """Whether a file's name may hold an address, in any spelling of its @."""
    return "@" in unicodedata.normalize("NFKC", unquote(name))
