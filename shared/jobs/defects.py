"""What this program did not expect of itself: told by its kind and place, and kept to what met it.

Of a foreign exception the text is never told: it may hold an address or a key.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from shared.errors import Defect, SourceError, StoreConflict, StoreUnavailable
from shared.events import emit

#: So many calls, the last ones, lead to the place.
FRAMES = 8


@contextmanager
def as_defects() -> Iterator[None]:
    """Raise whatever nobody expects as Defect. Storage that is away, or a row overtaken, is expected."""
    try:
        yield
    except (SourceError, StoreConflict, StoreUnavailable):
        raise
    except Exception as error:  # noqa: BLE001 - a defect of ours, which nothing else should pay for
        frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
        where = tuple(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
        raise Defect(type(error).__name__, where) from None


def tell_defect(source: str, defect: Defect) -> None:
    """Say that this program failed over a source, and where."""
    emit(
        "source.defect",
        level=logging.ERROR,
        source=source,
        detail=str(defect),
        where=defect.where,
        action=defect.action,
    )
