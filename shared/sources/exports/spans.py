"""The days that a file is of, where its name says them: from one to another, both included.

A range in a name proves those days and no moment: its last day is no day of download, because the same
range may be exported at any later time. So the moment is known from elsewhere, at worst from the blob's
Last-Modified, and nothing is told of the days after the range, however late the moment is.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from shared.periods import ONE_DAY, midnight
from shared.sources.exports.cells import ColumnLaw, Value
from shared.sources.exports.findings import Findings
from shared.sources.exports.forms import Column, RangeKind
from shared.sources.exports.moments import DROP_IT, Arrival, Moment, moment_of
from shared.sources.exports.names import NameSays, read_name

__all__ = ["Span", "days_known", "moment_and_span"]


class Span(msgspec.Struct, frozen=True):
    """Whole UTC days, ``first`` and ``last`` both included."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        """The first instant of the first day."""
        return midnight(self.first)

    @property
    def end(self) -> datetime:
        """The first instant after the last day."""
        return midnight(self.last) + ONE_DAY

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


def moment_and_span(
    arrival: Arrival, kind: RangeKind, findings: Findings, *, begun: bool = False
) -> tuple[Moment | None, Span | None]:
    """When the vendor showed it, and of which days; None, and a finding, where either is in doubt.

    The last day must have begun by the moment; the file's own day may be told in part. Where it is
    enough that the range has ``begun``, the first day must.
    """
    before = findings.total
    said = read_name(arrival.name, findings)
    clear = findings.total == before
    moment = moment_of(arrival, said, findings)
    span = _span_of(said, kind, findings) if clear else None
    if moment and span and moment.last < midnight(span.first if begun else span.last):
        findings.add(
            "constraint-error",
            f"the range in the file's name {'begins' if begun else 'ends'} after the moment of the download "
            f"(it comes from: {moment.evidence})",
            found=f"{moment} for {span}",
            expected=f"a moment from {span.first if begun else span.last} on",
            action=f"{DROP_IT}; or export a range that has ended",
        )
    return moment, span


def _span_of(said: NameSays, kind: RangeKind, findings: Findings) -> Span | None:
    if said.span and said.span[0] <= said.span[1]:
        return Span(*said.span)
    findings.add(
        "constraint-error",
        "the range in the file's name ends before it begins"
        if said.span
        else "nothing says which days the file is of",
        found=str(Span(*said.span)) if said.span else None,
        expected="a name with the range that was exported, from its first day to its last",
        action=f"give it the name that the vendor gave it: {kind.file_name}",
    )
    return None


def days_known(column: Column, moment: Moment | None, span: Span | None, findings: Findings) -> ColumnLaw:
    """The law of a column of days that none lies outside the range, if there is one, or after the moment.

    Else the name or the moment is another file's.
    """

    def check(line: int, day: Value) -> None:
        if not isinstance(day, date):
            return
        if span and day not in span:
            note, expected = "the day lies outside the range in the file's name", f"a day from {span}"
            action = "give the file the name that the vendor gave it"
        elif moment and day > moment.last.date():
            note = f"the day lies after the moment of the download (it comes from: {moment.evidence})"
            expected, action = f"a day up to {moment.last.date()}", DROP_IT
        else:
            return
        findings.add(
            "constraint-error",
            note,
            line=line,
            column=column.label,
            found=day.isoformat(),
            expected=expected,
            action=action,
        )

    return check
