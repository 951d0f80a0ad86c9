"""The total row that some exports, and most spreadsheets, put beneath the people."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from shared.records import Number
from shared.sources.exports.actors import NOBODY, PersonColumn
from shared.sources.exports.findings import Findings

__all__ = ["total_row"]

_NAMES = frozenset({NOBODY.name, "total", "totals", "grand total", "sum"})

#: Money is rounded to the cent in each row, so that a total may miss their sum by half a cent a row.
_ROUNDING = Decimal("0.005")


def total_row(
    people: PersonColumn, measures: Sequence[Sequence[Number]], findings: Findings
) -> tuple[int, int] | None:
    """The place and the line of the total row; None where there is none.

    A total row has no address and no key, and is the sum of all others in every measure. Where two
    rows could be it, or one that is called a total does not add up, that is a finding: a row of
    somebody may have been lost.
    """
    if not people.has_mere_names:
        return None
    sums = [sum(values) for values in measures]
    called = [at for at in people.mere_names() if people.actors[at[0]].name.casefold() in _NAMES]
    counted = any(isinstance(of_all, int) and of_all for of_all in sums)
    adding_up = [
        at
        for at in people.mere_names()
        if len(people.actors) > 1 and _adds_up(at[0], measures, sums, rounded=counted or at in called)
    ]
    if not any(sums):  # where nobody did anything each row is the sum of the others
        adding_up = [at for at in adding_up if at in called]
    choice = [at for at in adding_up if at in called] or adding_up
    for place, line in called:
        if (place, line) not in choice:
            others = ", ".join(f"{of - at[place]:,}" for of, at in zip(sums, measures, strict=True))
            findings.add(
                "constraint-error",
                "the row names nobody"
                if people.actors[place] == NOBODY
                else "the total row is not the sum of the others",
                line=line,
                column=people.label,
                expected=f"somebody, or {others}, the sum of the other rows",
            )
    if len(choice) > 1:
        for _, line in choice:
            findings.add(
                "constraint-error",
                "more than one row could be the total row",
                line=line,
                column=people.label,
                expected="an e-mail address or an API key's name in the rows of people",
            )
    return choice[0] if len(choice) == 1 else None


def _adds_up(
    place: int, measures: Sequence[Sequence[Number]], sums: Sequence[Number], *, rounded: bool
) -> bool:
    """Whether the row is half of everything: exactly in counts, and in money but for the rounding.

    The rounding is granted only where a name or a count says total: a few cents prove nothing.
    """
    for values, of_all in zip(measures, sums, strict=True):
        allowed = _ROUNDING * len(values) if rounded and isinstance(of_all, Decimal) else Decimal(0)
        if abs(Decimal(of_all - 2 * values[place])) > allowed:
            return False
    return True
