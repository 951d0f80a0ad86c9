"""The names of columns: when two are the same, and which may be repeated in a report."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

__all__ = ["label_key", "sayable_labels"]

_LABELS_SAID = 20


def label_key(label: str) -> str:
    """What two labels have in common when they are the same: case, width and spaces do not count."""
    return " ".join(unicodedata.normalize("NFKC", label).casefold().split())


def sayable_labels(labels: Sequence[str]) -> str | None:
    """The labels for a report, or None where the line does not look like one of column names.

    A file without a header begins with a person: nothing of such a line is quoted.
    """
    named = [label for label in labels if label]
    if not all(re.fullmatch(r"[^\W\d_][\w ()/%-]{0,49}", label) for label in named):
        return None
    if any(label.casefold().startswith("claude_code_key_") for label in named):
        return None
    more = f" and {len(named) - _LABELS_SAID} more" if len(named) > _LABELS_SAID else ""
    return ", ".join(named[:_LABELS_SAID]) + more
