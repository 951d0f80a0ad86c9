"""Whether a closed period is told otherwise than before.

A leader who was told "yes" in October can then see that the same week says "no" now, since when, and why.
"""

from __future__ import annotations

from collections.abc import Mapping

from shared.records import Figure, PeriodRow


def is_restated(before: PeriodRow, after: PeriodRow) -> bool:
    """Whether something of a closed period that stood as certain is another now: its verdict, how many were
    active, a figure.

    A range that has become narrower, or an unknown that has become known, takes nothing back.
    """
    if not before.closed or before.period != after.period:
        return False
    if before.answer.verdict not in ("unknown", after.answer.verdict):
        return True
    return _is_taken_back(before.figures, after.figures) or _is_taken_back(
        dict(before.active.items()), dict(after.active.items())
    )


def _is_taken_back(before: Mapping[str, Figure], after: Mapping[str, Figure]) -> bool:
    return any(
        figure.value is not None and name in after and figure.value != after[name].value
        for name, figure in before.items()
    )
