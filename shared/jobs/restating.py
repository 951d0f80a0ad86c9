"""What a closed period said before its days were told otherwise: kept beside its row and raw, and logged.

A file that comes late, or that is taken out, restates nothing: what files say together does not depend on the
order in which they came, and their receipts tell of each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from shared.adoption.restatement import is_restated
from shared.events import emit
from shared.records import Restated
from shared.store.period_rows import Past

if TYPE_CHECKING:
    from shared.app import App
    from shared.periods import Granularity
    from shared.store.period_rows import Inputs, Written

#: An event names so many periods, and a cause so many days; the others are counted.
PERIODS_NAMED = 20
DAYS_NAMED = 5

#: What periods said before, by granularity, row key and beginning: two may end at one moment.
History = Mapping[tuple[str, str, datetime], tuple[Restated, ...]]


#: What a row was built from: each day of a source, its version, and its state.
Days = Sequence[tuple[str, int, str]]


class TakenBack(NamedTuple):
    """A row that is to be written, and what the one said whose place it takes."""

    row: Written
    said: Restated


class _Kept(msgspec.Struct):
    """One restatement as it is kept raw; ``number``: how many of its period came before it."""

    granularity: str
    key: str
    start: datetime
    number: int
    said: Restated


def remember(
    app: App, granularity: Granularity, rows: Sequence[Written], history: History
) -> tuple[list[Written], list[TakenBack]]:
    """The rows with what their periods said before, and those of them that take something back now.

    That is kept raw before any row is written, because rows can be lost. ``history`` is what raw knows, for
    rows that were.
    """
    causes = {
        one.key: why
        for one in rows
        if one.over is not None and one.over.closed and (why := cause_of(one.over.inputs, one.inputs))
    }
    former = app.periods.find(granularity, causes)
    whole: list[Written] = []
    taken: list[TakenBack] = []
    kept: list[_Kept] = []
    for one in rows:
        start = one.row.period.start
        stored = one.over.past if one.over else None
        past = (
            stored.said
            if stored and stored.start == start
            else history.get((granularity, one.key, start), ())
        )
        before = former.get(one.key)
        if before is not None and is_restated(before, one.row):
            answer = before.answer
            said = Restated(app.clock.now().date(), causes[one.key], answer.verdict, answer.sentence)
            kept.append(_Kept(granularity, one.key, start, len(past), said))
            taken.append(TakenBack(one, said))
            past = (*past, said)
        whole.append(one._replace(past=Past(start, past) if past else None))
    if kept:
        app.raw.note_told(app.clock.now(), msgspec.to_builtins(kept))
    return whole, taken


def tell(granularity: Granularity, taken: Sequence[TakenBack]) -> None:
    """Say it, once the rows are there."""
    if taken:
        emit(
            "period.restated",
            granularity=granularity,
            count=len(taken),
            periods=[
                {"label": one.row.row.label, "from": one.said.verdict, "to": one.row.row.answer.verdict}
                for one in taken[:PERIODS_NAMED]
            ],
            causes=sorted({one.said.cause for one in taken})[:PERIODS_NAMED],
        )


def history_of(app: App) -> History:
    """What raw knows of every period. Of two that are the same one's in number the later holds, and whatever
    followed the earlier is none of its: that host died, or its period was made anew."""
    found: dict[tuple[str, str, datetime], tuple[Restated, ...]] = {}
    for document in app.raw.told():
        for one in msgspec.convert(document, list[_Kept]):
            place = (one.granularity, one.key, one.start)
            found[place] = (*found.get(place, ())[: one.number], one.said)
    return found


# --- why -----------------------------------------------------------------------------------------


def cause_of(before: Inputs, now: Inputs) -> str:
    """Which days a live source says otherwise of than it did; empty where something else changed."""
    return "; ".join(
        f"{source} says otherwise of {_in_words(days)}"
        for source in sorted(before.days.keys() & now.days.keys())
        if (days := _read_otherwise(before.days[source], now.days[source]))
    )


def _read_otherwise(before: Days, now: Days) -> list[str]:
    known = {day: version for day, version, _ in before}
    return [day for day, version, _ in now if known.get(day) and known[day] != version]


def _in_words(days: Sequence[str]) -> str:
    more = f" and {len(days) - DAYS_NAMED} days more" if len(days) > DAYS_NAMED else ""
    return ", ".join(days[:DAYS_NAMED]) + more
