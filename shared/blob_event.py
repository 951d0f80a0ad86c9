"""That a blob came: its name, and none of its content.

A door that takes azure-functions' own ``InputStream`` is handed the whole blob, through the host and the
worker, before its first line runs: a large file would end the instance. For a parameter of an *SDK type* the
host hands over a reference instead. Microsoft's own types make a storage client of it and import the SDKs
with every start; this one keeps the name, and ``shared.store`` reads what it needs.
"""

from __future__ import annotations

import json
from typing import Any

from azurefunctions.extensions.base import Datum, InConverter, SdkType

__all__ = ["BlobEvent"]


class BlobEvent(SdkType):  # type: ignore[misc]  # the extension has no types
    """``name`` is the blob's within its container."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def get_sdk_type(self) -> BlobEvent:
        """Itself: nothing is made of it."""
        return self


class _Converter(InConverter, binding="blob", trigger="blobTrigger"):  # type: ignore[misc, call-arg]
    """What the worker asks for a blob trigger's parameter of an SDK type."""

    @classmethod
    def check_input_type_annotation(cls, pytype: type) -> bool:
        return issubclass(pytype, BlobEvent)

    @classmethod
    def decode(cls, data: Datum, **_told: Any) -> BlobEvent:
        """Raises ValueError where the host hands over anything but a reference."""
        if data.type != "model_binding_data":
            raise ValueError(f"a blob trigger was given {data.type}, not a reference to its blob")
        return BlobEvent(json.loads(data.value.content)["BlobName"])
