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

#: Whose reading it is: the SDK's, and what it reads XML, dates, ids and bytes with.
_READERS = (
    "_strptime",
    "azure.",
    "base64",
    "codecs",
    "encodings.",
    "isodate.",
    "json.",
    "msrest.",
    "uuid",
    "xml.",
)

#: What makes a request of what was given to the SDK is no reading.
_WRITERS = (
    "azure.data.tables._serialize",
    "azure.data.tables._table_batch",
    "azure.storage.blob._blob_client_helpers",
    "azure.storage.blob._serialize",
    "azure.storage.blob._shared.request_handlers",
    "azure.storage.blob._shared.uploads",
)


def is_failed_reading(error: Exception) -> bool:
    """Whether the SDK failed over what it was answered, and not over what it was given, nor whoever called
    it."""
    if isinstance(error, DeserializationError):
        return True
    modules = [frame.f_globals.get("__name__", "") for frame, _ in walk_tb(error.__traceback__)]
    return modules[-1].startswith(_READERS) and not any(name.startswith(_WRITERS) for name in modules)
