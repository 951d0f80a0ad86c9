"""What came of a job that an operator asked for."""

from __future__ import annotations

from typing import NamedTuple


class Outcome(NamedTuple):
    """``said`` in a sentence, for the audit. ``done`` is false where there was nothing to do."""

    done: bool
    said: str
