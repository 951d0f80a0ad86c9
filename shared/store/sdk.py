"""What the SDK fails with over an answer that is none of storage's, but a proxy's or a damaged one."""

from __future__ import annotations

from traceback import walk_tb

from azure.core.exceptions import DeserializationError

#: What it says is unreadable, and what its own reading falls over: each may as well be a defect of ours.
UNREADABLE = (
    DeserializationError,
    AttributeError,
    IndexError,
    KeyError,
    TypeError,
    ValueError,
)

#: Whose reading it is: the SDK's, and what it reads XML, dates and bytes with. What it makes of an entity for
#: sending is no reading.
_READERS = ("azure.", "codecs", "encodings.", "isodate.", "json.", "msrest.", "xml.")
_WRITERS = "azure.data.tables._serialize"


def is_failed_reading(error: Exception) -> bool:
    """Whether the SDK failed over what it was answered, and not over what it was given, nor whoever called
    it."""
    if isinstance(error, DeserializationError):
        return True
    modules = [frame.f_globals.get("__name__", "") for frame, _ in walk_tb(error.__traceback__)]
    return modules[-1].startswith(_READERS) and not any(name.startswith(_WRITERS) for name in modules)
