"""What this program did not expect of itself: told by its kind and place, and kept to what met it.

Of a foreign exception the text is never told: it may hold an address or a key.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.errors import Defect, ScoreboardError, SourceError, StoreConflict, StoreUnavailable
from shared.events import emit

#: So many calls, the last ones, lead to the place: of this program, and then those of a library.
OURS, THEIRS = 6, 2

_HERE = str(Path(__file__).parents[1])


@contextmanager
def as_defects() -> Iterator[None]:
    """Raise whatever nobody expects as Defect. Storage that is away, or a row overtaken, is expected."""
    try:
        yield
    except (SourceError, StoreConflict, StoreUnavailable):
        raise
    except Exception as error:  # noqa: BLE001 - a defect of ours, which nothing else should pay for
        frames = traceback.extract_tb(error.__traceback__)
        ours = [at for at, frame in enumerate(frames, start=1) if frame.filename.startswith(_HERE)]
        theirs = frames[ours[-1] :] if ours else frames
        shown = [*(frames[at - 1] for at in ours[-OURS:]), *theirs[-THEIRS:]]
        where = tuple(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in shown)
        said = str(error) if isinstance(error, ScoreboardError) else type(error).__name__
        raise Defect(said, where) from None


def tell_defect(defect: Defect, *, source: str | None = None, step: str | None = None) -> None:
    """Say that this program failed over a source, or in a step of a refresh, and where."""
    emit(
        "refresh.defect",
        level=logging.ERROR,
        **({"source": source} if source else {}),
        **({"step": step} if step else {}),
        detail=str(defect),
        where=defect.where,
        action=defect.action,
    )
